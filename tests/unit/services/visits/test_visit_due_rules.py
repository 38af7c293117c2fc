"""Why somebody is due: each sentence with the days and figures that it was worked out from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gis.model.enums import MobilityLevel
from gis.model.ids import GroupId, MemberId, OrgId, SessionId
from gis.model.modes import StudyMode
from gis.model.people import Member, Transition
from gis.model.settings import OfficeSettings
from gis.model.visits import DueKind, LastVisit, VisitPurpose, VisitResult
from gis.services.visits.due_rules import DueTime, GroupDay, MemberFacts, SurveyDue, day_text, reasons_of

TODAY = date(2026, 9, 13)
WHEN = DueTime(TODAY, TODAY + timedelta(days=2), OfficeSettings())
PERSON = Member(MemberId(1), "禾一", OrgId(1), birth_ym="1966-01", transition=Transition())
SEEN = MemberFacts(PERSON, last_contact=TODAY - timedelta(days=5), last_attended=TODAY - timedelta(days=5))


def texts(facts: MemberFacts, when: DueTime = WHEN) -> list[str]:
    return [one.text for one in reasons_of(facts, when)]


def kinds(facts: MemberFacts, when: DueTime = WHEN) -> list[DueKind]:
    return [one.kind for one in reasons_of(facts, when)]


def test_who_was_seen_the_other_day_is_not_due():
    assert kinds(SEEN) == []


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (date(2026, 8, 3), "入户送学：上次 8 月 3 日，已过 41 天（至少 30 天一次）"),
        (date(2026, 8, 16), "入户送学：上次 8 月 16 日，到 9 月 15 日满 30 天（至少 30 天一次）"),
        (date(2026, 8, 17), ""),
    ],
)
def test_home_study_counts_from_the_last_visit_to_the_last_day_of_the_round(last: date, said: str):
    facts = replace(
        SEEN, mode=StudyMode.DELIVER_STUDY_HOME, asked_on=last, met_for={VisitPurpose.STUDY: last}, last_contact=TODAY
    )
    assert texts(facts) == ([said] if said else [])
    assert [one.due_on for one in reasons_of(facts, WHEN)] == ([last + timedelta(days=30)] if said else [])


def test_home_study_that_was_declined_is_asked_again_a_month_later():
    last = date(2026, 8, 3)
    facts = replace(SEEN, mode=StudyMode.DELIVER_STUDY_HOME, asked_on=last)
    assert texts(facts) == ["入户送学：上次 8 月 3 日（本人谢绝），已过 41 天（至少 30 天一次）"]


def test_home_study_that_never_was_counts_from_the_decision():
    facts = replace(SEEN, mode=StudyMode.DELIVER_STUDY_HOME, mode_since=date(2025, 12, 1))
    (one,) = reasons_of(facts, WHEN)
    assert one.text == "入户送学：2025 年 12 月 1 日定为入户送学，还没有上门送学记录（至少 30 天一次）"
    assert one.due_on == date(2025, 12, 1)


def test_online_members_are_seen_each_quarter_at_a_visit_or_a_meeting():
    online = replace(SEEN, mode=StudyMode.ONLINE_STUDY)
    assert texts(replace(online, last_seen=date(2026, 6, 1))) == [
        "网络共学：上次见面 6 月 1 日，已过 104 天（至少 90 天见一次面）"
    ]
    assert kinds(replace(online, last_seen=date(2026, 6, 1), met_for={VisitPurpose.SURVEY: date(2026, 9, 1)})) == []
    assert texts(online) == ["网络共学：还没有见面记录（至少 90 天见一次面）"]


def test_overdue_contact_is_that_of_the_boards():
    assert texts(replace(SEEN, last_contact=None)) == ["超期未联系：还没有联系记录（应 30 天内联系一次）"]
    late = replace(SEEN, last_contact=TODAY - timedelta(days=31))
    assert texts(late) == ["超期未联系：上次 8 月 13 日，已过 31 天（应 30 天内联系一次）"]
    assert kinds(replace(late, mode=StudyMode.ATTEND_HOME_BRANCH)) == []


def test_a_promise_stands_until_it_is_kept():
    made, agreed = date(2026, 8, 20), date(2026, 9, 10)
    facts = replace(SEEN, promise=(made, agreed), last_contact=made)
    assert texts(facts) == ["已约好：8 月 20 日约定 9 月 10 日再联系，已过 3 天"]
    assert kinds(replace(facts, promise=(made, TODAY + timedelta(days=3)))) == []
    assert kinds(replace(facts, last_contact=agreed)) == []
    assert kinds(replace(facts, met_for={VisitPurpose.STUDY: date(2026, 9, 1)})) == []
    assert kinds(replace(facts, last_contact=date(2026, 9, 1))) == [DueKind.PROMISED]  # a call before the day is none


@pytest.mark.parametrize("result", [VisitResult.NOT_HOME, VisitResult.IN_HOSPITAL])
def test_who_was_away_is_looked_for_again_and_the_reason_does_not_say_where(result: VisitResult):
    facts = replace(SEEN, last_visit=LastVisit(date(2026, 9, 1), result, ("禾走访",)))
    assert texts(facts) == ["上次没见到：9 月 1 日上门没有见到本人"]
    assert kinds(replace(facts, last_seen=date(2026, 9, 2))) == []


@pytest.mark.parametrize(
    "result", [VisitResult.MET, VisitResult.PHONED, VisitResult.DECLINED, VisitResult.MOVED], ids=str
)
def test_who_was_spoken_with_or_moved_is_not_missed(result: VisitResult):
    assert kinds(replace(SEEN, last_visit=LastVisit(date(2026, 9, 1), result, ()))) == []


def test_surveys_say_by_when():
    facts = replace(SEEN, surveys=(SurveyDue("秋季摸排", date(2026, 9, 30)), SurveyDue("旧", TODAY, was_not_home=True)))
    assert texts(facts) == [
        "摸排未完成：“秋季摸排”还没有走访，应在 9 月 30 日前完成",
        "摸排未完成：“旧”上次不在，应在 9 月 13 日前完成",
    ]


def test_the_aged_are_called_on_each_quarter_with_their_age():
    aged = replace(SEEN, member=replace(PERSON, birth_ym="1944-05"))
    assert texts(aged) == ["高龄慰问：82 岁，还没有慰问记录（至少 90 天一次）"]
    assert kinds(replace(aged, met_for={VisitPurpose.CONDOLENCE: date(2026, 8, 1)})) == []
    assert kinds(replace(aged, met_for={VisitPurpose.STUDY: date(2026, 8, 1)})) == [DueKind.AGED]
    assert kinds(replace(SEEN, member=replace(PERSON, birth_ym=""))) == []


def test_study_is_offered_at_home_to_who_is_hard_to_move_and_has_not_come():
    frail = replace(SEEN, member=replace(PERSON, mobility_level=MobilityLevel.NEEDS_HELP))
    assert kinds(frail) == []
    away = replace(frail, last_attended=date(2026, 5, 1))
    assert texts(away) == ["年长或出行不便：上次参加学习 5 月 1 日，已过 135 天，可送学上门"]
    assert kinds(replace(away, mode=StudyMode.DELIVER_STUDY_HOME, asked_on=TODAY)) == []
    assert texts(replace(frail, last_attended=None)) == ["年长或出行不便：还没有参加学习的记录，可送学上门"]


def test_the_group_meets_at_a_session_or_on_the_fixed_day():
    at = datetime(2026, 9, 15, 14, 0)  # noqa: DTZ001  # local
    session = GroupDay(GroupId(3), SessionId(8), at, "东风小组", "读报")
    assert texts(replace(SEEN, group_day=session)) == ["小组学习：9 月 15 日 14:00，东风小组，读报"]
    fixed = replace(session, session_id=None, theme="")
    assert texts(replace(SEEN, group_day=fixed)) == [
        "小组学习：9 月 15 日 14:00，东风小组，固定学习日（还没有登记组织生活）"
    ]


def test_days_name_the_year_only_where_it_is_another():
    assert day_text(date(2026, 1, 2), TODAY) == "1 月 2 日"
    assert day_text(date(2025, 12, 31), TODAY) == "2025 年 12 月 31 日"
    assert day_text(None, TODAY) == ""
