"""Saved plans: only those whose branches all lie in the scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from gis.model.ids import OrgId, PlanId, RunId
from gis.model.plan import Scores
from gis.model.plans import PlanEvent, PlanHead, PlanState, PlanStep
from gis.store.readers.base import ScopedReads
from gis.store.schema import AuditRow, OrgRow, PlanEventRow, PlanStepRow, SavedPlanBranchRow, SavedPlanRow
from gis.store.stamping import TOPICS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

_AUDITS_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step as it is kept; `op` and `delta` are plain JSON."""

    step: PlanStep
    op: Mapping[str, Any]
    delta: Mapping[str, Any]
    data_version: int


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """One plan as it is kept: steps that stand or can be redone, in order, and events."""

    head: PlanHead
    content: Mapping[str, Any]
    published: Mapping[str, Any] | None
    pointer: int
    steps: tuple[StepRecord, ...]
    events: tuple[PlanEvent, ...]


@dataclass(frozen=True, slots=True)
class DataChange:
    """One audited change of data: who, when, and which kind of work it was."""

    at: datetime
    actor: str
    action: str


class PlanReads(ScopedReads):
    """Saved plans of the scope; without `sees_people` their heads only."""

    def plan_heads(self, data_version: int) -> tuple[PlanHead, ...]:
        """List the plans in scope, newest first; a draft on other data than `data_version` is stale."""
        query = self._visible().options(defer(SavedPlanRow.content), defer(SavedPlanRow.published))
        rows = self.session.scalars(query.order_by(SavedPlanRow.id.desc())).all()
        return self._heads(rows, data_version)

    def plan_record(self, plan_id: PlanId, data_version: int) -> PlanRecord | None:
        """Return one plan with steps and events; None outside the scope or for a role that sees no people."""
        if not self.sees_people:
            return None
        row = self.session.scalar(self._visible().where(SavedPlanRow.id == plan_id))
        if row is None:
            return None
        (head,) = self._heads([row], data_version)
        steps = self.session.scalars(
            select(PlanStepRow)
            .where(PlanStepRow.plan_id == plan_id, PlanStepRow.is_dropped.is_(False))
            .order_by(PlanStepRow.number)
        )
        events = self.session.scalars(
            select(PlanEventRow).where(PlanEventRow.plan_id == plan_id).order_by(PlanEventRow.id)
        )
        return PlanRecord(
            head=head,
            content=row.content,
            published=row.published,
            pointer=row.pointer,
            steps=tuple(_step(step, row.pointer) for step in steps),
            events=tuple(PlanEvent(one.kind, one.by, one.at, one.day, one.reason, one.text) for one in events),
        )

    def changes_since(self, version: int, topics: Collection[str]) -> tuple[DataChange, ...]:
        """List the audited changes that took `topics` from `version` to where they are now, newest first.

        Counted back from the newest: every change raises the number of each topic that it touched by one.
        """
        number, found = self.data_version(*topics), []
        for row in self._audits_backwards():
            if number <= version:
                break
            touched = {TOPICS.get(str(key).partition(".")[0]) for key in _counts(row)} & set(topics)
            if touched:
                number -= len(touched)
                found.append(DataChange(row.at, row.actor, row.action))
        return tuple(found)

    def _audits_backwards(self) -> Iterator[AuditRow]:
        """Yield the audit rows from the newest, so many at a time."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(_AUDITS_AT_A_TIME)
        rows = self.session.scalars(query).all()
        while rows:
            yield from rows
            rows = self.session.scalars(query.where(AuditRow.id < rows[-1].id)).all()

    def _visible(self) -> Select[SavedPlanRow]:
        outside = select(SavedPlanBranchRow.plan_id).where(SavedPlanBranchRow.branch_id.not_in(self.org_ids_in_scope))
        inside = select(SavedPlanBranchRow.plan_id)
        return select(SavedPlanRow).where(
            SavedPlanRow.discarded_at.is_(None), SavedPlanRow.id.in_(inside), SavedPlanRow.id.not_in(outside)
        )

    def _heads(self, rows: Sequence[SavedPlanRow], data_version: int) -> tuple[PlanHead, ...]:
        ids = [row.id for row in rows]
        branches: dict[int, list[SavedPlanBranchRow]] = {}
        for one in self.session.scalars(
            select(SavedPlanBranchRow).where(SavedPlanBranchRow.plan_id.in_(ids)).order_by(SavedPlanBranchRow.branch_id)
        ):
            branches.setdefault(one.plan_id, []).append(one)
        names = {found.id: found.name for found in self.session.execute(select(OrgRow.id, OrgRow.name))}
        last = self.session.execute(
            select(PlanStepRow.plan_id, func.max(PlanStepRow.number))
            .where(PlanStepRow.plan_id.in_(ids), PlanStepRow.is_dropped.is_(False))
            .group_by(PlanStepRow.plan_id)
        )
        steps = {plan: number for plan, number in last}  # noqa: C416  # rows, which only look like pairs to dict
        return tuple(_head(row, branches.get(row.id, []), names, steps.get(row.id, 0), data_version) for row in rows)


def _counts(row: AuditRow) -> Mapping[str, object]:
    counts = row.details.get("counts")
    return counts if isinstance(counts, dict) else {}


def _step(row: PlanStepRow, pointer: int) -> StepRecord:
    step = PlanStep(row.number, row.kind, row.text, row.created_by, row.created_at, row.number <= pointer)
    return StepRecord(step, row.op, row.delta, row.data_version)


def _head(
    row: SavedPlanRow,
    branches: Sequence[SavedPlanBranchRow],
    names: Mapping[int, str],
    last_step: int,
    data_version: int,
) -> PlanHead:
    is_draft = row.state is PlanState.DRAFT
    return PlanHead(
        id=PlanId(row.id),
        name=row.name,
        state=row.state,
        branch_ids=tuple(OrgId(one.branch_id) for one in branches),
        branches=tuple(names.get(one.branch_id, "") for one in branches),
        data_version=row.data_version,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_by=row.updated_by,
        updated_at=row.updated_at,
        version=row.version,
        decided_on=row.decided_on,
        reported_on=row.reported_on,
        published_at=row.published_at,
        stopped_on=row.stopped_on,
        n_groups=row.n_groups,
        seated=row.seated,
        asked=row.asked,
        scores=Scores(row.seated, row.mean_walk_m, row.p90_walk_m, row.longest_walk_m),
        n_violations=row.n_violations,
        is_stale=row.state.is_open and row.data_version != data_version,
        can_undo=is_draft and row.pointer > 0,
        can_redo=is_draft and row.pointer < last_step,
        based_on=PlanId(row.based_on_id) if row.based_on_id else None,
        run_id=RunId(row.run_id) if row.run_id else None,
        stopped_branch_ids=tuple(OrgId(one.branch_id) for one in branches if one.stopped_on is not None),
        n_steps=row.pointer,
    )
