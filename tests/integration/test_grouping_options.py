"""What an office may ask for: places, frozen groups, numbers, mixing, companions, few moves; each is checked too."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from gis.cli.main import app
from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import HostStatus
from gis.model.plan import GroupingRequest, GroupingSettings
from gis.services.adopting import adopt_groups
from gis.services.grouping import propose_groups
from gis.services.plan_check import check_plan
from gis.services.plan_document import plan_document
from gis.services.plan_reading import request_of
from gis.services.plan_wishes import unmet_wishes
from gis.services.replan_bench import bench_replan
from gis.services.replanning import change_curve
from tests.integration.tiny_street import CLERK, TinyStreet, person

if TYPE_CHECKING:
    from gis.model.plan import GroupPlan, PlanProgress
    from gis.store.database import Store

REQUEST = GroupingRequest(seconds=10)


class TwoTeams(TinyStreet):
    """Six more members at 1,500 m, so that two groups can meet; two of them of the other branch."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        with store.writing(CLERK, Action.IMPORT_DATA) as writer:
            people = [
                person("东一", self.branch, 1400, is_leader_eligible=True),
                *(person(f"东{number}", self.branch, 1450 + 20 * number) for number in range(2, 5)),
                person("西一", self.other, 1450),
                person("西二", self.other, 1550),
            ]
            self.east = writer.save_members(people)


@pytest.fixture
def street(store: Store) -> TwoTeams:
    return TwoTeams(store)


def _plan(street: TinyStreet, **asked: Any) -> GroupPlan:
    """Plan and check at once: a plan that does not pass the check fails the test."""
    plan = propose_groups(CLERK, street.store, replace(REQUEST, **asked))
    document = json.loads(json.dumps(plan_document(plan)))
    assert [str(one) for one in check_plan(CLERK, street.store, document)] == []
    assert request_of(document) == replace(plan.request, branch_ids=plan.branch_ids)
    return plan


def _places(plan: GroupPlan) -> dict[str, list[str]]:
    return {group.place.key: sorted(seat.name for seat in group.seats) for group in plan.groups}


def test_a_forbidden_place_is_not_used(street: TwoTeams):
    assert set(_places(_plan(street))) == {f"H{street.near}", f"H{street.far}"}
    assert set(_places(_plan(street, forbidden_places=(f"H{street.near}",)))) == {f"H{street.far}"}


def test_a_required_place_that_nobody_can_fill_is_no_error(street: TwoTeams):
    with street.store.reading(CLERK.scope) as reader:
        host = next(one for one in reader.hosts() if one.id == street.far)
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (empty,) = writer.save_hosts([replace(host, id=None, capacity=0)])
    plan = _plan(street, required_places=(f"H{street.far}", f"H{empty}"))
    assert f"H{street.far}" in _places(plan)
    assert f"H{empty}" not in _places(plan)
    (said,) = unmet_wishes(plan, {f"H{empty}": "空屋"})
    assert said == "要求设组的地点没有设组：空屋（已证明没有方案能满足得更多）"
    few = _plan(street, settings=GroupingSettings(min_groups=9))
    assert unmet_wishes(few) == ("要求至少 9 个小组，只编成 2 个（已证明没有方案能满足得更多）",)
    assert unmet_wishes(_plan(street)) == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"required_places": ("H999",)}, "H999"),
        ({"required_places": ("H1",), "forbidden_places": ("H1",)}, "既排除"),
        ({"frozen_groups": (99,)}, "99"),
        ({"settings": GroupingSettings(allow_mixed=True)}, "上级党组织"),
        ({"settings": GroupingSettings(min_groups=3, max_groups=2)}, "下限"),
    ],
)
def test_what_contradicts_itself_is_refused(sqlite_store: Store, asked: dict[str, Any], said: str):
    with pytest.raises(InputError, match=said):
        _plan(TwoTeams(sqlite_store), **asked)


def test_only_so_many_groups(street: TwoTeams):
    plan = _plan(street, settings=GroupingSettings(max_groups=1))
    assert len(plan.groups) == 1
    assert plan.scores.seated == 5


def test_branches_are_mixed_by_decision_only(street: TwoTeams):
    assert {"西一", "西二"} <= {one.name for one in _plan(street).unseated}
    plan = _plan(street, settings=GroupingSettings(allow_mixed=True), mixed_reason="街道党工委第 3 次会议")
    group = next(one for one in plan.groups if one.place.host_id == street.far)
    assert {"西一", "西二"} <= {seat.name for seat in group.seats}
    assert group.branch_id == street.branch  # of the leader
    adopt_groups(CLERK, street.store, plan)
    with pytest.raises(InputError, match="东风二支部"):
        _plan(street, branch_ids=(street.branch,))


