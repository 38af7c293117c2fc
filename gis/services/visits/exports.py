"""走访记录 as a workbook in the layout that is retyped into the city's platform: one worksheet a month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.enums import MapPrecision
from gis.model.office_day import BEIJING
from gis.model.papers import PaperFormat
from gis.model.visits import VisitPurpose, VisitResult
from gis.services.access import require, require_orgs
from gis.services.cards import place_of
from gis.services.notices import MIME, NoticeFile
from gis.services.surveys import subtree
from gis.store.formats.record_xlsx import write_records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.model.life import PastHome
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.formats.record_xlsx import Row
    from gis.store.reader import Reader
    from gis.store.readers.visit_records import VisitRecord

MOST_ROWS, MOST_REASON = 2000, 50
UNSEEN, NOT_SAID = "未见到本人", "按本人意愿不写明"
AT_HOME, BY_PHONE, TOGETHER = "入户", "电话", "集中学习"
_SAID = {
    VisitResult.MET: "见到本人",
    VisitResult.NOT_HOME: UNSEEN,
    VisitResult.MOVED: f"{UNSEEN}，已不住在这里，待登记新住址",
    VisitResult.DECLINED: "已联系本人，本人表示这次不需要上门",
    VisitResult.PHONED: "与本人通了电话",
    VisitResult.IN_HOSPITAL: UNSEEN,  # why somebody was not at home is nobody's business (domain.md 2B)
}
_DONE = {
    VisitPurpose.STUDY: "送学上门",
    VisitPurpose.CONDOLENCE: "走访慰问",
    VisitPurpose.FOLLOW_UP: "回访",
    VisitPurpose.SURVEY: "核对住址和联系方式",
}
#: What a note must not carry into another system: health, and what somebody thinks
_NOT_FOR_OTHERS = re.compile("住院|医院|出院|手术|身体|病|药|癌|瘫|透析|化疗|残疾|精神|思想|情绪|态度|不满|牢骚")
_ROOM = re.compile(r"(?:(?<=单元)|[-－—\s])\d{2,4}室?$|\d{2,4}室$")


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which visits: those made from `first_day` to `last_day` to members below `org_id` (None: the whole scope).

    `reason` is what the record is for, and goes to the log. Addresses stop before the room unless `with_rooms`.
    """

    first_day: date
    last_day: date
    reason: str
    org_id: OrgId | None = None
    with_rooms: bool = False


@dataclass(frozen=True, slots=True)
class VisitFile(NoticeFile):
    """A file about visits, whom it names (whoever keeps it on disk records that), and what was kept out of it."""

    member_ids: tuple[MemberId, ...] = ()
    notes: tuple[str, ...] = ()


def record_book(actor: Actor, store: Store, query: RecordQuery) -> VisitFile:
    """Make the workbook of visits with a result; who made it and when stands in it and in the log.

    One row a member visited: each of those behind a group session, too. A row has the day of the visit and no time of
    day, which nobody writes down.

    Raises
    ------
    InputError
        No reason, the days are the wrong way round, nothing was recorded, or more rows than fit one file.
    DeniedError
        The role may not plan visits, or the organisation lies outside the scope.
    """
    require(actor, Action.PLAN_VISITS)
    reason = _checked(query)
    with store.reading(actor.scope) as reader:
        branches = None
        if query.org_id is not None:
            require_orgs(actor, reader, [query.org_id])
            branches = subtree(reader.orgs(), query.org_id)
        records = reader.visit_records(query.first_day, query.last_day, branches)
        _check_count(len(records))
        book = _Book(reader, records, with_rooms=query.with_rooms)
        sheets = book.sheets()
    foot = watermark(actor.display_name or actor.name, store.clock())
    name = f"走访记录-{query.first_day:%Y%m%d}-{query.last_day:%Y%m%d}"
    content = write_records(name, sheets, foot, store.clock())
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        writer.say(
            f"导出走访记录 {len(records)} 行",
            reason=reason,
            rows=len(records),
            members=len(book.about),
            first=query.first_day.isoformat(),
            last=query.last_day.isoformat(),
            with_rooms=query.with_rooms,
        )
    return VisitFile(f"{name}.xlsx", MIME[PaperFormat.XLSX], content, book.about, book.notes())


def watermark(who: str, now: datetime) -> str:
    """Say who takes something out of the system and when (`now` in UTC)."""
    return f"内部资料，不得公开　{who} 于 {now + BEIJING:%Y-%m-%d %H:%M} 导出"


def _checked(query: RecordQuery) -> str:
    reason = query.reason.strip()
    if not reason or len(reason) > MOST_REASON:
        msg = f"导出走访记录须写明用途，不超过 {MOST_REASON} 字，例如“录入市平台”；用途记入操作日志"
        raise InputError(msg)
    if query.last_day < query.first_day:
        msg = f"起始日期 {query.first_day} 晚于截止日期 {query.last_day}，请对调"
        raise InputError(msg)
    return reason


