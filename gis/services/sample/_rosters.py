"""The rosters of the made-up street: the system's export, one village file each by hand, a CSV."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.services.sample import _names as names
from gis.services.sample._books import Page, write_csv, write_xls, write_xlsx
from gis.services.sample._chance import AS_OF, stream
from gis.services.sample._clerk import Clerk, Habits, made_up_id
from gis.services.sample._lines import FAULT_KEYS, Extras, Line, Truth, spoil, with_faults
from gis.services.sample.dirt import DirtKind, FaultKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gis.services.sample._books import Cell
    from gis.services.sample._people import Person
    from gis.services.sample._world import World

#: Layout 1 of domain.md 6.1: key → header
SYSTEM = {
    "seq": "序号", "name": "姓名", "id": "公民身份号码", "gender": "性别", "ethnicity": "民族", "birth": "出生日期",
    "education": "学历", "status": "人员类别", "branch": "所在党支部", "joined": "加入党组织日期",
    "confirmed": "转为正式党员日期", "job": "工作岗位", "phone": "联系电话", "landline": "固定电话",
    "home_address": "家庭住址", "address": "现居住地", "hukou": "户籍所在地", "membership": "党籍状态",
    "lost": "是否失联党员", "lost_on": "失去联系日期", "mobile": "是否流动党员", "mobile_to": "外出流向",
}  # fmt: skip
#: Layout 2
BRANCH = {
    "branch": "党支部", "name": "姓名", "gender": "性别", "ethnicity": "民族", "native": "籍贯", "birth": "出生年月",
    "education": "文化程度", "post": "党内职务", "work": "参加工作时间", "joined": "入党时间", "confirmed": "转正时间",
    "status": "正式/预备", "hukou": "户籍所在地", "id": "身份证号", "phone": "联系电话", "address": "现住址",
    "remark": "备注",
}  # fmt: skip
OTHER_WORDS = {
    "branch": "所在党组织", "name": "党员姓名", "birth": "出生日期", "post": "党内任职", "joined": "何时入党",
    "confirmed": "转正日期", "status": "党员类别", "phone": "手机号码", "id": "身份证号码",
}  # fmt: skip
CSV_COLUMNS = {
    "seq": "序号", "branch": "党支部名称", "name": "党员姓名", "gender": "性别", "birth": "生日", "phone": "手机",
    "status": "党员类型", "joined": "入党日期", "confirmed": "转正日期", "post": "党内任职", "address": "居住地址",
}  # fmt: skip

SYSTEM_FAULTS = (
    FaultKind.BIRTH_APPROXIMATE, FaultKind.ID_DAMAGED, FaultKind.PHONE_TOO_LONG, FaultKind.NAME_MISSING,
    FaultKind.BRANCH_UNKNOWN, FaultKind.ROW_REPEATED, FaultKind.BIRTH_IMPOSSIBLE, FaultKind.ROW_HIDDEN,
)  # fmt: skip
ROWS_PER_ROUND = 450  # of the system's export: one round of faults
ELSEWHERE = ((0.05, "同家庭住址"), (0.09, None))


@dataclass(frozen=True, slots=True)
class Village:
    """How one village keeps its roster."""

    habits: Habits
    titles: int
    branch: DirtKind | None
    faults: tuple[FaultKind, ...]
    has_sheet_per_branch: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


VILLAGES: tuple[Village, ...] = (
    Village(
        Habits((("dotted", 5.0), ("iso", 1.0)), 0.1, DirtKind.STATUS_SHORT, dittos=(DirtKind.DITTO_WORD,)),
        2,
        DirtKind.MERGED_BRANCH,
        (FaultKind.BIRTH_APPROXIMATE, FaultKind.ROW_HIDDEN, FaultKind.ADDRESS_RANGE),
    ),
    Village(
        Habits((("chinese", 3.0), ("dotted", 1.0)), 0.05, DirtKind.STATUS_SHORT, dittos=(DirtKind.DITTO_MARK,)),
        1,
        DirtKind.BRANCH_ONCE,
        (FaultKind.ADDRESS_RANGE, FaultKind.NAME_MISSING),
        has_sheet_per_branch=True,
    ),
    Village(
        Habits((("serial", 4.0), ("cell", 2.0)), 0.05, DirtKind.STATUS_POLITICAL, has_gender_codes=True),
        3,
        None,
        (FaultKind.BIRTH_IMPOSSIBLE, FaultKind.ROW_REPEATED),
    ),
    Village(
        Habits(
            (("compact", 4.0), ("dotted", 2.0)), 0.3, None, dittos=(DirtKind.DITTO_MARK, DirtKind.DITTO_WORD)
        ),
        2,
        DirtKind.DITTO_MARK,
        (FaultKind.PHONE_TOO_LONG, FaultKind.ADDRESS_RANGE),
    ),
    Village(
        Habits((("chinese", 2.0), ("compact", 2.0), ("dotted", 2.0), ("serial", 1.0)), 0.1, DirtKind.STATUS_POLITICAL),
        1,
        DirtKind.MERGED_BRANCH,
        (FaultKind.ID_DAMAGED, FaultKind.BIRTH_APPROXIMATE, FaultKind.NAME_MISSING),
        words=OTHER_WORDS,
    ),
)  # fmt: skip


def people_of(world: World, communities: Sequence[str]) -> list[Person]:
    """List the members whose branch belongs to one of these communities, branch by branch."""
    codes = {community.code for community in world.communities if community.name in communities}
    return [person for person in world.people if world.orgs[person.branch].community in codes]


@dataclass(slots=True)
class Typist:
    """Types lines onto a page and tells the truth about them."""

    clerk: Clerk
    columns: Mapping[str, str]
    truth: Truth
    file: str

    def type(self, page: Page, lines: Sequence[Line]) -> None:
        """Add rows for lines."""
        above: Person | None = None
        for number, line in enumerate(lines, 1):
            cells, has_address = self._cells(line, above, number)
            spoil(self.clerk.chance, cells, line)
            if line.fault is FaultKind.ROW_HIDDEN:
                page.hidden_rows.add(len(page.rows))
            else:
                above = line.person if has_address else None
            page.rows.append([cells.get(key) for key in self.columns])
            key = FAULT_KEYS.get(line.fault, "") if line.fault else ""
            place = (self.file, page.name, len(page.rows))
            branch = self.clerk.branch(line.person)
            self.truth.note(place, line, branch, self.clerk.take(), self.columns.get(key, ""))

    def _cells(self, line: Line, above: Person | None, number: int) -> tuple[dict[str, Cell], bool]:
        """Type one person; also say whether 同上 below this row would mean this person's home."""
        clerk, person = self.clerk, line.person
        cells: dict[str, Cell] = {
            "seq": number,
            "branch": clerk.branch(person),
            "name": clerk.name(person),
            "gender": clerk.gender(person),
            "birth": clerk.day(person.birth),
            "joined": clerk.day(person.joined),
            "confirmed": clerk.day(person.confirmed),
            "status": clerk.status(person),
            "post": person.post or None,
            "phone": clerk.phone(person, has_own_column="landline" in self.columns),
            "hukou": clerk.household_register(person),
        }
        if "id" in self.columns:
            cells |= {"id": made_up_id(clerk.chance, person)}
            cells |= {"ethnicity": clerk.ethnicity(), "education": clerk.schooling(), "native": names.CITY}
        if "home_address" in self.columns:
            return cells, self._system_only(cells, person, above)
        cells["address"] = clerk.address(person, above)
        cells["remark"] = "返迁过渡期" if person.move else None
        cells["work"] = clerk.day(person.joined.replace(year=person.birth.year + 19))
        return cells, True

    def _system_only(self, cells: dict[str, Cell], person: Person, above: Person | None) -> bool:
        """Fill the columns that only the system's export has."""
        clerk = self.clerk
        away = clerk.is_away(person)
        cells |= {
            "job": clerk.job(person),
            "landline": clerk.landline(person),
            "membership": "正常",
            "lost": "否",
            "mobile": "√" if away else "否",
            "mobile_to": "外市" if away else None,
        }
        if away:
            clerk.noted.append(DirtKind.TICK)
        drawn = clerk.chance.random()
        where = next((text for odds, text in ELSEWHERE if drawn < odds), "here")
        if where == "here":
            cells["address"] = clerk.address(person, above)
            cells["home_address"] = clerk.household_register(person)
            return True
        cells["home_address"] = clerk.address(person, None)
        cells["address"] = where
        clerk.noted.append(DirtKind.ADDRESS_ELSEWHERE)
        return False


