"""Cards of the map: what is known about the grid, building, host or venue that somebody clicked.

Members' names are given to roles that may see members, for members of their scope, and only where the member lets
the home be shown that precisely (domain.md 2B).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.bodies import GridPost
from gis.model.enums import MapPrecision
from gis.services.access import require
from gis.services.map_overview import overview
from gis.services.org_territory import responsible
from gis.services.seats_shown import seats_shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, GridId, HostId, OrgId, VenueId
    from gis.model.people import Member, PartyGroup
    from gis.model.territory import Building, Grid, HostHousehold, Venue
    from gis.store.database import Store
    from gis.store.reader import Reader


ItemT = TypeVar("ItemT")
_GONE = "这个{}已不存在，请刷新页面"
AT_HOME = frozenset({MapPrecision.EXACT, MapPrecision.BUILDING})


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member on a card."""

    name: str
    branch: str
    age: int | None
    is_in_transition: bool
    group: str


@dataclass(frozen=True, slots=True)
class Headcount:
    """Members of the actor's scope; `in_transition` is None where suppressed, the others for roles that see counts."""

    in_transition: int | None
    grouped: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class GridCard:
    """网格; `org` answers for it, `posts` are blank for roles that see no people: post and name."""

    grid: Grid
    community: str
    org: str
    phone: str
    posts: tuple[tuple[str, str], ...]
    buildings: int
    hosts: int
    venues: int
    members: Headcount


@dataclass(frozen=True, slots=True)
class Meeting:
    """A group of the actor's scope that meets at a place."""

    id: int
    name: str
    branch: str
    size: int


@dataclass(frozen=True, slots=True)
class HostCard:
    """党员中心户; name and address are blank outside the actor's scope, `taken` is None where suppressed."""

    host: HostHousehold
    branch: str
    building: str
    taken: int | None
    groups: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class VenueCard:
    """阵地; `taken` is None where suppressed."""

    venue: Venue
    org: str
    building: str
    taken: int | None
    groups: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class BuildingCard:
    """楼栋; `members` is None for roles that see counts only."""

    building: Building
    grid: Grid | None
    hosts: tuple[HostHousehold, ...]
    venues: tuple[Venue, ...]
    members: tuple[MemberLine, ...] | None


def grid_card(actor: Actor, store: Store, grid_id: GridId) -> GridCard:
    """Return the card of a grid; raises NotFoundError."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        grid = _found(reader.grid(grid_id), "网格")
        buildings, hosts, venues = reader.places_in_grid(grid_id)
        names = {division.code: division.name for division in reader.divisions()}
        org = responsible(reader.orgs(), grid.community_code)
        return GridCard(
            grid=grid,
            community=names.get(grid.community_code, ""),
            org=org.name if org else "",
            phone=org.office_phone if org else "",
            posts=tuple(
                (one.post.label, one.name)
                for one in reader.grid_assignments([grid_id])
                if one.post is not GridPost.BUILDING_HEAD
            ),
            buildings=buildings,
            hosts=hosts,
            venues=venues,
            members=_headcount(actor, store, reader, grid_id),
        )


def _headcount(actor: Actor, store: Store, reader: Reader, grid_id: GridId) -> Headcount:
    if not actor.scope.sees_people:
        return Headcount(overview(actor, store).by_grid.get(grid_id, 0))
    here = reader.residents(grid_id=grid_id)
    seated = reader.group_names_of([member.id for member in here if member.id])
    return Headcount(
        in_transition=sum(member.is_in_transition for member in here),
        grouped=sum(member.id in seated for member in here),
        total=len(here),
    )


def building_card(actor: Actor, store: Store, building_id: BuildingId) -> BuildingCard:
    """Return the card of a building; raises NotFoundError."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        building = _found(reader.building(building_id), "楼栋")
        return BuildingCard(
            building=building,
            grid=reader.grid(building.grid_id) if building.grid_id else None,
            hosts=tuple(_at_the_door(host) for host in reader.hosts_at(building_id)),
            venues=reader.venues_at(building_id),
            members=_lines(actor, store, reader, building_id) if actor.may(Action.VIEW_MEMBERS) else None,
        )


def _lines(actor: Actor, store: Store, reader: Reader, building_id: BuildingId) -> tuple[MemberLine, ...]:
    require(actor, Action.VIEW_MEMBERS)
    today = store.today()
    here = reader.residents(building_id=building_id)
    branches = reader.org_names([member.branch_id for member in here])
    group_of = reader.group_names_of([member.id for member in here if member.id])

    def line(member: Member) -> MemberLine:
        return MemberLine(
            name=member.name,
            branch=branches.get(member.branch_id, ""),
            age=member.age_on(today),
            is_in_transition=member.is_in_transition,
            group=group_of.get(member.id, "") if member.id else "",
        )

    return tuple(line(member) for member in here if member.map_precision in AT_HOME)


def host_card(actor: Actor, store: Store, host_id: HostId) -> HostCard:
    """Return the card of a host household; raises NotFoundError."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        host = _at_the_door(_found(reader.host(host_id), "党员中心户"))
        groups = reader.groups_meeting_at(host_id=host_id)
        orgs = reader.org_names([host.branch_id, *(group.branch_id for group in groups)])
        return HostCard(
            host=host,
            branch=orgs.get(host.branch_id, ""),
            building=_building_name(reader, host.building_id),
            taken=seats_shown(actor, store).get(("host", host_id), 0),
            groups=_meetings(orgs, groups),
        )


def _at_the_door(host: HostHousehold) -> HostHousehold:
    """Keep to the building: where the name is not for the actor, the floor would lead to the flat as well."""
    return host if host.name else replace(host, floor=None)


def venue_card(actor: Actor, store: Store, venue_id: VenueId) -> VenueCard:
    """Return the card of a venue; raises NotFoundError."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        venue = _found(reader.venue(venue_id), "阵地")
        groups = reader.groups_meeting_at(venue_id=venue_id)
        orgs = reader.org_names([*([venue.org_id] if venue.org_id else []), *(group.branch_id for group in groups)])
        return VenueCard(
            venue=venue,
            org=orgs.get(venue.org_id, "") if venue.org_id else "",
            building=_building_name(reader, venue.building_id),
            taken=seats_shown(actor, store).get(("venue", venue_id), 0),
            groups=_meetings(orgs, groups),
        )


def _meetings(orgs: Mapping[OrgId | None, str], groups: Sequence[PartyGroup]) -> tuple[Meeting, ...]:
    return tuple(Meeting(group.id, group.name, orgs.get(group.branch_id, ""), len(group.seats)) for group in groups)


def _building_name(reader: Reader, building_id: BuildingId | None) -> str:
    found = reader.building(building_id) if building_id is not None else None
    return found.label if found else ""


def _found(item: ItemT | None, what: str) -> ItemT:
    if item is None:
        raise NotFoundError(_GONE.format(what))
    return item
