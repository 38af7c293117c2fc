"""Writes of plans, groups and memberships; history stays, nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.model.enums import GroupKind, GroupRole, GroupStatus, SeatSource
from gis.model.ids import RunId
from gis.store.schema import GroupMembershipRow, GroupPlanRow, GroupRow, RunRow
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from gis.model.ids import HostId, MemberId, OrgId, VenueId


@dataclass(frozen=True, slots=True)
class NewSeat:
    """One member of a group about to be founded."""

    member_id: MemberId
    walk_m: float
    reason: str
    source: SeatSource = SeatSource.PROPOSAL


@dataclass(frozen=True, slots=True)
class NewGroup:
    """One group about to be founded; exactly one of host and venue is given."""

    branch_id: OrgId
    name: str
    leader_id: MemberId
    host_id: HostId | None
    venue_id: VenueId | None
    seats: tuple[NewSeat, ...]
    reasons: tuple[str, ...] = ()
    decided_on: date | None = None
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewRun:
    """The run that proposed the groups."""

    parameters: dict[str, object]
    data_version: int
    solver: str
    status: str
    objective: float
    bound: float
    document: dict[str, object] = field(default_factory=dict)


class GroupWrites(Writes):
    """Adopt a plan: close what it replaces, found what it proposes."""

    def add_run(self, run: NewRun) -> RunId:
        """Keep an adopted plan with its parameters."""
        row = RunRow(
            parameters=run.parameters,
            data_version=run.data_version,
            solver=run.solver,
            status=run.status,
            objective=run.objective,
            bound=run.bound,
            document=run.document,
            accepted_by=self.actor.name,
            accepted_at=self.now,
        )
        self.session.add(row)
        self.session.flush()
        return RunId(row.id)

    def close_groups(self, branch_ids: Collection[OrgId]) -> int:
        """Close the open transition groups of these branches and their seats today; returns how many groups."""
        groups = self.session.scalars(
            select(GroupRow).where(
                GroupRow.branch_id.in_(branch_ids),
                GroupRow.kind == GroupKind.TRANSITION,
                GroupRow.valid_to.is_(None),
            )
        ).all()
        self._close_seats(
            select(GroupMembershipRow).where(
                GroupMembershipRow.group_id.in_([group.id for group in groups]), GroupMembershipRow.valid_to.is_(None)
            )
        )
        for group in groups:
            group.valid_to, group.status = self.today, GroupStatus.CLOSED
        self.session.flush()
        return len(groups)

    def close_run(self, run_id: RunId, on: date) -> int:
        """Close what is still open of the groups that a run founded, and their seats; returns how many groups."""
        groups = self.session.scalars(
            select(GroupRow).where(GroupRow.run_id == run_id, GroupRow.valid_to.is_(None))
        ).all()
        self._close_seats(
            select(GroupMembershipRow).where(
                GroupMembershipRow.group_id.in_([group.id for group in groups]), GroupMembershipRow.valid_to.is_(None)
            ),
            on,
        )
        for group in groups:
            group.valid_to, group.status = on, GroupStatus.CLOSED
        self.session.flush()
        return len(groups)

    def date_run_report(self, run_id: RunId, reported_on: date) -> None:
        """Note on the open groups of a run when they were reported to the level above."""
        for group in self.session.scalars(select(GroupRow).where(GroupRow.run_id == run_id)):
            group.reported_on = reported_on

    def _close_seats(self, query: object, on: date | None = None) -> None:
        for seat in self.session.scalars(query):  # type: ignore[call-overload]  # a select of membership rows
            seat.valid_to = on or self.today

    def found_groups(self, run_id: RunId, groups: Sequence[NewGroup]) -> list[int]:
        """Found groups with dated seats; open main seats of the same members elsewhere are closed first."""
        members = [seat.member_id for group in groups for seat in group.seats]
        self._close_seats(
            select(GroupMembershipRow).where(
                GroupMembershipRow.member_id.in_(members), GroupMembershipRow.valid_to.is_(None)
            )
        )
        self.session.flush()
        ids = [self._found(run_id, group) for group in groups]
        self.session.flush()
        return ids

    def _found(self, run_id: RunId, group: NewGroup) -> int:
        row = GroupRow(
            branch_id=group.branch_id,
            name=group.name,
            kind=GroupKind.TRANSITION,
            status=GroupStatus.CONFIRMED,
            leader_member_id=group.leader_id,
            host_id=group.host_id,
            venue_id=group.venue_id,
            run_id=run_id,
            decided_on=group.decided_on,
            reported_on=group.reported_on,
            valid_from=self.today,
        )
        self.session.add(row)
        self.session.flush()
        self.session.add(
            GroupPlanRow(
                run_id=run_id,
                group_id=row.id,
                branch_id=group.branch_id,
                walk_total_m=sum(seat.walk_m for seat in group.seats),
                size=len(group.seats),
                reasons=list(group.reasons),
            )
        )
        self.session.add_all(
            GroupMembershipRow(
                group_id=row.id,
                member_id=seat.member_id,
                role=GroupRole.LEADER if seat.member_id == group.leader_id else GroupRole.MEMBER,
                source=seat.source,
                walk_m=seat.walk_m,
                reason=seat.reason,
                valid_from=self.today,
            )
            for seat in group.seats
        )
        return int(row.id)
