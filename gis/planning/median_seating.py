"""Seat everybody of a median problem at given hosts: by cost and room, strictly by room, or leaving members out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.median import Median

    IntArray = npt.NDArray[np.int64]


def seat(m: Median, opened: IntArray, groups: dict[int, list[int]], overload: float) -> IntArray:
    """Seat everybody at the opened hosts: as grouped where one group claims a member, else nearest by cost and room."""
    cost, at = m.cost[:, opened], {int(j): k for k, j in enumerate(opened)}
    room = m.capacity[opened].astype(np.float64)
    plan = np.full(m.n_members, UNSEATED, dtype=np.int64)
    for j, members in groups.items():
        for i in members:
            if plan[i] == UNSEATED or m.cost[i, j] < m.cost[i, plan[i]]:
                if plan[i] != UNSEATED:
                    room[at[int(plan[i])]] += m.demand[i]
                plan[i] = j
                room[at[j]] -= m.demand[i]
    two = np.partition(cost, min(1, cost.shape[1] - 1), axis=1)
    urgency = (two[:, min(1, cost.shape[1] - 1)] - two[:, 0]) * np.maximum(m.demand, 1)
    order = np.argsort(-urgency, kind="stable")
    for i in order[plan[order] == UNSEATED]:
        k = int((cost[i] + overload * np.clip(m.demand[i] - room, 0.0, m.demand[i])).argmin())
        if cost[i, k] < m.never:
            plan[i] = opened[k]
            room[k] -= m.demand[i]
    return plan


def packed(m: Median, opened: IntArray) -> IntArray:
    """Seat the members at the nearest of some hosts with room, the largest first."""
    plan, room = np.full(m.n_members, UNSEATED, dtype=np.int64), m.capacity[opened].copy()
    for i in np.argsort(-m.demand, kind="stable") if len(opened) else ():
        cost = np.where(room >= m.demand[i], m.cost[i, opened], m.never)
        k = int(cost.argmin())
        if cost[k] < m.never:
            plan[i] = opened[k]
            room[k] -= m.demand[i]
    return plan


def trimmed(m: Median, plan: IntArray) -> IntArray:
    """Leave members out, the largest first, until no host is overloaded and no more hosts open than may."""
    plan = plan.copy()
    opened, size = np.unique(plan[plan != UNSEATED], return_counts=True)
    plan[np.isin(plan, opened[np.argsort(-size, kind="stable")][m.most :])] = UNSEATED
    plan[(plan != UNSEATED) & (m.cost[np.arange(len(plan)), plan] >= m.never)] = UNSEATED
    for j in opened:
        members = np.flatnonzero(plan == j)
        members = members[np.argsort(m.demand[members], kind="stable")]
        plan[members[np.cumsum(m.demand[members]) > m.capacity[j]]] = UNSEATED
    return plan
