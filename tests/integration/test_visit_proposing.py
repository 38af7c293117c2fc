"""A round of visits from who is due to the saved draft, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gis.errors import DeniedError, InputError, StaleError
from gis.model.access import Action, Actor, Role, scope_for
from gis.model.enums import VenueKind
from gis.model.territory import Venue
from gis.model.visits import Shift, TravelWay, Visitor
from gis.services.visits.check import check_visits
from gis.services.visits.document import visit_document
from gis.services.visits.proposing import HalfDay, TeamRequest, VisitRequest, adopt_visits, propose_visits
from tests.fixtures.visit_world import CLERK, VisitWorld, WorldSpec, make_world, point

if TYPE_CHECKING:
    from gis.services.visits.proposing import ProposedRound
    from gis.store.database import Store

DAY = date(2026, 12, 8)
PAIR = (Visitor("麦甲"), Visitor("麦乙"))
PAIRS = tuple(TeamRequest((Visitor(f"麦{n}"), Visitor(f"稻{n}"))) for n in "甲乙丙")


def ask(world: VisitWorld, **more: object) -> VisitRequest:
    """Ask for everybody of the village by three teams, for a moment."""
    usual: dict[str, object] = {"teams": PAIRS, "everyone": True, "seconds": 0.2}
    return VisitRequest(world.village, (DAY,), **(usual | more))  # type: ignore[arg-type]  # fields by name


def faults(store: Store, proposed: ProposedRound) -> list[tuple[str, str, str]]:
    """Return what the check finds."""
    document = visit_document(CLERK, store, proposed.round, proposed.status)
    return [(one.rule, one.where, one.message) for one in check_visits(CLERK, store, document)]


def visited(proposed: ProposedRound) -> list[int]:
    """Return all who are visited."""
    return [one.member_id for team in proposed.round.teams for stop in team.stops for one in stop.targets]


@pytest.mark.parametrize("ground", [WorldSpec(), WorldSpec(has_roads=False), WorldSpec(has_venue=False, seed=3)])
def test_everybody_is_planned_or_left_out_with_a_reason(store: Store, ground: WorldSpec) -> None:
    world = make_world(store, ground)
    proposed = propose_visits(CLERK, store, ask(world))
    left = [member for one in proposed.round.left_out for member in one.member_ids]
    assert sorted([*visited(proposed), *left]) == sorted(world.members)
    assert all(one.reason and one.code for one in proposed.round.left_out)
    assert proposed.scores["planned"] == len(visited(proposed))
    assert faults(store, proposed) == []


def test_without_roads_every_leg_is_said_to_be_estimated(store: Store) -> None:
    proposed = propose_visits(CLERK, store, ask(make_world(store, WorldSpec(has_roads=False))))
    moved = [stop for team in proposed.round.teams for stop in team.stops if stop.walk_m > 0]
    assert moved
    assert all(stop.is_estimated for stop in moved)
    assert any("估算" in one for one in proposed.warnings)


def test_without_a_place_to_start_the_team_begins_at_its_first_door(store: Store) -> None:
    proposed = propose_visits(CLERK, store, ask(make_world(store, WorldSpec(has_venue=False))))
    firsts = [team.stops[0] for team in proposed.round.teams if team.stops]
    assert firsts
    assert all(stop.walk_m == 0 for stop in firsts)
    assert any("第一户" in one for one in proposed.warnings)


def test_a_base_far_from_the_doors_does_not_leave_anybody_out(sqlite_store: Store) -> None:
    world = make_world(sqlite_store, WorldSpec(has_venue=False, share_windows=0))
    base = Venue(None, "禾田老村部", VenueKind.HOME_BRANCH_BASE, 40, point(20_000, 0), org_id=world.village)
    with sqlite_store.writing(CLERK, Action.IMPORT_DATA) as writer:
        (far,) = writer.save_venues([base])
    proposed = propose_visits(CLERK, sqlite_store, ask(world))
    assert proposed.status == "planned"
    assert any("从第一户出发" in one for one in proposed.warnings)
    assert faults(sqlite_store, proposed) == []
    asked = tuple(replace(one, start_venue_id=far) for one in PAIRS)
    meant = propose_visits(CLERK, sqlite_store, ask(world, teams=asked))
    assert {one.code for one in meant.round.left_out} == {"TOO_LONG"}
    assert faults(sqlite_store, meant) == []


def test_members_of_one_flat_are_one_stop(store: Store) -> None:
    world = make_world(store, WorldSpec(share_windows=0))
    proposed = propose_visits(CLERK, store, ask(world))
    with store.reading(CLERK.scope) as reader:
        homes = {one.id: one.residence for one in reader.members()}
    doors = []
    for stop in (stop for team in proposed.round.teams for stop in team.stops):
        rooms = {(h.building_id, h.unit_no, h.room_no) for one in stop.targets if (h := homes[one.member_id])}
        assert len(rooms) == 1
        doors += list(rooms)
    assert len(doors) == len(set(doors))
    assert len(doors) < len(visited(proposed))


def test_a_named_team_goes_and_who_is_excluded_is_said(store: Store) -> None:
    world = make_world(store, WorldSpec(share_windows=0))
    chosen = dict.fromkeys(world.members[:4], 2)
    out = world.members[-1]
    proposed = propose_visits(CLERK, store, ask(world, must_with=chosen, exclude=frozenset({out})))
    teams = {one.member_id: team.number for team in proposed.round.teams for s in team.stops for one in s.targets}
    assert {teams[member] for member in chosen if member in teams} == {2}
    assert [one.code for one in proposed.round.left_out if out in one.member_ids] == ["EXCLUDED"]
    assert faults(store, proposed) == []


def test_too_little_time_says_how_much_is_missing(store: Store) -> None:
    world = make_world(store, WorldSpec(members=40, buildings=12, share_windows=0))
    proposed = propose_visits(CLERK, store, ask(world, teams=PAIRS[:1], halves=(HalfDay.AM,)))
    assert proposed.status == "partial"
    assert {one.code for one in proposed.round.left_out} == {"TIME"}
    assert all("分钟" in one.reason or "排满" in one.reason for one in proposed.round.left_out)
    assert faults(store, proposed) == []


def test_a_time_of_ones_own_outside_every_half_day_is_the_reason(store: Store) -> None:
    world = make_world(store, WorldSpec(share_windows=0))
    with store.writing(CLERK, Action.EDIT_CARDS) as writer:
        card = writer.cards([world.members[0]])[world.members[0]]
        writer.save_card(replace(card, visit_from_min=12 * 60, visit_to_min=13 * 60))
    proposed = propose_visits(CLERK, store, ask(world))
    (left,) = [one for one in proposed.round.left_out if world.members[0] in one.member_ids]
    assert left.code == "OWN_WINDOW"
    assert "12:00—13:00" in left.reason
    assert faults(store, proposed) == []


def test_nobody_due_is_said_and_not_saved(store: Store) -> None:
    world = make_world(store, WorldSpec(members=3))
    asked = ask(world, everyone=False, kinds=())
    proposed = propose_visits(CLERK, store, asked)
    assert proposed.status == "nobody_due"
    with pytest.raises(InputError, match="没有要走访的人"):
        adopt_visits(CLERK, store, proposed.round)


def test_adopted_once_and_not_on_changed_data(store: Store) -> None:
    world = make_world(store, WorldSpec())
    proposed = propose_visits(CLERK, store, ask(world))
    number = adopt_visits(CLERK, store, proposed.round)
    with store.reading(CLERK.scope) as reader:
        kept = reader.visit_round(number)
    assert kept is not None
    assert [len(team.stops) for team in kept.teams] == [len(team.stops) for team in proposed.round.teams]
    with pytest.raises(StaleError):
        adopt_visits(CLERK, store, proposed.round)


def test_ways_and_parking_change_the_minutes_not_the_metres(store: Store) -> None:
    world = make_world(store, WorldSpec(members=5, share_windows=0))
    one = TeamRequest(PAIR)
    walked = propose_visits(CLERK, store, ask(world, teams=(one,)))
    driven = propose_visits(CLERK, store, ask(world, teams=(replace(one, way=TravelWay.CAR),)))
    assert walked.round.teams[0].stops[0].service_min == driven.round.teams[0].stops[0].service_min or visited(driven)
    assert driven.scores["travel_min"] != walked.scores["travel_min"]
    assert faults(store, driven) == []


def test_a_branch_secretary_plans_the_own_branch_only(store: Store) -> None:
    world = make_world(store, WorldSpec())
    own, other = world.branches
    secretary = Actor("书记", Role.BRANCH_SECRETARY, scope_for(Role.BRANCH_SECRETARY, frozenset({own})))
    proposed = propose_visits(secretary, store, replace(ask(world), org_id=own))
    with store.reading(CLERK.scope) as reader:
        mine = {one.id for one in reader.members([own])}
    assert set(visited(proposed)) <= mine
    with pytest.raises(DeniedError):
        propose_visits(secretary, store, replace(ask(world), org_id=other))
    leader = Actor("组长", Role.GROUP_LEADER, scope_for(Role.GROUP_LEADER, frozenset({own})))
    with pytest.raises(DeniedError):
        propose_visits(leader, store, replace(ask(world), org_id=own))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"days": ()}, "一天"),
        ({"teams": ()}, "小组"),
        ({"seconds": float("nan")}, "秒"),
        ({"must_with": {1: 9}}, "组号"),
        ({"teams": (TeamRequest(PAIR), TeamRequest(PAIR))}, "同一时间"),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(sqlite_store: Store, change: dict[str, object], said: str) -> None:
    world = make_world(sqlite_store, WorldSpec(members=3))
    with pytest.raises(InputError, match=said):
        propose_visits(CLERK, sqlite_store, replace(ask(world), **change))  # type: ignore[arg-type]  # fields by name


def test_the_same_visitors_may_go_in_two_teams_at_different_times(sqlite_store: Store) -> None:
    world = make_world(sqlite_store, WorldSpec(members=6))
    morning, afternoon = (Shift(DAY, 510, 660),), (Shift(DAY, 870, 1020),)
    teams = (TeamRequest(PAIR, shifts=morning), TeamRequest(PAIR, shifts=afternoon))
    assert propose_visits(CLERK, sqlite_store, ask(world, teams=teams)).status in ("planned", "partial")
