"""A home known only roughly: what is left of an address when its member does not agree to more.

The point becomes a point inside the grid that stands for the whole grid: the same for everybody in it, so that nothing
leads back to the home, and planning still has somewhere to start from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.model.enums import PositionSource, Precision
from gis.spatial.points import grid_at, point_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.ids import BuildingId, EstateId, GridId
    from gis.model.people import Residence
    from gis.model.territory import Grid

UNSAID = "住址按本人意愿不登记"
UNSAID_OUTSIDE = "辖区外（按本人意愿不登记详细住址）"


@dataclass(frozen=True, slots=True)
class RoughPlaces:
    """What a home is told by when it is told roughly: grids with their community's name, estates, and what is where."""

    grids: Mapping[GridId, Grid]
    community: Mapping[str, str]
    estates: Mapping[EstateId, str]
    building_at: Mapping[BuildingId, tuple[EstateId | None, GridId | None]]


def rough_home(home: Residence, places: RoughPlaces) -> Residence:
    """Return the home as its grid: no building, no unit, no room, the name of the estate or community for an address.

    A home that is rough already comes back as it is.
    """
    if home.source is PositionSource.GRID:
        return home
    estate_id, grid_id = _where(home, places)
    grid = places.grids.get(grid_id) if grid_id is not None else None
    shape = point_of(grid.shape) if grid is not None else None
    is_outside = home.precision is Precision.OUTSIDE and grid is None
    return replace(
        home,
        address=_said(estate_id, grid, places, is_outside=is_outside),
        precision=Precision.OUTSIDE if is_outside else Precision.GRID,
        source=PositionSource.GRID,
        confidence=0.2 if shape is not None else 0.0,
        building_id=None,
        estate_id=None,
        grid_id=grid_id,
        unit_no="",
        room_no="",
        shape=shape,
        candidates=(),
        reason="",
    )


def _where(home: Residence, places: RoughPlaces) -> tuple[EstateId | None, GridId | None]:
    of_building = places.building_at.get(home.building_id, (None, None)) if home.building_id else (None, None)
    grid_id = home.grid_id or of_building[1]
    if grid_id is None and home.shape is not None:
        grid_id = grid_at(places.grids.values(), home.shape)
    return home.estate_id or of_building[0], grid_id


def _said(estate_id: EstateId | None, grid: Grid | None, places: RoughPlaces, *, is_outside: bool) -> str:
    if is_outside:
        return UNSAID_OUTSIDE
    if estate_id is not None and places.estates.get(estate_id):
        return places.estates[estate_id]
    if grid is not None:
        return places.community.get(grid.community_code) or grid.name or UNSAID
    return UNSAID


def is_rough_text(address: str, places: RoughPlaces) -> bool:
    """Whether an address says no more than a rough home does."""
    return address in {UNSAID, UNSAID_OUTSIDE, *places.estates.values(), *places.community.values()}


def is_same_rough_home(one: Residence | None, other: Residence | None) -> bool:
    """Whether two rough homes say the same."""
    if one is None or other is None or one.source is not PositionSource.GRID or other.source is not PositionSource.GRID:
        return False
    return (one.address, one.grid_id, one.precision) == (other.address, other.grid_id, other.precision)
