"""Plans side by side, their differences, and a plan worked out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plans import PlanDiff, PlanFigures, PlanVersion, Rerun
    from gis.store.database import Store


def compare_plans(actor: Actor, store: Store, plan_ids: Sequence[PlanId]) -> tuple[PlanFigures, ...]:
    """Return the figures of each plan, in the order asked for."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def diff_plans(actor: Actor, store: Store, a: PlanVersion, b: PlanVersion) -> PlanDiff:
    """Say what differs between two plans, or two versions of one."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def rerun_plan(actor: Actor, store: Store, plan_id: PlanId) -> Rerun:
    """Work a plan out again with its parameters and seed and say whether the result is the same; nothing is saved."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError
