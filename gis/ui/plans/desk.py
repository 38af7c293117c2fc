"""What an editor has in hand on one plan: members chosen, the group looked at, what is about to be done.

Only conveniences of the tab: everything that counts is committed in the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gis.ui import session

if TYPE_CHECKING:
    from gis.model.ids import PlanId
    from gis.model.plan import GroupPlan, PlannedGroup
    from gis.ui.choices import Picked
    from gis.ui.map.host import Pick

UNSEATED_ROWS = -1  # in place of a group's number: those left out


@dataclass(frozen=True, slots=True)
class Desk:
    """One editor's desk; a group is known by branch and place, which outlive renumbering."""

    chosen: frozenset[int] = field(default=frozenset())
    map_stamp: int = 0
    list_stamp: int = 0
    group: str = ""
    is_unseated: bool = False
    turn: int = 0  # widgets of an earlier turn are gone


def desk_of(plan_id: PlanId, plan: GroupPlan) -> Desk:
    """Return the desk, without what the plan does not hold any more."""
    kept: Desk = session.recall(_key(plan_id)) or Desk()
    there = {int(seat.member_id) for group in plan.groups for seat in group.seats}
    there |= {int(one.member_id) for one in plan.unseated}
    return replace(kept, chosen=kept.chosen & there)


def keep(plan_id: PlanId, desk: Desk) -> None:
    """Keep the desk for this tab."""
    session.remember(_key(plan_id), desk)


def clear_choice(plan_id: PlanId, desk: Desk) -> None:
    """Let go of the members chosen, and of what was about to be done."""
    keep(plan_id, replace(desk, chosen=frozenset(), turn=desk.turn + 1))


def name_of(group: PlannedGroup) -> str:
    """Return what a group is known by while a plan changes."""
    return f"{int(group.branch_id)} {group.place.key}"


def group_looked_at(plan: GroupPlan, desk: Desk) -> int | None:
    """Return the number of the group looked at, None for nothing or for those left out."""
    if desk.is_unseated:
        return None
    return next((number for number, group in enumerate(plan.groups) if name_of(group) == desk.group), None)


def look_at(plan: GroupPlan, desk: Desk, number: int) -> Desk:
    """Return the desk with another group in sight."""
    if number == UNSEATED_ROWS:
        return replace(desk, group="", is_unseated=True)
    return replace(desk, group=name_of(plan.groups[number]), is_unseated=False) if number < len(plan.groups) else desk


def choose_on_map(desk: Desk, pick: Pick) -> Desk:
    """Return the desk after a click or a lasso: the map says everybody who is chosen now."""
    return replace(desk, chosen=frozenset(pick.ids), map_stamp=pick.stamp)


def choose_in_list(desk: Desk, picked: Picked) -> Desk:
    """Return the desk after a tick in the list, which speaks only of those it shows."""
    shown = frozenset(picked.shown)
    return replace(desk, chosen=(desk.chosen - shown) | (shown & frozenset(picked.ids)), list_stamp=picked.stamp)


def _key(plan_id: PlanId) -> str:
    return f"plan_desk_{int(plan_id)}"
