"""谁该走访, member by member: what is known of one member becomes reasons, each a sentence with days and figures.

Nothing is read here: the same facts give the same answer. What came of a visit to somebody in hospital is told as
nobody having been met, here as everywhere but in the result itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from gis.model.enums import MobilityLevel
from gis.model.modes import StudyMode
from gis.model.visits import DueKind, DueReason, VisitPurpose, VisitResult
from gis.services.contact_limits import contact_limit_days, is_overdue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from gis.model.ids import GroupId, SessionId
    from gis.model.people import Member
    from gis.model.settings import OfficeSettings
    from gis.model.visits import LastVisit

#: What somebody goes for who goes for this reason
PURPOSES: dict[DueKind, VisitPurpose] = {
    DueKind.HOME_STUDY: VisitPurpose.STUDY,
    DueKind.GROUP_SESSION: VisitPurpose.STUDY,
    DueKind.ONLINE_CONTACT: VisitPurpose.FOLLOW_UP,
    DueKind.OVERDUE: VisitPurpose.FOLLOW_UP,
    DueKind.PROMISED: VisitPurpose.FOLLOW_UP,
    DueKind.MISSED: VisitPurpose.FOLLOW_UP,
    DueKind.SURVEY: VisitPurpose.SURVEY,
    DueKind.AGED: VisitPurpose.CONDOLENCE,
    DueKind.FRAIL: VisitPurpose.STUDY,
    DueKind.BY_HAND: VisitPurpose.STUDY,
}
OPTIONAL = frozenset({DueKind.AGED, DueKind.FRAIL})
#: Nobody was met; who was away is told no more than that
MISSED = frozenset({VisitResult.NOT_HOME, VisitResult.IN_HOSPITAL})


@dataclass(frozen=True, slots=True)
class GroupDay:
    """When the study group of a member meets in the days of the round, local time; no session: its fixed study day."""

    group_id: GroupId
    session_id: SessionId | None
    at: datetime
    name: str
    theme: str = ""


@dataclass(frozen=True, slots=True)
class SurveyDue:
    """An open survey on which a member has not been found yet."""

    name: str
    due_on: date
    was_not_home: bool = False


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What is known of one member.

    `mode_since`: from when the mode holds; `last_visit` with any result, `met_for`: when last met for each purpose;
    `asked_on`: when last met, or declined, at home; `last_contact` as the boards count it; `last_seen` in person;
    `promise`: the day on which one was made, and the day agreed.
    """

    member: Member
    mode: StudyMode | None = None
    mode_since: date | None = None
    last_visit: LastVisit | None = None
    asked_on: date | None = None
    met_for: Mapping[VisitPurpose, date] = field(default_factory=dict)
    last_contact: date | None = None
    last_seen: date | None = None
    last_attended: date | None = None
    promise: tuple[date, date] | None = None
    surveys: tuple[SurveyDue, ...] = ()
    group_day: GroupDay | None = None
    window: tuple[int, int] | None = None

    @property
    def met_on(self) -> date | None:
        """When the member was last met at a visit."""
        return max(self.met_for.values(), default=None)


@dataclass(frozen=True, slots=True)
class DueTime:
    """As of which day, and the last day of the round."""

    today: date
    last_day: date
    options: OfficeSettings


