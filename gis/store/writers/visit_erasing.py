"""Visits of members who left, and of rounds kept long enough: what stays are figures."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from gis.model.visits import KEPT_FIGURES, ResultState, VisitResult
from gis.store.schema import (
    VisitResultRow,
    VisitRoundRow,
    VisitStopRow,
    VisitTargetRow,
    VisitTeamRow,
)
from gis.store.traces import ROUND_M
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select


class VisitErasingWrites(Writes):
    """Delete rows of visits in an order that leaves nothing pointing at what is gone."""

    def forget_visit_logs(self, contact_ids: Select[int]) -> None:
        """Let results stand without these entries of the contact log, which are about to be deleted."""
        rows = select(VisitResultRow).where(VisitResultRow.contact_log_id.in_(contact_ids))
        for row in self.session.scalars(rows):
            row.contact_log_id = None
        self.session.flush()

    def blur_walks(self, member_ids: Collection[int]) -> dict[str, int]:
        """Tell the walks of rounds to and from the homes of these members roughly; returns changed rows by table."""
        theirs = select(VisitTargetRow.stop_id).where(VisitTargetRow.member_id.in_(member_ids))
        doors = self.session.scalars(select(VisitStopRow).where(VisitStopRow.id.in_(theirs))).all()
        places = {(door.team_id, door.shift, door.position + step) for door in doors for step in (0, 1)}
        routes = select(VisitStopRow).where(VisitStopRow.team_id.in_({door.team_id for door in doors}))
        number = 0
        for stop in self.session.scalars(routes) if doors else ():
            rough = round(stop.walk_m / ROUND_M) * ROUND_M, round(stop.travel_min)
            if (stop.team_id, stop.shift, stop.position) in places and rough != (stop.walk_m, stop.travel_min):
                stop.walk_m, stop.travel_min, stop.is_estimated = float(rough[0]), float(rough[1]), True
                number += 1
        self.session.flush()
        return {"visit_stop": number} if number else {}

    def forget_hospital(self, member_ids: Collection[int]) -> int:
        """Say of these members' visits no more than that the door stayed shut; returns how many said more."""
        theirs = select(VisitTargetRow.id).where(VisitTargetRow.member_id.in_(member_ids))
        rows = self.session.scalars(
            select(VisitResultRow).where(
                VisitResultRow.target_id.in_(theirs), VisitResultRow.result == VisitResult.IN_HOSPITAL
            )
        ).all()
        for row in rows:
            row.result, row.note = VisitResult.NOT_HOME, ""
        self.session.flush()
        return len(rows)

    def erase_visits(self, member_ids: Collection[int]) -> Counter[str]:
        """Delete what rounds say of these members, the stops that were theirs alone included."""
        counts: Counter[str] = Counter()
        theirs = select(VisitTargetRow.id).where(VisitTargetRow.member_id.in_(member_ids))
        for result in self.session.scalars(select(VisitResultRow).where(VisitResultRow.target_id.in_(theirs))).all():
            self.session.delete(result)
            counts["visit_result"] += 1
        self.session.flush()
        stops = set()
        for target in self.session.scalars(
            select(VisitTargetRow).where(VisitTargetRow.member_id.in_(member_ids))
        ).all():
            stops.add(target.stop_id)
            self.session.delete(target)
            counts["visit_target"] += 1
        self.session.flush()
        used = select(VisitTargetRow.stop_id)
        empty = select(VisitStopRow).where(VisitStopRow.id.in_(stops), VisitStopRow.id.not_in(used))
        for stop in self.session.scalars(empty).all():
            self.session.delete(stop)
            counts["visit_stop"] += 1
        gone = frozenset(member_ids)
        for row in self.session.scalars(select(VisitRoundRow).order_by(VisitRoundRow.id)):
            changed = {"left_out": _without(row.left_out, gone), "options": _without(row.options, gone)}
            if any(getattr(row, name) != value for name, value in changed.items()):
                row.left_out, row.options = changed["left_out"], changed["options"]
                counts["visit_round"] += 1
        self.session.flush()
        return counts

    def blank_visit_round(self, row: VisitRoundRow) -> bool:
        """Leave of a round its days and its figures; returns whether there was more."""
        if KEPT_FIGURES in row.scores:
            return False
        row.scores = {KEPT_FIGURES: self._figures_of(row.id)}
        row.options, row.left_out, row.note = {}, [], ""
        self.session.flush()
        return True

    def _figures_of(self, round_id: int) -> dict[str, int]:
        def counted(row_type: Any) -> int:
            query = select(func.count()).select_from(row_type).where(row_type.round_id == round_id)
            return self.session.scalar(query) or 0

        done = (
            select(func.count())
            .select_from(VisitResultRow)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .where(VisitTargetRow.round_id == round_id, VisitResultRow.state == ResultState.ACCEPTED)
        )
        return {
            "teams": counted(VisitTeamRow),
            "stops": counted(VisitStopRow),
            "targets": counted(VisitTargetRow),
            "done": self.session.scalar(done) or 0,
            "met": self.session.scalar(done.where(VisitResultRow.result == VisitResult.MET)) or 0,
        }


def _without(value: Any, gone: frozenset[int]) -> Any:  # JSON
    """Return what is kept of a round without these members; who is left out alone goes with the reason."""
    if isinstance(value, dict):
        return {
            key: [one for one in part if _of(one) not in gone] if _is_ids(key, part) else _without(part, gone)
            for key, part in value.items()
        }
    if isinstance(value, list):
        kept = [_without(one, gone) for one in value]
        return [one for one in kept if not (isinstance(one, dict) and one.get("member_ids") == [])]
    return value


def _is_ids(key: str, part: object) -> bool:
    return isinstance(part, list) and key in ("member_ids", "exclude", "must_with")


def _of(one: object) -> object:
    """Return the member that an entry of a list is about; a wish for a team is a pair of member and number."""
    return one[0] if isinstance(one, list) and one else one
