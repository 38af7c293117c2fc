"""Who was reached in a month, and in which of the three ways; without a person where the scope sees none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from gis.model.contact import ContactChannel
from gis.model.ids import MemberId, OrgId
from gis.model.meetings import AttendanceState, SessionMode
from gis.model.modes import StudyMode
from gis.model.visits import ResultState, ServedWay, VisitResult
from gis.store.readers.base import ScopedReads
from gis.store.schema import (
    AttendanceRow,
    ContactLogRow,
    MemberRow,
    ModeDecisionRow,
    SessionRow,
    TransitionRow,
    VisitResultRow,
    VisitTargetRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Select

#: How somebody is reached who studies online; a visit is a visit
_FROM_AFAR = (ContactChannel.PHONE, ContactChannel.WECHAT)


@dataclass(frozen=True, slots=True)
class ServedFact:
    """One member of the roster on the last day; id 0 and name "" where the reader's scope sees no people.

    `at` is the position among everybody of the scope, also who has left, by id.
    """

    member_id: MemberId
    name: str
    branch_id: OrgId
    is_in_transition: bool
    ways: frozenset[ServedWay]
    at: int = 0


class ServedReads(ScopedReads):
    """Counts for every scope, names where it sees people."""

    def served_facts(self, first: date, last: date) -> tuple[ServedFact, ...]:
        """List the members on the roster on `last` by branch and id, with how they were reached from `first` to then.

        By the branch of today; members who asked that nothing be done with their data are not in it.
        """
        branches = self.org_ids_in_scope
        if not branches:
            return ()
        ours = select(MemberRow.id).where(
            MemberRow.branch_id.in_(branches),
            MemberRow.restricted_on.is_(None),
            or_(MemberRow.left_on.is_(None), MemberRow.left_on > last),
        )
        ways = self._reached(ours, first, last)
        moving = set(self.session.scalars(_in_transition(ours, last)))
        position = self._positions()
        columns = select(MemberRow.id, MemberRow.name, MemberRow.branch_id).where(MemberRow.id.in_(ours))
        return tuple(
            ServedFact(
                MemberId(row.id if self.sees_people else 0),
                row.name if self.sees_people else "",
                OrgId(row.branch_id),
                row.id in moving,
                frozenset(ways.get(row.id, ())),
                position[MemberId(row.id)],
            )
            for row in self.session.execute(columns.order_by(MemberRow.branch_id, MemberRow.id))
        )

    def positions(self) -> dict[MemberId, int]:
        """Return the position of each member of the scope, also who has left, by id; needs `sees_people`."""
        return self._positions() if self.sees_people else {}

    def _positions(self) -> dict[MemberId, int]:
        everybody = select(MemberRow.id).where(MemberRow.branch_id.in_(self.org_ids_in_scope)).order_by(MemberRow.id)
        return {MemberId(number): at for at, number in enumerate(self.session.scalars(everybody))}

    def _reached(self, ours: Select[int], first: date, last: date) -> dict[int, set[ServedWay]]:
        """Return how each was reached; who was not is left out."""
        ways: dict[int, set[ServedWay]] = {}
        for way, query in _ways(ours, first, last):
            for number in self.session.scalars(query):
                ways.setdefault(number, set()).add(way)
        return ways


def _in_transition(ours: Select[int], day: date) -> Select[int]:
    return select(TransitionRow.member_id).where(
        TransitionRow.member_id.in_(ours),
        or_(TransitionRow.started_on.is_(None), TransitionRow.started_on <= day),
        or_(TransitionRow.returned_on.is_(None), TransitionRow.returned_on > day),
    )


def _ways(ours: Select[int], first: date, last: date) -> Iterator[tuple[ServedWay, Select[int]]]:
    """Yield for each way who was reached by it."""
    invited = (
        select(AttendanceRow.member_id)
        .join(SessionRow, SessionRow.id == AttendanceRow.session_id)
        .where(
            AttendanceRow.member_id.in_(ours),
            SessionRow.cancelled_on.is_(None),
            SessionRow.held_on.between(first, last),
        )
    )
    yield ServedWay.VISIT, invited.where(AttendanceRow.state == AttendanceState.SERVED_LATER)
    came = invited.where(AttendanceRow.state == AttendanceState.ATTENDED)
    yield ServedWay.SESSION, came.where(SessionRow.mode == SessionMode.ONSITE)
    yield ServedWay.VISIT, came.where(SessionRow.mode == SessionMode.DELIVER)
    yield ServedWay.ONLINE, came.where(SessionRow.mode == SessionMode.ONLINE)
    met = (
        select(VisitTargetRow.member_id)
        .join(VisitResultRow, VisitResultRow.target_id == VisitTargetRow.id)
        .where(
            VisitTargetRow.member_id.in_(ours),
            VisitResultRow.state == ResultState.ACCEPTED,
            VisitResultRow.result == VisitResult.MET,
            VisitResultRow.on_day.between(first, last),
        )
    )
    yield ServedWay.VISIT, met
    online = select(ModeDecisionRow.member_id).where(
        ModeDecisionRow.mode == StudyMode.ONLINE_STUDY,
        ModeDecisionRow.valid_from <= last,
        or_(ModeDecisionRow.valid_to.is_(None), ModeDecisionRow.valid_to > last),
    )
    reached = select(ContactLogRow.member_id).where(
        ContactLogRow.member_id.in_(ours),
        ContactLogRow.member_id.in_(online),
        ContactLogRow.is_reached,
        ContactLogRow.channel.in_(_FROM_AFAR),
        ContactLogRow.on_day.between(first, last),
    )
    yield ServedWay.ONLINE, reached
