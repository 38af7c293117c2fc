"""Put the made-up street into an empty database, and its files into a folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.access import Action
from gis.services.access import require
from gis.services.sample import _rows as rows
from gis.services.sample._cards import Saved, fill_cards
from gis.services.sample._consents import answer_some
from gis.services.sample._files import write_files
from gis.services.sample._ground import divide_ground
from gis.services.sample._modes import decide_some
from gis.services.sample._organisations import add_organisation_life
from gis.services.sample._sessions import hold_sessions
from gis.services.sample._surveys import add_surveys
from gis.services.sample._world import make_world

if TYPE_CHECKING:
    from pathlib import Path

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.services.sample._world import World
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

MIN_MEMBERS, MAX_MEMBERS = 50, 20_000


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """What to make; `roster_dir` also gets the files that an office would hand in."""

    seed: int = 7
    members: int = 1366
    roster_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What was made; `orgs` counts the communities' organisations, `branches` those that hold members."""

    seed: int
    members: int
    transition: int
    orgs: int
    branches: int
    hosts: int
    files: tuple[str, ...] = ()


def sample_street(actor: Actor, store: Store, request: SampleRequest) -> SampleResult:
    """Make the street 青禾街道 in a database that holds no territory and no people.

    Raises
    ------
    InputError
        The database is in use, or the number of members is out of range.
    """
    require(actor, Action.IMPORT_DATA)
    check_members(actor, request.members, MIN_MEMBERS)
    with store.reading(actor.scope) as reader:
        _refuse_used(reader)
    world = make_world(request.seed, request.members)
    files = (
        () if request.roster_dir is None else write_files(world, request.roster_dir)
    )  # may fail: before the database
    with store.writing(actor, Action.IMPORT_DATA, f"生成虚构街道，种子 {request.seed}") as writer:
        _refuse_used(writer)
        _save(writer, world)
        answer_some(writer, request.seed)
        decide_some(writer, request.seed)
        writer.say(f"生成虚构街道：党员 {len(world.people)} 名", seed=request.seed, members=len(world.people))
    return SampleResult(
        files=files,
        seed=request.seed,
        members=len(world.people),
        transition=sum(person.move is not None for person in world.people),
        orgs=len(world.communities),
        branches=sum(org.members > 0 for org in world.orgs),
        hosts=len(world.hosts),
    )


def check_members(actor: Actor, members: int, least: int) -> None:
    """Refuse a number that makes no street; `actor` is who asked."""
    if not least <= members <= MAX_MEMBERS:
        msg = f"{actor.display_name or actor.name}要求生成 {members} 名党员：请填 {least} 到 {MAX_MEMBERS} 之间的整数"
        raise InputError(msg)


def _refuse_used(reader: Reader) -> None:
    if reader.orgs() or reader.members():
        msg = "数据库里已有党组织或党员，不能再生成虚构街道：请换一个空的数据库（--db）"
        raise InputError(msg)
    if reader.divisions() or reader.buildings() or reader.roads():
        msg = "数据库里已有导入的辖区数据：请换一个空的数据库（--db），或加 --on-area 在现有辖区上生成党员"
        raise InputError(msg)


def _save(writer: Writer, world: World) -> None:
    writer.save_divisions(rows.divisions_of(world))
    grids = rows.grids_of(world)
    grid_ids = writer.save_grids(grids)
    estate_ids = writer.save_estates(rows.estates_of(world))
    writer.save_roads(rows.roads_of(world))
    ids = rows.Ids(
        orgs=_save_orgs(writer, world),
        estates={estate.name: number for estate, number in zip(world.estates, estate_ids, strict=True)},
        grids={grid.grid_code: number for grid, number in zip(grids, grid_ids, strict=True)},
        buildings={},
    )
    building_ids = writer.save_buildings(rows.buildings_of(world, ids))
    houses = ((house.estate, house.number) for house in world.houses)
    ids = replace(ids, buildings=dict(zip(houses, building_ids, strict=True)))
    writer.save_venues([rows.venue_of(place, ids) for place in world.venues])
    _save_people(writer, world, ids)


def _save_orgs(writer: Writer, world: World) -> list[OrgId]:
    saved: list[OrgId] = []
    for org, row in zip(world.orgs, rows.orgs_of(world), strict=True):
        parent = None if org.parent is None else saved[org.parent]
        saved += writer.save_orgs([replace(row, parent_id=parent)])
    return saved


def _save_people(writer: Writer, world: World, ids: rows.Ids) -> None:
    members = rows.members_of(world, ids)
    member_ids = writer.save_members(members)
    hosts = []
    for host in world.hosts:
        home = world.people[host.person].home
        if home is not None:
            member = replace(members[host.person], id=member_ids[host.person])
            hosts.append(rows.host_of(host, member, home))
    writer.save_hosts(hosts)
    saved = Saved(world.seed, world.orgs, world.people, ids.orgs, member_ids)
    fill_cards(writer, saved)
    add_surveys(writer, saved)
    hold_sessions(writer, saved)
    add_organisation_life(writer, world.seed)
    divide_ground(writer, world.seed)
