"""Layers from file to database, on both databases: dry run, checks, one transaction, the same again changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely
from typer.testing import CliRunner

from gis.cli.import_cmd import import_app
from gis.errors import DeniedError, InputError
from gis.model.access import Actor, Role, operator, scope_for
from gis.model.layers import LayerKind
from gis.services.import_layers import apply_layers, dry_run_layers
from gis.services.layer_report import LayerImportReport, LayerImportRequest
from gis.spatial.gcj import wgs84_to_gcj02
from gis.store.database import Store
from tests.unit.store.formats.layer_files import geojson, polygon, workbook

STREET, EAST, WEST = "990101001000", "990101001001", "990101001002"
LON, LAT = 119.95, 31.80
CLERK = operator()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a street of two communities, each filled by two grids, with two estates of two buildings."""
    geojson(
        tmp_path / "区划.geojson",
        [
            ({"区划代码": "990101001", "名称": "青禾街道", "级别": "街道"}, box(0, 0, 4, 2)),
            ({"区划代码": EAST, "名称": "东禾社区", "级别": "社区"}, box(0, 0, 2, 2)),
            ({"区划代码": WEST, "名称": "西禾社区", "级别": "社区"}, box(2, 0, 4, 2)),
        ],
    )
    grids = [(EAST + "001", 0, 1), (EAST + "002", 1, 2), (WEST + "001", 2, 3), (WEST + "002", 3, 4)]
    geojson(
        tmp_path / "网格.geojson",
        [
            (
                {
                    "网格编号": code,
                    "网格名称": f"网格{code[-6:]}",
                    "所属社区": "东禾社区" if code.startswith(EAST) else "西禾",
                },
                box(west, 0, east, 2),
            )
            for code, west, east in grids
        ],
    )
    workbook(
        tmp_path / "小区.xlsx",
        ("小区", [["小区名称", "别名", "所属社区"], ["青禾苑", "青禾花园、禾苑", "东禾"], ["麦浪苑", None, WEST]]),
    )
    workbook(
        tmp_path / "楼栋.xlsx",
        (
            "楼栋",
            [
                ["小区", "幢号", "单元数", "层数", "户数", "有无电梯", "所属网格", "楼栋长", "经度", "纬度"],
                ["青禾苑", "1幢", 2, 6, 24, "无", "网格001001", "某人", *at(0.5, 0.5)],
                ["禾苑", "2幢", 2, 6, 24, "无", "网格001001", "某人", *at(0.5, 1.5)],
                ["麦浪苑", 3, 2, 18, 144, "有", "", "", *at(2.5, 0.5)],
                ["新苗苑", 4, 2, 18, 144, "有", "", "", *at(3.5, 0.5)],
            ],
        ),
    )
    workbook(
        tmp_path / "党组织.xlsx",
        (
            "组织",
            [
                ["组织名称", "组织类别", "上级组织", "覆盖区划", "社区类型", "阵地", "经度", "纬度", "容量"],
                ["东禾一支部", "党支部", "东禾党总支", "东禾", "", "东禾村部", *at(1.5, 1.5), 40],
                ["东禾党总支", "总支", "青禾街道党工委", "东禾社区、西禾社区", "动迁村", "", None, None, None],
                ["青禾街道党工委", "党工委", "", "", "", "", None, None, None],
            ],
        ),
    )
    return tmp_path


def at(x: float, y: float) -> tuple[float, float]:
    return round(LON + x / 100, 6), round(LAT + y / 100, 6)


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return json.loads(shapely.to_geojson(shapely.box(*at(west, south), *at(east, north))))  # type: ignore[no-any-return]  # JSON


def load(store: Store, path: Path, kind: LayerKind, crs: str = "EPSG:4490") -> LayerImportReport:
    return apply_layers(CLERK, store, LayerImportRequest(path, kind, crs))


ORDER = (
    ("区划.geojson", LayerKind.DIVISIONS),
    ("党组织.xlsx", LayerKind.ORGS),
    ("网格.geojson", LayerKind.GRIDS),
    ("小区.xlsx", LayerKind.ESTATES),
    ("楼栋.xlsx", LayerKind.BUILDINGS),
)


def load_all(store: Store, folder: Path) -> list[LayerImportReport]:
    return [load(store, folder / name, kind) for name, kind in ORDER]


def codes(report: LayerImportReport) -> list[str]:
    return [check.code for check in report.checks]


