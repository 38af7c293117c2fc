"""Moves in a region of the median problem: shift, swap and re-host until nothing helps. A heuristic.

Overloaded hosts are allowed on the way at a price per unit, so that tight regions can be crossed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_EPS = 1e-9
_MOST_STEPS = 400


@dataclass(frozen=True, eq=False)
class Region:
    """Some members and hosts: costs (m, h), demands (m,), capacities (h,), price of a unit too much."""

    cost: FloatArray
    demand: FloatArray
    capacity: FloatArray
    overload: float


@dataclass(eq=False)
class Layout:
    """Group of each member, shape (m,), and host of each group, shape (k,)."""

    group: IntArray
    host: IntArray


def value(region: Region, layout: Layout) -> tuple[float, float]:
    """Cost of a layout, and units too much."""
    load = np.bincount(layout.group, weights=region.demand, minlength=len(layout.host))
    cost = region.cost[np.arange(len(layout.group)), layout.host[layout.group]].sum()
    return float(cost), float(np.maximum(load - region.capacity[layout.host], 0).sum())


def improve(region: Region, layout: Layout) -> None:
    """Take the best shift or swap, and the best host of the groups concerned, as long as there is one."""
    state = _State(region, layout)
    for k in range(len(layout.host)):
        state.rehost(k)
    for _ in range(_MOST_STEPS):
        if not (state.shift() or state.swap()):
            break


class _State:
    def __init__(self, region: Region, layout: Layout) -> None:
        self.region, self.layout = region, layout
        self.rows = np.arange(len(layout.group))
        self.load = np.bincount(layout.group, weights=region.demand, minlength=len(layout.host))
        self.cost = region.cost[:, layout.host]
        self.apart = region.demand[:, None] - region.demand[None, :]

    def shift(self) -> bool:
        """Move one member to another group."""
        region, group = self.region, self.layout.group
        slack = region.capacity[self.layout.host] - self.load
        now = self.cost[self.rows, group]
        over = np.maximum(-slack, 0.0)
        leave = np.maximum(-slack[group] - region.demand, 0.0) - over[group]
        join = np.maximum(region.demand[:, None] - slack[None, :], 0.0) - over[None, :]
        delta = self.cost - now[:, None] + region.overload * (join + leave[:, None])
        delta[self.rows, group] = 0.0
        best = int(delta.argmin())
        i, to = divmod(best, delta.shape[1])
        if delta[i, to] >= -_EPS:
            return False
        self._put(i, to)
        return True

    def swap(self) -> bool:
        """Exchange two members of two groups."""
        region, group = self.region, self.layout.group
        slack = region.capacity[self.layout.host] - self.load
        there = self.cost[:, group]
        now = there[self.rows, self.rows]
        over = np.maximum(-slack, 0.0)[group]
        extra = np.maximum(self.apart - slack[group][None, :], 0.0) - over[None, :]
        delta = there - now[:, None] + region.overload * extra
        delta = delta + delta.T
        delta[group[:, None] == group[None, :]] = 0.0
        i, j = divmod(int(delta.argmin()), len(group))
        if delta[i, j] >= -_EPS:
            return False
        gi, gj = int(group[i]), int(group[j])
        self._put(i, gj)
        self._put(j, gi)
        return True

    def _put(self, i: int, to: int) -> None:
        group, old = self.layout.group, int(self.layout.group[i])
        self.load[old] -= self.region.demand[i]
        self.load[to] += self.region.demand[i]
        group[i] = to
        self.rehost(old)
        self.rehost(to)

    def rehost(self, k: int) -> None:
        """Move a group to its best free host."""
        region, host = self.region, self.layout.host
        members = np.flatnonzero(self.layout.group == k)
        if not len(members):
            return
        total = region.cost[members].sum(axis=0)
        total += region.overload * np.maximum(self.load[k] - region.capacity, 0.0)
        here = total[host[k]]
        total[host] = np.inf
        best = int(total.argmin())
        if total[best] < here - _EPS:
            host[k] = best
            self.cost[:, k] = region.cost[:, best]
