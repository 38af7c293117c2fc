"""Which round is open, and which part and team of it: in the address, so that links and reloads work."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from gis.model.ids import RoundId

if TYPE_CHECKING:
    from collections.abc import Container

ROUND, PART, TEAM = "round", "part", "team"
LONGEST_ID = 17  # digits that fit an id
LONGEST_TEAM = 3


def opened() -> RoundId | None:
    """Return the round that the address names."""
    number = _number(ROUND, LONGEST_ID)
    return None if number is None else RoundId(number)


def open_one(round_id: int) -> None:
    """Go to one round; the page that runs next shows it."""
    st.query_params.from_dict({ROUND: str(round_id)})


def leave() -> None:
    """Go back to the list."""
    st.query_params.clear()


def part(known: Container[str], default: str) -> str:
    """Return which part the address asks for."""
    asked = str(st.query_params.get(PART, ""))
    return asked if asked in known else default


def keep_part(code: str) -> None:
    """Put the part that is looked at into the address."""
    st.query_params[PART] = code


def team() -> int | None:
    """Return the team that the address names."""
    return _number(TEAM, LONGEST_TEAM)


def keep_team(number: int | None) -> None:
    """Put the team that is looked at into the address."""
    if number is None:
        st.query_params.pop(TEAM, None)
    else:
        st.query_params[TEAM] = str(number)


def origin() -> str:
    """Return scheme and host under which this page was opened, for QR codes; "" where nobody knows."""
    parts = urlsplit(str(st.context.url or ""))
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""


def _number(name: str, longest: int) -> int | None:
    word = str(st.query_params.get(name, ""))
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= longest else None