def test_companions_sit_together_or_not_at_all(street: TwoTeams):
    with street.store.writing(CLERK, Action.SET_CONDITIONS) as writer:
        writer.set_companions(street.members[1], [street.members[3]])  # 禾二 at 150 m, 禾四 at 2,000 m
    plan = _plan(street)
    assert {"禾二", "禾四"} <= {one.name for one in plan.unseated}


def test_a_frozen_group_stays_as_it_is(street: TwoTeams):
    adopt_groups(CLERK, street.store, _plan(street))
    with street.store.reading(CLERK.scope) as reader:
        groups = {group.host_id: group for group in reader.groups_in_force()}
        members = {one.id: one for one in reader.members()}
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        nearer = person("禾二", street.branch, 1000).residence
        assert nearer is not None
        writer.move(street.members[1], nearer)  # beyond the limit now
    near = groups[street.near]
    before = sorted(members[seat.member_id].name for seat in near.seats)
    frozen = _plan(street, frozen_groups=(near.id,))
    assert _places(frozen)[f"H{street.near}"] == before
    kept = next(one for one in frozen.groups if one.place.host_id == street.near)
    assert kept.leader_id == near.leader_id
    assert {seat.why for seat in kept.seats} == {"所在小组保持不变"}
    assert frozen.changes == ()
    assert _places(_plan(street)) != _places(frozen)


def test_more_groups_than_allowed_cannot_all_stay(street: TwoTeams):
    adopt_groups(CLERK, street.store, _plan(street))
    with street.store.reading(CLERK.scope) as reader:
        frozen = tuple(group.id for group in reader.groups_in_force([street.branch]))
    assert len(frozen) == 2
    with pytest.raises(InputError, match="要原样保留 2 个小组，而小组总数至多 1 个"):
        _plan(street, frozen_groups=frozen, settings=GroupingSettings(max_groups=1))


@pytest.mark.parametrize(
    ("name", "value"),
    [("min_size", 2), ("speed_m_s", 0.0), ("groups_per_place", 10**20), ("limit_m", 1e300), ("detour_factor", 0.5)],
)
def test_settings_that_cannot_be_meant_are_refused_with_their_bounds(street: TwoTeams, name: str, value: float):
    with pytest.raises(InputError, match=f"设置 {name} 应在") as error:
        _plan(street, settings=replace(GroupingSettings(), **{name: value}))  # type: ignore[arg-type]  # fields by name
    assert error.value.faults[0].field == name


def test_a_member_sent_to_a_host_and_left_out_is_told_so(street: TwoTeams):
    with street.store.reading(CLERK.scope) as reader:
        sent = [replace(one, locked_host_id=street.far) for one in reader.members() if one.id in street.east[:4]]
    with street.store.writing(CLERK, Action.SET_CONDITIONS) as writer:
        writer.save_members(sent)
    plan = _plan(street, settings=GroupingSettings(members_per_leader=3))
    (left,) = [one for one in plan.unseated if one.member_id in street.east[:4]]
    assert left.code == "LEADER_LOAD"
    assert left.reason.startswith("支部指定的中心户安排不下：")


def test_a_limit_stretched_far_is_measured_alike_when_one_with_another_wish_walks_farther(street: TwoTeams):
    with street.store.reading(CLERK.scope) as reader:
        wishful = next(one for one in reader.members() if one.name == "禾五")
    with street.store.writing(CLERK, Action.SET_CONDITIONS) as writer:
        writer.save_members([replace(wishful, max_walk_m=1900)])
    short = GroupingSettings(limit_m=0, limit_60_m=0, limit_80_m=0)
    plan = _plan(street, settings=short)  # checks what it says
    assert plan.groups == ()


def test_a_place_just_beyond_the_limit_is_too_far_for_the_check_as_well(street: TwoTeams):
    walks = [other.walk_m for group in _plan(street).groups for seat in group.seats for other in seat.alternatives]
    limit = max(walk for walk in walks if walk is not None and walk > 810) - 0.5
    plan = _plan(street, settings=GroupingSettings(limit_60_m=limit))
    others = [other for group in plan.groups for seat in group.seats for other in seat.alternatives]
    far = [other.walk_m or 0 for other in others if other.rule == "too_far"]
    assert any(limit < walk < limit + 1 for walk in far)