def reasons_of(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    """Yield every reason for which a member is due, in the order of `DueKind`."""
    yield from _home_study(one, when)
    yield from _group_session(one, when)
    yield from _online(one, when)
    yield from _overdue(one, when)
    yield from _promised(one, when)
    yield from _missed(one, when)
    yield from _surveys(one, when)
    yield from _aged(one, when)
    yield from _frail(one, when)


def _home_study(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    if one.mode is not StudyMode.DELIVER_STUDY_HOME:
        return
    every = when.options.visit_home_days
    if one.asked_on is None:
        since = f"{day_text(one.mode_since, when.today)}定为入户送学，" if one.mode_since else ""
        text = f"入户送学：{since}还没有上门送学记录（至少 {every} 天一次）"
        yield DueReason(DueKind.HOME_STUDY, text, one.mode_since or when.today)
        return
    due_on = one.asked_on + timedelta(days=every)
    if due_on <= when.last_day:
        said = _since(one.asked_on, due_on, every, when)
        declined = "（本人谢绝）" if one.met_on is None or one.met_on < one.asked_on else ""
        text = f"入户送学：上次 {day_text(one.asked_on, when.today)}{declined}，{said}（至少 {every} 天一次）"
        yield DueReason(DueKind.HOME_STUDY, text, due_on)


def _group_session(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    meets = one.group_day
    if meets is None:
        return
    theme = f"，{meets.theme}" if meets.theme else ""
    planned = theme if meets.session_id is not None else "，固定学习日（还没有登记组织生活）"
    text = f"小组学习：{day_text(meets.at.date(), when.today)} {meets.at:%H:%M}，{meets.name}{planned}"
    yield DueReason(DueKind.GROUP_SESSION, text, meets.at.date())


def _online(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    if one.mode is not StudyMode.ONLINE_STUDY:
        return
    every = when.options.online_contact_days
    seen = _latest(one.last_seen, one.met_on)
    if seen is None:
        text = f"网络共学：还没有见面记录（至少 {every} 天见一次面）"
        yield DueReason(DueKind.ONLINE_CONTACT, text, one.mode_since or when.today)
        return
    due_on = seen + timedelta(days=every)
    if due_on <= when.last_day:
        said = _since(seen, due_on, every, when)
        text = f"网络共学：上次见面 {day_text(seen, when.today)}，{said}（至少 {every} 天见一次面）"
        yield DueReason(DueKind.ONLINE_CONTACT, text, due_on)


def _overdue(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    last = _latest(one.last_contact, one.met_on)
    limit = contact_limit_days(one.mode, when.options)
    if not is_overdue(last, one.mode, when.options, when.today):
        return
    if last is None:
        yield DueReason(DueKind.OVERDUE, f"超期未联系：还没有联系记录（应 {limit} 天内联系一次）", when.today)
        return
    days = (when.today - last).days
    text = f"超期未联系：上次 {day_text(last, when.today)}，已过 {days} 天（应 {limit} 天内联系一次）"
    yield DueReason(DueKind.OVERDUE, text, last + timedelta(days=limit))


def _promised(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    if one.promise is None:
        return
    made, agreed = one.promise
    met, contact = one.met_on, _latest(one.last_contact, one.last_seen)
    is_kept = (met is not None and met > made) or (contact is not None and contact >= agreed and contact > made)
    if is_kept or agreed > when.last_day:
        return
    late = (when.today - agreed).days
    said = f"，已过 {late} 天" if late > 0 else ""
    text = f"已约好：{day_text(made, when.today)}约定 {day_text(agreed, when.today)}再联系{said}"
    yield DueReason(DueKind.PROMISED, text, agreed)


def _missed(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    last = one.last_visit
    if last is None or last.result not in MISSED:
        return
    if one.last_seen is not None and one.last_seen > last.on_day:
        return
    yield DueReason(DueKind.MISSED, f"上次没见到：{day_text(last.on_day, when.today)}上门没有见到本人", last.on_day)


def _surveys(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    for survey in one.surveys:
        how = "上次不在" if survey.was_not_home else "还没有走访"
        text = f"摸排未完成：“{survey.name}”{how}，应在 {day_text(survey.due_on, when.today)}前完成"
        yield DueReason(DueKind.SURVEY, text, survey.due_on)


def _aged(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    age, every = one.member.age_on(when.today), when.options.visit_aged_days
    if age is None or age < when.options.aged_age:
        return
    last = one.met_for.get(VisitPurpose.CONDOLENCE)
    if last is None:
        yield DueReason(DueKind.AGED, f"高龄慰问：{age} 岁，还没有慰问记录（至少 {every} 天一次）")
        return
    due_on = last + timedelta(days=every)
    if due_on <= when.last_day:
        said = _since(last, due_on, every, when)
        text = f"高龄慰问：{age} 岁，上次慰问 {day_text(last, when.today)}，{said}（至少 {every} 天一次）"
        yield DueReason(DueKind.AGED, text, due_on)


def _frail(one: MemberFacts, when: DueTime) -> Iterator[DueReason]:
    """R13: to who is old or hard to move the study may be taken; no article of a rule is named."""
    age = one.member.age_on(when.today)
    needs = one.member.mobility_level in (MobilityLevel.NEEDS_HELP, MobilityLevel.CANNOT_LEAVE)
    is_old = age is not None and age >= when.options.aged_age
    if one.mode is StudyMode.DELIVER_STUDY_HOME or one.group_day is not None or not (needs or is_old):
        return
    every = when.options.contact_interval_attending_days
    last = _latest(one.last_attended, one.met_for.get(VisitPurpose.STUDY))
    if last is not None and (when.today - last).days <= every:
        return
    said = "还没有参加学习的记录"
    if last is not None:
        said = f"上次参加学习 {day_text(last, when.today)}，已过 {(when.today - last).days} 天"
    text = f"年长或出行不便：{said}，可送学上门"
    yield DueReason(DueKind.FRAIL, text, None if last is None else last + timedelta(days=every))


def _since(last: date, due_on: date, every: int, when: DueTime) -> str:
    """Say how long ago it was, or when the time will be up."""
    if due_on <= when.today:
        return f"已过 {(when.today - last).days} 天"
    return f"到 {day_text(due_on, when.today)}满 {every} 天"


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def day_text(day: date | None, today: date) -> str:
    """Say a day as people do, with the year only where it is another one: `8 月 3 日`."""
    if day is None:
        return ""
    year = "" if day.year == today.year else f"{day.year} 年 "
    return f"{year}{day.month} 月 {day.day} 日"
