"""Rounds of visits with teams, stops and the members behind each, as far as the scope reaches.

A round is there when its organisation lies in the scope; for somebody of a team (`user_id`) also a round of a body
above the scope. Members outside the scope never come out, and a stop behind which nobody is left does not either.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, func, or_, select

from gis.model.ids import (
    BuildingId,
    GroupId,
    MemberId,
    OrgId,
    RoundId,
    SessionId,
    StopId,
    TargetId,
    TeamId,
    UserId,
    VenueId,
)
from gis.model.visits import (
    KEPT_FIGURES,
    DueKind,
    DueReason,
    LeftOut,
    ResultState,
    RoundState,
    Shift,
    Visitor,
    VisitPurpose,
    VisitResult,
    VisitRound,
    VisitStop,
    VisitTarget,
    VisitTeam,
)
from gis.store.readers.visit_people import VisitPeopleReads
from gis.store.schema import (
    MemberRow,
    VisitorRow,
    VisitResultRow,
    VisitRoundRow,
    VisitStopRow,
    VisitTargetRow,
    VisitTeamRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import ColumnElement, Select


@dataclass(frozen=True, slots=True)
class VisitCount:
    """Figures of one round; `n_done` targets have an accepted result, `n_conflicts` results wait for a decision."""

    n_teams: int = 0
    n_stops: int = 0
    n_targets: int = 0
    n_done: int = 0
    n_met: int = 0
    n_conflicts: int = 0


class VisitReads(VisitPeopleReads):
    """Rounds of the scope; only where it sees people."""

    def visit_rounds(self, *, since: date | None = None, until: date | None = None) -> tuple[VisitRound, ...]:
        """List rounds without their teams, the latest first; `since` and `until` are days that the rounds touch."""
        query = select(VisitRoundRow).where(self._is_seen_round(None))
        if since is not None:
            query = query.where(VisitRoundRow.last_day >= since)
        if until is not None:
            query = query.where(VisitRoundRow.first_day <= until)
        rows = self.session.scalars(query.order_by(VisitRoundRow.first_day.desc(), VisitRoundRow.id.desc())).all()
        if not rows:
            return ()
        mine = self._seen_members(one for row in rows for one in _left_ids(row))
        return tuple(_round(row, (), mine) for row in rows)

    def visit_round(self, round_id: RoundId, *, user_id: UserId | None = None) -> VisitRound | None:
        """Return one whole round; None where there is none that may be seen."""
        return next(
            iter(self._full_rounds(select(VisitRoundRow).where(VisitRoundRow.id == int(round_id)), user_id)), None
        )

    def round_of_team(self, team_id: TeamId, *, user_id: UserId | None = None) -> VisitRound | None:
        """Return the whole round of a team."""
        theirs = select(VisitTeamRow.round_id).where(VisitTeamRow.id == int(team_id))
        return next(iter(self._full_rounds(select(VisitRoundRow).where(VisitRoundRow.id.in_(theirs)), user_id)), None)

    def round_of_target(self, target_id: TargetId, *, user_id: UserId | None = None) -> VisitRound | None:
        """Return the whole round of a target; None also where its member lies outside the scope."""
        theirs = (
            select(VisitTargetRow.round_id)
            .join(MemberRow, MemberRow.id == VisitTargetRow.member_id)
            .where(VisitTargetRow.id == int(target_id), MemberRow.branch_id.in_(self._visit_branches()))
        )
        return next(iter(self._full_rounds(select(VisitRoundRow).where(VisitRoundRow.id.in_(theirs)), user_id)), None)

    def my_visit_rounds(self, user_id: UserId, since: date) -> tuple[VisitRound, ...]:
        """List the issued rounds, over on `since` or later, in which a team has this account, with only those teams."""
        query = select(VisitRoundRow).where(
            VisitRoundRow.state == RoundState.ISSUED,
            VisitRoundRow.last_day >= since,
            VisitRoundRow.id.in_(_rounds_of_user(user_id)),
        )
        return self._full_rounds(query.order_by(VisitRoundRow.first_day, VisitRoundRow.id), user_id, is_own_only=True)

    def visit_counts(self) -> dict[RoundId, VisitCount]:
        """Count every round of the scope: teams, stops, members of the scope and what came of it."""
        if not self._visit_branches():
            return {}
        rounds = select(VisitRoundRow.id).where(self._is_seen_round(None))
        teams = self._counted(VisitTeamRow, rounds)
        stops = self._counted(VisitStopRow, rounds)
        targets = self._counted(VisitTargetRow, rounds, self._is_seen_target())
        results: dict[int, dict[tuple[ResultState, VisitResult], int]] = {}
        query = (
            select(VisitTargetRow.round_id, VisitResultRow.state, VisitResultRow.result, func.count())
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(VisitTargetRow.round_id.in_(rounds), self._is_seen_target())
            .group_by(VisitTargetRow.round_id, VisitResultRow.state, VisitResultRow.result)
        )
        for round_id, state, result, count in self.session.execute(query):
            results.setdefault(round_id, {})[state, result] = count
        kept = self.session.execute(select(VisitRoundRow.id, VisitRoundRow.scores).where(VisitRoundRow.id.in_(rounds)))
        return {
            RoundId(number): _kept_count(scores)
            or _count(teams.get(number, 0), stops.get(number, 0), targets.get(number, 0), results.get(number, {}))
            for number, scores in kept
        }

    def visit_stop_days(self, since: date, states: Collection[RoundState]) -> dict[tuple[RoundId, date], int]:
        """Count by round and day the stops from `since` on behind which somebody of the scope is."""
        if not self._visit_branches():
            return {}
        behind = select(VisitTargetRow.stop_id).where(self._is_seen_target())
        query = (
            select(VisitStopRow.round_id, VisitStopRow.arrive)
            .join(VisitRoundRow, VisitRoundRow.id == VisitStopRow.round_id)
            .where(
                self._is_seen_round(None),
                VisitRoundRow.state.in_(list(states)),
                VisitRoundRow.last_day >= since,
                VisitStopRow.team_id.is_not(None),
                VisitStopRow.id.in_(behind),
            )
        )
        found = Counter((RoundId(number), arrive.date()) for number, arrive in self.session.execute(query))
        return {key: many for key, many in found.items() if key[1] >= since}

    def visits_planned(self, first: date, last: date) -> dict[MemberId, tuple[RoundId, str]]:
        """Say who is still to be visited in an issued round that touches these days: its id and name, for each."""
        done = select(VisitResultRow.target_id).where(VisitResultRow.state == ResultState.ACCEPTED)
        query = (
            select(VisitTargetRow.member_id, VisitRoundRow.id, VisitRoundRow.name)
            .join(VisitRoundRow, VisitRoundRow.id == VisitTargetRow.round_id)
            .where(
                self._is_seen_round(None),
                self._is_seen_target(),
                VisitRoundRow.state == RoundState.ISSUED,
                VisitRoundRow.last_day >= first,
                VisitRoundRow.first_day <= last,
                VisitTargetRow.id.not_in(done),
            )
            .order_by(VisitRoundRow.id)
        )
        return {MemberId(member): (RoundId(number), name) for member, number, name in self.session.execute(query)}

    def _is_seen_round(self, user_id: UserId | None) -> ColumnElement[bool]:
        """Say which rounds may be read."""
        if not self._visit_branches():
            return false()
        own = VisitRoundRow.org_id.in_(self._visit_branches())
        return own if user_id is None else or_(own, VisitRoundRow.id.in_(_rounds_of_user(user_id)))

    def _is_seen_target(self) -> ColumnElement[bool]:
        """Say whose rows may be read."""
        ours = select(MemberRow.id).where(MemberRow.branch_id.in_(self._visit_branches()))
        return VisitTargetRow.member_id.in_(ours)

    def _seen_members(self, member_ids: Iterable[int]) -> frozenset[int]:
        """Return those of the members whom the scope reaches."""
        asked = frozenset(member_ids)
        if not asked:
            return asked
        ours = select(MemberRow.id).where(MemberRow.branch_id.in_(self._visit_branches()))
        return asked & frozenset(self.session.scalars(ours))

    def _counted(
        self, row_type: type[Any], rounds: Select[int], condition: ColumnElement[bool] | None = None
    ) -> dict[int, int]:
        query = select(row_type.round_id, func.count()).where(row_type.round_id.in_(rounds))
        if condition is not None:
            query = query.where(condition)
        return {number: count for number, count in self.session.execute(query.group_by(row_type.round_id))}  # noqa: C416  # rows, which only look like pairs to dict

    def _full_rounds(
        self, query: Select[VisitRoundRow], user_id: UserId | None, *, is_own_only: bool = False
    ) -> tuple[VisitRound, ...]:
        """Read whole rounds: five queries, however many rounds and stops."""
        rows = self.session.scalars(query.where(self._is_seen_round(user_id))).all()
        if not rows:
            return ()
        ids = [row.id for row in rows]
        above = {row.id for row in rows if row.org_id not in self._visit_branches()}
        visitors = self._visitors_of(ids)
        stops = self._stops_of(ids)
        teams: dict[int, list[VisitTeam]] = {number: [] for number in ids}
        for row in self.session.scalars(
            select(VisitTeamRow).where(VisitTeamRow.round_id.in_(ids)).order_by(VisitTeamRow.number)
        ):
            team = _team(row, tuple(visitors.get(row.id, ())), tuple(stops.get(row.id, ())))
            is_own = any(one.user_id == user_id for one in team.visitors if one.user_id is not None)
            if is_own or not (is_own_only or row.round_id in above):
                teams[row.round_id].append(team)
        mine = self._seen_members(one for row in rows for one in _left_ids(row))
        return tuple(_round(row, tuple(teams[row.id]), mine) for row in rows)

    def _visitors_of(self, round_ids: list[int]) -> dict[int, list[Visitor]]:
        query = (
            select(VisitorRow)
            .join(VisitTeamRow, VisitTeamRow.id == VisitorRow.team_id)
            .where(VisitTeamRow.round_id.in_(round_ids))
            .order_by(VisitorRow.team_id, VisitorRow.position)
        )
        found: dict[int, list[Visitor]] = {}
        for row in self.session.scalars(query):
            found.setdefault(row.team_id, []).append(visitor_of(row))
        return found

    def _stops_of(self, round_ids: list[int]) -> dict[int, list[VisitStop]]:
        targets: dict[int, list[VisitTarget]] = {}
        behind = select(VisitTargetRow).where(VisitTargetRow.round_id.in_(round_ids), self._is_seen_target())
        for target in self.session.scalars(behind.order_by(VisitTargetRow.id)):
            targets.setdefault(target.stop_id, []).append(_target(target))
        doors = select(VisitStopRow).where(VisitStopRow.round_id.in_(round_ids), VisitStopRow.team_id.is_not(None))
        found: dict[int, list[VisitStop]] = {}
        for row in self.session.scalars(doors.order_by(VisitStopRow.team_id, VisitStopRow.position, VisitStopRow.id)):
            if row.id in targets and row.team_id is not None:
                found.setdefault(row.team_id, []).append(_stop(row, tuple(targets[row.id])))
        return found


def _rounds_of_user(user_id: UserId) -> Select[int]:
    return (
        select(VisitTeamRow.round_id)
        .join(VisitorRow, VisitorRow.team_id == VisitTeamRow.id)
        .where(VisitorRow.user_id == int(user_id))
    )


def _left_ids(row: VisitRoundRow) -> Iterable[int]:
    for one in row.left_out:
        yield from _numbers(one.get("member_ids"))


def _numbers(said: object) -> list[int]:
    return [int(one) for one in said] if isinstance(said, list) else []


def _round(row: VisitRoundRow, teams: tuple[VisitTeam, ...], mine: frozenset[int]) -> VisitRound:
    """Row to model; of those left out only the members of the scope."""
    said = ((_numbers(one.get("member_ids")), one) for one in row.left_out)
    left = (
        LeftOut(
            tuple(MemberId(number) for number in ids if number in mine), str(one.get("code")), str(one.get("reason"))
        )
        for ids, one in said
    )
    return VisitRound(
        id=RoundId(row.id),
        org_id=OrgId(row.org_id),
        name=row.name,
        first_day=row.first_day,
        last_day=row.last_day,
        teams=teams,
        left_out=tuple(one for one in left if one.member_ids),
        state=row.state,
        options=row.options,
        scores=row.scores,
        data_version=row.data_version,
        note=row.note,
        issued_at=row.issued_at,
        closed_on=row.closed_on,
        version=row.version,
    )


def _team(row: VisitTeamRow, visitors: tuple[Visitor, ...], stops: tuple[VisitStop, ...]) -> VisitTeam:
    return VisitTeam(
        number=row.number,
        visitors=visitors,
        shifts=tuple(shift_of(one) for one in row.shifts),
        stops=stops,
        way=row.way,
        start_venue_id=VenueId(row.start_venue_id) if row.start_venue_id else None,
        start_building_id=BuildingId(row.start_building_id) if row.start_building_id else None,
        is_returning=row.is_returning,
        id=TeamId(row.id),
        version=row.version,
    )


def visitor_of(row: VisitorRow) -> Visitor:
    """Row to model."""
    return Visitor(row.name, UserId(row.user_id) if row.user_id else None)


def shift_of(said: Mapping[str, Any]) -> Shift:
    """One kept half-day to model."""
    return Shift(date.fromisoformat(str(said["day"])), int(said["from_min"]), int(said["to_min"]))


def reason_of(said: Mapping[str, Any]) -> DueReason:
    """One kept reason to model."""
    due_on = said.get("due_on")
    kind = DueKind.from_label(str(said.get("kind"))) or DueKind.BY_HAND
    return DueReason(kind, str(said.get("text", "")), date.fromisoformat(str(due_on)) if due_on else None)


def _stop(row: VisitStopRow, targets: tuple[VisitTarget, ...]) -> VisitStop:
    return VisitStop(
        targets=targets,
        shift=row.shift,
        position=row.position,
        arrive=row.arrive,
        leave=row.leave,
        travel_min=row.travel_min,
        walk_m=row.walk_m,
        service_min=row.service_min,
        is_estimated=row.is_estimated,
        is_locked=row.is_locked,
        is_optional=row.is_optional,
        group_id=GroupId(row.group_id) if row.group_id else None,
        session_id=SessionId(row.session_id) if row.session_id else None,
        window=(row.window[0], row.window[1]) if row.window else None,
        id=StopId(row.id),
    )


def _target(row: VisitTargetRow) -> VisitTarget:
    purposes = (VisitPurpose.from_label(one) for one in row.purposes)
    return VisitTarget(
        member_id=MemberId(row.member_id),
        purposes=tuple(one for one in purposes if one is not None),
        reasons=tuple(reason_of(one) for one in row.reasons),
        material=row.material,
        id=TargetId(row.id),
    )


def _kept_count(scores: Mapping[str, Any]) -> VisitCount | None:
    """Return the figures that stayed of a round whose time is over."""
    kept = scores.get(KEPT_FIGURES)
    if not isinstance(kept, dict):
        return None
    return VisitCount(kept["teams"], kept["stops"], kept["targets"], kept["done"], kept["met"])


def _count(
    n_teams: int, n_stops: int, n_targets: int, results: Mapping[tuple[ResultState, VisitResult], int]
) -> VisitCount:
    done = {result: count for (state, result), count in results.items() if state is ResultState.ACCEPTED}
    waiting = sum(count for (state, _), count in results.items() if state is ResultState.CONFLICT)
    return VisitCount(n_teams, n_stops, n_targets, sum(done.values()), done.get(VisitResult.MET, 0), waiting)
