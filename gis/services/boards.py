"""待办与名单: who was not contacted in time, how long transitions last, who is 80 or older, what is not on record.

Every board says what it counts, on which day, out of how many. Names stand there only inside the scope; who sees counts
only gets them without the small ones.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from gis.model.access import Action
from gis.model.boards import FILLED_IN, BoardKind, MissingItem, YearBand
from gis.model.enums import Preference
from gis.services.access import require
from gis.services.board_counts import WHOLE, Lists
from gis.services.contact_limits import contact_limit_days, is_overdue
from gis.services.on_wall import kept_now
from gis.services.settings import office_settings
from gis.services.walk_reach import on_wall_and_reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.model.boards import BoardFacts
    from gis.model.ids import MemberId
    from gis.model.settings import OfficeSettings
    from gis.services.board_counts import BranchCount, Choose, Shown
    from gis.services.on_wall import OnWall
    from gis.store.database import Store
    from gis.store.reader import Reader

    Chosen = list[tuple[BoardFacts, "BoardLine"]]

DAYS_IN_YEAR = 365.2425
_YEAR_MONTH = re.compile(r"(\d{4})(?:\D+(\d{1,2}))?")
_LAST_MONTH = 12
_BANDS = (
    (1, YearBand.BELOW_1),
    (2, YearBand.BELOW_2),
    (3, YearBand.BELOW_3),
    (5, YearBand.BELOW_5),
    (7, YearBand.BELOW_7),
)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One member on a board: why (`note`), the figure that it is sorted by, and where to go on."""

    member_id: MemberId
    name: str
    branch: str
    age: int | None
    note: str
    figure: float | None = None
    last_contact: date | None = None
    missing: tuple[MissingItem, ...] = ()
    screen: str = "cards"


@dataclass(frozen=True, slots=True)
class Board:
    """One board. A count of None is not shown: it is small, or a small one would follow from it.

    `of` says in words what `denominator` counts; `parts` are the bands, or what is missing, each with its count;
    `branch_parts` the same for each branch, where persons are seen.
    """

    kind: BoardKind
    definition: str
    as_of: date
    of: str
    denominator: int | None
    count: int | None
    branches: tuple[BranchCount, ...]
    lines: tuple[BoardLine, ...] = ()
    parts: dict[str, int | None] = field(default_factory=dict)
    branch_parts: dict[str, dict[str, int]] = field(default_factory=dict)


def read_boards(actor: Actor, store: Store, kinds: Sequence[BoardKind] = tuple(BoardKind)) -> tuple[Board, ...]:
    """Work the boards out for the actor's scope, as of today."""
    require(actor, Action.VIEW_MATRIX)
    if not actor.scope.sees_people:
        found = _shown(actor, store)[0]
        return tuple(found[kind] for kind in kinds)
    with store.reading(actor.scope) as reader:
        work = _Boards.of(reader, reader.board_facts(), store.today())
    boards = work.all()
    return tuple(boards[kind] for kind in kinds)


def on_wall_and_boards(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from this screen and those before it (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_MATRIX)
    return _shown(actor, store)[1]


def _shown(actor: Actor, store: Store) -> tuple[Mapping[BoardKind, Board], OnWall]:
    return kept_now(actor, store, "boards", lambda: _choose(actor, store))


def _choose(actor: Actor, store: Store) -> tuple[Mapping[BoardKind, Board], OnWall]:
    known = on_wall_and_reach(actor, store)
    facts = [one.board for one in known.people if one.board is not None]
    with store.reading(actor.scope) as reader:
        work = _Boards.of(reader, facts, store.today())
    chosen: list[OnWall] = []

    def choose(figures: Mapping[str, NDArray[np.bool_]]) -> frozenset[str]:
        kept, after = known.choose({name: [mask] for name, mask in figures.items()})
        chosen.append(after)
        return kept

    boards = work.all(choose)
    return boards, chosen[0]


def read_board(actor: Actor, store: Store, kind: BoardKind) -> Board:
    """Work one board out; see `read_boards`."""
    require(actor, Action.VIEW_MATRIX)
    return read_boards(actor, store, (kind,))[0]


@dataclass(frozen=True, slots=True)
class _Boards:
    """All members in transition of one scope on one day."""

    facts: tuple[BoardFacts, ...]
    branches: dict[int, str]
    options: OfficeSettings
    today: date
    sees_people: bool

    @classmethod
    def of(cls, reader: Reader, facts: Iterable[BoardFacts], today: date) -> _Boards:
        """Take the members in transition among some."""
        return cls(
            facts=tuple(one for one in facts if one.is_in_transition),
            branches={int(org.id): org.name for org in reader.orgs() if org.id is not None},
            options=office_settings(reader),
            today=today,
            sees_people=reader.sees_people,
        )

    def all(self, choose: Choose | None = None) -> dict[BoardKind, Board]:
        """Put all boards together; what is shown of them is chosen in one go, since they are looked at one by one."""
        chosen = {kind: self.chosen(kind) for kind in BoardKind}
        shown = self.counts(chosen, choose)
        return {kind: self.board(kind, chosen[kind], shown) for kind in BoardKind}

    def chosen(self, kind: BoardKind) -> Chosen:
        """Choose who is on a board, sorted."""
        return {
            BoardKind.OVERDUE: self._overdue,
            BoardKind.RETURN_DUE: self._return_due,
            BoardKind.YEARS: self._years,
            BoardKind.AGED: self._aged,
            BoardKind.MISSING: self._lacking,
        }[kind]()

    def counts(self, chosen: Mapping[BoardKind, Chosen], choose: Choose | None) -> Shown:
        """Count all boards together."""
        return Lists(
            branch_of=[one.branch_id for one in self.facts],
            whole=np.ones(len(self.facts), dtype=np.bool_),
            lists={kind.value: self._mask([one for one, _ in chosen[kind]]) for kind in BoardKind},
            parts={
                kind.value: {label: self._mask(people) for label, people in self._parts(kind).items()}
                for kind in BoardKind
            },
            splits=frozenset({BoardKind.YEARS.value}),
        ).shown(1 if self.sees_people else self.options.suppress_below, choose)

    def _mask(self, people: Sequence[BoardFacts]) -> NDArray[np.bool_]:
        """Return who of all is in; without ids they are told apart by being the same object."""
        inside = {id(one) for one in people}
        return np.array([id(one) in inside for one in self.facts], dtype=np.bool_)

    def board(self, kind: BoardKind, chosen: Chosen, shown: Shown) -> Board:
        """Put a board together."""
        return Board(
            kind=kind,
            definition=self._definition(kind),
            as_of=self.today,
            of="在册的过渡期党员",
            denominator=shown[WHOLE],
            count=shown[kind.value],
            branches=shown.by_branch(kind.value, self.branches),
            lines=tuple(line for _, line in chosen) if self.sees_people else (),
            parts={label: shown.part(kind.value, label) for label in self._parts(kind)},
            branch_parts=self._missing_by_branch() if kind is BoardKind.MISSING and self.sees_people else {},
        )

    def _line(self, one: BoardFacts, note: str, **more: object) -> BoardLine:
        branch = self.branches.get(int(one.branch_id), "")
        age = one.age_on(self.today)
        return BoardLine(one.member_id, one.name, branch, age, note, last_contact=one.last_contact, **more)  # type: ignore[arg-type]  # fields by name

    def _overdue(self) -> list[tuple[BoardFacts, BoardLine]]:
        found = []
        for one in self.facts:
            limit = contact_limit_days(one.mode, self.options)
            if not is_overdue(one.last_contact, one.mode, self.options, self.today):
                continue
            days = (self.today - one.last_contact).days if one.last_contact is not None else None
            note = "还没有联系记录" if days is None else f"已 {days} 天，应 {limit} 天内联系一次"
            figure = None if days is None else float(days)
            found.append((one, self._line(one, note, figure=figure)))
        return sorted(found, key=lambda pair: (pair[1].figure is not None, -(pair[1].figure or 0), pair[0].member_id))

    def _return_due(self) -> list[tuple[BoardFacts, BoardLine]]:
        found = []
        for one in self.facts:
            end = last_day_of(one.expected_return)
            if end is not None and end < self.today:
                place = f"，{one.return_community}" if one.return_community else ""
                note = f"预计 {one.expected_return} 返迁{place}：请核对是否已返迁，或更新预计时间"
                found.append((one, self._line(one, note, figure=float((self.today - end).days), screen="life")))
        return sorted(found, key=lambda pair: (-(pair[1].figure or 0), pair[0].member_id))

    def _years(self) -> list[tuple[BoardFacts, BoardLine]]:
        found = []
        for one in self.facts:
            years = self._years_of(one)
            note = "没有登记开始时间" if one.started_on is None else f"{one.started_on} 起，{band_of(years).label}"
            found.append((one, self._line(one, note, figure=None if years is None else round(years, 1))))
        return sorted(found, key=lambda pair: (pair[1].figure is None, -(pair[1].figure or 0), pair[0].member_id))

    def _years_of(self, one: BoardFacts) -> float | None:
        return None if one.started_on is None else max(0.0, (self.today - one.started_on).days / DAYS_IN_YEAR)

    def _aged(self) -> list[tuple[BoardFacts, BoardLine]]:
        found = []
        for one in self.facts:
            age = one.age_on(self.today)
            if age is not None and age >= self.options.aged_age:
                is_asked = one.preference is not Preference.NONE
                said = f"本人意愿：{one.preference.label}" if is_asked else "还没有问过本人愿意怎样学习：请先问本人"
                moves = one.mobility.label if one.mobility is not None else "行动能力未核定"
                alone = "，独居" if one.lives_alone else ""
                screen = "cards" if is_asked else "conditions"
                found.append((one, self._line(one, f"{moves}{alone}；{said}", figure=float(age), screen=screen)))
        return sorted(found, key=lambda pair: (-(pair[1].figure or 0), pair[0].member_id))

    def _lacking(self) -> list[tuple[BoardFacts, BoardLine]]:
        found = []
        for one in self.facts:
            items = tuple(item for item in MissingItem if item in one.missing)
            if items:
                note = "缺：" + "、".join(item.label for item in items)
                screen = FILLED_IN.get(items[0], "cards")
                found.append((one, self._line(one, note, figure=float(len(items)), missing=items, screen=screen)))
        return sorted(found, key=lambda pair: (pair[0].branch_id, -(pair[1].figure or 0), pair[0].member_id))

    def _missing_by_branch(self) -> dict[str, dict[str, int]]:
        found: dict[str, Counter[MissingItem]] = {}
        for one in self.facts:
            found.setdefault(self.branches.get(int(one.branch_id), ""), Counter()).update(one.missing)
        return {branch: {item.label: items[item] for item in MissingItem} for branch, items in found.items()}

    def _parts(self, kind: BoardKind) -> dict[str, list[BoardFacts]]:
        """Return the bands, the items or the age groups with who is in each."""
        if kind is BoardKind.YEARS:
            bands = [(band_of(self._years_of(one)), one) for one in self.facts]
            return {band.label: [one for found, one in bands if found is band] for band in YearBand}
        if kind is BoardKind.MISSING:
            return {item.label: [one for one in self.facts if item in one.missing] for item in MissingItem}
        if kind is BoardKind.AGED:
            aged = [one for one, _ in self._aged()]
            return {
                "还没有问过本人": [one for one in aged if one.preference is Preference.NONE],
                "独居": [one for one in aged if one.lives_alone],
                "出生年月不明（未计入）": [one for one in self.facts if not one.birth_ym],
            }
        if kind is BoardKind.RETURN_DUE:
            without = [one for one in self.facts if last_day_of(one.expected_return) is None]
            return {"没有写明预计返迁时间（未计入）": without}
        return {"还没有联系记录": [one for one in self.facts if one.last_contact is None]}

    def _definition(self, kind: BoardKind) -> str:
        options = self.options
        return {
            BoardKind.OVERDUE: (
                f"过渡期党员中，最近一次联系上（或到会）距今超过 {options.contact_interval_days} 天的；"
                f"学习方式定为就近参学的按 {options.contact_interval_attending_days} 天。没有联系记录的也列入"
            ),
            BoardKind.RETURN_DUE: (
                "过渡期党员中，登记的预计返迁时间（只写年份的按年底、写到月的按月底）已过、还没有登记返迁的"
            ),
            BoardKind.YEARS: "过渡期党员从登记的过渡开始日期到今天满几年",
            BoardKind.AGED: (
                f"过渡期党员中满 {options.aged_age} 岁的（按出生年月，不计日）；这些党员怎样学习，一律先问本人"
            ),
            BoardKind.MISSING: "过渡期党员中，下列资料至少有一项没有登记或没有核定的",
        }[kind]


def band_of(years: float | None) -> YearBand:
    """Return the band of a length in years."""
    if years is None:
        return YearBand.UNKNOWN
    return next((band for below, band in _BANDS if years < below), YearBand.FROM_7)


def last_day_of(text: str) -> date | None:
    """Return the last day of a year or month as rosters write them; None where no year is to be read."""
    found = _YEAR_MONTH.search(text)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2] or _LAST_MONTH)
    if not 1 <= month <= _LAST_MONTH or year < date.min.year:
        month = _LAST_MONTH
    return date(year, month, monthrange(year, month)[1]) if year >= date.min.year else None
