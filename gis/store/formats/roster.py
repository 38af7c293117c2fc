"""A roster file → members as it writes them, row by row, with every fault in its place.

Nothing here knows the database: branches are texts, addresses are texts. ID numbers, ethnicity, education, native
place and health are recognised and dropped here, so that no later layer can see them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.store.formats.roster_headers import (
    DROPPED,
    LAYOUT_LABELS,
    Header,
    Layout,
    find_header,
    is_header_row,
    looks_like_roster_without_name,
)
from gis.store.formats.roster_rows import RosterRow, read_row
from gis.store.formats.roster_values import cell_text, folded
from gis.store.formats.tables import Cell, Sheet, pick_sheet, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

_TOTALS = re.compile(r"(?:合计|小计|总计|共计|总数|累计)[:：]?.{0,60}")
_FOOTERS = re.compile(
    r"(?:填表人|制表|填报人|审核|负责人|单位负责人|备注|说明|注|填表日期|填报日期|填报时间|联系人|经办人|统计人|签字|盖章)"
    r"(?:[:：].*|说明.*|日期.*|时间.*|人.*)"
)
_DITTO = frozenset({"同上", "〃", "″", '"', "''", "“", "”", "同前", "〞", "``", "「」", "々"})
_FILLED_SHARE = 1 / 3  # blank branches in a third of the rows are a habit of filling down, fewer are omissions
_CARRIED = frozenset({"branch", "seq", "village", "project", "demolished"})
_MAX_FIELD = 200


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
            found.append(_read_sheet(shown, one, filled, header, as_of))
            continue
        nameless = nameless or looks_like_roster_without_name(filled)
        notes.append(f"工作表“{one.name}”不是花名册，未读取")
    if not found:
        why = "表头里没有“姓名”一列" if nameless else "没有找到花名册的表头（至少要有姓名和出生年月、联系电话等列）"
        msg = f"{shown}{why}：请核对表头，或用模板重新整理"
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


def _read_sheet(file: str, sheet: Sheet, filled: list[list[Cell]], header: Header, as_of: date) -> RosterSheet:
    titles = tuple(dict.fromkeys(cell_text(cell) for row in filled[: header.first] for cell in row if cell is not None))
    _fill_branch(sheet, filled, header)
    got = _Progress()
    for index in _data_rows(filled, header, got):
        number = index + 1
        got.count += 1
        if index in sheet.hidden_rows:
            got.faults.append(Fault("隐藏行未导入：如需导入请取消隐藏，如已作废请删除该行", file, sheet.name, number))
            continue
        cells = _without_ditto(filled[index], got.above, header)
        row, faults = read_row(cells, header, as_of)
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


def _data_rows(filled: list[list[Cell]], header: Header, got: _Progress) -> Iterator[int]:
    """Yield the rows that hold a person; section titles are remembered, totals and footers passed over."""
    for index in range(header.last + 1, len(filled)):
        row = filled[index]
        section = _section(row)
        if section:
            if not (_TOTALS.fullmatch(section) or _FOOTERS.fullmatch(section)):
                got.section = section
            continue
        if not _is_passed_over(row, header):
            yield index


def _section(row: list[Cell]) -> str:
    """Return the text of a row that is one merged cell, or ""."""
    texts = {cell_text(cell) for cell in row if cell is not None}
    wide = sum(cell is not None for cell in row) > 2  # noqa: PLR2004 - a title spans columns
    return next(iter(texts)) if len(texts) == 1 and wide else ""


def _is_passed_over(row: list[Cell], header: Header) -> bool:
    skipped = {column.index for column in header.columns if column.field in _CARRIED}
    known = {column.index for column in header.columns}
    content = [folded(cell) for index, cell in enumerate(row) if index in known - skipped and cell is not None]
    texts = [folded(cell) for cell in row if cell is not None]
    if not any(content):
        return True
    if any(_TOTALS.fullmatch(text) for text in texts[:3]) or _FOOTERS.fullmatch(texts[0]):
        return True
    return is_header_row(header, row)


def _fill_branch(sheet: Sheet, filled: list[list[Cell]], header: Header) -> None:
    """Fill the branch down where the file leaves it out by habit (no merged cells, one name per block)."""
    column = next(iter(header.of("branch")), None)
    if column is None or any(m.left <= column.index <= m.right and m.top > header.last for m in sheet.merges):
        return
    people = [row for row in filled[header.last + 1 :] if not _is_passed_over(row, header) and not _section(row)]
    blank = [row for row in people if column.index >= len(row) or row[column.index] is None]
    if len(blank) < _FILLED_SHARE * len(people):
        return
    above: Cell = None
    for row in filled[header.last + 1 :]:
        if column.index < len(row) and row[column.index] is not None:
            above = row[column.index]
        elif row in people:
            row.extend([None] * (column.index + 1 - len(row)))
            row[column.index] = above


def _without_ditto(row: list[Cell], above: dict[int, Cell], header: Header) -> list[Cell]:
    """Put the value from above where the row says 同上."""
    cells = list(row)
    for column in header.columns:
        if column.index >= len(cells):
            continue
        if folded(cells[column.index]) in _DITTO or cell_text(cells[column.index]) in _DITTO:
            cells[column.index] = above.get(column.index)
        above[column.index] = cells[column.index]
    return cells


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
