"""本月服务率 on both databases, against SQL written on its own; small figures are not told who sees counts only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.contact import ContactChannel, ContactEntry
from gis.model.meetings import AffairType, AttendanceState, SessionKind, SessionMode
from gis.model.modes import StudyMode
from gis.model.visits import ResultSource, VisitResult
from gis.services.contacts import log_contact
from gis.services.served import served_in_month
from gis.services.sessions import SessionPlan, SessionRecord, cancel_session, plan_session, record_session
from gis.services.settings import SettingChange, change_settings
from gis.services.visits.results import record_results
from gis.store import schema as s
from tests.integration.tiny_street import CLERK, person
from tests.integration.visit_street import FIRST, VisitStreet

if TYPE_CHECKING:
    from gis.model.ids import MemberId
    from gis.store.database import Store

MONTH_FIRST, MONTH_LAST = date(2026, 11, 1), date(2026, 11, 22)
LEADER = Actor("ld", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
#: Written from the definition, without looking at the program
BY_HAND = """
SELECT m.branch_id, count(DISTINCT m.id), count(DISTINCT r.member_id)
FROM member m
JOIN transition_episode t ON t.member_id = m.id AND t.returned_on IS NULL
LEFT JOIN (
    SELECT a.member_id FROM attendance a JOIN session s ON s.id = a.session_id
    WHERE a.state IN ('attended', 'served_later') AND s.cancelled_on IS NULL
      AND s.held_on >= :first AND s.held_on <= :last
    UNION
    SELECT vt.member_id FROM visit_result vr JOIN visit_target vt ON vt.id = vr.target_id
    WHERE vr.state = 'accepted' AND vr.result = 'met' AND vr.on_day >= :first AND vr.on_day <= :last
    UNION
    SELECT c.member_id FROM contact_log c JOIN study_mode_decision d ON d.member_id = c.member_id
    WHERE d.mode = 'online_study' AND d.valid_to IS NULL AND c.channel IN ('phone', 'wechat')
      AND c.is_reached = :yes AND c.on_day >= :first AND c.on_day <= :last
) r ON r.member_id = m.id
WHERE m.left_on IS NULL AND m.restricted_on IS NULL
GROUP BY m.branch_id ORDER BY m.branch_id
"""


@pytest.fixture
def street(store: Store) -> VisitStreet:
    made = VisitStreet(store)
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([person("禾邻", made.street.other, 10), person("禾居", made.branch, 20, transition=None)])
    return made


def by_hand(store: Store) -> list[tuple[Any, ...]]:
    with store.engine.connect() as connection:
        rows = connection.execute(text(BY_HAND), {"first": MONTH_FIRST, "last": MONTH_LAST, "yes": True})
        return [tuple(row) for row in rows]


def held(street: VisitStreet, day: date, states: dict[MemberId, AttendanceState], mode: SessionMode) -> Any:
    at = datetime(day.year, day.month, day.day, 9)  # noqa: DTZ001  # local, naive
    plan = SessionPlan(street.branch, SessionKind.THEME_DAY, AffairType.DAILY_STUDY, at, "学习", mode=mode)
    session = plan_session(CLERK, street.store, plan)
    record_session(CLERK, street.store, session, SessionRecord(day, "记录", states))
    return session


def contact(street: VisitStreet, member: MemberId, channel: ContactChannel, *, is_reached: bool = True) -> None:
    log_contact(CLERK, street.store, member, ContactEntry(FIRST, channel, "禾", is_reached))


def online(street: VisitStreet, member: MemberId) -> None:
    mode = StudyMode.ONLINE_STUDY
    with street.store.writing(CLERK, Action.SET_MODES) as writer:
        writer.session.add(
            s.ModeDecisionRow(
                member_id=member, mode=mode, proposed=mode, rule="", trace={}, is_override=False, valid_from=FIRST
            )
        )


def test_each_way_counts_once_and_nothing_else_does(street: VisitStreet):
    one, two, *_, six, seven = street.members
    held(street, date(2026, 11, 5), {one: AttendanceState.ATTENDED, two: AttendanceState.EXCUSED}, SessionMode.ONSITE)
    held(street, date(2026, 10, 31), {two: AttendanceState.ATTENDED}, SessionMode.ONSITE)  # last month's
    held(street, date(2026, 11, 6), {seven: AttendanceState.ATTENDED}, SessionMode.ONLINE)
    said = [
        street.said(0, VisitResult.MET),  # one way more
        street.said(2, VisitResult.MET),
        street.said(3, VisitResult.PHONED),  # four is not served by a telephone call
        street.said(4, VisitResult.IN_HOSPITAL),
    ]
    record_results(CLERK, street.store, said, ResultSource.DESK)
    online(street, six)
    contact(street, two, ContactChannel.WECHAT)  # does not study online
    view = served_in_month(CLERK, street.store)
    assert (view.month, view.as_of, view.denominator, view.served) == ("2026-11", MONTH_LAST, 8, 3)
    assert view.ways == {"参加组织生活": 1, "上门送学": 2, "网络共学": 1}
    contact(street, six, ContactChannel.PHONE, is_reached=False)
    assert served_in_month(CLERK, street.store).served == 3
    contact(street, six, ContactChannel.PHONE)
    view = served_in_month(CLERK, street.store, "2026-11")
    assert [one.name for one in view.unserved] == ["禾二", "禾四", "禾五", "禾邻"]
    assert view.unserved[0].last_met == FIRST
    assert [(one.denominator, one.count) for one in view.branches] == [(7, 4), (1, 0)]
    assert [tuple(row[1:]) for row in by_hand(street.store)] == [(7, 4), (1, 0)]
    assert (view.all_denominator, view.all_served) == (9, 4)


def test_a_correction_and_a_cancelled_session_take_the_figure_back(street: VisitStreet):
    (done,) = record_results(CLERK, street.store, [street.said(0, VisitResult.MET)], ResultSource.DESK)
    assert served_in_month(CLERK, street.store).served == 1
    said = street.said(0, VisitResult.DECLINED, based_on=done.result_id)
    record_results(CLERK, street.store, [said], ResultSource.DESK)
    assert served_in_month(CLERK, street.store).served == 0
    with pytest.raises(InputError, match="已经登记召开"):
        cancel_session(
            CLERK,
            street.store,
            held(street, FIRST, {street.members[1]: AttendanceState.SERVED_LATER}, SessionMode.ONSITE),
        )
    assert served_in_month(CLERK, street.store).served == 1
    assert [tuple(row[1:]) for row in by_hand(street.store)] == [(7, 1), (1, 0)]


def test_a_past_month_has_its_own_last_day(street: VisitStreet):
    view = served_in_month(CLERK, street.store, "2026-10")
    assert (view.as_of, view.served) == (date(2026, 10, 31), 0)
    with street.store.writing(CLERK, Action.MOVE_MEMBERS) as writer:
        writer.session.get(s.MemberRow, street.members[0]).left_on = FIRST  # type: ignore[union-attr]  # it is there
        writer.session.get(s.MemberRow, street.members[1]).restricted_on = FIRST  # type: ignore[union-attr]  # as above
    assert view.denominator == 8
    assert served_in_month(CLERK, street.store, "2026-10").denominator == 7  # who left later was there then
    assert served_in_month(CLERK, street.store).denominator == 6
    for month, words in (("2026-12", "还没有到"), ("2026-13", "无法识别"), ("x", "无法识别"), ("0000-01", "无法识别")):
        with pytest.raises(InputError, match=words):
            served_in_month(CLERK, street.store, month)


def test_who_sees_counts_only_gets_no_small_ones(street: VisitStreet):
    change_settings(CLERK, street.store, [SettingChange("suppress_below", 3)])
    said = [street.said(place, VisitResult.MET) for place in range(2)]
    record_results(CLERK, street.store, said, ResultSource.DESK)
    view = served_in_month(LEADER, street.store)
    assert view.unserved == ()
    assert (view.denominator, view.served) == (None, None)  # the wall says nine: one is not in transition
    assert [(one.denominator, one.count) for one in view.branches] == [(None, None)] * 2  # 7 and 1: from 8 either tells
    assert (view.ways["上门送学"], view.ways["参加组织生活"]) == (None, 0)
    assert (view.all_denominator, view.all_served) == (None, None)  # one who is not in transition would follow
    with pytest.raises(DeniedError):
        served_in_month(replace(LEADER, role=Role.LIAISON), street.store)
    assert "禾" not in str(view)
