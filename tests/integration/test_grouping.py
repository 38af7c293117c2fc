"""From rows to an adopted plan, on both databases; and every rule of the check catches its own violation."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.plan import GroupingRequest, GroupingSettings
from gis.services.adopting import adopt_groups
from gis.services.grouping import propose_groups
from gis.services.plan_check import check_plan
from gis.services.plan_document import plan_document
from gis.store.schema import AuditRow, GroupMembershipRow, GroupRow, RunRow
from tests.integration.tiny_street import CLERK, TinyStreet

if TYPE_CHECKING:
    from gis.model.plan import GroupPlan
    from gis.store.database import Store

REQUEST = GroupingRequest(seconds=10)


@pytest.fixture
def street(store: Store) -> TinyStreet:
    return TinyStreet(store)


def _propose(street: TinyStreet, request: GroupingRequest = REQUEST) -> GroupPlan:
    return propose_groups(CLERK, street.store, request)


def _document(street: TinyStreet) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(plan_document(_propose(street))))
    return document


def test_near_members_are_seated_and_the_others_are_told_why(street: TinyStreet):
    plan = _propose(street)
    (group,) = plan.groups
    assert [(seat.name, round(seat.walk_m), seat.minutes) for seat in group.seats] == [
        ("禾二", 50, 1),
        ("禾一", 100, 2),
        ("禾三", 200, 4),
    ]
    assert group.place.host_id == street.near
    assert group.leader_id == street.members[0]
    assert {one.name: one.code for one in plan.unseated} == {
        "禾四": "TOO_FEW_NEAR",
        "禾五": "PREFERS_HOME_BRANCH",
        "禾六": "ONLY_NOT_STEP_FREE",
        "禾七": "NOT_LOCATED",
    }
    assert (plan.status, plan.gap, plan.is_estimated) == ("optimal", 0.0, False)
    assert plan.scores.seated == 3


def test_the_smallest_change_does_seat_the_member(street: TinyStreet):
    plan = _propose(street)
    help_wanted = next(one for one in plan.unseated if one.name == "禾六")
    assert help_wanted.smallest_change == "近禾家有无障碍通道"
    with street.store.reading(CLERK.scope) as reader:
        (near, _) = reader.hosts()
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_hosts([replace(near, is_step_free=True)])
    assert "禾六" in {seat.name for group in _propose(street).groups for seat in group.seats}


def test_without_roads_walks_are_straight_times_one_and_a_half_and_marked(street: TinyStreet):
    with street.store.reading(CLERK.scope) as reader:
        (road,) = reader.roads()
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_roads([replace(road, is_walkable=False)])
    plan = _propose(street)
    assert plan.is_estimated
    assert [round(seat.walk_m) for seat in plan.groups[0].seats] == [75, 150, 300]


def test_proposing_saves_nothing(street: TinyStreet):
    before = street.store.data_version()
    _propose(street)
    assert street.store.data_version() == before


def test_adopting_founds_groups_with_dates_and_one_audit_row(street: TinyStreet):
    run_id = adopt_groups(CLERK, street.store, _propose(street))
    with Session(street.store.engine) as session:
        (group,) = session.scalars(select(GroupRow))
        seats = session.scalars(select(GroupMembershipRow).order_by(GroupMembershipRow.member_id)).all()
        (run,) = session.scalars(select(RunRow))
        audit = session.scalars(select(AuditRow).where(AuditRow.action == "adopt_groups")).all()
        assert (group.run_id, group.valid_to, group.host_id) == (run_id, None, street.near)
        assert [seat.role.value for seat in seats] == ["leader", "member", "member"]
        assert all(seat.valid_from == group.valid_from and seat.valid_to is None for seat in seats)
        assert "'seated': 3" in str(run.document["scores"])
        assert len(audit) == 1
        assert "新建 1 个临时党小组" in audit[0].summary


def test_adopting_again_closes_what_it_replaces_and_keeps_the_history(street: TinyStreet):
    adopt_groups(CLERK, street.store, _propose(street))
    adopt_groups(CLERK, street.store, _propose(street))
    with Session(street.store.engine) as session:
        groups = session.scalars(select(GroupRow).order_by(GroupRow.id)).all()
        assert [group.valid_to is None for group in groups] == [False, True]
        assert len(session.scalars(select(GroupMembershipRow)).all()) == 6
    with street.store.reading(CLERK.scope) as reader:
        (in_force,) = reader.groups_in_force()
        assert len(in_force.seats) == 3


def test_a_plan_on_old_data_is_refused_and_nothing_is_saved(street: TinyStreet):
    plan = _propose(street)
    adopt_groups(CLERK, street.store, _propose(street))
    with pytest.raises(StaleError, match="重新测算"):
        adopt_groups(CLERK, street.store, plan)
    with Session(street.store.engine) as session:
        assert len(session.scalars(select(GroupRow)).all()) == 1


def test_a_secretary_plans_and_adopts_the_own_branch_only(street: TinyStreet):
    mine = Actor("zhibu", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({street.branch})))
    plan = propose_groups(mine, street.store, REQUEST)
    assert plan.branch_ids == (street.branch,)
    with pytest.raises(DeniedError, match="东风二支部"):
        propose_groups(mine, street.store, replace(REQUEST, branch_ids=(street.other,)))
    leader = Actor("lingdao", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
    with pytest.raises(DeniedError):
        propose_groups(leader, street.store, REQUEST)


def test_a_branch_without_transition_members_is_told_so(street: TinyStreet):
    with pytest.raises(NotFoundError, match="过渡期党员"):
        _propose(street, replace(REQUEST, branch_ids=(street.other,)))


def test_a_lock_is_kept_and_named(street: TinyStreet):
    with street.store.reading(CLERK.scope) as reader:
        member = next(one for one in reader.members() if one.name == "禾三")
    with street.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_members([replace(member, locked_host_id=street.far)])
    plan = _propose(street)
    left = {one.name: one.code for one in plan.unseated}
    assert left["禾三"] == "LOCK_GROUP"
    assert plan.groups == ()


def test_a_good_plan_passes_the_check(street: TinyStreet):
    assert check_plan(CLERK, street.store, _document(street)) == ()


def _two_members(plan: dict[str, Any]) -> None:
    plan["groups"][0]["members"].pop()


def _probationary_leader(plan: dict[str, Any]) -> None:
    plan["groups"][0]["leader"] = plan["groups"][0]["members"][0]["member"]


def _far_host(plan: dict[str, Any]) -> None:
    plan["groups"][0]["host"] += 1


def _shorter_walk(plan: dict[str, Any]) -> None:
    plan["groups"][0]["members"][2]["walk_m"] -= 20


def _quicker(plan: dict[str, Any]) -> None:
    plan["groups"][0]["members"][2]["minutes"] = 0


def _twice(plan: dict[str, Any]) -> None:
    plan["groups"][0]["members"].append(plan["groups"][0]["members"][0])


def _against_the_wish(plan: dict[str, Any]) -> None:
    wish = next(one for one in plan["unseated"] if one["code"] == "PREFERS_HOME_BRANCH")
    plan["unseated"].remove(wish)
    plan["groups"][0]["members"].append({"member": wish["member"], "walk_m": 100.0, "minutes": 2})


def _no_reason(plan: dict[str, Any]) -> None:
    plan["unseated"][0]["reason"] = ""


def _better_score(plan: dict[str, Any]) -> None:
    plan["scores"]["mean_walk_m"] -= 10


def _bound_above(plan: dict[str, Any]) -> None:
    plan["bound"] = plan["objective"] + 1


def _cheaper(plan: dict[str, Any]) -> None:
    plan["objective"] -= 100
    plan["bound"] -= 100


def _no_why(plan: dict[str, Any]) -> None:
    plan["groups"][0]["members"][0]["why"] = ""


def _invented_alternative(plan: dict[str, Any]) -> None:
    plan["groups"][0]["members"][0]["alternatives"][0]["walk_m"] = 1.0


def _wrong_code(plan: dict[str, Any]) -> None:
    far = next(one for one in plan["unseated"] if one["code"] == "TOO_FEW_NEAR")
    far["code"] = "CANNOT_LEAVE"


def _pair_by_setting(plan: dict[str, Any]) -> None:
    plan["request"]["settings"]["min_size"] = 1
    plan["groups"][0]["members"].pop()


def _nobody_asked(plan: dict[str, Any]) -> None:
    plan["request"]["branches"], plan["groups"], plan["unseated"] = [], [], []


def _unknown_host(plan: dict[str, Any]) -> None:
    plan["groups"][0]["host"] = 999


def _other_branch(plan: dict[str, Any]) -> None:
    plan["groups"][0]["branch_id"] += 1


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (_two_members, "R01_SIZE"),
        (_two_members, "MEMBER_MISSING"),
        (_probationary_leader, "R05_LEADER"),
        (_far_host, "WALK_LIMIT"),
        (_shorter_walk, "WALK_WRONG"),
        (_quicker, "MINUTES_WRONG"),
        (_twice, "MEMBER_TWICE"),
        (_against_the_wish, "NOT_TO_BE_SEATED"),
        (_no_reason, "NO_REASON"),
        (_better_score, "SCORE_WRONG"),
        (_bound_above, "BOUND"),
        (_cheaper, "OBJECTIVE_WRONG"),
        (_no_why, "NO_REASON"),
        (_invented_alternative, "ALTERNATIVE_WRONG"),
        (_wrong_code, "CODE_WRONG"),
        (_pair_by_setting, "R01_SIZE"),
        (_nobody_asked, "MEMBER_MISSING"),
        (_unknown_host, "PLACE_UNKNOWN"),
        (_other_branch, "ONE_BRANCH"),
    ],
)
def test_the_check_names_what_was_spoiled(sqlite_store: Store, spoil: Any, rule: str):
    street = TinyStreet(sqlite_store)
    plan = copy.deepcopy(_document(street))
    spoil(plan)
    assert rule in {one.rule for one in check_plan(CLERK, street.store, plan)}


SPOKEN_OF = {
    "": {"status", "objective", "bound", "gap", "seconds", "groups", "unseated", "scores"},
    "groups": {"id", "host", "venue", "branch", "leader", "members"},
    "members": {"member", "walk_m", "minutes", "why", "alternatives"},
    "alternatives": {"host", "walk_m", "why_not"},
    "unseated": {"member", "reason", "smallest_change"},
}


def _stripped(item: Any, name: str = "") -> Any:
    if isinstance(item, list):
        return [_stripped(one, name) for one in item]
    if isinstance(item, dict) and name in SPOKEN_OF:
        return {key: _stripped(value, key) for key, value in item.items() if key in SPOKEN_OF[name]}
    return item


def test_a_plan_with_the_documented_keys_only_is_checked_as_well(sqlite_store: Store):
    street = TinyStreet(sqlite_store)
    plan = _stripped(_document(street))
    assert check_plan(CLERK, street.store, plan) == ()
    plan["groups"][0]["members"].pop()
    assert {"R01_SIZE", "MEMBER_MISSING"} <= {one.rule for one in check_plan(CLERK, street.store, plan)}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("groups",), None),
        (("groups", 0), "x"),
        (("groups", 0, "members"), None),
        (("groups", 0, "leader"), None),
        (("groups", 0, "host"), "x"),
        (("groups", 0, "members", 0, "walk_m"), "far"),
        (("groups", 0, "members", 0, "minutes"), None),
        (("groups", 0, "members", 0, "member"), True),
        (("groups", 0, "members", 0, "alternatives"), 5),
        (("unseated", 0, "member"), None),
        (("unseated",), {}),
        (("scores",), []),
        (("scores", "seated"), "all"),
        (("objective",), float("nan")),
        (("request",), 1),
        (("request", "settings", "limit_m"), "x"),
        (("request", "branches"), "x"),
        (("request", "seconds"), "long"),
        (("request", "seed"), []),
        (("request", "settings", "speed_m_s"), 0),
        (("gap",), "small"),
        (("unseated_penalty",), [None]),
        (("data_version",), "H"),
        (("changes",), "none"),
        (("changes",), [1]),
        (("groups", 0, "members", 0, "alternatives"), [None]),
        (("groups", 0, "members", 0, "alternatives", 0, "walk_m"), "V-1"),
        (("groups", 0, "members", 0, "alternatives", 0, "rule"), {}),
        (("unseated", 0, "code"), {}),
        (("unseated", 0, "changes"), [{"host": {}}]),
        (("unseated", 0, "changes"), [{"member": [None]}]),
    ],
)
def test_a_spoiled_shape_is_said_with_its_place(sqlite_store: Store, path: tuple[Any, ...], value: Any):
    street = TinyStreet(sqlite_store)
    plan = _document(street)
    item: Any = plan
    for step in path[:-1]:
        item = item[step]
    item[path[-1]] = value
    with pytest.raises(InputError, match="不是方案文件"):
        check_plan(CLERK, street.store, plan)


def test_something_else_is_not_a_plan(sqlite_store: Store):
    with pytest.raises(InputError, match="不是方案文件"):
        check_plan(CLERK, sqlite_store, {"hello": 1})


def test_capacity_counts_the_groups_of_other_branches(sqlite_store: Store):
    street = TinyStreet(sqlite_store)
    adopt_groups(CLERK, street.store, _propose(street, replace(REQUEST, branch_ids=(street.branch,))))
    with street.store.reading(CLERK.scope) as reader:
        assert reader.seats_taken() == {("host", street.near): 3}
        assert reader.seats_taken(except_branches=[street.branch]) == {}


def test_settings_narrow_the_limits(sqlite_store: Store):
    street = TinyStreet(sqlite_store)
    plan = _propose(street, replace(REQUEST, settings=GroupingSettings(limit_60_m=120.0)))
    assert plan.groups == ()
    assert {one.code for one in plan.unseated} >= {"TOO_FEW_NEAR", "NO_HOST_IN_REACH"}