def test_a_street_is_imported_and_again_nothing_changes(store: Store, folder: Path):
    first, again = load_all(store, folder), load_all(store, folder)
    assert [(r.rows, r.new, r.changed, r.applied, r.faults) for r in first] == [
        (3, 3, 0, True, ()), (3, 3, 0, True, ()), (4, 4, 0, True, ()), (2, 2, 0, True, ()), (4, 4, 0, True, ()),
    ]  # fmt: skip
    assert [(r.new, r.changed, r.same, r.missing) for r in again] == [
        (0, 0, 3, 0), (0, 0, 3, 0), (0, 0, 4, 0), (0, 0, 2, 0), (0, 0, 4, 0),
    ]  # fmt: skip
    with store.reading(CLERK.scope) as reader:
        buildings, grids = reader.buildings(), {grid.id: grid for grid in reader.grids()}
        orgs = {org.name: org for org in reader.orgs()}
        (venue,) = reader.venues()
    assert [(b.estate, b.building_no, b.floors, b.has_lift) for b in buildings] == [
        ("青禾苑", "1幢", 6, False), ("青禾苑", "2幢", 6, False), ("麦浪苑", "3", 18, True), ("新苗苑", "4", 18, True),
    ]  # fmt: skip
    assert [grids[b.grid_id].grid_code[-6:] for b in buildings if b.grid_id] == ["001001", "001001", "002001", "002002"]
    assert orgs["东禾一支部"].parent_id == orgs["东禾党总支"].id
    assert orgs["东禾党总支"].division_codes == (EAST, WEST)
    assert (venue.name, venue.org_id, venue.capacity) == ("东禾村部", orgs["东禾一支部"].id, 40)
    assert sorted({round(grid.area_m2 / 1e6, 1) for grid in grids.values()}) == [2.1]


def test_a_dry_run_reports_and_changes_nothing(store: Store, folder: Path):
    report = dry_run_layers(CLERK, store, LayerImportRequest(folder / "区划.geojson", LayerKind.DIVISIONS, "4490"))
    assert (report.new, report.applied, len(report.preview)) == (3, False, 3)
    with store.reading(CLERK.scope) as reader:
        assert reader.divisions() == ()


def test_grids_that_overlap_leave_a_gap_and_miss_buildings_are_checks_with_areas(store: Store, folder: Path):
    load_all(store, folder)
    rows: list[Any] = [
        ({"网格编号": EAST + "001", "网格名称": "一"}, box(0, 0, 1.1, 2)),
        ({"网格编号": WEST + "001", "网格名称": "三"}, box(2, 1, 3, 2)),
    ]
    report = load(store, geojson(folder / "新网格.geojson", rows), LayerKind.GRIDS)
    found = {check.code: check for check in report.checks}
    assert found["grid_overlap"].items == (EAST + "001", EAST + "002")
    assert found["grid_overlap"].area_m2 == pytest.approx(0.1 * 2 * 1.0502e6, rel=0.01)
    assert found["grid_gap"].area_m2 == pytest.approx(1.0502e6, rel=0.01)
    assert found["building_without_grid"].items == ("麦浪苑3幢",)
    assert (report.changed, report.missing) == (2, 2)


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"网格编号": EAST + "009", "网格名称": "一", "所属社区": "西禾社区"}, "不一致"),
        ({"网格编号": "990101009001001", "网格名称": "一"}, "不是任何社区的代码"),
        ({"网格编号": "12345", "网格名称": "一"}, "15 位数字"),
        ({"网格编号": "9.9E+14", "网格名称": "一"}, "科学计数法"),
        ({"网格编号": EAST + "009", "网格名称": ""}, "没有填写"),
        ({"网格编号": EAST + "009", "网格名称": "一", "网格类型": "怪网格"}, "基础网格、专属网格、微网格"),
        ({"网格编号": EAST + "009", "网格名称": "一", "所属社区": "南禾社区"}, "区划里没有"),
    ],
)
def test_a_wrong_grid_turns_the_whole_file_away(
    sqlite_store: Store, folder: Path, properties: dict[str, str], words: str
):
    load(sqlite_store, folder / "区划.geojson", LayerKind.DIVISIONS)
    rows = [({"网格编号": EAST + "001", "网格名称": "好"}, box(0, 0, 1, 2)), (properties, box(1, 0, 2, 2))]
    report = load(sqlite_store, geojson(folder / "g.geojson", rows), LayerKind.GRIDS)
    assert (report.applied, report.is_refused) == (False, True)
    assert {fault.row for fault in report.faults} == {2}
    assert any(words in fault.message for fault in report.faults)
    with sqlite_store.reading(CLERK.scope) as reader:
        assert reader.grids() == ()


