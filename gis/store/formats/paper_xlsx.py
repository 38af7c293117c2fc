"""Papers as workbooks: one worksheet a sheet, ready to print on A4."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from gis.model.papers import Closing, Facts, Form, Grid, Heading, PaperSize, Text
from gis.store.formats.printable import printable

if TYPE_CHECKING:
    from datetime import datetime

    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from gis.model.papers import Block, Paper

_NAME_LENGTH = 31  # of a worksheet
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_PAPER_SIZES = {PaperSize.A4: 9, PaperSize.A5: 11}  # as printers number them
_WIDTH = 92.0  # characters on an A4 page
_POINTS_PER_MM = 2.835
_LINE = Side(style="thin", color="888888")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def write_xlsx(paper: Paper, made_at: datetime) -> bytes:
    """Return the workbook; numbers are numbers, everything else is text and stays text."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    book.properties.title, book.properties.creator = printable(paper.name), ""
    book.properties.created = book.properties.modified = made_at
    names: set[str] = set()
    for name, blocks in paper.sheets:
        sheet = _Sheet(book.create_sheet(_sheet_name(name, names)), paper.foot)
        sheet.write(blocks, _PAPER_SIZES[paper.size])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """Cut to what a worksheet may be called, and number what would be called the same."""
    base = _FORBIDDEN.sub("", printable(name)).strip() or "表"
    found, number = base[:_NAME_LENGTH], 1
    while found.lower() in taken:
        number += 1
        found = f"{base[: _NAME_LENGTH - len(str(number)) - 1]}-{number}"
    taken.add(found.lower())
    return found


class _Sheet:
    def __init__(self, sheet: Worksheet, foot: str) -> None:
        self._sheet, self._row = sheet, 1
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # made with the sheet
        footer = sheet.oddFooter
        footer.left.text = printable(foot).replace("&", "&&")  # type: ignore[union-attr]  # an empty part is there, and is falsy
        footer.right.text = "第 &P 页 / 共 &N 页"  # type: ignore[union-attr]  # the same

    def write(self, blocks: tuple[Block, ...], paper_size: int) -> None:
        self._sheet.page_setup.paperSize = paper_size
        grids = [block for block in blocks if isinstance(block, Grid)]
        self._span = max((len(grid.columns) for grid in grids), default=4)
        for block in blocks:
            if isinstance(block, Grid):
                self._grid(block)
            elif isinstance(block, Facts | Form):
                pairs = block.pairs if isinstance(block, Facts) else tuple(pair for row in block.rows for pair in row)
                for name, said in pairs:
                    self._line(f"{name}　{said}")
            elif isinstance(block, Closing):
                for said in block.lines:
                    self._line(said).alignment = Alignment(horizontal="right")
            elif isinstance(block, Heading):
                cell = self._line(block.text)
                cell.font = Font(bold=True, size=16 if block.level == 1 else 12)
                cell.alignment = Alignment(horizontal="center" if block.level == 1 else "left")
            elif isinstance(block, Text):
                self._line(block.text).alignment = Alignment(wrap_text=True, vertical="top")
                lines = 1 + int(2 * len(block.text) / _WIDTH)
                self._sheet.row_dimensions[self._row - 1].height = 16.0 * lines

    def _put(self, row: int, column: int, value: str | float) -> Cell:
        cell: Cell = self._sheet.cell(row, column)  # type: ignore[assignment]  # merged cells are never written to
        cell.value = printable(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"  # a name that begins with "=" stays a name
        return cell

    def _line(self, text: str) -> Cell:
        cell = self._put(self._row, 1, text)
        self._sheet.merge_cells(start_row=self._row, end_row=self._row, start_column=1, end_column=self._span)
        self._row += 1
        return cell

    def _grid(self, block: Grid) -> None:
        shares = sum(column.share for column in block.columns)
        for place, column in enumerate(block.columns, start=1):
            cell = self._put(self._row, place, column.name)
            cell.font, cell.fill, cell.border = Font(bold=True), PatternFill("solid", fgColor="F0ECE4"), _BOX
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            self._sheet.column_dimensions[get_column_letter(place)].width = max(6.0, _WIDTH * column.share / shares)
        self._sheet.print_title_rows = f"{self._row}:{self._row}"
        for values in block.rows:
            self._row += 1
            self._sheet.row_dimensions[self._row].height = block.row_mm * _POINTS_PER_MM
            for place, (column, value) in enumerate(zip(block.columns, values, strict=True), start=1):
                is_number = column.is_number and value.isdigit()
                cell = self._put(self._row, place, int(value) if is_number else value)
                cell.border = _BOX
                cell.alignment = Alignment(vertical="center", wrap_text=True)
        self._row += 2
