"""A year's holidays as a CSV file: 日期, 安排, 名称; a row may name a stretch of days."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError
from gis.model.meetings import Holiday

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY, ENDS, WHAT, NAME = "日期", "到", "安排", "名称"
_DAY = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*")
_WORDS = {"放假": False, "休": False, "假": False, "上班": True, "调休上班": True, "班": True, "补班": True}
LONGEST = 30  # days in one row
FIRST_ROW = 2


def read_holidays(content: bytes, name: str) -> tuple[Holiday, ...]:
    """Read the days of a CSV in UTF-8 or GB 18030.

    Raises
    ------
    InputError
        Not readable; every row at fault is named.
    """
    table = csv.DictReader(io.StringIO(_decoded(content, name)))
    columns = [(column or "").strip() for column in table.fieldnames or ()]
    table.fieldnames = columns
    lacking = [column for column in (DAY, WHAT) if column not in columns]
    if lacking:
        msg = f"{name}：第一行须有“日期”“安排”两列（可另有“到”“名称”），缺少 {'、'.join(lacking)}"
        raise InputError(msg)
    found: list[Holiday] = []
    faults: list[Fault] = []
    for number, row in enumerate(table, FIRST_ROW):
        if not any((value or "").strip() for key, value in row.items() if key):
            continue
        days, why = _days(row)
        found += days
        if why:
            faults.append(Fault(why, file=name, row=number))
    if faults:
        msg = f"{name} 有 {len(faults)} 行读不懂，整份没有导入：{faults[0]}"
        raise InputError(msg, tuple(faults))
    if not found:
        msg = f"{name} 里没有一天"
        raise InputError(msg)
    return tuple(found)


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    msg = f"{name} 的编码读不懂：请另存为 UTF-8 的 CSV"
    raise InputError(msg)


def _days(row: Mapping[str, str | None]) -> tuple[list[Holiday], str]:
    first, last = _day(row.get(DAY)), _day(row.get(ENDS) or row.get(DAY))
    what = (row.get(WHAT) or "").strip()
    if first is None or last is None:
        return [], f"{DAY}“{row.get(DAY) or ''}”：请填 年-月-日，例如 2026-10-01"
    if what not in _WORDS:
        return [], f"{WHAT}“{what}”：请填 放假 或 上班"
    length = (last - first).days
    if not 0 <= length < LONGEST:
        return [], f"从 {first} 到 {last}：终止日期须不早于起始日期，且不超过 {LONGEST} 天"
    label = (row.get(NAME) or "").strip()[:64]
    return [Holiday(first + timedelta(days=k), _WORDS[what], label) for k in range(length + 1)], ""


def _day(text: str | None) -> date | None:
    found = _DAY.fullmatch(text or "")
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
