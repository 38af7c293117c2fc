"""Results and sheets of rounds of visits, as far as the scope reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, true

from gis.model.ids import MemberId, SheetId, TargetId, TeamId
from gis.model.visits import KeptResult, LastVisit, ResultState, VisitPurpose, VisitResult, VisitSheet
from gis.store.readers.visits import VisitReads
from gis.store.schema import (
    MemberRow,
    VisitorRow,
    VisitResultRow,
    VisitRoundRow,
    VisitSheetRow,
    VisitStopRow,
    VisitTargetRow,
    VisitTeamRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from gis.model.ids import RoundId, UserId


MOST_NAMED = 500  # ids in one condition; more are filtered after reading


class VisitResultReads(VisitReads):
    """What came of visits; members outside the scope never come out."""

    def visit_results(self, round_id: RoundId) -> tuple[KeptResult, ...]:
        """List every result of a round in the order in which they came in, whatever became of it."""
        query = (
            select(VisitResultRow)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(VisitTargetRow.round_id == int(round_id), self._is_seen_target())
            .order_by(VisitResultRow.id)
        )
        return tuple(result_of(row) for row in self.session.scalars(query))

    def visit_result(self, result_id: int) -> KeptResult | None:
        """Return one result."""
        query = (
            select(VisitResultRow)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(VisitResultRow.id == result_id, self._is_seen_target())
        )
        row = self.session.scalar(query)
        return result_of(row) if row is not None else None

    def visit_results_by_key(self, keys: Collection[str]) -> dict[str, KeptResult]:
        """Return the results that came in under these keys before."""
        query = (
            select(VisitResultRow)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(VisitResultRow.key.in_(frozenset(keys)), self._is_seen_target())
        )
        return {row.key: result_of(row) for row in self.session.scalars(query)}

    def visit_effects(self, result_id: int) -> Mapping[str, object]:
        """Return what a result changed in other records, as the writer of it kept it."""
        query = (
            select(VisitResultRow.effects)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(VisitResultRow.id == result_id, self._is_seen_target())
        )
        return self.session.scalar(query) or {}

    def last_visits(
        self, member_ids: Collection[MemberId] | None = None, *, results: Collection[VisitResult] = tuple(VisitResult)
    ) -> dict[MemberId, LastVisit]:
        """Return the latest visit of each member with an accepted result (of these kinds)."""
        if not self._visit_branches():
            return {}
        few = member_ids is not None and len(member_ids) <= MOST_NAMED
        named = VisitTargetRow.member_id.in_([int(one) for one in member_ids or ()]) if few else true()
        latest = func.row_number().over(
            partition_by=VisitTargetRow.member_id,
            order_by=(VisitResultRow.on_day.desc(), VisitResultRow.id.desc()),
        )
        numbered = (
            select(
                VisitTargetRow.member_id,
                VisitResultRow.on_day,
                VisitResultRow.result,
                VisitResultRow.by_name,
                VisitStopRow.team_id,
                latest.label("place"),
            )
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .join(VisitStopRow, VisitStopRow.id == VisitTargetRow.stop_id)
            .where(
                VisitResultRow.state == ResultState.ACCEPTED,
                VisitResultRow.result.in_(tuple(results)),
                named,
                self._is_seen_target(),
            )
            .subquery()
        )
        rows = self.session.execute(select(numbered).where(numbered.c.place == 1)).all()
        names = self._names_of_teams() if rows else {}
        found = {
            MemberId(row.member_id): LastVisit(row.on_day, row.result, names.get(row.team_id) or (row.by_name,))
            for row in rows
        }
        return found if member_ids is None else {one: found[one] for one in found.keys() & frozenset(member_ids)}

    def visited_in(self, first: date, last: date) -> dict[MemberId, set[VisitResult]]:
        """Return what came of the visits of these days, both included: the accepted results of each member."""
        query = (
            select(VisitTargetRow.member_id, VisitResultRow.result)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(
                VisitResultRow.state == ResultState.ACCEPTED,
                VisitResultRow.on_day >= first,
                VisitResultRow.on_day <= last,
                self._is_seen_target(),
            )
        )
        found: dict[MemberId, set[VisitResult]] = {}
        for member, result in self.session.execute(query):
            found.setdefault(MemberId(member), set()).add(result)
        return found

    def visit_promises(self) -> dict[MemberId, tuple[date, date]]:
        """Return the latest agreement made at a visit: the day of that visit, and the day agreed."""
        query = (
            select(VisitTargetRow.member_id, VisitResultRow.on_day, VisitResultRow.next_on)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(
                VisitResultRow.state == ResultState.ACCEPTED,
                VisitResultRow.next_on.is_not(None),
                self._is_seen_target(),
            )
            .order_by(VisitResultRow.on_day, VisitResultRow.id)
        )
        found = self.session.execute(query)
        return {MemberId(member): (day, next_on) for member, day, next_on in found if next_on is not None}

    def last_met_for(self) -> dict[MemberId, dict[VisitPurpose, date]]:
        """Return when each member was last met at a visit with each purpose."""
        query = (
            select(VisitTargetRow.member_id, VisitTargetRow.purposes, VisitResultRow.on_day)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(
                VisitResultRow.state == ResultState.ACCEPTED,
                VisitResultRow.result == VisitResult.MET,
                self._is_seen_target(),
            )
            .order_by(VisitResultRow.on_day)
        )
        found: dict[MemberId, dict[VisitPurpose, date]] = {}
        for member, purposes, day in self.session.execute(query):
            known = (VisitPurpose.from_label(one) for one in purposes)
            found.setdefault(MemberId(member), {}).update({one: day for one in known if one is not None})
        return found

    def visit_sheets(self, round_id: RoundId, *, user_id: UserId | None = None) -> tuple[VisitSheet, ...]:
        """List the sheets of a round in the order in which they were made."""
        query = (
            select(VisitSheetRow)
            .join(VisitTeamRow, VisitTeamRow.id == VisitSheetRow.team_id)
            .join(VisitRoundRow, VisitRoundRow.id == VisitTeamRow.round_id)
            .where(VisitRoundRow.id == int(round_id), self._is_seen_round(user_id))
            .order_by(VisitSheetRow.id)
        )
        return tuple(sheet_of(row) for row in self.session.scalars(query))

    def visit_sheet(self, number: str, *, user_id: UserId | None = None) -> VisitSheet | None:
        """Return one sheet by what stands on it; with `user_id` also that of a team of theirs above the scope."""
        query = (
            select(VisitSheetRow)
            .join(VisitTeamRow, VisitTeamRow.id == VisitSheetRow.team_id)
            .join(VisitRoundRow, VisitRoundRow.id == VisitTeamRow.round_id)
            .where(VisitSheetRow.number == number, self._is_seen_round(user_id))
        )
        row = self.session.scalar(query) if number.isprintable() else None
        return sheet_of(row) if row is not None else None

    def _names_of_teams(self) -> dict[int, tuple[str, ...]]:
        """Return who is in each team that visited somebody of the scope."""
        theirs = (
            select(VisitStopRow.team_id)
            .join(VisitTargetRow, VisitTargetRow.stop_id == VisitStopRow.id)
            .join(MemberRow, MemberRow.id == VisitTargetRow.member_id)
            .where(MemberRow.branch_id.in_(self._visit_branches()))
        )
        query = select(VisitorRow).where(VisitorRow.team_id.in_(theirs))
        found: dict[int, tuple[str, ...]] = {}
        for row in self.session.scalars(query.order_by(VisitorRow.team_id, VisitorRow.position)):
            found[row.team_id] = (*found.get(row.team_id, ()), row.name)
        return found


def result_of(row: VisitResultRow) -> KeptResult:
    """Row to model."""
    return KeptResult(
        id=row.id,
        target_id=TargetId(row.target_id),
        key=row.key,
        result=row.result,
        on_day=row.on_day,
        by_name=row.by_name,
        note=row.note,
        next_on=row.next_on,
        source=row.source,
        state=row.state,
        sheet_id=SheetId(row.sheet_id) if row.sheet_id else None,
        said_by=row.created_by,
        said_at=row.created_at,
    )


def sheet_of(row: VisitSheetRow) -> VisitSheet:
    """Row to model."""
    return VisitSheet(
        id=SheetId(row.id),
        team_id=TeamId(row.team_id),
        number=row.number,
        kind=row.kind,
        holder=row.holder,
        issued_at=row.issued_at,
        expires_on=row.expires_on,
        returned_on=row.returned_on,
        voided_on=row.voided_on,
        version=row.version,
    )
