"""Life of a saved plan: review, decision, report, publishing, running, stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import PlanId, RunId
    from gis.store.database import Store


def submit_plan(actor: Actor, store: Store, plan_id: PlanId, version: int) -> None:
    """Hand a draft to the branch committee."""
    require(actor, Action.PLAN_GROUPS)
    raise NotImplementedError


def send_back(actor: Actor, store: Store, plan_id: PlanId, version: int, reason: str) -> None:
    """Send a plan under review or reported back to draft."""
    require(actor, Action.ADOPT_GROUPS)
    raise NotImplementedError


def decide_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, decided_on: date) -> None:
    """Note the day on which the branch committee decided a plan under review."""
    require(actor, Action.ADOPT_GROUPS)
    raise NotImplementedError


def report_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, reported_on: date) -> None:
    """Note the day on which a plan was reported to the level above."""
    require(actor, Action.ADOPT_GROUPS)
    raise NotImplementedError


def publish_warnings(actor: Actor, store: Store, plan_id: PlanId) -> tuple[str, ...]:
    """List what publishing now asks a reason for (R04, walks beyond the limit …); empty: none is needed."""
    require(actor, Action.ADOPT_GROUPS)
    raise NotImplementedError


def publish_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, reason: str = "") -> RunId:
    """Found the groups and memberships in one transaction; plans in force of the same branches are superseded."""
    require(actor, Action.ADOPT_GROUPS)
    raise NotImplementedError


def start_plan(actor: Actor, store: Store, plan_id: PlanId, version: int) -> None:
    """Note that the groups of a published plan have begun to meet."""
    require(actor, Action.ADOPT_GROUPS)
    raise NotImplementedError


def stop_plan(actor: Actor, store: Store, plan_id: PlanId, version: int, reason: str, *, stopped_on: date) -> None:
    """Close the groups and memberships of a plan in force."""
    require(actor, Action.ADOPT_GROUPS)
    raise NotImplementedError