def _check_count(count: int) -> None:
    if not count:
        msg = "这段时间还没有登记过走访结果：换一段日期，或先录入走访单"
        raise InputError(msg)
    if count > MOST_ROWS:
        msg = f"这段时间有 {count} 条走访记录，一次至多导出 {MOST_ROWS} 条：请分支部或分月导出"
        raise InputError(msg)


class _Book:
    """Turns records into rows."""

    def __init__(self, reader: Reader, records: Sequence[VisitRecord], *, with_rooms: bool) -> None:
        self._records, self._with_rooms = records, with_rooms
        self.about = tuple(sorted({one.member_id for one in records}))
        wanted = frozenset(self.about)
        self._members = {one.id: one for one in reader.members(include_left=True) if one.id in wanted}
        self._homes = reader.home_history(wanted)
        self._grids = {grid.id: grid.name for grid in reader.grids()}
        cards = reader.cards(wanted)
        self._private = {number for number, card in cards.items() if card.is_private}

    def sheets(self) -> dict[str, list[Row]]:
        """Return the rows of each month, the earliest first."""
        has_years = len({one.on_day.year for one in self._records}) > 1
        found: dict[str, list[Row]] = {}
        for one in self._records:
            name = f"{one.on_day.year}年{one.on_day.month}月" if has_years else f"{one.on_day.month}月"
            found.setdefault(name, []).append(self._row(one))
        return found

    def notes(self) -> tuple[str, ...]:
        """Say what whoever retypes the file should know."""
        said = []
        kept_back = sum(bool(one.note) and not _is_note_shown(one) for one in self._records)
        if kept_back:
            said.append(f"{kept_back} 条备注涉及身体或思想情况，没有写入走访详情")
        private = len(self._private & set(self.about))
        if private:
            said.append(f"其中 {private} 人不愿公开党员身份，录入其他平台前先征得本人同意")
        return tuple(said)

    def _row(self, one: VisitRecord) -> Row:
        member = self._members.get(one.member_id)
        return (
            member.name if member is not None else "",
            self._address(member, one.on_day) if member is not None else "",
            way_of(one),
            one.on_day,
            "、".join(participants(one)),
            details_of(one),
            "、".join(purpose.label for purpose in one.purposes),
        )

    def _address(self, member: Member, day: date) -> str:
        """Say where the member lived on the day, as exactly as the member allows."""
        spell = _home_on(self._homes.get(member.id, ()) if member.id is not None else (), day)
        if member.map_precision in (MapPrecision.GRID, MapPrecision.HIDDEN):
            grid = spell.grid_id if spell is not None else None
            return self._grids.get(grid, NOT_SAID) if member.map_precision is MapPrecision.GRID else NOT_SAID
        if spell is None or spell.valid_to is None:
            now = member.residence
            return now.address if now is not None and self._with_rooms else place_of(member)
        return spell.address if self._with_rooms else _ROOM.sub("", spell.address)


def _home_on(spells: Iterable[PastHome], day: date) -> PastHome | None:
    """Return the home of a day; the first one where nothing was on record yet."""
    known = [one for one in spells if not one.is_before_records]
    at = [one for one in known if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)]
    return at[-1] if at else next(iter(known), None)


def way_of(one: VisitRecord) -> str:
    """Say how the member was met: 入户, 电话 or 集中学习."""
    if one.result is VisitResult.PHONED:
        return BY_PHONE
    return TOGETHER if one.group else AT_HOME


def participants(one: VisitRecord) -> tuple[str, ...]:
    """Name who visited: whoever entered the result as visitor, and the others of the team."""
    names = (one.by_name, *one.visitors) if one.by_name and one.by_name not in one.visitors else one.visitors
    return tuple(dict.fromkeys(name for name in names if name))


def details_of(one: VisitRecord) -> str:
    """Say in neutral words what was done; nothing about health or opinions."""
    if one.group:
        is_there = one.result is VisitResult.MET
        said = [f"组织{one.group}集中学习，" + ("本人参加" if is_there else _elsewhere(one.result))]
    else:
        said = [f"{_purposes(one.purposes)}，{_SAID[one.result]}"]
    if one.material and one.result is VisitResult.MET:
        said.append(f"送去{one.material}")
    if _is_note_shown(one) and one.note:
        said.append(one.note.strip().rstrip("。；;"))
    return "；".join(said) + "。"


def _elsewhere(result: VisitResult) -> str:
    return f"本人未到场，{_SAID[VisitResult.PHONED]}" if result is VisitResult.PHONED else "本人未到场"


def _purposes(purposes: Collection[VisitPurpose]) -> str:
    return "、".join(_DONE[one] for one in VisitPurpose if one in purposes) or "走访"


def _is_note_shown(one: VisitRecord) -> bool:
    return one.result is not VisitResult.IN_HOSPITAL and not _NOT_FOR_OTHERS.search(one.note)
