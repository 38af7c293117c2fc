"""Frame contracts: said once what a GeoDataFrame must be, checked once, all faults reported together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

_FAMILIES = {
    "Point": {"Point"},
    "Line": {"LineString", "MultiLineString"},
    "Polygon": {"Polygon", "MultiPolygon"},
    "Any": {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "MultiPoint"},
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame must be.

    `name` is Chinese, for messages. `geometry` is a family: `Point`, `Line`, `Polygon` or `Any` (or None: no
    geometry needed). The index is the id and must not repeat. `is_metric` asks for a projected CRS in metres.
    """

    name: str
    columns: tuple[str, ...] = ()
    geometry: str | None = "Any"
    is_metric: bool = True
    may_be_missing: bool = False


def check_frame(frame: gpd.GeoDataFrame, contract: Frame) -> gpd.GeoDataFrame:
    """Return the frame unchanged when it keeps its contract; else raise InputError that names every fault."""
    faults = _column_faults(frame, contract)
    if contract.geometry is not None:
        faults += _geometry_faults(frame, contract)
    if faults:
        msg = f"{contract.name}：{'；'.join(faults)}"
        raise InputError(msg)
    return frame


def _column_faults(frame: gpd.GeoDataFrame, contract: Frame) -> list[str]:
    missing = [name for name in contract.columns if name not in frame.columns]
    faults = [f"缺列 {'、'.join(missing)}"] if missing else []
    repeated = int(frame.index.duplicated().sum())
    return [*faults, f"编号重复 {repeated} 处"] if repeated else faults


def _geometry_faults(frame: gpd.GeoDataFrame, contract: Frame) -> list[str]:
    if frame.active_geometry_name is None:
        return ["缺几何列"]
    geometry = np.asarray(frame.geometry, dtype=object)
    absent = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    present = geometry[~absent]
    wrong = sorted({str(shape.geom_type) for shape in present} - _FAMILIES[contract.geometry or "Any"])
    invalid = int((~shapely.is_valid(present)).sum())
    faults = []
    if absent.any() and not contract.may_be_missing:
        faults.append(f"几何为空 {int(absent.sum())} 处")
    if wrong:
        faults.append(f"几何类型应为 {contract.geometry}，出现了 {'、'.join(wrong)}")
    if invalid:
        faults.append(f"几何无效 {invalid} 处")
    if contract.is_metric and (frame.crs is None or not frame.crs.is_projected):
        faults.append("坐标系应为以米为单位的投影坐标系")
    return faults
