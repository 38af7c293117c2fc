"""The shortest way between two points as a line, for drawing; lengths are those of `distances`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from gis.spatial.distances import SAME_PLACE_M
from gis.spatial.network import MAX_SNAP_M, WalkNetwork

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

FIRST_MARGIN_M = 250.0
NO_NODE = -9999  # scipy's mark for "no predecessor"


@dataclass(frozen=True)
class WalkPath:
    """A way. `xy` has shape (k, 2), k at least 2, metres; `is_estimated`: straight, since no way is known."""

    xy: FloatArray
    length_m: float
    is_estimated: bool


@dataclass(frozen=True)
class _Spot:
    """Where a point stands: an edge, the way along it, and the point itself."""

    edge: int
    along_m: float
    leg_m: float
    xy: FloatArray


@dataclass(frozen=True)
class _Part:
    """The nodes and edges of a network within a box, numbered anew."""

    nodes: IntArray
    edges: IntArray
    graph: csr_array[Any]

    def local(self, node: int) -> int:
        at = int(np.searchsorted(self.nodes, node))
        return at if at < len(self.nodes) and self.nodes[at] == node else -1


def walk_paths(network: WalkNetwork | None, from_xy: FloatArray, to_xy: FloatArray) -> tuple[WalkPath, ...]:
    """Trace the shortest way from each point to its partner.

    On the network a way is: straight to the nearest edge, along edges, straight to the goal. The search looks at a
    box around the two points and widens it until no way outside can be shorter, so the answer is exact. Where a
    point is off the network, or the two stand on parts that do not meet, the way is straight and estimated; its
    length is then the straight one.

    Parameters
    ----------
    network
        None: every way is estimated.
    from_xy, to_xy
        Shape (n, 2) each, metres in the CRS of the network.
    """
    starts = np.asarray(from_xy, dtype=np.float64).reshape(-1, 2)
    goals = np.asarray(to_xy, dtype=np.float64).reshape(-1, 2)
    if network is None or not len(network.edge_m):
        return tuple(_straight(a, b) for a, b in zip(starts, goals, strict=True))
    at_start, at_goal = network.snap(starts, MAX_SNAP_M), network.snap(goals, MAX_SNAP_M)
    found: list[WalkPath] = []
    for k, (a, b) in enumerate(zip(starts, goals, strict=True)):
        if np.abs(a - b).max() <= SAME_PLACE_M:
            found.append(WalkPath(np.stack([a, b]), 0.0, is_estimated=False))
        elif not (at_start.is_snapped[k] and at_goal.is_snapped[k]):
            found.append(_straight(a, b))
        else:
            start = _Spot(int(at_start.edge[k]), float(at_start.along_m[k]), float(at_start.leg_m[k]), a)
            goal = _Spot(int(at_goal.edge[k]), float(at_goal.along_m[k]), float(at_goal.leg_m[k]), b)
            found.append(_widening(network, start, goal))
    return tuple(found)


def _straight(a: FloatArray, b: FloatArray) -> WalkPath:
    return WalkPath(np.stack([a, b]), float(np.hypot(*(b - a))), is_estimated=True)


def _widening(network: WalkNetwork, start: _Spot, goal: _Spot) -> WalkPath:
    """Search in wider and wider boxes: a way that leaves a box of margin m is at least 2 m long."""
    ends = np.stack([start.xy, goal.xy])
    whole = float(np.ptp(network.node_xy, axis=0).max()) + np.abs(ends).max() + MAX_SNAP_M
    margin = max(FIRST_MARGIN_M, float(np.hypot(*(ends[1] - ends[0]))) / 2)
    while True:
        part = _part(network, ends.min(axis=0) - margin, ends.max(axis=0) + margin)
        path = _search(network, part, start, goal)
        if path is not None and path.length_m <= 2 * margin + SAME_PLACE_M:
            return path
        if margin >= whole:
            return path or _straight(start.xy, goal.xy)
        margin = path.length_m / 2 if path is not None else margin * 3


def _part(network: WalkNetwork, low: FloatArray, high: FloatArray) -> _Part:
    inside = np.all((network.node_xy >= low) & (network.node_xy <= high), axis=1)
    nodes = np.flatnonzero(inside)
    edges = np.flatnonzero(inside[network.edge_from] & inside[network.edge_to] & (network.edge_from != network.edge_to))
    return _Part(nodes, edges, csr_array(network.graph[nodes][:, nodes]))


def _search(network: WalkNetwork, part: _Part, start: _Spot, goal: _Spot) -> WalkPath | None:
    best = _along_one_edge(network, start, goal) if start.edge == goal.edge else None
    ends = {part.local(int(node)) for node in _ends(network, start.edge)} - {-1}
    if not ends:
        return best
    rows = np.array(sorted(ends))
    node_m, before = dijkstra(part.graph, directed=False, indices=rows, return_predecessors=True)
    way = _best_ends(network, part, (start, goal), rows, node_m)
    if way is None or (best is not None and best.length_m <= way[0]):
        return best
    length, (from_end, to_end), row = way
    chain = _chain(before[row], part.local(int(_ends(network, goal.edge)[to_end])))
    pieces = [
        start.xy[None, :],
        _piece(network, start.edge, start.along_m, _end_m(network, start.edge, from_end)),
        *_edge_courses(network, part, chain),
        _piece(network, goal.edge, _end_m(network, goal.edge, to_end), goal.along_m),
        goal.xy[None, :],
    ]
    return WalkPath(_joined(pieces), length, is_estimated=False)


def _ends(network: WalkNetwork, edge: int) -> tuple[int, int]:
    return int(network.edge_from[edge]), int(network.edge_to[edge])


def _end_m(network: WalkNetwork, edge: int, end: int) -> float:
    return 0.0 if end == 0 else float(network.edge_m[edge])


def _best_ends(
    network: WalkNetwork, part: _Part, spots: tuple[_Spot, _Spot], rows: IntArray, node_m: FloatArray
) -> tuple[float, tuple[int, int], int] | None:
    """Choose over which ends of the two edges the way leads: length, ends, row of the search."""
    start, goal = spots
    found: list[tuple[float, tuple[int, int], int]] = []
    for from_end, from_node in enumerate(_ends(network, start.edge)):
        for to_end, to_node in enumerate(_ends(network, goal.edge)):
            a, b = part.local(from_node), part.local(to_node)
            if a < 0 or b < 0:
                continue
            row = int(np.searchsorted(rows, a))
            first = abs(start.along_m - _end_m(network, start.edge, from_end)) + start.leg_m
            last = abs(goal.along_m - _end_m(network, goal.edge, to_end)) + goal.leg_m
            length = first + float(node_m[row, b]) + last
            if np.isfinite(length):
                found.append((length, (from_end, to_end), row))
    return min(found, default=None)


def _along_one_edge(network: WalkNetwork, start: _Spot, goal: _Spot) -> WalkPath:
    course = _piece(network, start.edge, start.along_m, goal.along_m)
    length = start.leg_m + abs(start.along_m - goal.along_m) + goal.leg_m
    return WalkPath(_joined([start.xy[None, :], course, goal.xy[None, :]]), length, is_estimated=False)


def _chain(before: IntArray, goal: int) -> list[int]:
    """Return the nodes from the start of the search to the goal."""
    chain = [goal]
    while before[chain[-1]] != NO_NODE:
        chain.append(int(before[chain[-1]]))
    return chain[::-1]


def _edge_courses(network: WalkNetwork, part: _Part, chain: list[int]) -> list[FloatArray]:
    """Return the course of the shortest edge between each two nodes, in the direction of the way."""
    courses: list[FloatArray] = []
    low = np.minimum(network.edge_from[part.edges], network.edge_to[part.edges])
    high = np.maximum(network.edge_from[part.edges], network.edge_to[part.edges])
    for a, b in pairwise(chain):
        one, other = int(part.nodes[a]), int(part.nodes[b])
        between = part.edges[(low == min(one, other)) & (high == max(one, other))]
        edge = int(between[np.argmin(network.edge_m[between])])
        course = network.vertex_xy[network.vertex_start[edge] : network.vertex_start[edge + 1]]
        courses.append(course if network.edge_from[edge] == one else course[::-1])
    return courses


def _piece(network: WalkNetwork, edge: int, from_m: float, to_m: float) -> FloatArray:
    cut = substring(network.edge_lines[edge], from_m, to_m)
    return np.asarray(shapely.get_coordinates(cut), dtype=np.float64)


def _joined(pieces: list[FloatArray]) -> FloatArray:
    xy = np.concatenate(pieces)
    keep = np.ones(len(xy), dtype=np.bool_)
    keep[1:] = np.hypot(*np.diff(xy, axis=0).T) > SAME_PLACE_M
    keep[-1] = keep[-1] or keep.sum() == 1
    return xy[keep]
