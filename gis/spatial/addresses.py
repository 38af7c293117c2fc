"""Chinese residential addresses: normalise, then split into the part before the building and the building itself.

Rules and confidence: domain.md 3.4. Nothing here knows which estates exist; `gis.spatial.locate` does. Where a text
can be read in two ways (`3-2-501`) every reading is kept, and the one who knows the buildings decides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DIGITS = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_DIGITS |= {char: digit for digit, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
_NUMERAL = "[零〇○一二三四五六七八九十百两壹贰叁肆伍陆柒捌玖拾]"
_TRADITIONAL = str.maketrans("棟號樓單層戶門區裡鎮鄉縣", "栋号楼单层户门区里镇乡县")
_UNIT_LABELS = "甲乙丙丁戊己庚辛"
_BLANKS = frozenset({"", "无", "不详", "未知", "暂无", "待定", "空", "-", "/", "同户籍", "同户籍地", "户籍地"})
#: Numerals are read as numbers only before these, so that 三里 and 二村 stay names.
#: What people add after the room
_LAST_WORDS = re.compile(r"(?<=[\d室房户])(?:-?(?:出?租房?屋?|租住|暂住|借住|自住|投亲|自有|过渡房?))$")
_COUNTED = r"(?:号楼|号院|幢|栋|座|单元|梯|门|室|房|户|号|弄|层|楼|组|队|#|-)"
_ADMIN_END = "省市区县旗街道镇乡"

NUMBER = r"(?:(?:[A-Z]|(?<!\d)[甲乙丙丁])?\d{1,4}(?:-\d{1,3})?[A-Z甲乙丙丁]?|[A-Z]|[甲乙丙丁戊己庚辛])"
_UNIT = rf"(?:\d{{1,2}}|[{_UNIT_LABELS}A-Z])"
_ROOM = r"\d{2,5}[A-Z]?"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the building part; "" where the text says nothing."""

    building_no: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address.

    `head` is the normalised text before the building (divisions, road, estate); `remarks` are the contents of
    brackets; `is_range` marks `1-10幢`, which names no single building.
    """

    raw: str
    text: str
    head: str
    readings: tuple[Reading, ...] = ()
    remarks: tuple[str, ...] = ()
    is_range: bool = False
    is_plain_number: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the text says that there is no address."""
        return self.text in _BLANKS

    @property
    def first(self) -> Reading:
        """The likeliest reading."""
        return self.readings[0] if self.readings else Reading()


def unit_index(unit: str) -> int | None:
    """Count a unit label: 2 for `2`, `乙` and `B`; None where it cannot be counted."""
    if unit.isascii() and unit.isdigit():
        return int(unit)
    if len(unit) == 1 and unit in _UNIT_LABELS:
        return _UNIT_LABELS.index(unit) + 1
    if len(unit) == 1 and "A" <= unit <= "Z":
        return ord(unit) - ord("A") + 1
    return None


def chinese_number(text: str) -> int | None:
    """Read 十二, 二十一, 一百零三 or 五〇一; None where the text is no number."""
    if not text or not re.fullmatch(_NUMERAL + "+", text):
        return None
    text = text.replace("拾", "十")
    if "十" not in text and "百" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    total, pending = 0, None
    for char in text:
        if char in "十百":
            total += (1 if pending is None else pending) * (100 if char == "百" else 10)
            pending = None
        else:
            pending = _DIGITS[char]
    return total + (pending or 0)


@lru_cache(maxsize=20_000)
def normalise_address(text: str) -> str:
    """Return the canonical spelling that parsing and comparing use; applying it twice changes nothing."""
    current = text
    for _ in range(12):
        after = _words(_characters(current))
        if after == current:
            break
        current = after
    return current


def _characters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    # 阳光100 3幢 must not become building 1003
    folded = re.sub(r"(?<=[0-9])\s+(?=[0-9])", "-", folded)
    kept = "".join(char for char in folded if unicodedata.category(char)[0] not in "ZC")
    kept = re.sub(r"[‐‑‒–—―−_]", "-", kept)
    kept = kept.translate(_TRADITIONAL)
    return re.sub(r"[\[【〔{「『]", "(", re.sub(r"[\]】〕}」』]", ")", kept))


