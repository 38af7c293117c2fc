"""One member on a round with all that a result needs to be judged by, and the results that stand for a member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from gis.model.ids import GroupId, MemberId, OrgId, RoundId, SessionId, TargetId, TeamId, UserId
from gis.model.visits import KeptResult, ResultState, VisitPurpose, VisitResult
from gis.store.readers.visit_results import VisitResultReads, result_of
from gis.store.schema import (
    MemberRow,
    OrgRow,
    ResidenceRow,
    VisitorRow,
    VisitResultRow,
    VisitRoundRow,
    VisitStopRow,
    VisitTargetRow,
    VisitTeamRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from gis.model.visits import RoundState

NO_TEAM = TeamId(0)


@dataclass(frozen=True, slots=True)
class VisitCase:
    """A member on a round; `is_open` False: left the roster, or asked that nothing more be done with their data."""

    target_id: TargetId
    member_id: MemberId
    name: str
    branch_id: OrgId
    is_open: bool
    purposes: tuple[VisitPurpose, ...]
    group_id: GroupId | None
    session_id: SessionId | None
    round_id: RoundId
    round_name: str
    round_org_id: OrgId
    round_state: RoundState
    first_day: date
    last_day: date
    issued_at: datetime | None
    team_id: TeamId
    team_number: int
    visitors: tuple[str, ...]
    user_ids: frozenset[UserId]


@dataclass(frozen=True, slots=True)
class Standing:
    """An accepted result of a member with what it changed."""

    kept: KeptResult
    contact_id: int | None
    effects: Mapping[str, Any]
    case: VisitCase


@dataclass(frozen=True, slots=True)
class FoundMoved:
    """A member who was found to have moved, on the latest visit, while the address on record is older."""

    member_id: MemberId
    name: str
    branch: str
    on_day: date
    by_name: str
    round_id: RoundId
    round_name: str


class VisitCaseReads(VisitResultReads):
    """Only members of the scope; of rounds above it only those that the account is of a team of."""

    def visit_case(self, target_id: TargetId, *, user_id: UserId | None = None) -> VisitCase | None:
        """Return one member on a round; None where there is none that may be seen."""
        query = _cases().where(
            VisitTargetRow.id == int(target_id), self._is_seen_target(), self._is_seen_round(user_id)
        )
        return next(iter(self._cases_of(query)), None)

    def standing_results(
        self, *, target_id: TargetId | None = None, member_id: MemberId | None = None
    ) -> tuple[Standing, ...]:
        """List the accepted results of one target, or of one member over all rounds, by day."""
        query = (
            select(VisitResultRow)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(VisitResultRow.state == ResultState.ACCEPTED, self._is_seen_target())
            .order_by(VisitResultRow.on_day, VisitResultRow.id)
        )
        if target_id is not None:
            query = query.where(VisitResultRow.target_id == int(target_id))
        if member_id is not None:
            query = query.where(VisitTargetRow.member_id == int(member_id))
        rows = self.session.scalars(query).all()
        theirs = _cases().where(VisitTargetRow.id.in_({row.target_id for row in rows}))
        cases = {one.target_id: one for one in self._cases_of(theirs)} if rows else {}
        return tuple(
            Standing(result_of(row), row.contact_log_id, row.effects, cases[TargetId(row.target_id)]) for row in rows
        )

    def waiting_results(
        self, *, round_id: RoundId | None = None, target_id: TargetId | None = None
    ) -> tuple[tuple[KeptResult, VisitCase], ...]:
        """List the results that wait for a decision, in the order in which they came in."""
        query = (
            select(VisitResultRow)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .join(VisitRoundRow, VisitRoundRow.id == VisitTargetRow.round_id)
            .where(VisitResultRow.state == ResultState.CONFLICT, self._is_seen_target(), self._is_seen_round(None))
            .order_by(VisitResultRow.id)
        )
        if round_id is not None:
            query = query.where(VisitTargetRow.round_id == int(round_id))
        if target_id is not None:
            query = query.where(VisitResultRow.target_id == int(target_id))
        rows = self.session.scalars(query).all()
        theirs = _cases().where(VisitTargetRow.id.in_({row.target_id for row in rows}))
        cases = {one.target_id: one for one in self._cases_of(theirs)} if rows else {}
        return tuple((result_of(row), cases[TargetId(row.target_id)]) for row in rows)

    def round_of_sheet(self, team_id: TeamId) -> RoundId | None:
        """Return the round of the team that carries a sheet."""
        found = self.session.scalar(select(VisitTeamRow.round_id).where(VisitTeamRow.id == int(team_id)))
        return RoundId(found) if found is not None else None

    def is_visit_key_taken(self, key: str) -> bool:
        """Whether a result came in under this key, also where the scope does not reach its member."""
        return self.session.scalar(select(VisitResultRow.id).where(VisitResultRow.key == key)) is not None

    def found_moved(self, member_ids: Collection[MemberId] | None = None) -> tuple[FoundMoved, ...]:
        """List who had moved at the latest visit and has no newer address, nor one checked since, the oldest first."""
        ever = (
            select(VisitTargetRow.member_id)
            .join(VisitResultRow, VisitResultRow.target_id == VisitTargetRow.id)
            .where(VisitResultRow.state == ResultState.ACCEPTED, VisitResultRow.result == VisitResult.MOVED)
        )
        query = (
            select(VisitResultRow, VisitTargetRow.member_id, VisitRoundRow.id, VisitRoundRow.name, MemberRow.name)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .join(VisitRoundRow, VisitRoundRow.id == VisitTargetRow.round_id)
            .join(MemberRow, MemberRow.id == VisitTargetRow.member_id)
            .where(
                VisitResultRow.state == ResultState.ACCEPTED,
                VisitTargetRow.member_id.in_(ever),
                self._is_seen_target(),
                MemberRow.left_on.is_(None),
                MemberRow.restricted_on.is_(None),
            )
            .order_by(VisitResultRow.on_day, VisitResultRow.id)
        )
        latest = {row[1]: row for row in self.session.execute(query)}
        moved = {number: row for number, row in latest.items() if row[0].result is VisitResult.MOVED}
        if member_ids is not None:
            moved = {number: row for number, row in moved.items() if number in frozenset(member_ids)}
        homes = select(ResidenceRow).where(ResidenceRow.member_id.in_(moved), ResidenceRow.valid_to.is_(None))
        old = {
            home.member_id
            for home in (self.session.scalars(homes) if moved else ())
            if _is_older(home, moved[home.member_id][0])
        }
        branches = select(MemberRow.id, OrgRow.name).join(OrgRow, OrgRow.id == MemberRow.branch_id)
        named = self.session.execute(branches.where(MemberRow.id.in_(old)))
        called: dict[int, str] = {number: name for number, name in named}  # noqa: C416  # rows, which only look like pairs to dict
        return tuple(
            FoundMoved(MemberId(number), name, called[number], row.on_day, row.by_name, RoundId(of), called_round)
            for row, number, of, called_round, name in moved.values()
            if number in old
        )

    def _cases_of(self, query: Any) -> tuple[VisitCase, ...]:
        rows = self.session.execute(query).all()
        teams = {stop.team_id for _, stop, _, _, _ in rows if stop.team_id is not None}
        people: dict[int, list[VisitorRow]] = {}
        visitors = select(VisitorRow).where(VisitorRow.team_id.in_(teams)).order_by(VisitorRow.position)
        for visitor in self.session.scalars(visitors) if teams else ():
            people.setdefault(visitor.team_id, []).append(visitor)
        return tuple(_case(row, people.get(row[1].team_id or 0, [])) for row in rows)


def _cases() -> Any:  # a query of five columns
    return (
        select(VisitTargetRow, VisitStopRow, VisitRoundRow, MemberRow, VisitTeamRow.number)
        .join(VisitStopRow, VisitStopRow.id == VisitTargetRow.stop_id)
        .join(VisitRoundRow, VisitRoundRow.id == VisitTargetRow.round_id)
        .join(MemberRow, MemberRow.id == VisitTargetRow.member_id)
        .outerjoin(VisitTeamRow, VisitTeamRow.id == VisitStopRow.team_id)
    )


def _case(row: Any, people: list[VisitorRow]) -> VisitCase:  # a row of _cases
    target, stop, visit_round, member, number = row
    purposes = (VisitPurpose.from_label(one) for one in target.purposes)
    return VisitCase(
        target_id=TargetId(target.id),
        member_id=MemberId(member.id),
        name=member.name,
        branch_id=OrgId(member.branch_id),
        is_open=member.left_on is None and member.restricted_on is None,
        purposes=tuple(one for one in purposes if one is not None),
        group_id=GroupId(stop.group_id) if stop.group_id else None,
        session_id=SessionId(stop.session_id) if stop.session_id else None,
        round_id=RoundId(visit_round.id),
        round_name=visit_round.name,
        round_org_id=OrgId(visit_round.org_id),
        round_state=visit_round.state,
        first_day=visit_round.first_day,
        last_day=visit_round.last_day,
        issued_at=visit_round.issued_at,
        team_id=TeamId(stop.team_id) if stop.team_id else NO_TEAM,
        team_number=number or 0,
        visitors=tuple(one.name for one in people),
        user_ids=frozenset(UserId(one.user_id) for one in people if one.user_id is not None),
    )


def _is_older(home: ResidenceRow, result: VisitResultRow) -> bool:
    """Whether an address was on record before the visit and nobody has looked at it since."""
    touched = (home.corrected_on, home.verified_on)
    is_before = home.created_at <= result.created_at and home.valid_from <= result.on_day
    return is_before and all(day is None or day <= result.on_day for day in touched)
