"""Dates as people type them; Streamlit's own calendar speaks English only."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import InputError
from gis.ui import session

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")


def ask_day(label: str, given: date, key: str) -> Callable[[], date]:
    """Show the field; the function returned reads it, for the callback of a button."""
    st.text_input(label, value=given.isoformat(), key=key, width=180, placeholder="年-月-日")
    return lambda: read_day(str(session.recall(key) or ""), label)


def read_day(text: str, label: str) -> date:
    """Read `2026-3-5`, `2026/03/05` or `2026年3月5日`.

    Raises
    ------
    InputError
        The text is no day of the calendar.
    """
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else _refuse(text, label)
    except ValueError:
        return _refuse(text, label)


def _refuse(text: str, label: str) -> date:
    msg = f"{label}“{text}”：请填 年-月-日，例如 2026-03-05"
    raise InputError(msg)
