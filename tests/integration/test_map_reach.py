"""Walking areas, coverage and the next host on the map: what each role gets of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely
from sqlalchemy import text

from gis.errors import DeniedError, NotFoundError
from gis.model.access import Actor, Role, operator, scope_for
from gis.model.coverage import Reach
from gis.services.coverage_map import coverage_on_map
from gis.services.host_reach import HostReach, hosts_reach
from gis.services.next_host import NextHostRequest
from gis.services.next_map import next_on_map
from gis.services.walk_reach import Pace, ReachRequest, start_at, starts_on_map, walk_reach
from tests.integration.test_coverage import Street
from tests.integration.tiny_street import TinyStreet, at

if TYPE_CHECKING:
    from gis.model.ids import MemberId
    from gis.store.database import Store

CLERK = operator()
LEADER = Actor("ld", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
ADMIN = Actor("ad", Role.SYS_ADMIN, scope_for(Role.SYS_ADMIN, frozenset()))


@pytest.fixture
def tiny(sqlite_store: Store) -> TinyStreet:
    return TinyStreet(sqlite_store)


@pytest.fixture
def street(sqlite_store: Store) -> Street:
    return Street(sqlite_store)


def _keep_off_the_map(store: Store, member: MemberId, how: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE member SET map_precision = :how WHERE id = :id"), {"how": how, "id": member})


def test_areas_follow_the_road_and_count_what_is_within(tiny: TinyStreet):
    found = walk_reach(CLERK, tiny.store, ReachRequest(f"H{tiny.near}", Pace.ELDER))
    assert [(one.minutes, round(one.metres)) for one in found.rings] == [(5, 270), (10, 540), (15, 810)]
    assert [one.members for one in found.rings] == [5, 5, 5]  # at 0, 120, 150, 200 and 300 m; the host is at 100 m
    assert (found.members_of, found.is_estimated, [one.places for one in found.rings]) == (6, False, [1, 1, 1])
    five = shapely.from_wkb(found.rings[0].shape)
    assert five.covers(shapely.from_wkb(at(365)))
    assert not five.covers(shapely.from_wkb(at(400)))
    slow = walk_reach(CLERK, tiny.store, ReachRequest(f"H{tiny.near}", Pace.AGED))
    assert [round(one.metres) for one in slow.rings] == [180, 360, 540]
    everywhere = walk_reach(CLERK, tiny.store, ReachRequest())
    assert [one.members for one in everywhere.rings] == [5, 6, 6]  # the host at 1,500 m serves the one at 2,000 m
    assert [start.key for start in starts_on_map(CLERK, tiny.store)] == [f"H{tiny.near}", f"H{tiny.far}"]


def test_without_roads_areas_are_circles_and_say_so(tiny: TinyStreet):
    with tiny.store.engine.begin() as connection:
        connection.execute(text("DELETE FROM road"))
    found = walk_reach(CLERK, tiny.store, ReachRequest(f"H{tiny.near}", Pace.ELDER))
    assert (found.has_roads, found.is_estimated) == (False, True)
    assert [one.members for one in found.rings] == [4, 5, 5]  # 200 m straight count as 300 m


def test_who_sees_counts_only_gets_no_member_near_one_place_and_no_small_difference(tiny: TinyStreet):
    one = walk_reach(LEADER, tiny.store, ReachRequest(f"H{tiny.near}", Pace.ELDER))
    assert {(ring.members, ring.free_seats) for ring in one.rings} == {(None, None)}
    assert one.members_of is None
    for pace in Pace:
        rings = walk_reach(LEADER, tiny.store, ReachRequest("", pace)).rings
        assert {ring.members for ring in rings} <= {None, 4}  # 5 or 6 of 7 would tell the others
    nothing = walk_reach(ADMIN, tiny.store, ReachRequest())
    assert (nothing.members_of, {ring.free_seats for ring in nothing.rings}) == (None, {None})
    assert [start.label for start in starts_on_map(ADMIN, tiny.store)] == ["东风一支部党员中心户"] * 2


def test_a_place_that_has_gone_is_said(tiny: TinyStreet):
    for key in ("H99", "V1", "B7"):
        with pytest.raises(NotFoundError):
            walk_reach(CLERK, tiny.store, ReachRequest(key))
    with pytest.raises(NotFoundError):
        start_at(CLERK, tiny.store, "B7")


def test_a_gap_says_how_far_the_nearest_place_is_and_what_can_be_walked(street: Street):
    found = coverage_on_map(CLERK, street.store)
    gap = found.gaps[0]
    assert (gap.number, gap.label, gap.members, gap.nearest, gap.nearest_m) == (1, "青禾苑 1500幢", 1, "甲家", 1500)
    assert (gap.limit_m, gap.minutes, gap.needs_step_free) == (810, 28, 0)  # 0.9 m/s
    states = {state: sum(mark.states.get(state, 0) for mark in found.marks) for state in Reach}
    assert (states[Reach.FREE], states[Reach.NONE], states[Reach.ELSEWHERE]) == (4, 4, 1)
    assert (found.left_out, found.not_drawn) == ({"待定位": 1}, 0)


def test_nobody_is_drawn_more_exactly_than_allowed(street: Street):
    far = street.members[7]
    before = coverage_on_map(CLERK, street.store)
    assert [(gap.label, gap.at) for gap in before.gaps][-1] == ("青禾苑 3800幢", "building")
    _keep_off_the_map(street.store, far, "grid")
    rough = coverage_on_map(CLERK, street.store).gaps
    assert [(gap.at, gap.nearest_m, gap.nearest) for gap in rough if gap.is_rough] == [("grid", None, "")]
    _keep_off_the_map(street.store, far, "hidden")
    hidden = coverage_on_map(CLERK, street.store)
    assert len(hidden.gaps) == len(before.gaps) - 1
    assert (hidden.left_out["按本人意愿不显示"], hidden.not_drawn) == (1, 1)
    assert hidden.coverage.count == before.coverage.count


def test_who_sees_counts_only_gets_buildings_and_no_marks(street: Street):
    found = coverage_on_map(LEADER, street.store)
    assert (found.marks, found.gaps, found.left_out) == ((), (), {})
    assert len(found.out_of_reach) == found.coverage.buildings_of - found.coverage.buildings == 4
    with pytest.raises(DeniedError):
        coverage_on_map(ADMIN, street.store)


def test_the_next_host_stands_where_the_planner_says_with_those_it_gains(street: Street):
    found = next_on_map(CLERK, street.store, NextHostRequest(seats=3))
    first = found.in_turn[0]
    assert (first.host.label, first.host.more_seated, first.host.fewer_uncovered) == ("青禾苑 1550幢", 3, 3)
    assert sum(one.members for one in first.gained) == first.host.fewer_uncovered
    assert [round(ring.metres) for ring in first.rings] == [1080, 810, 540]
    assert shapely.from_wkb(first.rings[1].shape).covers(shapely.from_wkb(at(1500)))
    assert [spot.host for spot in found.in_turn] == list(found.answer.in_turn)
    with pytest.raises(DeniedError):
        next_on_map(LEADER, street.store)


def test_who_keeps_the_home_off_the_map_is_no_candidate_and_is_not_drawn(street: Street):
    _keep_off_the_map(street.store, street.members[5], "hidden")  # lives at 1,550 m
    found = next_on_map(CLERK, street.store, NextHostRequest(seats=3))
    labels = {spot.host.label for spot in (*found.in_turn, *found.alone)}
    assert "青禾苑 1550幢" not in labels
    first = found.in_turn[0]
    assert first.not_drawn == 1
    assert sum(one.members for one in first.gained) == first.host.fewer_uncovered - 1


def test_hosts_count_who_can_walk_there_whatever_their_group(tiny: TinyStreet):
    found = hosts_reach(CLERK, tiny.store)
    assert found[tiny.near] == HostReach(within=4, taken=0, free=12)  # not the one who needs help: it has steps
    assert found[tiny.far] == HostReach(within=1, taken=0, free=12)
    with pytest.raises(DeniedError):
        hosts_reach(LEADER, tiny.store)
