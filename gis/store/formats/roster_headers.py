"""The header of a roster: where it is, what its columns mean, which of the three layouts it is (domain.md 6.1)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from gis.store.formats.roster_values import cell_text
from gis.store.formats.roster_words import CHILDREN, OPTIONS, SYNONYMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.store.formats.tables import Cell

HEADER_ROWS = 12  # rows looked at for the header; titles take one to three
MIN_FIELDS = 2  # fields beside the name that make a sheet a roster
SIMILAR = 0.85

_TRANSITION_SIGNS = {
    "village",
    "demolished",
    "project",
    "expected_return",
    "can_return",
    "study_mode",
    "housing",
    "return_community",
}
_SYSTEM_SIGNS = {"membership", "lost", "lost_on", "mobile", "mobile_to", "landline", "home_address", "job"}


class Layout(StrEnum):
    """The three layouts that offices keep."""

    SYSTEM = "system"
    BRANCH = "branch"
    TRANSITION = "transition"


LAYOUT_LABELS = {Layout.SYSTEM: "系统导出", Layout.BRANCH: "支部花名册", Layout.TRANSITION: "过渡期摸排台账"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `option` is the value that a tick stands for; `is_similar` marks a header matched by likeness."""

    index: int
    field: str
    header: str
    option: str = ""
    is_similar: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The header found: rows counted from 0, `last` is the last header row."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> frozenset[str]:
        """All fields that have a column."""
        return frozenset(column.field for column in self.columns)

    @property
    def layout(self) -> Layout:
        """Tell the layouts apart by the columns that only one of them has."""
        if len(self.fields & _TRANSITION_SIGNS) >= MIN_FIELDS:
            return Layout.TRANSITION
        return Layout.SYSTEM if len(self.fields & _SYSTEM_SIGNS) >= MIN_FIELDS else Layout.BRANCH

    def of(self, field: str) -> tuple[Column, ...]:
        """Return the columns of a field, from the left."""
        return tuple(column for column in self.columns if column.field == field)


def fold_header(text: str) -> str:
    """Normalise a header: NFKC, without spaces, colons, line breaks, parentheses and required marks."""
    return re.sub(r"[\s:()*★※\[\]【】_#.、]", "", unicodedata.normalize("NFKC", text))


def _spellings(text: str) -> tuple[str, ...]:
    """Spell the header with and without the contents of its parentheses."""
    plain = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys((fold_header(plain), fold_header(re.sub(r"[(\[【].*?[)\]】]", "", plain)))))


_EXACT = {fold_header(word): field for field, words in SYNONYMS.items() for word in words}


@lru_cache(maxsize=4096)
def recognise(text: str) -> tuple[str, bool]:
    """Return the field of a header and whether it was matched by likeness only; ("", False) when unknown."""
    spellings = _spellings(text)
    for spelling in spellings:
        if spelling in _EXACT:
            return _EXACT[spelling], False
    for spelling in spellings:
        alike = [
            (SequenceMatcher(None, spelling, known, autojunk=False).ratio(), field)
            for known, field in _EXACT.items()
            if 2 * min(len(spelling), len(known)) >= SIMILAR * (len(spelling) + len(known))
        ]
        score, field = max(alike, default=(0.0, ""))
        if score >= SIMILAR:
            return field, True
    return "", False


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """Find the header among the first rows: the row with the most known fields, and the name among them."""
    best: Header | None = None
    best_score = 0.0
    for index in range(min(HEADER_ROWS, len(rows))):
        for last in (index, index + 1):
            header = _read_header(rows, index, last)
            score = _score(header)
            if header is not None and score > best_score:
                best, best_score = header, score
    return best


