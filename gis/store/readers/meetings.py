"""Sessions, attendance and the holiday table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select

from gis.model.ids import GroupId, HostId, MemberId, OrgId, SessionId, VenueId
from gis.model.meetings import Attendance, AttendanceCount, AttendanceState, Holiday, Session, Side
from gis.model.rights import ConsentAnswer, ConsentScope
from gis.store.readers.base import ScopedReads
from gis.store.schema import AttendanceRow, ConsentRow, HolidayRow, MemberRow, SessionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Select

#: Whoever came, or was taught afterwards, has taken part
TOOK_PART = (AttendanceState.ATTENDED, AttendanceState.SERVED_LATER)


class MeetingReads(ScopedReads):
    """Sessions of the scope's organisations; persons in them where the scope reaches the person."""

    def sessions(
        self,
        org_ids: Collection[OrgId] | None = None,
        *,
        since: date | None = None,
        until: date | None = None,
        with_cancelled: bool = False,
    ) -> tuple[Session, ...]:
        """List sessions of the scope by time, days included on both ends.

        Responsible person, host and record are blank for roles that see counts only.
        """
        mine = self.org_ids_in_scope
        orgs = mine if org_ids is None else mine & frozenset(org_ids)
        query = select(SessionRow).where(SessionRow.org_id.in_(orgs)).order_by(SessionRow.planned_at, SessionRow.id)
        if not with_cancelled:
            query = query.where(SessionRow.cancelled_on.is_(None))
        rows = (session_of(row, is_known=self.sees_people) for row in self.session.scalars(query))
        return tuple(one for one in rows if (since is None or one.day >= since) and (until is None or one.day <= until))

    def sessions_inviting(self, *, since: date | None = None, until: date | None = None) -> tuple[Session, ...]:
        """List the sessions of other organisations to which members of the scope are invited, by time.

        What the own branch passes on to its members; the host's home and the record stay with who holds the session.
        """
        if not self.sees_people:
            return ()
        mine = self.org_ids_in_scope
        invited = (
            select(AttendanceRow.session_id)
            .join(MemberRow, MemberRow.id == AttendanceRow.member_id)
            .where(MemberRow.branch_id.in_(mine))
        )
        query = select(SessionRow).where(
            SessionRow.org_id.not_in(mine), SessionRow.id.in_(invited), SessionRow.cancelled_on.is_(None)
        )
        rows = self.session.scalars(query.order_by(SessionRow.planned_at, SessionRow.id))
        found = (replace(session_of(row, is_known=True), host_id=None, record="") for row in rows)
        return tuple(
            one for one in found if (since is None or one.day >= since) and (until is None or one.day <= until)
        )

    def meeting(self, session_id: SessionId) -> Session | None:
        """Return one session of the scope, or one to which members of the scope are invited."""
        row = self.session.get(SessionRow, session_id) if self.sees_street else None
        if row is not None and row.org_id in self.org_ids_in_scope:
            return session_of(row, is_known=self.sees_people)
        return next((one for one in self.sessions_inviting() if one.id == session_id), None)

    def attendance(
        self, session_ids: Collection[SessionId] | None = None, member_ids: Collection[MemberId] | None = None
    ) -> tuple[Attendance, ...]:
        """List who was invited and came.

        Members of the scope's branches wherever they were invited; of other branches those at the scope's own sessions
        who agreed to be known there (SHARE_WITH).
        """
        if not self.sees_people:
            return ()
        query = (
            select(AttendanceRow)
            .join(MemberRow, MemberRow.id == AttendanceRow.member_id)
            .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
            .where(self._may_see())
            .order_by(AttendanceRow.session_id, AttendanceRow.member_id)
        )
        if session_ids is not None:
            query = query.where(AttendanceRow.session_id.in_(frozenset(session_ids)))
        if member_ids is not None:
            query = query.where(AttendanceRow.member_id.in_(frozenset(member_ids)))
        return tuple(attendance_of(row) for row in self.session.scalars(query))

    def _may_see(self) -> ColumnElement[bool]:
        mine = self.org_ids_in_scope
        return or_(
            MemberRow.branch_id.in_(mine),
            SessionRow.org_id.in_(mine) & AttendanceRow.member_id.in_(self._shared_with(mine)),
        )

    def _shared_with(self, org_ids: Collection[OrgId]) -> Select[int]:
        """Select the members who agreed that one of these organisations may know them."""
        return (
            select(ConsentRow.member_id)
            .join(MemberRow, MemberRow.id == ConsentRow.member_id)
            .where(
                ConsentRow.scope == ConsentScope.SHARE_WITH,
                ConsentRow.answer == ConsentAnswer.GIVEN,
                ConsentRow.withdrawn_on.is_(None),
                ConsentRow.share_org_id.in_(frozenset(org_ids)),
                MemberRow.restricted_on.is_(None),
            )
        )

    def attendance_counts(self, session_ids: Collection[SessionId] | None = None) -> dict[SessionId, AttendanceCount]:
        """Count the attendance of the scope's sessions, also for roles that see counts only."""
        came = case((AttendanceRow.state == AttendanceState.ATTENDED, AttendanceRow.has_vote), else_=False)
        query = (
            select(AttendanceRow.session_id, AttendanceRow.state, AttendanceRow.has_vote, came, func.count())
            .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
            .where(SessionRow.org_id.in_(self.org_ids_in_scope))
            .group_by(AttendanceRow.session_id, AttendanceRow.state, AttendanceRow.has_vote, came)
        )
        if session_ids is not None:
            query = query.where(AttendanceRow.session_id.in_(frozenset(session_ids)))
        states: dict[SessionId, dict[AttendanceState, int]] = {}
        votes: dict[SessionId, list[int]] = {}
        for number, state, has_vote, is_present, count in self.session.execute(query):
            of_session = states.setdefault(SessionId(number), {})
            of_session[state] = of_session.get(state, 0) + count
            vote = votes.setdefault(SessionId(number), [0, 0])
            vote[0] += count * bool(has_vote)
            vote[1] += count * bool(is_present)
        counted = {number: AttendanceCount(found, *votes[number]) for number, found in states.items()}
        return self._kept_counts(session_ids) | counted

    def _kept_counts(self, session_ids: Collection[SessionId] | None) -> dict[SessionId, AttendanceCount]:
        """Return the figures of sessions whose lists were erased when their time was over."""
        query = select(SessionRow.id, SessionRow.kept_counts).where(
            SessionRow.org_id.in_(self.org_ids_in_scope), SessionRow.kept_counts.is_not(None)
        )
        if session_ids is not None:
            query = query.where(SessionRow.id.in_(frozenset(session_ids)))
        found = self.session.execute(query)
        return {SessionId(number): kept_count_of(kept) for number, kept in found if kept}

    def last_attended(self, member_ids: Collection[MemberId] | None = None) -> dict[MemberId, date]:
        """Return when members of the scope last took part in a session that was held."""
        if not self.sees_people:
            return {}
        query = (
            select(AttendanceRow.member_id, func.max(SessionRow.held_on))
            .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
            .join(MemberRow, MemberRow.id == AttendanceRow.member_id)
            .where(
                AttendanceRow.state.in_(TOOK_PART),
                SessionRow.held_on.is_not(None),
                SessionRow.cancelled_on.is_(None),
                MemberRow.branch_id.in_(self.org_ids_in_scope),
            )
            .group_by(AttendanceRow.member_id)
        )
        if member_ids is not None:
            query = query.where(AttendanceRow.member_id.in_(frozenset(member_ids)))
        return {MemberId(number): day for number, day in self.session.execute(query) if day is not None}

    def holidays(self) -> tuple[Holiday, ...]:
        """List days off and make-up working days by day."""
        if self.scope is None:
            return ()
        rows = self.session.scalars(select(HolidayRow).order_by(HolidayRow.day))
        return tuple(Holiday(row.day, row.is_workday, row.name) for row in rows)