def _words(text: str) -> str:
    text = re.sub(rf"{_NUMERAL}+(?={_COUNTED})", _as_digits, text)
    text = re.sub(rf"(?<=[幢元层#-]){_NUMERAL}+$", _as_digits, text)
    text = re.sub(r"(?<=[0-9A-Z甲乙丙丁])[,、;:./\\|·。](?=[0-9A-Z甲乙丙丁])", "-", text)
    text = re.sub(r"[,、;:./\\|·。\"'`]+", "", text)
    text = re.sub(rf"第(?=[A-Z甲乙丙丁]?\d+[A-Z甲乙丙丁]?{_COUNTED})", "", text)
    text = re.sub(r"(\d|(?<![A-Z])[A-Z]|[甲乙丙丁])(?:号楼|栋|#楼|#幢|号幢|幢楼|幢号)", r"\1幢", text)
    text = re.sub(r"(?<=\d)楼(?=\d{1,2}(?:单元|门|梯))", "幢", text)
    text = re.sub(rf"(?<!幢)((?<!\d)\d{{1,4}}|(?<![A-Z])[A-Z]|[{_UNIT_LABELS}])座", r"\1幢", text)
    text = re.sub(r"^([^#幢]*\d[A-Z]?)#(?!\d*[-(]?\d*(?:号楼|幢|栋))", r"\1幢", text)
    text = re.sub(rf"((?<=[\d幢-])[{_UNIT_LABELS}A-Z]|\d)(?:梯|门)(?!牌|口|岗|卫)", r"\1单元", text)
    text = re.sub(r"--+", "-", text).strip("-")
    return re.sub(rf"^(.{{2,24}}?[{_ADMIN_END}])\1+", r"\1", text)


def _as_digits(match: re.Match[str]) -> str:
    number = chinese_number(match.group())
    return match.group() if number is None else str(number)


def parse_address(raw: str) -> Address:
    """Split an address; never raises, and an unreadable text is all head."""
    text = normalise_address(raw)
    remarks = tuple(part for part in re.findall(r"\(([^()]*)\)", text) if part)
    plain = _LAST_WORDS.sub("", re.sub(r"\([^()]*\)?", "", text))
    for rule in (_explicit_building, _dashed, _labelled_unit, _number_sign, _unit_only, _bare_number):
        found = rule(plain)
        if found is not None:
            head, readings, is_range = found
            return Address(raw, text, head, readings, remarks, is_range, rule is _bare_number)
    return Address(raw, text, plain, (), remarks)


Found = tuple[str, tuple[Reading, ...], bool] | None


def _explicit_building(text: str) -> Found:
    """`…3幢2单元501室`, `…3-1幢`, `…1-10幢`."""
    matches = list(re.finditer(rf"({NUMBER})幢", text))
    span = re.search(r"(\d{1,4})幢?[-~至到](\d{1,4})幢", text)
    if not matches:
        return None
    match = matches[0]
    head, tail = text[: match.start()], text[match.end() :]
    unit, floor, room = _tail(tail)
    if span and int(span.group(2)) > int(span.group(1)):
        return text[: span.start()], (Reading(f"{span.group(1)}-{span.group(2)}"),), True
    numbers = {found.group(1) for found in matches}
    if len(numbers) > 1:
        # 3幢或5幢: every number named is a reading, so that no single building is taken
        return head, tuple(Reading(number) for number in sorted(numbers)), False
    return head, (Reading(match.group(1), unit, floor, room),), False


def _tail(tail: str) -> tuple[str, str, str]:
    """Read unit, floor and room after the building."""
    unit = floor = room = ""
    rest = re.sub(r"^[-楼号]+", "", tail)
    for pattern in (
        rf"({_UNIT})单元",
        rf"([{_UNIT_LABELS}A-Z])座?-?(?=\d{{2,4}})",
        r"(\d{1,2})[-#号](?=\d{2,4})",
    ):
        match = re.match(pattern, rest)
        if match:
            unit, rest = match.group(1).lstrip("0"), rest[match.end() :].lstrip("-")
            break
    match = re.match(r"(\d{1,2})[层楼]", rest)
    if match:
        floor, rest = match.group(1), rest[match.end() :].lstrip("-")
    match = re.match(rf"({_ROOM}|\d|[东西南北中])(?:室|房|户|号|#)?", rest)
    if match:
        room = match.group(1)
    return unit, floor, room


