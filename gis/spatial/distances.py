"""Walking distances between many points, up to a limit: exact on the network, estimated without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import dijkstra

from gis.config import DETOUR_FACTOR
from gis.spatial.network import MAX_SNAP_M, Snaps, WalkNetwork

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

SAME_PLACE_M = 0.01  # two people in one building need not walk to the street and back
_TILE_M = 1_000.0
_DENSE_CELLS = 8_000_000  # at most this many distances in memory at once (64 MB)


@dataclass(frozen=True)
class WalkOptions:
    """How points without a path nearby are treated.

    `max_snap_m`: a point farther from every edge is off the network. `detour`: walked over straight length where
    there is no network; 1.5 is the measured median below 1 km (docs/decisions/004).
    """

    max_snap_m: float = MAX_SNAP_M
    detour: float = DETOUR_FACTOR


@dataclass(frozen=True)
class WalkMatrix:
    """Walking distances; shape (n_sources, n_targets) each.

    `walk_m` is in metres, inf beyond the limit or where no way leads. `estimated` marks pairs measured as straight
    line times detour (估算) because one of the two is off the network.
    """

    walk_m: FloatArray
    estimated: BoolArray


def walk_matrix(
    network: WalkNetwork | None,
    sources_xy: FloatArray,
    targets_xy: FloatArray,
    limit_m: float,
    options: WalkOptions | None = None,
) -> WalkMatrix:
    """Measure the way from every source to every target that is at most `limit_m` long.

    On the network a way is: straight to the nearest edge, along edges, straight to the target. It is exact: a way of
    at most `limit_m` never leaves the square of that half-width around its start, so each tile of starts is solved on
    the part of the graph in its square. Points at one place are 0 apart. Two points on different components are inf
    apart, not estimated. A point farther than `max_snap_m` from every edge falls back to straight line times detour.

    Parameters
    ----------
    network
        None: every distance is estimated.
    sources_xy, targets_xy
        Shape (n, 2), metres in the CRS of the network.
    """
    options = options or WalkOptions()
    sources = np.asarray(sources_xy, dtype=np.float64).reshape(-1, 2)
    targets = np.asarray(targets_xy, dtype=np.float64).reshape(-1, 2)
    if network is None or not len(network.edge_m):
        walk, estimated = _straight(sources, targets) * options.detour, np.ones((len(sources), len(targets)), np.bool_)
    elif len(targets) < len(sources):
        turned = walk_matrix(network, targets, sources, limit_m, options)  # fewer searches; the graph is undirected
        return WalkMatrix(np.ascontiguousarray(turned.walk_m.T), np.ascontiguousarray(turned.estimated.T))
    else:
        from_, to = network.snap(sources, options.max_snap_m), network.snap(targets, options.max_snap_m)
        walk = _network_walks(network, (sources, from_), to, limit_m)
        estimated = ~(from_.is_snapped[:, None] & to.is_snapped[None, :])
        rows, columns = np.nonzero(estimated)
        walk[rows, columns] = np.hypot(*(sources[rows] - targets[columns]).T) * options.detour
        _join_same_place(sources, targets, walk, estimated)
    walk[~(walk <= limit_m)] = np.inf
    return WalkMatrix(walk, estimated)


def _straight(sources: FloatArray, targets: FloatArray) -> FloatArray:
    gap = sources[:, None, :] - targets[None, :, :]
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]), dtype=np.float64)


def _join_same_place(sources: FloatArray, targets: FloatArray, walk: FloatArray, estimated: BoolArray) -> None:
    for column, target in enumerate(targets):
        here = np.abs(sources - target).max(axis=1, initial=0.0) <= SAME_PLACE_M
        walk[here, column], estimated[here, column] = 0.0, False


def _network_walks(network: WalkNetwork, start: tuple[FloatArray, Snaps], to: Snaps, limit_m: float) -> FloatArray:
    walk = np.full((len(start[0]), len(to.edge)), np.inf)
    for rows, columns, block in network_blocks(network, start, to, limit_m):
        walk[np.ix_(rows, columns)] = block
    return walk


def network_blocks(
    network: WalkNetwork, start: tuple[FloatArray, Snaps], to: Snaps, limit_m: float
) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
    """Measure tile after tile of starts: rows, columns and the walks between them; pairs in no block are too far.

    `start` are the points and where they stand, `to` where the goals stand; a block is at most 64 MB.
    """
    xy, from_ = start
    reachable = np.flatnonzero(to.is_snapped)
    ends = np.stack([network.edge_from[to.edge[reachable]], network.edge_to[to.edge[reachable]]])
    by_x = np.argsort(network.node_xy[:, 0], kind="stable")
    node_x = network.node_xy[by_x, 0]
    local = np.full(len(network.node_xy), -1, dtype=np.int64)
    for rows in _tiles(xy, np.flatnonzero(from_.is_snapped)):
        near = _nodes_near(network, (by_x, node_x), xy[rows], limit_m)
        local[near] = np.arange(len(near))
        within = (local[ends] >= 0).any(axis=0) | np.isin(to.edge[reachable], from_.edge[rows])
        columns = reachable[within]
        if len(columns):
            graph = network.graph[near][:, near]
            chunk = max(1, _DENSE_CELLS // (2 * len(near) + 4 * len(columns)))
            for at in range(0, len(rows), chunk):
                part = rows[at : at + chunk]
                node_m, end_of = _search(graph, local, network, from_, part, limit_m)
                block = _combine(network, node_m, end_of, local, (from_, part), (to, columns))
                _along_one_edge(block, (from_, part), (to, columns))
                yield part, columns, block
        local[near] = -1


def _tiles(xy: FloatArray, rows: IntArray) -> Iterator[IntArray]:
    if not len(rows):
        return
    cell = np.floor(xy[rows] / _TILE_M).astype(np.int64)
    _, tile = np.unique(cell, axis=0, return_inverse=True)
    tile = np.asarray(tile).reshape(-1)
    order = np.argsort(tile, kind="stable")
    yield from np.split(rows[order], np.flatnonzero(np.diff(tile[order])) + 1)


def _nodes_near(network: WalkNetwork, by_x: tuple[IntArray, FloatArray], xy: FloatArray, limit_m: float) -> IntArray:
    """Find the nodes in the square around some points; `by_x` is the order of the nodes from west to east, and x."""
    low, high = xy.min(axis=0) - limit_m, xy.max(axis=0) + limit_m
    order, x = by_x
    strip = order[np.searchsorted(x, low[0]) : np.searchsorted(x, high[0], side="right")]
    y = network.node_xy[strip, 1]
    return np.sort(strip[(y >= low[1]) & (y <= high[1])])


def _search(
    graph: object, local: IntArray, network: WalkNetwork, from_: Snaps, part: IntArray, limit_m: float
) -> tuple[FloatArray, IntArray]:
    """Distances from the end nodes of the edges of `part`; the row of each end, -1 where it is out of the square."""
    ends = np.stack([local[network.edge_from[from_.edge[part]]], local[network.edge_to[from_.edge[part]]]])
    nodes, row = np.unique(ends, return_inverse=True)
    row = np.asarray(row, dtype=np.int64).reshape(ends.shape)
    if nodes[0] < 0:
        nodes, row = nodes[1:], row - 1
    if not len(nodes):
        return np.zeros((0, 0)), row
    node_m = dijkstra(graph, directed=False, indices=nodes, limit=limit_m)
    return np.asarray(node_m, dtype=np.float64), row


def _combine(
    network: WalkNetwork,
    node_m: FloatArray,
    end_of: IntArray,
    local: IntArray,
    start: tuple[Snaps, IntArray],
    goal: tuple[Snaps, IntArray],
) -> FloatArray:
    """Take the best of the four ways over the two ends of both edges."""
    from_, part = start
    to, columns = goal
    best = np.full((len(part), len(columns)), np.inf)
    for side, to_end in enumerate((network.edge_from, network.edge_to)):
        target = local[to_end[to.edge[columns]]]
        last = to.leg_m[columns] + _to_end(network, to, columns, side)
        for end in (0, 1):
            row = end_of[end]
            first = from_.leg_m[part] + _to_end(network, from_, part, end)
            ok_row, ok_column = np.flatnonzero(row >= 0), np.flatnonzero(target >= 0)
            if len(ok_row) and len(ok_column):
                way = node_m[np.ix_(row[ok_row], target[ok_column])] + first[ok_row, None] + last[None, ok_column]
                block = np.ix_(ok_row, ok_column)
                best[block] = np.minimum(best[block], way)
    return best


def _to_end(network: WalkNetwork, snaps: Snaps, points: IntArray, end: int) -> FloatArray:
    along = snaps.along_m[points]
    return np.asarray(along if end == 0 else network.edge_m[snaps.edge[points]] - along, dtype=np.float64)


def _along_one_edge(block: FloatArray, start: tuple[Snaps, IntArray], goal: tuple[Snaps, IntArray]) -> None:
    from_, part = start
    to, columns = goal
    order = np.argsort(to.edge[columns], kind="stable")
    edges = to.edge[columns[order]]
    low, high = np.searchsorted(edges, from_.edge[part]), np.searchsorted(edges, from_.edge[part], side="right")
    for k in np.flatnonzero(low < high):
        row, here = part[k], order[low[k] : high[k]]
        at = columns[here]
        way = from_.leg_m[row] + np.abs(from_.along_m[row] - to.along_m[at]) + to.leg_m[at]
        block[k, here] = np.minimum(block[k, here], way)
