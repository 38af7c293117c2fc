"""The members of the branches: who they are, where they live, who is in transition and who clumps with whom."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from gis.model.enums import Gender, HousingKind, MemberStatus, MobilityLevel, Precision, Preference
from gis.services.sample import _names as names
from gis.services.sample._chance import AS_OF, weighted

if TYPE_CHECKING:
    from random import Random

    from gis.services.sample._homes import Home

SHARE_60, SHARE_60_TRANSITION = 688 / 1366, 0.59  # source 004: 688 of 1,366; "nearly 60 %" in transition
TRANSITION_SHARE = 110 / 1366
PROBATIONARY_SHARE, LEADER_SHARE, ALONE_SHARE = 0.04, 0.13, 0.18
OLD, VERY_OLD = 60, 80


@dataclass(frozen=True, slots=True)
class Move:
    """A member's transition: what for, since when, until when."""

    project: str
    started_on: date
    expected_return: str
    return_community: str
    housing_kind: HousingKind


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up member. `branch` is a place in the list of organisations."""

    key: str
    branch: int
    name: str = ""
    gender: Gender = Gender.MALE
    birth: date = AS_OF
    phone: str = ""
    phone2: str = ""
    status: MemberStatus = MemberStatus.FULL
    joined: date = AS_OF
    confirmed: date | None = None
    post: str = ""
    village_group: str = ""
    preference: Preference = Preference.NONE
    mobility: MobilityLevel | None = None
    lives_alone: bool | None = None
    can_lead: bool = False
    home: Home | None = None
    move: Move | None = None
    clump: int | None = None
    categories: tuple[str, ...] = ()

    @property
    def age(self) -> int:
        """Full years on the day of the description."""
        return AS_OF.year - self.birth.year - (AS_OF.month < self.birth.month)


@dataclass(slots=True)
class Register:
    """What must not repeat: telephone numbers in the street, names in a branch."""

    chance: Random
    phones: set[str] = field(default_factory=set)
    names: set[tuple[int, str]] = field(default_factory=set)

    def phone(self) -> str:
        """Return an unused number of a range that no operator was ever given (154…)."""
        while True:
            number = f"154{self.chance.randrange(10**8):08d}"
            if number not in self.phones:
                self.phones.add(number)
                return number

    def name(self, branch: int) -> str:
        """Return an invented name that the branch does not have yet."""
        while True:
            name = _name(self.chance)
            if (branch, name) not in self.names:
                self.names.add((branch, name))
                return name


def _name(chance: Random) -> str:
    surname = chance.choice(names.SURNAMES)
    if chance.random() < 0.12:  # noqa: PLR2004  # some are called after a day of the year
        return surname + chance.choice(names.SPECIAL_GIVEN)
    if chance.random() < 0.15:  # noqa: PLR2004  # some given names have one character
        return surname + chance.choice(names.GIVEN_SECOND)
    return surname + chance.choice(names.GIVEN_FIRST) + chance.choice(names.GIVEN_SECOND)


def draw_ages(chance: Random, count: int, share_60: float) -> list[int]:
    """Draw ages, `share_60` of them 60 and above, in no order."""
    old = round(share_60 * count)
    ages = [weighted(chance, ((65, 5.0), (74, 3.0), (83, 1.6))) for _ in range(old)]
    ages = [min(94, age + chance.randint(-5, 4 if age < VERY_OLD else 9)) for age in ages]
    ages = [max(OLD, age) for age in ages]
    if old and max(ages) <= VERY_OLD:
        ages[0] = VERY_OLD + 4
    ages += [weighted(chance, ((27, 1.5), (40, 4.0), (53, 5.0))) + chance.randint(-5, 6) for _ in range(count - old)]
    chance.shuffle(ages)
    return ages


def draw_person(register: Register, person: Person, age: int) -> Person:
    """Fill in everything that follows from the age."""
    chance = register.chance
    birth = _birth(chance, age)
    is_probationary = age < 50 and chance.random() < 3.0 * PROBATIONARY_SHARE  # noqa: PLR2004  # those under 50 are a third
    joined, confirmed = _membership(chance, birth, age, is_probationary=is_probationary)
    return replace(
        person,
        name=register.name(person.branch),
        gender=weighted(chance, ((Gender.MALE, 0.66), (Gender.FEMALE, 0.34))),
        birth=birth,
        phone=register.phone(),
        phone2=_second_phone(chance, register),
        status=MemberStatus.PROBATIONARY if is_probationary else MemberStatus.FULL,
        joined=joined,
        confirmed=confirmed,
        mobility=_mobility(chance, age),
        lives_alone=chance.random() < (ALONE_SHARE if age >= OLD else 0.06),
        categories=_categories(chance, person, age),
    )


def _birth(chance: Random, age: int) -> date:
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    return date(AS_OF.year - age - (AS_OF.month < month), month, day)


def _membership(chance: Random, birth: date, age: int, *, is_probationary: bool) -> tuple[date, date | None]:
    if is_probationary:
        return date(AS_OF.year - 1, chance.choice((7, 10, 12)), chance.choice((1, 15, 28))), None
    years = chance.randint(20, max(21, min(45, age - 3)))
    year = min(birth.year + years, AS_OF.year - 2)
    joined = date(year, chance.choice((1, 5, 6, 7, 10, 12)), chance.choice((1, 8, 15, 26)))
    return joined, date(joined.year + 1, joined.month, joined.day)


def _second_phone(chance: Random, register: Register) -> str:
    kind = chance.random()
    if kind < 0.06:  # noqa: PLR2004
        return f"0500-{chance.randint(81, 89)}{chance.randrange(10**6):06d}"  # area code assigned to no city
    return register.phone() if kind < 0.1 else ""  # noqa: PLR2004


def _mobility(chance: Random, age: int) -> MobilityLevel | None:
    if age < OLD:
        return MobilityLevel.FREE
    frail = (0.16, 0.07) if age >= VERY_OLD else (0.04, 0.01)
    return weighted(
        chance,
        (
            (MobilityLevel.NEEDS_HELP, frail[0]),
            (MobilityLevel.CANNOT_LEAVE, frail[1]),
            (MobilityLevel.FREE, 1 - sum(frail)),
        ),
    )


def _categories(chance: Random, person: Person, age: int) -> tuple[str, ...]:
    work = (
        "retired"
        if age >= OLD
        else weighted(chance, (("employed", 6.0), ("private_enterprise", 2.0), ("unemployed", 1.0)))
    )
    return (work, "transition") if person.move else (work,)


def draw_move(chance: Random, community: str) -> Move:
    """Draw a transition of up to eight years."""
    year = chance.randint(AS_OF.year - 7, AS_OF.year - 1)
    back = AS_OF.year + chance.randint(0, 3)
    return Move(
        project=chance.choice(names.PROJECTS),
        started_on=date(year, chance.randint(1, 12), 1),
        expected_return=f"{back}-{chance.choice((6, 9, 12)):02d}",
        return_community=f"{community.removesuffix('村')}家园",
        housing_kind=weighted(
            chance, ((HousingKind.RENTED, 7.0), (HousingKind.RELATIVE, 2.0), (HousingKind.OWN_OTHER, 1.0))
        ),
    )


def draw_preference(chance: Random, person: Person) -> Preference:
    """Draw what a member in transition asked for."""
    if person.mobility is MobilityLevel.CANNOT_LEAVE:
        return Preference.HOME_VISIT
    if person.home is not None and person.home.precision is Precision.OUTSIDE:
        return weighted(chance, ((Preference.ONLINE, 6.0), (Preference.NONE, 3.0)))
    odds = ((Preference.GROUP, 48.0), (Preference.NONE, 38.0), (Preference.HOME_BRANCH, 6.0), (Preference.ONLINE, 5.0))
    return weighted(chance, odds)


def with_posts(chance: Random, members: list[Person]) -> list[Person]:
    """Give a branch its posts: every eighth member at least, first of all one in each clump."""
    fit = [p for p in members if p.status is MemberStatus.FULL and p.age < VERY_OLD - 2 and _can_walk(p)]
    chance.shuffle(fit)
    firsts: dict[int, Person] = {}
    for person in fit:
        if person.clump is not None and person.preference in (Preference.NONE, Preference.GROUP):
            firsts.setdefault(person.clump, person)
    wanted = max(1, math.ceil(LEADER_SHARE * len(members)))
    chosen = [*firsts.values()]
    chosen += [person for person in fit if person not in chosen][: max(0, wanted - len(chosen))]
    chance.shuffle(chosen)
    posts = {person.key: names.POSTS[min(i, len(names.POSTS) - 1 - i % 2)] for i, person in enumerate(chosen)}
    return [replace(p, post=posts[p.key], can_lead=True) if p.key in posts else p for p in members]


def _can_walk(person: Person) -> bool:
    return person.mobility in (None, MobilityLevel.FREE)