def _dashed(text: str) -> Found:
    """`…3-2-501`, `…3-乙-501`, `…12-1203`, `…3-2`, each perhaps with 室."""
    end = r"(?:室|房|户|号)?$"
    lead = r"(?<![\dA-Z甲乙丙丁-])"
    match = re.search(rf"{lead}(\d{{1,3}})-(\d{{1,2}})-(\d{{1,2}})-({_ROOM}){end}", text)
    if match:  # 12-1幢3单元1203室, or 3幢2单元5层501室
        building, second, third, room = match.groups()
        both = (Reading(f"{building}-{second}", third, "", room), Reading(building, second, third, room))
        return text[: match.start()], both, False
    match = re.search(rf"{lead}([A-Z甲乙丙丁]?\d{{1,3}}[A-Z]?)-({_UNIT})-({_ROOM}|\d){end}", text)
    if match:
        building, unit, room = match.groups()
        other = (Reading(f"{building}-{unit}", room=room),)
        return text[: match.start()], (Reading(building, unit, "", room), *other), False
    match = re.search(rf"(?<![\dA-Z-])([A-Z]?\d{{1,3}}[A-Z]?)-(\d{{3,4}}[A-Z]?){end}", text)
    if match:
        return text[: match.start()], (Reading(match.group(1), room=match.group(2)),), False
    match = re.search(rf"(?<![\dA-Z-])([A-Z]?\d{{1,3}})-({_UNIT})(?:单元)?(\d{{3,4}}室?)?$", text)
    if match:
        building, unit, room = match.group(1), match.group(2), (match.group(3) or "").rstrip("室")
        readings = (Reading(building, unit, "", room), Reading(f"{building}-{unit}", room=room))
        return text[: match.start()], readings, False
    return None


def _labelled_unit(text: str) -> Found:
    """`…3乙501`, `…3乙单元501`, `…12A1203`: three quarters of real unit labels are 甲乙丙丁."""
    match = re.search(rf"(?<![\dA-Z])(\d{{1,3}})号?-?([{_UNIT_LABELS}A-H])(?:单元|座)?-?({_ROOM})?(?:室|房|户)?$", text)
    if match is None or (match.group(3) is None and "单元" not in match.group()):
        return None
    building, unit, room = match.group(1), match.group(2), match.group(3) or ""
    readings = (Reading(building, unit, "", room), Reading(building + unit, room=room))
    return text[: match.start()], readings, False


def _number_sign(text: str) -> Found:
    """`…3号501室`: 号 alone is often the building, unless a road stands before it."""
    match = re.search(
        r"(?<![\dA-Z-])([A-Z]?\d{1,4}(?:-\d{1,3})?[A-Z甲乙丙丁]?)号(?!线|桥|院|大院|街|路|地块)(?!.*\d号)", text
    )
    if match is None or re.search(r"(?:路|街|道|巷|组|队)$", text[: match.start()]):
        return None
    unit, floor, room = _tail(text[match.end() :])
    return text[: match.start()], (Reading(match.group(1), unit, floor, room),), False


def _unit_only(text: str) -> Found:
    """`…2单元501室` or `…501室` without a building."""
    match = re.search(rf"(?<![\dA-Z])(?:({_UNIT})单元)?-?(?:(\d{{1,2}})[层楼])?-?({_ROOM})(?:室|房|户)$", text)
    if match is None:
        match = re.search(rf"(?<![\dA-Z])({_UNIT})单元()(\d{{2,4}})?$", text)
    if match is None:
        return None
    unit, floor, room = (part or "" for part in match.groups())
    if floor and not unit and not room.startswith(floor):
        # 3楼501室: a fifth-floor room is not on floor 3, so 楼 is the building here
        return text[: match.start()], (Reading(floor, room=room),), False
    return text[: match.start()], (Reading("", unit, floor, room),), False


def _bare_number(text: str) -> Found:
    """`…苑12`: perhaps a building, perhaps not; a person decides."""
    match = re.search(r"(?<=[\u3400-\u9fff])([A-Z]?\d{1,3}[A-Z]?)$", text)
    if match is None or re.search(r"(?:路|街|道|巷|弄|组|队|号)$", text[: match.start()]):
        return None
    return text[: match.start()], (Reading(match.group(1)),), False
