"""Writes of rounds of visits: rows that are still meant keep their ids, so that results and sheets stay with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.ids import RoundId
from gis.model.visits import RoundState
from gis.store.readers.base import ScopedReads
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
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from gis.model.visits import (
        DueReason,
        LeftOut,
        Shift,
        Visitor,
        VisitRound,
        VisitStop,
        VisitTarget,
        VisitTeam,
    )

MOST_NAMED = 5  # names in one sentence


class VisitWrites(Writes):
    """Insert or replace whole rounds, and carry them through their life; a round outside the scope is not there."""

    def add_visit_round(self, visit_round: VisitRound) -> RoundId:
        """Keep a new round with all its teams and stops.

        Raises
        ------
        NotFoundError
            Its organisation is not within the scope.
        """
        self._in_scope(visit_round.org_id, None)
        row = VisitRoundRow(**_round_values(visit_round))
        self.session.add(row)
        self.session.flush()
        self._put_teams(row.id, visit_round.teams)
        return RoundId(row.id)

    def save_visit_round(self, visit_round: VisitRound) -> int:
        """Replace a draft or issued round by what it is to be; returns the new row version.

        Teams and stops keep their rows by id, members theirs by id or else by being the same member.

        Raises
        ------
        NotFoundError
            There is no such round within the scope.
        StaleError
            Somebody changed it meanwhile; `mine` and `theirs` are the two versions.
        InputError
            It is over, or somebody would go who has a result already, or a team whose sheet has been made.
        """
        row = self._visit_round_row(visit_round.id, visit_round.version)
        if row.state not in (RoundState.DRAFT, RoundState.ISSUED):
            msg = f"这批走访{row.state.label}，不能再改"
            raise InputError(msg)
        self._put_teams(row.id, visit_round.teams)
        _set(row, _round_values(visit_round))
        flag_modified(row, "updated_at")  # a change below it alone is a change of the round all the same
        self.session.flush()
        return row.version

    def set_round_state(
        self, round_id: RoundId, version: int, state: RoundState, *, closed_on: date | None = None
    ) -> int:
        """Carry a round on; the day of issue is now. Returns the new row version.

        Raises
        ------
        NotFoundError, StaleError
            As in `save_visit_round`.
        """
        row = self._visit_round_row(round_id, version)
        row.state, row.closed_on = state, closed_on
        if state is RoundState.ISSUED and row.issued_at is None:
            row.issued_at = self.now
        self.session.flush()
        return row.version

    def name_visit_round(self, round_id: RoundId, version: int, name: str, note: str) -> int:
        """Change the name and the note; returns the new row version.

        Raises
        ------
        NotFoundError, StaleError
            As in `save_visit_round`.
        """
        row = self._visit_round_row(round_id, version)
        row.name, row.note = name, note
        flag_modified(row, "updated_at")
        self.session.flush()
        return row.version

    def discard_visit_round(self, round_id: RoundId, version: int) -> None:
        """Delete a draft for which nothing was printed or recorded.

        Raises
        ------
        NotFoundError, StaleError
            As in `save_visit_round`.
        InputError
            It is no draft any more, or it has results or sheets.
        """
        row = self._visit_round_row(round_id, version)
        if row.state is not RoundState.DRAFT:
            msg = f"这批走访{row.state.label}，不能删除；不再走访的请改为取消"
            raise InputError(msg)
        targets = self._rows_of(VisitTargetRow, row.id)
        results = self.session.scalars(select(VisitResultRow.id).where(VisitResultRow.target_id.in_(targets)).limit(1))
        if results.first() is not None:
            msg = "这批走访已经登记了结果，不能删除；不再走访的请改为取消"
            raise InputError(msg)
        for old in (targets, self._rows_of(VisitStopRow, row.id)):
            for one in old.values():
                self.session.delete(one)
            self.session.flush()
        self._drop_teams(row.id, ())
        self.session.delete(row)
        self.session.flush()

    def _visit_round_row(self, round_id: RoundId | None, version: int) -> VisitRoundRow:
        row = self.session.get(VisitRoundRow, int(round_id)) if round_id is not None else None
        self._in_scope(row.org_id if row is not None else 0, round_id)
        if row is None or row.version != version:
            who = row.updated_by if row is not None else ""
            theirs = row.version if row is not None else None
            msg = f"这批走访已被{who}修改：您看到的是第 {version} 版，现在是第 {theirs} 版。请刷新后再操作"
            raise StaleError(msg, mine=version, theirs=theirs)
        return row

    def _in_scope(self, org_id: int, round_id: RoundId | None) -> None:
        mine = self.org_ids_in_scope if isinstance(self, ScopedReads) and self.sees_people else frozenset()
        if org_id not in mine:
            msg = "该组织不在管理范围内" if round_id is None else f"没有编号为 {round_id} 的走访批次，或不在管理范围内"
            raise NotFoundError(msg)

    def _put_teams(self, round_id: int, teams: Sequence[VisitTeam]) -> None:
        """Make the rows below a round those of `teams`; what is to go goes last, when nothing hangs on it any more."""
        team_rows = self._team_rows(round_id, teams)
        old_stops = self._rows_of(VisitStopRow, round_id)
        wanted = [(team_rows[team.number], stop) for team in teams for stop in team.stops]
        stop_rows = [self._stop_row(round_id, old_stops, team, stop) for team, stop in wanted]
        self.session.flush()
        pairs = [(row, one) for row, (_, stop) in zip(stop_rows, wanted, strict=True) for one in stop.targets]
        self._put_targets(round_id, pairs)
        self._drop_stops(old_stops, {row.id for row in stop_rows})
        self._drop_teams(round_id, {row.id for row in team_rows.values()})

    def _rows_of(self, row_type: type[Any], round_id: int) -> dict[int, Any]:
        return {row.id: row for row in self.session.scalars(select(row_type).where(row_type.round_id == round_id))}

    def _team_rows(self, round_id: int, teams: Sequence[VisitTeam]) -> dict[int, VisitTeamRow]:
        """Insert or update the teams; returns the row of each number."""
        old: dict[int, VisitTeamRow] = self._rows_of(VisitTeamRow, round_id)
        before = {row.id: row.number for row in old.values()}
        meant = {int(team.id): team.number for team in teams if team.id is not None}
        if any(meant.get(number) != before[number] for number in before):
            for row in old.values():  # out of the way: numbers are unique within a round at every moment
                row.number = -row.id
            self.session.flush()
        found = {}
        for team in teams:
            known = old.get(int(team.id)) if team.id is not None else None
            if known is None:
                known = VisitTeamRow(round_id=round_id, **_team_values(team))
                self.session.add(known)
            else:
                _set(known, _team_values(team))
            found[team.number] = known
        self.session.flush()
        for team in teams:
            self._put_visitors(found[team.number].id, team.visitors)
        return found

    def _put_visitors(self, team_id: int, visitors: Sequence[Visitor]) -> None:
        rows = self.session.scalars(
            select(VisitorRow).where(VisitorRow.team_id == team_id).order_by(VisitorRow.position)
        ).all()
        for index, visitor in enumerate(visitors):
            values = {"position": index + 1, "name": visitor.name, "user_id": visitor.user_id}
            if index < len(rows):
                _set(rows[index], values)
            else:
                self.session.add(VisitorRow(team_id=team_id, **values))
        for row in rows[len(visitors) :]:
            self.session.delete(row)
        self.session.flush()

    def _stop_row(
        self, round_id: int, old: Mapping[int, VisitStopRow], team: VisitTeamRow, stop: VisitStop
    ) -> VisitStopRow:
        values = _stop_values(stop) | {"team_id": team.id}
        row = old.get(int(stop.id)) if stop.id is not None else None
        if row is None:
            row = VisitStopRow(round_id=round_id, **values)
            self.session.add(row)
        else:
            _set(row, values)
        return row

    def _put_targets(self, round_id: int, pairs: Sequence[tuple[VisitStopRow, VisitTarget]]) -> None:
        old: dict[int, VisitTargetRow] = self._rows_of(VisitTargetRow, round_id)
        by_member = {row.member_id: row for row in old.values()}
        seen: set[int] = set()
        for _, target in pairs:
            if int(target.member_id) in seen:
                msg = "同一名党员在一批走访里只能排一次"
                raise InputError(msg)
            seen.add(int(target.member_id))
        mine = self._mine_of(row.member_id for row in old.values())
        gone = [row for row in old.values() if row.member_id not in seen and row.member_id in mine]
        self._refuse_with_results(gone)
        for row in gone:
            self.session.delete(row)
        self.session.flush()
        for stop, target in pairs:
            values = _target_values(target) | {"stop_id": stop.id}
            known = by_member.get(int(target.member_id))
            if known is None:
                self.session.add(VisitTargetRow(round_id=round_id, member_id=int(target.member_id), **values))
            else:
                _set(known, values)
        self.session.flush()

    def _mine_of(self, member_ids: Iterable[int]) -> frozenset[int]:
        """Return those of the members whom the actor sees: the others, who have moved away, were never asked about."""
        orgs = self.org_ids_in_scope if isinstance(self, ScopedReads) else frozenset()
        ours = select(MemberRow.id).where(MemberRow.branch_id.in_(orgs))
        return frozenset(member_ids) & frozenset(self.session.scalars(ours))

    def _drop_stops(self, old: Mapping[int, VisitStopRow], kept: Collection[int]) -> None:
        """Delete the stops that are no longer meant; where somebody unseen is left, it stays without a team."""
        gone = [row for number, row in old.items() if number not in kept]
        behind = select(VisitTargetRow.stop_id).where(VisitTargetRow.stop_id.in_([row.id for row in gone]))
        unseen = set(self.session.scalars(behind))
        for row in gone:
            if row.id in unseen:
                row.team_id = None
            else:
                self.session.delete(row)
        self.session.flush()

    def _refuse_with_results(self, rows: Collection[VisitTargetRow]) -> None:
        ids = [row.id for row in rows]
        query = (
            select(MemberRow.name)
            .join(VisitTargetRow, VisitTargetRow.member_id == MemberRow.id)
            .join(VisitResultRow, VisitResultRow.target_id == VisitTargetRow.id)
            .where(VisitTargetRow.id.in_(ids))
            .distinct()
        )
        names = sorted(self.session.scalars(query)) if ids else []
        if names:
            shown = "、".join(names[:MOST_NAMED]) + (f"等 {len(names)} 人" if len(names) > MOST_NAMED else "")
            msg = f"{shown}已经登记了走访结果，不能从这批走访中去掉；登记有误的，请先更正结果"
            raise InputError(msg)

    def _drop_teams(self, round_id: int, kept: Collection[int]) -> None:
        gone = [row for number, row in self._rows_of(VisitTeamRow, round_id).items() if number not in kept]
        ids = [row.id for row in gone]
        sheets = self.session.scalars(select(VisitSheetRow.team_id).where(VisitSheetRow.team_id.in_(ids))).all()
        if sheets:
            msg = "有的走访小组已经打印或下载过走访单，不能去掉；可以把这一组的各户移到别的组"
            raise InputError(msg)
        for visitor in self.session.scalars(select(VisitorRow).where(VisitorRow.team_id.in_(ids))):
            self.session.delete(visitor)
        self.session.flush()
        for row in gone:
            self.session.delete(row)
        self.session.flush()


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _round_values(one: VisitRound) -> dict[str, Any]:
    return {
        "org_id": int(one.org_id),
        "name": one.name,
        "state": one.state,
        "first_day": one.first_day,
        "last_day": one.last_day,
        "options": dict(one.options),
        "scores": dict(one.scores),
        "left_out": [_left(left) for left in one.left_out],
        "data_version": one.data_version,
        "note": one.note,
        "issued_at": one.issued_at,
        "closed_on": one.closed_on,
    }


def _left(one: LeftOut) -> dict[str, object]:
    return {"member_ids": [int(member) for member in one.member_ids], "code": one.code, "reason": one.reason}


def _shift(one: Shift) -> dict[str, object]:
    return {"day": one.day.isoformat(), "from_min": one.from_min, "to_min": one.to_min}


def _reason(one: DueReason) -> dict[str, object]:
    return {"kind": one.kind.value, "text": one.text, "due_on": one.due_on.isoformat() if one.due_on else None}


def _team_values(one: VisitTeam) -> dict[str, Any]:
    return {
        "number": one.number,
        "way": one.way,
        "shifts": [_shift(shift) for shift in one.shifts],
        "start_venue_id": one.start_venue_id,
        "start_building_id": one.start_building_id,
        "is_returning": one.is_returning,
    }


def _stop_values(one: VisitStop) -> dict[str, Any]:
    return {
        "shift": one.shift,
        "position": one.position,
        "arrive": one.arrive,
        "leave": one.leave,
        "travel_min": one.travel_min,
        "walk_m": one.walk_m,
        "service_min": one.service_min,
        "is_estimated": one.is_estimated,
        "is_locked": one.is_locked,
        "is_optional": one.is_optional,
        "window": list(one.window) if one.window is not None else None,
        "group_id": one.group_id,
        "session_id": one.session_id,
    }


def _target_values(one: VisitTarget) -> dict[str, Any]:
    return {
        "purposes": [purpose.value for purpose in one.purposes],
        "reasons": [_reason(reason) for reason in one.reasons],
        "material": one.material,
    }
