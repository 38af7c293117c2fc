"""The made-up street as the rows that the store keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.model.enums import (
    CommunityKind,
    DivisionLevel,
    GridKind,
    OrgStatus,
    PositionSource,
    Precision,
)
from gis.model.organisation import PartyOrg
from gis.model.people import Member, Residence, Transition
from gis.model.territory import Building, Division, Estate, Grid, HostHousehold, Road, Venue
from gis.services.sample import _names as names
from gis.services.sample._chance import AS_OF
from gis.services.sample._communities import area_of
from gis.services.sample._world import wkb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.ids import BuildingId, EstateId, GridId, OrgId
    from gis.services.sample._estates import House, Housing
    from gis.services.sample._homes import Home
    from gis.services.sample._people import Person
    from gis.services.sample._places import Host, Place
    from gis.services.sample._world import World

SOURCE_CRS = "EPSG:4490"
CONFIDENCE = {Precision.BUILDING: 1.0, Precision.ESTATE: 0.5}
REASONS = {
    Precision.ESTATE: "地址没有写幢号",
    Precision.QUEUE: "没有找到这个小区",
    Precision.OUTSIDE: "地址不在本街道",
}
MARK = "sample"


def divisions_of(world: World) -> list[Division]:
    """Return the street and its communities."""
    whole = area_of(world.lattice, world.lattice.blocks)
    street = Division(None, names.STREET_CODE, names.STREET, DivisionLevel.STREET, shape=wkb(whole))
    return [
        street,
        *(
            Division(None, c.code, c.name, DivisionLevel.VILLAGE, names.STREET_CODE, wkb(c.shape))
            for c in world.communities
        ),
    ]


def grids_of(world: World) -> list[Grid]:
    """Return the base grids, in the order of their codes."""
    rows = []
    for community in world.communities:
        for number, blocks in enumerate(community.grids, 1):
            shape = area_of(world.lattice, blocks)
            name = f"{community.name.removesuffix('社区')}第{number}网格"
            rows.append(
                Grid(
                    None,
                    f"{community.code}{number:03d}",
                    name,
                    community.code,
                    GridKind.BASE,
                    wkb(shape),
                    round(shape.area, 1),
                )
            )
    return rows


def estates_of(world: World) -> list[Estate]:
    """Return the estates, ruins included."""
    return [Estate(None, e.name, names.ALIASES.get(e.name, ()), e.community.code, wkb(e.shape)) for e in world.estates]


def roads_of(world: World) -> list[Road]:
    """Streets, lanes, footpaths and the two barriers."""
    return [
        Road(None, way.name, way.kind, wkb(way.line), is_walkable=way.is_walkable, source_id=f"QH-R{i:05d}")
        for i, way in enumerate(world.ways, 1)
    ]


def orgs_of(world: World) -> list[PartyOrg]:
    """Return the organisations without their parents, whose ids only the database knows."""
    everything = tuple(community.code for community in world.communities)
    return [
        PartyOrg(
            None,
            org.name,
            org.kind,
            code=org.code,
            community_kind=org.community_kind,
            status=_org_status(org.community_kind),
            division_codes=(org.community,) if org.community else everything,
        )
        for org in world.orgs
    ]


def _org_status(kind: CommunityKind | None) -> OrgStatus:
    """Say that a village's organisation is winding down: it stays until everybody has returned."""
    return OrgStatus.WINDING_DOWN if kind is CommunityKind.DEMOLITION_VILLAGE else OrgStatus.ACTIVE


@dataclass(frozen=True)
class Ids:
    """What the database has numbered so far."""

    orgs: Sequence[OrgId]
    estates: Mapping[str, EstateId]
    grids: Mapping[str, GridId]
    buildings: Mapping[tuple[str, str], BuildingId]


def buildings_of(world: World, ids: Ids) -> list[Building]:
    """Return the buildings, in the order of `World.houses`."""
    codes = world.grid_codes()
    return [
        Building(
            None,
            estate.name,
            house.number,
            wkb(house.shape),
            estate_id=ids.estates[estate.name],
            grid_id=ids.grids[codes[house.block]],
            address=door_address(estate, house),
            floors=house.floors,
            units=house.units,
            households=households_of(house),
            has_lift=house.has_lift,
            status=house.status,
            source_id=f"{estate.name}-{house.number}",
            source_crs=SOURCE_CRS,
        )
        for estate in world.estates
        for house in estate.houses
    ]


