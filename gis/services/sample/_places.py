"""Where groups can meet: host households near the clumps, and venues that belong to organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from gis.model.enums import CommunityKind, MemberStatus, MobilityLevel, VenueKind
from gis.services.sample._chance import AS_OF, stream
from gis.services.sample._homes import Home, flat_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from gis.services.sample._communities import Community
    from gis.services.sample._estates import Housing
    from gis.services.sample._orgs import Org
    from gis.services.sample._people import Person

HOST_SHARE = 40 / 1366
HOSTED_CLUMPS = 0.97
VENUE_EXTRA = 12
EQUIPMENT = ("电视", "投影", "网络")
HOST_AGES = (30, 79)


@dataclass(frozen=True, slots=True)
class Host:
    """A host household; `person` is a place in the list of members."""

    person: int
    capacity: int
    is_step_free: bool
    approved_on: date
    equipment: tuple[str, ...]
    linked: int


@dataclass(frozen=True, slots=True)
class Place:
    """A venue on the ground floor of a building; `org` is a place in the list of organisations."""

    name: str
    kind: VenueKind
    capacity: int
    org: int
    home: Home
    has_lift: bool
    is_step_free: bool
    equipment: tuple[str, ...]


def make_hosts(seed: int, people: Sequence[Person]) -> tuple[Host, ...]:
    """Choose hosts: one in nearly every clump, the others anywhere."""
    chance = stream(seed, "hosts")
    fit = [i for i, person in enumerate(people) if _is_fit(person)]
    by_clump: dict[int, list[int]] = {}
    for i in fit:
        clump = people[i].clump
        if clump is not None:
            by_clump.setdefault(clump, []).append(i)
    chosen = [chance.choice(rows) for _, rows in sorted(by_clump.items()) if chance.random() < HOSTED_CLUMPS]
    others = [i for i in fit if people[i].move is None]
    wanted = max(round(HOST_SHARE * len(people)), len(chosen))
    chosen += chance.sample(others, min(len(others), wanted - len(chosen)))
    return tuple(_host(chance, i, people[i]) for i in sorted(chosen))


def _is_fit(person: Person) -> bool:
    """Whether the member may be a host: a full member at a known home, able and not too old."""
    low, high = HOST_AGES
    return (
        person.status is MemberStatus.FULL
        and person.mobility in (None, MobilityLevel.FREE)
        and low <= person.age <= high
        and person.home is not None
        and person.home.house is not None
    )


def _host(chance: Random, i: int, person: Person) -> Host:
    house = person.home.house if person.home else None
    is_easy = person.home is not None and person.home.floor == 1
    return Host(
        person=i,
        capacity=chance.randint(8, 15),
        is_step_free=bool((house and house.has_lift) or is_easy or chance.random() < 0.3),  # noqa: PLR2004  # a ramp
        approved_on=date(chance.randint(AS_OF.year - 4, AS_OF.year - 1), chance.randint(1, 12), chance.choice((1, 15))),
        equipment=tuple(item for item in EQUIPMENT if chance.random() < 0.5),  # noqa: PLR2004
        linked=chance.randint(3, 12),
    )


def make_venues(
    seed: int, orgs: Sequence[Org], communities: Sequence[Community], estates: Sequence[Housing]
) -> tuple[Place, ...]:
    """Place a service centre in each community, a home base for each village, and some activity rooms."""
    chance = stream(seed, "venues")
    places: list[Place] = []
    for community in communities:
        own = [e for e in estates if e.community.code == community.code and not e.is_old_village] or list(estates)
        org = next(i for i, o in enumerate(orgs) if o.community == community.code and not o.members)
        is_village = community.kind is CommunityKind.DEMOLITION_VILLAGE
        name = f"{community.name}留守支部主阵地" if is_village else f"{community.name}党群服务中心"
        kind = VenueKind.HOME_BRANCH_BASE if is_village else VenueKind.SERVICE_CENTER
        places.append(_venue(chance, name, kind, org, chance.choice(own)))
    rooms = [e for e in estates if not e.is_old_village]
    for estate in sorted(chance.sample(rooms, min(VENUE_EXTRA, len(rooms))), key=lambda e: e.name):
        org = next(i for i, o in enumerate(orgs) if o.community == estate.community.code and not o.members)
        places.append(_venue(chance, f"{estate.name}党员活动室", VenueKind.ACTIVITY_ROOM, org, estate))
    return tuple(places)


def _venue(chance: Random, name: str, kind: VenueKind, org: int, estate: Housing) -> Place:
    house = chance.choice(estate.houses)
    low, high = (15, 35) if kind is VenueKind.ACTIVITY_ROOM else (30, 80)
    return Place(
        name=name,
        kind=kind,
        capacity=chance.randint(low, high),
        org=org,
        home=flat_in(chance, house, estate),
        has_lift=house.has_lift,
        is_step_free=kind is not VenueKind.ACTIVITY_ROOM or chance.random() < 0.6,  # noqa: PLR2004
        equipment=tuple(item for item in EQUIPMENT if chance.random() < 0.7),  # noqa: PLR2004
    )
