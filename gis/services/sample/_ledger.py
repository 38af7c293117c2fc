"""The survey ledger of the members in transition: layout 3 of domain.md 6.1, with its two-row header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import HousingKind, MobilityLevel, Preference
from gis.services.sample._addresses import HARD_KINDS, address_parts
from gis.services.sample._books import Page, write_xlsx
from gis.services.sample._chance import AS_OF, stream
from gis.services.sample._clerk import Clerk, Habits
from gis.services.sample._lines import Extras, Line, Truth, with_faults
from gis.services.sample.dirt import DirtKind, FaultKind

if TYPE_CHECKING:
    from pathlib import Path

    from gis.services.sample._books import Cell
    from gis.services.sample._people import Person
    from gis.services.sample._world import World

FILE, SHEET = "返迁过渡期党员摸排登记表.xlsx", "摸排登记"
#: Header: (upper cell, lower cells); without lower cells the upper one spans both rows.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("序号", ()), ("原村组", ()), ("姓名", ()), ("性别", ()), ("年龄", ()), ("党龄", ()), ("联系方式（本人/家属）", ()),
    ("拆迁时间", ()), ("拆迁项目", ()), ("过渡期居住地", ("街道社区", "小区", "幢", "单元", "室")),
    ("居住情况", ("租房", "投亲", "其他")), ("身体状况", ()), ("就业状况", ()), ("家庭情况（同住人口/独居）", ()),
    ("能否回村学习", ()), ("学习方式", ("就近参学", "上门送学", "网络共学")), ("所在过渡期党小组", ()), ("小组长", ()),
    ("联系人", ()), ("预计回迁时间", ()), ("安置小区", ()), ("走访人", ()), ("走访日期", ()), ("备注", ()),
)  # fmt: skip
_HOUSING = {HousingKind.RENTED: 0, HousingKind.RELATIVE: 1}
_MODES = {Preference.HOME_BRANCH: 0, Preference.GROUP: 1, Preference.ONLINE: 2}
_CARRIED = ("原村组", "拆迁项目")


def write_ledger(world: World, folder: Path, truth: Truth, extras: Extras) -> str:
    """Write the ledger: everybody in transition once, one of them twice, and a hidden row of somebody who has left."""
    chance = stream(world.seed, "ledger")
    people = [person for person in world.people if person.move is not None]
    faults = (FaultKind.ROW_REPEATED, FaultKind.ROW_HIDDEN)
    lines = with_faults(people, faults, extras)
    clerk = Clerk(chance, world.orgs, Habits(spaced_names=0.05))
    page = Page(SHEET, width=sum(max(1, len(below)) for _, below in COLUMNS))
    page.title("返迁过渡期党员摸排登记表（虚构样例）")
    page.title(f"填报单位：青禾街道党建办          填报时间：{AS_OF.year}年{AS_OF.month}月")
    _header(page)
    above: list[Cell] | None = None
    for number, line in enumerate(lines, 1):
        row = _row(clerk, line, number)
        if line.fault is FaultKind.ROW_HIDDEN:
            page.hidden_rows.add(len(page.rows))
        shown = _with_dittos(clerk, row, above)
        above = None if line.fault is FaultKind.ROW_HIDDEN else row
        page.rows.append(shown)
        header = "姓名" if line.fault is FaultKind.ROW_REPEATED else ""
        place = (FILE, SHEET, len(page.rows))
        truth.note(place, line, clerk.branch(line.person), clerk.take(), header)
    page.rows.append(["合计", None, f"{len(people)}人", *([None] * (page.width - 3))])
    write_xlsx(folder / FILE, [page])
    kinds = (DirtKind.TITLE_ROWS, DirtKind.TWO_ROW_HEADER, DirtKind.TOTAL_ROW)
    truth.dirt[FILE] = [kind.value for kind in kinds]
    return FILE


def _header(page: Page) -> None:
    top, below = len(page.rows), len(page.rows) + 1
    upper: list[Cell] = []
    lower: list[Cell] = []
    for text, parts in COLUMNS:
        left = len(upper)
        upper += [text, *([None] * (len(parts) - 1))]
        lower += [*parts] if parts else [None]
        page.merges.append((top, left, top, len(upper) - 1) if parts else (top, left, below, left))
    page.rows += [upper, lower]


def _row(clerk: Clerk, line: Line, number: int) -> list[Cell]:
    person, chance = line.person, clerk.chance
    move = person.move
    started = None if move is None else f"{move.started_on.year}.{move.started_on.month:02d}"
    back = None if move is None else chance.choice((move.expected_return, f"{move.expected_return[:4]}年"))
    return [
        number,
        person.village_group,
        clerk.name(person),
        clerk.gender(person),
        person.age,
        AS_OF.year - person.joined.year,
        _phones(clerk, person),
        started,
        move.project if move else None,
        *_home(clerk, person),
        *_ticks(clerk, 3, _HOUSING.get(move.housing_kind, 2) if move else None),
        "行动不便" if person.mobility not in (None, MobilityLevel.FREE) else "良好",
        clerk.job(person),
        "独居" if person.lives_alone else f"{chance.randint(2, 5)}人",
        "能" if person.preference is Preference.HOME_BRANCH else "否",
        *_ticks(clerk, 3, _MODES.get(person.preference)),
        None,
        None,
        None,
        back,
        move.return_community if move else None,
        "禾摸排",
        f"{AS_OF.year}-05-{chance.randint(6, 28):02d}",
        "希望上门" if person.preference is Preference.HOME_VISIT else None,
    ]


def _phones(clerk: Clerk, person: Person) -> str:
    """Write the member's own number, some with a relative's after it."""
    if clerk.chance.random() < 0.2:  # noqa: PLR2004
        clerk.noted.append(DirtKind.PHONE_SEVERAL)
        return f"{person.phone}/154{clerk.chance.randrange(10**8):08d}"
    return person.phone


def _home(clerk: Clerk, person: Person) -> tuple[Cell, ...]:
    if person.home is None:
        return (None,) * 5
    clerk.noted.append(HARD_KINDS.get(person.home.precision, DirtKind.ADDRESS_SPLIT))
    return tuple(part or None for part in address_parts(person.home))


def _ticks(clerk: Clerk, count: int, chosen: int | None) -> list[Cell]:
    if chosen is not None:
        clerk.noted.append(DirtKind.TICK)
    return ["√" if i == chosen else None for i in range(count)]


def _with_dittos(clerk: Clerk, row: list[Cell], above: list[Cell] | None) -> list[Cell]:
    """Write 同上 or 〃 where village group or project repeat the row above."""
    shown = list(row)
    if above is None:
        return shown
    tops = [text for text, below in COLUMNS for _ in range(max(1, len(below)))]
    for at, text in enumerate(tops):
        if text in _CARRIED and row[at] is not None and row[at] == above[at]:
            kind = clerk.chance.choice((DirtKind.DITTO_WORD, DirtKind.DITTO_MARK))
            clerk.noted.append(kind)
            shown[at] = "同上" if kind is DirtKind.DITTO_WORD else "〃"
    return shown
