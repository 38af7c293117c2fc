"""Cases of 失联: each change leaves its step; notes of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gis.errors import NotFoundError, StaleError
from gis.store.schema import LostContactRow, LostEventRow, RuleNoteRow
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.lost import LostCase
    from gis.model.rights import LostStage
    from gis.model.rules import Violation


class LostWrites(Writes):
    """Open and change cases; keep what was said about a rule."""

    def open_lost_case(self, values: Mapping[str, object], reason: str) -> int:
        """Open a case with its first step."""
        row = LostContactRow(**values)
        self.session.add(row)
        self.session.flush()
        self._step(row, reason)
        return int(row.id)

    def change_lost_case(self, case: LostCase, stage: LostStage, values: Mapping[str, object], reason: str) -> None:
        """Bring a case to another stage and note the step."""
        row = self.session.get(LostContactRow, case.id)
        if row is None:
            msg = "这条失联记录已不存在，请刷新后重试"
            raise NotFoundError(msg)
        if row.version != case.version:
            msg = "这条失联记录已被他人办理，请刷新后重新核对"
            raise StaleError(msg, mine=case.version, theirs=row.version)
        row.stage = stage
        for name, value in values.items():
            setattr(row, name, value)
        self._step(row, reason)

    def _step(self, row: LostContactRow, reason: str) -> None:
        self.session.add(LostEventRow(lost_id=row.id, stage=row.stage, at=self.now, by=self.actor.name, reason=reason))
        self.session.flush()

    def note_rule(self, violation: Violation, reason: str) -> None:
        """Keep what was said about a breach while its facts are these; a later reason replaces an earlier one."""
        row = self.session.scalar(
            select(RuleNoteRow).where(
                RuleNoteRow.rule == violation.rule,
                RuleNoteRow.subject == violation.subject.key,
                RuleNoteRow.facts == violation.facts,
            )
        )
        if row is None:
            self.session.add(
                RuleNoteRow(rule=violation.rule, subject=violation.subject.key, facts=violation.facts, reason=reason)
            )
        else:
            row.reason = reason
