"""Grids against each other, their community and the buildings: squares of 100 m that a reader can add up."""

from __future__ import annotations

import numpy as np
from shapely import Point, box

from gis.spatial.grids import NOT_IN_GRID, grid_of_points, misfits, overlaps


def shapes(*items: object) -> np.ndarray:
    found = np.empty(len(items), dtype=object)
    found[:] = items
    return found


def test_an_overlap_is_measured_and_a_shared_edge_is_none():
    grids = shapes(box(0, 0, 100, 100), box(100, 0, 200, 100), box(190, 0, 300, 100))
    assert [(pair.first, pair.second, pair.area_m2) for pair in overlaps(["A", "B", "C"], grids)] == [("B", "C", 1000)]


def test_less_than_a_square_metre_is_rounding():
    assert overlaps(["A", "B"], shapes(box(0, 0, 100, 100), box(99.995, 0, 200, 100))) == ()


def test_gaps_and_what_sticks_out_are_found_per_community():
    grids = shapes(box(0, 0, 100, 100), box(150, 0, 210, 100))
    (misfit,) = misfits(["C1", "C1"], grids, {"C1": box(0, 0, 200, 100), "C2": box(0, 0, 1, 1)})
    assert (misfit.gap_m2, misfit.gap_parts, misfit.outside_m2) == (5000, 1, 1000)


def test_a_point_is_in_exactly_one_grid_even_on_the_boundary():
    grids = shapes(box(0, 0, 100, 100), box(100, 0, 200, 100), box(150, 0, 250, 100))
    points = shapes(Point(50, 50), Point(100, 50), Point(160, 50), Point(999, 0))
    found = grid_of_points(points, grids)
    assert found.grid.tolist() == [0, 0, NOT_IN_GRID, NOT_IN_GRID]
    assert found.hits.tolist() == [1, 1, 2, 0]
