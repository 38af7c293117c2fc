"""Kinds of layer a street hands in, and a row of one between the file and the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.organisation import PartyOrg
    from gis.model.territory import Building, Division, Estate, Grid, HostHousehold, Road, Venue


class LayerKind(Labelled):
    """Kinds of layer, in the order in which a folder of files is imported."""

    DIVISIONS = "divisions", "区划"
    ORGS = "orgs", "党组织"
    GRIDS = "grids", "网格"
    ESTATES = "estates", "小区"
    BUILDINGS = "buildings", "楼栋"
    ROADS = "roads", "道路"
    VENUES = "venues", "阵地"
    HOSTS = "hosts", "党员中心户"


class Shape(Labelled):
    """Families of geometry: single and multi are one family."""

    POINT = "point", "点"
    LINE = "line", "线"
    POLYGON = "polygon", "面"


@dataclass(frozen=True, slots=True)
class Draft:
    """One row of a layer file.

    `item` is complete but for what only the database knows; `refs` holds the names the file gives for those:
    `parent`, `divisions` (separated by 、), `community`, `estate`, `building_no`, `grid`, `org`, `branch`, `address`.
    `base` is the home venue that an organisation's row describes as well.
    """

    row: int
    item: Division | PartyOrg | Grid | Estate | Building | Road | Venue | HostHousehold
    refs: Mapping[str, str] = field(default_factory=dict)
    base: Venue | None = None


__all__ = ["Draft", "LayerKind", "Shape"]
