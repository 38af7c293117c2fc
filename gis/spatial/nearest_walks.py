"""How far each point is on foot from the nearest of some places: one search, however many places there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from gis.spatial.distances import SAME_PLACE_M, WalkOptions

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.spatial.network import Snaps, WalkNetwork

    FloatArray = npt.NDArray[np.float64]

_LEAST_M = 1e-9  # a way of no length would be read as no way


def nearest_walks(
    network: WalkNetwork | None,
    places_xy: FloatArray,
    points_xy: FloatArray,
    limit_m: float,
    options: WalkOptions | None = None,
) -> FloatArray:
    """Measure the way from each point to its nearest place, metres, shape (n_points,), inf beyond the limit.

    The least of each column of `gis.spatial.distances.walk_matrix`, without the table.

    Parameters
    ----------
    network
        None: every way is the straight line times the detour factor.
    places_xy, points_xy
        Shape (n, 2), metres in the CRS of the network.
    """
    options = options or WalkOptions()
    places = np.asarray(places_xy, dtype=np.float64).reshape(-1, 2)
    points = np.asarray(points_xy, dtype=np.float64).reshape(-1, 2)
    way = np.full(len(points), np.inf)
    if not len(places) or not len(points):
        return way
    if network is None or not len(network.edge_m):
        way = _crow(places, points) * options.detour
    else:
        start, goal = network.snap(places, options.max_snap_m), network.snap(points, options.max_snap_m)
        way = np.minimum(_over_junctions(network, start, goal, limit_m), _along_one_edge(start, goal))
        off = ~goal.is_snapped
        way[off] = _crow(places, points[off]) * options.detour
        lost = places[~start.is_snapped]
        if len(lost):
            way = np.minimum(way, _crow(lost, points) * options.detour)
        way[_crow(places, points) <= SAME_PLACE_M] = 0.0
    way[~(way <= limit_m)] = np.inf
    return way


def _crow(places: FloatArray, points: FloatArray) -> FloatArray:
    """Return the straight way from each point to the nearest place; inf where one is nowhere."""
    far = np.full(len(points), np.inf)
    known, here = places[np.isfinite(places).all(axis=1)], np.isfinite(points).all(axis=1)
    if len(known) and here.any():
        far[here] = KDTree(known).query(points[here])[0]
    return far


def junction_walks(network: WalkNetwork, start: Snaps, limit_m: float) -> FloatArray:
    """Return how far each junction is from the nearest start, shape (n_nodes,), metres, inf beyond the limit.

    Dijkstra (1959) from one extra node that leads to both ends of the edges where the starts stand.
    """
    graph, on = network.graph, np.flatnonzero(start.is_snapped)
    edge, along, leg = start.edge[on], start.along_m[on], start.leg_m[on]
    first = np.full(len(network.node_xy), np.inf)
    np.minimum.at(first, network.edge_from[edge], leg + along)
    np.minimum.at(first, network.edge_to[edge], leg + network.edge_m[edge] - along)
    near = np.flatnonzero(first <= limit_m)
    indices = np.concatenate([graph.indices, near]).astype(np.int32)
    data = np.concatenate([graph.data, np.maximum(first[near], _LEAST_M)])
    indptr = np.append(graph.indptr, len(indices)).astype(np.int32)
    size = len(first) + 1
    widened = csr_array((data, indices, indptr), shape=(size, size))
    way = dijkstra(widened, directed=True, indices=size - 1, limit=limit_m)
    return np.asarray(way[:-1], dtype=np.float64)


def _over_junctions(network: WalkNetwork, start: Snaps, goal: Snaps, limit_m: float) -> FloatArray:
    node_m, on = junction_walks(network, start, limit_m), np.flatnonzero(goal.is_snapped)
    edge, along = goal.edge[on], goal.along_m[on]
    way = np.full(len(goal.edge), np.inf)
    from_, to = node_m[network.edge_from[edge]] + along, node_m[network.edge_to[edge]] + network.edge_m[edge] - along
    way[on] = np.minimum(from_, to) + goal.leg_m[on]
    return way


def _along_one_edge(start: Snaps, goal: Snaps) -> FloatArray:
    way = np.full(len(goal.edge), np.inf)
    order = np.argsort(goal.edge, kind="stable")
    edges = goal.edge[order]
    for k in np.flatnonzero(start.is_snapped):
        here = order[np.searchsorted(edges, start.edge[k]) : np.searchsorted(edges, start.edge[k], side="right")]
        direct = start.leg_m[k] + np.abs(goal.along_m[here] - start.along_m[k]) + goal.leg_m[here]
        way[here] = np.minimum(way[here], direct)
    return way