def households_of(house: House) -> int:
    """Count the flats of a building."""
    return house.units * house.floors * house.flats_per_floor


def door_address(estate: Housing, house: House) -> str:
    """Return the door address of a building: road, number, estate, building."""
    return f"{estate.street}{estate.door}号{estate.name}{house.number}幢"


def members_of(world: World, ids: Ids) -> list[Member]:
    """Return the members with home and transition, in the order of `World.people`."""
    codes = world.grid_codes()
    return [
        member_of(person, ids.orgs[person.branch], None if person.home is None else _residence(person.home, ids, codes))
        for person in world.people
    ]


def member_of(person: Person, branch_id: OrgId, residence: Residence | None) -> Member:
    """Return one member."""
    return Member(
        id=None,
        name=person.name,
        branch_id=branch_id,
        birth_ym=f"{person.birth:%Y-%m}",
        gender=person.gender,
        phone=person.phone,
        phone2=person.phone2,
        member_status=person.status,
        joined_on=f"{person.joined:%Y-%m}",
        confirmed_on=f"{person.confirmed:%Y-%m}" if person.confirmed else "",
        post=person.post,
        original_village=person.village_group,
        categories=person.categories,
        preference=person.preference,
        mobility_level=person.mobility,
        lives_alone=person.lives_alone,
        is_leader_eligible=person.can_lead,
        roster_source=MARK,
        residence=residence,
        transition=_transition(person),
    )


def plain_residence(home: Home) -> Residence:
    """Return a residence without its place."""
    return Residence(
        home.text,
        home.precision,
        confidence=CONFIDENCE.get(home.precision, 0.0),
        reason=REASONS.get(home.precision, ""),
        valid_from=AS_OF,
        located_on=AS_OF,
    )


def _residence(home: Home, ids: Ids, codes: Mapping[tuple[int, int], str]) -> Residence:
    plain = plain_residence(home)
    if home.housing is None:
        return plain
    estate = replace(plain, estate_id=ids.estates[home.housing.name], source=PositionSource.ADDRESS)
    if home.house is None:
        grid = ids.grids[codes[home.housing.block]]
        return replace(estate, grid_id=grid, shape=wkb(home.housing.shape.representative_point()))
    return replace(
        estate,
        building_id=ids.buildings[home.house.estate, home.house.number],
        grid_id=ids.grids[codes[home.house.block]],
        unit_no=home.unit_label,
        room_no=home.room,
        shape=wkb(_inside(home.house)),
    )


def _inside(house: House) -> object:
    return house.shape.representative_point()


def _transition(person: Person) -> Transition | None:
    move = person.move
    if move is None:
        return None
    return Transition(
        started_on=move.started_on,
        expected_return=move.expected_return,
        project=move.project,
        return_community=move.return_community,
        housing_kind=move.housing_kind,
    )


def venue_of(place: Place, ids: Ids) -> Venue:
    """Return one venue."""
    house = place.home.house
    return Venue(
        None,
        place.name,
        place.kind,
        place.capacity,
        shape=None if house is None else wkb(_inside(house)),
        org_id=ids.orgs[place.org],
        building_id=None if house is None else ids.buildings[house.estate, house.number],
        floor=1,
        has_lift=place.has_lift,
        is_step_free=place.is_step_free,
        equipment=place.equipment,
    )


def host_of(host: Host, member: Member, home: Home) -> HostHousehold:
    """Return the host household of a member who is saved already."""
    residence = member.residence
    return HostHousehold(
        None,
        member.name,
        member.branch_id,
        host.capacity,
        shape=residence.shape if residence else None,
        address=home.text,
        member_id=member.id,
        building_id=residence.building_id if residence else None,
        floor=home.floor,
        is_step_free=host.is_step_free,
        equipment=host.equipment,
        approved_on=host.approved_on,
    )
