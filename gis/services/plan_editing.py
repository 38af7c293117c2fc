"""Hand editing of a saved plan: preview, edit, undo, redo, refresh, repair.

Every edit is one committed step, so that undoing works in another session and for another user. What is worked out
is read without holding anybody up; the step is written only if the plan is still the one that was shown.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError
from gis.model.access import Action
from gis.model.plans import StepKind
from gis.model.seating import delta_of
from gis.planning.repairing import repair, solver
from gis.services.access import require
from gis.services.plan_judging import judge_seating
from gis.services.plan_keeping import plain
from gis.services.plan_record import check_draft, check_version, data_of, load_plan
from gis.services.plan_steps import KINDS, effect, renamed, worked_out
from gis.store.writers.plans import NewStep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plans import Edit, EditEffect
    from gis.model.seating import Seating
    from gis.planning.repairing import Repaired
    from gis.services.plan_judging import Judged
    from gis.services.plan_record import Loaded
    from gis.store.database import Store

MAX_SECONDS = 3600.0
CHANGE_COST_M = 200  # what moving somebody else costs a repair, unless the request says so


def preview_edit(actor: Actor, store: Store, plan_id: PlanId, edit: Edit, version: int) -> EditEffect:
    """Say what an edit would do; nothing is saved.

    Raises
    ------
    StaleError
        Somebody changed the plan since `version`.
    InputError
        The plan is no draft, or the edit cannot be meant.
    NotFoundError
        A group, a place or a member named is not in the plan.
    """
    require(actor, Action.PLAN_GROUPS)
    _, judged = _open(actor, store, plan_id, version)
    outcome = worked_out(judged, edit, actor.name)
    return effect(judged, judge_seating(judged.data, outcome.seating), outcome.text, version)


def edit_plan(actor: Actor, store: Store, plan_id: PlanId, edit: Edit, version: int) -> EditEffect:
    """Edit a draft: one committed step. A broken rule is named, not refused.

    Raises
    ------
    StaleError
        Somebody changed the plan since `version`.
    InputError
        The plan is no draft, or the edit cannot be meant.
    NotFoundError
        A group, a place or a member named is not in the plan.
    """
    require(actor, Action.PLAN_GROUPS)
    loaded, judged = _open(actor, store, plan_id, version)
    outcome = worked_out(judged, edit, actor.name)
    step = NewStep(
        kind=KINDS[type(edit)],
        op=plain(edit),
        delta=delta_of(loaded.seating, outcome.seating),
        text=outcome.text,
        data_version=loaded.head.data_version,
    )
    return _keep(actor, store, loaded, judged, outcome.seating, step)


def undo_edit(actor: Actor, store: Store, plan_id: PlanId, version: int) -> EditEffect:
    """Take the last applied step back, whoever made it.

    Raises
    ------
    StaleError
        Somebody changed the plan since `version`.
    InputError
        The plan is no draft, or there is nothing to undo.
    """
    require(actor, Action.PLAN_GROUPS)
    loaded, judged = _open(actor, store, plan_id, version)
    if not loaded.head.can_undo:
        msg = "没有可以撤销的调整"
        raise InputError(msg)
    undone = loaded.step(loaded.record.pointer)
    return _point(actor, store, loaded, judged, loaded.record.pointer - 1, f"撤销：{undone.step.text}")


def redo_edit(actor: Actor, store: Store, plan_id: PlanId, version: int) -> EditEffect:
    """Apply the step again that was undone last.

    Raises
    ------
    StaleError
        Somebody changed the plan since `version`.
    InputError
        The plan is no draft, or nothing was undone.
    """
    require(actor, Action.PLAN_GROUPS)
    loaded, judged = _open(actor, store, plan_id, version)
    if not loaded.head.can_redo:
        msg = "没有可以恢复的调整"
        raise InputError(msg)
    redone = loaded.step(loaded.record.pointer + 1)
    return _point(actor, store, loaded, judged, loaded.record.pointer + 1, f"恢复：{redone.step.text}")


def refresh_plan(actor: Actor, store: Store, plan_id: PlanId, version: int) -> EditEffect:
    """Take a stale draft to the data of today: who is gone leaves, seats at closed places fall free; one step.

    Raises
    ------
    StaleError
        Somebody changed the plan since `version`.
    InputError
        The plan is no draft, or stands on the data of today already.
    """
    require(actor, Action.PLAN_GROUPS)
    loaded, judged = _open(actor, store, plan_id, version)
    if not loaded.head.is_stale:
        msg = "方案依据的已经是最新数据"
        raise InputError(msg)
    seating = renamed(judged, judged.draft, keep_unknown=False)
    gone = len(loaded.seating.seats) - len(seating.seats)
    text = f"按最新数据核对：{f'{gone} 人不再有座位' if gone else '座位没有变化'}"
    step = NewStep(StepKind.REFRESH, {}, delta_of(loaded.seating, seating), text, judged.data.data_version)
    return _keep(actor, store, loaded, judged, seating, step)


def repair_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, *, seconds: float) -> EditEffect:
    """Keep what was set by hand and solve the rest anew, with few moves; one step, on the data of today.

    Raises
    ------
    StaleError
        Somebody changed the plan since `version`.
    InputError
        The plan is no draft, `seconds` is no time, or nothing could be bettered.
    """
    require(actor, Action.PLAN_GROUPS)
    if not math.isfinite(seconds) or not 0 <= seconds <= MAX_SECONDS:
        msg = f"计算时间请填 0 到 {MAX_SECONDS:.0f} 秒"
        raise InputError(msg)
    loaded, judged = _open(actor, store, plan_id, version)
    repaired = _repaired(judged, seconds, loaded.base.request.seed)
    seating = renamed(judged, repaired.draft, keep_unknown=False)
    if seating == loaded.seating and not loaded.head.is_stale:
        msg = "保留手工设定的部分之后，其余没有更好的安排，方案不变"
        raise InputError(msg)
    op: Mapping[str, object] = {"seconds": seconds, "status": repaired.solution.status.value}
    text = _said(judged, repaired)
    step = NewStep(StepKind.REPAIR, op, delta_of(loaded.seating, seating), text, judged.data.data_version)
    return _keep(actor, store, loaded, judged, seating, step)


def _repaired(judged: Judged, seconds: float, seed: int) -> Repaired:
    rows = judged.data.row_of
    by_hand = np.zeros(judged.given.problem.n_members, dtype=np.bool_)
    by_hand[[rows[member] for member in judged.seating.hand if member in rows]] = True
    led = frozenset(judged.key_of[one] for one in judged.seating.hand_leaders if one in judged.key_of)
    return repair(
        judged.given.problem,
        judged.draft,
        by_hand,
        led,
        change_cost_m=judged.given.problem.rules.change_cost_m or CHANGE_COST_M,
        solve=solver(seconds=seconds, seed=seed),
    )


def _said(judged: Judged, repaired: Repaired) -> str:
    before, after = judged.draft.host, repaired.draft.host
    new, moved = int(((before < 0) & (after >= 0)).sum()), int(((before != after) & (before >= 0)).sum())
    text = f"自动补齐：保留手工设定 {len(judged.seating.hand)} 人，新安排 {new} 人，另调整 {moved} 人"
    stuck = [judged.given.asked[int(row)].name for row in repaired.against_rules[:3]]
    if stuck:
        text += f"；仍按手工设定、不符合规则的有 {len(repaired.against_rules)} 人（{'、'.join(stuck)}…）"
    return text


def _open(actor: Actor, store: Store, plan_id: PlanId, version: int) -> tuple[Loaded, Judged]:
    """Read a draft and judge it on the data of today."""
    with store.reading(actor.scope) as reader:
        loaded = load_plan(reader, plan_id)
        check_version(loaded.head, version)
        check_draft(loaded.head)
        data = data_of(reader, loaded, store.today())
    return loaded, judge_seating(data, loaded.seating)


def _keep(  # who, where, from what to what
    actor: Actor, store: Store, loaded: Loaded, judged: Judged, seating: Seating, step: NewStep
) -> EditEffect:
    """Write a step and say what it did."""
    now = judge_seating(judged.data, seating)
    plan_id, version = loaded.head.id, loaded.head.version
    with store.writing(actor, Action.PLAN_GROUPS) as writer:
        check_version(load_plan(writer, plan_id).head, version)
        version = writer.add_step(plan_id, version, step, now.counts)
        writer.say(f"调整编组方案 {plan_id}：{step.kind.label}", plan=plan_id, step=loaded.record.pointer + 1)
    return effect(judged, now, step.text, version)


def _point(  # as above
    actor: Actor, store: Store, loaded: Loaded, judged: Judged, number: int, text: str
) -> EditEffect:
    """Write which step is the last to stand and say what that did."""
    now = judge_seating(judged.data, loaded.seating_at(number))
    plan_id, version = loaded.head.id, loaded.head.version
    with store.writing(actor, Action.PLAN_GROUPS) as writer:
        check_version(load_plan(writer, plan_id).head, version)
        data_version = loaded.data_version_at(number)
        version = writer.point_at_step(plan_id, version, number, now.counts, data_version=data_version)
        writer.say(f"编组方案 {plan_id}：{text.partition('：')[0]}一步调整", plan=plan_id, step=number)
    return effect(judged, now, text, version)
