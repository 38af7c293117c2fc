"""Members with their current residence and open transition; only where the scope sees people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, or_, select

from gis.model.enums import GroupKind, GroupStatus
from gis.model.ids import BuildingId, EstateId, GridId, HostId, MemberId, OrgId, ResidenceId
from gis.model.people import Member, Residence, Transition
from gis.store.readers.base import ScopedReads
from gis.store.schema import CompanionRow, GroupMembershipRow, GroupRow, MemberRow, ResidenceRow, TransitionRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select

PartT = TypeVar("PartT", ResidenceRow, TransitionRow)


class PeopleReads(ScopedReads):
    """Members of the scope's branches."""

    def _branches(self, branch_ids: Collection[OrgId] | None) -> frozenset[OrgId]:
        if not self.sees_people:
            return frozenset()
        mine = self.org_ids_in_scope
        return mine if branch_ids is None else mine & frozenset(branch_ids)

    def members(
        self,
        branch_ids: Collection[OrgId] | None = None,
        *,
        in_transition_only: bool = False,
        include_left: bool = False,
    ) -> tuple[Member, ...]:
        """List members by id, of the given branches or of the whole scope; who has left only where asked for."""
        branches = self._branches(branch_ids)
        if not branches:
            return ()
        chosen = select(MemberRow).where(MemberRow.branch_id.in_(branches)).order_by(MemberRow.id)
        if not include_left:
            chosen = chosen.where(MemberRow.left_on.is_(None))
        rows = self.session.scalars(chosen).all()
        homes = self._of_members(select(ResidenceRow).where(ResidenceRow.valid_to.is_(None)), ResidenceRow, branches)
        episodes = self._of_members(
            select(TransitionRow).where(TransitionRow.returned_on.is_(None)), TransitionRow, branches
        )
        together = self._companions(branches)
        members = (
            member_of(row, homes.get(row.id), episodes.get(row.id), tuple(sorted(together.get(row.id, ()))))
            for row in rows
        )
        return tuple(member for member in members if member.is_in_transition or not in_transition_only)

    def _companions(self, branches: frozenset[OrgId]) -> dict[int, set[MemberId]]:
        """Return who wants to sit with whom, both ways; whom the scope cannot see is left out."""
        mine = select(MemberRow.id).where(MemberRow.branch_id.in_(self.org_ids_in_scope))
        of_them = select(MemberRow.id).where(MemberRow.branch_id.in_(branches))
        query = select(CompanionRow.member_id, CompanionRow.companion_id).where(
            CompanionRow.valid_to.is_(None),
            CompanionRow.member_id.in_(mine),
            CompanionRow.companion_id.in_(mine),
            or_(CompanionRow.member_id.in_(of_them), CompanionRow.companion_id.in_(of_them)),
        )
        found: dict[int, set[MemberId]] = {}
        for one, other in self.session.execute(query):
            found.setdefault(one, set()).add(MemberId(other))
            found.setdefault(other, set()).add(MemberId(one))
        return found

    def residents(self, *, building_id: BuildingId | None = None, grid_id: GridId | None = None) -> tuple[Member, ...]:
        """List members of the scope who live in a building, or in a grid, by id."""
        place = ResidenceRow.building_id == building_id if building_id is not None else ResidenceRow.grid_id == grid_id
        here = select(ResidenceRow.member_id).where(ResidenceRow.valid_to.is_(None), place)
        query = (
            select(MemberRow)
            .where(MemberRow.branch_id.in_(self._branches(None)), MemberRow.id.in_(here), MemberRow.left_on.is_(None))
            .where(MemberRow.restricted_on.is_(None))
        )
        rows = self.session.scalars(query.order_by(MemberRow.id)).all()
        ids = [row.id for row in rows]
        homes = select(ResidenceRow).where(ResidenceRow.valid_to.is_(None), ResidenceRow.member_id.in_(ids))
        episodes = select(TransitionRow).where(TransitionRow.returned_on.is_(None), TransitionRow.member_id.in_(ids))
        home_of = {row.member_id: row for row in self.session.scalars(homes)}
        episode_of = {row.member_id: row for row in self.session.scalars(episodes)}
        return tuple(member_of(row, home_of.get(row.id), episode_of.get(row.id)) for row in rows)

    def _of_members(self, query: Select[PartT], part: type[PartT], branches: frozenset[OrgId]) -> dict[int, PartT]:
        mine = select(MemberRow.id).where(MemberRow.branch_id.in_(branches))
        rows = self.session.scalars(query.where(part.member_id.in_(mine)))
        return {row.member_id: row for row in rows}

    def people_to_reach(self) -> tuple[tuple[Member, bool], ...]:
        """List every transition member of the scope by id, and whether a transition group in force has the member.

        Where the scope sees counts only, nobody can be told: number, name, phones and address stay blank. The point
        of the home is given all the same, for measuring; it is the caller's to keep it to itself.
        """
        if not self.sees_street:
            return ()
        in_transition = select(TransitionRow.member_id).where(TransitionRow.returned_on.is_(None))
        ours = (MemberRow.branch_id.in_(self.org_ids_in_scope), MemberRow.left_on.is_(None))
        people = select(MemberRow).where(*ours, MemberRow.id.in_(in_transition)).order_by(MemberRow.id)
        numbers = select(MemberRow.id).where(*ours)
        homes = select(ResidenceRow).where(ResidenceRow.valid_to.is_(None), ResidenceRow.member_id.in_(numbers))
        home_of = {row.member_id: row for row in self.session.scalars(homes)}
        episodes = select(TransitionRow).where(TransitionRow.returned_on.is_(None))
        episode_of = {row.member_id: row for row in self.session.scalars(episodes)}
        in_force = (GroupRow.status == GroupStatus.CONFIRMED, GroupRow.valid_to.is_(None))
        grouped = frozenset(
            self.session.scalars(
                select(GroupMembershipRow.member_id)
                .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
                .where(GroupMembershipRow.valid_to.is_(None), GroupRow.kind == GroupKind.TRANSITION, *in_force)
            )
        )
        found = (
            (member_of(row, home_of.get(row.id), episode_of.get(row.id)), row.id in grouped)
            for row in self.session.scalars(people)
        )
        return tuple((one if self.sees_people else _unnamed(one), is_grouped) for one, is_grouped in found)

    def member_counts_by_grid(self) -> dict[GridId | None, int]:
        """Count transition members per grid of residence for the whole scope, also for roles that see counts only."""
        if not self.sees_street:
            return {}
        query = (
            select(ResidenceRow.grid_id, func.count())
            .join(MemberRow, MemberRow.id == ResidenceRow.member_id)
            .join(TransitionRow, TransitionRow.member_id == MemberRow.id)
            .where(
                ResidenceRow.valid_to.is_(None),
                TransitionRow.returned_on.is_(None),
                MemberRow.branch_id.in_(self.org_ids_in_scope),
                MemberRow.left_on.is_(None),
            )
            .group_by(ResidenceRow.grid_id)
        )
        return {GridId(grid) if grid else None: count for grid, count in self.session.execute(query)}