def test_every_geometry_fault_of_a_layer_is_listed_with_its_row(sqlite_store: Store, folder: Path):
    bow_tie = {"type": "Polygon", "coordinates": [[at(0, 0), at(1, 1), at(1, 0), at(0, 1), at(0, 0)]]}
    shapes: list[Any] = [box(0, 0, 1, 1), None, bow_tie, box(0, 0, 1, 1), polygon(2.3, 48.8)]
    rows = [({"网格编号": f"{EAST}{i:03}", "网格名称": f"网格{i}"}, shape) for i, shape in enumerate(shapes, 1)]
    report = load(sqlite_store, geojson(folder / "g.geojson", rows), LayerKind.GRIDS)
    assert [fault.row for fault in report.faults if fault.field == "几何"] == [2, 3, 4, 5]
    assert not report.applied


def test_the_marked_copy_names_the_reason_beside_the_row(sqlite_store: Store, folder: Path):
    rows = [({"小区名称": "=1+1"}, box(0, 0, 1, 1)), ({"小区名称": "禾苑"}, None)]
    target = folder / "marked.xlsx"
    path = geojson(folder / "e.geojson", rows)
    dry_run_layers(CLERK, sqlite_store, LayerImportRequest(path, LayerKind.ESTATES, "4490", faults_to=target))
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["第几个要素", "小区名称", "原因"],
        [1, "=1+1", None],
        [2, "禾苑", "几何：几何为空：请补绘，或删去这一行"],
    ]
    assert sheet["B2"].data_type == "s"


def test_repeated_keys_are_faults(sqlite_store: Store, folder: Path):
    rows: list[Any] = [
        ["小区", "幢号", "经度", "纬度"],
        ["青禾苑", "3", *at(0.5, 0.5)],
        ["青禾苑", "三幢", *at(0.6, 0.5)],
    ]
    report = load(sqlite_store, workbook(folder / "b.xlsx", ("楼栋", rows)), LayerKind.BUILDINGS)
    assert [(fault.row, "第 2 行重复" in fault.message) for fault in report.faults] == [(3, True)]


def test_the_declared_system_is_applied_and_kept(sqlite_store: Store, folder: Path):
    import numpy as np  # noqa: PLC0415  # only this test shifts points

    true = np.array([at(0.5, 0.5)])
    rows: list[Any] = [["小区", "幢号", "经度", "纬度"], ["青禾苑", "1", *wgs84_to_gcj02(true)[0].tolist()]]
    load(sqlite_store, workbook(folder / "b.xlsx", ("楼栋", rows)), LayerKind.BUILDINGS, "gcj02")
    with sqlite_store.reading(CLERK.scope) as reader:
        (building,) = reader.buildings()
    assert building.shape is not None
    assert shapely.get_coordinates(shapely.from_wkb(building.shape)) == pytest.approx(true, abs=1e-9)
    assert building.source_crs == "GCJ-02"


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        ("", "坐标系"),
        ("未知", "坐标系"),
        ("EPSG:4549", "像是经纬度"),
        ("EPSG:2437", "国家2000"),
    ],
)
def test_a_system_that_cannot_be_right_is_refused(sqlite_store: Store, folder: Path, crs: str, words: str):
    with pytest.raises(InputError, match=words):
        load(sqlite_store, folder / "楼栋.xlsx", LayerKind.BUILDINGS, crs)


def test_a_file_that_names_another_system_than_declared_is_refused(sqlite_store: Store, folder: Path):
    path = geojson(folder / "g.geojson", [({"区划代码": EAST, "名称": "东禾"}, box(0, 0, 2, 2))], "EPSG:4549")
    with pytest.raises(InputError, match=r"EPSG:4549.*与申报的 EPSG:4490"):
        load(sqlite_store, path, LayerKind.DIVISIONS)


