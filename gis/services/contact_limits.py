"""How long a member in transition may stay without contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.modes import StudyMode

if TYPE_CHECKING:
    from datetime import date

    from gis.model.settings import OfficeSettings


def contact_limit_days(mode: StudyMode | None, options: OfficeSettings) -> int:
    """Return after how many days without contact a member is overdue; who attends the old branch is seen there."""
    attends = mode is StudyMode.ATTEND_HOME_BRANCH
    return options.contact_interval_attending_days if attends else options.contact_interval_days


def is_overdue(last: date | None, mode: StudyMode | None, options: OfficeSettings, today: date) -> bool:
    """Whether a member was last seen or reached too long ago, or never."""
    return last is None or (today - last).days > contact_limit_days(mode, options)
