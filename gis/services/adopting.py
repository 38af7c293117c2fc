"""Adopt a plan: run, groups, memberships and audit in one transaction, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import InputError, StaleError
from gis.model.access import Action
from gis.services.access import require, require_orgs
from gis.services.plan_document import plan_document
from gis.store.writers.groups import NewGroup, NewRun, NewSeat

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RunId
    from gis.model.plan import GroupPlan, PlannedGroup
    from gis.store.database import Store

#: What a plan stands on: a change to any of these makes it stale.
PLAN_TOPICS = ("territory", "people", "groups")


def adopt_groups(actor: Actor, store: Store, plan: GroupPlan) -> RunId:
    """Save the plan and found its groups; groups in force of the same branches end today, their history stays.

    Raises
    ------
    StaleError
        People, places or groups changed since the plan was made.
    InputError
        The plan has no group at all.
    """
    require(actor, Action.ADOPT_GROUPS)
    if not plan.groups:
        msg = "方案里没有一个小组，不能采用"
        raise InputError(msg)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        require_orgs(actor, writer, plan.branch_ids)
        now = writer.data_version(*PLAN_TOPICS)
        if now != plan.data_version:
            msg = "测算之后，党员、场所或小组数据已有变动，请重新测算后再采用"
            raise StaleError(msg, mine=plan.data_version, theirs=now)
        run_id = writer.add_run(_run(plan))
        closed = writer.close_groups(plan.branch_ids)
        writer.found_groups(run_id, [_new_group(group) for group in plan.groups])
        writer.say(
            f"采用编组方案：新建 {len(plan.groups)} 个临时党小组，停止原有 {closed} 个",
            run=run_id,
            groups=len(plan.groups),
            seated=plan.scores.seated,
            closed=closed,
        )
    return run_id


def _run(plan: GroupPlan) -> NewRun:
    document = plan_document(plan)
    request = document["request"]
    return NewRun(
        parameters=request if isinstance(request, dict) else {},
        data_version=plan.data_version,
        solver=plan.solver,
        status=plan.status,
        objective=plan.objective,
        bound=plan.bound,
        document=document,
    )


def _new_group(group: PlannedGroup) -> NewGroup:
    return NewGroup(
        branch_id=group.branch_id,
        name=f"{group.branch}临时党小组（{group.place.label}）",
        leader_id=group.leader_id,
        host_id=group.place.host_id,
        venue_id=group.place.venue_id,
        seats=tuple(NewSeat(seat.member_id, seat.walk_m, seat.why) for seat in group.seats),
        reasons=(),
    )
