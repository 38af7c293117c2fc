"""The marked copy of a layer: a table as it is with its faulty rows coloured, a map as a list of its features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gis.errors import InputError, system_reason
from gis.store.formats.layer_columns import LAYERS
from gis.store.formats.roster_faults import write_faults
from gis.store.formats.tables import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from gis.errors import Fault
    from gis.store.formats.layers import RawLayer

_MARK = PatternFill("solid", fgColor="FFE3B3")
_WIDE = 60
MAX_CELL = 32_767  # what Excel takes


def write_layer_faults(raw: RawLayer, source: Path, target: Path, faults: Iterable[Fault]) -> None:
    """Write the copy with the rows of `faults` marked and the reasons in a last column.

    Raises InputError when the target cannot be written.
    """
    if not raw.is_map:
        write_faults(source, target, faults)
        return
    reasons: dict[int, list[str]] = {}
    for fault in faults:
        reasons.setdefault(fault.row or 0, []).append(
            f"{fault.field}：{fault.message}" if fault.field else fault.message
        )
    book = Workbook()
    _write(book.worksheets[0], raw, reasons)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        book.save(target)
    except OSError as error:
        msg = f"标注文件 {target.name} 写不了（{system_reason(error)}）：请检查文件夹，或先关闭已打开的同名文件"
        raise InputError(msg) from error


def _write(sheet: Worksheet, raw: RawLayer, reasons: dict[int, list[str]]) -> None:
    columns = [column for column in LAYERS[raw.kind].columns if column.field in raw.columns]
    header = ["第几个要素", *(column.label for column in columns), "原因"]
    for position, label in enumerate(header, 1):
        sheet.cell(1, position, label).font = Font(bold=True)
    for at, row in enumerate(raw.rows):
        texts = [plain_text(raw.columns[column.field][at]) for column in columns]
        mine = reasons.get(row, [])
        sheet.cell(at + 2, 1, row)
        for position, text in enumerate([*texts, "；".join(mine)], 2):
            _put(sheet, at + 2, position, text)
        if mine:
            for position in range(1, len(header) + 1):
                sheet.cell(at + 2, position).fill = _MARK
            sheet.cell(at + 2, len(header)).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[get_column_letter(len(header))].width = _WIDE
    sheet.freeze_panes = "A2"


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write text as text, whatever it begins with: a name that looks like a formula must not run."""
    if text:
        cell = sheet.cell(row, column)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:MAX_CELL]
        cell.data_type = "s"
