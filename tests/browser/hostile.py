"""An office whose every name tries to break out: as files, brought in by the importer like any other."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook

from gis.model.access import operator
from gis.model.enums import DivisionLevel
from gis.model.layers import LayerKind
from gis.services.import_layers import apply_layers
from gis.services.import_roster import RosterRequest, apply_roster
from gis.services.layer_report import LayerImportRequest
from gis.spatial.display import bounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gis.store.database import Store

#: Each able to run somewhere: attribute, template literal, end of script, back-ticks, template, quotes
IMG = '<img src=x onerror="window.ran=1">'
DOLLAR = "${window.ran=1}"
SCRIPT = "</script><script>window.ran=1</script>"
TICKS = "`+(window.ran=1)+`"
BRACES = "{{7*7}}"
QUOTES = "'\"王'\"*x*_y_"
RTL = "\u202e倒着写"
FORMULA = "=HYPERLINK(1)"
LONG = "很长的名字" * 40
FILE = f"{IMG}{DOLLAR}{BRACES}.csv"
MEMBERS = (IMG, DOLLAR, SCRIPT, TICKS, BRACES, QUOTES, "倒着写人", FORMULA, LONG)


PLAN = f"方案{IMG}{DOLLAR}"
ORG = f"支部{IMG}{DOLLAR}{TICKS}"
ESTATE = f"园{IMG}"
VENUE = f"室{SCRIPT}{DOLLAR}{RTL}"
GRID = f"格{IMG}{BRACES}{QUOTES}"
LOST = f"不知何处{IMG}{DOLLAR}{SCRIPT}"
HOME = f"{ESTATE}1幢甲单元{{}}室"


@dataclass(frozen=True, slots=True)
class HostileOffice:
    """What the importer made of it; `lon`, `lat` is where its one building stands."""

    org_id: int
    building: int
    grid: int
    host: int
    venue: int
    lon: float
    lat: float


def import_hostile_office(store: Store, folder: Path) -> HostileOffice:
    """Write the files and import them beside the street; every row of them must come in."""
    with store.reading(operator().scope) as reader:
        community = next(one for one in reader.divisions() if one.level is DivisionLevel.VILLAGE)
        root = next(one for one in reader.orgs() if one.parent_id is None)
        _, south, east, _ = bounds([grid.shape for grid in reader.grids()]) or (0.0, 0.0, 0.0, 0.0)
    lon, lat = round(east + 0.003, 6), round(south + 0.02, 6)
    box = f"POLYGON (({lon - 0.002} {lat - 0.002}, {lon + 0.002} {lat - 0.002}, {lon + 0.002} {lat + 0.002}, "
    box += f"{lon - 0.002} {lat + 0.002}, {lon - 0.002} {lat - 0.002}))"
    rows: dict[LayerKind, list[Mapping[str, object]]] = {
        LayerKind.ORGS: [{"组织编码": "XX1", "组织名称": ORG, "组织类别": "党支部", "上级组织": root.name}],
        LayerKind.GRIDS: [
            {"网格编号": f"{community.code}999", "网格名称": GRID, "网格类型": "基础网格", "所属社区": community.name}
            | {"WKT": box}
        ],
        LayerKind.ESTATES: [{"小区名称": ESTATE, "所属社区": community.name}],
        LayerKind.BUILDINGS: [{"小区": ESTATE, "幢号": "1", "地址": LOST, "经度": lon, "纬度": lat}],
        LayerKind.VENUES: [
            {
                "名称": VENUE,
                "类型": "党群服务中心",
                "可容纳人数": 30,
                "所属组织": ORG,
                "经度": lon + 0.0008,
                "纬度": lat,
            }
        ],
        LayerKind.HOSTS: [
            {"所在支部": ORG, "户主姓名": IMG, "地址": HOME.format(101), "可容纳人数": 12, "状态": "已批准"}
        ],
    }
    for kind, lines in rows.items():
        path = folder / FILE
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.DictWriter(file, list(lines[0]))
            table.writeheader()
            table.writerows(lines)
        report = apply_layers(operator(), store, LayerImportRequest(path, kind, "EPSG:4490"))
        assert not report.faults, (kind, report.faults)
        assert report.new == len(lines), kind
    roster = apply_roster(operator(), store, RosterRequest(write_roster(folder / "花名册.xlsx")))
    assert not roster.faults, roster.faults
    assert roster.new == len(MEMBERS) + 1
    return _found(store, lon, lat)


def write_roster(path: Path, born: str = "1960-03") -> Path:
    """Write the members: all in the hostile building but the last, whose address says nothing."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["党支部", "姓名", "性别", "出生年月", "入党时间", "正式/预备", "党内职务", "联系电话", "现住址", "备注"]
    )
    homes = [HOME.format(101 + place) for place in range(len(MEMBERS))]
    for place, (name, home) in enumerate(zip((*MEMBERS, f"失{IMG}"), (*homes, LOST), strict=True), start=1):
        values = [
            ORG,
            RTL + "人" if name == "倒着写人" else name,
            "男",
            born,
            "1990-07",
            "正式",
            "支部委员",
            f"1380000{place:04}",
            home,
            IMG,
        ]
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(place + 1, column, value)
            cell.data_type = "s"
    book.save(path)
    return path


def _found(store: Store, lon: float, lat: float) -> HostileOffice:
    with store.reading(operator().scope) as reader:
        org = next(one for one in reader.orgs() if one.name == ORG)
        building = next(one for one in reader.buildings() if one.estate == ESTATE)
        grid = next(one for one in reader.grids() if one.name == GRID)
        host = next(one for one in reader.hosts() if one.name == IMG)
        venue = next(one for one in reader.venues() if one.name == VENUE)
    org_id, building_id, grid_id, host_id, venue_id = (
        int(number or 0) for number in (org.id, building.id, grid.id, host.id, venue.id)
    )
    return HostileOffice(org_id, building_id, grid_id, host_id, venue_id, lon, lat)