def looks_like_roster_without_name(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether some row would be a roster's header if it had a name column."""
    known = ({recognise(cell_text(cell))[0] for cell in row} - {"", "seq", "remark"} for row in rows[:HEADER_ROWS])
    return any(len(fields) > MIN_FIELDS for fields in known)


def is_header_row(row: Sequence[Cell]) -> bool:
    """Whether a data row is a header again, as on printed pages or above a second table."""
    return any(_is_name_header(cell) for cell in row if isinstance(cell, str) and "名" in cell)


@lru_cache(maxsize=4096)
def _is_name_header(text: str) -> bool:
    return len(text) <= 12 and any(_EXACT.get(spelling) == "name" for spelling in _spellings(text))  # noqa: PLR2004


def header_at(rows: Sequence[Sequence[Cell]], index: int) -> Header | None:
    """Read the header of a second table that begins at row `index`; None where the row is no whole header."""
    found = find_header(rows[index : index + 2])
    return replace(found, first=index + found.first, last=index + found.last) if found else None


def _score(header: Header | None) -> float:
    if header is None or "name" not in header.fields or len(header.fields - {"name", "seq", "remark"}) < MIN_FIELDS:
        return 0.0
    exact = {column.field for column in header.columns if not column.is_similar}
    return len(exact) + 0.5 * len(header.fields - exact) + _nested(header) * (header.last - header.first)


def _nested(header: Header) -> float:
    """Prefer two rows where the lower one means nothing without the upper, else one row: a title is no header."""
    words = {field for children in CHILDREN.values() for field in children} - {"phone", "landline"}
    return 0.1 if any(column.option or column.field in words for column in header.columns) else -0.1


def _read_header(rows: Sequence[Sequence[Cell]], first: int, last: int) -> Header | None:
    if last >= len(rows):
        return None
    top = [_one_line(cell) for cell in rows[first]]
    if last == first:
        return Header(first, last, _distinct([_column(index, text, "") for index, text in enumerate(top)]))
    below = [_one_line(cell) for cell in rows[last]]
    width = max(len(top), len(below))
    top += [""] * (width - len(top))
    below += [""] * (width - len(below))
    parent = ""
    columns: list[Column | None] = []
    known = unknown = 0
    for index, (over, under) in enumerate(zip(top, below, strict=True)):
        parent = over or (parent if under else "")
        child = under if under != over else ""
        column = _column(index, parent, child)
        if child and recognise(over)[0] == "name":
            return None  # there is a name below the name: the second row holds data
        known += bool(child) and column is not None
        unknown += bool(child) and column is None
        columns.append(column)
    options = [column.field for column in columns if column is not None and column.option]
    lone = sum(options.count(field) == 1 for field in options)  # 男 alone below 性别 is a person, not an option
    return Header(first, last, _distinct(columns)) if known - lone > unknown + lone else None


def _one_line(cell: Cell) -> str:
    return "".join(cell_text(cell).splitlines())


def _column(index: int, parent: str, child: str) -> Column | None:
    field, is_similar = recognise(parent)
    if not child:
        return Column(index, field, parent, is_similar=is_similar) if field else _flat_part(index, parent)
    folded = fold_header(child)
    header = f"{parent}·{child}" if parent else child
    family = "address" if field == "home_address" else field
    for found, words in CHILDREN.get(family, {}).items():
        if folded in {fold_header(word) for word in words}:
            return Column(index, found, header)
    if folded in OPTIONS.get(field, ()):
        return Column(index, field, header, option=folded)
    own, own_similar = recognise(child)
    return Column(index, own, header, is_similar=own_similar) if own else None


def _flat_part(index: int, text: str) -> Column | None:
    """Read 小区 | 幢号 | 单元 | 室号 side by side without 现住址 above them."""
    folded = fold_header(text)
    for found, words in CHILDREN["address"].items():
        if folded in {fold_header(word) for word in words}:
            return Column(index, found, text)
    return None


def _distinct(columns: Sequence[Column | None]) -> tuple[Column, ...]:
    """Keep the first column of each field; several only for phones, address parts and options."""
    kept: list[Column] = []
    for column in sorted((c for c in columns if c is not None), key=lambda c: (c.is_similar, c.index)):
        same = [other for other in kept if other.field == column.field]
        if not same or column.field == "phone" or column.option:
            kept.append(column)
    fields = {column.field for column in kept}
    if "addr_building" not in fields:  # 社区 or 小区 alone is somebody's working place, not a home
        kept = [column for column in kept if not column.field.startswith("addr_")]
    if not {"status_full", "status_probationary"} <= fields:
        kept = [_as_status(column) for column in kept]
    return tuple(sorted(kept, key=lambda c: c.index))


def _as_status(column: Column) -> Column:
    """Read a lone 正式 or 预备 column as the status itself."""
    return Column(column.index, "status", column.header) if column.field.startswith("status_") else column
