"""Laws of ways that are drawn: as long as the measured walk, and each along streets."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings

from gis.spatial.distances import walk_matrix
from gis.spatial.network import build_network
from gis.spatial.paths import walk_paths
from tests.property.test_walk_laws import POINTS, STREETS, street_lines


@given(STREETS, POINTS)
@settings(max_examples=60, deadline=None)
def test_a_way_is_as_long_as_the_measured_walk_and_keeps_to_the_streets(cells, points):
    lines = street_lines(cells)
    network = build_network(lines, node_crossings=False)
    xy = np.array(points)
    pairs = [(a, b) for a in range(len(xy)) for b in range(len(xy))]
    paths = walk_paths(network, xy[[a for a, _ in pairs]], xy[[b for _, b in pairs]])
    walk_m = walk_matrix(network, xy, xy, 1e9).walk_m
    on_streets = shapely.union_all(lines).buffer(0.05)
    for (a, b), path in zip(pairs, paths, strict=True):
        np.testing.assert_allclose(path.xy[[0, -1]], xy[[a, b]], atol=0.011)
        if path.is_estimated:
            snaps = network.snap(xy[[a, b]])
            assert np.isinf(walk_m[a, b]) or not snaps.is_snapped.all()
            continue
        course = shapely.LineString(path.xy)
        assert path.length_m == pytest.approx(walk_m[a, b], abs=0.02)
        assert course.length == pytest.approx(path.length_m, abs=0.1)
        assert course.difference(on_streets).length <= network.snap(xy[[a, b]]).leg_m.sum() + 0.1
