"""The workbook of visits: exactly the columns that are retyped, days as days, and nothing that runs."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import openpyxl

from gis.store.formats.record_xlsx import write_records

AT = datetime(2026, 9, 1, 2)  # noqa: DTZ001  # naive UTC
FOOT = "内部资料，不得公开　王某 于 2026-09-01 10:00 导出"
HEAD = ("走访对象", "居住地址", "方式", "走访时间", "参与人员", "走访详情", "服务标签")
ROW = ("禾一", "常青花园1幢", "入户", date(2026, 8, 5), "禾走访、禾同行", "送学上门，见到本人。", "送学、慰问")


def book(*rows: tuple[str | date, ...]) -> openpyxl.Workbook:
    content = write_records("走访记录", {"8月": rows, "9月": [ROW]}, FOOT, AT)
    return openpyxl.load_workbook(BytesIO(content))


def test_a_sheet_a_month_with_exactly_the_columns():
    made = book(ROW, ROW)
    assert made.sheetnames == ["8月", "9月"]
    rows = list(made["8月"].iter_rows(values_only=True))
    assert rows[0] == HEAD
    assert len(rows) == 3
    assert rows[1] == (*ROW[:3], datetime(2026, 8, 5), *ROW[4:])  # noqa: DTZ001  # as the workbook gives it


def test_days_are_days():
    cell = book(ROW)["8月"]["D2"]
    assert cell.is_date
    assert cell.number_format == "yyyy-mm-dd"


def test_what_begins_like_a_formula_stays_text():
    row = ("=HYPERLINK(1)", "+1", "-1", date(2026, 8, 5), "@x", "=1+1", "")
    sheet = book(row)["8月"]
    assert [cell.value for cell in sheet[2]][:3] == ["=HYPERLINK(1)", "+1", "-1"]
    assert all(cell.data_type != "f" for cell in sheet[2])


def test_letters_that_no_worksheet_holds_are_left_out():
    assert book(("禾\x00一\ud800", *ROW[1:]))["8月"]["A2"].value == "禾一"


def test_who_and_when_stand_on_every_page_and_in_the_file():
    made = book(ROW)
    assert made.properties.description == FOOT
    for sheet in made:
        parts = [part.left for part in (sheet.oddHeader, sheet.oddFooter) if part is not None]
        assert [part.text for part in parts] == [FOOT, FOOT]


def test_the_head_stays_in_sight():
    sheet = book(ROW)["8月"]
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["F"].width > 50
    assert sheet["A1"].font.bold


def test_long_rows_are_high_enough():
    sheet = book(ROW, (*ROW[:5], "送学上门" * 40, ""))["8月"]
    assert (sheet.row_dimensions[3].height or 0) > 3 * (sheet.row_dimensions[2].height or 0)


def test_the_same_rows_make_the_same_file():
    assert write_records("表", {"8月": [ROW]}, FOOT, AT) == write_records("表", {"8月": [ROW]}, FOOT, AT)
