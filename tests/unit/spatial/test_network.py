"""Facts about the walking network that a reader can check in the head."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import LineString, MultiLineString, Point

from gis.spatial.distances import WalkOptions, walk_matrix
from gis.spatial.network import NOT_SNAPPED, build_network


def walk(lines, a, b, limit=5000.0, *, crossings=False, **options) -> float:
    network = build_network(lines, node_crossings=crossings)
    return float(walk_matrix(network, np.array([a]), np.array([b]), limit, WalkOptions(**options)).walk_m[0, 0])


CROSS = [LineString([(-100, 0), (100, 0)]), LineString([(0, -100), (0, 100)])]


def test_crossing_lines_are_a_bridge_in_osm_and_a_junction_in_an_office_layer():
    assert walk(CROSS, (-50, 0), (0, 50)) == np.inf
    assert walk(CROSS, (-50, 0), (0, 50), crossings=True) == pytest.approx(100)


def test_a_shared_vertex_is_a_junction():
    lines = [LineString([(-100, 0), (0, 0), (100, 0)]), LineString([(0, -100), (0, 0), (0, 100)])]
    network = build_network(lines, node_crossings=False)
    assert (len(network.node_xy), len(network.edge_m)) == (5, 4)
    assert walk(lines, (-50, 0), (0, 50)) == pytest.approx(100)


def test_an_end_that_stops_40_cm_short_is_joined_only_in_an_office_layer():
    lines = [LineString([(-300, 0), (300, 0)]), LineString([(0, 0.4), (0, 300)])]
    assert walk(lines, (-50, 0), (0, 50)) == np.inf
    assert walk(lines, (-50, 0), (0, 50), crossings=True) == pytest.approx(100, abs=0.05)
    lines[1] = LineString([(0, 0.7), (0, 300)])
    assert walk(lines, (-50, 0), (0, 50), crossings=True) == np.inf


def test_two_points_on_one_edge_walk_along_it():
    bent = [LineString([(0, 0), (100, 0), (100, 100)])]
    assert walk(bent, (20, 5), (90, 30)) == pytest.approx(5 + 80 + 30 + 10)


def test_a_river_without_a_bridge_is_not_crossed():
    banks = [LineString([(0, 0), (300, 0)]), LineString([(0, 50), (300, 50)])]
    assert walk(banks, (100, -5), (100, 55)) == np.inf
    assert walk([*banks, LineString([(300, 0), (300, 50)])], (100, -5), (100, 55)) == pytest.approx(
        5 + 200 + 50 + 200 + 5
    )


def test_the_shorter_of_two_parallel_ways_counts():
    ring = [LineString([(0, 0), (0, 100), (100, 100), (100, 0)]), LineString([(0, 0), (100, 0)])]
    assert walk(ring, (0, 0), (100, 0)) == pytest.approx(100)


def test_a_loop_is_walked_the_shorter_way_round():
    loop = [LineString([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)])]
    assert walk(loop, (50, 0), (0, 50)) == pytest.approx(100)


def test_the_limit_cuts():
    line = [LineString([(0, 0), (1000, 0)])]
    assert walk(line, (0, 0), (500, 0), limit=499.9) == np.inf
    assert walk(line, (0, 0), (500, 0), limit=500.1) == pytest.approx(500)


def test_far_from_every_path_the_distance_is_estimated_and_marked():
    network = build_network([LineString([(0, 0), (1000, 0)])], node_crossings=False)
    result = walk_matrix(network, np.array([[0.0, 300.0], [0.0, 10.0]]), np.array([[400.0, 0.0]]), 1000.0)
    assert result.walk_m[:, 0] == pytest.approx([750, 410])
    assert result.estimated[:, 0].tolist() == [True, False]


def test_without_a_network_everything_is_estimated():
    result = walk_matrix(None, np.array([[0.0, 0.0]]), np.array([[30.0, 40.0], [3000.0, 0.0]]), 1000.0)
    assert result.walk_m.tolist() == [[75.0, np.inf]]
    assert result.estimated.all()


def test_one_place_is_no_walk():
    assert walk([LineString([(0, 0), (1000, 0)])], (10, 90), (10, 90)) == 0


def test_a_point_leaves_a_scrap_of_path_for_the_street_nearby():
    lines = [LineString([(0, 0), (5000, 0)]), LineString([(100, 40), (130, 40)])]
    network = build_network(lines, node_crossings=False)
    assert network.is_island.tolist() == [False, True]
    snaps = network.snap(np.array([[110.0, 38.0], [110.0, 75.0], [110.0, 900.0]]))
    assert snaps.edge.tolist() == [0, 0, NOT_SNAPPED]
    assert network.snap(np.array([[110.0, 110.0]]), max_snap_m=100.0).edge.tolist() == [1]


def test_measures():
    lines = [MultiLineString([[(0, 0), (900, 0)], [(0, 500), (100, 500)]]), None, Point(3, 3), LineString()]
    network = build_network(lines, node_crossings=False)
    assert network.length_km == pytest.approx(1.0)
    assert network.largest_component_share == pytest.approx(0.9)


def test_an_empty_layer_is_no_network():
    network = build_network([], node_crossings=True)
    assert (network.length_km, network.largest_component_share) == (0.0, 0.0)
    assert walk_matrix(network, np.zeros((2, 2)), np.ones((3, 2)), 100.0).estimated.all()
    assert walk_matrix(None, np.zeros((0, 2)), np.ones((3, 2)), 100.0).walk_m.shape == (0, 3)
