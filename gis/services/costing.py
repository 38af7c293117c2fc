"""Puts into a proposal what other places would cost each member, and the smallest changes for those left out."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from gis.services.why import why_members
from gis.services.why_facts import WhyFacts, seats_of_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.ids import MemberId, OrgId
    from gis.model.plan import GroupPlan, SeatPlan, Unseated
    from gis.model.why import MemberWhy
    from gis.planning.problem import GroupingSolution
    from gis.services.grouping_input import GroupingInput

MOST_ASKED = 400  # more members are explained when somebody asks (`jiujin plan explain`)
LEAST_SECONDS = 1.0
SECONDS = 10.0  # somebody waits; enough for most streets' members in transition, not for all


def cost_plan(
    plan: GroupPlan,
    given: GroupingInput,
    names: Mapping[OrgId | None, str],
    solution: GroupingSolution,
    seconds: float | None = None,
) -> GroupPlan:
    """Return the plan with costs and smallest changes as far as the time reaches; a large plan as it is.

    Parameters
    ----------
    seconds
        How long it may take; None for what was asked for the plan, once more, within bounds.
    """
    if len(given.asked) > MOST_ASKED:
        return plan
    usual = min(max(plan.request.seconds, LEAST_SECONDS), SECONDS)
    end = monotonic() + (usual if seconds is None else seconds)
    none = np.zeros((len(given.asked), 0))
    facts = WhyFacts(seats_of_plan(plan), given, names, solution.host, (), none, lambda: end - monotonic())
    return told(plan, {one.member_id: one for one in why_members(facts, range(len(given.asked)))})


def told(plan: GroupPlan, whys: Mapping[MemberId, MemberWhy]) -> GroupPlan:
    """Return the plan with what has been computed for some of its members."""
    groups = tuple(
        replace(group, seats=tuple(_seat(seat, whys.get(seat.member_id)) for seat in group.seats))
        for group in plan.groups
    )
    return replace(
        plan, groups=groups, unseated=tuple(_left_out(one, whys.get(one.member_id)) for one in plan.unseated)
    )


def _seat(seat: SeatPlan, why: MemberWhy | None) -> SeatPlan:
    return seat if why is None or why.place is None else replace(seat, alternatives=why.alternatives)


def _left_out(one: Unseated, why: MemberWhy | None) -> Unseated:
    if why is None or why.place is not None or not why.changes:
        return one
    return replace(one, changes=why.changes, smallest_change=why.changes[0].text)
