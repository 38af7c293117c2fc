"""The holiday table of the office and working days: make-up days are announced once a year (domain.md 3.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError, NotFoundError
from gis.model.access import Action
from gis.model.meetings import Holiday, HolidayShift
from gis.services.access import require
from gis.services.holiday_file import read_holidays

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from gis.model.access import Actor
    from gis.store.database import Store

ONE_DAY = timedelta(days=1)
SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_WAIT = 60  # days; no break is longer, so a shift that runs beyond means a wrong table


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What an edit of the table did."""

    new: int = 0
    changed: int = 0
    removed: int = 0


def is_working_day(day: date, holidays: Mapping[date, bool] | Iterable[Holiday]) -> bool:
    """Say whether an office works: the table first, else Monday to Friday."""
    return _works(day, _table(holidays))


def working_days_after(day: date, n: int, holidays: Mapping[date, bool] | Iterable[Holiday] = ()) -> date:
    """Return the n-th working day after `day`, which itself does not count.

    Parameters
    ----------
    day
        Where counting starts.
    n
        How many working days, 0 or more.
    holidays
        The table: `Holiday` rows, or a mapping day → whether it is worked. Days not in it: Monday to Friday.
    """
    table, found = _table(holidays), day
    for _ in range(n):
        found += ONE_DAY
        while not _works(found, table):
            found += ONE_DAY
    return found


def shifted(day: date, policy: HolidayShift, holidays: Mapping[date, bool] | Iterable[Holiday] = ()) -> date:
    """Return the day that a fixed day is held on when it falls on a holiday."""
    table = _table(holidays)
    step = {HolidayShift.KEEP: 0, HolidayShift.NEXT: 1, HolidayShift.PREVIOUS: -1}[policy]
    if step == 0:
        return day
    return next((moved for k in range(LONGEST_WAIT) if _works(moved := day + step * k * ONE_DAY, table)), day)


def _table(holidays: Mapping[date, bool] | Iterable[Holiday]) -> Mapping[date, bool]:
    if isinstance(holidays, dict):
        return holidays
    return {one.day: one.is_workday for one in holidays if isinstance(one, Holiday)}


def _works(day: date, table: Mapping[date, bool]) -> bool:
    return table.get(day, day.weekday() < SATURDAY)


def list_holidays(actor: Actor, store: Store, year: int | None = None) -> tuple[Holiday, ...]:
    """List the table, of one year or all."""
    require(actor, Action.SIGN_IN)
    with store.reading(actor.scope) as reader:
        return tuple(one for one in reader.holidays() if year is None or one.day.year == year)


def save_holidays(actor: Actor, store: Store, days: Collection[Holiday]) -> CalendarChange:
    """Add days to the table, or replace what it says of them.

    Raises
    ------
    InputError
        A day is named twice with different meanings, or lies far outside any plan.
    """
    require(actor, Action.CHANGE_SETTINGS)
    faults = _faults(days)
    if faults:
        msg = "放假安排没有保存：" + "；".join(str(one) for one in faults[:3])
        raise InputError(msg, tuple(faults))
    with store.writing(actor, Action.CHANGE_SETTINGS) as writer:
        new, changed = writer.save_holidays(days)
        writer.say(f"维护放假安排：新增 {new} 天，更改 {changed} 天")
    return CalendarChange(new, changed)


def _faults(days: Collection[Holiday]) -> list[Fault]:
    faults, said = [], dict[date, bool]()
    for one in days:
        if not FIRST_YEAR <= one.day.year <= LAST_YEAR:
            faults.append(Fault(f"{one.day.isoformat()} 不在 {FIRST_YEAR}–{LAST_YEAR} 年之间"))
        if said.setdefault(one.day, one.is_workday) is not one.is_workday:
            faults.append(Fault(f"{one.day.isoformat()} 既写了放假又写了上班，请留一个"))
    return faults


def remove_holidays(actor: Actor, store: Store, days: Collection[date]) -> CalendarChange:
    """Take days out of the table.

    Raises
    ------
    NotFoundError
        None of them is in it.
    """
    require(actor, Action.CHANGE_SETTINGS)
    with store.writing(actor, Action.CHANGE_SETTINGS) as writer:
        removed = writer.remove_holidays(days)
        if not removed:
            msg = "放假安排里没有这几天，请先用 calendar list 查看"
            raise NotFoundError(msg)
        writer.say(f"维护放假安排：删去 {removed} 天")
    return CalendarChange(removed=removed)


def import_holidays(actor: Actor, store: Store, content: bytes, name: str) -> CalendarChange:
    """Read a CSV with the columns 日期, 安排 (放假 or 上班) and 名称 into the table; all rows or none.

    Raises
    ------
    InputError
        The file has rows that cannot be read; every one is named.
    """
    require(actor, Action.CHANGE_SETTINGS)
    return save_holidays(actor, store, read_holidays(content, name))


def years_without_table(days: Iterable[date], holidays: Iterable[Holiday]) -> tuple[int, ...]:
    """Say for which of the days' years nothing is in the table: weekends are all that is known of them."""
    known = {one.day.year for one in holidays}
    return tuple(sorted({day.year for day in days} - known))
