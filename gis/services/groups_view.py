"""Groups in force as people read them, and what a proposal would change about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.enums import Labelled
from gis.model.ids import BuildingId, VenueId
from gis.services.access import require, require_orgs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member, PartyGroup
    from gis.model.plan import GroupPlan
    from gis.store.database import Store
    from gis.store.reader import Reader


@dataclass(frozen=True, slots=True)
class SeatInForce:
    """One member of a group in force."""

    name: str
    is_leader: bool
    walk_m: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class GroupInForce:
    """One group in force."""

    id: int
    name: str
    branch: str
    place: str
    leader: str
    since: str
    seats: tuple[SeatInForce, ...]


class Change(Labelled):
    """What a proposal means for one member."""

    NEW = "new", "新编入"
    MOVED = "moved", "换地点"
    DROPPED = "dropped", "退出小组"
    KEPT = "kept", "不变"


@dataclass(frozen=True, slots=True)
class Move:
    """One member now and under the proposal; "" where there is no group."""

    name: str
    branch: str
    before: str
    after: str
    change: Change


def list_groups(actor: Actor, store: Store) -> tuple[GroupInForce, ...]:
    """List the groups in force of the actor's scope; none for roles that see counts only."""
    require(actor, Action.VIEW_GROUPS)
    with store.reading(actor.scope) as reader:
        groups = reader.groups_in_force()
        names = {member.id: _named(member) for member in reader.members(include_left=True)} if groups else {}
        branches = {org.id: org.name for org in reader.orgs()}
        places = _places(reader, groups)
    return tuple(
        GroupInForce(
            id=group.id,
            name=group.name,
            branch=branches.get(group.branch_id, ""),
            place=places[group.id],
            leader=names.get(group.leader_id, ""),
            since=group.valid_from.isoformat(),
            seats=tuple(
                SeatInForce(names.get(seat.member_id, ""), seat.member_id == group.leader_id, seat.walk_m, seat.reason)
                for seat in sorted(group.seats, key=lambda seat: (seat.walk_m or 0.0, seat.member_id))
            ),
        )
        for group in groups
    )


def _named(member: Member) -> str:
    """Name a member; a leader who has died or left stands there until the branch has named another."""
    if member.left_on is None or member.left_kind is None:
        return member.name
    return f"{member.name}（已{member.left_kind.label}，待支部另定）"


def compare_with_force(actor: Actor, store: Store, plan: GroupPlan) -> tuple[Move, ...]:
    """Say for every member of the proposal, and of the groups it replaces, what would change; changes first."""
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, plan.branch_ids)
        groups = reader.groups_in_force(plan.branch_ids)
        members = {member.id: member for member in reader.members(plan.branch_ids)}
        branches = {org.id: org.name for org in reader.orgs()}
        places = _places(reader, groups)
    here = {group.id: _place_key(group) for group in groups}
    before = {seat.member_id: group.id for group in groups for seat in group.seats}
    after = {seat.member_id: group.place for group in plan.groups for seat in group.seats}
    moves = []
    for member_id in sorted(before.keys() | after.keys()):
        member, old, new = members.get(member_id), before.get(member_id), after.get(member_id)
        change = _change(here.get(old) if old else None, (new.host_id, new.venue_id) if new else None)
        moves.append(
            Move(
                name=member.name if member else "",
                branch=branches.get(member.branch_id, "") if member else "",
                before=places.get(old, "") if old else "",
                after=new.label if new else "",
                change=change,
            )
        )
    order = list(Change)
    return tuple(sorted(moves, key=lambda move: (order.index(move.change), move.branch)))


def _change(before: tuple[int | None, int | None] | None, after: tuple[int | None, int | None] | None) -> Change:
    if before is None:
        return Change.NEW
    if after is None:
        return Change.DROPPED
    return Change.KEPT if before == after else Change.MOVED


def groups_to_close(actor: Actor, store: Store, branch_ids: Sequence[OrgId]) -> int:
    """Count the groups in force that adopting a plan for these branches would end."""
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, branch_ids)
        return len(reader.groups_in_force(branch_ids))


def branches_to_plan(actor: Actor, store: Store) -> tuple[PartyOrg, ...]:
    """List the branches that the actor may plan for."""
    require(actor, Action.PLAN_GROUPS)
    with store.reading(actor.scope) as reader:
        return reader.branches_in_scope()


def _place_key(group: PartyGroup) -> tuple[int | None, int | None]:
    return group.host_id, group.venue_id


def _places(reader: Reader, groups: Iterable[PartyGroup]) -> dict[int, str]:
    """Return what people call the place of each group, by group."""
    hosts = {host.id: host for host in reader.hosts(with_ended=True)}
    venues = {venue.id: venue.name for venue in reader.venues()}
    named: dict[int, str] = {}
    for group in groups:
        host = hosts.get(group.host_id) if group.host_id else None
        if host is not None:
            named[group.id] = f"{host.name}家" if host.name else f"{_building(reader, host.building_id)}党员中心户"
        else:
            named[group.id] = venues.get(VenueId(group.venue_id or 0), "")
    return named


def _building(reader: Reader, building_id: BuildingId | None) -> str:
    found = reader.building(building_id) if building_id else None
    return found.label if found else ""
