"""The card of a group in force: who leads it, where it meets, how far its members walk, when it meets next.

Names are for roles that see members, of groups of their scope; everybody else is told that there is no such group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.ids import VenueId
from gis.services.access import require

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.meetings import Session
    from gis.model.people import PartyGroup
    from gis.store.database import Store
    from gis.store.reader import Reader

_GONE = "这个临时党小组已不存在或不在管理范围内，请刷新页面"


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group in force.

    `place` names the host or venue, `place_kind` is host or venue; walks are metres, None where not known;
    `next_session` is the next one of this group that is planned.
    """

    id: int
    name: str
    branch: str
    leader: str
    place: str
    place_kind: str
    place_id: int
    size: int
    capacity: int | None
    mean_walk_m: float | None
    longest_walk_m: float | None
    n_unknown_walks: int
    since: date
    next_session: Session | None


def group_card(actor: Actor, store: Store, group_id: int) -> GroupCard:
    """Return the card of a group in force of the actor's scope.

    Raises
    ------
    NotFoundError
        It is none of the scope, or no longer in force.
    """
    require(actor, Action.VIEW_MAP)
    require(actor, Action.VIEW_GROUPS)
    require(actor, Action.VIEW_MEMBERS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        group = reader.group_in_force(group_id)
        if group is None:
            raise NotFoundError(_GONE)
        coming = (one for one in reader.sessions(since=today) if one.group_id == group_id and one.held_on is None)
        place, capacity = _place(reader, group)
        walks = [seat.walk_m for seat in group.seats if seat.walk_m is not None]
        return GroupCard(
            id=group.id,
            name=group.name,
            branch=reader.org_names([group.branch_id]).get(group.branch_id, ""),
            leader=_leader(reader, group),
            place=place,
            place_kind="host" if group.host_id else "venue",
            place_id=group.host_id or group.venue_id or 0,
            size=len(group.seats),
            capacity=capacity,
            mean_walk_m=sum(walks) / len(walks) if walks else None,
            longest_walk_m=max(walks, default=None),
            n_unknown_walks=len(group.seats) - len(walks),
            since=group.valid_from,
            next_session=next(coming, None),
        )


def _leader(reader: Reader, group: PartyGroup) -> str:
    members = reader.members([group.branch_id], include_left=True)
    found = next((member for member in members if member.id == group.leader_id), None)
    if found is None:
        return ""
    if found.left_on is None or found.left_kind is None:
        return found.name
    return f"{found.name}（已{found.left_kind.label}，待支部另定）"


def _place(reader: Reader, group: PartyGroup) -> tuple[str, int | None]:
    """Name the host or the venue, and say for how many it has room."""
    if group.host_id:
        host = reader.host(group.host_id)
        return (f"{host.name}（党员中心户）" if host.name else "党员中心户", host.capacity) if host else ("", None)
    venue = reader.venue(VenueId(group.venue_id)) if group.venue_id else None
    return (venue.name, venue.capacity) if venue else ("", None)
