"""What the map shows to whom: territory for everybody on the map, members as precisely as they allow, and counts.

Nothing here carries a name of a member: names are on the cards (`map_cards`), for those who may see them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from gis.model.access import Action
from gis.model.enums import HostStatus, Labelled, MapPrecision, Precision
from gis.services.access import require
from gis.services.seats_shown import seats_shown
from gis.spatial.display import centres
from gis.store.stamping import GROUPS, PEOPLE, TERRITORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, GridId, HostId, MemberId, OrgId, VenueId
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member, PartyGroup, Residence
    from gis.model.territory import Building, Division, Estate, Grid, HostHousehold, Road, Venue
    from gis.store.database import Store
    from gis.store.reader import Reader

KeyT = TypeVar("KeyT")
NO_POINT = np.array([np.nan, np.nan])
UNPLACED = "待定位"
SUPPRESS_BELOW = 3  # counts of one or two persons are not shown to roles that see counts only (domain.md 2B)


class AgeBand(Labelled):
    """Age bands of the filters."""

    UNDER_60 = "u60", "60 岁以下"
    FROM_60 = "60", "60–69 岁"
    FROM_70 = "70", "70–79 岁"
    FROM_80 = "80", "80 岁以上"
    UNKNOWN = "na", "年龄不详"


@dataclass(frozen=True, slots=True)
class MapVersion:
    """Numbers that grow with every change; part of the layers' addresses."""

    territory: int
    everything: int


