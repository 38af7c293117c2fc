"""Where the tables of a sheet begin and end, and which of its rows are no persons: titles, totals, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.store.formats.roster_headers import Header, header_at, is_header_row
from gis.store.formats.roster_values import cell_text, folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.store.formats.tables import Cell

_TOTALS = re.compile(
    r"(?:本页|本支部|全村|党员|支部|人数)?(?:合计|小计|总计|共计|总数|累计|总人数|合计人数|人数合计)(?:[:：(\d共为].{0,60})?"
    r"|共计?\d+[人名].{0,40}"
)
_FOOTERS = re.compile(
    r"(?:填表人|填表单位|制表|填报人|审核|审批|负责人|单位负责人|备注|说明|填表说明|注|附注|填表日期|填报日期|填报时间|制表日期|"
    r"联系人|经办人|统计人|签字|盖章|书记签字|支部书记)(?:[:：].*|说明.*|日期.*|时间.*|人.*)"
)
_NOTE = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、)）．].{4,}")
_TITLE = re.compile(r"支部|党总支|党委|花名册|登记表|名单|信息表|情况表")
_UNIT = re.compile(r"(?:填报单位|填表单位|报送单位|单位名称|单位|所在党支部|党支部|支部名称|支部|组织名称)[:：].+")
_CARRIED = frozenset({"branch", "seq", "village", "project", "demolished"})
_LINE_CELLS = 3  # a line below a title holds its unit, date and page, no more


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet: its header, the row after its last, and the title just above it."""

    header: Header
    stop: int
    section: str = ""


def cut_tables(filled: Sequence[Sequence[Cell]], first: Header) -> list[Table]:
    """Cut a sheet where a header with other columns begins; the same header again goes on with the same table."""
    starts = [(first, "")]
    section = ""
    for index in range(first.last + 1, len(filled)):
        row = filled[index]
        title = section_of(row)
        if title:
            section = title
        elif is_header_row(row):
            found = header_at(filled, index)
            if found is not None and _meaning(found) != _meaning(starts[-1][0]):
                starts.append((found, section))
    ends = [header.first for header, _ in starts[1:]] + [len(filled)]
    return [Table(header, stop, title) for (header, title), stop in zip(starts, ends, strict=True)]


def _meaning(header: Header) -> set[tuple[int, str, str]]:
    return {(column.index, column.field, column.option) for column in header.columns}


def section_of(row: Sequence[Cell]) -> str:
    """Return the title that a row holds instead of a person, merged over columns or alone in one cell, or ""."""
    filled = [cell_text(cell) for cell in row if cell is not None]
    texts = list(dict.fromkeys(filled))
    if not texts or len(texts) > _LINE_CELLS:
        return ""
    if len(texts) > 1:
        return next((text for text in texts if _UNIT.fullmatch(folded(text))), "")
    plain = folded(texts[0])
    if _TOTALS.fullmatch(plain) or _FOOTERS.fullmatch(plain) or _NOTE.fullmatch(plain):
        return ""
    is_wide = len(filled) > 2  # noqa: PLR2004 - a title spans columns
    return texts[0] if is_wide or _TITLE.search(plain) else ""


def is_passed_over(row: Sequence[Cell], header: Header) -> bool:
    """Whether a row holds no person: blank but for what is carried down, a total, a note, a header again."""
    skipped = {column.index for column in header.columns if column.field in _CARRIED}
    known = {column.index for column in header.columns}
    content = [folded(cell) for index, cell in enumerate(row) if index in known - skipped and cell is not None]
    texts = [folded(cell) for cell in row if cell is not None]
    if not any(content):
        return True
    if any(_TOTALS.fullmatch(text) for text in texts[:3]) or _FOOTERS.fullmatch(texts[0]):
        return True
    if len(set(texts)) == 1 and (_NOTE.fullmatch(texts[0]) or _TOTALS.fullmatch(texts[0])):
        return True
    return is_header_row(row)
