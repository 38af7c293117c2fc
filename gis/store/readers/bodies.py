"""片区, posts in grids, joint bodies and the history of organisations; persons only where the scope sees them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from gis.model.bodies import Area, Body, BodySeat, GridAssignment, OrgEvent
from gis.model.ids import AreaId, AssignmentId, BodyId, BodySeatId, BuildingId, GridId, MemberId, OrgId
from gis.store.readers.base import ScopedReads
from gis.store.schema import (
    AreaBuildingRow,
    AreaMemberRow,
    AreaRow,
    BodyMemberRow,
    BodyRow,
    GridAssignmentRow,
    GridRow,
    GroupRow,
    HostRow,
    MemberRow,
    OrgDivisionRow,
    OrgEventRow,
    OrgRow,
    ScopeRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class BodyReads(ScopedReads):
    """What organisations divide, fill and join."""

    def areas(self, *, with_closed: bool = False) -> tuple[Area, ...]:
        """List 片区 with their buildings by id; the leader only of organisations whose people the scope sees."""
        if not self.sees_street:
            return ()
        query = select(AreaRow).order_by(AreaRow.id)
        if not with_closed:
            query = query.where(AreaRow.valid_to.is_(None))
        buildings = self.area_buildings()
        known = self.org_ids_in_scope if self.sees_people else frozenset()
        return tuple(
            Area(
                id=AreaId(row.id),
                name=row.name,
                org_id=OrgId(row.org_id),
                leader_id=MemberId(row.leader_member_id) if row.leader_member_id and row.org_id in known else None,
                building_ids=buildings.get(AreaId(row.id), frozenset()),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                shape=row.geom,
                version=row.version,
            )
            for row in self.session.scalars(query)
        )

    def area_buildings(self) -> dict[AreaId, frozenset[BuildingId]]:
        """Return the buildings of each 片区 now."""
        if not self.sees_street:
            return {}
        query = select(AreaBuildingRow.area_id, AreaBuildingRow.building_id).where(AreaBuildingRow.valid_to.is_(None))
        found: dict[AreaId, set[BuildingId]] = {}
        for area, building in self.session.execute(query):
            found.setdefault(AreaId(area), set()).add(BuildingId(building))
        return {area: frozenset(ids) for area, ids in found.items()}

    def area_members(self) -> dict[MemberId, frozenset[AreaId]]:
        """Return the 片区 that a person has put members of the scope into."""
        if not self.sees_people:
            return {}
        mine = select(MemberRow.id).where(MemberRow.branch_id.in_(self.org_ids_in_scope))
        query = select(AreaMemberRow.member_id, AreaMemberRow.area_id).where(
            AreaMemberRow.valid_to.is_(None), AreaMemberRow.member_id.in_(mine)
        )
        found: dict[MemberId, set[AreaId]] = {}
        for member, area in self.session.execute(query):
            found.setdefault(MemberId(member), set()).add(AreaId(area))
        return {member: frozenset(areas) for member, areas in found.items()}

    def area_leads(self) -> dict[AreaId, bool]:
        """Return of each open 片区 whether it has a leader; no persons, hence for the whole street."""
        if not self.sees_street:
            return {}
        query = select(AreaRow.id, AreaRow.leader_member_id).where(AreaRow.valid_to.is_(None))
        return {AreaId(area): leader is not None for area, leader in self.session.execute(query)}

    @cached_property
    def codes_around(self) -> frozenset[str]:
        """Divisions of the scope's organisations, or of the nearest organisation above a root that covers none."""
        rows = self.session.execute(
            select(OrgDivisionRow.org_id, OrgDivisionRow.division_code).where(OrgDivisionRow.valid_to.is_(None))
        )
        codes: dict[int, set[str]] = {}
        for org, code in rows:
            codes.setdefault(org, set()).add(code)
        parents: dict[int, int | None] = {
            row.id: row.parent_id for row in self.session.execute(select(OrgRow.id, OrgRow.parent_id))
        }
        found: set[str] = set()
        for org in self.org_ids_in_scope:
            above: int | None = org
            seen: set[int] = set()
            while above is not None and above not in codes and above not in seen:
                seen.add(above)
                above = parents.get(above)
            found |= codes.get(above or 0, set())
        return frozenset(found)

    def grid_assignments(
        self, grid_ids: Iterable[GridId] | None = None, *, with_ended: bool = False
    ) -> tuple[GridAssignment, ...]:
        """List who has which post, by id: of grids in the communities of the scope, or held by its own members."""
        if not self.sees_people:
            return ()
        mine = select(MemberRow.id).where(MemberRow.branch_id.in_(self.org_ids_in_scope))
        query = (
            select(GridAssignmentRow)
            .join(GridRow, GridRow.id == GridAssignmentRow.grid_id)
            .where(or_(GridRow.community_code.in_(self.codes_around), GridAssignmentRow.member_id.in_(mine)))
            .order_by(GridAssignmentRow.id)
        )
        if self.scope is not None and self.scope.whole_street:
            query = select(GridAssignmentRow).order_by(GridAssignmentRow.id)
        if not with_ended:
            query = query.where(GridAssignmentRow.valid_to.is_(None))
        if grid_ids is not None:
            query = query.where(GridAssignmentRow.grid_id.in_(frozenset(grid_ids)))
        return tuple(assignment_of(row) for row in self.session.scalars(query))

    def bodies(self, *, with_ended: bool = False) -> tuple[Body, ...]:
        """List bodies with their open seats (all seats where `with_ended`), by id; persons only of the scope."""
        if not self.sees_street:
            return ()
        query, seats = select(BodyRow).order_by(BodyRow.id), select(BodyMemberRow).order_by(BodyMemberRow.id)
        if not with_ended:
            query = query.where(BodyRow.valid_to.is_(None))
            seats = seats.where(BodyMemberRow.valid_to.is_(None))
        people = select(MemberRow.id).where(MemberRow.branch_id.in_(self.org_ids_in_scope))
        is_mine = BodyMemberRow.member_id.in_(people) if self.sees_people else BodyMemberRow.member_id.is_(None)
        by_body: dict[int, list[BodySeat]] = {}
        for row in self.session.scalars(seats.where(or_(BodyMemberRow.member_id.is_(None), is_mine))):
            by_body.setdefault(row.body_id, []).append(seat_of(row))
        return tuple(
            Body(
                id=BodyId(row.id),
                name=row.name,
                kind=row.kind,
                lead_org_id=OrgId(row.lead_org_id),
                founded_on=row.founded_on,
                valid_to=row.valid_to,
                note=row.note,
                seats=tuple(by_body.get(row.id, ())),
                version=row.version,
            )
            for row in self.session.scalars(query)
        )

    def org_events(self, org_id: OrgId | None = None) -> tuple[OrgEvent, ...]:
        """List what has happened to one organisation, or to all, by day."""
        if not self.sees_street:
            return ()
        query = select(OrgEventRow).order_by(OrgEventRow.on_day, OrgEventRow.id)
        if org_id is not None:
            query = query.where(OrgEventRow.org_id == org_id)
        return tuple(
            OrgEvent(
                org_id=OrgId(row.org_id),
                kind=row.kind,
                on=row.on_day,
                approved_by=row.approved_by,
                other_org_id=OrgId(row.other_org_id) if row.other_org_id else None,
                note=row.note,
                by=row.created_by,
            )
            for row in self.session.scalars(query)
        )

    def org_divisions(self, org_id: OrgId) -> tuple[tuple[str, date | None, date | None], ...]:
        """Return the divisions that an organisation has covered: code, from, to; also those of the past."""
        if not self.sees_street:
            return ()
        query = select(OrgDivisionRow).where(OrgDivisionRow.org_id == org_id).order_by(OrgDivisionRow.id)
        return tuple((row.division_code, row.valid_from, row.valid_to) for row in self.session.scalars(query))

    def member_counts_by_branch(self) -> dict[OrgId, int]:
        """Count members per branch of the scope, also for roles that see counts only."""
        query = (
            select(MemberRow.branch_id, func.count())
            .where(MemberRow.branch_id.in_(self.org_ids_in_scope), MemberRow.left_on.is_(None))
            .group_by(MemberRow.branch_id)
        )
        return {OrgId(branch): count for branch, count in self.session.execute(query)}

    def group_counts_by_branch(self) -> dict[OrgId, int]:
        """Count open groups of all kinds per branch of the scope, also for roles that see counts only."""
        query = (
            select(GroupRow.branch_id, func.count())
            .where(GroupRow.branch_id.in_(self.org_ids_in_scope), GroupRow.valid_to.is_(None))
            .group_by(GroupRow.branch_id)
        )
        return {OrgId(branch): count for branch, count in self.session.execute(query)}

    def left_behind(self, org_id: OrgId) -> dict[str, int]:
        """Count what still hangs on an organisation: members (also in the past), groups, hosts, areas, accounts.

        Counts only, hence not narrowed: what is overlooked would be lost when the organisation is abolished.
        """

        def count(
            row: type[MemberRow | GroupRow | HostRow | AreaRow | OrgRow | ScopeRow | BodyRow], *where: object
        ) -> int:
            return self.session.scalar(select(func.count()).select_from(row).where(*where)) or 0  # type: ignore[arg-type]  # conditions

        return {
            "members": count(MemberRow, MemberRow.branch_id == org_id, MemberRow.left_on.is_(None)),
            "groups": count(GroupRow, GroupRow.branch_id == org_id, GroupRow.valid_to.is_(None)),
            "hosts": count(HostRow, HostRow.branch_id == org_id, HostRow.status != "ended"),
            "children": count(OrgRow, OrgRow.parent_id == org_id, OrgRow.status != "abolished"),
            "areas": count(AreaRow, AreaRow.org_id == org_id, AreaRow.valid_to.is_(None)),
            "bodies": count(BodyRow, BodyRow.lead_org_id == org_id, BodyRow.valid_to.is_(None)),
            "accounts": count(ScopeRow, ScopeRow.org_id == org_id),
        }


def assignment_of(row: GridAssignmentRow) -> GridAssignment:
    """Row to model."""
    return GridAssignment(
        id=AssignmentId(row.id),
        grid_id=GridId(row.grid_id),
        post=row.post,
        name=row.name,
        building_id=BuildingId(row.building_id) if row.building_id else None,
        member_id=MemberId(row.member_id) if row.member_id else None,
        phone=row.phone,
        duties=row.duties,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        version=row.version,
    )


def seat_of(row: BodyMemberRow) -> BodySeat:
    """Row to model."""
    return BodySeat(
        id=BodySeatId(row.id),
        body_id=BodyId(row.body_id),
        role=row.role,
        org_id=OrgId(row.org_id) if row.org_id else None,
        member_id=MemberId(row.member_id) if row.member_id else None,
        name=row.name,
        town=row.town,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        version=row.version,
    )
