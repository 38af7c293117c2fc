"""走访记录 as a workbook: a worksheet a month, one head row, one row a member visited, nothing else in the cells.

Who made it and when stands in the head and foot of each printed page and in the properties of the file: a line below
the table would be read as one more visit by whoever imports it.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from gis.store.formats.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

#: Names of the columns as the city's platform has them, and their widths in characters
COLUMNS = (
    ("走访对象", 12.0),
    ("居住地址", 34.0),
    ("方式", 10.0),
    ("走访时间", 13.0),
    ("参与人员", 18.0),
    ("走访详情", 58.0),
    ("服务标签", 14.0),
)
DAY_FORMAT = "yyyy-mm-dd"
DETAIL = 6
_A4, _LINE_PT = 9, 15.0
_THIN = Side(style="thin", color="9A9A9A")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="E7E2D8")

Row = tuple[str | date, ...]


def write_records(title: str, sheets: Mapping[str, Sequence[Row]], foot: str, made_at: datetime) -> bytes:
    """Return the workbook; a day is a day, everything else is text and stays text, "=" at its start or not."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    about = book.properties
    about.title, about.creator, about.description = printable(title), "", printable(foot)
    about.created = about.modified = made_at
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        _fill(sheet, rows)
        _print(sheet, foot)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Row]) -> None:
    for place, (name, width) in enumerate(COLUMNS, start=1):
        cell = _put(sheet, 1, place, name)
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.row_dimensions[1].height = 22.0
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            _put(sheet, number, place, value).alignment = Alignment(vertical="center", wrap_text=True)
        sheet.row_dimensions[number].height = _LINE_PT * max(map(_lines, row, (width for _, width in COLUMNS))) + 4
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"


def _lines(value: str | date, width: float) -> int:
    """Count the lines that a value takes; a Chinese letter is two characters wide."""
    return 1 if isinstance(value, date) else 1 + int((2 * len(value)) // width)


def _put(sheet: Worksheet, row: int, column: int, value: str | date) -> Cell:
    cell: Cell = sheet.cell(row, column)  # type: ignore[assignment]  # nothing is merged
    cell.border = _BOX
    if isinstance(value, date):
        cell.value, cell.number_format = value, DAY_FORMAT
        return cell
    cell.value = printable(value)
    cell.data_type = "s"  # a note that begins with "=" stays a note
    return cell


def _print(sheet: Worksheet, foot: str) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # made with the sheet
    sheet.print_title_rows = "1:1"
    mark = printable(foot).replace("&", "&&")
    for part in (sheet.oddHeader, sheet.oddFooter):
        part.left.text = mark  # type: ignore[union-attr]  # an empty part is there, and is falsy
        part.right.text = "第 &P 页 / 共 &N 页"  # type: ignore[union-attr]  # the same
