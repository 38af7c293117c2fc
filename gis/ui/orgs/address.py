"""Which part of the screen 组织 is open and which organisation is chosen: in the address, so that links work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.ids import OrgId

if TYPE_CHECKING:
    from collections.abc import Container

PART, ORG = "part", "org"
LONGEST_ID = 17  # digits that fit an id


def chosen_org() -> OrgId | None:
    """Return the organisation that the address names."""
    word = str(st.query_params.get(ORG, ""))
    return OrgId(int(word)) if word.isascii() and word.isdecimal() and len(word) <= LONGEST_ID else None


def choose_org(org_id: int) -> None:
    """Go to one organisation."""
    st.query_params[ORG] = str(org_id)


def part(known: Container[str], default: str) -> str:
    """Return the part that the address asks for."""
    asked = str(st.query_params.get(PART, ""))
    return asked if asked in known else default


def keep_part(code: str) -> None:
    """Put the part that is looked at into the address."""
    st.query_params[PART] = code
