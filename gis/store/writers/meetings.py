"""Writes of sessions, attendance and the holiday table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from gis.model.ids import SessionId
from gis.store.schema import AttendanceRow, HolidayRow, SessionRow
from gis.store.writers.base import Writes, values_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from gis.model.ids import MemberId
    from gis.model.meetings import Attendance, AttendanceState, Holiday, Session


class MeetingWrites(Writes):
    """Plan, invite, record; a session is cancelled, never deleted."""

    def save_session(self, item: Session) -> SessionId:
        """Insert a session, or update the one with its id."""
        row = self._save(SessionRow, item, values_of(item))
        self.session.flush()
        return SessionId(row.id)

    def add_sessions(self, items: Collection[Session]) -> list[SessionId]:
        """Insert many new sessions at once; returns their ids in the same order."""
        rows = [SessionRow(**values_of(item)) for item in items]
        self.session.add_all(rows)
        self.session.flush()
        return [SessionId(row.id) for row in rows]

    def add_attendance(self, items: Collection[Attendance]) -> None:
        """Insert many rows of new sessions at once, which the unit of work would take its time over."""
        stamp = {"created_at": self.now, "updated_at": self.now, "version": 1}
        who = {"created_by": self.actor.name, "updated_by": self.actor.name}
        rows = [
            {
                "session_id": one.session_id,
                "member_id": one.member_id,
                "state": one.state,
                "has_vote": one.has_vote,
                "invited_by": one.invited_by.value,
                **stamp,
                **who,
            }
            for one in items
        ]
        if rows:
            self.session.execute(insert(AttendanceRow), rows)

    def invite(self, session_id: SessionId, wanted: Iterable[Attendance]) -> tuple[int, int]:
        """Make the invitation list; returns how many were added and taken off.

        Whose attendance is recorded stays as it is; an invitation without answer that is no longer wanted goes.
        """
        rows = self.session.scalars(select(AttendanceRow).where(AttendanceRow.session_id == session_id))
        known = {row.member_id: row for row in rows}
        asked = {int(one.member_id): one for one in wanted}
        for number, one in asked.items():
            if number in known:
                known[number].has_vote, known[number].invited_by = one.has_vote, one.invited_by.value
                continue
            self.session.add(
                AttendanceRow(
                    session_id=session_id,
                    member_id=number,
                    state=one.state,
                    has_vote=one.has_vote,
                    invited_by=one.invited_by.value,
                )
            )
        gone = [row for number, row in known.items() if number not in asked and row.state.value == "invited"]
        for row in gone:
            self.session.delete(row)
        self.session.flush()
        return len(asked.keys() - known.keys()), len(gone)

    def set_attendance(self, session_id: SessionId, states: Mapping[MemberId, AttendanceState]) -> int:
        """Record what became of invitations; returns how many changed."""
        rows = self.session.scalars(
            select(AttendanceRow).where(
                AttendanceRow.session_id == session_id, AttendanceRow.member_id.in_(states.keys())
            )
        )
        changed = 0
        for row in rows:
            state = next(value for number, value in states.items() if number == row.member_id)
            changed += row.state is not state
            row.state = state
        self.session.flush()
        return changed

    def save_holidays(self, days: Collection[Holiday]) -> tuple[int, int]:
        """Add days or replace what is said of them; returns how many are new and changed."""
        known = {row.day: row for row in self.session.scalars(select(HolidayRow))}
        new = changed = 0
        for one in days:
            row = known.get(one.day)
            if row is None:
                row = known[one.day] = HolidayRow(day=one.day, is_workday=one.is_workday, name=one.name)
                self.session.add(row)
                new += 1
            elif (row.is_workday, row.name) != (one.is_workday, one.name):
                row.is_workday, row.name = one.is_workday, one.name
                changed += 1
        self.session.flush()
        return new, changed

    def remove_holidays(self, days: Collection[date]) -> int:
        """Take days out of the table; returns how many were in it."""
        rows = self.session.scalars(select(HolidayRow).where(HolidayRow.day.in_(frozenset(days)))).all()
        for row in rows:
            self.session.delete(row)
        self.session.flush()
        return len(rows)
