"""Cells of a layer as typed values; what cannot be read becomes a fault with its row and column, never a guess."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from gis.errors import Fault
from gis.store.formats.layer_columns import LAYERS, plain_header
from gis.store.formats.tables import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.enums import Labelled
    from gis.store.formats.layers import RawLayer

    ChoiceT = TypeVar("ChoiceT", bound=Labelled)

NAME_CHARS, ADDRESS_CHARS, CODE_CHARS = 200, 500, 64  # widths of the columns in the store
_COUNT = re.compile(r"^(?P<number>-?\d{1,9})\s*(?:层|F|f|楼|户|人|个|单元|座|席)?$")
_DAY = re.compile(
    r"^(?P<y>\d{4})(?:\s*[-./年]\s*(?P<m>\d{1,2})(?:\s*[-./月]\s*(?P<d>\d{1,2})\s*日?|\s*月)?|\s*年)?\s*$"
)
_DAMAGED = re.compile(r"^\d(?:\.\d+)?[eE]\+\d+$")
_YES = {"是", "有", "1", "true", "yes", "y", "√", "✓", "可", "能", "t", "designated", "permissive"}
_NO = {"否", "无", "没有", "0", "false", "no", "n", "×", "x", "不可", "不能", "f", "private"}
_UNKNOWN = {"", "-", "/", "—", "不详", "未知", "none", "null", "nan"}
_LIST = re.compile(r"[、,，;；|/\n]+")
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(18_264, 73_051)  # 1950 to 2099


class Values:
    """Reads the fields of one layer by row position and collects the faults."""

    def __init__(self, raw: RawLayer) -> None:
        self.raw = raw
        self.faults: list[Fault] = []
        self._columns = {column.field: raw.values(column.field) for column in LAYERS[raw.kind].columns}
        self._labels = {column.field: column.label for column in LAYERS[raw.kind].columns}

    def fault(self, at: int, field: str, message: str) -> None:
        """Note a fault of row position `at`."""
        label = self._labels.get(field, field)
        self.faults.append(Fault(message, self.raw.file, self.raw.sheet, self.raw.rows[at], label))

    def cell(self, field: str, at: int) -> Any:
        """Return the value as the file has it."""
        return self._columns[field][at]

    def text(self, field: str, at: int, *, limit: int = NAME_CHARS, is_required: bool = False) -> str:
        """Text as written, trimmed; only whole numbers lose a `.0` that a spreadsheet added."""
        value = self.cell(field, at)
        text = value.strip() if isinstance(value, str) else plain_text(value)
        if text.lower() in _UNKNOWN and not is_required:
            return ""
        if not text:
            self.fault(at, field, "没有填写")
        elif len(text) > limit:
            self.fault(at, field, f"有 {len(text)} 个字，最多 {limit} 个字")
        elif "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
            self.fault(at, field, "含有无法保存的字符：请重新输入")
        else:
            return text
        return ""

    def code(self, field: str, at: int, *, is_required: bool = False) -> str:
        """Code: normalised text that a spreadsheet has not turned into a power of ten."""
        text = plain_text(self.text(field, at, limit=CODE_CHARS, is_required=is_required))
        if _DAMAGED.match(text):
            self.fault(at, field, f"“{text}”被表格软件改成了科学计数法，后几位已丢失：请把该列设为文本后重新填写")
            return ""
        return text

    def count(self, field: str, at: int, *, low: int = 0, high: int = 100_000, is_required: bool = False) -> int | None:
        """Whole number, `18层` and `18` alike; None where not given."""
        text = plain_text(self.cell(field, at))
        if text.lower() in _UNKNOWN:
            if is_required:
                self.fault(at, field, "没有填写")
            return None
        found = _COUNT.match(text)
        number = int(found["number"]) if found else None
        if number is None or not low <= number <= high:
            self.fault(at, field, f"“{text}”不可用：请填 {low} 到 {high} 之间的整数")
            return None
        return number

    def flag(self, field: str, at: int) -> bool | None:
        """Yes or no; None where not given."""
        text = plain_text(self.cell(field, at)).lower()
        if text in _UNKNOWN:
            return None
        if text not in _YES | _NO:
            self.fault(at, field, f"“{text}”无法识别：请填 有 或 无（是 或 否）")
            return None
        return text in _YES

    def choice(
        self, field: str, at: int, kind: type[ChoiceT], *, other: Mapping[str, ChoiceT], default: ChoiceT | None = None
    ) -> ChoiceT | None:
        """One of a code list, by label, code or another usual name; `default` (None: required) where not given."""
        text = plain_text(self.cell(field, at))
        plain = plain_header(text)
        if plain in _UNKNOWN and default is not None:
            return default
        names = {plain_header(name): value for name, value in other.items()}
        names |= {plain_header(name): member for member in kind for name in (member.label, member.value)}
        found = names.get(plain)
        if found is None:
            shown = f"“{text}”无法识别" if plain else "没有填写"
            self.fault(at, field, f"{shown}：请填 {'、'.join(kind.labels())}")
        return found

    def names(self, field: str, at: int) -> tuple[str, ...]:
        """Several names separated by 、 or a comma."""
        parts = (part.strip() for part in _LIST.split(self.text(field, at, limit=2000)))
        return tuple(dict.fromkeys(part for part in parts if part))

    def day(self, field: str, at: int) -> date | None:
        """Date; a year or a month alone is its first day; None where not given."""
        value = self.cell(field, at)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = plain_text(value)
        if text.lower() in _UNKNOWN:
            return None
        found = _day_of(text)
        if found is None:
            self.fault(at, field, f"“{text}”不是日期：请填 年-月 或 年-月-日，例如 2019-05")
        return found


def _day_of(text: str) -> date | None:
    is_number = text.isdecimal() and len(text) <= 8  # noqa: PLR2004 - yyyymmdd
    if is_number and int(text) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(text))
    if is_number and len(text) in (6, 8):
        text = "-".join(part for part in (text[:4], text[4:6], text[6:]) if part)
    found = _DAY.match(text)
    if not found:
        return None
    try:
        return date(int(found["y"]), int(found["m"] or 1), int(found["d"] or 1))
    except ValueError:
        return None
