"""One row of a roster → one person, with all faults of the row together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from gis.errors import Fault
from gis.model.enums import Gender, HousingKind, MembershipStatus, MemberStatus, Preference
from gis.spatial.addresses import parse_address
from gis.store.formats import roster_values as values
from gis.store.formats.roster_headers import Column, Header, Layout
from gis.store.formats.roster_values import CellError, cell_text, is_nothing, is_ticked
from gis.store.formats.roster_words import SYNONYMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.store.formats.tables import Cell

_ADDRESS_PARTS = (
    ("addr_community", ""),
    ("addr_estate", ""),
    ("addr_building", "幢"),
    ("addr_unit", "单元"),
    ("addr_room", "室"),
)
_FULL_AFTER_YEARS = 2  # 预备期 is one year and may be prolonged by another; longer makes a full member
_SHORT = 200
#: Columns that are only compared or dropped: what stands there never keeps a person out.
_UNREAD = frozenset({"seq", "remark", "age", "party_age", "ethnicity", "education", "native_place", "health"}) | {
    *("hukou", "work_started", "visitor", "visited", "liaison", "leader", "group", "lost", "lost_on", "mobile_to"),
    *("cohabitants", "family", "family_phone", "can_return", "id"),
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person as the roster writes them; "" or None where the roster says nothing.

    `branch`, `village` and `section` are texts that the importer resolves; `age` serves matching only.
    """

    name: str
    gender: Gender | None = None
    birth_ym: str = ""
    age: int | None = None
    phones: tuple[str, ...] = ()
    member_status: MemberStatus | None = None
    membership_status: MembershipStatus | None = None
    joined_on: str = ""
    confirmed_on: str = ""
    branch: str = ""
    village: str = ""
    section: str = ""
    post: str | None = None
    address: str = ""
    categories: tuple[str, ...] = ()
    preference: Preference = Preference.NONE
    lives_alone: bool | None = None
    started_on: date | None = None
    expected_return: str = ""
    project: str = ""
    return_community: str = ""
    housing_kind: HousingKind | None = None
    sheet: str = ""
    row: int = 0

    def at(self, sheet: str, row: int, section: str) -> RosterRow:
        """Return the row with its place in the file."""
        return replace(self, sheet=sheet, row=row, section=section)


class _Cells:
    """The cells of one row by field; collects faults instead of stopping at the first."""

    def __init__(self, row: Sequence[Cell], header: Header) -> None:
        self.row = row
        self.header = header
        self.faults: list[Fault] = []

    def cell(self, column: Column) -> Cell:
        return self.row[column.index] if column.index < len(self.row) else None

    def raw(self, name: str) -> Cell:
        """Return the first filled cell of a field; a ticked option column gives its option."""
        for column in self.header.of(name):
            value = self.cell(column)
            if column.option:
                if is_ticked(value):
                    return column.option
            elif not is_nothing(value):
                return value
        return None

    def glance(self, name: str, parse: Callable[..., Any]) -> Any:
        """Parse a field that is only compared with others; None where it cannot be read."""
        value = self.raw(name)
        try:
            return None if value is None else parse(value)
        except CellError:
            return None

    def refuse_errors(self) -> None:
        """Name every cell that shows a formula's failure, and read it as empty."""
        self.row = list(self.row)
        for column in self.header.columns:
            if values.is_error(self.cell(column)):
                if column.field not in _UNREAD:
                    message = f"{values.shown(self.cell(column))}是公式出错：请改为实际内容"
                    self.faults.append(Fault(message, field=column.header))
                self.row[column.index] = None

    def text(self, name: str) -> str:
        """Text of a field, checked for length."""
        value = cell_text(self.raw(name))
        if len(value) > _SHORT:
            self.fault(name, f"有 {len(value)} 个字，超过 {_SHORT} 个：请缩短")
            return ""
        return value

    def read(self, name: str, parse: Callable[..., Any], *args: object) -> Any:
        """Parse a field; None where it is empty or at fault."""
        value = self.raw(name)
        if value is None:
            return None
        try:
            return parse(value, *args)
        except CellError as error:
            self.fault(name, str(error))
            return None

    def fault(self, name: str, message: str) -> None:
        column = next(iter(self.header.of(name)), None)
        self.faults.append(Fault(message, field=column.header if column else SYNONYMS[name][0]))


def read_row(row: Sequence[Cell], header: Header, as_of: date) -> tuple[RosterRow, list[Fault]]:
    """Read a row whose 同上 and merged cells are already filled; returns the person and the row's faults."""
    cells = _Cells(row, header)
    cells.refuse_errors()
    if any(values.is_damaged_id(cells.cell(column)) for column in header.of("id")):
        cells.fault("id", "身份证号已被 Excel 损坏（变成数字后末几位丢失），本行未导入：请删去或改为文本后重新导入")
    person = RosterRow(
        name=_name(cells),
        gender=cells.read("gender", values.parse_gender),
        birth_ym=cells.read("birth", values.parse_birth, as_of) or "",
        age=cells.glance("age", values.parse_age),
        phones=_phones(cells),
        membership_status=cells.read("membership", values.parse_membership),
        branch=cells.text("branch"),
        village=cells.text("village"),
        post=cells.text("post") if header.of("post") else None,
        address=_address(cells),
        preference=cells.read("study_mode", values.parse_mode) or Preference.NONE,
        lives_alone=_alone(cells),
        expected_return=_return_date(cells),
        project=cells.text("project"),
        return_community=cells.text("return_community"),
        housing_kind=cells.read("housing", values.parse_housing),
    )
    person = replace(person, categories=_categories(cells), started_on=_started(cells, as_of))
    person = _with_party_dates(person, cells, as_of)
    return person, cells.faults