def member_of(
    row: MemberRow,
    home: ResidenceRow | None = None,
    episode: TransitionRow | None = None,
    companion_ids: tuple[MemberId, ...] = (),
) -> Member:
    """Row to model, with the current residence row, the open transition row and the companions."""
    return Member(
        id=MemberId(row.id),
        name=row.name,
        branch_id=OrgId(row.branch_id),
        birth_ym=row.birth_ym,
        gender=row.gender,
        phone=row.phone,
        phone2=row.phone2,
        member_status=row.member_status,
        membership_status=row.membership_status,
        joined_on=row.joined_on,
        confirmed_on=row.confirmed_on,
        post=row.post,
        original_village=row.original_village,
        categories=tuple(row.categories),
        preference=row.preference,
        mobility_level=row.mobility_level,
        lives_alone=row.lives_alone,
        is_leader_eligible=row.is_leader_eligible,
        locked_host_id=HostId(row.locked_host_id) if row.locked_host_id else None,
        max_walk_m=row.max_walk_m,
        companion_ids=companion_ids,
        map_precision=row.map_precision,
        roster_source=row.roster_source,
        residence_org_id=OrgId(row.residence_org_id) if row.residence_org_id else None,
        left_on=row.left_on,
        left_kind=row.left_kind,
        restricted_on=row.restricted_on,
        residence=residence_of(home) if home else None,
        transition=transition_of(episode) if episode else None,
        version=row.version,
    )


def _unnamed(member: Member) -> Member:
    home = member.residence
    bare = None if home is None else replace(home, id=None, address="", unit_no="", room_no="", reason="")
    return replace(member, id=None, name="", phone="", phone2="", post="", original_village="", residence=bare)


def residence_of(row: ResidenceRow) -> Residence:
    """Row to model."""
    return Residence(
        address=row.address,
        precision=row.precision,
        source=row.source,
        confidence=row.confidence,
        building_id=BuildingId(row.building_id) if row.building_id else None,
        estate_id=EstateId(row.estate_id) if row.estate_id else None,
        grid_id=GridId(row.grid_id) if row.grid_id else None,
        unit_no=row.unit_no,
        room_no=row.room_no,
        shape=row.geom,
        candidates=tuple(BuildingId(number) for number in row.candidates),
        reason=row.reason,
        valid_from=row.valid_from,
        located_on=row.located_on,
        id=ResidenceId(row.id),
        version=row.version,
    )


def transition_of(row: TransitionRow) -> Transition:
    """Row to model."""
    return Transition(
        started_on=row.started_on,
        expected_return=row.expected_return,
        returned_on=row.returned_on,
        project=row.project,
        return_community=row.return_community,
        housing_kind=row.housing_kind,
    )
