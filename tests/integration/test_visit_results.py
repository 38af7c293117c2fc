"""Results on both databases: kept once, corrected by who knew, in conflict by who did not; and what they leave."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.errors import DeniedError, InputError, NotFoundError
from gis.model.access import Action
from gis.model.contact import ContactChannel, SurveyResult
from gis.model.ids import TargetId
from gis.model.meetings import AffairType, AttendanceState, SessionKind
from gis.model.visits import ResultSource, ResultState, RoundState, VisitPurpose, VisitResult
from gis.services.adopting import PLAN_TOPICS
from gis.services.cards import open_card
from gis.services.sessions import SessionPlan, SessionRecord, plan_session, record_session
from gis.services.surveys import NewSurvey, Visit, create_survey, record_visit, survey_view
from gis.services.visits.effects import moved_to_register
from gis.services.visits.results import conflicts, record_results, settle_conflict
from gis.store import schema as s
from tests.integration.tiny_street import CLERK
from tests.integration.visit_street import FIRST, LAST, NOW, VisitStreet

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.visits import SaidResult
    from gis.services.visits.results import ResultOutcome
    from gis.store.database import Store

DESK, PHONE = ResultSource.DESK, ResultSource.PHONE
MET, NOT_HOME, MOVED = VisitResult.MET, VisitResult.NOT_HOME, VisitResult.MOVED
ACCEPTED, CONFLICT = ResultState.ACCEPTED, ResultState.CONFLICT
SURVEY = (VisitPurpose.STUDY, VisitPurpose.SURVEY)


@pytest.fixture
def street(store: Store) -> VisitStreet:
    return VisitStreet(store)


def take(street: VisitStreet, *said: SaidResult, actor: Actor = CLERK, sheet: str = "") -> tuple[ResultOutcome, ...]:
    return record_results(actor, street.store, said, DESK, sheet)


def count(store: Store, row_type: Any) -> int:
    with Session(store.engine) as session:
        return session.scalar(select(func.count()).select_from(row_type)) or 0


def contents(store: Store) -> dict[tuple[object, ...], tuple[object, ...]]:
    """Everything that effects may touch, without what is kept of the row itself."""
    found: dict[tuple[object, ...], tuple[object, ...]] = {}
    with Session(store.engine) as session:
        for row in session.scalars(select(s.ContactLogRow)):
            found["log", row.member_id, row.on_day.day] = (row.is_reached, row.note)
        for home in session.scalars(select(s.ResidenceRow)):
            found["home", home.id] = (home.verified_on, home.verified_by)
        for card in session.scalars(select(s.CardRow)):
            found["card", card.id] = (card.verified_on, card.verified_by)
        for target in session.scalars(select(s.SurveyTargetRow)):
            found["survey", target.id] = (target.result, target.done_on, target.done_by)
        for line in session.scalars(select(s.AttendanceRow)):
            found["attendance", line.id] = (line.state,)
    return found


def test_the_same_key_has_the_same_answer_and_one_effect(street: VisitStreet):
    said = street.said(0, MET)
    (first,) = take(street, said)
    assert (first.state, first.is_same, first.message) == (ACCEPTED, False, "已登记")
    audits = count(street.store, s.AuditRow)
    again, different = take(street, said, replace(said, result=NOT_HOME))
    assert (again.state, again.is_same, again.result_id) == (ACCEPTED, True, first.result_id)
    assert different == again  # a key is answered as it was, whatever comes with it
    assert count(street.store, s.ContactLogRow) == count(street.store, s.VisitResultRow) == 1
    assert count(street.store, s.AuditRow) == audits  # a retry writes nothing at all
    (other,) = take(street, replace(said, target_id=street.targets[1]))
    assert other.is_refused
    assert "编号已经用过" in other.message


def test_two_senders_of_one_key_at_the_same_time(street: VisitStreet):
    said = [street.said(place, MET) for place in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: take(street, *said), range(6)))
    assert {tuple(one.result_id for one in answer) for answer in answers} == {
        tuple(one.result_id for one in answers[0])
    }
    assert {one.state for answer in answers for one in answer} == {ACCEPTED}
    assert count(street.store, s.ContactLogRow) == count(street.store, s.VisitResultRow) == 4


def test_the_same_content_under_another_key_is_no_conflict(street: VisitStreet):
    take(street, street.said(0, MET, note="已读文件", next_on=date(2026, 12, 20)))
    same, less, more, other = take(
        street,
        street.said(0, MET, "b", note="已读文件", next_on=date(2026, 12, 20), based_on=0),
        street.said(0, MET, "c"),
        street.said(0, MET, "d", note="另一句"),
        street.said(0, NOT_HOME, "e"),
    )
    assert [(one.state, one.is_same) for one in (same, less)] == [(ACCEPTED, True)] * 2
    assert [(one.state, one.is_same) for one in (more, other)] == [(CONFLICT, False)] * 2
    assert "“见面”" in other.message
    assert take(street, street.said(0, MET, "c"))[0].result_id == same.result_id
    assert count(street.store, s.ContactLogRow) == 1


def test_who_knew_corrects_and_who_did_not_waits(street: VisitStreet):
    before = contents(street.store)
    (first,) = take(street, street.said(0, MET, "a"))
    (second,) = take(street, street.said(0, NOT_HOME, "b", based_on=first.result_id))
    assert (second.state, second.message) == (ACCEPTED, "已更正，原来是“见面”")
    (late,) = take(street, street.said(0, MOVED, "c", based_on=first.result_id))
    assert late.state is CONFLICT  # what it knew is not what stands
    after = contents(street.store)
    assert after.pop(("log", street.members[0], FIRST.day)) == (False, "")
    assert after == before
    assert take(street, street.said(0, MET, "a"))[0].state is ResultState.REPLACED


def test_effects_of_a_met_visit_and_nothing_of_them_after_the_correction(store: Store):
    street = VisitStreet(store, SURVEY)
    survey = create_survey(CLERK, store, NewSurvey("摸排", street.branch, LAST, FIRST - timedelta(days=9)))
    session = planned(street, FIRST - timedelta(days=2))
    hold(street, session, FIRST - timedelta(days=2), {street.members[0]: AttendanceState.ABSENT})
    before = contents(store)
    topics = store.data_version(*PLAN_TOPICS)
    (first,) = take(street, street.said(0, MET, "a", note="读了文件"))
    view = open_card(CLERK, store, street.members[0])
    assert [(one.channel, one.is_reached, one.note, one.by_name) for one in view.contacts] == [
        (ContactChannel.VISIT, True, "读了文件", "禾走访")
    ]
    assert (view.addresses[0].verified_on, view.card.verified_on) == (FIRST, FIRST)
    target = next(t.target for t in survey_view(CLERK, store, survey).targets if t.member_id == street.members[0])
    assert (target.result, target.done_on) == (SurveyResult.VERIFIED, FIRST)
    assert state_of(street, session, street.members[0]) is AttendanceState.SERVED_LATER
    assert store.data_version(*PLAN_TOPICS) == topics  # no plan gets out of date
    take(street, street.said(0, NOT_HOME, "b", based_on=first.result_id))
    after = contents(store)
    del after["log", street.members[0], FIRST.day]
    changed = {key for key in after if after[key] != before[key]}
    assert {key[0] for key in changed} == {"survey"}  # the door stayed shut, which the survey may know
    (third,) = take(street, street.said(0, VisitResult.PHONED, "c", based_on=second_id(street)))
    assert third.state is ACCEPTED
    after = contents(store)
    assert after.pop(("log", street.members[0], FIRST.day)) == (True, "")
    assert after == before


def second_id(street: VisitStreet) -> int:
    with street.store.reading(CLERK.scope) as reader:
        return reader.standing_results(target_id=street.targets[0])[0].kept.id


def planned(street: VisitStreet, day: date, kind: SessionKind = SessionKind.THEME_DAY) -> Any:
    at = datetime(day.year, day.month, day.day, 9)  # noqa: DTZ001  # local, naive
    return plan_session(CLERK, street.store, SessionPlan(street.branch, kind, AffairType.DAILY_STUDY, at, "学习"))


def hold(street: VisitStreet, session: Any, day: date, states: dict[MemberId, AttendanceState]) -> None:
    record_session(CLERK, street.store, session, SessionRecord(day, "记录", states))


def state_of(street: VisitStreet, session: Any, member: MemberId) -> AttendanceState:
    with street.store.reading(CLERK.scope) as reader:
        return next(one.state for one in reader.attendance([session]) if one.member_id == member)


def test_what_a_person_changed_since_stays_and_is_said(street: VisitStreet):
    session = planned(street, FIRST - timedelta(days=2))
    hold(street, session, FIRST - timedelta(days=2), {street.members[0]: AttendanceState.ABSENT})
    (first,) = take(street, street.said(0, MET, "a"))
    hold(street, session, FIRST - timedelta(days=2), {street.members[0]: AttendanceState.ATTENDED})
    (second,) = take(street, street.said(0, NOT_HOME, "b", based_on=first.result_id))
    assert second.message == "已更正，原来是“见面”；到会情况后来另有登记，没有改回"
    assert state_of(street, session, street.members[0]) is AttendanceState.ATTENDED


def test_attendance_that_was_never_missed_or_is_no_study_stays(street: VisitStreet):
    here, later, election = (
        planned(street, FIRST - timedelta(days=3)),
        planned(street, FIRST + timedelta(days=5)),
        planned(street, FIRST - timedelta(days=1), SessionKind.DEMOCRATIC_REVIEW),
    )
    hold(street, here, FIRST - timedelta(days=3), {street.members[0]: AttendanceState.ATTENDED})
    take(street, street.said(0, MET))
    assert [state_of(street, one, street.members[0]) for one in (here, later, election)] == [
        AttendanceState.ATTENDED,
        AttendanceState.INVITED,
        AttendanceState.INVITED,
    ]


def test_hospital_is_told_by_the_result_alone(store: Store):
    street = VisitStreet(store, SURVEY)
    create_survey(CLERK, store, NewSurvey("摸排", street.branch, LAST, FIRST))
    take(street, street.said(0, VisitResult.IN_HOSPITAL, note="在医院照料"))
    (contact,) = open_card(CLERK, store, street.members[0]).contacts
    assert (contact.is_reached, contact.note) == (False, "")
    with store.engine.connect() as connection:
        texts = [
            str(dict(row))
            for table in s.Base.metadata.sorted_tables
            if table.name != "visit_result"
            for row in connection.execute(select(table)).mappings()
        ]
    assert [text for text in texts if "医院" in text or "住院" in text or "in_hospital" in text] == []


def test_two_rounds_over_one_member_are_undone_in_any_order(street: VisitStreet):
    before = contents(street.store)
    november = street.targets
    street.now = NOW + timedelta(days=40)
    december = date(2026, 12, 28)
    street.issue(first=december)
    assert street.targets != november
    (late,) = take(street, street.said(0, MET, "late", on_day=december))
    street.targets, new = november, street.targets
    (early,) = take(street, street.said(0, MET, "early"))
    assert home_seen(street) == december  # written up late, an older visit does not undo a newer one
    street.targets = new
    (later,) = take(street, street.said(0, NOT_HOME, "x", on_day=december, based_on=late.result_id))
    assert home_seen(street) == FIRST  # what the other visit found holds now
    (back,) = take(street, street.said(0, MET, "y", on_day=december, based_on=later.result_id))
    assert home_seen(street) == december
    street.targets = november
    take(street, street.said(0, NOT_HOME, "z", based_on=early.result_id))
    assert home_seen(street) == december
    street.targets = new
    take(street, street.said(0, NOT_HOME, "w", on_day=december, based_on=back.result_id))
    after = {key: value for key, value in contents(street.store).items() if key[0] != "log"}
    assert after == before


def home_seen(street: VisitStreet) -> date | None:
    return open_card(CLERK, street.store, street.members[0]).addresses[0].verified_on


def test_a_conflict_is_settled_once(street: VisitStreet):
    before = contents(street.store)
    (first,) = take(street, street.said(0, MET, "a"))
    (second, third) = take(
        street, street.said(0, NOT_HOME, "b", by_name="禾同行"), street.said(0, NOT_HOME, "c", on_day=FIRST)
    )
    found = conflicts(CLERK, street.store, street.round_id)
    assert [(one.name, one.accepted and one.accepted.id, one.other.result) for one in found] == [
        ("禾一", first.result_id, NOT_HOME),
        ("禾一", first.result_id, NOT_HOME),
    ]
    assert second.result_id is not None
    assert third.result_id is not None
    settle_conflict(CLERK, street.store, second.result_id, accept=True)
    assert conflicts(CLERK, street.store) == ()  # the third says the same
    after = contents(street.store)
    assert after.pop(("log", street.members[0], FIRST.day)) == (False, "")
    assert after == before
    with pytest.raises(InputError, match="不需要再核对"):
        settle_conflict(CLERK, street.store, second.result_id, accept=False)
    with pytest.raises(NotFoundError):
        settle_conflict(CLERK, street.store, 9999, accept=True)
    (fourth,) = take(street, street.said(0, MOVED, "d"))
    assert fourth.result_id is not None
    settle_conflict(CLERK, street.store, fourth.result_id, accept=False)
    assert take(street, street.said(0, MOVED, "d"))[0].state is ResultState.DISMISSED


def test_who_may(street: VisitStreet):
    mine, others = street.said(0, MET), street.said(3, MET)
    done, denied = take(street, mine, others, actor=street.liaison)
    assert (done.state, denied.state) == (ACCEPTED, None)
    assert "没有排给您" in denied.message
    assert take(street, others, actor=street.secretary)[0].state is ACCEPTED
    with pytest.raises(DeniedError):
        conflicts(street.liaison, street.store)
    (gone,) = take(street, replace(mine, key="z", target_id=TargetId(9999)))
    assert gone.is_refused


def test_sheets_bind_the_visitor_and_not_the_planner(street: VisitStreet):
    number, other = street.sheet(), street.sheet(1)
    assert take(street, street.said(0, MET), actor=street.liaison, sheet=number)[0].state is ACCEPTED
    assert "第 1 组" in take(street, street.said(1, MET), actor=street.liaison, sheet=other)[0].message
    street.void(number)
    again, new = take(street, street.said(0, MET), street.said(1, MET), actor=street.liaison, sheet=number)
    assert again.state is ACCEPTED  # acknowledged before: the answer stays
    assert "已作废" in new.message
    assert take(street, street.said(1, MET), sheet=number)[0].state is ACCEPTED
    with pytest.raises(NotFoundError, match="核对单号"):
        take(street, street.said(2, MET), sheet="SX-不存在")
    with pytest.raises(NotFoundError):
        take(street, street.said(2, MET), sheet="SX\x00")
    street.now = NOW + timedelta(days=20)
    assert "已经过期" in take(street, street.said(2, MET), actor=street.liaison)[0].message
    assert take(street, street.said(2, MET))[0].state is ACCEPTED
    elsewhere = street.said(3, MET)
    street.issue(first=date(2026, 12, 10))
    wrong = street.sheet(number="SX20261210-9-1-1")
    assert "不在这张走访单的批次里" in take(street, elsewhere, sheet=wrong)[0].message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": ""}, "编号"),
        ({"key": "x" * 65}, "编号"),
        ({"key": "a\nb"}, "编号"),
        ({"key": "a\x00b"}, "编号"),
        ({"target_id": TargetId(2**70)}, "编号"),
        ({"on_day": date(2026, 11, 23)}, "还没有到"),
        ({"on_day": date(2026, 11, 1)}, "早于这批走访"),
        ({"note": "很" * 101}, "备注不超过 100 字"),
        ({"next_on": FIRST}, "下次走访日期"),
        ({"next_on": date(2126, 1, 1)}, "下次走访日期"),
        ({"by_name": "人" * 101}, "走访人"),
    ],
)
def test_what_cannot_be_is_refused_with_the_name_and_loses_no_other(
    street: VisitStreet, change: dict[str, object], words: str
):
    wrong = replace(street.said(0, MET), **change)  # type: ignore[arg-type]  # fields by name
    refused, good = take(street, wrong, street.said(1, MET))
    assert refused.is_refused
    assert refused.message.startswith("禾一：") or words == "编号"
    assert words in refused.message
    assert good.state is ACCEPTED
    assert count(street.store, s.VisitResultRow) == 1


def test_texts_are_one_line_and_somebody_always_went(street: VisitStreet):
    take(street, street.said(0, MET, note=" 两\n行\x00字\u202e ", by_name=" "))
    (contact,) = open_card(CLERK, street.store, street.members[0]).contacts
    assert (contact.note, contact.by_name) == ("两 行 字", "禾走访、禾同行")
    record_results(street.liaison, street.store, [street.said(1, MET, by_name="")], PHONE)
    (contact,) = open_card(CLERK, street.store, street.members[1]).contacts
    assert contact.by_name == "禾走访"


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.CANCELLED])
def test_only_a_round_that_was_issued_takes_results(street: VisitStreet, state: RoundState):
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        writer.session.get(s.VisitRoundRow, street.round_id).state = state  # type: ignore[union-attr]  # it is there
    assert take(street, street.said(0, MET))[0].is_refused


def test_who_left_or_asked_to_be_left_alone_is_not_written_about(street: VisitStreet):
    with street.store.writing(CLERK, Action.MOVE_MEMBERS) as writer:
        writer.session.get(s.MemberRow, street.members[0]).restricted_on = FIRST  # type: ignore[union-attr]  # it is there
    assert "限制处理" in take(street, street.said(0, MET))[0].message


def test_a_move_is_a_to_do_until_it_is_registered(street: VisitStreet):
    take(street, street.said(0, MOVED), street.said(1, MET))
    (line,) = moved_to_register(CLERK, street.store)
    assert (line.name, line.branch, line.on_day, line.round_name) == ("禾一", "东风一支部", FIRST, "11月走访")
    assert open_card(CLERK, street.store, street.members[0]).addresses[0].address == "青禾路0号"
    street.now = NOW + timedelta(hours=1)
    with street.store.writing(CLERK, Action.MOVE_MEMBERS) as writer:
        home = writer.session.scalars(select(s.ResidenceRow).where(s.ResidenceRow.member_id == street.members[0])).one()
        home.verified_on = LAST
    assert moved_to_register(CLERK, street.store) == ()


def test_a_survey_that_is_done_is_not_answered_again(store: Store):
    street = VisitStreet(store, SURVEY)
    survey = create_survey(CLERK, store, NewSurvey("摸排", street.branch, LAST, FIRST - timedelta(days=5)))
    record_visit(CLERK, store, survey, street.members[0], Visit(SurveyResult.CHANGED, "禾", FIRST - timedelta(days=3)))
    take(street, street.said(0, MET))
    target = next(t.target for t in survey_view(CLERK, store, survey).targets if t.member_id == street.members[0])
    assert (target.result, target.assignee) == (SurveyResult.CHANGED, "禾")


@pytest.mark.parametrize("is_named", [True, False])
def test_who_came_when_the_group_met_attended(street: VisitStreet, is_named: bool):  # noqa: FBT001  # two cases
    session = planned(street, FIRST)
    with street.store.writing(CLERK, Action.PLAN_VISITS) as writer:
        group = s.GroupRow(name="禾组", branch_id=street.branch, kind="transition", status="active", valid_from=FIRST)
        writer.session.add(group)
        writer.session.flush()
        row = writer.session.get(s.SessionRow, session)
        assert row is not None
        row.group_id = group.id
        for stop in writer.session.scalars(select(s.VisitStopRow)):
            stop.group_id = group.id
            stop.session_id = session if is_named else None
    one, two = street.members[:2]
    before = contents(street.store)
    (met, away) = take(street, street.said(0, MET), street.said(1, NOT_HOME))
    assert (met.state, away.state) == (ACCEPTED, ACCEPTED)
    assert state_of(street, session, one) is AttendanceState.ATTENDED
    assert state_of(street, session, two) is AttendanceState.INVITED
    view = open_card(CLERK, street.store, one)
    assert [(one.channel, one.is_reached) for one in view.contacts] == [(ContactChannel.MEETING, True)]
    assert view.addresses[0].verified_on is None  # at the group's place nobody has seen the home
    take(street, street.said(0, NOT_HOME, "x", based_on=met.result_id))
    after = {key: value for key, value in contents(street.store).items() if key[0] != "log"}
    assert after == before


def test_a_team_of_a_body_above_writes_down_whom_its_visitor_may_know(street: VisitStreet):
    with street.store.reading(CLERK.scope) as reader:
        village = next(org.id for org in reader.orgs() if org.parent_id is None)
    street.issue(org_id=village)
    (mine, others) = take(street, street.said(0, MET, "a"), street.said(3, MET, "b"), actor=street.liaison)
    assert (mine.state, others.state) == (ACCEPTED, None)
    assert take(street, street.said(4, MET, "c"), actor=street.secretary)[0].is_refused  # the village plans it
    (waiting,) = take(street, street.said(0, MOVED, "d"), actor=street.liaison)
    assert waiting.result_id is not None
    assert conflicts(street.secretary, street.store) == ()
    assert [one.name for one in conflicts(CLERK, street.store)] == ["禾一"]
    with pytest.raises((DeniedError, NotFoundError)):
        settle_conflict(street.secretary, street.store, waiting.result_id, accept=True)
