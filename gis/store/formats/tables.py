"""Tables of cells from xlsx, xls and CSV (UTF-8, UTF-16, GB18030), with the row numbers that Excel shows."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
import xlrd
from openpyxl.utils.exceptions import InvalidFileException
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from gis.errors import InputError
from gis.store.formats.files import KIND_LABELS, FileKind, check_file

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

MAX_COLUMNS = 256
UNCALCULATED = "#未计算!"  # a formula whose result the writing program did not store
_CSV_CODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", "\t", ";", "，", "|")
_LINES_TRIED = 50  # lines that the delimiter is judged by
_BROKEN_XLSX = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
)
_BROKEN_XLS = (
    XLRDError,
    CompDocError,
    struct.error,
    IndexError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
)

Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[i]` is the row that Excel numbers `i + 1`; empty cells are None."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell is not None for row in self.rows for cell in row)


def read_sheets(path: Path, kind: FileKind | None = None) -> tuple[Sheet, ...]:
    """Read all sheets of a table file; CSV gives one sheet named "".

    Raises InputError for a file that is damaged, locked or not a table.
    """
    kind = kind or check_file(path)
    if kind is FileKind.XLSX:
        return _xlsx(path)
    if kind is FileKind.XLS:
        return _xls(path)
    if kind is FileKind.CSV:
        return (_csv(path),)
    msg = f"{path.name} 是 {KIND_LABELS[kind]}，不是表格：请提供 xlsx、xls 或 csv"
    raise InputError(msg)


def plain_text(value: object) -> str:
    """Cell as text: NFKC, spaces trimmed; whole floats without `.0`; "" for an empty cell."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the only value that differs from itself
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - exact in a double
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).strip()


def pick_sheet(path: Path, sheets: tuple[Sheet, ...], name: str = "") -> tuple[Sheet, ...]:
    """Return the sheet called `name`, or every shown sheet that holds something; raises InputError when none."""
    if name:
        found = tuple(sheet for sheet in sheets if sheet.name == name)
        if not found:
            listed = "、".join(sheet.name for sheet in sheets)
            msg = f"{path.name} 里没有名为“{name}”的工作表，现有：{listed or '（无）'}"
            raise InputError(msg)
        return found
    shown = tuple(sheet for sheet in sheets if not sheet.is_hidden and not sheet.is_empty)
    if not shown:
        msg = f"{path.name} 里没有数据：请检查是否导出了空表"
        raise InputError(msg)
    return shown


def _xlsx(path: Path) -> tuple[Sheet, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles it does not know; the cells are what counts
            with path.open("rb") as handle:  # by handle: many xlsx files are called .xls
                book = openpyxl.load_workbook(handle, data_only=True)
                has_formulas = _has_formulas(handle)
                plain = openpyxl.load_workbook(handle) if has_formulas else book
        pairs = zip(book.worksheets, plain.worksheets, strict=True)
        return tuple(_xlsx_sheet(sheet, formulas if has_formulas else None) for sheet, formulas in pairs)
    except _BROKEN_XLSX as error:
        msg = f"{path.name} 无法作为 Excel 工作簿打开，可能已损坏：请在 Excel 或 WPS 中打开后另存为 xlsx"
        raise InputError(msg) from error


def _has_formulas(handle: BinaryIO) -> bool:
    with zipfile.ZipFile(handle) as archive:
        return any(b"<f" in archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))


def _xlsx_sheet(sheet: Worksheet, formulas: Worksheet | None) -> Sheet:
    rows = _xlsx_rows(sheet, formulas)
    merges = tuple(
        Merge(found.min_row - 1, found.min_col - 1, found.max_row - 1, found.max_col - 1)
        for found in sheet.merged_cells.ranges
    )
    hidden = frozenset(
        number - 1 for number, dimension in sheet.row_dimensions.items() if dimension.hidden and number <= len(rows)
    )
    return Sheet(sheet.title, rows, merges, hidden, sheet.sheet_state != "visible")