def test_the_fairest_plan_may_lose_metres_to_another(street: TwoTeams):
    fair = GroupingSettings(fair=True, limit_60_m=1600)
    plan = json.loads(json.dumps(plan_document(propose_groups(CLERK, street.store, replace(REQUEST, settings=fair)))))
    other = next(
        one for group in plan["groups"] for seat in group["members"] for one in seat["alternatives"] if not one["rule"]
    )
    other |= {"cost_known": True, "cost_seats": 0, "cost_m": -10}
    assert [one.rule for one in check_plan(CLERK, street.store, plan)] == []
    plan["request"]["settings"]["fair"] = False
    assert "ALTERNATIVE_COST" in [one.rule for one in check_plan(CLERK, street.store, plan)]


def test_a_group_that_cannot_stay_is_not_frozen(street: TwoTeams):
    adopt_groups(CLERK, street.store, _plan(street))
    with street.store.reading(CLERK.scope) as reader:
        group = next(one for one in reader.groups_in_force() if one.host_id == street.near)
        host = next(one for one in reader.hosts() if one.id == street.near)
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_hosts([replace(host, status=HostStatus.SUSPENDED)])
    with pytest.raises(InputError, match="已停用"):
        _plan(street, frozen_groups=(group.id,))
    plan = _plan(street)
    assert {one.why_forced for one in plan.changes} == {"原地点已停用"}
    assert {one.name for one in plan.changes} == {"禾一", "禾二", "禾三"}


def test_changes_are_counted_and_those_that_had_to_be_are_told(street: TwoTeams):
    assert _plan(street).changes == ()
    adopt_groups(CLERK, street.store, _plan(street))
    assert _plan(street).changes == ()
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        home = person("东四", street.branch, 1999).residence
        assert home is not None
        writer.move(street.east[3], home)
        writer.move(street.members[0], home)  # the leader in the west: the group there has nobody left to lead
    changes = {one.name: one.why_forced for one in _plan(street).changes}
    assert changes == {
        "禾一": "原地点已超过步行上限",
        "禾二": "原小组余下的人不足最低组员数",
        "禾三": "原小组余下的人不足最低组员数",
    }


def test_the_curve_has_fewer_changes_at_longer_walks(street: TwoTeams):
    with pytest.raises(NotFoundError, match="现行小组"):
        change_curve(CLERK, street.store, REQUEST)
    adopt_groups(CLERK, street.store, _plan(street))
    points = change_curve(CLERK, street.store, REQUEST)
    assert [(point.changes, point.forced_changes, point.seated) for point in points] == [(0, 0, 8)]


def test_progress_is_told_and_planning_ends_when_told_to(sqlite_store: Store):
    seen: list[PlanProgress] = []

    def watch(progress: PlanProgress) -> bool:
        seen.append(progress)
        return False

    plan = propose_groups(CLERK, TwoTeams(sqlite_store).store, REQUEST, watch)
    assert plan.scores.seated >= 0


def test_every_option_can_be_said_at_the_command_line(sqlite_url: str, tmp_path: Any):
    from gis.store.database import Store as Opened  # noqa: PLC0415  # the runner opens its own

    store = Opened.open(sqlite_url)
    street = TwoTeams(store)
    store.close()
    path = tmp_path / "plan.json"
    told = (
        f"--street --seconds 5 --groups 2 --fewest --fair --open-cost 50 --require h{street.far} --prefer H{street.far}"
    )
    told += f" --forbid H{street.near} --mixed 党工委决定 --max-branches 2 --members-per-leader 9 --change-cost 10"
    told += f" --set limit_m=900 --json {path} --adopt --db {sqlite_url}"
    done = CliRunner().invoke(app, ["plan", "groups", *told.split()])
    assert done.exit_code == 0, done.output
    request = json.loads(path.read_text(encoding="utf-8"))["request"]
    assert request["settings"]["min_groups"] == request["settings"]["max_groups"] == 2
    assert request["required_places"] == [f"H{street.far}"]
    assert request["mixed_reason"] == "党工委决定"
    done = CliRunner().invoke(app, ["plan", "check", str(path), "--db", sqlite_url])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(app, ["plan", "curve", "--street", "--json", "--db", sqlite_url])
    assert json.loads(done.stdout)[0]["changes"] >= 0
    done = CliRunner().invoke(app, ["plan", "groups", "--street", "--set", "min_groups=7", "--db", sqlite_url])
    assert "要求至少 7 个小组，只编成" in done.output
    done = CliRunner().invoke(app, ["plan", "groups", "--street", "--set", "nothing=1", "--db", sqlite_url])
    assert done.exit_code == 1


def test_few_moves_on_a_made_up_street():
    (result,) = bench_replan(CLERK, [1], seconds=10)
    assert result.moved == 6
    assert result.lost <= result.forced <= result.changes <= result.scratch_changes
    assert result.beyond <= 2
    assert result.is_possible or not result.is_met
