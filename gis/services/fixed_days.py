"""固定学习日 and 服务日: the office's fixed days of a month, shifted from holidays, as planned sessions (A24, D06)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.dual import side_of
from gis.model.meetings import AffairType, HolidayShift, Session, SessionFormat, SessionKind
from gis.services.access import require, require_orgs
from gis.services.calendar import shifted, years_without_table
from gis.services.invitations import Occasion, attendance_of, invited
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.meetings import Holiday
    from gis.model.settings import OfficeSettings
    from gis.store.database import Store
    from gis.store.reader import Reader

#: Which session a fixed day is, what it is about, and its form
KINDS = {
    SessionKind.STUDY_DAY: (AffairType.DAILY_STUDY, SessionFormat.READING, "党员学习日"),
    SessionKind.SERVICE_DAY: (AffairType.COMMUNITY_ACTIVITY, SessionFormat.PRACTICE, "党员服务日"),
}
MONTHS = tuple(range(1, 13))


@dataclass(frozen=True, slots=True)
class FixedDaysRequest:
    """For which organisations, months and kinds; `responsible` goes into every plan."""

    org_ids: tuple[OrgId, ...]
    year: int
    months: tuple[int, ...] = MONTHS
    kinds: tuple[SessionKind, ...] = (SessionKind.STUDY_DAY,)
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class FixedDay:
    """One fixed day; `is_there`: the organisation has a session of this kind in this month already."""

    org_id: OrgId
    org: str
    kind: SessionKind
    nominal: date
    day: date
    planned_at: datetime
    is_there: bool

    @property
    def is_shifted(self) -> bool:
        """Whether a holiday moved it."""
        return self.day != self.nominal


@dataclass(frozen=True, slots=True)
class FixedDays:
    """All fixed days asked for; `years_unknown` have nothing in the holiday table yet."""

    days: tuple[FixedDay, ...]
    years_unknown: tuple[int, ...]

    @property
    def new(self) -> tuple[FixedDay, ...]:
        """Those that are not planned yet."""
        return tuple(one for one in self.days if not one.is_there)


def fixed_day(settings: OfficeSettings, kind: SessionKind, year: int, month: int) -> date:
    """Return the day of a month that the settings name; in a shorter month its last day."""
    wanted = settings.study_day if kind is SessionKind.STUDY_DAY else settings.service_day
    return date(year, month, min(wanted, monthrange(year, month)[1]))


def fixed_workday(settings: OfficeSettings, year: int, month: int, holidays: Iterable[Holiday]) -> date:
    """Return the study day of a month, shifted from holidays as the settings say."""
    return _shifted(fixed_day(settings, SessionKind.STUDY_DAY, year, month), settings, holidays)


def propose_fixed_days(actor: Actor, store: Store, request: FixedDaysRequest) -> FixedDays:
    """Work the days out; nothing is saved.

    Raises
    ------
    InputError
        A month or kind that does not exist.
    DeniedError
        An organisation lies outside the scope.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, request.org_ids)
        return _days(reader, request)


def plan_fixed_days(actor: Actor, store: Store, request: FixedDaysRequest) -> FixedDays:
    """Plan the fixed days that are not there yet, with their invitations, in one transaction; returns all of them.

    Raises
    ------
    InputError, DeniedError
        As in `propose_fixed_days`.
    """
    require(actor, Action.HOLD_SESSIONS)
    with store.writing(actor, Action.HOLD_SESSIONS) as writer:
        require_orgs(actor, writer, request.org_ids)
        found = _days(writer, request)
        asked = {one: invited(writer, Occasion(*one)) for one in {_occasion(day) for day in found.new}}
        for one in found.new:
            affair, form, _ = KINDS[one.kind]
            session_id = writer.save_session(_session(one, form, request.responsible))
            side, _reason = side_of(one.kind, affair)
            writer.invite(session_id, attendance_of(session_id, asked[_occasion(one)], side))
        writer.say(f"计划固定学习日、服务日 {len(found.new)} 次", planned=len(found.new))
    return found


def _occasion(one: FixedDay) -> tuple[OrgId, SessionKind, AffairType]:
    return one.org_id, one.kind, KINDS[one.kind][0]


def _session(one: FixedDay, form: SessionFormat, responsible: str) -> Session:
    affair, _, label = KINDS[one.kind]
    moved = f"，遇放假由 {one.nominal.month} 月 {one.nominal.day} 日调整" if one.is_shifted else ""
    return Session(
        id=None,
        org_id=one.org_id,
        kind=one.kind,
        affair=affair,
        planned_at=one.planned_at,
        theme=f"{one.day.year} 年 {one.nominal.month} 月{label}",
        plan=f"每月固定日{moved}",
        format=form,
        responsible=responsible.strip(),
    )


def _days(reader: Reader, request: FixedDaysRequest) -> FixedDays:
    _check(request)
    settings, holidays = office_settings(reader), reader.holidays()
    names = {org.id: org.name for org in reader.orgs()}
    there = {
        (one.org_id, one.kind, one.planned_at.year, one.planned_at.month) for one in reader.sessions(request.org_ids)
    }
    at = time(settings.session_hour)
    found = []
    for kind in request.kinds:
        for month in sorted(set(request.months)):
            nominal = fixed_day(settings, kind, request.year, month)
            day = _shifted(nominal, settings, holidays)
            for org_id in request.org_ids:
                is_there = (org_id, kind, request.year, month) in there or (org_id, kind, day.year, day.month) in there
                planned_at = datetime.combine(day, at)
                found.append(FixedDay(org_id, names[org_id], kind, nominal, day, planned_at, is_there))
    found.sort(key=lambda one: (one.day, one.org_id))
    return FixedDays(tuple(found), years_without_table((one.nominal for one in found), holidays))


def _shifted(nominal: date, settings: OfficeSettings, holidays: Iterable[Holiday]) -> date:
    """Return the working day; a shift never leaves the month, so that every month keeps its own."""
    policy = HolidayShift.from_label(str(settings.holiday_shift)) or HolidayShift.NEXT
    day = shifted(nominal, policy, holidays)
    if day.month == nominal.month:
        return day
    other = HolidayShift.PREVIOUS if policy is HolidayShift.NEXT else HolidayShift.NEXT
    back = shifted(nominal, other, holidays)
    return back if back.month == nominal.month else nominal


def _check(request: FixedDaysRequest) -> None:
    if not request.org_ids:
        msg = "请选组织"
        raise InputError(msg)
    wrong = [month for month in request.months if month not in MONTHS]
    if wrong:
        msg = f"没有 {wrong[0]} 月：月份请填 1 到 12"
        raise InputError(msg)
    if not 2000 <= request.year <= 2100:  # noqa: PLR2004  # years in words anyone reads
        msg = f"年份 {request.year} 请核对"
        raise InputError(msg)
    if any(kind not in KINDS for kind in request.kinds):
        msg = "固定日只有学习日和服务日"
        raise InputError(msg)
