"""Stored shapes as flat arrays for drawing: rings, lines and one inner point each, in longitude, latitude."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Points = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Paths:
    """Many paths in one array: path k belongs to shape `owner[k]` and has the next `size[k]` rows of `points`."""

    owner: Ints
    size: Ints
    points: Points


def centres(shapes: Sequence[bytes | None]) -> Points:
    """Return a point inside each shape, array of (n, 2) longitude, latitude; NaN where there is no shape."""
    geometries = _geometries(shapes)
    inner = shapely.point_on_surface(geometries)
    return np.column_stack([shapely.get_x(inner), shapely.get_y(inner)]) if len(shapes) else np.empty((0, 2))


def rings(shapes: Sequence[bytes | None]) -> Paths:
    """Return all rings of the polygons, shells counter-clockwise and holes clockwise, without the closing point.

    A filling rule that counts turns (non-zero) then draws holes as holes. Points and lines have no rings.
    """
    parts, part_owner = shapely.get_parts(_geometries(shapes), return_index=True)
    is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, part_owner = parts[is_polygon], part_owner[is_polygon]
    found, ring_part = shapely.get_rings(parts, return_index=True)
    is_shell = np.ones(len(found), dtype=bool)
    is_shell[1:] = ring_part[1:] != ring_part[:-1]
    turned = np.where(shapely.is_ccw(found) == is_shell, found, shapely.reverse(found))
    points, index = shapely.get_coordinates(turned, return_index=True)
    size = np.bincount(index, minlength=len(turned)).astype(np.int64)
    is_last = np.zeros(len(points), dtype=bool)
    is_last[np.cumsum(size) - 1] = True
    return Paths(part_owner[ring_part].astype(np.int64), size - 1, points[~is_last])


def lines(shapes: Sequence[bytes | None]) -> Paths:
    """Return all lines of the shapes."""
    parts, owner = shapely.get_parts(_geometries(shapes), return_index=True)
    points, index = shapely.get_coordinates(parts, return_index=True)
    return Paths(owner.astype(np.int64), np.bincount(index, minlength=len(parts)).astype(np.int64), points)


def merged(shapes: Sequence[bytes | None], keys: Sequence[str]) -> dict[str, bytes]:
    """Unite the shapes that share a key, by key in order; shapes without a key are left out."""
    geometries = _geometries(shapes)
    members: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        if key and geometries[index] is not None:
            members.setdefault(key, []).append(index)
    return {key: shapely.to_wkb(shapely.union_all(geometries[found])) for key, found in sorted(members.items())}


def bounds(shapes: Sequence[bytes | None]) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of all shapes together, or None when there are none."""
    west, south, east, north = shapely.total_bounds(_geometries(shapes)) if len(shapes) else (np.nan,) * 4
    return None if np.isnan(west) else (float(west), float(south), float(east), float(north))


def _geometries(shapes: Sequence[bytes | None]) -> Geometries:
    raw = np.empty(len(shapes), dtype=object)
    raw[:] = list(shapes)
    read: Geometries = shapely.from_wkb(raw)
    return read