def _xlsx_rows(sheet: Worksheet, formulas: Worksheet | None) -> tuple[tuple[Cell, ...], ...]:
    """Read the cells that hold something: a format left on row 1,048,576 must not make a million rows."""
    filled: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001 - every public way fills the gaps with cells
        value = _clean(cell.value)
        if value is None and formulas is not None and formulas.cell(row, column).data_type == "f":
            value = UNCALCULATED
        if value is not None and column <= MAX_COLUMNS:
            filled.setdefault(row, {})[column] = value
    width = max((max(row) for row in filled.values()), default=0)
    empty = (None,) * width
    return tuple(
        tuple(filled[number].get(column) for column in range(1, width + 1)) if number in filled else empty
        for number in range(1, max(filled, default=0) + 1)
    )


def _xls(path: Path) -> tuple[Sheet, ...]:
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, logfile=io.StringIO())
        return tuple(_xls_sheet(book, sheet) for sheet in book.sheets())
    except _BROKEN_XLS as error:
        msg = f"{path.name} 无法作为 Excel 97-2003 工作簿打开，可能已损坏或设有密码：请另存为 xlsx 再导入"
        raise InputError(msg) from error


def _xls_sheet(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Sheet:
    width = min(sheet.ncols, MAX_COLUMNS)
    rows = tuple(
        tuple(_xls_cell(book, sheet.cell(row, column)) for column in range(min(width, sheet.row_len(row))))
        for row in range(sheet.nrows)
    )
    merges = tuple(
        Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells if right > left
    )
    hidden = frozenset(number for number, info in sheet.rowinfo_map.items() if info.hidden and number < len(rows))
    return Sheet(sheet.name, _trim(rows), merges, hidden, bool(sheet.visibility))


def _xls_cell(book: xlrd.book.Book, cell: Any) -> Cell:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return float(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return _clean(cell.value)


def _csv(path: Path) -> Sheet:
    text = decode_text(path)
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own hint; Excel does not count this line
    text = text[told.end() :] if told else text
    records = _records(path, text, told.group(1) if told else _delimiter(text))
    return Sheet("", _trim(tuple(tuple(_csv_cell(cell) for cell in record[:MAX_COLUMNS]) for record in records)))


def _records(path: Path, text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" not in str(error):  # a quote in the middle of a word is no reason to stop
            with contextlib.suppress(csv.Error):
                return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        msg = f"{path.name} 不是完整的 CSV（{error}）：请检查引号是否成对，或改用 xlsx"
        raise InputError(msg) from error


def _delimiter(text: str) -> str:
    """Choose the mark that cuts the first lines into the most cells of one width; titles hold commas too."""
    lines = "\n".join(line for line in text.splitlines()[:_LINES_TRIED] if line.strip())

    def cells(mark: str) -> int:
        widths = Counter(len(record) for record in csv.reader(io.StringIO(lines), delimiter=mark))
        return max((width * count for width, count in widths.items() if width > 1), default=0)

    return max(_DELIMITERS, key=cells)


def _csv_cell(text: str) -> Cell:
    """Undo `="0519"` and `'0519`, which keep a spreadsheet from reading digits as a number."""
    wrapped = re.fullmatch(r'="(.*)"|\'(?=\d)(.*)', text, re.DOTALL)
    return _clean(text if wrapped is None else wrapped.group(1) or wrapped.group(2) or "")


def decode_text(path: Path) -> str:
    """Decode a text file: a byte-order mark decides, else UTF-8, else GB18030; raises InputError otherwise."""
    raw = path.read_bytes()
    codings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else _CSV_CODINGS
    for coding in codings:
        try:
            text = raw.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    msg = f"{path.name} 的文字编码无法识别：请另存为 UTF-8 或 GBK 编码"
    raise InputError(msg)


def _clean(value: Any) -> Cell:
    if isinstance(value, str):
        return value if value.strip() else None
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return str(value)


def _trim(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """Drop the empty rows at the end that programs leave behind."""
    last = len(rows)
    while last and all(cell is None for cell in rows[last - 1]):
        last -= 1
    return rows[:last]
