"""Whom and what a few visits need: the members behind stops, their buildings, and the accounts of those who go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from gis.model.contact import ContactChannel
from gis.model.ids import BuildingId, MemberId, OrgId, UserId
from gis.model.meetings import AttendanceState, SessionMode
from gis.store.readers.base import ScopedReads
from gis.store.readers.people import member_of
from gis.store.readers.territory import building_of
from gis.store.schema import (
    AttendanceRow,
    BuildingRow,
    ContactLogRow,
    EstateRow,
    MemberRow,
    ResidenceRow,
    ScopeRow,
    SessionRow,
    TransitionRow,
    UserRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from sqlalchemy import Select

    from gis.model.access import Role
    from gis.model.people import Member
    from gis.model.territory import Building

_AT_A_TIME = 500  # ids in one condition


class VisitPeopleReads(ScopedReads):
    """Few members of the scope at a time, without reading all of it."""

    def _visit_branches(self) -> frozenset[OrgId]:
        return self.org_ids_in_scope if self.sees_people else frozenset()

    def visit_members(self, member_ids: Collection[MemberId]) -> dict[MemberId, Member]:
        """Return these members of the scope with home and transition, also those who have left since."""
        found: dict[MemberId, Member] = {}
        for ids in _chunks(member_ids):
            rows = self.session.scalars(
                select(MemberRow).where(MemberRow.id.in_(ids), MemberRow.branch_id.in_(self._visit_branches()))
            ).all()
            mine = [row.id for row in rows]
            homes = select(ResidenceRow).where(ResidenceRow.member_id.in_(mine), ResidenceRow.valid_to.is_(None))
            episodes = select(TransitionRow).where(
                TransitionRow.member_id.in_(mine), TransitionRow.returned_on.is_(None)
            )
            home_of = {row.member_id: row for row in self.session.scalars(homes)}
            episode_of = {row.member_id: row for row in self.session.scalars(episodes)}
            found |= {MemberId(row.id): member_of(row, home_of.get(row.id), episode_of.get(row.id)) for row in rows}
        return found

    def visit_buildings(self, building_ids: Collection[BuildingId]) -> dict[BuildingId, Building]:
        """Return these buildings with the names of their estates."""
        found: dict[BuildingId, Building] = {}
        for ids in _chunks(building_ids) if self.sees_street else ():
            query = (
                select(BuildingRow, EstateRow.name)
                .outerjoin(EstateRow, EstateRow.id == BuildingRow.estate_id)
                .where(BuildingRow.id.in_(ids))
            )
            for row, estate in self.session.execute(query):
                found[BuildingId(row.id)] = building_of(row, {row.estate_id or 0: estate or ""})
        return found

    def visitor_accounts(self, roles: Collection[Role]) -> dict[UserId, tuple[str, Role, frozenset[OrgId]]]:
        """Return the active accounts of these roles: name on screen, role, organisations; needs `sees_people`."""
        if not self.sees_people:
            return {}
        query = (
            select(UserRow.id, UserRow.display_name, UserRow.username, UserRow.role, ScopeRow.org_id)
            .outerjoin(ScopeRow, ScopeRow.user_id == UserRow.id)
            .where(UserRow.is_active, UserRow.role.in_(tuple(roles)))
            .order_by(UserRow.id)
        )
        found: dict[UserId, tuple[str, Role, frozenset[OrgId]]] = {}
        for number, shown, username, role, org_id in self.session.execute(query):
            before = found.get(UserId(number), (shown or username, role, frozenset()))[2]
            more = frozenset([OrgId(org_id)]) if org_id else frozenset[OrgId]()
            found[UserId(number)] = (shown or username, role, before | more)
        return found

    def last_face_to_face(self) -> dict[MemberId, date]:
        """Return when each member of the scope was last seen in person: called on, or at a meeting that was held."""
        ours = self._members_to_visit()
        seen = (
            select(ContactLogRow.member_id, func.max(ContactLogRow.on_day))
            .where(
                ContactLogRow.is_reached,
                ContactLogRow.channel.in_((ContactChannel.VISIT, ContactChannel.MEETING)),
                ContactLogRow.member_id.in_(ours),
            )
            .group_by(ContactLogRow.member_id)
        )
        came = (
            select(AttendanceRow.member_id, func.max(SessionRow.held_on))
            .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
            .where(
                AttendanceRow.state == AttendanceState.ATTENDED,
                SessionRow.mode != SessionMode.ONLINE,
                SessionRow.held_on.is_not(None),
                SessionRow.cancelled_on.is_(None),
                AttendanceRow.member_id.in_(ours),
            )
            .group_by(AttendanceRow.member_id)
        )
        found: dict[MemberId, date] = {}
        for query in (seen, came):
            for member, day in self.session.execute(query):
                if day is not None:
                    found[MemberId(member)] = max(day, found.get(MemberId(member), day))
        return found

    def contact_promises(self) -> dict[MemberId, tuple[date, date]]:
        """Return the latest agreement in each member's contacts: the day of that contact, and the day agreed."""
        query = (
            select(ContactLogRow.member_id, ContactLogRow.on_day, ContactLogRow.next_on)
            .where(ContactLogRow.member_id.in_(self._members_to_visit()), ContactLogRow.next_on.is_not(None))
            .order_by(ContactLogRow.on_day, ContactLogRow.id)
        )
        found = self.session.execute(query)
        return {MemberId(member): (day, next_on) for member, day, next_on in found if next_on is not None}

    def _members_to_visit(self) -> Select[int]:
        return select(MemberRow.id).where(MemberRow.branch_id.in_(self._visit_branches()), MemberRow.left_on.is_(None))


def _chunks(ids: Collection[int]) -> Iterator[Sequence[int]]:
    ordered = sorted({int(one) for one in ids})
    for start in range(0, len(ordered), _AT_A_TIME):
        yield ordered[start : start + _AT_A_TIME]
