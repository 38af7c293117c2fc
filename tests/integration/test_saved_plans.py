"""Saved plans on both databases: saving, the life of a plan, stale data, two at once, and who may see what."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import DeniedError, GisError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Role
from gis.model.plan import GroupingRequest
from gis.model.plans import NOT_TOLD, EventKind, MoveMembers, PlanState, PlanVersion
from gis.services.adopting import adopt_groups
from gis.services.grouping import propose_groups
from gis.services.groups_view import list_groups
from gis.services.plan_compare import compare_plans, diff_plans, rerun_plan
from gis.services.plan_editing import edit_plan, preview_edit, refresh_plan, repair_plan, undo_edit
from gis.services.plan_life import (
    decide_plan,
    publish_plan,
    publish_warnings,
    report_plan,
    send_back,
    start_plan,
    stop_plan,
    submit_plan,
)
from gis.services.plans import copy_plan, discard_plan, list_plans, open_plan, rename_plan, save_plan
from gis.store.schema import AuditRow, GroupMembershipRow, GroupRow, SavedPlanRow
from tests.integration.plan_street import CLERK, PlanStreet

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plans import PlanHead
    from gis.store.database import Store

WHY = "测试"
_REQUEST = GroupingRequest(seconds=2)


@pytest.fixture
def street(store: Store) -> PlanStreet:
    return PlanStreet(store)


@pytest.fixture
def small(sqlite_store: Store) -> PlanStreet:
    return PlanStreet(sqlite_store)


def _head(street: PlanStreet, plan_id: PlanId) -> PlanHead:
    return next(one for one in list_plans(CLERK, street.store) if one.id == plan_id)


def _publish(street: PlanStreet, plan_id: PlanId) -> None:
    publish_plan(CLERK, street.store, plan_id, _head(street, plan_id).version, WHY)


def _touch_data(street: PlanStreet) -> None:
    """Change something that plans stand on."""
    with street.store.reading(CLERK.scope) as reader:
        host = reader.hosts()[0]
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_hosts([replace(host, capacity=host.capacity + 1)])


def test_a_saved_plan_comes_back_equal(street: PlanStreet):
    plan = street.propose()
    plan_id = save_plan(CLERK, street.store, plan, "  春季  方案 ")
    found = street.open(plan_id)
    assert found.plan == plan
    assert (found.head.name, found.head.state, found.head.version) == ("春季 方案", PlanState.DRAFT, 1)
    assert (found.head.seated, found.head.asked, found.head.n_groups) == (14, 14, 3)
    assert found.head.branches == ("东风一支部", "东风二支部")
    assert [event.kind for event in found.events] == [EventKind.SAVED]
    assert not found.is_blocked


def test_names_are_asked_for_and_plans_can_be_renamed_copied_and_discarded(small: PlanStreet):
    plan_id = small.save(name="甲")
    for name in ("", "  ", "长" * 101):
        with pytest.raises(InputError, match="名称"):
            rename_plan(CLERK, small.store, plan_id, name, 1)
    rename_plan(CLERK, small.store, plan_id, "乙", 1)
    with pytest.raises(StaleError):
        rename_plan(CLERK, small.store, plan_id, "丙", 1)
    other = copy_plan(CLERK, small.store, plan_id, "丙")
    assert (_head(small, other).based_on, _head(small, other).name) == (plan_id, "丙")
    discard_plan(CLERK, small.store, plan_id, 2)
    assert [one.id for one in list_plans(CLERK, small.store)] == [other]
    with pytest.raises(NotFoundError):
        small.open(plan_id)
    with Session(small.store.engine) as session:
        assert len(session.scalars(select(SavedPlanRow)).all()) == 2  # discarded, not deleted


def test_the_whole_life_of_a_plan(street: PlanStreet):
    store, plan_id = street.store, street.save()
    today = store.today()
    submit_plan(CLERK, store, plan_id, 1)
    with pytest.raises(InputError, match="退回草案"):
        edit_plan(CLERK, store, plan_id, MoveMembers((street.first[0],), ""), 2)
    with pytest.raises(InputError, match="原因"):
        send_back(CLERK, store, plan_id, 2, " ")
    send_back(CLERK, store, plan_id, 2, "有两人要调整")
    submit_plan(CLERK, store, plan_id, 3)
    with pytest.raises(InputError, match="还没有到"):
        decide_plan(CLERK, store, plan_id, 4, today + timedelta(days=1))
    decide_plan(CLERK, store, plan_id, 4, today)
    with pytest.raises(InputError, match="早于"):
        report_plan(CLERK, store, plan_id, 5, today - timedelta(days=1))
    report_plan(CLERK, store, plan_id, 5, today)
    assert publish_warnings(CLERK, store, plan_id) == ()
    run_id = publish_plan(CLERK, store, plan_id, 6)
    start_plan(CLERK, store, plan_id, 7)
    assert (_head(street, plan_id).state, _head(street, plan_id).run_id) == (PlanState.RUNNING, run_id)
    stop_plan(CLERK, store, plan_id, 8, "回迁完成", stopped_on=today)
    found = street.open(plan_id)
    assert [event.kind.value for event in found.events] == [
        *("saved", "submitted", "sent_back", "submitted", "decided", "reported", "published", "started", "stopped")
    ]
    assert [event.reason for event in found.events if event.reason] == ["有两人要调整", "回迁完成"]
    with Session(store.engine) as session:
        groups = session.scalars(select(GroupRow)).all()
        assert {(one.decided_on, one.reported_on, one.valid_to, one.status.value) for one in groups} == {
            (today, today, today, "closed")
        }
        assert all(seat.valid_to == today for seat in session.scalars(select(GroupMembershipRow)))
    with pytest.raises(InputError, match="已停止"):
        start_plan(CLERK, store, plan_id, 9)


def test_missing_dates_ask_for_a_reason(small: PlanStreet):
    plan_id = small.save()
    warnings = publish_warnings(CLERK, small.store, plan_id)
    assert ["支委会决定日期" in warnings[0], "报上级日期" in warnings[1]] == [True, True]
    with pytest.raises(InputError, match="说明原因") as error:
        publish_plan(CLERK, small.store, plan_id, 1)
    assert len(error.value.faults) == 2
    with pytest.raises(InputError, match="200 字以内"):
        publish_plan(CLERK, small.store, plan_id, 1, "长" * 10_000)
    publish_plan(CLERK, small.store, plan_id, 1, "支委会已口头同意")
    found = small.open(plan_id)
    assert found.events[-1].reason == "支委会已口头同意"
    assert {issue.rule for issue in found.issues} == {"r04_decided", "r04_reported"}


def test_adopting_directly_leaves_a_published_plan(street: PlanStreet):
    run_id = adopt_groups(CLERK, street.store, street.propose())
    (head,) = list_plans(CLERK, street.store)
    assert (head.state, head.run_id, head.n_groups) == (PlanState.PUBLISHED, run_id, 3)
    assert street.open(head.id).events[-1].reason == "直接采用"
    assert len(list_groups(CLERK, street.store)) == 3


def test_a_plan_on_old_data_is_refused_with_both_versions_and_who_changed_them(street: PlanStreet):
    plan_id = street.save()
    _touch_data(street)
    assert _head(street, plan_id).is_stale
    with pytest.raises(StaleError, match=r"命令行 于 .* 导入数据") as error:
        publish_plan(CLERK, street.store, plan_id, 1, WHY)
    data_version = _head(street, plan_id).data_version
    assert (error.value.mine, error.value.theirs) == (data_version, data_version + 1)
    effect = refresh_plan(CLERK, street.store, plan_id, 1)
    assert not _head(street, plan_id).is_stale
    publish_plan(CLERK, street.store, plan_id, effect.version, WHY)


def test_somebody_else_published_first(street: PlanStreet):
    mine, theirs = street.save(name="我的"), street.save(name="他的")
    _publish(street, theirs)
    with pytest.raises(StaleError, match="采用编组方案"):
        publish_plan(CLERK, street.store, mine, 1, WHY)
    with pytest.raises(StaleError):
        publish_plan(CLERK, street.store, theirs, 1, WHY)
    with pytest.raises(InputError, match="已发布"):
        publish_plan(CLERK, street.store, theirs, 2, WHY)
    assert len(list_groups(CLERK, street.store)) == 3


def test_publishing_stops_the_plans_of_the_same_branches_and_keeps_the_others(street: PlanStreet):
    whole = street.save(name="全部")
    _publish(street, whole)
    part = save_plan(CLERK, street.store, street.propose(street.one), "一支部")
    _publish(street, part)
    head = _head(street, whole)
    assert (head.state, head.stopped_branch_ids) == (PlanState.PUBLISHED, (street.one,))
    assert street.open(whole).events[-1].kind is EventKind.SUPERSEDED
    assert sorted(one.branch for one in list_groups(CLERK, street.store)) == ["东风一支部"] * 2 + ["东风二支部"]
    other = save_plan(CLERK, street.store, street.propose(street.two), "二支部")
    _publish(street, other)
    head = _head(street, whole)
    assert (head.state, head.stopped_on) == (PlanState.STOPPED, street.store.today())
    assert [_head(street, one).state.is_in_force for one in (part, other)] == [True, True]


def test_stopping_a_partly_superseded_plan_leaves_the_newer_groups_alone(small: PlanStreet):
    whole = small.save(name="全部")
    _publish(small, whole)
    part = save_plan(CLERK, small.store, small.propose(small.one), "一支部")
    _publish(small, part)
    stop_plan(CLERK, small.store, whole, _head(small, whole).version, "停", stopped_on=small.store.today())
    assert {one.branch for one in list_groups(CLERK, small.store)} == {"东风一支部"}
    day = small.store.today() - timedelta(days=2)
    with pytest.raises(InputError, match="早于发布日期"):
        stop_plan(CLERK, small.store, part, _head(small, part).version, "停", stopped_on=day)


def test_hand_moves_are_marked_in_the_groups(small: PlanStreet):
    plan_id = small.save()
    effect = edit_plan(CLERK, small.store, plan_id, MoveMembers((small.first[3],), small.place(1)), 1)
    publish_plan(CLERK, small.store, plan_id, effect.version, WHY)
    with Session(small.store.engine) as session:
        rows = {seat.member_id: seat for seat in session.scalars(select(GroupMembershipRow))}
    moved = rows.pop(small.first[3])
    assert (moved.source.value, moved.reason) == ("manual", "由 命令行 手工调整")
    assert {seat.source.value for seat in rows.values()} == {"proposal"}


def _side_by_side(*acts: Callable[[], object]) -> list[str]:
    gate, ends = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            act()
            ends[number] = "done"
        except GisError as error:
            ends[number] = type(error).__name__

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(ends)


def test_two_publish_at_once_and_two_edit_at_once(street: PlanStreet):
    plan_id, store = street.save(), street.store
    edits = [
        lambda: edit_plan(CLERK, store, plan_id, MoveMembers((street.first[0],), street.place(1)), 1),
        lambda: edit_plan(CLERK, store, plan_id, MoveMembers((street.first[1],), street.place(1)), 1),
    ]
    assert _side_by_side(*edits) == ["StaleError", "done"]
    assert len(street.open(plan_id).steps) == 1
    ends = _side_by_side(*[lambda: publish_plan(CLERK, store, plan_id, 2, WHY)] * 2)
    assert ends == ["StaleError", "done"]
    assert len(list_groups(CLERK, store)) == 3


def test_a_plan_is_seen_by_those_whose_scope_covers_all_its_branches(street: PlanStreet):
    whole, part = street.save(name="全部"), street.save(street.two, name="二支部")
    mine, theirs = street.secretary(street.one), street.secretary(street.two)
    both = street.secretary(street.one, street.two)
    village = street.actor(Role.VILLAGE_SECRETARY, street.village)
    seen = {actor: [one.id for one in list_plans(actor, street.store)] for actor in (mine, theirs, both, village)}
    assert seen == {mine: [], theirs: [part], both: [part, whole], village: [part, whole]}
    assert open_plan(theirs, street.store, part).head.id == part


def _attempts(attacker: Actor, street: PlanStreet, p: PlanId) -> list[Callable[[], object]]:
    """Everything that one can try on a plan."""
    store, day = street.store, street.store.today()
    move = MoveMembers((street.second[0],), "")
    return [
        lambda: open_plan(attacker, store, p),
        lambda: preview_edit(attacker, store, p, move, 1),
        lambda: edit_plan(attacker, store, p, move, 1),
        lambda: undo_edit(attacker, store, p, 1),
        lambda: refresh_plan(attacker, store, p, 1),
        lambda: repair_plan(attacker, store, p, 1, seconds=1),
        lambda: rename_plan(attacker, store, p, "我的", 1),
        lambda: copy_plan(attacker, store, p, "我的"),
        lambda: discard_plan(attacker, store, p, 1),
        lambda: submit_plan(attacker, store, p, 1),
        lambda: send_back(attacker, store, p, 1, WHY),
        lambda: decide_plan(attacker, store, p, 1, day),
        lambda: report_plan(attacker, store, p, 1, day),
        lambda: publish_warnings(attacker, store, p),
        lambda: publish_plan(attacker, store, p, 1, WHY),
        lambda: start_plan(attacker, store, p, 1),
        lambda: stop_plan(attacker, store, p, 1, WHY, stopped_on=day),
        lambda: compare_plans(attacker, store, [p]),
        lambda: diff_plans(attacker, store, PlanVersion(p), PlanVersion(p, 0)),
        lambda: rerun_plan(attacker, store, p),
        lambda: save_plan(attacker, store, propose_groups(attacker, store, _REQUEST), "x", based_on=p),
    ]


def test_another_branchs_plan_cannot_be_reached(street: PlanStreet):
    whole, part = street.save(name="全部"), street.save(street.two)
    store, attacker = street.store, street.secretary(street.one)
    before = len(_audits(store))
    for attempt in (*_attempts(attacker, street, whole), *_attempts(attacker, street, part)):
        with pytest.raises(NotFoundError):
            attempt()
    with pytest.raises(DeniedError):
        save_plan(attacker, store, street.propose(), "别人的")
    assert len(_audits(store)) == before
    assert all(_head(street, one).version == 1 for one in (whole, part))


def _audits(store: Store) -> list[AuditRow]:
    with Session(store.engine) as session:
        return list(session.scalars(select(AuditRow)))


def test_a_plan_seating_somebody_elses_people_is_not_saved(small: PlanStreet):
    plan = small.propose(small.one)
    group = plan.groups[0]
    foreign = replace(group.seats[0], member_id=small.second[0])
    broken = replace(plan, groups=(replace(group, seats=(*group.seats, foreign)), *plan.groups[1:]))
    with pytest.raises(InputError, match="与数据库不符"):
        save_plan(small.secretary(small.one), small.store, broken, "x")


def test_a_plan_that_breaks_a_rule_is_not_adopted_directly(small: PlanStreet):
    plan = small.propose(small.one)
    group = next(one for one in plan.groups if len(one.seats) == 4)
    two = replace(plan, groups=(replace(group, seats=group.seats[:2], leader_id=group.seats[0].member_id),))
    with pytest.raises(InputError, match="不足 3 人"):
        adopt_groups(CLERK, small.store, two)
    assert list_plans(CLERK, small.store) == ()


@pytest.mark.parametrize("role", [Role.STREET_LEADER, Role.GROUP_LEADER, Role.SYS_ADMIN])
def test_roles_that_do_not_plan(small: PlanStreet, role: Role):
    plan_id, store = small.save(name="张三提的方案"), small.store
    actor = small.actor(role, small.one, small.two)
    for attempt in (
        lambda: edit_plan(actor, store, plan_id, MoveMembers((small.first[0],), ""), 1),
        lambda: publish_plan(actor, store, plan_id, 1, WHY),
        lambda: compare_plans(actor, store, [plan_id]),
        lambda: open_plan(actor, store, plan_id),
    ):
        with pytest.raises(DeniedError):
            attempt()
    if role is Role.STREET_LEADER:
        assert list_plans(actor, store) == ()
        _publish(small, plan_id)
        (head,) = list_plans(actor, store)
        assert (head.name, head.created_by, head.seated) == (f"方案 {plan_id}", "", NOT_TOLD)
    if role is Role.GROUP_LEADER:
        assert list_plans(actor, store) == ()
        _publish(small, plan_id)
        assert [one.id for one in list_plans(actor, store)] == [plan_id]
        assert open_plan(actor, store, plan_id).plan.groups


def test_the_audit_names_nobody(small: PlanStreet):
    plan_id = small.save(name="一0的方案")
    effect = edit_plan(CLERK, small.store, plan_id, MoveMembers((small.first[0],), small.place(1)), 1)
    undo_edit(CLERK, small.store, plan_id, effect.version)
    said = "".join(f"{audit.summary}{audit.details}" for audit in _audits(small.store))
    assert "一0" not in said
    assert "甲" not in said


def test_scenarios_side_by_side_and_their_difference(small: PlanStreet):
    a = small.save(name="甲案")
    _publish(small, a)
    b = copy_plan(CLERK, small.store, a, "乙案")
    version = refresh_plan(CLERK, small.store, b, 1).version
    edit_plan(CLERK, small.store, b, MoveMembers((small.first[0],), small.place(1)), version)
    one, other = compare_plans(CLERK, small.store, [a, b])
    assert (one.sizes, other.sizes) == ((5, 5, 4), (5, 5, 4))
    assert (one.kept, other.kept, other.moved) == (14, 13, 1)
    assert [(slice_.label, slice_.seated) for slice_ in one.by_branch] == [("东风一支部", 9), ("东风二支部", 5)]
    assert [(slice_.label, slice_.asked) for slice_ in one.by_age] == [("70–79 岁", 14)]
    assert one.scores.mean_walk_m < other.scores.mean_walk_m
    diff = diff_plans(CLERK, small.store, PlanVersion(a), PlanVersion(b))
    assert [(row.name, row.before, row.after) for row in diff.moved] == [("一0", "甲家", "乙家")]
    assert diff_plans(CLERK, small.store, PlanVersion(a), PlanVersion(b, 0)).is_empty
    with pytest.raises(NotFoundError, match="第 9 步"):
        diff_plans(CLERK, small.store, PlanVersion(a), PlanVersion(b, 9))


def test_a_scenario_is_worked_out_again_to_the_same_result(small: PlanStreet):
    plan_id = small.save()
    again = rerun_plan(CLERK, small.store, plan_id)
    assert (again.is_same, again.is_data_changed, again.data_changes) == (True, False, ())
    with small.store.reading(CLERK.scope) as reader:
        host = next(one for one in reader.hosts() if one.id == small.hosts[0])
        member = next(iter(reader.members()))
    with small.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([replace(member, max_walk_m=5000)])
    again = rerun_plan(CLERK, small.store, plan_id)
    assert (again.is_same, again.is_data_changed, again.diff.is_empty) == (True, True, True)
    assert "结果与保存时相同" in again.text
    with small.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_hosts([replace(host, capacity=0)])
    again = rerun_plan(CLERK, small.store, plan_id)
    assert (again.is_same, again.is_data_changed, len(again.data_changes)) == (False, True, 2)
    assert again.diff.closed
    assert "数据变动" in again.text
