"""The day in the office: the database holds times as naive UTC, the office dates what it does by Beijing's day.

China has one time and no summer time, so that no list of time zones is needed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

BEIJING = timedelta(hours=8)


def local_day(at: datetime) -> date:
    """Return the day in the office at a time of the store's clock."""
    return (at + BEIJING).date()
