"""Put made-up members, hosts and venues on the area that has been imported, so that planning runs on real streets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.model.enums import PositionSource, Precision
from gis.model.organisation import PartyOrg
from gis.model.territory import Venue
from gis.services.access import require
from gis.services.sample import _area as area
from gis.services.sample import _rows as rows
from gis.services.sample._cards import Saved, fill_cards
from gis.services.sample._modes import decide_some
from gis.services.sample._places import make_hosts, make_venues
from gis.services.sample._population import make_people
from gis.services.sample._sessions import hold_sessions
from gis.services.sample._surveys import add_surveys
from gis.services.sample.street import SampleRequest, SampleResult, check_members
from gis.spatial.points import point_of

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.people import Residence
    from gis.model.territory import Building
    from gis.services.sample._homes import Home
    from gis.services.sample._orgs import Org
    from gis.services.sample._people import Person
    from gis.services.sample._places import Host, Place
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

MIN_MEMBERS = 10


@dataclass(frozen=True)
class _Made:
    """What was made for an area; a house's `block[0]` is the place of its building in `buildings`."""

    seed: int
    orgs: tuple[Org, ...]
    known_orgs: dict[str, OrgId]
    people: tuple[Person, ...]
    hosts: tuple[Host, ...]
    venues: tuple[Place, ...]
    buildings: tuple[Building, ...]
    communities_count: int


def sample_on_area(actor: Actor, store: Store, request: SampleRequest) -> SampleResult:
    """Make members of made-up branches who live in the buildings of the database.

    Branches that are there already are used; otherwise the organisations are made up too.

    Raises
    ------
    InputError
        There are people already, no buildings, or the number of members is out of range.
    """
    require(actor, Action.IMPORT_DATA)
    check_members(actor, request.members, MIN_MEMBERS)
    with store.reading(actor.scope) as reader:
        made = _make(reader, request)
    with store.writing(actor, Action.IMPORT_DATA) as writer:
        _refuse_people(writer)
        _save(writer, made)
        decide_some(writer, request.seed)
        writer.say(f"在现有辖区上生成虚构党员 {len(made.people)} 名", seed=request.seed, members=len(made.people))
    return SampleResult(
        seed=request.seed,
        members=len(made.people),
        transition=sum(person.move is not None for person in made.people),
        orgs=made.communities_count,
        branches=sum(org.members > 0 for org in made.orgs),
        hosts=len(made.hosts),
    )


def _refuse_people(reader: Reader) -> None:
    if reader.members():
        msg = "数据库里已有党员，不能再生成虚构党员：请换一个只导入了辖区的数据库（--db）"
        raise InputError(msg)


def _make(reader: Reader, request: SampleRequest) -> _Made:
    _refuse_people(reader)
    buildings = tuple(area.lived_in(reader.buildings()))
    estates = area.estates_of_area(buildings, reader.roads())
    communities = area.communities_of_area(request.members)
    existing = reader.orgs()
    orgs = area.orgs_of_area(request.seed, existing, communities, request.members)
    people = make_people(request.seed, orgs, area.market_of_area(estates, communities))
    has_own = not any(org.is_branch for org in existing)
    return _Made(
        seed=request.seed,
        orgs=orgs,
        known_orgs={org.name: org.id for org in existing if org.id is not None},
        people=people,
        hosts=make_hosts(request.seed, people),
        venues=make_venues(request.seed, orgs, communities, estates) if has_own else (),
        buildings=buildings,
        communities_count=len(communities if has_own else {org.parent_id for org in existing if org.is_branch}),
    )


def _save(writer: Writer, made: _Made) -> None:
    org_ids = _save_orgs(writer, made)
    members = [
        rows.member_of(person, org_ids[person.branch], _residence(person.home, made.buildings))
        for person in made.people
    ]
    member_ids = writer.save_members(members)
    hosts = []
    for host in made.hosts:
        home = made.people[host.person].home
        if home is not None:
            hosts.append(rows.host_of(host, replace(members[host.person], id=member_ids[host.person]), home))
    writer.save_hosts(hosts)
    writer.save_venues([_venue(place, org_ids, made.buildings) for place in made.venues])
    saved = Saved(made.seed, made.orgs, made.people, org_ids, member_ids)
    fill_cards(writer, saved)
    add_surveys(writer, saved)
    hold_sessions(writer, saved)


def _save_orgs(writer: Writer, made: _Made) -> list[OrgId]:
    saved: list[OrgId] = []
    for org in made.orgs:
        known = made.known_orgs.get(org.name)
        if known is not None:
            saved.append(known)
            continue
        parent = None if org.parent is None else saved[org.parent]
        row = PartyOrg(None, org.name, org.kind, parent, org.code, org.community_kind)
        saved += writer.save_orgs([row])
    return saved


def _residence(home: Home | None, buildings: tuple[Building, ...]) -> Residence | None:
    if home is None:
        return None
    plain = rows.plain_residence(home)
    if home.house is None:
        is_vague = home.precision is Precision.ESTATE  # neighbourhoods have no outline that anybody knows
        return replace(plain, precision=Precision.QUEUE, confidence=0.0) if is_vague else plain
    building = buildings[home.house.block[0]]
    return replace(
        plain,
        source=PositionSource.CONFIRMED,  # the building was chosen, not read from the address
        building_id=building.id,
        estate_id=building.estate_id,
        grid_id=building.grid_id,
        unit_no=home.unit_label,
        room_no=home.room,
        shape=point_of(building.shape),
    )


def _venue(place: Place, org_ids: list[OrgId], buildings: tuple[Building, ...]) -> Venue:
    building = None if place.home.house is None else buildings[place.home.house.block[0]]
    return Venue(
        None,
        place.name,
        place.kind,
        place.capacity,
        shape=None if building is None else point_of(building.shape),
        org_id=org_ids[place.org],
        building_id=None if building is None else building.id,
        floor=1,
        has_lift=place.has_lift,
        is_step_free=place.is_step_free,
        equipment=place.equipment,
    )
