"""The standing report, its notes, the guard of changes and the steps of 失联, on both databases."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.contact import ContactChannel
from gis.model.enums import GroupStatus, MemberStatus, MobilityLevel, OrgKind, Precision
from gis.model.ids import OrgId, UserId
from gis.model.meetings import AffairType, AttendanceState, SessionFormat, SessionKind, SessionMode
from gis.model.organisation import PartyOrg
from gis.model.people import Residence, Transition
from gis.model.plan import GroupingRequest
from gis.model.rights import LostBasis, LostReason, LostStage
from gis.model.rules import RuleLevel, Subject, SubjectKind
from gis.services import lost_contact
from gis.services.adopting import adopt_groups
from gis.services.grouping import propose_groups
from gis.services.rules import check_rules, keep_rules, note_rule, note_rules, violations_for_change
from gis.services.rules.checking import FEW, Finding
from gis.services.rules.document import report_document
from gis.services.rules.loading import load_facts
from gis.services.transferring import TransferRequest, register_transfer
from gis.store.schema import (
    AffiliationRow,
    AttendanceRow,
    ContactLogRow,
    GroupMembershipRow,
    GroupRow,
    SessionRow,
)
from tests.integration.tiny_street import CLERK, TinyStreet, person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.store.database import Store

NOW = datetime.fromisoformat("2026-11-22T09:00:00")


@pytest.fixture
def street(store: Store) -> TinyStreet:
    store.clock = lambda: NOW
    return TinyStreet(store)


def secretary(street: TinyStreet, name: str = "zhibu", number: int = 1, org: OrgId | None = None) -> Actor:
    roots = frozenset({org or street.branch})
    return Actor(name, Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, roots), user_id=UserId(number))


def leader() -> Actor:
    return Actor("lingdao", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))


def findings(street: TinyStreet, rule: str, actor: Actor = CLERK) -> list[Finding]:
    return [one for one in check_rules(actor, street.store).findings if one.rule.id == rule]


def seat(street: TinyStreet, numbers: list[int], **more: Any) -> int:
    """Found a group of these members (places in the list), decided and reported."""
    values = {"decided_on": date(2026, 1, 5), "reported_on": date(2026, 1, 6)} | more
    with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
        group = GroupRow(
            branch_id=street.branch,
            name="东风一组",
            kind="transition",
            status=GroupStatus.CONFIRMED,
            leader_member_id=street.members[numbers[0]],
            valid_from=date(2026, 1, 5),
            **values,
        )
        writer.session.add(group)
        writer.session.flush()
        for number in numbers:
            writer.session.add(
                GroupMembershipRow(
                    group_id=group.id,
                    member_id=street.members[number],
                    role="member",
                    source="manual",
                    valid_from=date(2026, 1, 5),
                )
            )
        return int(group.id)


def meet(street: TinyStreet, kind: SessionKind, held: date, came: list[int], **more: Any) -> None:
    """Hold a session with these members (places in the list) present, the others absent."""
    with street.store.writing(CLERK, Action.HOLD_SESSIONS) as writer:
        row = SessionRow(
            org_id=street.branch,
            kind=kind,
            affair=AffairType.DAILY_STUDY,
            theme="学习",
            plan="计划",
            format=SessionFormat.MEETING,
            mode=SessionMode.ONSITE,
            planned_at=datetime.combine(held, time(14)),
            held_on=held,
            responsible="书记",
            record="记录",
            **more,
        )
        writer.session.add(row)
        writer.session.flush()
        for number, member in enumerate(street.members):
            state = AttendanceState.ATTENDED if number in came else AttendanceState.ABSENT
            writer.session.add(AttendanceRow(session_id=row.id, member_id=member, state=state, has_vote=True))


def contact(street: TinyStreet, number: int, day: date, *, is_reached: bool = True) -> None:
    with street.store.writing(CLERK, Action.LOG_CONTACTS) as writer:
        writer.session.add(
            ContactLogRow(
                member_id=street.members[number],
                on_day=day,
                channel=ContactChannel.PHONE,
                by_name="书记",
                is_reached=is_reached,
            )
        )


def test_a_street_is_checked_and_each_finding_names_rule_level_subject_and_source(street: TinyStreet):
    number = seat(street, [0, 1], reported_on=None)
    report = check_rules(CLERK, street.store)
    document = report_document(report)
    found = {(one["rule"], one["level"]): one for one in document["violations"]}  # type: ignore[attr-defined]
    assert found["R01", "block"]["subject"] == {"kind": "group", "id": number, "name": "东风一组"}
    assert "党小组工作规则" in found["R01", "block"]["source"]
    assert found["R04", "warn"]["message"] == "没有登记报上级日期"
    assert report.totals[RuleLevel.BLOCK] == sum(one.block for one in report.counts)
    assert sum(sum(counts.values()) for counts in report.by_rule.values()) == len(report.findings)


def test_an_organisation_is_checked_with_what_is_below_it(street: TinyStreet):
    seat(street, [0, 1])
    report = check_rules(CLERK, street.store, street.other)
    assert {one.violation.org_id for one in report.findings} <= {street.other}
    assert [one.org for one in report.counts] == ["东风二支部"]
    with pytest.raises(NotFoundError):
        check_rules(CLERK, street.store, OrgId(999))


def test_a_secretary_sees_the_own_branch_and_a_leader_of_the_street_sees_numbers(street: TinyStreet):
    seat(street, [0, 1])
    assert {one.violation.org_id for one in check_rules(secretary(street), street.store).findings} == {street.branch}
    assert check_rules(secretary(street, org=street.other), street.store, street.other).findings == ()
    with pytest.raises(DeniedError):
        check_rules(secretary(street, org=street.other), street.store, street.branch)
    report = check_rules(leader(), street.store)
    assert report.is_counts_only
    assert report.findings == ()
    assert report.totals[RuleLevel.BLOCK] == 1
    assert "禾" not in str(report_document(report))


def test_few_persons_are_no_number_for_who_only_counts(street: TinyStreet):
    contact(street, 0, date(2026, 7, 1))
    mine = next(one for one in check_rules(CLERK, street.store).counts if one.org_id == street.branch)
    assert mine.persons == 1
    counted = next(one for one in check_rules(leader(), street.store).counts if one.org_id == street.branch)
    assert counted.persons == FEW
    assert counted.warn == mine.warn - 1


def test_a_block_cannot_be_confirmed(street: TinyStreet):
    seat(street, [0, 1])
    (found,) = findings(street, "R01")
    with pytest.raises(InputError, match="不能确认放行"):
        note_rule(CLERK, street.store, found.violation, "支部要求保留")
    for level in (RuleLevel.WARN, RuleLevel.INFO):  # nor by calling it something less
        with pytest.raises(StaleError):
            note_rule(CLERK, street.store, replace(found.violation, level=level), "支部要求保留")


def test_a_warn_is_explained_until_the_facts_change(street: TinyStreet):
    number = seat(street, [0, 1, 2], decided_on=None, reported_on=None)
    (found,) = findings(street, "R04")
    with pytest.raises(InputError, match="R04 须写明理由"):
        note_rule(CLERK, street.store, found.violation, " 无 ")
    note_rule(CLERK, street.store, found.violation, "记录在旧系统，正在补登")
    (said,) = findings(street, "R04")
    assert said.is_settled
    assert said.note is not None
    assert (said.note.reason, said.note.by, said.note.at) == ("记录在旧系统，正在补登", CLERK.name, NOW)
    with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer:
        writer.session.get_one(GroupRow, number).decided_on = date(2026, 1, 5)
    (again,) = findings(street, "R04")
    assert not again.is_settled
    with pytest.raises(StaleError):
        note_rule(CLERK, street.store, found.violation, "按旧情况写的理由")


def test_a_hint_is_read_once(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        home = Residence("外市某处", Precision.OUTSIDE, valid_from=date(2025, 1, 1))
        writer.save_members([person("禾远", street.branch, 0, residence=home, transition=None)])
    (found,) = findings(street, "R16")
    note_rules(CLERK, street.store, [found.violation])
    (read,) = findings(street, "R16")
    assert read.is_settled
    counts = next(one for one in check_rules(CLERK, street.store).counts if one.org_id == street.branch)
    assert (counts.info, counts.settled) == (0, 1)


def test_who_counts_only_explains_nothing_and_nobody_explains_for_others(street: TinyStreet):
    seat(street, [0, 1, 2], reported_on=None)
    (found,) = findings(street, "R04")
    with pytest.raises(DeniedError):
        note_rule(leader(), street.store, found.violation, "没有理由可写")
    with pytest.raises(DeniedError):
        note_rule(secretary(street, org=street.other), street.store, found.violation, "没有理由可写")


def test_what_a_change_breaks_refuses_it(street: TinyStreet):
    number = seat(street, [0, 1, 2])
    with (
        pytest.raises(InputError, match="R05") as caught,
        street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer,
        keep_rules(writer, (street.branch,)),
    ):
        writer.session.get_one(GroupRow, number).leader_member_id = street.members[3]
    (fault,) = caught.value.faults
    assert fault.field.startswith("R05")
    assert "不得违反" in fault.message
    assert "第十三条" in fault.message
    assert findings(street, "R05") == []


def test_a_change_that_needs_a_reason_keeps_it(street: TinyStreet):
    number = seat(street, [0, 1, 2])

    def change(reason: str) -> None:
        with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer, keep_rules(writer, (street.branch,), reason):
            writer.session.get_one(GroupRow, number).reported_on = None

    with pytest.raises(InputError, match="请写明理由后再保存：R04"):
        change("")
    change("报告退回修改，下周再报")
    (found,) = findings(street, "R04")
    assert found.is_settled


def test_what_was_broken_before_does_not_stop_another_change_and_a_draft_needs_no_reason(street: TinyStreet):
    number = seat(street, [0, 1])
    with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer, keep_rules(writer, (street.branch,)):
        writer.session.get_one(GroupRow, number).name = "东风甲组"
    with (
        street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer,
        keep_rules(writer, (street.branch,), is_draft=True),
    ):
        writer.session.get_one(GroupRow, number).reported_on = None
    (found,) = findings(street, "R04")
    assert not found.is_settled


def test_a_further_way_of_breaking_a_rule_is_new(street: TinyStreet):
    number = seat(street, [0, 1, 2], reported_on=None)

    def change(day: date | None) -> None:
        with street.store.writing(CLERK, Action.ADOPT_GROUPS) as writer, keep_rules(writer, (street.branch,)):
            writer.session.get_one(GroupRow, number).decided_on = day

    change(date(2026, 1, 4))
    with pytest.raises(InputError, match="R04"):
        change(None)


def test_one_subject_is_judged_inside_a_transaction(street: TinyStreet):
    number = seat(street, [0, 1])
    with street.store.reading(CLERK.scope) as reader:
        found = violations_for_change(reader, Subject(SubjectKind.GROUP, number), NOW.date(), (street.branch,))
        of_branch = violations_for_change(reader, Subject(SubjectKind.ORG, street.branch), NOW.date())
    assert [one.rule for one in found] == ["R01"]
    assert {one.rule for one in of_branch} >= {"R01", "R11", "R17"}


def test_a_second_relation_blocks(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.session.add(
            AffiliationRow(member_id=street.members[0], org_id=street.other, valid_from=date(2026, 1, 1), reason="")
        )
    found = [one for one in findings(street, "R17") if one.violation.level is RuleLevel.BLOCK]
    assert [one.violation.message for one in found] == ["除在册支部外，另有现行组织关系：东风二支部"]


def test_votes_and_attendance_are_counted_from_the_register(street: TinyStreet):
    meet(street, SessionKind.BRANCH_ASSEMBLY, date(2026, 10, 20), [0, 1, 2])
    (found,) = findings(street, "R12")
    assert found.violation.message == "有表决权的 7 名，到会 3 名，没有过半数"
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (member,) = [one for one in writer.members() if one.id == street.members[6]]
        writer.save_members([replace(member, member_status=MemberStatus.PROBATIONARY, residence=None, transition=None)])
    assert [one.violation.name for one in findings(street, "R19")] == ["禾七"]


def test_a_hint_of_mobility_needs_half_a_year_of_register(street: TinyStreet):
    away = Residence("外市某处", Precision.OUTSIDE, valid_from=date(2025, 1, 1))
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([person("禾外", street.branch, 0, residence=away, transition=None)])
    assert findings(street, "R14") == []
    meet(street, SessionKind.THEME_DAY, date(2026, 5, 20), [0])
    assert findings(street, "R14") == []
    meet(street, SessionKind.THEME_DAY, date(2026, 6, 20), [0])
    assert [one.violation.name for one in findings(street, "R14")] == ["禾外"]


def test_who_was_reached_is_not_looked_for(street: TinyStreet):
    contact(street, 0, date(2026, 7, 1))
    contact(street, 1, date(2026, 7, 1), is_reached=False)
    contact(street, 2, date(2026, 7, 1))
    contact(street, 2, date(2026, 11, 1))
    assert [one.violation.name for one in findings(street, "R15")] == ["禾一", "禾二"]


def test_the_number_of_queries_does_not_grow_with_the_members(street: TinyStreet):
    def count() -> int:
        with _counting(street.store) as queries, street.store.reading(CLERK.scope) as reader:
            load_facts(reader, NOW.date())
        return len(queries)

    few = count()
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([person(f"禾{n}", street.branch, n) for n in range(60)])
    assert count() == few <= 40


@contextmanager
def _counting(store: Store) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield found
    event.remove(store.engine, "before_cursor_execute", note)


def test_a_visit_hint_follows_what_was_agreed_with_the_member(street: TinyStreet):
    assert findings(street, "R13") == []
    with street.store.writing(CLERK, Action.SET_CONDITIONS) as writer:
        (member,) = [one for one in writer.members() if one.id == street.members[0]]
        changed = replace(member, mobility_level=MobilityLevel.CANNOT_LEAVE, residence=None, transition=None)
        writer.save_members([changed])
    assert [one.violation.name for one in findings(street, "R13")] == ["禾一"]


# --- 失联 ---------------------------------------------------------------------------------------------------------


def search(street: TinyStreet, actor: Actor, last: date = date(2026, 5, 1)) -> int:
    start = lost_contact.SearchStart(last, LostBasis.ATTENDANCE, "电话三次，均无人接听")
    return lost_contact.open_search(actor, street.store, street.members[0], start)


def case_of(street: TinyStreet, *, with_closed: bool = False) -> Any:
    return lost_contact.list_lost(CLERK, street.store, with_closed=with_closed)[0].case


def test_two_people_are_needed_and_every_step_stays(street: TinyStreet):
    one, two = secretary(street, "zhibu", 1), secretary(street, "cun", 2)
    number = search(street, one)
    proposal = lost_contact.Proposal(LostReason.MOVED, "询问亲属和原邻居，均不知去向")
    lost_contact.propose_lost(one, street.store, number, case_of(street).version, proposal)
    with pytest.raises(InputError, match="另一名"):
        lost_contact.confirm_lost(one, street.store, number, case_of(street).version)
    lost_contact.confirm_lost(two, street.store, number, case_of(street).version)
    assert case_of(street).stage is LostStage.CONFIRMED
    with street.store.reading(CLERK.scope) as reader:
        member = next(each for each in reader.members() if each.id == street.members[0])
    assert member.is_full  # nothing about the member has changed
    lost_contact.close_lost(one, street.store, number, case_of(street).version, "本人来电，在外地女儿家", is_found=True)
    case = case_of(street, with_closed=True)
    assert [(step.stage.value, step.by) for step in case.events] == [
        ("searching", "zhibu"),
        ("proposed", "zhibu"),
        ("confirmed", "cun"),
        ("found", "zhibu"),
    ]
    assert lost_contact.list_lost(CLERK, street.store) == ()
    with pytest.raises(InputError, match="已联系上"):
        lost_contact.close_lost(one, street.store, number, case.version, "再结束一次", is_found=False)


def test_the_operator_at_the_command_line_is_nobody_in_particular(street: TinyStreet):
    number = search(street, CLERK)
    proposal = lost_contact.Proposal(LostReason.OTHER, "询问亲属和原邻居")
    with pytest.raises(InputError, match="--as"):
        lost_contact.propose_lost(CLERK, street.store, number, case_of(street).version, proposal)
    with pytest.raises(InputError, match="--as"):
        lost_contact.confirm_lost(CLERK, street.store, number, case_of(street).version)


def test_what_is_on_record_contradicts_a_wrong_day(street: TinyStreet):
    contact(street, 0, date(2026, 9, 1))
    with pytest.raises(InputError, match="2026-09-01 还有"):
        search(street, secretary(street))
    assert search(street, secretary(street), date(2026, 9, 1))
    seen = lost_contact.last_seen(CLERK, street.store, street.members[0])
    assert seen.last_on == date(2026, 9, 1)
    with pytest.raises(InputError, match="不能晚于今天"):
        lost_contact.open_search(
            CLERK,
            street.store,
            street.members[1],
            lost_contact.SearchStart(date(2026, 11, 23), LostBasis.DUES, "电话三次"),
        )


def test_a_contact_in_the_meantime_stops_the_confirmation(street: TinyStreet):
    one, two = secretary(street, "zhibu", 1), secretary(street, "cun", 2)
    number = search(street, one)
    proposal = lost_contact.Proposal(LostReason.MOVED, "询问亲属和原邻居")
    lost_contact.propose_lost(one, street.store, number, case_of(street).version, proposal)
    contact(street, 0, date(2026, 11, 20))
    with pytest.raises(InputError, match="2026-11-20"):
        lost_contact.confirm_lost(two, street.store, number, case_of(street).version)


def test_a_case_that_somebody_else_dealt_with_is_stale(street: TinyStreet):
    number = search(street, secretary(street))
    before = case_of(street)
    lost_contact.close_lost(CLERK, street.store, number, before.version, "登记错了人", is_found=False)
    with pytest.raises(StaleError, match="不予认定"):
        lost_contact.close_lost(CLERK, street.store, number, before.version, "登记错了人", is_found=False)


def test_one_open_case_a_member_and_none_of_others(street: TinyStreet):
    search(street, secretary(street))
    with pytest.raises(InputError, match="已有一条"):
        search(street, CLERK)
    other = secretary(street, "er", 3, street.other)
    assert lost_contact.list_lost(other, street.store) == ()
    with pytest.raises(NotFoundError):
        search(street, other)
    with pytest.raises(NotFoundError):
        lost_contact.close_lost(
            other, street.store, case_of(street).id, case_of(street).version, "不归我管", is_found=True
        )
    with pytest.raises(DeniedError):
        lost_contact.list_lost(leader(), street.store)


def test_an_open_case_quiets_the_reminder_and_closing_brings_it_back(street: TinyStreet):
    contact(street, 0, date(2026, 5, 1))
    assert len(findings(street, "R15")) == 1
    search(street, secretary(street))
    assert findings(street, "R15") == []
    lost_contact.close_lost(
        CLERK, street.store, case_of(street).id, case_of(street).version, "登记错了人", is_found=False
    )
    assert len(findings(street, "R15")) == 1


def test_the_audit_says_what_happened_without_names(street: TinyStreet):
    search(street, secretary(street))
    with street.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT summary, details FROM audit_log").all()
    assert any("查找" in row[0] for row in rows)
    assert not any("禾" in f"{row[0]}{row[1]}" for row in rows)


def test_time_alone_brings_the_reminder(street: TinyStreet):
    contact(street, 0, date(2026, 11, 1))
    assert findings(street, "R15") == []
    street.store.clock = lambda: NOW + timedelta(days=80)
    assert [one.violation.level for one in findings(street, "R15")] == [RuleLevel.WARN]


def test_leave_is_contact_and_silence_of_the_organisation_is_not_the_members(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (home,) = writer.save_members([person("禾家", street.branch, 0, transition=None)])
    street.members.append(home)
    last = len(street.members) - 1
    meet(street, SessionKind.THEME_DAY, date(2026, 6, 5), [last])
    assert "禾家" not in {one.violation.name for one in findings(street, "R15")}
    meet(street, SessionKind.THEME_DAY, date(2026, 8, 5), [])
    assert "禾家" in {one.violation.name for one in findings(street, "R15")}
    with street.store.writing(CLERK, Action.HOLD_SESSIONS) as writer:
        row = writer.session.scalars(select(AttendanceRow).where(AttendanceRow.member_id == home)).all()[-1]
        row.state = AttendanceState.EXCUSED
        assert writer.session.get_one(SessionRow, row.session_id).held_on == date(2026, 8, 5)
    found = {one.violation.name: one.violation for one in findings(street, "R15")}
    assert "禾家" not in found or "2026-08-05" in found["禾家"].message
    assert lost_contact.last_seen(CLERK, street.store, home).reached_on == date(2026, 8, 5)


def test_a_home_away_is_away_since_the_transition_began(street: TinyStreet):
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        home = Residence("外市某处", Precision.OUTSIDE)
        episode = Transition(started_on=date(2024, 3, 1))
        writer.save_members([person("禾远", street.branch, 0, residence=home, transition=episode)])
    (found,) = findings(street, "R16")
    assert found.violation.message.startswith("2024-03-01 起")


def test_a_relation_is_not_moved_into_a_temporary_branch_of_no_body(street: TinyStreet):
    with street.store.writing(CLERK, Action.MANAGE_ORGS) as writer:
        (branch,) = writer.save_orgs([PartyOrg(None, "征迁临时党支部", OrgKind.TEMPORARY_BRANCH)])
    request = TransferRequest(street.members[0], branch, NOW.date(), "随工作组活动")
    with pytest.raises(InputError, match="R10") as caught:
        register_transfer(CLERK, street.store, request)
    assert "xuyistation.com" in caught.value.faults[0].message
    register_transfer(CLERK, street.store, replace(request, branch_id=street.other))


def test_what_the_planner_adopts_breaks_no_rule_of_groups(street: TinyStreet):
    plan = propose_groups(CLERK, street.store, GroupingRequest(seconds=10))
    adopt_groups(CLERK, street.store, plan)
    found = check_rules(CLERK, street.store).findings
    assert {one.rule.id for one in found} & {"R01", "R03", "R05", "R18"} == set()
    assert [one.violation.message for one in found if one.rule.id == "R04"] == ["没有登记支委会决定日期和报上级日期"]
