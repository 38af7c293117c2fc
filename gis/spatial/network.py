"""The walking network: noded edges from walkable lines, and points snapped to the nearest edge.

Everything is in one metric CRS. Points snap to *edges*, never to junctions: on real streets snapping to junctions is
75-140 m off in the mean (docs/decisions/004).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]
    GeometryArray = npt.NDArray[Any]

GRID_M = 0.01  # vertices closer than this are one junction
END_SNAP_M = 0.5  # office-made road ends that stop this short of another road are joined to it
MAX_SNAP_M = 200.0  # a home farther than this from every path is not on the network
TINY_SHARE = 0.01  # a component below this share of the whole length ...
TINY_M = 200.0  # ... or below this length is an island that a point leaves when it can
ISLAND_DETOUR_M = 50.0  # how much farther an edge of the proper network may be than the island's
NOT_SNAPPED = -1


@dataclass(frozen=True)
class WalkNetwork:
    """An undirected walking graph whose edges keep their course.

    Attributes
    ----------
    node_xy
        Shape (n_nodes, 2), metres in the CRS of the lines.
    edge_from, edge_to
        Shape (n_edges,), row numbers of `node_xy`; equal for a loop.
    edge_m
        Shape (n_edges,), length along the course.
    vertex_xy, vertex_start
        Edge `e` runs through `vertex_xy[vertex_start[e]:vertex_start[e + 1]]`, from `edge_from` to `edge_to`.
    """

    node_xy: FloatArray
    edge_from: IntArray
    edge_to: IntArray
    edge_m: FloatArray
    vertex_xy: FloatArray
    vertex_start: IntArray

    @property
    def length_km(self) -> float:
        """Length of all edges."""
        return float(self.edge_m.sum() / 1000)

    @cached_property
    def graph(self) -> csr_array[Any]:
        """Symmetric matrix of edge lengths, the shortest of parallel edges; loops are left out."""
        return _adjacency(len(self.node_xy), self.edge_from, self.edge_to, self.edge_m)

    @cached_property
    def node_component(self) -> IntArray:
        """Component number of each node."""
        if not len(self.node_xy):
            return np.zeros(0, dtype=np.int64)
        return np.asarray(connected_components(self.graph, directed=False)[1], dtype=np.int64)

    @cached_property
    def component_m(self) -> FloatArray:
        """Length of each component."""
        return np.bincount(self.node_component[self.edge_from], weights=self.edge_m).astype(np.float64)

    @property
    def largest_component_share(self) -> float:
        """Share of the whole length that the longest component holds; 0 for an empty network."""
        return float(self.component_m.max() / self.edge_m.sum()) if len(self.edge_m) else 0.0

    @cached_property
    def is_island(self) -> BoolArray:
        """Edges of a component under 1 % of the whole length or under 200 m, unless it is the longest."""
        if not len(self.edge_m):
            return np.zeros(0, dtype=np.bool_)
        length = self.component_m
        tiny = (length < TINY_SHARE * self.edge_m.sum()) | (length < TINY_M)
        tiny[int(length.argmax())] = False
        return np.asarray(tiny[self.node_component[self.edge_from]], dtype=np.bool_)

    @cached_property
    def edge_lines(self) -> GeometryArray:
        """Shapely lines of the edges."""
        counts = np.diff(self.vertex_start)
        return np.asarray(shapely.linestrings(self.vertex_xy, indices=np.repeat(np.arange(len(counts)), counts)))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.edge_lines)

    @cached_property
    def _mainland(self) -> tuple[IntArray, shapely.STRtree]:
        edges = np.flatnonzero(~self.is_island)
        return edges, shapely.STRtree(self.edge_lines[edges])

    def snap(self, xy: FloatArray, max_snap_m: float = MAX_SNAP_M) -> Snaps:
        """Put each point on the nearest point of an edge.

        If the nearest edge belongs to an island (under 1 % of the whole length, or under 200 m) and an edge of the
        rest is at most 50 m farther, the point goes there: a scrap of path inside an estate is a gap in the data
        rather than a place one cannot leave. Of edges equally near the first is taken.

        Parameters
        ----------
        xy
            Shape (n, 2), metres in the CRS of the network.
        max_snap_m
            A point farther than this from every edge is NOT_SNAPPED.
        """
        points: GeometryArray = np.asarray(shapely.points(np.asarray(xy, dtype=np.float64).reshape(-1, 2)))
        edge = np.full(len(points), NOT_SNAPPED, dtype=np.int64)
        if len(self.edge_m) and len(points):
            edge, leg = _nearest(self._tree, points, np.full(len(points), max_snap_m))
            mainland, tree = self._mainland
            stuck = np.flatnonzero((edge != NOT_SNAPPED) & self.is_island[edge])
            if len(stuck) and len(mainland):
                reach = np.minimum(leg[stuck] + ISLAND_DETOUR_M, max_snap_m)
                better, _ = _nearest(tree, points[stuck], reach)
                edge[stuck] = np.where(better == NOT_SNAPPED, edge[stuck], mainland[better])
        return self._on_edges(points, edge)

    def _on_edges(self, points: GeometryArray, edge: IntArray) -> Snaps:
        along, leg = np.full(len(points), np.inf), np.full(len(points), np.inf)
        on = edge != NOT_SNAPPED
        if on.any():
            lines = self.edge_lines[edge[on]]
            along[on] = np.clip(shapely.line_locate_point(lines, points[on]), 0, self.edge_m[edge[on]])
            leg[on] = shapely.distance(lines, points[on])
        return Snaps(edge, along, leg)


@dataclass(frozen=True)
class Snaps:
    """Where points stand on a network: shape (n,) each.

    `edge` is an edge number or NOT_SNAPPED; `along_m` the way from the edge's first node; `leg_m` the straight way
    from the point to the edge; both inf where not snapped.
    """

    edge: IntArray
    along_m: FloatArray
    leg_m: FloatArray

    @property
    def is_snapped(self) -> BoolArray:
        """Which points are on the network."""
        return np.asarray(self.edge != NOT_SNAPPED, dtype=np.bool_)


def build_network(lines: Iterable[Any], *, node_crossings: bool) -> WalkNetwork:
    """Join walkable lines into a network.

    Lines share a junction where they share a vertex (within 1 cm). Lines that cross without a common vertex are
    bridges in OSM and stay apart (`node_crossings=False`). Road layers drawn by an office have no such convention:
    with `node_crossings=True` every crossing is a junction, and an end that stops within 0.5 m of another line is
    joined to it.

    Parameters
    ----------
    lines
        Lines or multi-lines in one metric CRS; None, empty and other geometries are left out.
    """
    parts = _plain_lines(lines)
    if node_crossings and len(parts):
        joined = np.concatenate([parts, _end_joints(parts)])
        parts = _plain_lines([shapely.union_all(joined, grid_size=GRID_M)])
    xy, line = shapely.get_coordinates(parts, return_index=True)
    vertex, where = _junction_ids(xy)
    keep = np.ones(len(xy), dtype=np.bool_)  # a vertex that repeats the one before adds nothing
    keep[1:] = (vertex[1:] != vertex[:-1]) | (line[1:] != line[:-1])
    vertex, line = vertex[keep], line[keep]
    return _cut_at_junctions(where, vertex, line)


def _plain_lines(lines: Iterable[Any]) -> GeometryArray:
    given = np.asarray([line for line in lines if line is not None], dtype=object)
    parts = np.asarray(shapely.get_parts(shapely.force_2d(given)), dtype=object)
    if len(parts):
        parts = np.asarray(shapely.get_parts(parts), dtype=object)  # lines nested in collections
        parts = parts[np.isin(shapely.get_type_id(parts), (1, 2)) & (shapely.length(parts) > 0)]
        parts = parts[np.isfinite(shapely.length(parts))]
    return parts


def _end_joints(parts: GeometryArray) -> GeometryArray:
    """Short links from ends that hang within END_SNAP_M of another line to that line."""
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    own = np.tile(np.arange(len(parts)), 2)
    end, other = shapely.STRtree(parts).query(ends, predicate="dwithin", distance=END_SNAP_M)
    foreign = own[end] != other
    ends, targets = ends[end[foreign]], parts[other[foreign]]
    on_target = shapely.line_interpolate_point(targets, shapely.line_locate_point(targets, ends))
    pairs = np.stack([shapely.get_coordinates(ends), shapely.get_coordinates(on_target)], axis=1)
    gap = np.hypot(*(pairs[:, 1] - pairs[:, 0]).T)
    return np.asarray(shapely.linestrings(pairs[gap > GRID_M]), dtype=object).reshape(-1)


def _junction_ids(xy: FloatArray) -> tuple[IntArray, FloatArray]:
    """Give equal vertices (within the grid) one number; also return where each number is."""
    cells = np.rint(xy / GRID_M).astype(np.int64)
    _, first, vertex = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    return np.asarray(vertex, dtype=np.int64).reshape(-1), xy[first]


def _cut_at_junctions(where: FloatArray, vertex: IntArray, line: IntArray) -> WalkNetwork:
    n = len(vertex)
    first, last = np.ones(n, dtype=np.bool_), np.ones(n, dtype=np.bool_)
    first[1:] = line[1:] != line[:-1]
    last[:-1] = first[1:]
    uses = np.bincount(vertex, minlength=len(where))
    cut = first | last | (uses[vertex] > 1)
    # a vertex used twice may be inside one line and at the end of another: every use of it is then a cut
    at_cut = np.zeros(len(where), dtype=np.bool_)
    at_cut[vertex[cut]] = True
    cut = at_cut[vertex]
    place = np.flatnonzero(cut)
    same_line = line[place[:-1]] == line[place[1:]]
    start, stop = place[:-1][same_line], place[1:][same_line]
    counts = stop - start + 1
    offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    inside = np.arange(offset[-1]) - np.repeat(offset[:-1], counts) + np.repeat(start, counts)
    vertex_xy = where[vertex[inside]]
    step = np.hypot(*np.diff(vertex_xy, axis=0).T) if len(vertex_xy) else np.zeros(0)
    walked = np.concatenate([[0.0], np.cumsum(step)])
    edge_m = walked[offset[1:] - 1] - walked[offset[:-1]] if len(start) else np.zeros(0)
    used, ends = np.unique(np.concatenate([vertex[start], vertex[stop]]), return_inverse=True)
    ends = np.asarray(ends, dtype=np.int64)
    return WalkNetwork(where[used], ends[: len(start)], ends[len(start) :], edge_m, vertex_xy, offset)


def _adjacency(n_nodes: int, edge_from: IntArray, edge_to: IntArray, edge_m: FloatArray) -> csr_array[Any]:
    low, high = np.minimum(edge_from, edge_to), np.maximum(edge_from, edge_to)
    order = np.lexsort((edge_m, high, low))
    order = order[low[order] != high[order]]
    low, high, length = low[order], high[order], edge_m[order]
    shortest = np.ones(len(order), dtype=np.bool_)
    shortest[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    low, high, length = low[shortest], high[shortest], length[shortest]
    rows, columns = np.concatenate([low, high]), np.concatenate([high, low])
    return csr_array((np.tile(length, 2), (rows, columns)), shape=(n_nodes, n_nodes))


def _nearest(tree: shapely.STRtree, points: GeometryArray, reach: FloatArray) -> tuple[IntArray, FloatArray]:
    edge, leg = np.full(len(points), NOT_SNAPPED, dtype=np.int64), np.full(len(points), np.inf)
    usable = shapely.get_coordinates(points)
    finite = np.flatnonzero(np.isfinite(usable).all(axis=1))
    if not len(finite):
        return edge, leg
    pairs, distance = tree.query_nearest(
        points[finite], max_distance=float(reach.max()) + GRID_M, return_distance=True, all_matches=True
    )
    row = finite[pairs[0]]
    order = np.lexsort((pairs[1], row))[::-1]  # written last wins: the lowest edge number
    order = order[distance[order] <= reach[row[order]]]
    edge[row[order]], leg[row[order]] = pairs[1][order], distance[order]
    return edge, leg
