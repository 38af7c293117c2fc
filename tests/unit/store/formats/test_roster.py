from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook, load_workbook

from gis.errors import Fault, InputError
from gis.model.enums import Gender, HousingKind, MemberStatus, Preference
from gis.store.formats.roster import Roster, read_roster
from gis.store.formats.roster_faults import write_faults
from gis.store.formats.roster_headers import Layout
from tests.fixtures.rosters import (
    AS_OF,
    BRANCH_HEADER,
    HOSTILE,
    SYSTEM_HEADER,
    branch_row,
    ledger_row,
    write_branch_roster,
    write_ledger,
)


def read(path: Path, **options: Any) -> Roster:
    return read_roster(path, as_of=AS_OF, **options)


def faults_of(roster: Roster) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.field) for fault in roster.faults]


def names_of(roster: Roster) -> list[str]:
    return [row.name for sheet in roster.sheets for row in sheet.rows]


def test_a_clean_row(tmp_path: Path):
    roster = read(write_branch_roster(tmp_path / "a.xlsx", [branch_row()]))
    (row,) = roster.sheets[0].rows
    assert roster.faults == ()
    assert (row.name, row.birth_ym, row.gender, row.member_status) == (
        "禾小满",
        "1956-03",
        Gender.MALE,
        MemberStatus.FULL,
    )
    assert (row.branch, row.phones, row.address) == ("东风村第一党支部", ("10012345678",), "紫云苑3幢2单元501室")
    assert (row.row, row.joined_on, row.confirmed_on) == (4, "1980-07", "1981-07")


def test_every_fault_is_named_with_its_row_and_no_other_row_is(tmp_path: Path):
    rows = [
        branch_row(),
        branch_row(姓名="禾谷雨", 出生年月="约1970"),
        branch_row(姓名="禾立春", 联系电话="100123456789"),
        branch_row(姓名=None),
        branch_row(姓名="禾白露", 身份证号=1.1e17),
        branch_row(姓名="禾霜降", 性别="3", **{"正式/预备": "群众"}),
        branch_row(姓名="禾秋分", 转正时间="1979.07"),
        branch_row(姓名="禾大雪"),
    ]
    roster = read(write_branch_roster(tmp_path / "a.xlsx", rows))
    assert faults_of(roster) == [
        (5, "出生年月"),
        (6, "联系电话"),
        (7, "姓名"),
        (8, "身份证号"),
        (9, "性别"),
        (9, "正式/预备"),
        (10, "转正时间"),
    ]
    assert names_of(roster) == ["禾小满", "禾大雪"]


def test_what_is_dropped_is_named_and_gone(tmp_path: Path):
    row = branch_row(身份证号="11010519491231002X", 民族="汉", 文化程度="初中", 籍贯="某地")
    roster = read(write_branch_roster(tmp_path / "a.xlsx", [row]))
    assert "已识别并丢弃：身份证号、民族、学历、籍贯" in roster.sheets[0].notes
    assert "11010519491231002X" not in repr(roster)


def test_merged_branches_are_filled_down(tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row(姓名=name) for name in ("禾一", "禾二", "禾三")])
    book = load_workbook(path)
    book.worksheets[0].merge_cells("A4:A6")
    book.save(path)
    assert [row.branch for row in read(path).sheets[0].rows] == ["东风村第一党支部"] * 3


def test_branches_written_once_per_block_are_filled_down_and_a_single_gap_is_not(tmp_path: Path):
    block = [branch_row(), *(branch_row(姓名=f"禾{n}", 党支部=None) for n in "二三四")]
    roster = read(write_branch_roster(tmp_path / "a.xlsx", block))
    assert {row.branch for row in roster.sheets[0].rows} == {"东风村第一党支部"}
    gap = [*(branch_row(姓名=f"禾{n}") for n in "一二三四五"), branch_row(姓名="禾六", 党支部=None)]
    roster = read(write_branch_roster(tmp_path / "b.xlsx", gap))
    assert [row.branch for row in roster.sheets[0].rows][-1] == ""


def test_ditto_totals_footers_and_repeated_headers(tmp_path: Path):
    rows = [
        branch_row(),
        branch_row(姓名="禾二", 现住址="同上", 党支部="〃"),
        ["合计", "2人"],
        BRANCH_HEADER,
        branch_row(姓名="禾三", 现住址='"'),
        [None] * 17,
        ["小 计：3人"],
        ["填表人：禾四", None, None, "审核：禾五"],
        ["备注：本表一式两份"],
    ]
    roster = read(write_branch_roster(tmp_path / "a.xlsx", rows))
    assert roster.faults == ()
    assert [(row.name, row.address) for row in roster.sheets[0].rows] == [
        ("禾小满", "紫云苑3幢2单元501室"),
        ("禾二", "紫云苑3幢2单元501室"),
        ("禾三", "紫云苑3幢2单元501室"),
    ]


def test_hidden_rows_and_sheets_are_named_and_left_out(tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row(), branch_row(姓名="禾旧")])
    book = load_workbook(path)
    book.worksheets[0].row_dimensions[5].hidden = True
    old = book.copy_worksheet(book.worksheets[0])
    old.title, old.sheet_state = "旧名单", "hidden"
    book.create_sheet("说明").append(["本表由支部填写"])
    book.save(path)
    roster = read(path)
    assert names_of(roster) == ["禾小满"]
    assert faults_of(roster) == [(5, "")]
    assert roster.notes == ("隐藏的工作表“旧名单”未读取", "工作表“说明”不是花名册，未读取")


