"""Habits of real rosters that no generator of ours knows: several tables, odd dittos, formulas, strange CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from gis.errors import InputError
from gis.store.formats.roster import Roster, read_roster
from gis.store.formats.roster_values import CellError, is_ditto, parse_birth, parse_phones, parse_status
from tests.fixtures.rosters import AS_OF

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADER = ["序号", "姓 名", "性别", "出生年月(年/月)", "正式/预备", "联系方式（手机）", "现住址"]


def person(name: str, **cells: Any) -> list[Any]:
    usual = dict(zip(HEADER, [1, name, "男", "1956.3", "正式", "13800000000", "紫云苑3幢"], strict=True))
    return list((usual | cells).values())


def read(path: Path, rows: Sequence[Sequence[Any]]) -> Roster:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return read_roster(path, as_of=AS_OF)


def read_text(path: Path, text: str, coding: str = "utf-8") -> Roster:
    path.write_bytes(text.encode(coding))
    return read_roster(path, as_of=AS_OF)


def people(roster: Roster) -> list[tuple[str, str]]:
    return [(row.name, row.section) for sheet in roster.sheets for row in sheet.rows]


def test_a_second_table_is_read_by_its_own_header_and_title(tmp_path: Path):
    rows = [
        ["东风村第一党支部"],
        HEADER,
        person("禾一"),
        ["东风村第二党支部党员花名册"],
        ["姓名", "出生年月", "联系电话", "人员类别"],
        ["禾二", "1960.05", "13900000000", "预备"],
    ]
    roster = read(tmp_path / "a.xlsx", rows)
    assert people(roster) == [("禾一", ""), ("禾二", "东风村第二党支部党员花名册")]
    assert (roster.faults, roster.sheets[1].rows[0].birth_ym, roster.sheets[1].rows[0].row) == ((), "1960-05", 6)


def test_totals_notes_and_signatures_are_no_persons(tmp_path: Path):
    ends: list[list[str | None]] = [
        [None] * 5 + ["合计：1人"],
        ["党员总数1人"],
        ["共1人"],
        ["1.本表一式两份。"],
        [None, "2、出生年月按身份证填写"],
        ["填表人：禾某"],
    ]
    roster = read(tmp_path / "a.xlsx", [HEADER, person("禾一"), *ends])
    assert (people(roster), roster.faults) == ([("禾一", "")], ())


@pytest.mark.parametrize("text", ["同上", "同 上", "〃", "″", '""', "- 〃 -", "(同上)", "同上。", "〃　"])
def test_dittos(text: str):
    assert is_ditto(text)


@pytest.mark.parametrize("text", ["-", "/", "同家庭住址", "", None, 3])
def test_what_is_no_ditto(text: Any):
    assert not is_ditto(text)


def test_a_ditto_below_nothing_and_a_ditto_for_a_name_are_faults(tmp_path: Path):
    roster = read(tmp_path / "a.xlsx", [HEADER, person("禾一", 现住址="同上"), person("同上")])
    assert [(fault.row, fault.field) for fault in roster.faults] == [(2, "现住址"), (3, "姓 名")]


def test_failed_formulas_are_faults_but_for_columns_that_are_only_compared(tmp_path: Path):
    rows = [[*HEADER, "年龄"], [*person("禾一"), "#REF!"], [*person("禾二", 现住址="#N/A"), 70]]
    roster = read(tmp_path / "a.xlsx", rows)
    assert [(fault.row, fault.field) for fault in roster.faults] == [(3, "现住址")]
    assert people(roster) == [("禾一", "")]


def test_a_formula_without_a_stored_result_is_a_fault_and_not_an_empty_cell(tmp_path: Path):
    roster = read(tmp_path / "a.xlsx", [HEADER, person("禾一", **{"出生年月(年/月)": "=DATE(1956,3,1)"})])
    assert [(fault.row, fault.field) for fault in roster.faults] == [(2, "出生年月(年/月)")]


def test_address_columns_side_by_side_are_one_address(tmp_path: Path):
    apart = ["姓名", "出生年月", "人员类别", "小区", "幢号", "单元", "室号"]
    roster = read(tmp_path / "a.xlsx", [apart, ["禾一", "1956.3", "正式", "紫云苑", 3, 2, 501]])
    assert roster.sheets[0].rows[0].address == "紫云苑3幢2单元501室"
    under = ["姓名", "出生年月", "人员类别", "现居住地(小区)", "幢", "室"]
    roster = read(tmp_path / "b.xlsx", [under, ["禾一", "1956.3", "正式", "紫云苑", 3, 501]])
    assert roster.sheets[0].rows[0].address == "紫云苑3幢501室"


def test_a_format_on_the_last_row_of_excel_makes_no_million_rows(tmp_path: Path):
    book = Workbook()
    book.worksheets[0].append(HEADER)
    book.worksheets[0].append(person("禾一"))
    book.worksheets[0].cell(1_048_576, 16_384).number_format = "0.00"
    book.save(tmp_path / "a.xls")  # and under the old name, as many programs do
    assert people(read_roster(tmp_path / "a.xls", as_of=AS_OF)) == [("禾一", "")]


LINES = "姓名;出生年月;正式/预备;联系电话\n禾一;1956.03;正式;13800000000,13900000000\n"


@pytest.mark.parametrize(
    "text",
    [
        "东风村，第一支部，花名册\n" + LINES,
        "sep=;\n" + LINES,
        LINES.replace(";", "\t"),
        LINES.replace("1956.03", '="1956.03"').replace(";1380", ";'1380"),
    ],
)
def test_csv_of_any_delimiter(tmp_path: Path, text: str):
    roster = read_text(tmp_path / "a.csv", text, "gb18030")
    row = roster.sheets[0].rows[0]
    assert (row.name, row.birth_ym, row.phones) == ("禾一", "1956-03", ("13800000000", "13900000000"))
    assert row.row == (3 if text.startswith("东风") else 2)


def test_a_quote_that_is_never_closed_swallows_no_rows_in_silence(tmp_path: Path):
    with pytest.raises(InputError, match="引号"):
        read_text(tmp_path / "a.csv", '姓名,出生年月,现住址\n禾一,1956.03,"紫云苑\n禾二,1956.03,紫云苑\n')


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0519-85551234-801", "0519-85551234"),
        ("0519—85551234转801", "0519-85551234"),
        ("'13800000000", "13800000000"),
        ("13800000000.0", "13800000000"),
        ("138.0000.0000", "13800000000"),
        ("\u202d13800000000\u202c", "13800000000"),
        ("13800000000,", "13800000000"),
        (1.38e10, "13800000000"),
    ],
)
def test_phones(text: Any, number: str):
    assert parse_phones(text) == (number,)


@pytest.mark.parametrize("text", ["1956—03", "1956。03", "1956·3", "'195603", "1956-03-12T00:00:00", "1956,03"])
def test_months(text: str):
    assert parse_birth(text, AS_OF) == "1956-03"


def test_status_with_a_remark():
    assert parse_status("中共党员（正式）").value == "full"
    assert parse_status("预备党员（2025年）").value == "probationary"
    with pytest.raises(CellError):
        parse_status("积极分子")
