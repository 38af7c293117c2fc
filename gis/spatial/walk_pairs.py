"""Walking distances of a whole city: only the pairs within the limit are kept, never a table of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

from gis.spatial.distances import SAME_PLACE_M, WalkOptions, network_blocks

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.spatial.network import WalkNetwork

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class WalkPairs:
    """The pairs within the limit, sorted by source, then target; shape (n_pairs,) each.

    `walk_m` is in metres; `estimated` marks pairs measured as straight line times detour (估算).
    """

    source: IntArray
    target: IntArray
    walk_m: FloatArray
    estimated: BoolArray


def walk_pairs(
    network: WalkNetwork | None,
    sources_xy: FloatArray,
    targets_xy: FloatArray,
    limit_m: float,
    options: WalkOptions | None = None,
) -> WalkPairs:
    """Measure the ways of at most `limit_m` from any source to any target.

    The same answers as `gis.spatial.distances.walk_matrix` gives, in memory that grows with the pairs: a city of
    200,000 homes and 15,000 hosts has three million of them within 800 m. Points at one place are measured once.

    Parameters
    ----------
    network
        None: every distance is estimated.
    sources_xy, targets_xy
        Shape (n, 2), metres in the CRS of the network.
    """
    options = options or WalkOptions()
    sources, source_of = _places(sources_xy)
    targets, target_of = _places(targets_xy)
    if len(targets) < len(sources):  # fewer searches; the graph is undirected
        target, source, walk, estimated = _measure(network, targets, sources, limit_m, options)
    else:
        source, target, walk, estimated = _measure(network, sources, targets, limit_m, options)
    return _spread((source, target, walk, estimated), source_of, target_of)


def _places(xy: FloatArray) -> tuple[FloatArray, IntArray]:
    points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    places, place_of = np.unique(points, axis=0, return_inverse=True)
    return places, np.asarray(place_of, dtype=np.int64).reshape(-1)


_Pairs = tuple["IntArray", "IntArray", "FloatArray", "BoolArray"]


def _measure(
    network: WalkNetwork | None, sources: FloatArray, targets: FloatArray, limit_m: float, options: WalkOptions
) -> _Pairs:
    """Collect pairs; where one is found twice, the one found last here is the one that holds."""
    everyone, everywhere = np.arange(len(sources)), np.arange(len(targets))
    if network is None or not len(network.edge_m):
        found = [_straight((sources, everyone), (targets, everywhere), limit_m, options.detour)]
    else:
        from_, to = network.snap(sources, options.max_snap_m), network.snap(targets, options.max_snap_m)
        found = []
        for rows, columns, block in network_blocks(network, (sources, from_), to, limit_m):
            row, column = np.nonzero(block <= limit_m)
            found.append((rows[row], columns[column], block[row, column], np.zeros(len(row), dtype=np.bool_)))
        off, on = np.flatnonzero(~from_.is_snapped), np.flatnonzero(from_.is_snapped)
        lost = np.flatnonzero(~to.is_snapped)
        found.append(_straight((sources, off), (targets, everywhere), limit_m, options.detour))
        found.append(_straight((sources, on), (targets, lost), limit_m, options.detour))
        found.append(_same_place(sources, targets))
    source, target, walk, estimated = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((target, source))  # stable: of one pair the one found last comes last
    source, target, walk, estimated = source[order], target[order], walk[order], estimated[order]
    last = np.ones(len(source), dtype=np.bool_)
    last[:-1] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    return source[last], target[last], walk[last], estimated[last]


def _straight(
    start: tuple[FloatArray, IntArray], goal: tuple[FloatArray, IntArray], limit_m: float, detour: float
) -> _Pairs:
    (sources, rows), (targets, columns) = start, goal
    rows = rows[np.isfinite(sources[rows]).all(axis=1)]
    columns = columns[np.isfinite(targets[columns]).all(axis=1)]
    row, column = _within(sources[rows], targets[columns], limit_m / detour + SAME_PLACE_M, 2)
    row, column = rows[row], columns[column]
    walk = np.hypot(*(sources[row] - targets[column]).T) * detour
    near = walk <= limit_m
    return row[near], column[near], walk[near], np.ones(int(near.sum()), dtype=np.bool_)


def _same_place(sources: FloatArray, targets: FloatArray) -> _Pairs:
    rows, columns = (np.flatnonzero(np.isfinite(xy).all(axis=1)) for xy in (sources, targets))
    row, column = _within(sources[rows], targets[columns], SAME_PLACE_M, np.inf)
    row, column = rows[row], columns[column]
    return row, column, np.zeros(len(row)), np.zeros(len(row), dtype=np.bool_)


def _within(one: FloatArray, other: FloatArray, reach_m: float, norm: float) -> tuple[IntArray, IntArray]:
    """Find the pairs no farther apart than this, as row numbers of both."""
    none = np.zeros(0, dtype=np.int64)
    if not len(one) or not len(other):
        return none, none
    near = KDTree(other).query_ball_point(one, reach_m, p=norm, return_sorted=True)
    count = np.array([len(found) for found in near], dtype=np.int64)
    column = np.fromiter((k for found in near for k in found), dtype=np.int64, count=int(count.sum()))
    return np.repeat(np.arange(len(one)), count), column


def _spread(pairs: _Pairs, source_of: IntArray, target_of: IntArray) -> WalkPairs:
    """Give the pairs of places to everybody who is there."""
    source, target, walk, estimated = pairs
    order = np.lexsort((target, source))
    source, target, walk, estimated = source[order], target[order], walk[order], estimated[order]
    target_order = np.argsort(target_of, kind="stable")
    n_targets = int(target_of.max(initial=-1)) + 1
    pair, at = _expand(target, np.searchsorted(target_of[target_order], np.arange(n_targets + 1)))
    to_target = target_order[at]
    n_sources = int(source_of.max(initial=-1)) + 1
    start = np.searchsorted(source[pair], np.arange(n_sources + 1))
    row, at = _expand(source_of, start)
    sorted_within = np.lexsort((to_target[at], row))
    row, at = row[sorted_within], at[sorted_within]
    return WalkPairs(row, to_target[at], walk[pair][at], estimated[pair][at])


def _expand(of: IntArray, start: IntArray) -> tuple[IntArray, IntArray]:
    """Repeat each k as often as `of[k]` has entries `start[of[k]]` to `start[of[k] + 1]`; return k and the entries."""
    count = np.diff(start)[of] if len(of) else np.zeros(0, dtype=np.int64)
    k = np.repeat(np.arange(len(of)), count)
    first = np.repeat(np.cumsum(count) - count, count)
    return k, np.arange(len(k)) - first + np.repeat(start[of], count)
