"""Layer files of every format end as the same raw table; what cannot be read is a Chinese sentence."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import xlwt

from gis.errors import InputError
from gis.model.layers import LayerKind
from gis.store.formats.layers import RawLayer, read_layer
from tests.unit.store.formats.layer_files import frame, geojson, geopackage, polygon, shapefile_zip, workbook

GRID_COLUMNS = {"网格编号": ["320402002001001", "320402002001002"], "网格名称": ["第一网格", "第二网格"]}
TWO = [
    "POLYGON ((119.95 31.80, 119.951 31.80, 119.951 31.801, 119.95 31.801, 119.95 31.80))",
    "POLYGON ((119.951 31.80, 119.952 31.80, 119.952 31.801, 119.951 31.801, 119.951 31.80))",
]
BUILDINGS: list[list[Any]] = [
    ["小区", "幢号", "层数", "经度", "纬度", "楼栋长"],
    ["青禾苑", "1", 6, 119.951, 31.801, "某某"],
]


def names(raw: RawLayer) -> list[str]:
    return [str(value) for value in raw.values("name")]


@pytest.mark.parametrize(("encoding", "cpg"), [("UTF-8", True), ("GB18030", False), ("UTF-8", False), ("GBK", True)])
def test_zipped_shapefiles_are_read_in_their_encoding_from_folders_with_chinese_names(
    tmp_path: Path, encoding: str, *, cpg: bool
):
    layer = frame(GRID_COLUMNS, TWO)
    path = shapefile_zip(tmp_path / "a.zip", layer, encoding=encoding, name="青禾网格", cpg=cpg, folder="数据/网格/")
    raw = read_layer(path, LayerKind.GRIDS)
    assert names(raw) == ["第一网格", "第二网格"]
    assert raw.rows == (1, 2)
    assert raw.sheet == "青禾网格"
    assert raw.own_crs is not None


def test_a_shapefile_cuts_its_column_names_and_they_are_still_known(tmp_path: Path):
    layer = frame({"grid_code": ["1"], "grid_name": ["一"], "community_": ["x"]}, TWO[:1])
    path = shapefile_zip(tmp_path / "a.zip", layer, encoding="UTF-8", name="g", cpg=True)
    assert read_layer(path, LayerKind.GRIDS).values("community") == ["x"]


def test_one_layer_of_a_geopackage_is_found_by_its_name(tmp_path: Path):
    path = geopackage(tmp_path / "a.gpkg", grids=frame(GRID_COLUMNS, TWO), other=frame({"a": [1]}, TWO[:1]))
    assert names(read_layer(path, LayerKind.GRIDS)) == ["第一网格", "第二网格"]
    with pytest.raises(InputError, match="请指明导入哪一个：grids、other"):
        read_layer(path, LayerKind.ROADS)
    with pytest.raises(InputError, match="没有名为“x”的图层，现有：grids、other"):
        read_layer(path, LayerKind.GRIDS, "x")


def test_geojson_keeps_its_own_system_only_where_it_names_one(tmp_path: Path):
    row = ({"grid_code": "1", "name": "一"}, polygon(119.95, 31.8))
    assert read_layer(geojson(tmp_path / "a.geojson", [row]), LayerKind.GRIDS).own_crs is None
    crs = read_layer(geojson(tmp_path / "b.geojson", [row], "urn:ogc:def:crs:EPSG::4549"), LayerKind.GRIDS).own_crs
    assert crs is not None
    assert crs.to_epsg() == 4549


def test_null_and_unreadable_geometries_are_told_apart(tmp_path: Path):
    rows: list[Any] = [
        ({"grid_code": "1", "name": "一"}, None),
        ({"grid_code": "2", "name": "二"}, {"type": "Polygon"}),
    ]
    raw = read_layer(geojson(tmp_path / "a.geojson", rows), LayerKind.GRIDS)
    assert raw.unreadable.tolist() == [False, True]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_codings_that_spreadsheets_write(tmp_path: Path, coding: str):
    path = tmp_path / "楼栋.csv"
    path.write_bytes("\n".join(",".join(str(c) for c in row) for row in BUILDINGS).encode(coding))
    raw = read_layer(path, LayerKind.BUILDINGS)
    assert raw.values("estate") == ["青禾苑"]
    assert shapely.get_coordinates(raw.geometry).tolist() == [[119.951, 31.801]]
    assert raw.dropped == ("楼栋长",)


def test_a_workbook_has_title_rows_merged_cells_a_total_and_rows_as_excel_counts_them(tmp_path: Path):
    rows: list[Any] = [
        ["青禾街道楼栋表", None, None, None],
        ["填报单位：某社区", None, None, None],
        ["小 区", "幢号", "经度（°）", "纬度"],
        ["青禾苑", 1, 119.951, 31.801],
        [None, 2, 119.952, 31.801],
        [None, None, None, None],
        ["合计", 2, None, None],
    ]
    path = workbook(tmp_path / "b.xlsx", ("楼栋", rows), ("空表", []))
    import openpyxl  # noqa: PLC0415  # only this test edits a workbook

    book = openpyxl.load_workbook(path)
    book["楼栋"].merge_cells("A4:A5")
    book.save(path)
    raw = read_layer(path, LayerKind.BUILDINGS)
    assert raw.rows == (4, 5)
    assert raw.values("estate") == ["青禾苑", "青禾苑"]


def test_an_old_workbook_is_read_too(tmp_path: Path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("楼栋")
    for at, row in enumerate(BUILDINGS):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    book.save(str(tmp_path / "b.xls"))
    assert read_layer(tmp_path / "b.xls", LayerKind.BUILDINGS).values("floors") == [6.0]


def test_two_sheets_that_fit_must_be_chosen_from(tmp_path: Path):
    path = workbook(tmp_path / "b.xlsx", ("东区", [["小区名称"], ["青禾苑"]]), ("西区", [["小区名称"], ["青苗苑"]]))
    with pytest.raises(InputError, match="请指明导入哪一个：东区、西区"):
        read_layer(path, LayerKind.ESTATES)
    assert names(read_layer(path, LayerKind.ESTATES, "西区")) == ["青苗苑"]


def test_coordinates_that_are_no_numbers_are_faults_of_their_row_and_column(tmp_path: Path):
    rows: list[Any] = [
        ["小区", "幢号", "经度", "纬度"],
        ["青禾苑", "1", "东经119", 31.8],
        ["青禾苑", "2", 119.95, None],
    ]
    raw = read_layer(workbook(tmp_path / "b.xlsx", ("楼栋", rows)), LayerKind.BUILDINGS)
    assert [(fault.row, fault.field) for fault in raw.faults] == [(2, "经度"), (3, "纬度")]


def test_a_wkt_column_is_a_geometry(tmp_path: Path):
    path = tmp_path / "网格.csv"
    path.write_text(f'网格编号,网格名称,WKT\n1,一,"{TWO[0]}"\n2,二,不是图形\n', "utf-8")
    raw = read_layer(path, LayerKind.GRIDS)
    assert [shape is None for shape in raw.geometry] == [False, True]
    assert raw.unreadable.tolist() == [False, True]


BAD = {
    "空文件": ("a.csv", b"", "是空文件"),
    "空白": ("a.csv", b"  \n \n", "没有内容"),
    "压缩包": ("a.csv", b"PK\x03\x04" + b"\x00" * 40, "已损坏"),
    "不是 JSON": ("a.geojson", b"{'a': 1}", "不是完整的 GeoJSON"),
    "不是 GeoJSON": ("a.geojson", b'{"type": "Topology"}', "不是 GeoJSON"),
    "没有要素": ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "没有要素"),
    "假工作簿": ("a.xlsx", b"hello", "内容却是 CSV"),
    "坏工作簿": ("a.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "可能已损坏"),
    "网页": ("a.xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode(), "网页表格"),
    "坏数据库": ("a.gpkg", b"SQLite format 3\x00" + b"\x00" * 90, "可能已损坏"),
    "缺列": ("a.csv", "名称,备注\n一,二\n".encode(), "缺少必填列 网格编号"),
    "只有表头": ("a.csv", "网格编号,网格名称\n".encode(), "只有表头"),
    "二进制": ("a.csv", b"\x00\x01\x02\x03" * 50, "无法识别"),
}


def test_geojson_of_strange_types_is_read_without_a_crash(tmp_path: Path):
    features = [
        {"type": "Feature", "properties": None, "geometry": "abc"},
        {"type": "Feature", "properties": {"网格编号": [1], "网格名称": {"a": 1}}, "geometry": {"coordinates": 5}},
        {"properties": {"网格编号": "9" * 5000, "网格名称": 1e300}},
    ]
    document = {"type": "FeatureCollection", "crs": {"properties": "x"}, "features": features}
    (tmp_path / "a.geojson").write_text(json.dumps(document), "utf-8")
    raw = read_layer(tmp_path / "a.geojson", LayerKind.GRIDS)
    assert raw.unreadable.tolist() == [True, True, False]


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_a_sentence(tmp_path: Path, case: str):
    name, content, words = BAD[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_layer(tmp_path / name, LayerKind.GRIDS)


def test_a_csv_that_is_a_zip_is_called_what_it_is(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as archive:
        archive.writestr("x.txt", "hello")
    with pytest.raises(InputError, match=r"扩展名是 \.csv，内容却是 zip 压缩包"):
        read_layer(tmp_path / "a.csv", LayerKind.GRIDS)


def test_a_missing_and_a_huge_file_are_refused_before_they_are_opened(tmp_path: Path):
    with pytest.raises(InputError, match="找不到文件"):
        read_layer(tmp_path / "none.csv", LayerKind.GRIDS)
    with (tmp_path / "big.csv").open("wb") as handle:
        handle.truncate(200 * 1024 * 1024)
    with pytest.raises(InputError, match="200 MB，超过 100 MB"):
        read_layer(tmp_path / "big.csv", LayerKind.GRIDS)


def test_a_zip_bomb_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.shp", "w") as part:
        for _ in range(51):
            part.write(bytes(10 * 1024 * 1024))
    with pytest.raises(InputError, match="解压后超过"):
        read_layer(tmp_path / "a.zip", LayerKind.GRIDS)


def test_a_zip_without_a_shapefile_says_what_belongs_in_it(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match="没有 Shapefile"):
        read_layer(tmp_path / "a.zip", LayerKind.GRIDS)


def test_twenty_thousand_rows_are_one_array(tmp_path: Path):
    path = tmp_path / "b.csv"
    lines = [f"青禾苑,{i},{119.9 + i * 1e-6:.6f},31.8" for i in range(20_000)]
    path.write_text("小区,幢号,经度,纬度\n" + "\n".join(lines), "utf-8")
    raw = read_layer(path, LayerKind.BUILDINGS)
    assert np.count_nonzero(~shapely.is_missing(raw.geometry)) == 20_000
