"""Cut hosts into tiles that are near each other, from the walks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.wide import WideProblem

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_LANDMARKS = 4
_LEAST_M = 1.0  # hosts in one building are not at one place to a shortest path


def host_places(problem: WideProblem) -> FloatArray:
    """Place the hosts by their ways to a few far hosts, shape (h, 4): who is near in walks is near here.

    The way from host to host leads over members: from a member's nearest host over the member to each other one.
    """
    order = np.lexsort((problem.arc_walk_m, problem.arc_member))
    member, host, walk = problem.arc_member[order], problem.arc_host[order], problem.arc_walk_m[order]
    first = np.ones(len(member), dtype=np.bool_)
    first[1:] = member[1:] != member[:-1]
    of = np.cumsum(first) - 1
    nearest, least = host[first][of], walk[first][of]
    ways = _least_graph(nearest[~first], host[~first], (least + walk)[~first] + _LEAST_M, problem.n_hosts)
    places = np.zeros((problem.n_hosts, _LANDMARKS))
    used = np.unique(host)
    start = int(used[0])
    for k in range(_LANDMARKS):
        way = dijkstra(ways, directed=False, indices=start)
        way = np.where(np.isfinite(way), way, 0.0)
        places[:, k] = way
        start = int(used[places[used, : k + 1].min(axis=1).argmax()]) if k else int(used[way[used].argmax()])
    return places


def _least_graph(one: IntArray, other: IntArray, way_m: FloatArray, n: int) -> csr_array[np.float64]:
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((way_m, high, low))
    low, high, way_m = low[order], high[order], way_m[order]
    first = np.ones(len(low), dtype=np.bool_)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return csr_array((way_m[first], (low[first], high[first])), shape=(n, n))


def cut_tiles(places: FloatArray, load: FloatArray, most: float, turn: int) -> IntArray:
    """Halve the hosts until no tile has more than `most` load; return the tile of each host.

    Parameters
    ----------
    places
        Shape (h, d).
    load
        Shape (h,), >= 0.
    turn
        Different turns cut along different lines.
    """
    mix = np.random.default_rng(turn).normal(size=(places.shape[1], places.shape[1])) if turn else None
    spots = places if mix is None else (places - places.mean(axis=0)) @ mix
    tile = np.zeros(len(places), dtype=np.int64)
    open_tiles, count = [np.arange(len(places))], 0
    while open_tiles:
        hosts = open_tiles.pop()
        if load[hosts].sum() <= most or len(hosts) < 2:  # noqa: PLR2004 - one host cannot be cut
            tile[hosts], count = count, count + 1
            continue
        across = spots[hosts]
        order = hosts[np.argsort(across[:, int(np.ptp(across, axis=0).argmax())], kind="stable")]
        half = int(np.searchsorted(np.cumsum(load[order]), load[order].sum() / 2)) + 1
        half = min(max(half, 1), len(order) - 1)
        open_tiles += [order[:half], order[half:]]
    return tile
