"""Editing a saved plan by hand: what each edit does and says, undoing, repairing, and data that change meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.model.enums import HostStatus, Preference
from gis.model.ids import MemberId
from gis.model.plans import (
    ChangeLeader,
    ChangePlace,
    IssueLevel,
    MergeGroups,
    MoveMembers,
    SplitGroup,
    StepKind,
    SwapMembers,
)
from gis.services.plan_check import check_plan
from gis.services.plan_document import plan_document
from gis.services.plan_editing import edit_plan, preview_edit, redo_edit, refresh_plan, repair_plan, undo_edit
from gis.services.plan_life import publish_plan, publish_warnings
from tests.integration.plan_street import CLERK, PlanStreet
from tests.integration.tiny_street import person

if TYPE_CHECKING:
    from gis.model.ids import PlanId
    from gis.model.plans import Edit, EditEffect
    from gis.store.database import Store


class Editing:
    """One draft of the street under editing; `version` follows."""

    def __init__(self, store: Store) -> None:
        self.street = PlanStreet(store)
        self.store, self.version = store, 1
        self.id: PlanId = self.street.save()

    def do(self, edit: Edit) -> EditEffect:
        effect = edit_plan(CLERK, self.store, self.id, edit, self.version)
        self.version = effect.version
        return effect

    def undo(self) -> EditEffect:
        effect = undo_edit(CLERK, self.store, self.id, self.version)
        self.version = effect.version
        return effect

    def sizes(self) -> dict[str, int]:
        return {group.id: len(group.seats) for group in self.street.open(self.id).plan.groups}

    def rules(self) -> list[tuple[str, IssueLevel]]:
        return [(issue.rule, issue.level) for issue in self.street.open(self.id).issues]

    def places(self) -> dict[str, str]:
        return {group.id: group.place.label for group in self.street.open(self.id).plan.groups}


@pytest.fixture
def both(store: Store) -> Editing:
    return Editing(store)


@pytest.fixture
def draft(sqlite_store: Store) -> Editing:
    return Editing(sqlite_store)


def test_a_move_says_what_it_does_to_walks_and_sizes_before_and_after(both: Editing):
    street = both.street
    edit = MoveMembers((street.first[3],), street.place(1))
    shown = preview_edit(CLERK, both.store, both.id, edit, 1)
    assert shown.text == "一3：甲家（步行 80 米） → 乙家（步行 220 米）"
    assert [(one.group_id, one.before, one.after) for one in shown.sizes] == [("G1", 5, 4), ("G2", 4, 5)]
    assert shown.after.mean_walk_m - shown.before.mean_walk_m == pytest.approx(140 / 14, abs=0.1)
    assert [one.rule for one in shown.new_issues + shown.solved_issues] == ["size_small", "size_small"]
    assert both.sizes() == {"G1": 5, "G2": 4, "G3": 5}  # nothing is saved
    done = both.do(edit)
    assert (done.after, done.version) == (shown.after, 2)
    found = street.open(both.id)
    assert found.plan.scores == done.after
    assert found.hand_set == ((street.first[3], "命令行"),)
    (seat,) = [seat for group in found.plan.groups for seat in group.seats if seat.member_id == street.first[3]]
    assert seat.why == "由 命令行 手工调整"


def test_every_broken_rule_is_named(draft: Editing):
    street = draft.street
    effect = draft.do(MoveMembers((street.frail,), street.place(1)))
    (issue,) = [one for one in effect.new_issues if one.level is IssueLevel.BLOCK]
    assert (issue.rule, issue.member_id, issue.group_id) == ("step_free", street.frail, "G2")
    draft.do(MoveMembers(tuple(street.first), street.place(3)))
    rules = draft.rules()
    assert ("capacity", IssueLevel.BLOCK) in rules
    assert ("min_size", IssueLevel.BLOCK) in rules
    assert ("walk_limit", IssueLevel.WARN) in rules  # a walk chosen by hand is a decision, as a lock is
    assert street.open(draft.id).head.n_violations == sum(level is IssueLevel.BLOCK for _, level in rules)
    with pytest.raises(InputError, match="不能发布"):
        publish_plan(CLERK, draft.store, draft.id, draft.version, "试")


def test_a_walk_beyond_the_limit_chosen_by_hand_asks_for_a_reason(draft: Editing):
    street = draft.street
    draft.do(MoveMembers((street.first[0],), street.place(2)))
    assert [(rule, level) for rule, level in draft.rules() if rule == "walk_limit"] == [("walk_limit", IssueLevel.WARN)]
    draft.undo()
    far = MoveMembers(tuple(street.second), street.place(0))
    draft.do(far)
    assert {rule for rule, _ in draft.rules()} >= {"walk_limit"}
    assert any("超过本人上限 810 米" in text for text in publish_warnings(CLERK, draft.store, draft.id))


def test_each_kind_of_edit(draft: Editing):
    street, near, second, third = draft.street, *(draft.street.place(n) for n in (0, 1, 2))
    draft.do(SwapMembers(street.first[2], street.first[5]))
    found = street.open(draft.id)
    assert (street.place_of(found, street.first[2]), street.place_of(found, street.first[5])) == (second, near)
    draft.do(SplitGroup("G1", (street.first[0], street.first[1], street.frail), third))
    assert draft.sizes() == {"G1": 2, "G2": 4, "G3": 5, "G4": 3}  # the second branch meets there too
    draft.do(ChangePlace("G4", street.place(3)))
    assert draft.places()["G4"] == "丁家"
    draft.do(MergeGroups(("G1", "G4"), near))
    assert draft.sizes() == {"G1": 5, "G2": 4, "G3": 5}
    draft.do(ChangeLeader("G3", street.second[0]))
    found = street.open(draft.id)
    assert [group.leader_id for group in found.plan.groups][2] == street.second[0]
    assert [step.kind.value for step in found.steps] == ["swap", "split", "place", "merge", "leader"]
    assert found.steps[1].text == "G1 分出 3 人到丙家：一0、一1、需扶"
    draft.do(MoveMembers((street.first[4],), ""))
    found = street.open(draft.id)
    (left,) = [one for one in found.plan.unseated if one.member_id == street.first[4]]
    assert (left.code, left.reason) == ("BY_HAND", "由 命令行 手工移出小组")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda s: MoveMembers((s.second[0],), "G1"), "一个小组只编同一支部的党员"),
        (lambda s: MoveMembers((s.first[0],), "G9"), "没有小组 G9"),
        (lambda s: MoveMembers((s.first[0],), "H99"), "没有可用的活动地点 H99"),
        (lambda _: MoveMembers((MemberId(999),), "G1"), "编号为 999 的党员不参加"),
        (lambda _: MoveMembers((), "G1"), "请选择"),
        (lambda s: SwapMembers(s.first[0], s.first[1]), "没有变化"),
        (lambda s: SplitGroup("G1", (s.first[7],), s.place(2)), "本组的一部分组员"),
        (lambda s: SplitGroup("G1", (s.first[0],), s.place(1)), "那里已有本支部的小组"),
        (lambda _: MergeGroups(("G1",)), "两个以上"),
        (lambda _: MergeGroups(()), "两个以上"),
        (lambda _: MergeGroups(("G1", "G3")), "不同支部"),
        (lambda s: ChangePlace("G1", s.place(0)), "已经在这里"),
        (lambda s: ChangePlace("G1", s.place(1)), "可以并组"),
        (lambda _: ChangePlace("G1", ""), "没有可用的活动地点"),
        (lambda s: ChangeLeader("G1", s.first[7]), "须是本组组员"),
        (lambda s: ChangeLeader("G1", s.first[2]), "已经是本组组长"),
    ],
)
def test_what_cannot_be_meant_is_refused(draft: Editing, edit, words: str):
    with pytest.raises((InputError, NotFoundError), match=words):
        draft.do(edit(draft.street))
    assert draft.street.open(draft.id).steps == ()


def test_undo_and_redo_across_sessions_and_users(both: Editing):
    street, store = both.street, both.store
    other = street.secretary(street.one, street.two, name="wang")
    before = street.open(both.id).plan
    both.do(MoveMembers((street.first[3],), street.place(1)))
    both.do(MoveMembers((street.first[2],), street.place(1)))
    moved = street.open(both.id).plan
    with pytest.raises(StaleError) as error:
        undo_edit(other, store, both.id, 1)
    assert (error.value.mine, error.value.theirs) == (1, 3)
    assert "命令行" in str(error.value)
    effect = undo_edit(other, store, both.id, 3)
    assert effect.text == "撤销：一2：甲家（步行 20 米） → 乙家（步行 280 米）"
    effect = undo_edit(other, store, both.id, effect.version)
    found = street.open(both.id)
    assert (found.plan, found.hand_set) == (before, ())
    assert [step.is_applied for step in found.steps] == [False, False]
    with pytest.raises(InputError, match="没有可以撤销"):
        undo_edit(other, store, both.id, effect.version)
    version = redo_edit(CLERK, store, both.id, effect.version).version
    version = redo_edit(CLERK, store, both.id, version).version
    assert street.open(both.id).plan.groups == moved.groups
    both.version = undo_edit(other, store, both.id, version).version
    both.do(ChangeLeader("G3", street.second[0]))  # a new step: what was undone cannot be redone
    assert [step.kind for step in street.open(both.id).steps] == [StepKind.MOVE, StepKind.LEADER]
    with pytest.raises(InputError, match="没有可以恢复"):
        redo_edit(other, store, both.id, both.version)


def test_repair_keeps_what_was_set_by_hand_and_seats_the_rest(both: Editing):
    street = both.street
    both.do(MoveMembers((street.first[0], street.first[1], street.first[2]), street.place(2)))
    both.do(ChangeLeader("G3", street.second[3]))
    assert ("min_size", IssueLevel.BLOCK) in both.rules()
    effect = repair_plan(CLERK, both.store, both.id, both.version, seconds=5)
    found = street.open(both.id)
    assert {street.place_of(found, one) for one in street.first[:3]} == {street.place(2)}
    assert not found.is_blocked
    assert [group.leader_id for group in found.plan.groups if group.id == "G3"] == [street.second[3]]
    assert effect.after.seated == 14
    assert effect.text.startswith("自动补齐：保留手工设定 4 人")
    both.version = effect.version
    with pytest.raises(InputError, match="方案不变"):
        repair_plan(CLERK, both.store, both.id, both.version, seconds=5)
    for seconds in (-1.0, float("nan"), 1e9):
        with pytest.raises(InputError, match="计算时间"):
            repair_plan(CLERK, both.store, both.id, both.version, seconds=seconds)
    assert both.undo().text.startswith("撤销：自动补齐")


def test_repair_leaves_out_who_was_taken_out_and_keeps_even_what_breaks_a_rule(draft: Editing):
    street = draft.street
    draft.do(MoveMembers((street.frail,), street.place(1)))
    draft.do(MoveMembers((street.first[7],), ""))
    draft.do(MoveMembers((street.first[4], street.first[5], street.first[6]), street.place(0)))
    effect = repair_plan(CLERK, draft.store, draft.id, draft.version, seconds=5)
    found = street.open(draft.id)
    assert street.place_of(found, street.frail) == street.place(1)
    assert street.place_of(found, street.first[7]) == ""
    assert "不符合规则的有 1 人（需扶" in effect.text


def test_members_and_places_that_go_are_named_and_leave_on_refreshing(both: Editing):
    street, store = both.street, both.store
    both.do(MoveMembers((street.first[3],), street.place(1)))
    with store.reading(CLERK.scope) as reader:
        members = {one.id: one for one in reader.members()}
        hosts = {one.id: one for one in reader.hosts()}
    with store.writing(CLERK, Action.IMPORT_DATA) as writer:
        gone = replace(members[street.first[3]], preference=Preference.HOME_BRANCH, residence=None, transition=None)
        writer.save_members([gone])
        host = hosts[street.hosts[2]]
        writer.save_hosts([replace(host, status=HostStatus.SUSPENDED)])
        writer.save_members([person("新来", street.one, 200)])
    found = street.open(both.id)
    assert found.head.is_stale
    assert {issue.rule for issue in found.issues} >= {"member_gone", "place_gone", "members_new"}
    assert found.plan.scores.seated == 8
    effect = refresh_plan(CLERK, store, both.id, both.version)
    both.version = effect.version
    found = street.open(both.id)
    assert not found.head.is_stale
    assert {issue.rule for issue in found.issues} == {"members_new", "size_small"}
    with pytest.raises(InputError, match="最新数据"):
        refresh_plan(CLERK, store, both.id, both.version)
    effect = repair_plan(CLERK, store, both.id, both.version, seconds=5)
    assert effect.after.seated > 8
    both.version = effect.version
    both.undo()
    both.undo()
    assert street.open(both.id).head.is_stale  # as it was before refreshing


def test_an_edited_plan_passes_the_independent_check(draft: Editing):
    street = draft.street
    draft.do(MoveMembers((street.first[3],), street.place(1)))
    draft.do(ChangeLeader("G3", street.second[0]))
    found = street.open(draft.id)
    assert found.plan.status == "edited"
    assert check_plan(CLERK, draft.store, plan_document(found.plan)) == ()


def test_a_seat_that_no_way_leads_to_is_named(sqlite_store: Store):
    street = PlanStreet(sqlite_store)
    with sqlite_store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (far,) = writer.save_members([person("远", street.one, 60_000, is_leader_eligible=True)])
    plan_id = street.save()
    effect = edit_plan(CLERK, sqlite_store, plan_id, MoveMembers((far,), street.place(0)), 1)
    assert [issue.rule for issue in effect.new_issues] == ["reachable"]
    assert "走不到" in effect.text
    found = street.open(plan_id)
    (seat,) = [seat for group in found.plan.groups for seat in group.seats if seat.member_id == far]
    assert (seat.walk_m, seat.minutes) == (float("inf"), 0)
    assert found.plan.scores.longest_walk_m == 300
