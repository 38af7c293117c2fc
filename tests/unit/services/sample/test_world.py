"""Laws of the made-up street, for seeds that nobody has tuned."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import shapely

from gis.model.enums import BuildingStatus, CommunityKind, MemberStatus, Precision
from gis.services.sample import _rows as rows
from gis.services.sample._chance import spread
from gis.services.sample._clerk import check_digit
from gis.services.sample._orgs import MAX_BRANCH, is_village, ordinal
from gis.services.sample._world import METRIC_EPSG, World, make_world, wkb
from gis.spatial.crs import metric_epsg, to_metric
from gis.spatial.network import build_network

SEEDS = (7, 19, 104)
AREA_KM2 = 24.0


@cache
def world_of(seed: int, members: int = 1366) -> World:
    return make_world(seed, members)


@pytest.fixture(params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return world_of(request.param)


def metric(shapes: list[bytes]) -> np.ndarray:
    return to_metric(np.array(shapely.from_wkb(shapes), dtype=object), METRIC_EPSG)


def test_the_street_has_the_figures_of_the_source(world: World):
    branches = [org for org in world.orgs if org.members]
    moving = [person for person in world.people if person.move]
    assert (len(world.people), len(moving), len(branches), len(world.communities)) == (1366, 110, 30, 13)
    assert Counter(c.kind for c in world.communities) == {
        CommunityKind.URBAN: 3,
        CommunityKind.DEMOLITION_VILLAGE: 5,
        CommunityKind.RESETTLEMENT: 5,
    }
    assert max(org.members for org in branches) <= MAX_BRANCH
    assert sum(person.age >= 60 for person in world.people) == 688
    assert sum(person.age >= 60 for person in moving) == 65
    assert max(person.age for person in moving) > 80
    assert all(is_village(world.orgs[person.branch]) for person in moving)


@pytest.mark.parametrize("members", [50, 60, 200, 3000])
def test_other_sizes_keep_their_proportions(members: int):
    world = world_of(3, members)
    sizes = [org.members for org in world.orgs if org.members]
    assert sum(sizes) == members == len(world.people)
    assert max(sizes) <= MAX_BRANCH
    assert sum(person.move is not None for person in world.people) == round(members * 110 / 1366)


def test_members_are_able_to_lead_to_host_and_to_wait(world: World):
    people = world.people
    assert sum(person.can_lead for person in people) >= 0.12 * len(people)
    assert 0.02 <= sum(p.status is MemberStatus.PROBATIONARY for p in people) / len(people) <= 0.06
    hosts = [people[host.person] for host in world.hosts]
    assert len(hosts) == len(set(hosts)) == 40
    assert all(host.status is MemberStatus.FULL and host.home and host.home.house for host in hosts)
    assert all(3 <= host.capacity <= 15 for host in world.hosts)
    assert len(world.venues) == 25
    homes = Counter(person.home.precision for person in people if person.move and person.home)
    assert homes[Precision.OUTSIDE] >= 1
    assert homes[Precision.BUILDING] >= 0.9 * 110


def test_no_phone_is_shared_and_no_operator_has_its_range(world: World):
    phones = [person.phone for person in world.people]
    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("154") and len(phone) == 11 for phone in phones)


def test_areas_tile(world: World):
    divisions, grids = rows.divisions_of(world), rows.grids_of(world)
    street, *communities = metric([d.shape or b"" for d in divisions])
    assert 0.96 * AREA_KM2 <= street.area / 1e6 <= 1.04 * AREA_KM2
    assert shapely.union_all(communities).symmetric_difference(street).area < 1
    assert sum(area.area for area in communities) == pytest.approx(street.area, abs=1)
    codes = np.array([grid.community_code for grid in grids])
    shapes = metric([grid.shape or b"" for grid in grids])
    for division, area in zip(divisions[1:], communities, strict=True):
        own = shapes[codes == division.code]
        assert shapely.union_all(own).symmetric_difference(area).area < 1
        assert sum(shape.area for shape in own) == pytest.approx(area.area, abs=1)
    assert all(grid.grid_code.startswith(grid.community_code) and len(grid.grid_code) == 15 for grid in grids)
    assert shapely.is_valid(shapes).all()


def test_every_building_stands_in_its_grid_and_in_no_other(world: World):
    grids = rows.grids_of(world)
    tree = shapely.STRtree(shapely.from_wkb([grid.shape for grid in grids]))
    houses = shapely.from_wkb([wkb(house.shape) for house in world.houses])
    found = tree.query(houses, predicate="within")
    codes = world.grid_codes()
    assert found.shape == (2, len(houses))
    assert [grids[at].grid_code for at in found[1]] == [codes[house.block] for house in world.houses]
    touching = shapely.STRtree(houses).query(houses, predicate="intersects")
    assert touching.shape[1] == len(houses)


def test_streets_are_one_network_that_the_barriers_cut(world: World):
    lines = [way.line for way in world.ways if way.is_walkable]
    for node_crossings in (False, True):
        network = build_network(lines, node_crossings=node_crossings)
        assert network.largest_component_share >= 0.98
        assert 150 <= network.length_km <= 260
    canal = next(way.line for way in world.ways if way.kind == "canal")
    crossings = sum(line.intersects(canal) for line in lines)
    assert 2 <= crossings <= 6


def test_homes_are_close_to_a_street(world: World):
    network = build_network([way.line for way in world.ways if way.is_walkable], node_crossings=True)
    homes = [house.shape.centroid for house in world.houses if house.status is BuildingStatus.STANDING]
    snaps = network.snap(shapely.get_coordinates(homes), max_snap_m=80)
    assert snaps.is_snapped.all()


def test_the_street_lies_in_the_zone_of_4549(world: World):
    west, south, east, north = shapely.bounds(shapely.from_wkb(rows.divisions_of(world)[0].shape))
    assert metric_epsg(west) == metric_epsg(east) == METRIC_EPSG
    assert 31.7 < south < north < 31.9


def test_the_same_seed_makes_the_same_street_and_another_makes_another():
    one, same, other = make_world(7, 200), make_world(7, 200), make_world(8, 200)
    assert rows.grids_of(one) == rows.grids_of(same) != rows.grids_of(other)
    assert [repr(p.name + p.phone + (p.home.text if p.home else "")) for p in one.people] == [
        repr(p.name + p.phone + (p.home.text if p.home else "")) for p in same.people
    ]


def test_shares_add_up():
    assert spread(10, [1, 1, 1]) == [4, 3, 3]
    assert spread(0, [2.0, 1.0]) == [0, 0]


def test_check_digit_is_that_of_the_standard():
    assert check_digit("11010519491231002") == "X"


def test_numbers_are_written_in_chinese():
    assert [ordinal(n) for n in (1, 9, 10, 11, 20, 34)] == ["一", "九", "十", "十一", "二十", "三十四"]
    assert all(a != b for a, b in pairwise(ordinal(n) for n in range(1, 100)))
