"""Groups in force with their open seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, not_, select

from gis.model.enums import GroupKind, GroupStatus
from gis.model.ids import HostId, MemberId, OrgId
from gis.model.people import PartyGroup, Seat
from gis.store.readers.base import ScopedReads
from gis.store.schema import GroupMembershipRow, GroupRow, MemberRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

    from gis.model.ids import VenueId

FEW = 100  # groups whose seats are read by themselves; above that all seats are


class GroupReads(ScopedReads):
    """Transition groups of the scope's branches."""

    def groups_in_force(
        self, branch_ids: Collection[OrgId] | None = None, *, kinds: Collection[GroupKind] = (GroupKind.TRANSITION,)
    ) -> tuple[PartyGroup, ...]:
        """List confirmed, open groups (of transition members) with their open seats, by id; needs `sees_people`."""
        mine = self.org_ids_in_scope
        branches = mine if branch_ids is None else mine & frozenset(branch_ids)
        if not branches or not self.sees_people:
            return ()
        return self._in_force(branches, GroupRow.kind.in_(frozenset(kinds)))

    def group_in_force(self, group_id: int) -> PartyGroup | None:
        """Return one of `groups_in_force` without reading the others."""
        return next(iter(self._few_in_force(GroupRow.id == group_id)), None)

    def groups_meeting_at(
        self, *, host_id: HostId | None = None, venue_id: VenueId | None = None
    ) -> tuple[PartyGroup, ...]:
        """List those of `groups_in_force` that meet at a host's or at a venue."""
        return self._few_in_force(GroupRow.host_id == host_id if host_id is not None else GroupRow.venue_id == venue_id)

    def _few_in_force(self, which: ColumnElement[bool]) -> tuple[PartyGroup, ...]:
        mine = self.org_ids_in_scope
        if not mine or not self.sees_people:
            return ()
        return self._in_force(mine, GroupRow.kind == GroupKind.TRANSITION, which)

    def _in_force(self, branches: frozenset[OrgId], *which: ColumnElement[bool]) -> tuple[PartyGroup, ...]:
        query = select(GroupRow).where(
            GroupRow.branch_id.in_(branches),
            GroupRow.status == GroupStatus.CONFIRMED,
            GroupRow.valid_to.is_(None),
            *which,
        )
        rows = self.session.scalars(query.order_by(GroupRow.id)).all()
        open_seats = select(GroupMembershipRow).where(GroupMembershipRow.valid_to.is_(None))
        if len(rows) <= FEW:
            open_seats = open_seats.where(GroupMembershipRow.group_id.in_([row.id for row in rows]))
        seats: dict[int, list[Seat]] = {}
        for seat in self.session.scalars(open_seats.order_by(GroupMembershipRow.id)):
            seats.setdefault(seat.group_id, []).append(seat_of(seat))
        return tuple(group_of(row, tuple(seats.get(row.id, ()))) for row in rows)

    def group_names_of(self, member_ids: Collection[MemberId]) -> dict[MemberId, str]:
        """Return the group in force of each of these members, as `groups_in_force` lists them, without the others."""
        if not self.sees_people:
            return {}
        query = (
            select(GroupMembershipRow.member_id, GroupRow.name)
            .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
            .where(
                GroupMembershipRow.member_id.in_(member_ids),
                GroupMembershipRow.valid_to.is_(None),
                GroupRow.branch_id.in_(self.org_ids_in_scope),
                GroupRow.kind == GroupKind.TRANSITION,
                GroupRow.status == GroupStatus.CONFIRMED,
                GroupRow.valid_to.is_(None),
            )
            .order_by(GroupMembershipRow.id)
        )
        return {MemberId(member): name for member, name in self.session.execute(query)}

    def seats_taken(self, *, except_branches: Collection[OrgId] = ()) -> dict[tuple[str, int], int]:
        """Count seats in force per place, keyed ("host" or "venue", id), without the groups of `except_branches`.

        Counts only, hence for the whole street: a host's seats are shared by branches that cannot see each other.
        """
        if not self.sees_street:
            return {}
        query = (
            select(GroupRow.host_id, GroupRow.venue_id, func.count())
            .join(GroupMembershipRow, GroupMembershipRow.group_id == GroupRow.id)
            .where(
                GroupRow.valid_to.is_(None),
                GroupMembershipRow.valid_to.is_(None),
                GroupRow.branch_id.not_in(frozenset(except_branches)),
            )
            .group_by(GroupRow.host_id, GroupRow.venue_id)
        )
        rows = self.session.execute(query)
        return {
            ("host" if host else "venue", host or venue or 0): count for host, venue, count in rows if host or venue
        }

    def leading_elsewhere(self, branch_ids: Collection[OrgId]) -> frozenset[MemberId]:
        """Return who leads an open group that a plan for these branches does not replace; persons need `sees_people`.

        Of the whole street: whoever leads a group of another branch cannot take on one more.
        """
        if not self.sees_people:
            return frozenset()
        is_replaced = and_(GroupRow.kind == GroupKind.TRANSITION, GroupRow.branch_id.in_(frozenset(branch_ids)))
        query = select(GroupRow.leader_member_id).where(
            GroupRow.valid_to.is_(None), GroupRow.leader_member_id.is_not(None), not_(is_replaced)
        )
        return frozenset(MemberId(leader) for leader in self.session.scalars(query) if leader is not None)

    def branches_mixed_with(self, branch_ids: Collection[OrgId]) -> frozenset[OrgId]:
        """Return the other branches that share an open group with these; no persons, hence for the whole street."""
        if not self.sees_street:
            return frozenset()
        query = (
            select(GroupRow.branch_id, MemberRow.branch_id)
            .join(GroupMembershipRow, GroupMembershipRow.group_id == GroupRow.id)
            .join(MemberRow, MemberRow.id == GroupMembershipRow.member_id)
            .where(
                GroupRow.kind == GroupKind.TRANSITION,
                GroupRow.valid_to.is_(None),
                GroupMembershipRow.valid_to.is_(None),
                GroupRow.branch_id != MemberRow.branch_id,
            )
            .distinct()
        )
        mine, found = frozenset(branch_ids), set[OrgId]()
        for pair in self.session.execute(query):
            if mine.intersection(pair):
                found.update(OrgId(one) for one in pair)
        return frozenset(found) - mine

    def group_counts(self) -> tuple[int, int]:
        """Count open groups and seated members of the scope, also for roles that see counts only."""
        open_groups = select(GroupRow.id).where(
            GroupRow.branch_id.in_(self.org_ids_in_scope),
            GroupRow.kind == GroupKind.TRANSITION,
            GroupRow.status == GroupStatus.CONFIRMED,
            GroupRow.valid_to.is_(None),
        )
        groups = self.session.scalar(select(func.count()).select_from(open_groups.subquery())) or 0
        seated = self.session.scalar(
            select(func.count())
            .select_from(GroupMembershipRow)
            .where(GroupMembershipRow.valid_to.is_(None), GroupMembershipRow.group_id.in_(open_groups))
        )
        return groups, seated or 0


def seat_of(row: GroupMembershipRow) -> Seat:
    """Row to model."""
    return Seat(
        member_id=MemberId(row.member_id),
        group_id=row.group_id,
        role=row.role.value,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        walk_m=row.walk_m,
        reason=row.reason,
    )


def group_of(row: GroupRow, seats: tuple[Seat, ...]) -> PartyGroup:
    """Row to model."""
    return PartyGroup(
        id=row.id,
        branch_id=OrgId(row.branch_id),
        name=row.name,
        kind=row.kind.value,
        status=row.status.value,
        leader_id=MemberId(row.leader_member_id) if row.leader_member_id else None,
        host_id=HostId(row.host_id) if row.host_id else None,
        venue_id=row.venue_id,
        decided_on=row.decided_on,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        seats=seats,
        version=row.version,
    )