def test_all_roster_sheets_are_read_unless_one_is_named(tmp_path: Path):
    path = write_branch_roster(tmp_path / "a.xlsx", [branch_row()])
    book = load_workbook(path)
    book.copy_worksheet(book.worksheets[0]).title = "二支部"
    book.save(path)
    assert [sheet.name for sheet in read(path).sheets] == ["花名册", "二支部"]
    assert [sheet.name for sheet in read(path, sheet="二支部").sheets] == ["二支部"]
    with pytest.raises(InputError, match="没有名为“三支部”"):
        read(path, sheet="三支部")


def test_ticked_columns_for_full_and_probationary(tmp_path: Path):
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["姓名", "出生年月", "联系电话", "正式", "预备"])
    sheet.append(["禾一", "1956.03", None, "√", None])
    sheet.append(["禾二", "1996.03", None, None, "√"])
    sheet.append(["禾三", "1996.03", None, "√", "√"])
    book.save(tmp_path / "a.xlsx")
    roster = read(tmp_path / "a.xlsx")
    assert [row.member_status for row in roster.sheets[0].rows] == [MemberStatus.FULL, MemberStatus.PROBATIONARY]
    assert faults_of(roster) == [(4, "正式")]


def test_the_ledger_of_the_transition(tmp_path: Path):
    roster = read(write_ledger(tmp_path / "c.xlsx", [ledger_row(独居="√", 家属="10087654321")]))
    (sheet,) = roster.sheets
    (row,) = sheet.rows
    assert (sheet.layout, roster.faults) == (Layout.TRANSITION, ())
    assert (row.name, row.village, row.age, row.phones) == ("禾小满", "东风村3组", 70, ("10012345678",))
    assert row.address == "青禾街道紫云社区紫云苑7幢乙单元301室"
    assert (row.preference, row.housing_kind, row.lives_alone) == (Preference.GROUP, HousingKind.RENTED, True)
    assert (str(row.started_on), row.expected_return, row.project) == ("2019-01-01", "2027-06", "一期")
    assert row.member_status is MemberStatus.FULL
    assert "transition" in row.categories
    assert "身体状况不导入，请人工确认行动能力" in sheet.notes


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_coding(tmp_path: Path, coding: str):
    path = tmp_path / "a.csv"
    with path.open("w", encoding=coding, newline="") as handle:
        csv.writer(handle).writerows([BRANCH_HEADER, branch_row(姓名="禾　满")])
    assert names_of(read(path)) == ["禾满"]


def test_the_old_excel_format(tmp_path: Path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("党员信息")
    values = {"姓名": "禾小满", "出生日期": 20529, "人员类别": "正式党员", "所在党支部": "东风村第一党支部"}
    for column, name in enumerate(SYSTEM_HEADER):
        sheet.write(0, column, name)
        if name in values:
            sheet.write(1, column, values[name])
    book.save(str(tmp_path / "a.xls"))
    (found,) = read(tmp_path / "a.xls").sheets
    assert found.layout is Layout.SYSTEM
    assert [(row.name, row.birth_ym) for row in found.rows] == [("禾小满", "1956-03")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"PK\x03\x04 this is a zip"),
        ("a.xlsx", b"not a workbook at all"),
        ("a.csv", "序号,性别,联系电话,现住址\n1,男,10012345678,某地\n".encode()),
        ("a.csv", "网格编号,网格名称\n1,一\n".encode()),
    ],
    ids=["empty", "zip", "no workbook", "no name", "another table"],
)
def test_files_that_are_refused_whole(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(tmp_path / name)
    assert "a." in str(caught.value)


def test_a_locked_workbook_says_so(tmp_path: Path):
    locked = b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "a.xlsx").write_bytes(locked)
    with pytest.raises(InputError, match="设有打开密码"):
        read(tmp_path / "a.xlsx")


def test_a_roster_without_names_says_so(tmp_path: Path):
    (tmp_path / "a.csv").write_text("序号,性别,联系电话,现住址\n1,男,10012345678,某地\n", encoding="utf-8")
    with pytest.raises(InputError, match="没有“姓名”一列"):
        read(tmp_path / "a.csv")


def test_hostile_texts_come_through_unchanged(tmp_path: Path):
    rows = [branch_row(姓名=text, 现住址=text) for text in HOSTILE]
    roster = read(write_branch_roster(tmp_path / "a.xlsx", rows))
    assert [(row.name, row.address) for row in roster.sheets[0].rows] == [(text, text) for text in HOSTILE]


def test_the_marked_copy(tmp_path: Path):
    secret = "11010519491231002X"
    rows = [branch_row(身份证号=secret), branch_row(姓名=HOSTILE[4], 出生年月="约1970", 身份证号=secret)]
    source = write_branch_roster(tmp_path / "a.xlsx", rows)
    faults = [*read(source).faults, Fault("第二个原因", "a.xlsx", "花名册", 5)]
    write_faults(source, tmp_path / "out/faults.xlsx", faults)
    sheet = load_workbook(tmp_path / "out/faults.xlsx").worksheets[0]
    assert sheet.cell(3, 18).value == "原因"
    assert sheet.cell(4, 18).value is None
    assert sheet.cell(5, 18).value == "出生年月：“约1970”：请填 年-月，例如 1970-03；第二个原因"
    assert sheet.cell(5, 1).fill.fgColor.rgb == "00FFE3B3"
    assert (sheet.cell(5, 2).value, sheet.cell(5, 2).data_type) == (HOSTILE[4], "s")
    assert secret not in {cell.value for row in sheet.iter_rows() for cell in row}
