"""A roster file → members as it writes them, row by row, with every fault in its place.

Nothing here knows the database: branches are texts, addresses are texts. ID numbers, ethnicity, education, native
place and health are recognised and dropped here, so that no later layer can see them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.store.formats.roster_headers import (
    LAYOUT_LABELS,
    Header,
    Layout,
    find_header,
    looks_like_roster_without_name,
)
from gis.store.formats.roster_rows import RosterRow, read_row
from gis.store.formats.roster_tables import Table, cut_tables, is_passed_over, section_of
from gis.store.formats.roster_values import cell_text, is_ditto, is_nothing
from gis.store.formats.roster_words import DROPPED
from gis.store.formats.tables import Cell, Sheet, pick_sheet, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

_FILLED_SHARE = 1 / 3  # blank branches in a third of the rows are a habit of filling down, fewer are omissions


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """One sheet that was read as a roster; row numbers count from 1 as Excel shows them."""

    name: str
    layout: Layout
    header: Header
    rows: tuple[RosterRow, ...]
    rejected: tuple[RosterRow, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    titles: tuple[str, ...]
    row_count: int


@dataclass(frozen=True, slots=True)
class Roster:
    """A whole file; `notes` name what was skipped or dropped, in sentences for the report."""

    file: str
    sheets: tuple[RosterSheet, ...]
    notes: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All row faults in order."""
        return tuple(fault for sheet in self.sheets for fault in sheet.faults)


