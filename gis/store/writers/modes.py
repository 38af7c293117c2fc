"""Writes of study modes: a new decision ends the one in force, nothing is overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.errors import StaleError
from gis.store.schema import ModeDecisionRow
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gis.model.modes import NewModeDecision


class ModeWrites(Writes):
    """Keep what was decided."""

    def decide_study_modes(self, decisions: Iterable[NewModeDecision], day: date | None = None) -> None:
        """End each member's decision in force and begin the new one on `day`, else today.

        Raises
        ------
        StaleError
            Somebody else decided for one of them since it was read.
        """
        wanted, start = list(decisions), day or self.today
        query = select(ModeDecisionRow).where(
            ModeDecisionRow.valid_to.is_(None), ModeDecisionRow.member_id.in_([one.member_id for one in wanted])
        )
        in_force = {row.member_id: row for row in self.session.scalars(query)}
        for one in wanted:
            row = in_force.get(one.member_id)
            if one.based_on is not None and one.based_on != (row.id if row else 0):
                msg = "有党员的学习方式刚由他人确定，请刷新后重新操作"
                raise StaleError(msg, mine=one.based_on, theirs=row.id if row else 0)
            if row is not None:
                row.valid_to = max(start, row.valid_from)
        self.session.flush()  # one row in force at a time: the old ones end before the new ones begin
        for one in wanted:
            self.session.add(
                ModeDecisionRow(
                    member_id=one.member_id,
                    mode=one.mode,
                    proposed=one.proposed,
                    rule=one.rule,
                    trace=dict(one.trace),
                    is_override=one.mode is not one.proposed,
                    reason=one.reason,
                    valid_from=start,
                )
            )
