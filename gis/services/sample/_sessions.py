"""A year of organisational life of the made-up street: most branches hold what they should, some are behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from gis.model.dual import has_votes, side_of
from gis.model.enums import CommunityKind, MemberStatus
from gis.model.meetings import (
    AffairType,
    Attendance,
    AttendanceState,
    HolidayShift,
    Session,
    SessionFormat,
    SessionKind,
)
from gis.services.calendar import shifted
from gis.services.holiday_file import read_holidays
from gis.services.invitations import Occasion, invited
from gis.services.sample._chance import stream, weighted
from gis.services.sample._holidays import HOLIDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random

    from gis.model.ids import MemberId, OrgId, SessionId, VenueId
    from gis.services.sample._cards import Saved
    from gis.services.sample._people import Person
    from gis.store.writer import Writer

YEAR = 12
MANY = 3000  # members from which only the very last months have lists: a made-up street is made in seconds
LIST_MONTHS, LAST_MONTHS = 6, 3
BEHIND_SHARE, FAR_BEHIND_SHARE, SLOPPY_SHARE = 0.2, 0.08, 0.12
COMES, COMES_IN_TRANSITION = 0.9, 0.66
QUARTER = 3
WINTER = 1  # the month of the yearly meetings
THEMES = (
    "学习党章和党内法规",
    "安置房建设进度通报与讨论",
    "邻里互助和困难党员走访安排",
    "消防与用电安全进小区",
    "过渡期党员就近学习安排",
    "集体经济收支情况通报",
    "小区环境整治志愿服务",
    "读书分享：基层治理案例",
)
RECORD = "按计划进行。学习讨论后，大家提出的事项已逐条登记，由责任人跟进，下次通报办理情况。"


@dataclass(frozen=True, slots=True)
class _Kind:
    """How often a kind is held: in which months, on which day, in which form."""

    kind: SessionKind
    affair: AffairType
    form: SessionFormat
    day: int
    every: int
    offset: int = 0


KINDS = (
    _Kind(SessionKind.THEME_DAY, AffairType.DAILY_STUDY, SessionFormat.DISCUSSION, 5, 1),
    _Kind(SessionKind.COMMITTEE_MEETING, AffairType.DAILY_STUDY, SessionFormat.MEETING, 10, 1),
    _Kind(SessionKind.BRANCH_ASSEMBLY, AffairType.VILLAGE_MAJOR_DECISION, SessionFormat.MEETING, 16, QUARTER),
    _Kind(SessionKind.PARTY_LECTURE, AffairType.DAILY_STUDY, SessionFormat.LECTURE, 22, QUARTER, 1),
    _Kind(SessionKind.ORG_LIFE_MEETING, AffairType.DAILY_STUDY, SessionFormat.DISCUSSION, 12, YEAR, WINTER),
    _Kind(SessionKind.DEMOCRATIC_REVIEW, AffairType.DAILY_STUDY, SessionFormat.MEETING, 19, YEAR, WINTER),
    _Kind(SessionKind.HEART_TALK, AffairType.DAILY_STUDY, SessionFormat.DISCUSSION, 26, YEAR, WINTER + 1),
)


def hold_sessions(writer: Writer, saved: Saved) -> None:
    """Fill the register up to today and a month ahead, with who came; the holiday table too."""
    holidays = read_holidays(HOLIDAYS.encode(), "放假安排")
    writer.save_holidays(holidays)
    table = {one.day: one.is_workday for one in holidays}
    venues = {one.org_id: one.id for one in writer.venues()}
    year = _Year(stream(saved.seed, "sessions"), writer.today, table, _rooms(saved, venues))
    people: dict[int, list[tuple[MemberId, Person]]] = {}
    for number, person in zip(saved.member_ids, saved.people, strict=True):
        people.setdefault(person.branch, []).append((number, person))
    with_lists = LIST_MONTHS if len(saved.people) <= MANY else LAST_MONTHS
    for place in sorted(people):
        _of_branch(writer, year, saved.org_ids[place], people[place], with_lists)
    _study_days(writer, year, saved)


@dataclass(frozen=True, slots=True)
class _Year:
    """Chance, today, the holidays, and where each organisation meets."""

    chance: Random
    today: date
    table: dict[date, bool]
    rooms: Mapping[OrgId, VenueId | None]

    def day(self, months_ago: int, wanted: int) -> date:
        """Return the working day at or after a day of a month so many months ago."""
        year, month = divmod(self.today.year * YEAR + self.today.month - 1 - months_ago, YEAR)
        return shifted(date(year, month + 1, wanted), HolidayShift.NEXT, self.table)


def _rooms(saved: Saved, venues: Mapping[OrgId | None, VenueId | None]) -> dict[OrgId, VenueId | None]:
    """Return each organisation's own venue, else that of the one above it."""
    found: dict[OrgId, VenueId | None] = {}
    for org, org_id in zip(saved.orgs, saved.org_ids, strict=True):
        above = None if org.parent is None else saved.org_ids[org.parent]
        found[org_id] = venues.get(org_id) or (venues.get(above) if above is not None else None)
    return found


