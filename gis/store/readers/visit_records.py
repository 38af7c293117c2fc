"""What came of visits in a period, with whom, how and by whom: one row a member visited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.model.ids import MemberId, RoundId
from gis.model.visits import ResultState, VisitPurpose
from gis.store.readers.base import ScopedReads
from gis.store.schema import (
    GroupRow,
    MemberRow,
    VisitorRow,
    VisitResultRow,
    VisitStopRow,
    VisitTargetRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from gis.model.ids import OrgId
    from gis.model.visits import VisitResult


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """An accepted result with all that was planned; `group` is "" for a visit at home, `arrive` the planned time."""

    member_id: MemberId
    round_id: RoundId
    result: VisitResult
    on_day: date
    arrive: datetime
    by_name: str
    visitors: tuple[str, ...]
    purposes: tuple[VisitPurpose, ...]
    material: str
    note: str
    group: str


class VisitRecordReads(ScopedReads):
    """Accepted results of members of the scope, whichever organisation planned the visit."""

    def visit_records(
        self, first: date, last: date, branch_ids: Collection[OrgId] | None = None
    ) -> tuple[VisitRecord, ...]:
        """List accepted results of visits made from `first` to `last`, in the order of the visits."""
        branches = self.org_ids_in_scope if self.sees_people else frozenset()
        if branch_ids is not None:
            branches &= frozenset(branch_ids)
        if not branches:
            return ()
        query = (
            select(VisitResultRow, VisitTargetRow, VisitStopRow, GroupRow.name)
            .join(VisitTargetRow, VisitTargetRow.id == VisitResultRow.target_id)
            .join(MemberRow, MemberRow.id == VisitTargetRow.member_id)
            .join(VisitStopRow, VisitStopRow.id == VisitTargetRow.stop_id)
            .outerjoin(GroupRow, GroupRow.id == VisitStopRow.group_id)
            .where(
                VisitResultRow.state == ResultState.ACCEPTED,
                VisitResultRow.on_day.between(first, last),
                MemberRow.branch_id.in_(branches),
                MemberRow.restricted_on.is_(None),
            )
            .order_by(VisitResultRow.on_day, VisitStopRow.arrive, VisitTargetRow.round_id, VisitTargetRow.id)
        )
        rows = self.session.execute(query).all()
        names = self._names_by_team({stop.team_id for _, _, stop, _ in rows if stop.team_id is not None})
        return tuple(
            _record(result, target, stop, (group or "小组", names.get(stop.team_id or 0, ())))
            for result, target, stop, group in rows
        )

    def _names_by_team(self, team_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        query = select(VisitorRow).where(VisitorRow.team_id.in_(frozenset(team_ids)))
        found: dict[int, tuple[str, ...]] = {}
        for row in self.session.scalars(query.order_by(VisitorRow.team_id, VisitorRow.position)):
            found[row.team_id] = (*found.get(row.team_id, ()), row.name)
        return found


def _record(
    result: VisitResultRow, target: VisitTargetRow, stop: VisitStopRow, known: tuple[str, tuple[str, ...]]
) -> VisitRecord:
    group, visitors = known
    is_group = stop.group_id is not None or stop.session_id is not None
    return VisitRecord(
        member_id=MemberId(target.member_id),
        round_id=RoundId(target.round_id),
        result=result.result,
        on_day=result.on_day,
        arrive=stop.arrive,
        by_name=result.by_name,
        visitors=visitors,
        purposes=tuple(purpose for purpose in VisitPurpose if purpose.value in target.purposes),
        material=target.material,
        note=result.note,
        group=group if is_group else "",
    )
