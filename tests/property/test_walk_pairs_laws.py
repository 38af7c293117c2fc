"""Laws of sparse walking distances: the same answers as the dense table, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.spatial.distances import WalkOptions, walk_matrix
from gis.spatial.network import build_network
from gis.spatial.walk_pairs import walk_pairs
from tests.property.test_walk_laws import STREETS, street_lines

EASY = settings(max_examples=80, deadline=None)
#: some far off every street, some twice, one nowhere
PLACE = st.tuples(st.integers(-9, 30), st.integers(-9, 30)).map(lambda p: (p[0] * 70.0 + 0.1379, p[1] * 70.0 + 0.2917))
PLACES = st.lists(st.one_of(PLACE, st.just((np.nan, np.nan))), min_size=0, max_size=12)
OPTIONS = WalkOptions(max_snap_m=90.0, detour=1.5)


@EASY
@given(STREETS, PLACES, PLACES, st.sampled_from([0.0, 150.0, 500.0, 2000.0]), st.booleans())
def test_pairs_are_the_finite_cells_of_the_matrix(cells, sources, targets, limit_m, with_network):
    network = build_network(street_lines(cells), node_crossings=True) if with_network else None
    sources, targets = (np.array(xy, dtype=float).reshape(-1, 2) for xy in (sources, [*targets, *sources[:3]]))
    table = walk_matrix(network, sources, targets, limit_m, OPTIONS)
    pairs = walk_pairs(network, sources, targets, limit_m, OPTIONS)
    rows, columns = np.nonzero(np.isfinite(table.walk_m))
    assert (pairs.source.tolist(), pairs.target.tolist()) == (rows.tolist(), columns.tolist())
    assert pairs.walk_m == pytest.approx(table.walk_m[rows, columns], abs=1e-6)
    assert pairs.estimated.tolist() == table.estimated[rows, columns].tolist()
