"""Saved plans: list, open, save, copy, rename, discard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plan import GroupPlan
    from gis.model.plans import PlanHead, SavedPlan
    from gis.store.database import Store


def list_plans(actor: Actor, store: Store) -> tuple[PlanHead, ...]:
    """List the plans whose branches all lie in the scope, newest first; no names for roles that count only."""
    require(actor, Action.VIEW_GROUPS)
    raise NotImplementedError


def open_plan(actor: Actor, store: Store, plan_id: PlanId) -> SavedPlan:
    """Open a plan as it stands, judged against the data of today."""
    require(actor, Action.VIEW_GROUPS)
    raise NotImplementedError


def save_plan(actor: Actor, store: Store, plan: GroupPlan, name: str, *, based_on: PlanId | None = None) -> PlanId:
    """Save a proposal as a draft."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def copy_plan(actor: Actor, store: Store, plan_id: PlanId, name: str) -> PlanId:
    """Save a plan as it stands, in whatever state, as a new draft based on it."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def rename_plan(actor: Actor, store: Store, plan_id: PlanId, name: str, version: int) -> None:
    """Rename a plan that has not been published."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def discard_plan(actor: Actor, store: Store, plan_id: PlanId, version: int) -> None:
    """Discard a plan that has not been published; it leaves the lists."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError
