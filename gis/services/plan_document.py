"""`plan.json`: the plan as a document that people keep and other programs read (docs/plan-json.md)."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.model.plan import Alternative, GroupPlan, PlanChange, PlannedGroup, SeatChange, SeatPlan, Unseated

FORMAT = "jiujin-plan/1"


def plan_document(plan: GroupPlan) -> dict[str, object]:
    """Return the plan as plain lists and dictionaries, ready for `json.dumps`."""
    return {
        "format": FORMAT,
        "status": plan.status,
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "unseated_penalty": plan.unseated_penalty,
        "group_price": plan.group_price,
        "longest_price": plan.longest_price,
        "changes_cost_m": plan.changes_cost_m,
        "seconds": round(plan.seconds, 3),
        "solver": plan.solver,
        "as_of": plan.as_of.isoformat(),
        "data_version": plan.data_version,
        "estimated": plan.is_estimated,
        "request": _request(plan),
        "groups": [_group(group) for group in plan.groups],
        "unseated": [_unseated(one) for one in plan.unseated],
        "scores": asdict(plan.scores),
        "changes": [_change(one) for one in plan.changes],
    }


def _request(plan: GroupPlan) -> dict[str, object]:
    asked = plan.request
    return {
        "branches": list(plan.branch_ids),
        "all_members": asked.is_all_members,
        "seconds": asked.seconds,
        "seed": asked.seed,
        "settings": asdict(asked.settings),
        "required_places": list(asked.required_places),
        "forbidden_places": list(asked.forbidden_places),
        "preferred_places": list(asked.preferred_places),
        "frozen_groups": list(asked.frozen_groups),
        "mixed_reason": asked.mixed_reason,
    }


def _change(one: SeatChange) -> dict[str, object]:
    return {
        "member": one.member_id,
        "name": one.name,
        "before": one.before,
        "after": one.after,
        "forced": bool(one.why_forced),
        "why_forced": one.why_forced,
    }


def _group(group: PlannedGroup) -> dict[str, object]:
    return {
        "id": group.id,
        "host": group.place.host_id,
        "venue": group.place.venue_id,
        "place": group.place.label,
        "branch": group.branch,
        "branch_id": group.branch_id,
        "leader": group.leader_id,
        "members": [_seat(seat) for seat in group.seats],
    }


def _seat(seat: SeatPlan) -> dict[str, object]:
    return {
        "member": seat.member_id,
        "name": seat.name,
        "walk_m": round(seat.walk_m, 1) if math.isfinite(seat.walk_m) else None,
        "minutes": seat.minutes,
        "estimated": seat.is_estimated,
        "locked": seat.is_locked,
        "why": seat.why,
        "alternatives": [alternative_document(one) for one in seat.alternatives],
    }


def alternative_document(one: Alternative) -> dict[str, object]:
    """Return another place as it stands in documents."""
    return {
        "host": one.place.key,
        "place": one.place.label,
        "walk_m": None if one.walk_m is None else round(one.walk_m, 1),
        "why_not": one.why_not,
        "rule": one.rule or None,
        "cost_known": one.cost_known,
        "cost_seats": one.cost_seats,
        "cost_m": one.cost_m,
    }


def _unseated(one: Unseated) -> dict[str, object]:
    return {
        "member": one.member_id,
        "name": one.name,
        "branch_id": one.branch_id,
        "code": one.code,
        "reason": one.reason,
        "smallest_change": one.smallest_change,
        "changes": [change_document(change) for change in one.changes],
    }


def change_document(change: PlanChange) -> dict[str, object]:
    """Return a change that would seat a member as it stands in documents."""
    return {
        "kind": change.kind,
        "amount": change.amount,
        "host": change.place_key or None,
        "member": change.member_id,
        "others_stay": change.others_stay,
        "text": change.text,
    }
