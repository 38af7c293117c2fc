"""Months, quarters and years of the calendar: when something was due, and since when it has been missing."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

MONTHS_OF_YEAR = 12


def add_months(day: date, months: int) -> date:
    """Return the same day of a later (or, below 0, earlier) month; the last of a shorter one."""
    number = day.year * MONTHS_OF_YEAR + day.month - 1 + months
    year, month = divmod(number, MONTHS_OF_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year: its first day, and what people call it."""

    start: date
    months: int

    @property
    def label(self) -> str:
        """`2026 年 3 月`, `2026 年第 1 季度`, `2026 年`."""
        if self.months == 1:
            return f"{self.start.year} 年 {self.start.month} 月"
        if self.months == MONTHS_OF_YEAR:
            return f"{self.start.year} 年"
        return f"{self.start.year} 年第 {(self.start.month - 1) // self.months + 1} 季度"


def last_complete(today: date, months: int) -> Period:
    """Return the last period of so many months (1, 3 or 12) that lies wholly before `today`'s own."""
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    return Period(add_months(first, -months), months)