def _of_branch(
    writer: Writer, year: _Year, org_id: OrgId, people: Sequence[tuple[MemberId, Person]], with_lists: int
) -> None:
    chance = year.chance
    behind = weighted(
        chance, ((0, 1 - BEHIND_SHARE - FAR_BEHIND_SHARE), (2, BEHIND_SHARE), (LAST_MONTHS + 1, FAR_BEHIND_SHARE))
    )
    planned = [one for one in _planned(year, org_id, behind) if one.day <= year.today or one.held_on is None]
    ids = writer.add_sessions(planned)
    since = year.day(with_lists, 1)
    rows: list[Attendance] = []
    for session_id, one in zip(ids, planned, strict=True):
        if one.kind is SessionKind.HEART_TALK or one.day < since:
            continue
        is_committee = one.kind is SessionKind.COMMITTEE_MEETING
        asked = [pair for pair in people if not is_committee or "书记" in pair[1].post or "委员" in pair[1].post]
        rows += _attendance(chance, session_id, one, asked)
    writer.add_attendance(rows)


def _planned(year: _Year, org_id: OrgId, behind: int) -> Iterator[Session]:
    chance = year.chance
    for kind in KINDS:
        for months_ago in range(YEAR, -2, -1):
            day = year.day(months_ago, kind.day)
            if (day.month - kind.offset) % kind.every or (0 <= months_ago < behind):
                continue
            is_held = day < year.today
            if not is_held and kind.kind is SessionKind.HEART_TALK:
                continue
            is_sloppy = chance.random() < SLOPPY_SHARE
            theme = chance.choice(THEMES)
            yield Session(
                id=None,
                org_id=org_id,
                kind=kind.kind,
                affair=kind.affair,
                planned_at=datetime.combine(day, time(9 if kind.every > 1 else 14)),
                theme=theme if kind.every < YEAR else f"{day.year} 年度{kind.kind.label}",
                plan="" if is_sloppy else "会前三天通知，会上学习讨论，会后跟进",
                format=kind.form,
                venue_id=year.rooms.get(org_id),
                responsible=chance.choice(("支部书记", "组织委员", "宣传委员")),
                held_on=day if is_held else None,
                record=RECORD if is_held and not (is_sloppy and chance.random() < 1 / 2) else "",
            )


def _attendance(
    chance: Random, session_id: SessionId, one: Session, people: Sequence[tuple[MemberId, Person]]
) -> Iterator[Attendance]:
    side, _ = side_of(one.kind, one.affair)
    votes = has_votes(one.kind, one.affair)
    for number, person in people:
        state = _state(chance, is_in_transition=person.move is not None) if one.held_on else AttendanceState.INVITED
        has_vote = votes and person.status is MemberStatus.FULL
        yield Attendance(session_id, number, state, has_vote, side)


def _state(chance: Random, *, is_in_transition: bool) -> AttendanceState:
    if chance.random() < (COMES_IN_TRANSITION if is_in_transition else COMES):
        return AttendanceState.ATTENDED
    return weighted(
        chance,
        ((AttendanceState.EXCUSED, 0.5), (AttendanceState.SERVED_LATER, 0.3), (AttendanceState.ABSENT, 0.2)),
    )


def _study_days(writer: Writer, year: _Year, saved: Saved) -> None:
    """Plan this and the next study day of the communities to which members have moved: their branches pass it on."""
    places = [place for place, org in enumerate(saved.orgs) if org.community_kind is CommunityKind.RESETTLEMENT]
    home = dict(zip(saved.member_ids, saved.people, strict=True))
    affair = AffairType.DAILY_STUDY
    side, _ = side_of(SessionKind.STUDY_DAY, affair)
    for place in places:
        org_id = saved.org_ids[place]
        asked = invited(writer, Occasion(org_id, SessionKind.STUDY_DAY, affair))
        for months_ago in (0, -1):
            day = year.day(months_ago, 5)
            is_held = day < year.today
            wanted = Session(
                id=None,
                org_id=org_id,
                kind=SessionKind.STUDY_DAY,
                affair=affair,
                planned_at=datetime.combine(day, time(14)),
                theme=f"{day.year} 年 {day.month} 月党员学习日",
                plan="每月固定日",
                format=SessionFormat.READING,
                venue_id=year.rooms.get(org_id),
                responsible="组织委员",
                held_on=day if is_held else None,
                record=RECORD if is_held else "",
            )
            (session_id,) = writer.add_sessions([wanted])
            invitations = (
                Attendance(
                    session_id,
                    number,
                    _state(year.chance, is_in_transition=home[number].move is not None)
                    if is_held
                    else AttendanceState.INVITED,
                    vote,
                    side,
                )
                for number, vote in asked.items()
            )
            writer.add_attendance(list(invitations))
