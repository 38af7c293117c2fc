"""A saved plan as it is kept, read back: what was saved, the steps, and the seating that they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.access import ACTION_LABELS, Action
from gis.model.office_day import BEIJING
from gis.model.plans import PlanState
from gis.model.seating import Seating, apply_delta, seating_of
from gis.services.founding import PLAN_TOPICS
from gis.services.plan_judging import Data, Judged, described, judge_seating, read_data
from gis.services.plan_keeping import kept_plan

if TYPE_CHECKING:
    from datetime import date, datetime

    from gis.model.ids import PlanId
    from gis.model.plan import GroupPlan
    from gis.model.plans import PlanHead
    from gis.store.reader import Reader
    from gis.store.readers.plans import PlanRecord, StepRecord

MAX_CHANGES_SAID = 3


@dataclass(frozen=True, eq=False)
class Loaded:
    """One plan with what its content says."""

    record: PlanRecord

    @property
    def head(self) -> PlanHead:
        """The line of the list."""
        return self.record.head

    @cached_property
    def base(self) -> GroupPlan:
        """The plan as it was saved."""
        return kept_plan(self.record.content)

    @cached_property
    def published(self) -> GroupPlan | None:
        """The plan as it was published."""
        return None if self.record.published is None else kept_plan(self.record.published)

    @cached_property
    def seating(self) -> Seating:
        """Who sits where now."""
        return self.seating_at(self.record.pointer)

    def seating_at(self, number: int) -> Seating:
        """Return who sat where after so many steps."""
        seating = seating_of(self.base)
        for one in self.record.steps:
            if one.step.number <= number:
                seating = apply_delta(seating, one.delta)
        return seating

    def step(self, number: int) -> StepRecord:
        """Return one step.

        Raises
        ------
        NotFoundError
            There is no such step.
        """
        found = next((one for one in self.record.steps if one.step.number == number), None)
        if found is None:
            msg = f"方案没有第 {number} 步调整"
            raise NotFoundError(msg)
        return found

    def data_version_at(self, number: int) -> int:
        """Return the data version that the plan stood on after so many steps."""
        return self.step(number).data_version if number else self.base.data_version


def load_plan(reader: Reader, plan_id: PlanId) -> Loaded:
    """Read one plan of the scope.

    Raises
    ------
    NotFoundError
        There is none, it reaches beyond the scope, or the role sees no people.
    """
    record = reader.plan_record(plan_id, reader.data_version(*PLAN_TOPICS))
    if record is None:
        msg = f"没有编号为 {plan_id} 的方案，或不在管理范围内"
        raise NotFoundError(msg)
    return Loaded(record)


def data_of(reader: Reader, loaded: Loaded, today: date) -> Data:
    """Read what the plan's branches look like today."""
    return read_data(reader, loaded.head.branch_ids, loaded.base.request, today)


def judged_now(reader: Reader, loaded: Loaded, today: date) -> Judged:
    """Judge the plan as it stands on the data of today."""
    return judge_seating(data_of(reader, loaded, today), loaded.seating)


def plan_now(loaded: Loaded, judged: Judged) -> GroupPlan:
    """Return an open plan as people read it: as it was saved while nothing changed, else explained anew."""
    is_edited = bool(loaded.record.pointer)
    if not is_edited and not loaded.head.is_stale and loaded.base.as_of == judged.data.today:
        return loaded.base
    return described(judged, loaded.base, is_edited=is_edited)


def check_version(head: PlanHead, version: int) -> None:
    """Refuse work that was based on another row version.

    Raises
    ------
    StaleError
        Somebody changed the plan; `mine` and `theirs` are the two versions.
    """
    if head.version != version:
        msg = (
            f"方案“{head.name}”已由 {head.updated_by} 于 {said_time(head.updated_at)} 修改：您看到的是第 {version} 版，"
            f"现在是第 {head.version} 版。请看过最新内容再操作"
        )
        raise StaleError(msg, mine=version, theirs=head.version)


def check_draft(head: PlanHead) -> None:
    """Refuse to edit what is no draft.

    Raises
    ------
    InputError
        The plan is under review or further; says what to do.
    """
    if head.state is PlanState.DRAFT:
        return
    if head.state.is_open:
        msg = f"方案处于“{head.state.label}”，要修改请先退回草案"
    else:
        msg = f"方案处于“{head.state.label}”，不能再修改；可以另存为新方案后调整"
    raise InputError(msg)


def data_changes(reader: Reader, version: int) -> tuple[str, ...]:
    """Say who changed people, places or groups since a data version, newest first."""
    return tuple(
        f"{one.actor} 于 {said_time(one.at)} {_said_action(one.action)}"
        for one in reader.changes_since(version, PLAN_TOPICS)
    )


def stale_error(reader: Reader, mine: int) -> StaleError:
    """Return the refusal of a plan on old data, with both versions and who changed what when."""
    theirs, changes = reader.data_version(*PLAN_TOPICS), data_changes(reader, mine)
    more = f"等 {len(changes)} 次变动" if len(changes) > MAX_CHANGES_SAID else ""
    who = f"（{'；'.join(changes[:MAX_CHANGES_SAID])}{more}）" if changes else ""
    msg = (
        f"测算之后，党员、场所或小组数据已有变动{who}：方案依据第 {mine} 版数据，现在是第 {theirs} 版。"
        "请重新测算，或按最新数据核对后再发布"
    )
    return StaleError(msg, mine=mine, theirs=theirs)


def _said_action(action: str) -> str:
    return ACTION_LABELS[Action(action)] if action in set(Action) else action


def said_time(at: datetime) -> str:
    """Return a time of the database as the clock on the wall shows it."""
    return f"{at + BEIJING:%m-%d %H:%M}"
