"""What every form of the screen 组织 does after it has saved: say it once, show everything anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from gis.ui import session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

SAID = "orgs_said"


def done(sentence: str) -> NoReturn:
    """Remember the sentence for the next run and start it."""
    session.remember(SAID, sentence)
    st.rerun()


def day(one: date | None) -> str:
    """Write a day; nothing for none."""
    return one.isoformat() if one else ""


def without_empty(rows: list[Mapping[str, str | int | None]]) -> list[dict[str, str | int | None]]:
    """Leave out the columns in which nothing stands."""
    if not rows:
        return []
    empty = {name for name in rows[0] if all(row[name] in (None, "") for row in rows)}
    return [{name: cell for name, cell in row.items() if name not in empty} for row in rows]
