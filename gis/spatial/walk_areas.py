"""Walking areas (步行范围): what can be reached on foot within so many metres of one or several places.

Along the roads the reach is exact (every edge is cut where the metres end); what is reached of the roads is then
widened by `BESIDE_M` to both sides, for the doors beside them, and closed where yards lie between. Everything is in
one metric CRS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.ops import substring

from gis.spatial.distances import WalkOptions
from gis.spatial.nearest_walks import junction_walks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from gis.spatial.network import Snaps, WalkNetwork

    FloatArray = npt.NDArray[np.float64]
    GeometryArray = npt.NDArray[Any]

BESIDE_M = 25.0  # half a block of houses beside a road
CLOSE_M = 75.0  # between two reached roads less than 200 m apart (twice this and BESIDE_M) nothing is left out
HOLE_M2 = 60_000.0  # a block of at most 240 m by 240 m with reached roads all around it is reached as well
QUADRANT = 8  # corners of a quarter of a circle: 0.5 m inside the true arc at 100 m
CIRCLE = 24  # corners of a quarter of a large circle
_TINY_M = 1e-9


@dataclass(frozen=True, eq=False)
class WalkArea:
    """What is reached within `limit_m` metres on foot: a polygon or several, perhaps empty; metres in the CRS.

    `road_m` metres of road are reached. `is_estimated`: a place is on no road, and a circle stands for its part.
    """

    limit_m: float
    shape: shapely.Geometry
    road_m: float
    is_estimated: bool


def walk_areas(
    network: WalkNetwork | None, places_xy: FloatArray, limits_m: Sequence[float], options: WalkOptions | None = None
) -> tuple[WalkArea, ...]:
    """Return the area within each limit of the nearest of some places, in the order of the limits.

    Every point of a road whose way from a place is at most the limit lies inside; a way begins straight to the nearest
    edge, as in `gis.spatial.distances`. No point of an area is farther than the limit and `BESIDE_M` from a place as
    the crow flies, and a longer limit never has the smaller area.

    Parameters
    ----------
    network
        None: there are no roads, and each area is made of circles of the limit over the detour factor.
    places_xy
        Shape (n, 2), metres in the CRS of the network. A place farther than `max_snap_m` from every road gets a circle.
    """
    options = options or WalkOptions()
    xy = np.asarray(places_xy, dtype=np.float64).reshape(-1, 2)
    if network is None or not len(network.edge_m):
        return tuple(_made(limit, _circles(xy, limit, options), 0.0, is_estimated=True) for limit in limits_m)
    snaps = network.snap(xy, options.max_snap_m)
    far = xy[~snaps.is_snapped]
    node_m = junction_walks(network, snaps, max(limits_m, default=0.0))
    found = []
    for limit in limits_m:
        whole, spans = _is_whole(network, node_m, limit), list(_spans(network, node_m, snaps, limit))
        parts = [substring(network.edge_lines[edge], begin, end) for edge, begin, end in spans]
        lines = np.array([*network.edge_lines[whole], *parts, *_legs(network, xy, snaps, limit)], dtype=object)
        wide = np.asarray(shapely.buffer(lines, BESIDE_M + CLOSE_M, quad_segs=QUADRANT), dtype=object).reshape(-1)
        road_m = float(network.edge_m[whole].sum()) + sum(end - begin for _, begin, end in spans)
        closed = shapely.buffer(shapely.union_all(wide), -CLOSE_M, quad_segs=QUADRANT)
        shapes = np.concatenate([np.array([closed], dtype=object), _circles(far, limit, options)])
        found.append(_made(limit, shapes, road_m, is_estimated=len(far) > 0))
    return tuple(found)


def _made(limit_m: float, shapes: GeometryArray, road_m: float, *, is_estimated: bool) -> WalkArea:
    return WalkArea(limit_m, _without_small_holes(shapely.union_all(shapes)), road_m, is_estimated)


def _circles(xy: FloatArray, limit_m: float, options: WalkOptions) -> GeometryArray:
    points = shapely.points(xy[np.isfinite(xy).all(axis=1)])
    circles = shapely.buffer(points, limit_m / options.detour, quad_segs=CIRCLE)
    return np.asarray(circles, dtype=object).reshape(-1)


def _is_whole(network: WalkNetwork, node_m: FloatArray, limit_m: float) -> npt.NDArray[np.bool_]:
    """Tell of which edges nothing is left between what is reached from one end and from the other."""
    from_, to = limit_m - node_m[network.edge_from], limit_m - node_m[network.edge_to]
    return np.asarray((from_ >= 0) & (to >= 0) & (from_ + to >= network.edge_m), dtype=np.bool_)


def _spans(
    network: WalkNetwork, node_m: FloatArray, snaps: Snaps, limit_m: float
) -> Iterator[tuple[int, float, float]]:
    """Yield edge, begin and end of the parts of edges that are reached, apart from the edges reached as a whole."""
    is_open = ~_is_whole(network, node_m, limit_m)
    from_, to = limit_m - node_m[network.edge_from], limit_m - node_m[network.edge_to]
    on: dict[int, list[tuple[float, float]]] = {}
    for edge in np.flatnonzero(is_open & (from_ > 0)).tolist():
        on.setdefault(edge, []).append((0.0, float(from_[edge])))
    for edge in np.flatnonzero(is_open & (to > 0)).tolist():
        on.setdefault(edge, []).append((float(network.edge_m[edge] - to[edge]), np.inf))
    for k in np.flatnonzero(snaps.is_snapped & (snaps.leg_m < limit_m)).tolist():
        edge, along, rest = int(snaps.edge[k]), float(snaps.along_m[k]), limit_m - float(snaps.leg_m[k])
        if is_open[edge]:
            on.setdefault(edge, []).append((along - rest, along + rest))
    for edge, spans in on.items():
        length = float(network.edge_m[edge])
        yield from ((edge, max(0.0, begin), min(length, end)) for begin, end in _joined(spans))


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the spans without overlaps."""
    found: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _legs(network: WalkNetwork, xy: FloatArray, snaps: Snaps, limit_m: float) -> Iterator[Any]:
    """Yield the straight ways from the places to their roads, as far as the limit goes."""
    for k in np.flatnonzero(snaps.is_snapped):
        start = shapely.Point(xy[k])
        goal = shapely.line_interpolate_point(network.edge_lines[snaps.edge[k]], float(snaps.along_m[k]))
        leg = float(snaps.leg_m[k])
        yield start if leg <= _TINY_M else substring(shapely.LineString([start, goal]), 0.0, min(leg, limit_m))


def _without_small_holes(shape: shapely.Geometry) -> shapely.Geometry:
    """Fill holes below HOLE_M2; a hole of a larger area lies in one of a smaller, so areas stay nested."""
    polygons = shapely.get_parts(shape)
    filled = []
    for polygon in polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON]:
        holes = [ring for ring in polygon.interiors if shapely.area(shapely.Polygon(ring)) >= HOLE_M2]
        filled.append(shapely.Polygon(polygon.exterior, holes))
    return shapely.union_all(np.array(filled, dtype=object)) if filled else shapely.Polygon()
