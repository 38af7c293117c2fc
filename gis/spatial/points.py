"""Single points as the store keeps them: well-known binary in EPSG:4490 longitude, latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from gis.model.enums import GridKind
from gis.spatial.crs import CHINA_LAT, CHINA_LON

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.model.ids import GridId
    from gis.model.territory import Building, Grid


def point_of(shape: bytes | None) -> bytes | None:
    """Return a point inside a shape, both well-known binary; None for no or an empty shape."""
    if shape is None:
        return None
    geometry = shapely.from_wkb(shape)
    point = geometry.representative_point()
    return None if point.is_empty else bytes(shapely.to_wkb(point))


def pin_point(lon: float, lat: float) -> bytes | None:
    """Return a point of degrees east and north as well-known binary, None outside China."""
    if not (CHINA_LON[0] <= lon <= CHINA_LON[1] and CHINA_LAT[0] <= lat <= CHINA_LAT[1]):
        return None
    return bytes(shapely.to_wkb(shapely.Point(lon, lat)))


def grid_at(grids: Iterable[Grid], point: bytes) -> GridId | None:
    """Return the base grid that a point lies in, None where there is none."""
    spot = shapely.from_wkb(point)
    inside = (
        grid.id
        for grid in grids
        if grid.kind is GridKind.BASE and grid.shape is not None and shapely.covers(shapely.from_wkb(grid.shape), spot)
    )
    return next(inside, None)


def same_point(one: bytes | None, other: bytes | None) -> bool:
    """Whether two points are the same to the last digit that matters, whichever database wrote them."""
    if one is None or other is None:
        return one is other
    return bool(shapely.equals_exact(shapely.from_wkb(one), shapely.from_wkb(other), tolerance=1e-9))


def middle_of(buildings: Iterable[Building]) -> bytes | None:
    """Return the middle of some buildings, None when none has a shape."""
    shapes = [shapely.from_wkb(building.shape) for building in buildings if building.shape is not None]
    if not shapes:
        return None
    return bytes(shapely.to_wkb(shapely.union_all([shape.centroid for shape in shapes]).centroid))
