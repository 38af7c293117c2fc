"""Hand editing of a saved plan: preview, edit, undo, redo, refresh, repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plans import Edit, EditEffect
    from gis.store.database import Store


def preview_edit(actor: Actor, store: Store, plan_id: PlanId, edit: Edit, version: int) -> EditEffect:
    """Say what an edit would do; nothing is saved."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def edit_plan(actor: Actor, store: Store, plan_id: PlanId, edit: Edit, version: int) -> EditEffect:
    """Edit a draft: one committed step."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def undo_edit(actor: Actor, store: Store, plan_id: PlanId, version: int) -> EditEffect:
    """Take the last applied step back, whoever made it."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def redo_edit(actor: Actor, store: Store, plan_id: PlanId, version: int) -> EditEffect:
    """Apply the step again that was undone last."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def refresh_plan(actor: Actor, store: Store, plan_id: PlanId, version: int) -> EditEffect:
    """Take a stale draft to the data of today: who is gone leaves, seats at closed places fall free; one step."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def repair_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, *, seconds: float) -> EditEffect:
    """Keep what was set by hand and solve the rest anew, with few moves; one step, on the data of today."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError
