"""Planning while it runs: what it says of itself, and the way to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.services.grouping import propose_groups
from gis.ui import waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.model.plan import GroupingRequest, PlanProgress
    from gis.store.database import Store
    from gis.ui.jobs import Progress


def send_planning(key: str, actor: Actor, store: Store, request: GroupingRequest) -> None:
    """Send planning off; the account finds it again in another tab."""
    waiting.send_watched(
        key,
        lambda progress: propose_groups(actor, store, request, watch=watching(progress)),
        expected_s=request.seconds,
        owner=actor.name,
    )


def watching(progress: Progress) -> Callable[[PlanProgress], bool]:
    """Return what the planner tells how far it is: the page says it, and a press of the button ends the search."""

    def told(now: PlanProgress) -> bool:
        progress.said = said(now)
        return not progress.is_cancelled

    return told


def said(now: PlanProgress) -> str:
    """Return the standing of the search as one line: the best plan, what no plan can beat, the gap."""
    left = f"未安排 {now.unseated} 名"
    if now.unseated_bound < now.unseated:
        left += f"（可能少到 {now.unseated_bound} 名）"
    gap = "已证明最优，正在写明理由" if now.gap <= 0 else f"与最优差距 ≤ {now.gap:.2%}"
    return f"目前最好：{left}，总代价 {now.cost_m} 米（不可能低于 {now.cost_bound_m} 米），{gap}"
