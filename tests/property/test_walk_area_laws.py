"""Laws of walking areas and of the way to the nearest place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.spatial.distances import walk_matrix
from gis.spatial.nearest_walks import nearest_walks
from gis.spatial.network import build_network
from gis.spatial.walk_areas import BESIDE_M, walk_areas
from tests.property.test_walk_laws import EASY, POINTS, STREETS, street_lines

LIMIT = st.floats(20, 700)
FAR = st.tuples(st.integers(-900, 1500), st.integers(-900, 1500)).map(lambda p: (p[0] + 0.1379, p[1] + 0.2917))


def on_the_roads(network):
    """Points every metre or so along every edge."""
    points = [
        shapely.line_interpolate_point(line, np.arange(0.5, length, 1.0))
        for line, length in zip(network.edge_lines, network.edge_m, strict=True)
    ]
    return shapely.get_coordinates(np.concatenate(points))


@EASY
@given(STREETS, POINTS, LIMIT)
def test_every_point_of_a_road_within_the_limit_is_inside_and_no_more_road_is_counted(cells, places, limit):
    network = build_network(street_lines(cells), node_crossings=False)
    if network.is_island.any():  # a point on one counts from the proper road beside it
        return
    (area,) = walk_areas(network, np.array(places), [limit])
    points = on_the_roads(network)
    way = nearest_walks(network, np.array(places), points, 1e6)
    slack = 0.5 if area.is_estimated else 0  # the corners of a circle
    assert shapely.covers(shapely.buffer(area.shape, slack), shapely.points(points[way <= limit])).all()
    pairs = np.sort(np.stack([network.edge_from, network.edge_to]), axis=0)
    if not area.is_estimated and len(np.unique(pairs, axis=1).T) == len(
        pairs.T
    ):  # of two lines in one place one counts
        crossings = 4 * len(network.edge_m)  # half a metre at both ends of a part
        assert area.road_m == pytest.approx((way <= limit).sum(), abs=crossings)


@EASY
@given(STREETS, POINTS, st.lists(LIMIT, min_size=2, max_size=4).map(sorted))
def test_areas_grow_with_the_limit_and_stay_inside_the_circles(cells, places, limits):
    network = build_network(street_lines(cells), node_crossings=False)
    areas = walk_areas(network, np.array(places), limits)
    for small, large in pairwise(areas):
        assert shapely.area(shapely.difference(small.shape, shapely.buffer(large.shape, 0.6))) == pytest.approx(
            0, abs=1e-6
        )
        assert small.road_m <= large.road_m + 0.01
    for area in areas:
        circles = shapely.union_all(shapely.buffer(shapely.points(places), area.limit_m + BESIDE_M + 1, quad_segs=64))
        assert shapely.convex_hull(circles).buffer(0.01).covers(area.shape)
        if len(places) == 1:
            assert circles.covers(area.shape)


@EASY
@given(STREETS, POINTS, LIMIT, st.floats(-5e5, 5e5), st.floats(-4e6, 4e6))
def test_moving_the_map_moves_the_area(cells, places, limit, dx, dy):
    shift = np.rint([dx, dy])
    lines = street_lines(cells)
    moved = [shapely.LineString(np.array(line.coords) + shift) for line in lines]
    (here,) = walk_areas(build_network(lines, node_crossings=False), np.array(places), [limit])
    (there,) = walk_areas(build_network(moved, node_crossings=False), np.array(places) + shift, [limit])
    back = shapely.transform(there.shape, lambda xy: xy - shift)
    assert there.road_m == pytest.approx(here.road_m, abs=0.01)
    assert shapely.area(shapely.symmetric_difference(here.shape, back)) <= 1 + 1e-3 * shapely.area(here.shape)


@EASY
@given(STREETS, POINTS, st.lists(FAR, min_size=1, max_size=6), LIMIT)
def test_the_nearest_place_is_the_least_of_the_table(cells, places, points, limit):
    network = build_network(street_lines(cells), node_crossings=False)
    for some, others in ((places, points), (points, places), (places, places)):
        a, b = np.array(some), np.array(others)
        for roads in (network, None):
            table = walk_matrix(roads, a, b, limit).walk_m
            assert nearest_walks(roads, a, b, limit) == pytest.approx(table.min(axis=0), abs=1e-6)


def test_without_roads_an_area_is_a_circle_of_the_straight_way():
    (area,) = walk_areas(None, np.array([[0.0, 0.0]]), [300.0])
    assert area.is_estimated
    assert shapely.area(area.shape) == pytest.approx(np.pi * 200**2, rel=0.01)  # 300 m walked are 200 m straight


def test_along_one_road_of_known_length():
    network = build_network([shapely.LineString([(0, 0), (1000, 0)])], node_crossings=False)
    near, far = walk_areas(network, np.array([[400.0, 30.0]]), [130.0, 5000.0])
    assert near.road_m == pytest.approx(200)  # 30 m to the road, then 100 m either way
    assert tuple(shapely.bounds(near.shape)) == pytest.approx((275, -25, 525, 55), abs=0.5)
    assert far.road_m == pytest.approx(1000)
    nobody = walk_areas(network, np.zeros((0, 2)), [100.0])[0]
    assert shapely.is_empty(nobody.shape)
