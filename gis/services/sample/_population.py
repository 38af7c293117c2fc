"""Fill the branches: choose who is in transition, put them in clumps, give everybody a home."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.model.enums import CommunityKind
from gis.services.sample._chance import spread, stream, weighted
from gis.services.sample._homes import Stock, away, blurred, flat_in, near, stock_of
from gis.services.sample._orgs import is_village
from gis.services.sample._people import (
    SHARE_60,
    SHARE_60_TRANSITION,
    TRANSITION_SHARE,
    Person,
    Register,
    draw_ages,
    draw_move,
    draw_person,
    draw_preference,
    with_posts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from gis.services.sample._communities import Community
    from gis.services.sample._estates import Housing
    from gis.services.sample._homes import Home
    from gis.services.sample._orgs import Org

CLUMP_SIZE, MIN_PER_BRANCH = 7.0, 8
SAME_ESTATE, NEXT_ESTATE_M = 0.86, 460.0
LONELY_SHARE = 0.12  # in transition, with nobody of the branch near
HARD = (0.008, 0.006, 0.008)  # addresses that stop at the estate, cannot be found, lie outside
HARD_LONELY = (0.1, 0.1, 0.3)
COUPLE_SHARE, NAMESAKE_BRANCHES, MIN_FOR_NAMESAKES = 0.05, 0.5, 3
#: Where members live: own community, resettlement estates, urban estates
LIVES = {
    CommunityKind.URBAN: (0.86, 0.05, 0.09),
    CommunityKind.RESETTLEMENT: (0.9, 0.07, 0.03),
    CommunityKind.DEMOLITION_VILLAGE: (0.3, 0.58, 0.12),
}


@dataclass(frozen=True)
class Market:
    """Where homes are to be had: all estates, and the flats of each community and of each kind of community."""

    estates: tuple[Housing, ...]
    stocks: Mapping[str, Stock]
    kinds: Mapping[str, CommunityKind]


def market_of(communities: Sequence[Community], estates: Sequence[Housing]) -> Market:
    """Sort the flats of the made-up street by community."""
    stocks = {c.code: stock_of([e for e in estates if e.community.code == c.code]) for c in communities}
    for kind in CommunityKind:
        stocks[kind.value] = stock_of([e for e in estates if e.community.kind is kind])
    return Market(tuple(estates), stocks, {c.code: c.kind for c in communities})


def make_people(seed: int, orgs: Sequence[Org], market: Market) -> tuple[Person, ...]:
    """Make all members, branch by branch."""
    chance = stream(seed, "people")
    slots = [i for i, org in enumerate(orgs) for _ in range(org.members)]
    moving = _in_transition(chance, orgs, round(TRANSITION_SHARE * len(slots)))
    homes = _clumped_homes(stream(seed, "clumps"), moving, list(market.estates))
    ages = _ages(chance, len(slots), sum(moving.values()))
    register = Register(chance)
    people: list[Person] = []
    for i, org in enumerate(orgs):
        places = [*homes[i], *([None] * (org.members - len(homes[i])))]
        chance.shuffle(places)
        branch = [
            _member(register, Person(f"M{len(people) + n:05d}", i), org, place, ages)
            for n, place in enumerate(places, 1)
        ]
        settled = [p if p.home else _settle(chance, p, market, org) for p in branch]
        people.extend(with_posts(chance, _with_kin(chance, settled)))
    return tuple(people)


def _with_kin(chance: Random, members: list[Person]) -> list[Person]:
    """Let some members live together, and let two of a branch have one name, as happens in every village."""
    kin = list(members)
    plain = [i for i, person in enumerate(kin) if person.move is None and person.clump is None]
    for i in plain:
        if i and i - 1 in plain and chance.random() < COUPLE_SHARE:
            kin[i] = replace(kin[i], home=kin[i - 1].home)
    if len(plain) >= MIN_FOR_NAMESAKES and chance.random() < NAMESAKE_BRANCHES:
        first, second = sorted(chance.sample(plain, 2))
        if f"{kin[first].birth:%Y-%m}" != f"{kin[second].birth:%Y-%m}":
            kin[second] = replace(kin[second], name=kin[first].name)
    return kin


def _in_transition(chance: Random, orgs: Sequence[Org], wanted: int) -> dict[int, int]:
    """Share the members in transition among the villages' branches, few enough branches that groups can form."""
    branches = [i for i, org in enumerate(orgs) if org.members and is_village(org)]
    chance.shuffle(branches)
    count = max(1, min(len(branches), wanted // MIN_PER_BRANCH))
    while sum(orgs[i].members for i in branches[:count]) < wanted:
        count += 1  # a street so small that its branches are smaller than a group
    chosen = sorted(branches[:count])
    shares = spread(wanted, [chance.uniform(0.8, 1.2) for _ in chosen])
    rest = 0
    for _ in range(2):  # what a branch cannot hold goes on to the next
        for place, i in enumerate(chosen):
            shares[place], rest = (
                min(shares[place] + rest, orgs[i].members),
                max(0, shares[place] + rest - orgs[i].members),
            )
    found = dict.fromkeys(range(len(orgs)), 0)
    found.update(zip(chosen, shares, strict=True))
    return found


def _clumped_homes(
    chance: Random, moving: dict[int, int], estates: list[Housing]
) -> dict[int, list[tuple[Home, int | None]]]:
    """Give each branch's members in transition their homes: most in clumps, some alone, some far away."""
    lived_in = [e for e in estates if not e.is_old_village]
    homes: dict[int, list[tuple[Home, int | None]]] = {}
    clump = 0
    for branch, count in moving.items():
        lonely = round(LONELY_SHARE * count)
        clumps = max(1, round((count - lonely) / CLUMP_SIZE)) if count else 0
        found: list[tuple[Home, int | None]] = []
        for size in spread(count - lonely, [chance.uniform(0.7, 1.3) for _ in range(clumps)]) if clumps else ():
            clump += 1
            found += [(home, clump) for home in _clump(chance, size, lived_in)]
        everywhere = stock_of(lived_in)
        found += [(blurred(chance, everywhere.draw(chance), HARD_LONELY), None) for _ in range(lonely if clumps else 0)]
        homes[branch] = found
    _one_away(chance, homes)
    return homes


def _one_away(chance: Random, homes: dict[int, list[tuple[Home, int | None]]]) -> None:
    """See to it that somebody has left the city: the last lonely one where chance did not."""
    lonely = [(b, i) for b, rows in homes.items() for i, (_, clump) in enumerate(rows) if clump is None]
    if lonely and not any(homes[b][i][0].precision.value == "outside" for b, i in lonely):
        branch, place = lonely[-1]
        homes[branch][place] = (away(chance), None)


def _clump(chance: Random, size: int, estates: list[Housing]) -> list[Home]:
    odds = {
        CommunityKind.URBAN: 1.0,
        CommunityKind.RESETTLEMENT: 2.0,
        CommunityKind.DEMOLITION_VILLAGE: 0.4,
    }
    centre = weighted(chance, [(estate, odds[estate.community.kind]) for estate in estates])
    beside = near(estates, centre, NEXT_ESTATE_M)[1:]
    homes = []
    for _ in range(size):
        estate = centre if not beside or chance.random() < SAME_ESTATE else chance.choice(beside)
        homes.append(flat_in(chance, chance.choice(estate.houses), estate))
    return homes


def _ages(chance: Random, count: int, moving: int) -> tuple[list[int], list[int]]:
    """Ages of those in transition and of the others, so that the whole street has its share of 60 and above."""
    ours = draw_ages(chance, moving, SHARE_60_TRANSITION)
    rest = count - moving
    old = round(SHARE_60 * count) - round(SHARE_60_TRANSITION * moving)
    return ours, draw_ages(chance, rest, old / rest)


def _member(
    register: Register,
    person: Person,
    org: Org,
    place: tuple[Home, int | None] | None,
    ages: tuple[list[int], list[int]],
) -> Person:
    """Fill one place of a branch; those in transition come with their home."""
    if place is None:
        return draw_person(register, _of_village(register.chance, person, org), ages[1].pop())
    home, clump = place
    village = _village(org)
    moved = replace(
        _of_village(register.chance, person, org), home=home, clump=clump, move=draw_move(register.chance, village)
    )
    grown = draw_person(register, moved, ages[0].pop())
    return replace(grown, preference=draw_preference(register.chance, grown))


def _village(org: Org) -> str:
    """Return the village that a branch is named after."""
    place = re.split("党|第|支部", org.name, maxsplit=1)[0] or org.name
    return place if place.endswith("村") else f"{place}村"


def _of_village(chance: Random, person: Person, org: Org) -> Person:
    if not is_village(org):
        return person
    village = _village(org)
    return replace(person, village_group=f"{village}{chance.randint(1, 12)}组")


def _settle(chance: Random, person: Person, market: Market, org: Org) -> Person:
    kind = market.kinds[org.community]
    own, resettled, urban = LIVES[kind]
    where = weighted(
        chance,
        (
            (org.community, own),
            (CommunityKind.RESETTLEMENT.value, resettled),
            (CommunityKind.URBAN.value, urban),
        ),
    )
    home = blurred(chance, market.stocks[where].draw(chance), HARD)
    is_resettled = kind is not CommunityKind.URBAN and home.house is not None
    categories = (*person.categories, "resettled") if is_resettled else person.categories
    return replace(person, home=home, categories=categories)
