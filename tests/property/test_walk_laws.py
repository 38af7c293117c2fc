"""Laws of walking distances, against a brute force of a few lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from gis.spatial.distances import walk_matrix
from gis.spatial.network import build_network

CELLS = st.integers(0, 6)
STREETS = st.lists(st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=5, unique=True), min_size=1, max_size=10)
# off the centimetre by odd fractions: no point is exactly at a threshold or equally near to two edges
POINT = st.tuples(st.integers(0, 650), st.integers(0, 650)).map(lambda p: (p[0] + 0.1379, p[1] + 0.2917))
POINTS = st.lists(POINT, min_size=1, max_size=7)
EASY = settings(max_examples=60, deadline=None)


def street_lines(cells):
    """Corners off the lattice by up to 13 m, so that no two ways are equally long by chance."""
    return [
        LineString([(100 * x + (7 * x + 3 * y) % 13, 100 * y + (5 * y + x * y) % 11) for x, y in way]) for way in cells
    ]


def brute_force(lines, sources, targets):
    """Floyd-Warshall over all vertices and all snapped points, each edge one piece between vertices."""
    places: dict[tuple[float, ...], int] = {}
    pieces = []
    for line in lines:
        for a, b in pairwise(line.coords):
            pieces.append((places.setdefault(a, len(places)), places.setdefault(b, len(places)), a, b))
    points = [*sources, *targets]
    n = len(places) + len(points)
    way = np.full((n, n), np.inf)
    np.fill_diagonal(way, 0)
    leg = []
    on_piece: dict[int, list[tuple[float, int]]] = {}
    for k, p in enumerate(points):
        best = min(range(len(pieces)), key=lambda e: (LineString(pieces[e][2:]).distance(_point(p)), e))
        piece = LineString(pieces[best][2:])
        leg.append(piece.distance(_point(p)))
        on_piece.setdefault(best, []).append((piece.project(_point(p)), len(places) + k))
    for e, (i, j, a, b) in enumerate(pieces):
        stops = sorted([(0.0, i), (LineString([a, b]).length, j), *on_piece.get(e, [])])
        for (m0, u), (m1, v) in pairwise(stops):
            way[u, v] = way[v, u] = min(way[u, v], m1 - m0)
    for k in range(n):
        way = np.minimum(way, way[:, k, None] + way[None, k])
    s, t = len(places), len(places) + len(sources)
    legs = np.add.outer(leg[: len(sources)], leg[len(sources) :])
    return way[s:t, t:] + legs


def _point(p):
    return LineString([p, p]).centroid


def measured(lines, sources, targets, limit=1e5):
    network = build_network(lines, node_crossings=False)
    return walk_matrix(network, np.array(sources), np.array(targets), limit).walk_m


def no_islands(lines):
    network = build_network(lines, node_crossings=False)
    return not network.is_island.any()


@EASY
@given(STREETS, POINTS, POINTS)
def test_equals_brute_force(cells, sources, targets):
    lines = street_lines(cells)
    network = build_network(lines, node_crossings=False)
    snaps = [network.snap(np.array(p)) for p in (sources, targets)]
    if not no_islands(lines) or not all(s.is_snapped.all() for s in snaps) or set(sources) & set(targets):
        return
    want = brute_force(lines, sources, targets)
    got = measured(lines, sources, targets)
    same_place = np.abs(np.array(sources)[:, None] - np.array(targets)[None]).max(axis=2) <= 0.01
    assert got[~same_place] == pytest.approx(want[~same_place], abs=0.05)


@EASY
@given(STREETS, POINTS, POINTS)
def test_symmetric_and_never_shorter_than_straight(cells, sources, targets):
    lines = street_lines(cells)
    there, back = measured(lines, sources, targets), measured(lines, targets, sources)
    assert there == pytest.approx(back.T, abs=1e-6)
    straight = np.hypot(*(np.array(sources)[:, None] - np.array(targets)[None]).T).T
    assert (there >= straight - 0.02).all()


@EASY
@given(STREETS, POINTS, POINTS, st.floats(50, 900))
def test_the_limit_only_hides(cells, sources, targets, limit):
    lines = street_lines(cells)
    whole, cut = measured(lines, sources, targets), measured(lines, sources, targets, limit)
    assert cut == pytest.approx(np.where(whole <= limit, whole, np.inf), abs=1e-6)


@EASY
@given(STREETS, POINTS, POINTS, st.floats(-5e5, 5e5), st.floats(-4e6, 4e6))
def test_moving_the_map_changes_nothing(cells, sources, targets, dx, dy):
    shift = np.rint([dx, dy])
    lines = street_lines(cells)
    moved = [LineString(np.array(line.coords) + shift) for line in lines]
    there = measured(moved, np.array(sources) + shift, np.array(targets) + shift)
    assert there == pytest.approx(measured(lines, sources, targets), abs=1e-4)


@EASY
@given(STREETS, POINTS, POINTS)
def test_a_quarter_turn_changes_nothing(cells, sources, targets):
    lines = street_lines(cells)
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
    turned = [LineString(np.array(line.coords) @ turn) for line in lines]
    there = measured(turned, np.array(sources) @ turn, np.array(targets) @ turn)
    assert there == pytest.approx(measured(lines, sources, targets), abs=1e-4)


@EASY
@given(STREETS, POINTS, POINTS)
def test_noding_every_crossing_never_lengthens_a_way(cells, sources, targets):
    lines = street_lines(cells)
    joined = walk_matrix(build_network(lines, node_crossings=True), np.array(sources), np.array(targets), 1e5).walk_m
    apart = measured(lines, sources, targets)
    if no_islands(lines):
        assert (joined <= apart + 0.5).all()
