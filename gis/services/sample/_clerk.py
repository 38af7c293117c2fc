"""How a clerk types one person into one row: each value in one of its usual spellings, with the dirt noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from gis.model.enums import Gender, MemberStatus, Precision
from gis.services.sample import _names as names
from gis.services.sample._addresses import write_address
from gis.services.sample._chance import weighted
from gis.services.sample.dirt import DirtKind

if TYPE_CHECKING:
    from random import Random

    from gis.services.sample._books import Cell
    from gis.services.sample._orgs import Org
    from gis.services.sample._people import Person

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
_CHECKS = "10X98765432"
_EPOCH = date(1899, 12, 30)  # Excel's day 0
_JOBS = {
    "retired": ("离退休", "退休"),
    "employed": ("在职", "企业职工"),
    "private_enterprise": ("非公企业职工", "个体经营"),
    "unemployed": ("待业", "未就业"),
}
_ETHNIC = ("汉族", "汉族", "汉族", "汉族", "回族", "畲族")
_SCHOOL = ("小学", "初中", "初中", "高中", "中专", "大专", "大学本科")


@dataclass(frozen=True, slots=True)
class Habits:
    """Odds of a clerk: spellings of dates as (kind, weight), of names, of status, of gender."""

    dates: tuple[tuple[str, float], ...] = (("iso", 1.0),)
    spaced_names: float = 0.05
    status: DirtKind | None = None
    has_gender_codes: bool = False
    dittos: tuple[DirtKind, ...] = ()


@dataclass(slots=True)
class Clerk:
    """Types rows; `noted` collects the dirt of the row at hand."""

    chance: Random
    orgs: tuple[Org, ...]
    habits: Habits
    noted: list[DirtKind] = field(default_factory=list)

    def name(self, person: Person) -> Cell:
        """Write the name, some with a space to line up with longer ones."""
        if len(person.name) < 4 and self.chance.random() < self.habits.spaced_names:  # noqa: PLR2004
            self.noted.append(DirtKind.NAME_SPACED)
            gap = self.chance.choice((" ", "　", "  "))
            return gap.join(person.name) if len(person.name) == 2 else person.name[0] + gap + person.name[1:]  # noqa: PLR2004
        return person.name

    def gender(self, person: Person) -> Cell:
        """Write 男/女 or 1/2."""
        if self.habits.has_gender_codes:
            self.noted.append(DirtKind.GENDER_CODE)
            return int(person.gender.value)
        return "男" if person.gender is Gender.MALE else "女"

    def day(self, value: date | None) -> Cell:
        """Write a date in one of the clerk's spellings."""
        if value is None:
            return None
        kind = weighted(self.chance, self.habits.dates)
        if kind == "dotted":
            self.noted.append(DirtKind.DATE_DOTTED)
            return f"{value.year}.{value.month:02d}"
        if kind == "compact":
            self.noted.append(DirtKind.DATE_COMPACT)
            return f"{value.year}{value.month:02d}"
        if kind == "chinese":
            self.noted.append(DirtKind.DATE_CHINESE)
            return f"{value.year}年{value.month}月"
        if kind == "serial":
            self.noted.append(DirtKind.DATE_SERIAL)
            return (value - _EPOCH).days
        return value if kind == "cell" else value.isoformat()

    def phone(self, person: Person, *, has_own_column: bool = False) -> Cell:
        """Write the telephone, some with a second number; `has_own_column` keeps land lines out."""
        if person.phone2 and not (has_own_column and person.phone2.startswith("0")):
            is_line = person.phone2.startswith("0")
            self.noted.append(DirtKind.PHONE_LANDLINE if is_line else DirtKind.PHONE_SEVERAL)
            return f"{person.phone}{self.chance.choice(('/', '、'))}{person.phone2}"
        return person.phone

    def landline(self, person: Person) -> Cell:
        """Write the land line into its own column."""
        if person.phone2.startswith("0"):
            self.noted.append(DirtKind.PHONE_LANDLINE)
            return person.phone2
        return None

    def status(self, person: Person) -> Cell:
        """Write 正式党员, 正式 or 中共党员."""
        is_full = person.status is MemberStatus.FULL
        if self.habits.status is not None:
            self.noted.append(self.habits.status)
        if self.habits.status is DirtKind.STATUS_SHORT:
            return "正式" if is_full else "预备"
        if self.habits.status is DirtKind.STATUS_POLITICAL:
            return "中共党员" if is_full else "中共预备党员"
        return "正式党员" if is_full else "预备党员"

    def address(self, person: Person, before: Person | None) -> Cell:
        """Write where the person lives; `before` is the person one row up, who may live there too."""
        if person.home is None:
            return None
        if before is not None and before.home is person.home and self.habits.dittos:
            ditto = self.chance.choice(self.habits.dittos)
            self.noted.append(ditto)
            return "同上" if ditto is DirtKind.DITTO_WORD else "〃"
        text, style = write_address(self.chance, person.home)
        self.noted.append(style)
        return text

    def branch(self, person: Person) -> str:
        """Write the branch's full name."""
        return self.orgs[person.branch].name

    def household_register(self, person: Person) -> Cell:
        """Write 户籍所在地, which is never where one lives."""
        return f"{names.PROVINCE}{names.CITY}{names.COUNTY}{names.STREET}{person.village_group}"

    def job(self, person: Person) -> Cell:
        """Write 工作岗位."""
        return self.chance.choice(next((_JOBS[code] for code in person.categories if code in _JOBS), ("其他",)))

    def ethnicity(self) -> Cell:
        """Write 民族, which no importer keeps."""
        return self.chance.choice(_ETHNIC)

    def schooling(self) -> Cell:
        """Write 学历, which no importer keeps."""
        return self.chance.choice(_SCHOOL)

    def is_away(self, person: Person) -> bool:
        """Whether the person lives outside the street."""
        return person.home is not None and person.home.precision is Precision.OUTSIDE

    def take(self) -> list[DirtKind]:
        """Return the dirt of the row and start a new one."""
        found, self.noted = list(dict.fromkeys(self.noted)), []
        return found


def made_up_id(chance: Random, person: Person) -> str:
    """Write an ID number that nobody can have: district 000000 and a wrong check digit."""
    body = f"000000{person.birth:%Y%m%d}{chance.randrange(1000):03d}"
    right = check_digit(body)
    return body + next(digit for digit in _CHECKS if digit not in (right, "X"))


def damaged_id(chance: Random, person: Person) -> float:
    """Return what Excel makes of an ID number typed as a number: the last digits are gone for good."""
    while True:
        damaged = float(f"990402{person.birth:%Y%m%d}{chance.randrange(1, 10)}000")
        digits = str(int(damaged))
        if check_digit(digits[:-1]) != digits[-1]:
            return damaged


def check_digit(body: str) -> str:
    """Return the check digit of GB 11643 for 17 digits."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True)) % 11]