def write_system_export(world: World, folder: Path, truth: Truth, extras: Extras) -> str:
    """Write 党员信息表.xls: the resettlement communities and all but one of the urban ones."""
    file = "党员信息表.xls"
    chance = stream(world.seed, "system export")
    people = people_of(world, (*names.RESETTLED, *names.URBAN[1:]))
    rounds = max(1, round(len(people) / ROWS_PER_ROUND))
    lines = with_faults(people, SYSTEM_FAULTS * rounds, extras)
    habits = Habits((("iso", 12.0), ("cell", 4.0), ("dotted", 1.0)), 0.03, dittos=(DirtKind.DITTO_WORD,))
    page = Page("党员信息", width=len(SYSTEM))
    page.title("青禾街道党员信息表（虚构样例）")
    page.rows.append(list(SYSTEM.values()))
    Typist(Clerk(chance, world.orgs, habits), SYSTEM, truth, file).type(page, lines)
    write_xls(folder / file, [page])
    truth.dirt[file] = [DirtKind.OLD_FORMAT.value, DirtKind.TITLE_ROWS.value, DirtKind.ID_COLUMN.value]
    return file


def write_village_rosters(world: World, folder: Path, truth: Truth, extras: Extras) -> list[str]:
    """Write one workbook for each village, each with habits of its own."""
    files = []
    for name, village in zip(names.VILLAGES, VILLAGES, strict=True):
        file = f"{name}党总支党员花名册.xlsx"
        clerk = Clerk(stream(world.seed, f"roster {name}"), world.orgs, village.habits)
        lines = with_faults(people_of(world, (name,)), village.faults, extras)
        columns = {key: village.words.get(key, header) for key, header in BRANCH.items()}
        typist = Typist(clerk, columns, truth, file)
        pages = _village_pages(typist, village, name, lines)
        write_xlsx(folder / file, pages)
        truth.dirt[file] = [kind.value for kind in _file_dirt(village)]
        files.append(file)
    return files


