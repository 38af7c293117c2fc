"""The rows of a roster before they are typed: members in order, and the rows at fault among them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gis.model.enums import Precision
from gis.services.sample._addresses import building_range
from gis.services.sample._clerk import damaged_id
from gis.services.sample._people import Person, Register, draw_person
from gis.services.sample.dirt import DirtKind, FaultKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from gis.services.sample._books import Cell
    from gis.services.sample._world import World

UNKNOWN_BRANCHES = ("桑枝村第一党支部", "柘溪社区第二党支部", "蓼汀村党支部")
EXTRA_AGES = (31, 44, 52, 63, 71, 78)
#: The column that a fault is found in; a hidden row has none.
FAULT_KEYS = {
    FaultKind.BIRTH_APPROXIMATE: "birth",
    FaultKind.BIRTH_IMPOSSIBLE: "birth",
    FaultKind.ID_DAMAGED: "id",
    FaultKind.PHONE_TOO_LONG: "phone",
    FaultKind.NAME_MISSING: "name",
    FaultKind.BRANCH_UNKNOWN: "branch",
    FaultKind.ADDRESS_RANGE: "address",
    FaultKind.ROW_REPEATED: "name",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row to type."""

    person: Person
    fault: FaultKind | None = None


@dataclass(slots=True)
class Truth:
    """What every row of every file is, for tests; importers never read it."""

    rows: list[dict[str, object]] = field(default_factory=list)
    faults: list[dict[str, object]] = field(default_factory=list)
    dirt: dict[str, list[str]] = field(default_factory=dict)

    def mark_namesakes(self) -> None:
        """Note the rows of different people of one name in one branch."""
        people: dict[tuple[object, object], set[object]] = {}
        ok = [row for row in self.rows if row["expected"] == "ok"]
        for row in ok:
            people.setdefault((row["name"], row["branch"]), set()).add(row["member_key"])
        for row in ok:
            dirt = row["dirt"]
            if len(people[row["name"], row["branch"]]) > 1 and isinstance(dirt, list):
                dirt.append(DirtKind.NAMESAKE.value)

    def note(self, place: tuple[str, str, int], line: Line, branch: str, dirt: list[DirtKind], header: str) -> None:
        """Note one row; `place` is file, sheet and the row number that Excel shows."""
        file, sheet, row = place
        home, is_fault = line.person.home, line.fault is not None
        self.rows.append(
            {
                "file": file,
                "sheet": sheet,
                "row": row,
                "name": line.person.name,
                "branch": branch,
                "member_key": line.person.key,
                "expected": "fault" if is_fault else "ok",
                "fault_field": header if is_fault else "",
                "dirt": [kind.value for kind in dirt],
                "building": {"estate": home.house.estate, "building_no": home.house.number}
                if home is not None and home.house is not None and not is_fault
                else None,
                "expected_location": None if is_fault or home is None else home.precision.value,
            }
        )
        if line.fault is not None:
            self.faults.append({"file": file, "sheet": sheet, "row": row, "field": header, "kind": line.fault.value})


@dataclass(slots=True)
class Extras:
    """People who stand only in rows at fault, so that everybody else is imported."""

    world: World
    register: Register
    count: int = 0

    @classmethod
    def of(cls, world: World, chance: Random) -> Extras:
        """Know which names and numbers are taken."""
        register = Register(chance)
        for person in world.people:
            register.phones |= {person.phone, person.phone2}
            register.names.add((person.branch, person.name))
        return cls(world, register)

    def like(self, person: Person) -> Person:
        """Make somebody of the same branch who lives in a house of the same kind."""
        self.count += 1
        home = person.home
        if home is None or home.house is None:
            home = next(p.home for p in self.world.people if p.home is not None and p.home.house is not None)
        blank = Person(f"X{self.count:04d}", person.branch, home=replace(home), village_group=person.village_group)
        made = draw_person(self.register, blank, self.register.chance.choice(EXTRA_AGES))
        return replace(made, home=replace(home), phone2="")


def with_faults(people: Sequence[Person], faults: Sequence[FaultKind], extras: Extras) -> list[Line]:
    """Put rows at fault among the members of a file, each beside others of its branch."""
    chance = extras.register.chance
    lines = [Line(person) for person in people]
    for fault in faults:
        settled = [i for i, line in enumerate(lines) if line.fault is None and _is_plain(line.person)]
        if not settled:
            continue
        at = chance.choice(settled)
        person = lines[at].person
        if fault is FaultKind.ROW_REPEATED:
            lines.insert(_end_of_branch(lines, at), Line(person, fault))
        else:
            lines.insert(at + 1, Line(extras.like(person), fault))
    return lines


def _is_plain(person: Person) -> bool:
    return person.home is not None and person.home.precision is Precision.BUILDING


def _end_of_branch(lines: list[Line], at: int) -> int:
    branch = lines[at].person.branch
    while at < len(lines) and lines[at].person.branch == branch:
        at += 1
    return at


def spoil(chance: Random, cells: dict[str, Cell], line: Line) -> None:
    """Put the fault of a line into its cells."""
    person, year = line.person, line.person.birth.year
    wrong: dict[FaultKind, Cell] = {
        FaultKind.BIRTH_APPROXIMATE: f"约{year}",
        FaultKind.BIRTH_IMPOSSIBLE: chance.choice((f"{year}-02-31", f"{year}.13", f"{year}-06-31")),
        FaultKind.ID_DAMAGED: damaged_id(chance, person),
        FaultKind.PHONE_TOO_LONG: f"{person.phone}{chance.randrange(10)}",
        FaultKind.NAME_MISSING: None,
        FaultKind.BRANCH_UNKNOWN: chance.choice(UNKNOWN_BRANCHES),
    }
    if line.fault is FaultKind.ADDRESS_RANGE and person.home is not None:
        cells["address"] = building_range(chance, person.home)
    elif line.fault in wrong:
        cells[FAULT_KEYS[line.fault]] = wrong[line.fault]
