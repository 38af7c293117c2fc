"""The marked copy of a roster: the rows as they are, the faulty ones coloured, the reasons in a last column.

ID numbers are blanked, and every text is written as text: a cell that begins like a formula must not run when the
office opens the copy.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gis.errors import InputError, system_reason
from gis.store.formats.roster import fill_merges
from gis.store.formats.roster_headers import find_header
from gis.store.formats.tables import Cell, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from gis.errors import Fault
    from gis.store.formats.tables import Sheet

_MARK = PatternFill("solid", fgColor="FFE3B3")
_HEAD = PatternFill("solid", fgColor="DDE7F3")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MAX_CELL = 32_767


def write_faults(source: Path, target: Path, faults: Iterable[Fault]) -> None:
    """Write the copy of `source` with the rows of `faults` marked; raises InputError when it cannot be written."""
    by_row: dict[tuple[str, int], list[str]] = {}
    for fault in faults:
        text = f"{fault.field}：{fault.message}" if fault.field else fault.message
        by_row.setdefault((fault.sheet, fault.row or 0), []).append(text)
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in read_sheets(source):
        if sheet.is_empty or sheet.is_hidden:
            continue
        mine = {row: texts for (name, row), texts in by_row.items() if name == sheet.name}
        _write_sheet(book.create_sheet(_title(sheet.name)), sheet, mine)
    if not book.worksheets:
        book.create_sheet("花名册")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        book.save(target)
    except OSError as error:
        msg = f"标注文件 {target.name} 写不了（{system_reason(error)}）：请检查文件夹，或先关闭已打开的同名文件"
        raise InputError(msg) from error


def _title(name: str) -> str:
    return "".join("_" if char in "[]:*?/\\" else char for char in name)[:31] or "花名册"


def _write_sheet(target: Worksheet, sheet: Sheet, reasons: Mapping[int, list[str]]) -> None:
    filled = fill_merges(sheet)
    header = find_header(filled)
    hidden = {column.index for column in header.of("id")} if header else set()
    first = header.last + 1 if header else 0
    width = max((len(row) for row in sheet.rows), default=0)
    for index, row in enumerate(sheet.rows):
        texts = reasons.get(index + 1, [])
        for column, value in enumerate(row):
            is_id = column in hidden and index >= first
            _put(target, index + 1, column + 1, None if is_id else value)
        if texts:
            _put(target, index + 1, width + 1, "；".join(texts))
            for column in range(1, width + 2):
                target.cell(index + 1, column).fill = _MARK
            target.cell(index + 1, width + 1).alignment = Alignment(wrap_text=True, vertical="top")
        if header and header.first <= index <= header.last:
            for column in range(1, width + 2):
                target.cell(index + 1, column).font = Font(bold=True)
                target.cell(index + 1, column).fill = _HEAD
    _put(target, header.first + 1 if header else 1, width + 1, "原因")
    target.column_dimensions[get_column_letter(width + 1)].width = 60
    if header:
        target.freeze_panes = f"A{header.last + 2}"


def _put(target: Worksheet, row: int, column: int, value: Cell) -> None:
    """Write one cell; text is text, whatever it begins with."""
    if value is None:
        return
    cell: Any = target.cell(row, column)
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_CELL]
        cell.value = text
        cell.data_type = "s"
        if text.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
    elif isinstance(value, datetime | date):
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.value = value
