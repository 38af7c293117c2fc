"""Facts about drawn ways that a reader can check in the head."""

from __future__ import annotations

import numpy as np
from shapely import LineString

from gis.spatial.network import build_network
from gis.spatial.paths import walk_paths


def path(lines, a, b):
    network = build_network(lines, node_crossings=False) if lines else None
    return walk_paths(network, np.array([a]), np.array([b]))[0]


def test_the_way_goes_round_the_corner_and_not_through_the_block():
    way = path([LineString([(0, 0), (100, 0), (100, 100)])], (10, 5), (95, 90))
    assert way.xy.tolist() == [[10, 5], [10, 0], [100, 0], [100, 90], [95, 90]]
    assert (way.length_m, way.is_estimated) == (5 + 90 + 90 + 5, False)


def test_the_way_back_is_the_way_turned_round():
    lines = [LineString([(0, 0), (100, 0), (100, 100)])]
    assert path(lines, (95, 90), (10, 5)).xy.tolist() == path(lines, (10, 5), (95, 90)).xy[::-1].tolist()


def test_of_two_parallel_streets_the_shorter_is_drawn():
    ring = [LineString([(0, 0), (0, 100), (100, 100), (100, 0)]), LineString([(0, 0), (100, 0)])]
    assert path(ring, (0, 0), (100, 0)).length_m == 100


def test_a_detour_far_outside_the_first_box_is_found():
    far = [LineString([(0, 0), (0, 3000), (50, 3000), (50, 0)])]
    way = path(far, (0, 0), (50, 0))
    assert (way.length_m, way.is_estimated) == (6050, False)


def test_without_a_street_the_way_is_straight_and_says_so():
    for lines in ([], [LineString([(5000, 0), (5100, 0)])]):
        way = path(lines, (0, 0), (30, 40))
        assert (way.xy.tolist(), way.length_m, way.is_estimated) == ([[0, 0], [30, 40]], 50, True)


def test_two_banks_without_a_bridge_are_joined_by_a_straight_estimate():
    banks = [LineString([(0, 0), (300, 0)]), LineString([(0, 50), (300, 50)])]
    assert path(banks, (100, -5), (100, 55)).is_estimated


def test_the_next_door_in_the_same_house_is_no_way_at_all():
    way = path([LineString([(0, 0), (100, 0)])], (50, 30), (50, 30))
    assert (way.length_m, way.is_estimated, len(way.xy)) == (0, False, 2)
