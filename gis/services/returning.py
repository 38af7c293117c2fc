"""返迁: the episode ends, the new home is on record, and what fits there is proposed; a person decides each of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import InputError
from gis.model.access import Action
from gis.model.enums import BRANCH_KINDS, HostStatus, OrgStatus
from gis.model.life import LifeKind
from gis.services.access import require
from gis.services.life import check_day, present_life, read_life
from gis.services.moving import MoveRequest, put_home
from gis.services.settings import office_settings
from gis.services.territory_sides import territory_of
from gis.services.walking import metric_xy, walking_network
from gis.spatial.distances import WalkOptions, walk_matrix
from gis.store.readers.sides import Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, MemberId, OrgId, ResidenceId
    from gis.model.people import Member
    from gis.services.life import Life
    from gis.services.moving import Moved
    from gis.store.database import Store
    from gis.store.reader import Reader

MOST_NEAR = 3
LONGEST_COMMUNITY = 200
SECONDS = 60
TRANSFER_HINT = (
    "经常居住地已改变，一般应转接组织关系；村里还有决策、选举、分配等事务的，可以说明理由暂留（R16，"
    "依据《中国共产党党员教育管理工作条例》）。由支部与本人商定，系统不自动转接；转出前原支部继续负责"
)


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """The day of the return and the new flat; `community` is the resettlement estate.

    Without address the member stays where they live: some find a home for good before the flats are ready.
    """

    member_id: MemberId
    on: date
    community: str = ""
    address: str = ""
    building_id: BuildingId | None = None
    reason: str = ""
    residence_org_id: OrgId | None = None
    seen: tuple[ResidenceId | None, int] | None = None


@dataclass(frozen=True, slots=True)
class NearPlace:
    """A group or a host near the new home; metres on foot, marked where estimated from the straight line."""

    name: str
    branch: str
    walk_m: float
    is_estimated: bool
    free_seats: int
    is_same_branch: bool


@dataclass(frozen=True, slots=True)
class ReturnProposal:
    """What fits the new home; nothing of it is done. `branches` are those that could receive the relation."""

    residence_org: str
    branches: tuple[tuple[OrgId, str], ...]
    hint: str
    groups: tuple[NearPlace, ...]
    hosts: tuple[NearPlace, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """The closed episode, the new home where one was given, and the proposal."""

    member_id: MemberId
    returned_on: date
    community: str
    moved: Moved | None
    proposal: ReturnProposal


def register_return(actor: Actor, store: Store, request: ReturnRequest) -> Returned:
    """Register that a member has moved into the resettlement flat; the relation stays where it is.

    Raises
    ------
    InputError
        The member is not in transition, the day lies before its start, or the address does not fit.
    NotFoundError
        There is no such member in the scope, or no such building.
    StaleError
        Somebody has registered a change meanwhile.
    """
    require(actor, Action.MOVE_MEMBERS)
    with store.writing(actor, Action.MOVE_MEMBERS) as writer:
        life = present_life(writer, request.member_id)
        check_day(request.on, writer.today, "返迁")
        _check_episode(life, request.on)
        moved = None
        if request.address.strip() or request.building_id is not None:
            moved = put_home(writer, life, _as_move(request), LifeKind.RETURNED)
        else:
            ties = writer.life_ties(request.member_id)
            event = writer.add_event(request.member_id, LifeKind.RETURNED, request.on, request.reason)
            writer.raise_reviews(request.member_id, event, ties)
        community = _community(request)
        writer.close_episode(request.member_id, request.on, community)
        writer.say("登记一名党员返迁", member_id=request.member_id)
        proposal = _propose(writer, request.member_id)
        return Returned(request.member_id, request.on, community, moved, proposal)


def _community(request: ReturnRequest) -> str:
    name = " ".join(request.community.split())
    if len(name) > LONGEST_COMMUNITY:
        msg = f"安置小区名称不超过 {LONGEST_COMMUNITY} 字，现在 {len(name)} 字"
        raise InputError(msg)
    return name


def propose_after_return(actor: Actor, store: Store, member_id: MemberId) -> ReturnProposal:
    """Say what fits a member's present home: organisation and branches of the place, groups and hosts near it.

    Raises
    ------
    NotFoundError
        There is no such member in the scope.
    """
    require(actor, Action.MOVE_MEMBERS)
    with store.reading(actor.scope) as reader:
        read_life(reader, member_id)
        return _propose(reader, member_id)


def _check_episode(life: Life, on: date) -> None:
    episode = life.open_episode
    if episode is None:
        msg = "该党员不在返迁过渡期：换了住处请登记迁居"
        raise InputError(msg)
    if episode.started_on is not None and on < episode.started_on:
        msg = f"返迁日期 {on} 早于过渡期开始日期 {episode.started_on}，请核对"
        raise InputError(msg)


def _as_move(request: ReturnRequest) -> MoveRequest:
    return MoveRequest(
        member_id=request.member_id,
        address=request.address,
        on=request.on,
        reason=request.reason,
        building_id=request.building_id,
        residence_org_id=request.residence_org_id,
        seen=request.seen,
    )


def _propose(reader: Reader, member_id: MemberId) -> ReturnProposal:
    life = read_life(reader, member_id)
    member = next((one for one in reader.members([life.person.branch_id]) if one.id == member_id), None)
    territory = territory_of(reader)
    home = life.home
    found = None
    if home is not None:
        named = life.person.residence_org_id
        found = territory.residence_org(Place(life.person.branch_id, named, home.community_code, is_outside=False))
    below = () if found is None else sorted(territory.subtree(found))
    branches = tuple(
        (one, territory.orgs[one].name)
        for one in below
        if territory.orgs[one].kind in BRANCH_KINDS and territory.orgs[one].status is OrgStatus.ACTIVE
    )
    is_there = life.person.branch_id in {one for one, _ in branches}
    groups, hosts, note = _near(reader, member)
    return ReturnProposal(
        residence_org="" if found is None else territory.orgs[found].name,
        branches=() if is_there else branches,
        hint="" if is_there or not branches else TRANSFER_HINT,
        groups=groups,
        hosts=hosts,
        note=note,
    )


def _near(reader: Reader, member: Member | None) -> tuple[tuple[NearPlace, ...], tuple[NearPlace, ...], str]:
    """Measure groups in force and approved hosts around the home."""
    if member is None or member.residence is None or member.residence.shape is None:
        return (), (), "新住址还没有定位，到“定位”页核定后可查看附近的小组和中心户"
    options = office_settings(reader)
    limit_m = options.group_walk_min * SECONDS * options.walk_speed_m_s
    hosts = {one.id: one for one in reader.hosts() if one.status is HostStatus.APPROVED and one.shape is not None}
    venues = {one.id: one for one in reader.venues() if one.shape is not None}
    groups = [one for one in reader.groups_in_force() if one.host_id in hosts or one.venue_id in venues]
    shapes = [
        hosts[one.host_id].shape if one.host_id in hosts else venues[one.venue_id].shape  # type: ignore[index]  # in one of the two
        for one in groups
    ]
    walk_m, estimated = _measure(
        reader, member.residence.shape, [*shapes, *(one.shape for one in hosts.values())], limit_m
    )
    names = {org.id: org.name for org in reader.orgs()}
    taken = reader.seats_taken()

    def place(at: int, name: str, branch_id: OrgId, free: int) -> NearPlace:
        is_mine = branch_id == member.branch_id
        return NearPlace(name, names.get(branch_id, ""), float(walk_m[at]), bool(estimated[at]), max(0, free), is_mine)

    near_groups = [
        place(at, one.name, one.branch_id, options.group_target_high - len(one.seats))
        for at, one in enumerate(groups)
        if walk_m[at] <= limit_m
    ]
    near_hosts = [
        place(
            at,
            f"{one.name}家" if one.name else "党员中心户",
            one.branch_id,
            one.capacity - taken.get(("host", one.id or 0), 0),
        )
        for at, one in enumerate(hosts.values(), start=len(groups))
        if walk_m[at] <= limit_m
    ]
    return _nearest(near_groups), _nearest(near_hosts), ""


def _nearest(places: Sequence[NearPlace]) -> tuple[NearPlace, ...]:
    """Return the nearest few, those of the member's own branch first."""
    return tuple(sorted(places, key=lambda one: (not one.is_same_branch, one.walk_m))[:MOST_NEAR])


def _measure(
    reader: Reader, home: bytes, targets: Sequence[bytes | None], limit_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return metres on foot to each target and whether each is estimated; inf beyond the limit."""
    if not targets:
        return np.empty(0), np.empty(0, dtype=bool)
    start = shapely.get_coordinates(shapely.from_wkb(home))[:1]
    points = np.array([shapely.get_coordinates(shapely.from_wkb(one))[0] for one in targets])
    network, epsg = walking_network(reader, (start, points))
    options = WalkOptions(detour=office_settings(reader).straight_detour_near)
    found = walk_matrix(network, metric_xy(start, epsg), metric_xy(points, epsg), limit_m, options)
    return found.walk_m[0], found.estimated[0]
