"""The header of a roster: where it is, what its columns mean, which of the three layouts it is (domain.md 6.1)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from gis.store.formats.roster_values import cell_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.store.formats.tables import Cell

HEADER_ROWS = 12  # rows looked at for the header; titles take one to three
MIN_FIELDS = 2  # fields beside the name that make a sheet a roster
SIMILAR = 0.85

#: field → the headers people write; the first is its Chinese name in messages
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "党员姓名", "名字", "党员名字"),
    "id": (
        "身份证号",
        "公民身份号码",
        "身份证号码",
        "公民身份证号",
        "公民身份证号码",
        "身份证",
        "证件号码",
        "身份号码",
    ),
    "gender": ("性别",),
    "ethnicity": ("民族",),
    "birth": ("出生年月", "出生日期", "出生年月日", "生日", "出生时间"),
    "age": ("年龄", "周岁", "实足年龄"),
    "education": ("学历", "文化程度", "学位", "最高学历", "学历学位"),
    "native_place": ("籍贯", "出生地"),
    "status": ("人员类别", "正式/预备", "正式或预备", "党员类别", "党员类型", "政治面貌", "党员身份"),
    "status_full": ("正式",),
    "status_probationary": ("预备",),
    "branch": (
        "所在党支部",
        "党支部",
        "所属支部",
        "组织关系所在支部",
        "所在党组织",
        "所属党支部",
        "所在支部",
        "支部",
        "支部名称",
        "党支部名称",
        "所属党组织",
        "党组织",
        "组织关系所在党支部",
        "原党支部",
        "原支部",
    ),
    "joined": ("入党时间", "入党日期", "加入党组织日期", "何时入党", "入党年月", "加入党组织时间", "加入中共组织日期"),
    "confirmed": ("转正时间", "转正日期", "转为正式党员日期", "转正年月", "转为正式党员时间"),
    "party_age": ("党龄",),
    "job": ("工作岗位", "就业状况", "就业情况", "职业", "工作单位及职务", "工作单位"),
    "phone": (
        "联系电话",
        "手机号码",
        "手机",
        "电话",
        "联系方式",
        "手机号",
        "移动电话",
        "联系号码",
        "本人电话",
        "电话号码",
    ),
    "landline": ("固定电话", "座机", "家庭电话", "固话", "住宅电话"),
    "family_phone": ("家属电话", "联系人电话", "家属联系方式", "家属联系电话", "紧急联系电话", "紧急联系人电话"),
    "address": (
        "现居住地",
        "现住址",
        "过渡期居住地",
        "居住地址",
        "租住地址",
        "现居住地址",
        "过渡期住址",
        "居住地",
        "住址",
        "地址",
        "详细地址",
        "常住地址",
        "现居地",
        "目前住址",
        "过渡期地址",
        "过渡期居住地址",
        "现居住地详细地址",
    ),
    "home_address": ("家庭住址", "家庭地址", "家庭住址到门牌号"),
    "hukou": ("户籍所在地", "户籍地址", "户口所在地", "户籍地", "户籍"),
    "membership": ("党籍状态", "党籍"),
    "lost": ("是否失联党员", "是否失联", "失联党员"),
    "lost_on": ("失去联系日期", "失联日期"),
    "mobile": ("是否流动党员", "流动党员", "是否流动"),
    "mobile_to": ("外出流向", "流向"),
    "post": ("党内职务", "党内任职", "职务"),
    "work_started": ("参加工作时间", "参加工作日期", "工作时间"),
    "remark": ("备注", "说明"),
    "seq": ("序号", "编号", "行号", "No"),
    "village": ("原村组", "原村", "所属村", "村民小组", "原所在村", "村组", "原村民小组"),
    "demolished": ("拆迁时间", "拆迁日期", "动迁时间", "动迁日期"),
    "project": ("拆迁项目", "动迁项目", "拆迁项目名称"),
    "housing": ("居住情况", "住房情况", "居住条件", "居住方式"),
    "health": ("身体状况", "健康状况", "身体情况", "健康情况"),
    "family": ("家庭情况", "家庭状况", "同住人口/独居"),
    "cohabitants": ("同住人口", "同住人数", "家庭人口"),
    "alone": ("独居", "是否独居"),
    "can_return": ("能否回村学习", "能否回村参学", "能否返村学习", "是否回村学习"),
    "study_mode": ("学习方式", "参学方式"),
    "group": ("党小组", "所在党小组", "过渡期党小组", "所在过渡期党小组", "临时党小组"),
    "leader": ("小组长", "党小组长", "组长"),
    "liaison": ("联系人", "联络人", "包联人"),
    "expected_return": ("预计回迁时间", "预计返迁时间", "预计安置时间", "预计回迁日期"),
    "return_community": ("安置小区", "回迁小区", "安置社区", "安置点"),
    "visitor": ("走访人", "摸排人", "登记人"),
    "visited": ("走访日期", "摸排日期", "走访时间", "登记日期"),
}
#: Sub-headers that mean something only below one of these.
CHILDREN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "address": {
        "addr_community": ("街道社区", "社区", "街道", "所属社区", "街道/社区", "街道（社区）", "村社区"),
        "addr_estate": ("小区", "小区名称", "路名小区", "小区路名"),
        "addr_building": ("幢", "楼栋", "幢号", "栋", "楼号", "楼幢", "栋号"),
        "addr_unit": ("单元", "单元号", "门", "梯"),
        "addr_room": ("室", "房号", "室号", "房间号", "门牌"),
    },
    "phone": {"phone": ("本人", "手机", "移动"), "family_phone": ("家属", "亲属"), "landline": ("固定", "座机")},
    "family": {"cohabitants": ("同住人口", "人口"), "alone": ("独居", "是否独居")},
}
#: Fields whose sub-headers are options to tick.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "housing": ("租房", "投亲", "其他", "自有", "自购"),
    "study_mode": ("就近参学", "上门送学", "网络共学", "网络助学"),
    "can_return": ("能", "否", "不能", "是"),
    "gender": ("男", "女"),
    "status": ("正式", "预备", "正式党员", "预备党员"),
}
DROPPED = {"id": "身份证号", "ethnicity": "民族", "education": "学历", "native_place": "籍贯", "health": "身体状况"}
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
    return re.sub(r"[\s:()*★※\[\]【】_#]", "", unicodedata.normalize("NFKC", text))


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


def is_header_row(header: Header, row: Sequence[Cell]) -> bool:
    """Whether a data row repeats the header, as printed pages do."""
    names = header.of("name")
    index = names[0].index if names else 0
    text = cell_text(row[index]) if index < len(row) else ""
    return any(_EXACT.get(spelling) == "name" for spelling in _spellings(text))


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
    top = [cell_text(cell) for cell in rows[first]]
    if last == first:
        return Header(first, last, _distinct([_column(index, text, "") for index, text in enumerate(top)]))
    below = [cell_text(cell) for cell in rows[last]]
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


def _column(index: int, parent: str, child: str) -> Column | None:
    field, is_similar = recognise(parent)
    if not child:
        return Column(index, field, parent, is_similar=is_similar) if field else None
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


def _distinct(columns: Sequence[Column | None]) -> tuple[Column, ...]:
    """Keep the first column of each field; several only for phones, address parts and options."""
    kept: list[Column] = []
    for column in sorted((c for c in columns if c is not None), key=lambda c: (c.is_similar, c.index)):
        same = [other for other in kept if other.field == column.field]
        if not same or column.field == "phone" or column.option:
            kept.append(column)
    fields = {column.field for column in kept}
    if not {"status_full", "status_probationary"} <= fields:
        kept = [_as_status(column) for column in kept]
    return tuple(sorted(kept, key=lambda c: c.index))


def _as_status(column: Column) -> Column:
    """Read a lone 正式 or 预备 column as the status itself."""
    return Column(column.index, "status", column.header) if column.field.startswith("status_") else column
