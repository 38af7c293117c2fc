"""Words and days that the parts of the screen 组织生活 share."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from gis.model.meetings import SessionMode

if TYPE_CHECKING:
    from gis.services.session_views import SessionLine

WEEKDAYS = "一二三四五六日"
MONTHS = 12
SAID = "sessions_said"


def when(at: datetime) -> str:
    """Say a time as `2026-03-05 周四 14:00`."""
    return f"{at:%Y-%m-%d} 周{WEEKDAYS[at.weekday()]} {at:%H:%M}"


def first_day(today: date, months: int) -> date:
    """Return the first day of the month so many months away."""
    year, month = divmod(today.year * MONTHS + today.month - 1 + months, MONTHS)
    return date(year, month + 1, 1)


def where(line: SessionLine) -> str:
    """Say where a session is held."""
    mode = line.session.mode
    return line.place or ("待定" if mode is SessionMode.ONSITE else mode.label)