def test_hosts_are_placed_by_their_address_and_faulty_rows_are_left_out(store: Store, folder: Path):
    load_all(store, folder)
    rows: list[Any] = [
        ["党员中心户登记表"],
        ["序号", "所在支部", "党小组", "户主姓名", "地址", "可容纳人数", "联系党员数", "设立时间", "电教设备", "备注"],
        [1, "东禾一支部", "", "甲户", "青禾苑1幢1单元101室", 12, 5, "2019.05", "电视、投影", ""],
        [2, "东禾一支部", "", "乙户", "禾苑2栋", 20, 5, "2019年5月", "", ""],
        [3, "南禾支部", "", "丙户", "麦浪苑3幢", 12, 5, "", "", ""],
        [4, "东禾一支部", "", "丁户", "天边", "很多", 5, "去年", "", ""],
        [5, "东禾一支部", "", "戊户", "天边路外", 8, 5, "", "", ""],
    ]
    path = workbook(folder / "中心户.xlsx", ("中心户", rows))
    report = load(store, path, LayerKind.HOSTS, "")
    assert (report.rows, report.new, report.applied) == (5, 3, True)
    assert [(fault.row, fault.field) for fault in report.faults] == [
        (5, "所在支部"),
        (6, "可容纳人数"),
        (6, "设立时间"),
    ]
    assert {"host_not_located", "host_over_capacity"} <= set(codes(report))
    with store.reading(CLERK.scope) as reader:
        hosts = reader.hosts()
        buildings = {building.id: building.building_no for building in reader.buildings()}
    assert [(h.name, buildings.get(h.building_id), h.shape is not None) for h in hosts if h.building_id] == [
        ("甲户", "1幢", True), ("乙户", "2幢", True),
    ]  # fmt: skip
    assert hosts[0].equipment == ("电视", "投影")
    assert load(store, path, LayerKind.HOSTS, "").same == 3


def test_venues_are_placed_by_building_or_coordinates(store: Store, folder: Path):
    load_all(store, folder)
    rows: list[Any] = [
        ["名称", "类型", "可容纳人数", "楼层", "有无电梯", "所属组织", "小区", "幢号", "经度", "纬度"],
        ["东禾活动室", "党员活动室", 30, 1, "无", "东禾一支部", "青禾苑", "1", None, None],
        ["街道中心", "党群服务中心", 80, 2, "有", "", "", "", *at(3, 1)],
    ]
    report = load(store, workbook(folder / "阵地.xlsx", ("阵地", rows)), LayerKind.VENUES)
    assert (report.new, report.faults) == (2, ())
    rows.append(["无处", "其他", 10, None, "", "不存在支部", "", "", None, None])
    report = load(store, workbook(folder / "阵地.xlsx", ("阵地", rows)), LayerKind.VENUES)
    assert [(fault.row, fault.field) for fault in report.faults] == [(4, "地址"), (4, "所属组织")]


def test_hostile_text_is_kept_as_it_is(sqlite_store: Store, folder: Path):
    name = "<img src=x onerror=alert(1)>'\"; DROP TABLE grid;--{{7*7}}"
    path = geojson(folder / "e.geojson", [({"小区名称": name}, box(0, 0, 1, 1))])
    load(sqlite_store, path, LayerKind.ESTATES)
    with sqlite_store.reading(CLERK.scope) as reader:
        assert [estate.name for estate in reader.estates()] == [name]


def test_a_village_secretary_may_not_import_layers(sqlite_store: Store, folder: Path):
    secretary = Actor("cun", Role.VILLAGE_SECRETARY, scope_for(Role.VILLAGE_SECRETARY, frozenset()))
    with pytest.raises(DeniedError, match="街道统一导入"):
        dry_run_layers(
            secretary, sqlite_store, LayerImportRequest(folder / "区划.geojson", LayerKind.DIVISIONS, "4490")
        )


def test_the_command_prints_one_json_document_and_exits_1_for_a_refused_file(sqlite_url: str, folder: Path):
    good = CliRunner().invoke(
        import_app,
        ["layers", str(folder / "区划.geojson"), "--kind", "divisions", "--crs", "EPSG:4490", "--apply", "--json"],
        env={"JIUJIN_DATABASE_URL": sqlite_url},
    )
    document = json.loads(good.stdout)
    assert (good.exit_code, document["new"], document["applied"], document["faults"]) == (0, 3, True, [])
    bad = geojson(folder / "bad.geojson", [({"区划代码": EAST, "名称": "东禾"}, None)])
    refused = CliRunner().invoke(
        import_app,
        ["layers", str(bad), "--kind", "divisions", "--crs", "4490", "--apply", "--json", "--db", sqlite_url],
    )
    document = json.loads(refused.stdout)
    assert (refused.exit_code, document["applied"]) == (1, False)
    assert document["faults"] == [{"sheet": "", "row": 1, "field": "几何", "message": "几何为空：请补绘，或删去这一行"}]
    broken = CliRunner().invoke(
        import_app, ["layers", str(bad), "--kind", "divisions", "--json", "--crs", "未知", "--db", sqlite_url]
    )
    assert (broken.exit_code, "坐标系" in json.loads(broken.stdout)["error"]) == (1, True)