def _name(cells: _Cells) -> str:
    value = next((cells.cell(column) for column in cells.header.of("name")), None)
    if values.is_ditto(value):
        cells.fault("name", "姓名写的是同上：请填写姓名")
        return ""
    if value is None or not cell_text(value):
        cells.fault("name", "姓名为空：请补填，或删除该行")
        return ""
    try:
        return values.parse_name(value)
    except CellError as error:
        cells.fault("name", str(error))
        return ""


def _phones(cells: _Cells) -> tuple[str, ...]:
    """All own numbers; where the header says 本人/家属 the second is somebody else's and is left out."""
    found: list[str] = []
    for name in ("phone", "landline"):
        for column in cells.header.of(name):
            value = cells.cell(column)
            if is_nothing(value):
                continue
            try:
                numbers = values.parse_phones(value)
            except CellError as error:
                cells.faults.append(Fault(str(error), field=column.header))
                continue
            found.extend(numbers[:1] if "家属" in column.header else numbers)
    return tuple(dict.fromkeys(found))


def _address(cells: _Cells) -> str:
    parts = []
    for name, unit in _ADDRESS_PARTS:
        text = cell_text(cells.raw(name))
        is_bare = bool(text) and ((text[-1].isalnum() and text[-1].isascii()) or text in "甲乙丙丁戊己")
        parts.append(f"{text}{unit}" if is_bare else text)
    whole = cell_text(cells.raw("address"))
    if whole and any(parts[2:]) and not parts[1]:
        whole = whole if parse_address(whole).first.building_no else whole + "".join(parts[2:])
    elif any(parts[1:]):
        whole = whole if whole and not any(parts) else "".join(parts)
    elif whole.startswith(("同", "见")) or not whole:
        whole = cell_text(cells.raw("home_address")) or "".join(parts)
    if len(whole) > values.MAX_ADDRESS:
        cells.fault("address", f"地址有 {len(whole)} 个字，超过 {values.MAX_ADDRESS} 个：请缩短")
    return whole


def _alone(cells: _Cells) -> bool | None:
    own = cells.read("alone", values.parse_yes)
    if own is not None:
        return bool(own)
    return True if "独居" in cell_text(cells.raw("family")).replace("非独居", "") else None


def _return_date(cells: _Cells) -> str:
    value = cells.raw("expected_return")
    if value is None:
        return ""
    try:
        return values.parse_month(value, "2027-06")
    except CellError:
        text = cell_text(value)
        if len(text) > 32:  # noqa: PLR2004 - the column's width
            cells.fault("expected_return", f"{values.shown(value)}：请填 年-月，例如 2027-06")
        return text[:32]


def _started(cells: _Cells, as_of: date) -> date | None:
    value = cells.raw("demolished")
    if value is None:
        return None
    year = values.folded(value).removesuffix("年")
    if len(year) == 4 and year.isdigit() and 1980 <= int(year) <= as_of.year:  # noqa: PLR2004 - a bare year
        return date(int(year), 1, 1)
    month = cells.read("demolished", values.parse_past, as_of)
    return date(int(month[:4]), int(month[5:7]), 1) if month else None


def _categories(cells: _Cells) -> tuple[str, ...]:
    found = []
    if cells.header.layout is Layout.TRANSITION:
        found.append("transition")
    job = values.parse_job(cells.raw("job"))
    if job:
        found.append(job)
    if cells.read("mobile", values.parse_yes):
        found.append("mobile")
    return tuple(found)


def _with_party_dates(person: RosterRow, cells: _Cells, as_of: date) -> RosterRow:
    """Add joining, confirmation and status, which must agree with each other and with the birth month."""
    joined = cells.read("joined", values.parse_past, as_of) or ""
    confirmed = cells.read("confirmed", values.parse_past, as_of) or ""
    party_age = cells.glance("party_age", values.parse_party_age)
    if joined and confirmed and confirmed < joined:
        cells.fault("confirmed", f"转正时间 {confirmed} 早于入党时间 {joined}：请核对")
    if person.birth_ym and joined and int(joined[:4]) - int(person.birth_ym[:4]) < 15:  # noqa: PLR2004 - a slip of typing
        cells.fault("joined", f"入党时间 {joined} 与出生年月 {person.birth_ym} 不符：请核对")
    status = _status(cells)
    years = int(as_of.year) - int(joined[:4]) if joined else party_age or 0
    if status is None and (confirmed or years > _FULL_AFTER_YEARS):
        status = MemberStatus.FULL
    return replace(person, joined_on=joined, confirmed_on=confirmed, member_status=status)


def _status(cells: _Cells) -> MemberStatus | None:
    ticked = {
        status
        for name, status in (("status_full", MemberStatus.FULL), ("status_probationary", MemberStatus.PROBATIONARY))
        if is_ticked(cells.raw(name)) or values.folded(cells.raw(name)) in ("正式", "预备")
    }
    if len(ticked) == 1:
        return ticked.pop()
    if len(ticked) > 1:
        cells.fault("status_full", "正式和预备都打了勾：请只勾一项")
        return None
    value = cells.raw("status")
    if value is not None and is_ticked(value) and cells.header.of("status")[0].header in ("正式", "预备"):
        return MemberStatus.FULL if cells.header.of("status")[0].header == "正式" else MemberStatus.PROBATIONARY
    found: MemberStatus | None = cells.read("status", values.parse_status)
    return found
