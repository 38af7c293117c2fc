"""Propose study groups near home: read, measure, solve, name. Nothing is saved here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.plan import PlanProgress
from gis.planning.grouping import solve_grouping
from gis.services.access import require, require_orgs
from gis.services.adopting import PLAN_TOPICS
from gis.services.costing import cost_plan
from gis.services.describing import describe_plan
from gis.services.grouping_input import grouping_input

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.plan import GroupingRequest, GroupPlan
    from gis.planning.problem import GroupingSolution
    from gis.planning.watching import Progress
    from gis.services.grouping_input import GroupingInput
    from gis.store.database import Store
    from gis.store.reader import Reader

    Watch = Callable[[PlanProgress], bool]

MAX_NAMES_SHOWN = 30


def propose_groups(
    actor: Actor,
    store: Store,
    request: GroupingRequest,
    watch: Watch | None = None,
    *,
    why_seconds: float | None = None,
) -> GroupPlan:
    """Choose hosts and venues and seat the members of the branches asked for; nothing is saved.

    Parameters
    ----------
    watch
        Is told several times a second how far it is; when it returns False, the best plan so far is taken.
    why_seconds
        How long it may then compute what other places cost and what would seat whom; None for what a person waits.

    Raises
    ------
    DeniedError
        The actor may not plan, or not for these branches.
    NotFoundError
        No branch is in reach of the actor, or nobody is in transition there.
    InputError
        The request names places or groups that there are not, or contradicts itself.
    """
    read = read_grouping(actor, store, request)
    problem = read.given.problem
    solution = solve_grouping(problem, seconds=request.seconds, seed=request.seed, watch=watcher_of(watch))
    return cost_plan(read.described(solution), read.given, read.names, solution, why_seconds)


def watcher_of(watch: Watch | None) -> Callable[[Progress], bool] | None:
    """Return what the planner tells its progress to."""
    if watch is None:
        return None

    def told(progress: Progress) -> bool:
        best, bound = progress.score, progress.bound
        return watch(
            PlanProgress(progress.seconds, best.unseated, bound.unseated, best.cost_m, bound.cost_m, progress.gap)
        )

    return told


@dataclass(frozen=True)
class GroupingRead:
    """What was read for one request; `names` of the organisations."""

    given: GroupingInput
    names: Mapping[OrgId | None, str]
    request: GroupingRequest
    today: date
    data_version: int

    def described(self, solution: GroupingSolution) -> GroupPlan:
        """Name and explain a seating of these members."""
        return describe_plan(
            self.given, self.names, self.request, solution, today=self.today, data_version=self.data_version
        )


def read_grouping(actor: Actor, store: Store, request: GroupingRequest) -> GroupingRead:
    """Read what a plan is made from.

    Raises
    ------
    DeniedError, NotFoundError, InputError
        As `propose_groups`.
    """
    require(actor, Action.PLAN_GROUPS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        branch_ids = _branches(actor, reader, request)
        data_version = reader.data_version(*PLAN_TOPICS)
        names = {org.id: org.name for org in reader.orgs()}
        given = grouping_input(reader, branch_ids, request, today)
    if not given.asked and not given.not_asked:
        who = "党员" if request.is_all_members else "过渡期党员"
        msg = f"所选范围内没有{who}，请先导入花名册"
        raise NotFoundError(msg)
    return GroupingRead(given, names, request, today, data_version)


def branches_named(actor: Actor, store: Store, names: Sequence[str]) -> tuple[OrgId, ...]:
    """Return the branches with these names.

    Raises
    ------
    NotFoundError
        A name is unknown within the actor's scope; the message lists the names there are.
    """
    require(actor, Action.VIEW_GROUPS)
    with store.reading(actor.scope) as reader:
        known = {org.name: org.id for org in reader.branches_in_scope() if org.id is not None}
    unknown = [name for name in names if name not in known]
    if unknown:
        shown = "、".join(list(known)[:MAX_NAMES_SHOWN]) or "无"
        msg = f"没有支部：{'、'.join(unknown)}。现有支部：{shown}"
        raise NotFoundError(msg)
    return tuple(known[name] for name in names)


def _branches(actor: Actor, reader: Reader, request: GroupingRequest) -> tuple[OrgId, ...]:
    if request.seconds < 0 or not math.isfinite(request.seconds):
        msg = "计算时间请填不小于 0 的秒数"
        raise InputError(msg)
    if request.branch_ids:
        require_orgs(actor, reader, request.branch_ids)
        return tuple(sorted(request.branch_ids))
    found = tuple(org.id for org in reader.branches_in_scope() if org.id is not None)
    if not found:
        msg = "管理范围内没有党支部，请先导入组织"
        raise NotFoundError(msg)
    return found
