"""The layers that a street office hands in: maps of territory, the list of organisations, venues and hosts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyogrio
import shapely

from gis.services.sample import _rows as rows
from gis.services.sample._books import Page, write_csv, write_geojson, write_xlsx, zip_files
from gis.services.sample._world import METRIC_EPSG, origin, wkb

if TYPE_CHECKING:
    from gis.services.sample._books import Cell
    from gis.services.sample._world import World

_YES_NO = {True: "有", False: "无"}
_DBF_DATE = slice(1, 4)  # year, month, day of writing
_PARTS = (".shp", ".shx", ".dbf", ".prj")
ROADS = "道路"


def write_layers(world: World, folder: Path) -> list[str]:
    """Write all layers; returns the names of the files in the order of their meaning."""
    _divisions(world, folder / "区划.geojson")
    _orgs(world, folder / "党组织表.xlsx")
    _grids(world, folder / "网格.geojson")
    _estates(world, folder / "小区.geojson")
    _buildings(world, folder / "楼栋.geojson")
    _roads(world, folder / f"{ROADS}.zip")
    _venues(world, folder / "阵地.csv")
    _hosts(world, folder / "中心户表.xlsx")
    return [
        "区划.geojson",
        "党组织表.xlsx",
        "网格.geojson",
        "小区.geojson",
        "楼栋.geojson",
        f"{ROADS}.zip",
        "阵地.csv",
        "中心户表.xlsx",
    ]


def _divisions(world: World, path: Path) -> None:
    write_geojson(
        path,
        (
            (
                {"区划代码": d.code, "名称": d.name, "级别": d.level.label, "上级代码": d.parent_code},
                d.shape or b"",
            )
            for d in rows.divisions_of(world)
        ),
    )


def _grids(world: World, path: Path) -> None:
    names = {community.code: community.name for community in world.communities}
    write_geojson(
        path,
        (
            (
                {
                    "网格编号": grid.grid_code,
                    "网格名称": grid.name,
                    "网格类型": grid.kind.label,
                    "所属社区": names[grid.community_code],
                },
                grid.shape or b"",
            )
            for grid in rows.grids_of(world)
        ),
    )


def _estates(world: World, path: Path) -> None:
    write_geojson(
        path,
        (
            (
                {"小区名称": row.name, "别名": "、".join(row.aliases), "所属社区": estate.community.name},
                row.shape or b"",
            )
            for estate, row in zip(world.estates, rows.estates_of(world), strict=True)
        ),
    )


def _buildings(world: World, path: Path) -> None:
    codes = world.grid_codes()
    houses = ((estate, house) for estate in world.estates for house in estate.houses)
    write_geojson(
        path,
        (
            (
                {
                    "编号": f"{house.estate}-{house.number}",
                    "小区": house.estate,
                    "幢号": house.number,
                    "单元数": house.units,
                    "层数": house.floors,
                    "户数": rows.households_of(house),
                    "有无电梯": _YES_NO[house.has_lift],
                    "所属网格": codes[house.block],
                    "地址": rows.door_address(estate, house),
                    "状态": house.status.label,
                },
                wkb(house.shape),
            )
            for estate, house in houses
        ),
    )


def _roads(world: World, path: Path) -> None:
    """Write the roads as old desktop programs do: a GBK Shapefile in the metric system, zipped."""
    east, north = origin()
    moved = [shapely.transform(way.line, lambda xy: xy + np.array([east, north])) for way in world.ways]
    columns = {
        "编号": [f"QH-R{i:05d}" for i in range(1, len(moved) + 1)],
        "名称": [way.name for way in world.ways],
        "类型": [way.kind for way in world.ways],
        "可步行": ["是" if way.is_walkable else "否" for way in world.ways],
    }
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"{ROADS}.shp"
        pyogrio.raw.write(
            target,
            geometry=np.array(shapely.to_wkb(moved), dtype=object),
            field_data=[np.array(values, dtype=object) for values in columns.values()],
            fields=list(columns),
            geometry_type="LineString",
            crs=f"EPSG:{METRIC_EPSG}",
            driver="ESRI Shapefile",
            encoding="GBK",
        )
        parts = {f"{ROADS}{suffix}": target.with_suffix(suffix).read_bytes() for suffix in _PARTS}
    table = bytearray(parts[f"{ROADS}.dbf"])
    table[_DBF_DATE] = bytes((126, 6, 1))  # 2026-06-01, counted from 1900
    zip_files(path, {**parts, f"{ROADS}.dbf": bytes(table), f"{ROADS}.cpg": b"GBK"})


def _orgs(world: World, path: Path) -> None:
    headers = ("组织编码", "组织名称", "组织类别", "上级组织", "社区类型", "覆盖区划", "状态")
    page = Page("党组织", width=len(headers))
    page.rows.append(list(headers))
    for org, row in zip(world.orgs, rows.orgs_of(world), strict=True):
        parent = "" if org.parent is None else world.orgs[org.parent].name
        kind = row.community_kind.label if row.community_kind else None
        cover = "、".join(row.division_codes)
        page.rows.append([row.code, row.name, row.kind.label, parent or None, kind, cover, row.status.label])
    write_xlsx(path, [page])


def _venues(world: World, path: Path) -> None:
    headers = ("名称", "类型", "可容纳人数", "楼层", "有无电梯", "无障碍", "所属组织", "设备", "小区", "幢号")
    page = Page("", width=len(headers))
    page.rows.append(list(headers))
    for place in world.venues:
        house = place.home.house
        page.rows.append(
            [
                place.name,
                place.kind.label,
                place.capacity,
                1,
                _YES_NO[place.has_lift],
                _YES_NO[place.is_step_free],
                world.orgs[place.org].name,
                "、".join(place.equipment),
                house.estate if house else None,
                house.number if house else None,
            ]
        )
    write_csv(path, page)


def _hosts(world: World, path: Path) -> None:
    headers = (
        "序号",
        "所在支部",
        "党小组",
        "户主姓名",
        "地址",
        "可容纳人数",
        "联系党员数",
        "设立时间",
        "电教设备",
        "楼层",
        "无障碍",
        "备注",
    )
    page = Page("中心户", width=len(headers))
    page.title("青禾街道党员中心户一览表（虚构样例）")
    page.rows.append(list(headers))
    for number, host in enumerate(world.hosts, 1):
        person = world.people[host.person]
        home = person.home
        equipment: Cell = "、".join(host.equipment) or None
        page.rows.append(
            [
                number,
                world.orgs[person.branch].name,
                None,
                person.name,
                home.text if home else None,
                host.capacity,
                host.linked,
                f"{host.approved_on:%Y-%m}",
                equipment,
                home.floor if home else None,
                _YES_NO[host.is_step_free],
                None,
            ]
        )
    write_xlsx(path, [page])
