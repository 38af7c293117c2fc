"""Where members in transition come from and where they meet: facts to count by, a number only where people are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from gis.model.enums import GroupKind, GroupStatus
from gis.model.ids import MemberId, OrgId
from gis.store.readers.kpis import KpiReads
from gis.store.schema import BuildingRow, GroupMembershipRow, GroupRow, HostRow, MemberRow, VenueRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from gis.store.readers.kpis import CountedPerson


@dataclass(frozen=True, slots=True)
class MovingPerson:
    """One member in transition as the board counts them; `member_id` is 0 where the scope sees no people."""

    member_id: MemberId
    person: CountedPerson
    group_id: int | None


@dataclass(frozen=True, slots=True)
class GroupSpot:
    """Where a group meets; `kind` and `number` name the host or venue, `shape` its building or position."""

    name: str
    branch_id: OrgId
    kind: str
    number: int
    place: str
    shape: bytes | None


class FlowReads(KpiReads):
    """Members in transition by where they come from, live and meet."""

    def moving_people(self, today: date, people: Sequence[CountedPerson] = ()) -> tuple[MovingPerson, ...]:
        """List the members in transition of the scope, as the board counts them, with the group they sit in.

        `people` are those of `counted_people`, where they have been read already.
        """
        chosen = MemberRow.branch_id.in_(self.org_ids_in_scope)
        people = people or self.counted_people((), today)
        numbers = self.session.scalars(select(MemberRow.id).where(chosen).order_by(MemberRow.id)).all()
        seats = self._seats_of_moving()
        return tuple(
            MovingPerson(
                member_id=MemberId(number if self.sees_people else 0),
                person=one,
                group_id=seats.get(number) if one.is_grouped else None,
            )
            for number, one in zip(numbers, people, strict=True)
            if one.board is not None and one.board.is_in_transition
        )

    def _seats_of_moving(self) -> dict[int, int]:
        query = (
            select(GroupMembershipRow.member_id, GroupMembershipRow.group_id)
            .join(GroupRow, GroupRow.id == GroupMembershipRow.group_id)
            .join(MemberRow, MemberRow.id == GroupMembershipRow.member_id)
            .where(
                MemberRow.branch_id.in_(self.org_ids_in_scope),
                GroupMembershipRow.valid_to.is_(None),
                GroupRow.valid_to.is_(None),
                GroupRow.kind == GroupKind.TRANSITION,
                GroupRow.status == GroupStatus.CONFIRMED,
            )
        )
        return {row.member_id: row.group_id for row in self.session.execute(query)}

    def group_spots(self, group_ids: Collection[int]) -> dict[int, GroupSpot]:
        """Return where these groups meet; places, no persons, hence for every scope."""
        if not self.sees_street or not group_ids:
            return {}
        home, room = aliased(BuildingRow), aliased(BuildingRow)
        query = (
            select(
                *(GroupRow.id, GroupRow.name, GroupRow.branch_id, GroupRow.host_id, GroupRow.venue_id),
                *(HostRow.geom.label("host_at"), home.geom.label("home_at")),
                *(VenueRow.name.label("venue"), VenueRow.geom.label("venue_at"), room.geom.label("room_at")),
            )
            .outerjoin(HostRow, HostRow.id == GroupRow.host_id)
            .outerjoin(home, home.id == HostRow.building_id)
            .outerjoin(VenueRow, VenueRow.id == GroupRow.venue_id)
            .outerjoin(room, room.id == VenueRow.building_id)
            .where(GroupRow.id.in_(frozenset(group_ids)))
        )
        return {
            row.id: GroupSpot(
                name=row.name,
                branch_id=OrgId(row.branch_id),
                kind="host" if row.host_id else "venue",
                number=row.host_id or row.venue_id or 0,
                place="党员中心户" if row.host_id else row.venue or "",
                shape=(row.home_at or row.host_at) if row.host_id else (row.venue_at or row.room_at),
            )
            for row in self.session.execute(query)
        }

    def names_in_scope(self, member_ids: Collection[MemberId]) -> dict[MemberId, str]:
        """Name these members where they are of the scope and nobody has asked to restrict the data."""
        if not self.sees_people or not member_ids:
            return {}
        query = select(MemberRow.id, MemberRow.name).where(
            MemberRow.id.in_(frozenset(member_ids)),
            MemberRow.branch_id.in_(self.org_ids_in_scope),
            MemberRow.left_on.is_(None),
            MemberRow.restricted_on.is_(None),
        )
        return {MemberId(row.id): row.name for row in self.session.execute(query)}
