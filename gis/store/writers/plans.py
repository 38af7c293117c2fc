"""Writes of saved plans: every change is checked against the row version it was based on, and nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from gis.errors import NotFoundError, StaleError
from gis.model.ids import PlanId
from gis.model.plans import EventKind, PlanState
from gis.store.readers.base import ScopedReads
from gis.store.schema import PlanEventRow, PlanStepRow, SavedPlanBranchRow, SavedPlanRow
from gis.store.writers.base import Writes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from gis.model.ids import OrgId
    from gis.model.plan import Scores
    from gis.model.plans import StepKind


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """The figures that the list of plans shows."""

    n_groups: int
    asked: int
    scores: Scores
    n_violations: int


@dataclass(frozen=True, slots=True)
class NewStep:
    """One step of editing about to be kept; `op` and `delta` are plain JSON."""

    kind: StepKind
    op: Mapping[str, Any]
    delta: Mapping[str, Any]
    text: str
    data_version: int


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened, with the day and the reason given."""

    kind: EventKind
    day: date | None = None
    reason: str = ""
    text: str = ""


class PlanWrites(Writes):
    """Save, edit and carry plans through their life; a plan outside the scope is not there."""

    def add_saved_plan(
        self,
        name: str,
        branch_ids: Collection[OrgId],
        content: Mapping[str, Any],
        counts: PlanCounts,
        *,
        data_version: int,
        based_on: PlanId | None = None,
    ) -> PlanId:
        """Keep a plan as a draft."""
        row = SavedPlanRow(
            name=name,
            state=PlanState.DRAFT,
            content=dict(content),
            data_version=data_version,
            pointer=0,
            based_on_id=based_on,
            **_columns(counts),
        )
        self.session.add(row)
        self.session.flush()
        self.session.add_all(SavedPlanBranchRow(plan_id=row.id, branch_id=branch) for branch in sorted(branch_ids))
        self.session.flush()
        return PlanId(row.id)

    def change_saved_plan(self, plan_id: PlanId, version: int, values: Mapping[str, Any]) -> int:
        """Set columns of a plan and return its new row version.

        Raises
        ------
        NotFoundError
            The plan is not there, or not in scope.
        StaleError
            Somebody changed it since `version`; `mine` and `theirs` are the two versions.
        """
        row = self._plan(plan_id, version)
        for name, value in values.items():
            setattr(row, name, value)
        flag_modified(row, "updated_at")  # a change to the same values is a change all the same
        self.session.flush()
        return row.version

    def add_step(self, plan_id: PlanId, version: int, step: NewStep, counts: PlanCounts) -> int:
        """Keep a step after the applied ones; steps undone before it can no longer be redone. Returns the version."""
        row = self._plan(plan_id, version)
        for undone in self.session.scalars(
            select(PlanStepRow).where(
                PlanStepRow.plan_id == plan_id, PlanStepRow.is_dropped.is_(False), PlanStepRow.number > row.pointer
            )
        ):
            undone.is_dropped = True
        self.session.add(
            PlanStepRow(
                plan_id=plan_id,
                number=row.pointer + 1,
                kind=step.kind,
                op=dict(step.op),
                delta=dict(step.delta),
                text=step.text,
                data_version=step.data_version,
                is_dropped=False,
            )
        )
        values = {"pointer": row.pointer + 1, "data_version": step.data_version, **_columns(counts)}
        return self.change_saved_plan(plan_id, version, values)

    def point_at_step(
        self, plan_id: PlanId, version: int, number: int, counts: PlanCounts, *, data_version: int
    ) -> int:
        """Take steps back, or apply them again, up to `number`; returns the version."""
        values = {"pointer": number, "data_version": data_version, **_columns(counts)}
        return self.change_saved_plan(plan_id, version, values)

    def add_plan_event(self, plan_id: PlanId, event: NewEvent) -> None:
        """Note what happened to a plan."""
        self.session.add(
            PlanEventRow(
                plan_id=plan_id,
                kind=event.kind,
                at=self.now,
                by=self.actor.name,
                day=event.day,
                reason=event.reason,
                text=event.text,
            )
        )

    def supersede_plans(self, plan_id: PlanId, branch_ids: Collection[OrgId], text: str) -> tuple[PlanId, ...]:
        """Mark the plans in force whose branches a new plan takes over; one that loses its last branch stops.

        Not narrowed by scope: a street's plan loses the branch that plans anew, whoever may see the street's plan.
        """
        others = self.session.scalars(
            select(SavedPlanRow).where(
                SavedPlanRow.id != plan_id, SavedPlanRow.state.in_([PlanState.PUBLISHED, PlanState.RUNNING])
            )
        ).all()
        return tuple(PlanId(row.id) for row in others if self._take_over(row, frozenset(branch_ids), text))

    def _take_over(self, row: SavedPlanRow, branch_ids: frozenset[OrgId], text: str) -> bool:
        branches = self._branch_rows(row.id)
        lost = [one for one in branches if one.branch_id in branch_ids and one.stopped_on is None]
        if not lost:
            return False
        for one in lost:
            one.stopped_on = self.today
        flag_modified(row, "updated_at")
        if all(one.stopped_on is not None for one in branches):
            row.state, row.stopped_on = PlanState.STOPPED, self.today
        self.add_plan_event(PlanId(row.id), NewEvent(EventKind.SUPERSEDED, day=self.today, text=text))
        return True

    def stop_branches(self, plan_id: PlanId, on: date) -> None:
        """Date the end of all branches of a plan that still run."""
        for one in self._branch_rows(plan_id):
            one.stopped_on = one.stopped_on or on

    def _branch_rows(self, plan_id: int) -> Sequence[SavedPlanBranchRow]:
        return self.session.scalars(select(SavedPlanBranchRow).where(SavedPlanBranchRow.plan_id == plan_id)).all()

    def _mine(self) -> frozenset[OrgId]:
        return self.org_ids_in_scope if isinstance(self, ScopedReads) else frozenset()

    def _plan(self, plan_id: PlanId, version: int) -> SavedPlanRow:
        row = self.session.get(SavedPlanRow, plan_id)
        branches = {one.branch_id for one in self._branch_rows(plan_id)} if row else set()
        if row is None or row.discarded_at is not None or not branches or branches - self._mine():
            msg = f"没有编号为 {plan_id} 的方案，或不在管理范围内"
            raise NotFoundError(msg)
        if row.version != version:
            msg = (
                f"方案已被{row.updated_by}修改：您看到的是第 {version} 版，"
                f"现在是第 {row.version} 版。请看过最新内容再操作"
            )
            raise StaleError(msg, mine=version, theirs=row.version)
        return row


def _columns(counts: PlanCounts) -> dict[str, Any]:
    return {
        "n_groups": counts.n_groups,
        "asked": counts.asked,
        "seated": counts.scores.seated,
        "mean_walk_m": counts.scores.mean_walk_m,
        "p90_walk_m": counts.scores.p90_walk_m,
        "longest_walk_m": counts.scores.longest_walk_m,
        "n_violations": counts.n_violations,
    }
