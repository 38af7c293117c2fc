"""Writes of 片区, posts, joint bodies and the history of organisations; dated rows are ended, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from gis.model.enums import GroupKind, GroupRole, GroupStatus, HostStatus
from gis.model.ids import AreaId, AssignmentId, BodyId, BodySeatId, MemberId
from gis.store.readers.bodies import seat_of
from gis.store.schema import (
    AffiliationRow,
    AreaBuildingRow,
    AreaMemberRow,
    AreaRow,
    BodyMemberRow,
    BodyRow,
    GridAssignmentRow,
    GroupMembershipRow,
    GroupRow,
    HostRow,
    MemberRow,
    OrgEventRow,
    OrgRow,
    VenueRow,
)
from gis.store.writers.base import Writes, values_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from gis.model.bodies import Area, Body, BodySeat, GridAssignment, OrgEvent
    from gis.model.ids import OrgId
    from gis.store.writers.groups import NewGroup


class BodyWrites(Writes):
    """Insert or update by id; a stale version is refused."""

    def save_area(self, item: Area) -> AreaId:
        """Save a 片区 and its buildings: those that are new begin today, those that are gone end today."""
        drop = frozenset({"building_ids", "leader_id", "shape", "valid_from"})
        values = {**values_of(item, leave_out=drop), "leader_member_id": item.leader_id, "geom": item.shape}
        if item.id is None:
            values["valid_from"] = item.valid_from or self.today
        row = self._save(AreaRow, item, values)
        self.session.flush()
        query = select(AreaBuildingRow).where(AreaBuildingRow.area_id == row.id, AreaBuildingRow.valid_to.is_(None))
        known = {link.building_id: link for link in self.session.scalars(query)}
        wanted = frozenset(int(one) for one in item.building_ids) if item.valid_to is None else frozenset[int]()
        for building in sorted(wanted - known.keys()):
            self.session.add(AreaBuildingRow(area_id=row.id, building_id=building, valid_from=self.today))
        for building in sorted(known.keys() - wanted):
            known[building].valid_to = item.valid_to or self.today
        self.session.flush()
        return AreaId(row.id)

    def place_in_area(self, member_id: MemberId, area_id: AreaId | None, leaving: Collection[AreaId]) -> None:
        """Put a member into a 片区 by hand, out of those in `leaving`; None leaves it to the building again."""
        query = select(AreaMemberRow).where(
            AreaMemberRow.member_id == member_id,
            AreaMemberRow.area_id.in_(frozenset(leaving)),
            AreaMemberRow.valid_to.is_(None),
        )
        rows = self.session.scalars(query).all()
        for row in rows:
            if row.area_id != area_id:
                row.valid_to = self.today
        if area_id is not None and all(row.area_id != area_id for row in rows):
            self.session.add(AreaMemberRow(area_id=area_id, member_id=member_id, valid_from=self.today))
        self.session.flush()

    def found_group(self, group: NewGroup, kind: GroupKind) -> int:
        """Found a group that comes from no plan, with its seats; members who sit elsewhere must have left before."""
        row = GroupRow(
            branch_id=group.branch_id,
            name=group.name,
            kind=kind,
            status=GroupStatus.CONFIRMED,
            leader_member_id=group.leader_id,
            host_id=group.host_id,
            venue_id=group.venue_id,
            decided_on=group.decided_on,
            reported_on=group.reported_on,
            valid_from=self.today,
        )
        self.session.add(row)
        self.session.flush()
        self.session.add_all(
            GroupMembershipRow(
                group_id=row.id,
                member_id=seat.member_id,
                role=GroupRole.LEADER if seat.member_id == group.leader_id else GroupRole.MEMBER,
                source=seat.source,
                reason=seat.reason,
                valid_from=self.today,
            )
            for seat in group.seats
        )
        self.session.flush()
        return int(row.id)

    def close_group(self, group_id: int, on: date) -> None:
        """Close one group and its seats; the rows stay."""
        row = self.session.get(GroupRow, group_id)
        if row is None:
            return
        row.valid_to, row.status = on, GroupStatus.CLOSED
        query = select(GroupMembershipRow).where(
            GroupMembershipRow.group_id == group_id, GroupMembershipRow.valid_to.is_(None)
        )
        for seat in self.session.scalars(query):
            seat.valid_to = on
        self.session.flush()

    def seated_anywhere(self, member_ids: Collection[MemberId]) -> frozenset[MemberId]:
        """Return which of these members sit in an open group of any kind, also outside the scope."""
        query = select(GroupMembershipRow.member_id).where(
            GroupMembershipRow.member_id.in_(frozenset(member_ids)), GroupMembershipRow.valid_to.is_(None)
        )
        return frozenset(MemberId(number) for number in self.session.scalars(query))

    def save_assignments(self, items: Iterable[GridAssignment]) -> list[AssignmentId]:
        """Save posts; one without a first day begins today."""
        rows = []
        for item in items:
            values = {**values_of(item), "valid_from": item.valid_from or self.today}
            rows.append(self._save(GridAssignmentRow, item, values))
        self.session.flush()
        return [AssignmentId(row.id) for row in rows]

    def save_body(self, item: Body) -> BodyId:
        """Save a body; its seats are saved by `save_body_seats`."""
        row = self._save(BodyRow, item, values_of(item, leave_out=frozenset({"seats"})))
        self.session.flush()
        return BodyId(row.id)

    def save_body_seats(self, items: Iterable[BodySeat]) -> list[BodySeatId]:
        """Save members of bodies; one without a first day begins today."""
        rows = []
        for item in items:
            values = {**values_of(item), "valid_from": item.valid_from or self.today}
            rows.append(self._save(BodyMemberRow, item, values))
        self.session.flush()
        return [BodySeatId(row.id) for row in rows]

    def all_body_seats(self, body_id: BodyId) -> list[BodySeat]:
        """List the open memberships of a body, also of people whom the scope does not see: they end with it."""
        query = select(BodyMemberRow).where(BodyMemberRow.body_id == body_id, BodyMemberRow.valid_to.is_(None))
        return [seat_of(row) for row in self.session.scalars(query.order_by(BodyMemberRow.id))]

    def add_org_event(self, event: OrgEvent) -> None:
        """Write one step into an organisation's history."""
        self.session.add(
            OrgEventRow(
                org_id=event.org_id,
                kind=event.kind,
                on_day=event.on,
                approved_by=event.approved_by,
                other_org_id=event.other_org_id,
                note=event.note,
            )
        )

    def hand_over(self, org_id: OrgId, successor_id: OrgId, on: date, reason: str) -> dict[str, int]:
        """Give everything that hangs on an organisation to its successor; returns how many rows of each kind.

        Members' affiliations are closed and opened; groups, hosts, areas, venues and organisations below keep their
        rows and change hands.
        """
        moved = {"members": self._hand_members(org_id, successor_id, on, reason)}
        self._end_double_seats(org_id, successor_id, on)
        owners = (
            ("groups", GroupRow, GroupRow.branch_id, GroupRow.valid_to.is_(None)),
            ("hosts", HostRow, HostRow.branch_id, HostRow.status != HostStatus.ENDED),
            ("areas", AreaRow, AreaRow.org_id, AreaRow.valid_to.is_(None)),
            ("children", OrgRow, OrgRow.parent_id, OrgRow.id != successor_id),
            ("venues", VenueRow, VenueRow.org_id, VenueRow.id > 0),
            ("bodies", BodyRow, BodyRow.lead_org_id, BodyRow.valid_to.is_(None)),
            ("seats", BodyMemberRow, BodyMemberRow.org_id, BodyMemberRow.valid_to.is_(None)),
        )
        for name, row_type, owner, condition in owners:
            rows = self.session.scalars(select(row_type).where(owner == org_id, condition)).all()
            for row in rows:
                setattr(row, owner.key, successor_id)
            moved[name] = len(rows)
        self.session.flush()
        return moved

    def _end_double_seats(self, org_id: OrgId, successor_id: OrgId, on: date) -> None:
        """End the memberships in bodies where the successor sits already."""
        there = select(BodyMemberRow.body_id).where(
            BodyMemberRow.org_id == successor_id, BodyMemberRow.valid_to.is_(None)
        )
        query = select(BodyMemberRow).where(
            BodyMemberRow.org_id == org_id, BodyMemberRow.valid_to.is_(None), BodyMemberRow.body_id.in_(there)
        )
        for row in self.session.scalars(query).all():
            row.valid_to = on
        self.session.flush()

    def _hand_members(self, org_id: OrgId, successor_id: OrgId, on: date, reason: str) -> int:
        rows = self.session.scalars(select(MemberRow).where(MemberRow.branch_id == org_id)).all()
        staying = [row for row in rows if row.left_on is None]
        for row in staying:
            row.branch_id = successor_id
        self.session.flush()
        ids = [row.id for row in staying]
        self.session.execute(
            update(AffiliationRow)
            .where(AffiliationRow.member_id.in_(ids), AffiliationRow.valid_to.is_(None))
            .values(valid_to=on, updated_at=self.now, updated_by=self.actor.name, version=AffiliationRow.version + 1)
        )
        self.session.add_all(
            AffiliationRow(member_id=number, org_id=successor_id, valid_from=on, reason=reason) for number in ids
        )
        return len(ids)
