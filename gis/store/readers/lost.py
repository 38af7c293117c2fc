"""Cases of 失联 with every step, of the scope's branches only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.model.ids import MemberId
from gis.model.lost import OPEN_STAGES, LostCase, LostEvent
from gis.store.readers.people import PeopleReads
from gis.store.schema import LostContactRow, LostEventRow, MemberRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis.model.ids import OrgId


class LostReads(PeopleReads):
    """What people did to find somebody."""

    def lost_cases(
        self, branch_ids: Collection[OrgId] | None = None, *, with_closed: bool = False
    ) -> tuple[LostCase, ...]:
        """List cases of these branches, the newest first."""
        mine = select(MemberRow.id).where(MemberRow.branch_id.in_(self._branches(branch_ids)))
        query = select(LostContactRow).where(LostContactRow.member_id.in_(mine)).order_by(LostContactRow.id.desc())
        if not with_closed:
            query = query.where(LostContactRow.stage.in_(OPEN_STAGES))
        rows = self.session.scalars(query).all()
        events: dict[int, list[LostEvent]] = {}
        steps = (
            select(LostEventRow)
            .join(LostContactRow, LostContactRow.id == LostEventRow.lost_id)
            .where(LostContactRow.member_id.in_(mine))
            .order_by(LostEventRow.id)
        )
        for row in self.session.scalars(steps):
            events.setdefault(row.lost_id, []).append(LostEvent(row.stage, row.at, row.by, row.reason))
        return tuple(_case(row, tuple(events.get(row.id, ()))) for row in rows)

    def lost_case(self, case_id: int) -> LostCase | None:
        """Return one case of the scope."""
        return next((case for case in self.lost_cases(with_closed=True) if case.id == case_id), None)


def _case(row: LostContactRow, events: tuple[LostEvent, ...]) -> LostCase:
    return LostCase(
        id=row.id,
        member_id=MemberId(row.member_id),
        stage=row.stage,
        last_on=row.last_on,
        basis=row.basis,
        reason_code=row.reason_code,
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        closed_on=row.closed_on,
        close_reason=row.close_reason,
        events=events,
        version=row.version,
    )
