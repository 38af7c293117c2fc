"""What the screens of the cards share: said messages, the meter, dates and values in words."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import InputError
from gis.model.contact import Clear
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.text import plain

if TYPE_CHECKING:
    from datetime import date

    from gis.model.enums import Labelled
    from gis.services.six_clear import Completeness

SAID = "cards_said"
UNKNOWN = "未登记"


def say(text: str) -> None:
    """Keep a message for the run that follows, and begin it."""
    session.remember(SAID, text)
    st.rerun()


def show_said() -> None:
    """Show what was said, once."""
    said = session.recall(SAID)
    if said:
        st.success(plain(said))
        session.forget(SAID)


def meter(row: Completeness) -> str:
    """Return the six with what is missing, as HTML in which nothing from data is markup."""
    lines = []
    for clear in Clear:
        missing = "；".join(row.missing.get(clear, ()))
        tag = '<span class="jj-tag jj-warn">待补</span>' if missing else '<span class="jj-tag jj-good">已清</span>'
        more = f"<small>{escape(missing)}</small>" if missing else ""
        lines.append(f"<li><b>{clear.label}</b>{tag}{more}</li>")
    return f'<ul class="jj-clear" aria-label="六个清 {row.n_clear}/{len(Clear)}">{"".join(lines)}</ul>'


def label(value: Labelled | None, unknown: str = UNKNOWN) -> str:
    """Return the label of a value that may be unknown."""
    return value.label if value else unknown


def iso(day: date | None, unknown: str = "") -> str:
    """Return a day as numbers."""
    return day.isoformat() if day else unknown


def day_or_none(text: str, name: str) -> date | None:
    """Read a day that may be left out.

    Raises
    ------
    InputError
        The text is no day of the calendar.
    """
    return read_day(text, name) if text.strip() else None


def day_of(text: str, name: str) -> date:
    """Read a day that must be there.

    Raises
    ------
    InputError
        The text is no day of the calendar, or empty.
    """
    found = day_or_none(text, name)
    if found is None:
        msg = f"请填{name}，例如 2026-03-05"
        raise InputError(msg)
    return found


def three(value: bool | None) -> int:  # noqa: FBT001  # the value is what is shown
    """Return the place of a fact in the list of choices unknown, yes, no."""
    return 0 if value is None else 1 if value else 2


def of_three(place: int) -> bool | None:
    """Return the fact of a place."""
    return (None, True, False)[place]