def session_of(row: SessionRow, *, is_known: bool) -> Session:
    """Row to model; personal fields are blank unless `is_known`."""
    return Session(
        id=SessionId(row.id),
        org_id=OrgId(row.org_id),
        kind=row.kind,
        affair=row.affair,
        planned_at=row.planned_at,
        theme=row.theme,
        plan=row.plan,
        format=row.format,
        mode=row.mode,
        group_id=GroupId(row.group_id) if row.group_id else None,
        venue_id=VenueId(row.venue_id) if row.venue_id else None,
        host_id=HostId(row.host_id) if row.host_id and is_known else None,
        responsible=row.responsible if is_known else "",
        record=row.record if is_known else "",
        held_on=row.held_on,
        cancelled_on=row.cancelled_on,
        version=row.version,
    )


def attendance_of(row: AttendanceRow) -> Attendance:
    """Row to model."""
    return Attendance(
        session_id=SessionId(row.session_id),
        member_id=MemberId(row.member_id),
        state=row.state,
        has_vote=row.has_vote,
        invited_by=Side.from_label(row.invited_by) or Side.RELATION,
        version=row.version,
    )


def kept_count_of(kept: Mapping[str, Any]) -> AttendanceCount:
    """Figures that stayed when a list was erased, to model."""
    states = {state: kept["states"][state.value] for state in AttendanceState if state.value in kept["states"]}
    return AttendanceCount(states, kept["votes"], kept["votes_present"])
