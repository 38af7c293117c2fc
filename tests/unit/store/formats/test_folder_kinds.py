from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from gis.errors import InputError
from gis.store.formats.folder_kinds import ROSTER, recognise_file, recognise_folder
from tests.fixtures.rosters import BRANCH_HEADER, branch_row, ledger_row, write_branch_roster, write_ledger


def write_csv(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def write_points(path: Path, crs: str = "", **properties: object) -> Path:
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [120, 31]}}
    document: dict[str, object] = {"type": "FeatureCollection", "features": [feature]}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "header", "kind"),
    [
        ("党组织表.csv", "组织名称,组织类别,上级组织", "orgs"),
        ("orgs.csv", "组织名称,组织类别,上级组织", "orgs"),
        ("中心户表.csv", "所在支部,户主姓名,地址,可容纳人数", "hosts"),
        ("小区楼栋.csv", "小区,幢号,单元数,经度,纬度", "buildings"),
        ("新建文件.csv", "网格编号,网格名称,所属社区,WKT", "grids"),
        ("东风村党组织党员花名册.csv", "党支部,姓名,出生年月,联系电话", ROSTER),
        ("表1.csv", "党支部,姓名,出生年月,联系电话", ROSTER),
        ("值班表.csv", "日期,值班人", None),
    ],
)
def test_kinds_by_name_and_columns(tmp_path: Path, name: str, header: str, kind: str | None):
    (item,) = recognise_file(write_csv(tmp_path / name, header, ",".join("1" for _ in header.split(","))))
    assert item.kind == kind


@pytest.mark.parametrize("name", ["truth.json", "README.csv", "说明.txt", "照片.jpg", "~$花名册.xlsx", ".花名册.csv"])
def test_other_files_are_never_opened(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"\x00 whatever")
    (item,) = recognise_file(tmp_path / name)
    assert (item.kind, item.note) == (None, "不是可导入的数据文件，未读取")


def test_a_file_says_its_own_coordinate_system(tmp_path: Path):
    plain = write_points(tmp_path / "楼栋.geojson", 小区="紫云苑", 幢号="3")
    named = write_points(tmp_path / "楼栋2.geojson", "urn:ogc:def:crs:EPSG::4490", 小区="紫云苑", 幢号="3")
    table = write_csv(tmp_path / "楼栋.csv", "小区,幢号,经度,纬度,坐标系", "紫云苑,3,120,31,gcj02")
    mixed = write_csv(
        tmp_path / "楼栋3.csv", "小区,幢号,经度,纬度,坐标系", "紫云苑,3,120,31,gcj02", "紫云苑,4,120,31,bd09"
    )
    silent = write_csv(tmp_path / "楼栋4.csv", "小区,幢号,经度,纬度", "紫云苑,3,120,31")
    assert [recognise_file(path)[0].crs for path in (plain, named, table, mixed, silent)] == [
        "EPSG:4326",
        "EPSG:4490",
        "gcj02",
        "",
        "",
    ]


def test_the_order_of_import(tmp_path: Path):
    write_ledger(tmp_path / "a摸排台账.xlsx", [ledger_row()])
    write_branch_roster(tmp_path / "b花名册.xlsx", [branch_row()])
    write_csv(tmp_path / "c党组织.csv", "组织名称,组织类别", "东风村党总支,党总支")
    write_csv(tmp_path / "a中心户.csv", "所在支部,户主姓名,地址,可容纳人数", "东风村第一党支部,禾小满,紫云苑3幢,10")
    (tmp_path / "truth.json").write_text("{}")
    kinds = [(item.path.name[0], item.kind) for item in recognise_folder(tmp_path)]
    assert kinds == [("c", "orgs"), ("b", ROSTER), ("a", ROSTER), ("a", "hosts"), ("t", None)]


def test_a_workbook_of_several_tables(tmp_path: Path):
    book = Workbook()
    book.worksheets[0].title = "楼栋表"
    book.worksheets[0].append(["小区", "幢号", "单元数", "经度", "纬度"])
    book.worksheets[0].append(["紫云苑", "3", 4, 120, 31])
    other = book.create_sheet("中心户表")
    other.append(["所在支部", "户主姓名", "地址", "可容纳人数"])
    other.append(["东风村第一党支部", "禾小满", "紫云苑3幢", 10])
    book.save(tmp_path / "街道数据.xlsx")
    items = recognise_file(tmp_path / "街道数据.xlsx")
    assert [(item.part, item.kind) for item in items] == [("楼栋表", "buildings"), ("中心户表", "hosts")]


def test_a_broken_file_keeps_its_name_and_reason(tmp_path: Path):
    (tmp_path / "花名册.csv").write_bytes(b"PK\x03\x04")
    (item,) = recognise_file(tmp_path / "花名册.csv")
    assert item.kind == ROSTER
    assert "花名册.csv" in item.note


def test_no_folder_and_an_empty_one(tmp_path: Path):
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(InputError):
            recognise_folder(path)


def test_a_header_alone_is_a_roster_of_nobody(tmp_path: Path):
    (item,) = recognise_file(write_csv(tmp_path / "a.csv", ",".join(BRANCH_HEADER)))
    assert item.kind == ROSTER