@dataclass(frozen=True, slots=True)
class Places:
    """Host households and venues with a position; `taken` counts the open seats at each, keyed by kind and id.

    A count is None where the role sees counts only and it would be about one or two persons.
    """

    hosts: tuple[tuple[HostHousehold, float, float], ...]
    venues: tuple[tuple[Venue, float, float], ...]
    taken: Mapping[tuple[str, int], int | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one member may be drawn, and what the filters ask; no id, no name.

    `at` is building, estate or grid; for a member left out it is the reason, and longitude and latitude are NaN.
    """

    lon: float
    lat: float
    at: str
    branch_id: OrgId
    grid_id: GridId | None
    building_id: BuildingId | None
    band: AgeBand
    is_in_transition: bool
    group_id: int | None


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """Where a group in force meets, and the leader's home where it may be drawn at its building or estate."""

    group_id: int
    branch_id: OrgId
    lon: float
    lat: float
    host_id: HostId | None
    venue_id: VenueId | None
    size: int
    leader_at: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PeopleOnMap:
    """Members of the actor's scope at the precision each allows, and those left out with the reason."""

    marks: tuple[Mark, ...]
    groups: tuple[GroupPlace, ...]
    left_out: tuple[Mark, ...]


def map_version(actor: Actor, store: Store) -> MapVersion:
    """Return the versions that the layers' addresses carry."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return MapVersion(reader.data_version(TERRITORY), reader.data_version(TERRITORY, PEOPLE, GROUPS))


def grids_on_map(actor: Actor, store: Store) -> tuple[tuple[Grid, ...], tuple[Division, ...]]:
    """List grids, and the divisions that name their communities."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return reader.grids(), reader.divisions()


def buildings_on_map(actor: Actor, store: Store) -> tuple[Building, ...]:
    """List buildings."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return reader.buildings()


def estates_on_map(actor: Actor, store: Store) -> tuple[Estate, ...]:
    """List estates."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return reader.estates()


def roads_on_map(actor: Actor, store: Store) -> tuple[Road, ...]:
    """List roads."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return reader.roads()


def positions_of(actor: Actor, store: Store, branch_ids: Sequence[OrgId]) -> dict[MemberId, tuple[float, float]]:
    """Return where members of these branches may be drawn, by member; who allows less than a building is left out."""
    require(actor, Action.VIEW_MAP)
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        members = _in_use(reader.members(branch_ids))
        shapes = _shapes_to_stand_on(reader, members)
    centre = dict(zip(shapes, centres(list(shapes.values())), strict=True))
    found: dict[MemberId, tuple[float, float]] = {}
    for member in members:
        at, key = standing_of(member)
        point = centre.get(key, NO_POINT) if key else NO_POINT
        if member.id is not None and at != "grid" and not np.isnan(point[0]):
            found[member.id] = (float(point[0]), float(point[1]))
    return found


def branches_on_map(actor: Actor, store: Store) -> tuple[PartyOrg, ...]:
    """List the branches whose members the actor may see."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return reader.branches_in_scope()


def orgs_on_map(actor: Actor, store: Store) -> tuple[PartyOrg, ...]:
    """List all organisations; their names are no secret inside the street."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return reader.orgs()


def attributions(actor: Actor, store: Store) -> tuple[str, ...]:
    """Name the sources that ask to be named on the map."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return reader.attributions()


def places_on_map(actor: Actor, store: Store) -> Places:
    """List hosts at their building, or their own position without one, and venues that have a position.

    Hosts proposed or suspended are there too, those that have ended are not.
    """
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        buildings = reader.building_shapes()
        hosts = [host for host in reader.hosts(with_ended=True) if host.status is not HostStatus.ENDED]
        venues = reader.venues()
    host_at = centres([buildings.get(host.building_id) or host.shape for host in hosts])
    venue_at = centres([venue.shape or buildings.get(venue.building_id) for venue in venues])
    return Places(
        hosts=tuple((host, float(x), float(y)) for host, (x, y) in zip(hosts, host_at, strict=True) if x == x),  # noqa: PLR0124  # NaN: no position
        venues=tuple((venue, float(x), float(y)) for venue, (x, y) in zip(venues, venue_at, strict=True) if x == x),  # noqa: PLR0124  # as above
        taken=seats_shown(actor, store),
    )


def people_on_map(actor: Actor, store: Store) -> PeopleOnMap:
    """Place the members of the actor's scope at building, estate or grid, as each allows.

    Raises
    ------
    DeniedError
        The role sees counts only.
    """
    require(actor, Action.VIEW_MAP)
    require(actor, Action.VIEW_MEMBERS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        members, groups = _in_use(reader.members()), reader.groups_in_force()
        buildings = reader.building_shapes()
        shapes = _shapes_to_stand_on(reader, members, buildings)
        group_places = _group_places(reader, groups, buildings)
    group_of = {seat.member_id: group.id for group in groups for seat in group.seats}
    centre = dict(zip(shapes, centres(list(shapes.values())), strict=True))
    leads = {group.leader_id: group.id for group in groups if group.leader_id}
    leader_at: dict[int, tuple[float, float]] = {}
    marks: list[Mark] = []
    left_out: list[Mark] = []
    for member in members:
        at, key = standing_of(member)
        point = centre.get(key, NO_POINT) if key else NO_POINT
        is_drawn = not np.isnan(point[0])
        reason = at if key is None or is_drawn else UNPLACED
        mark = _mark(member, reason, point, today, group_of.get(member.id) if member.id else None)
        (marks if is_drawn else left_out).append(mark)
        if is_drawn and at != "grid" and member.id in leads:
            leader_at[leads[member.id]] = (mark.lon, mark.lat)
    led = (replace(place, leader_at=leader_at.get(place.group_id)) for place in group_places)
    return PeopleOnMap(tuple(marks), tuple(led), tuple(left_out))


Key = tuple[str, int]


def _in_use(members: Sequence[Member]) -> tuple[Member, ...]:
    """Leave out who has asked that nothing more be done with the data."""
    return tuple(one for one in members if one.restricted_on is None)


def standing_of(member: Member) -> tuple[str, Key | None]:
    """Return how a member is drawn and what stands for the position; without a position, why."""
    home = member.residence
    if member.map_precision is MapPrecision.HIDDEN:
        return "按本人意愿不显示", None
    if home is None or home.precision in (Precision.QUEUE, Precision.COMMUNITY):
        return UNPLACED, None
    if home.precision is Precision.OUTSIDE and home.shape is None:
        return "住在辖区外", None
    if member.map_precision is MapPrecision.GRID:
        return ("grid", ("grid", home.grid_id)) if home.grid_id else (UNPLACED, None)
    return _stand_at(home, member.id or 0)


def _stand_at(home: Residence, member_id: int) -> tuple[str, Key]:
    if home.building_id is not None:
        return "building", ("building", home.building_id)
    if home.precision is Precision.ESTATE and home.estate_id is not None:
        return "estate", ("estate", home.estate_id)
    return "building", ("pin", member_id)


def standing_points(reader: Reader, members: Sequence[Member]) -> dict[Key, tuple[float, float]]:
    """Return longitude and latitude of what stands for the members' homes, by the key of `standing_of`."""
    shapes = _shapes_to_stand_on(reader, members)
    at = zip(shapes, centres(list(shapes.values())), strict=True)
    return {key: (float(x), float(y)) for key, (x, y) in at if not np.isnan(x)}


def _shapes_to_stand_on(
    reader: Reader, members: Sequence[Member], buildings: Mapping[BuildingId | None, bytes | None] | None = None
) -> dict[Key, bytes | None]:
    wanted = {key for _, key in map(standing_of, members) if key}
    if buildings is None:
        buildings = reader.building_shapes()
    known: dict[Key, bytes | None] = {("building", number or 0): shape for number, shape in buildings.items()}
    known |= {("estate", e.id or 0): e.shape for e in reader.estates()}
    known |= {("grid", g.id or 0): g.shape for g in reader.grids()}
    known |= {("pin", m.id or 0): m.residence.shape for m in members if m.residence}
    own = {m.residence.estate_id: m.residence.shape for m in members if m.residence and m.residence.estate_id}
    return {key: known.get(key) or (own.get(key[1]) if key[0] == "estate" else None) for key in sorted(wanted)}  # type: ignore[call-overload]  # ids are integers


def _mark(
    member: Member, at: str, point: np.ndarray[tuple[int], np.dtype[np.float64]], today: date, group_id: int | None
) -> Mark:
    home = member.residence
    return Mark(
        lon=float(point[0]),
        lat=float(point[1]),
        at=at,
        branch_id=member.branch_id,
        grid_id=home.grid_id if home else None,
        building_id=home.building_id if home and at == "building" else None,
        band=age_band(member, today),
        is_in_transition=member.is_in_transition,
        group_id=group_id,
    )


def _group_places(
    reader: Reader, groups: Iterable[PartyGroup], buildings: Mapping[BuildingId | None, bytes | None]
) -> tuple[GroupPlace, ...]:
    hosts = {host.id: buildings.get(host.building_id) or host.shape for host in reader.hosts(with_ended=True)}
    venues = {venue.id: venue.shape or buildings.get(venue.building_id) for venue in reader.venues()}
    listed = list(groups)
    points = centres([hosts.get(g.host_id) if g.host_id else venues.get(g.venue_id) for g in listed])  # type: ignore[arg-type]  # venue ids of groups are plain integers
    return tuple(
        GroupPlace(g.id, g.branch_id, float(x), float(y), g.host_id, g.venue_id, len(g.seats))  # type: ignore[arg-type]  # as above
        for g, (x, y) in zip(listed, points, strict=True)
        if not np.isnan(x)
    )


def age_band(member: Member, today: date) -> AgeBand:
    """Return the band of a member's age on a day."""
    age = member.age_on(today)
    if age is None:
        return AgeBand.UNKNOWN
    bands = ((80, AgeBand.FROM_80), (70, AgeBand.FROM_70), (60, AgeBand.FROM_60))
    return next((band for limit, band in bands if age >= limit), AgeBand.UNDER_60)