def _file_dirt(village: Village) -> list[DirtKind]:
    found = [DirtKind.TITLE_ROWS, DirtKind.TOTAL_ROW, DirtKind.ID_COLUMN]
    if village.branch is not None:
        found.append(village.branch)
    if village.has_sheet_per_branch:
        found += [DirtKind.SEVERAL_SHEETS, DirtKind.OTHER_SHEET]
    return [*found, DirtKind.SYNONYMS] if village.words else found


def _village_pages(typist: Typist, village: Village, name: str, lines: list[Line]) -> list[Page]:
    if not village.has_sheet_per_branch:
        return [_village_page(typist, village, (name, "党员花名册"), lines)]
    branches = list(dict.fromkeys(line.person.branch for line in lines))
    pages = [
        _village_page(
            typist,
            village,
            (name, typist.clerk.orgs[branch].name.removeprefix(name)),
            [line for line in lines if line.person.branch == branch],
        )
        for branch in branches
    ]
    notes = Page("填表说明", [["一、请各支部如实填写。"], ["二、虚构样例，所有人名、电话均不存在。"]])
    old = Page(
        "旧名册", [["姓名", "出生年月", "联系电话"], ["禾旧册", "1950.01", "15400000000"]], is_hidden=True, width=3
    )
    return [*pages, notes, old]


def _village_page(typist: Typist, village: Village, place: tuple[str, str], lines: list[Line]) -> Page:
    """Lay out one sheet: titles, header, rows, the branch as this village writes it, a total."""
    name, sheet = place
    page = Page(sheet, width=len(typist.columns))
    titles = (
        f"{name}党总支党员花名册（虚构样例）",
        f"填报单位：{name}党总支          填报时间：{AS_OF.year}年{AS_OF.month}月",
        "注：现住址请填写到室",
    )
    for title in titles[: village.titles]:
        page.title(title)
    page.rows.append(list(typist.columns.values()))
    first = len(page.rows)
    typist.type(page, lines)
    _write_branches(page, village.branch, first)
    page.rows.append(["合计", f"{len(lines)}人", *([None] * (page.width - 2))])
    return page


def _write_branches(page: Page, style: DirtKind | None, first: int) -> None:
    """Take the branch out of all rows of a block but the first, and merge, repeat or leave blank."""
    if style is None:
        return
    start = first
    for at in range(first + 1, len(page.rows) + 1):
        if at < len(page.rows) and page.rows[at][0] == page.rows[start][0]:
            continue
        for row in page.rows[start + 1 : at]:
            row[0] = "〃" if style is DirtKind.DITTO_MARK else None
        if style is DirtKind.MERGED_BRANCH and at - start > 1:
            page.merges.append((start, 0, at - 1, 0))
        start = at


def write_csv_roster(world: World, folder: Path, truth: Truth, extras: Extras) -> str:
    """Write the roster of one urban community as a GBK CSV."""
    name = names.URBAN[0]
    file = f"{name}党员花名册.csv"
    habits = Habits((("compact", 3.0), ("iso", 3.0), ("chinese", 1.0)), 0.05, DirtKind.STATUS_SHORT)
    faults = (FaultKind.BIRTH_APPROXIMATE, FaultKind.PHONE_TOO_LONG, FaultKind.BIRTH_IMPOSSIBLE)
    lines = with_faults(people_of(world, (name,)), faults, extras)
    page = Page("", width=len(CSV_COLUMNS))
    page.rows.append(list(CSV_COLUMNS.values()))
    Typist(Clerk(stream(world.seed, "csv roster"), world.orgs, habits), CSV_COLUMNS, truth, file).type(page, lines)
    write_csv(folder / file, page)
    truth.dirt[file] = [DirtKind.GBK.value, DirtKind.SYNONYMS.value]
    return file