@dataclass(slots=True)
class _Progress:
    """What a sheet has given so far."""

    rows: list[RosterRow] = field(default_factory=list)
    rejected: list[RosterRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    above: dict[int, Cell] = field(default_factory=dict)
    section: str = ""
    count: int = 0


def read_roster(path: Path, *, sheet: str = "", as_of: date, file_name: str = "") -> Roster:
    """Read every roster-like sheet, or the one named; raises InputError when there is none.

    `as_of` is today: ages and dates are checked against it. `file_name` is the name to show.
    """
    shown = file_name or path.name
    sheets = read_sheets(path)
    chosen = pick_sheet(path, sheets, sheet)
    notes = [f"隐藏的工作表“{other.name}”未读取" for other in sheets if other.is_hidden and other not in chosen]
    found: list[RosterSheet] = []
    nameless = False
    for one in chosen:
        filled = fill_merges(one)
        header = find_header(filled)
        if header is not None:
            above = filled[: header.first]
            titles = tuple(dict.fromkeys(cell_text(cell) for row in above for cell in row if cell is not None))
            tables = cut_tables(filled, header)
            found.extend(_read_sheet(shown, one, filled, table, titles, as_of) for table in tables)
            continue
        nameless = nameless or looks_like_roster_without_name(filled)
        notes.append(f"工作表“{one.name}”不是花名册，未读取")
    if not found:
        why = "表头里没有“姓名”一列" if nameless else "没有找到花名册的表头（至少要有姓名和出生年月、联系电话等列）"
        msg = f"{shown} {why}：请核对表头，或用模板重新整理"
        raise InputError(msg)
    return Roster(shown, tuple(found), tuple(notes))


def is_roster(sheets: tuple[Sheet, ...]) -> bool:
    """Whether some shown sheet has a roster's header."""
    return any(find_header(fill_merges(sheet)) is not None for sheet in sheets if not sheet.is_hidden)


def fill_merges(sheet: Sheet) -> list[list[Cell]]:
    """Copy the value of every merged range into all its cells."""
    rows = [list(row) for row in sheet.rows]
    for merge in sheet.merges:
        if merge.top >= len(rows) or merge.left >= len(rows[merge.top]):
            continue
        value = rows[merge.top][merge.left]
        for row in rows[merge.top : merge.bottom + 1]:
            row.extend([None] * (merge.right + 1 - len(row)))
            row[merge.left : merge.right + 1] = [value] * (merge.right + 1 - merge.left)
    return rows


def _read_sheet(
    file: str, sheet: Sheet, filled: list[list[Cell]], table: Table, titles: tuple[str, ...], as_of: date
) -> RosterSheet:
    header = table.header
    _fill_branch(sheet, filled, table)
    got = _Progress(section=table.section)
    for index in _data_rows(filled, table, got):
        number = index + 1
        got.count += 1
        if index in sheet.hidden_rows:
            got.faults.append(Fault("隐藏行未导入：如需导入请取消隐藏，如已作废请删除该行", file, sheet.name, number))
            continue
        cells, unclear = _without_ditto(filled[index], got.above, header)
        row, faults = read_row(cells, header, as_of)
        faults = [*unclear, *faults]
        got.faults.extend(Fault(fault.message, file, sheet.name, number, fault.field) for fault in faults)
        placed = row.at(sheet.name, number, got.section)
        (got.rejected if faults else got.rows).append(placed)
    return RosterSheet(
        sheet.name,
        header.layout,
        header,
        tuple(got.rows),
        tuple(got.rejected),
        tuple(got.faults),
        _notes(header),
        titles,
        got.count,
    )


def _data_rows(filled: list[list[Cell]], table: Table, got: _Progress) -> Iterator[int]:
    """Yield the rows that hold a person; section titles are remembered, totals and footers passed over."""
    for index in range(table.header.last + 1, table.stop):
        section = section_of(filled[index])
        if section:
            got.section = section
        elif not is_passed_over(filled[index], table.header):
            yield index


def _fill_branch(sheet: Sheet, filled: list[list[Cell]], table: Table) -> None:
    """Fill the branch down where the file leaves it out by habit (no merged cells, one name per block)."""
    header = table.header
    column = next(iter(header.of("branch")), None)
    if column is None or any(m.left <= column.index <= m.right and m.top > header.last for m in sheet.merges):
        return
    body = filled[header.last + 1 : table.stop]
    people = [row for row in body if not is_passed_over(row, header) and not section_of(row)]
    blank = [row for row in people if column.index >= len(row) or row[column.index] is None]
    if len(blank) < _FILLED_SHARE * len(people):
        return
    above: Cell = None
    chosen = {id(row) for row in people}
    for row in body:
        if column.index < len(row) and row[column.index] is not None:
            above = row[column.index]
        elif id(row) in chosen:
            row.extend([None] * (column.index + 1 - len(row)))
            row[column.index] = above


def _without_ditto(row: list[Cell], above: dict[int, Cell], header: Header) -> tuple[list[Cell], list[Fault]]:
    """Put the value from above where the row says 同上; a 同上 below nothing is a fault, a name is never repeated."""
    cells = list(row)
    faults = []
    for column in header.columns:
        if column.index >= len(cells):
            continue
        if is_ditto(cells[column.index]) and column.field != "name":
            cells[column.index] = above.get(column.index)
            if is_nothing(cells[column.index]) and column.field not in DROPPED:
                faults.append(Fault("写的是同上，但上一行这一格是空的：请填写实际内容", field=column.header))
        above[column.index] = cells[column.index]
    return cells, faults


def _notes(header: Header) -> tuple[str, ...]:
    notes = [f"按{LAYOUT_LABELS[header.layout]}读取"]
    similar = [f"“{column.header}”" for column in header.columns if column.is_similar]
    if similar:
        notes.append(f"按相近列名识别，请核对：{'、'.join(similar)}")
    dropped = [label for name, label in DROPPED.items() if name in header.fields]
    if dropped:
        notes.append(f"已识别并丢弃：{'、'.join(dropped)}")
    if "health" in header.fields:
        notes.append("身体状况不导入，请人工确认行动能力")
    if "lost" in header.fields:
        notes.append("失联标记不自动导入，须由支部核实后登记")
    if "family_phone" in header.fields:
        notes.append("家属电话不导入")
    return tuple(notes)
