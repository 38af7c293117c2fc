"""Regions of a plan of the median problem: cut out, shaken, and with one group more or one less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.median import Median
from gis.planning.median_moves import Layout, Region, improve, value
from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

MEMBERS = 80  # of a region, about
_PLACES = 3  # where one group more is tried in a region


@dataclass(frozen=True, eq=False)
class Cut:
    """A region: its members, the hosts they may use, those open, and the group of each member (of `hosts`)."""

    median: Median
    members: IntArray
    usable: IntArray
    hosts: IntArray
    group: IntArray

    @property
    def key(self) -> bytes:
        """What the region is, in bytes."""
        return b"|".join(
            each.astype(np.int32).tobytes() for each in (self.members, self.usable, self.hosts[self.group])
        )

    def region(self, overload: float) -> Region:
        """Take the numbers that moves need."""
        m = self.median
        cost = m.cost[np.ix_(self.members, self.usable)]
        return Region(
            cost, m.demand[self.members].astype(np.float64), m.capacity[self.usable].astype(np.float64), overload
        )

    def layout(self) -> Layout:
        """Say who sits where, in the region's own numbers."""
        return Layout(self.group.copy(), np.searchsorted(self.usable, self.hosts))

    def part(self, most: int) -> Median:
        """Make a median problem of the region."""
        m = self.median
        cost = m.cost[np.ix_(self.members, self.usable)]
        near = np.argsort(cost, axis=1, kind="stable")[:, : m.near.shape[1]]
        return Median(cost, m.demand[self.members], m.capacity[self.usable], most, m.open_cost, m.never, near)


def near_hosts(m: Median, plan: IntArray, centre: int, size: int = MEMBERS) -> IntArray:
    """Open hosts nearest to the members of a host, itself first, with so many members or a few more."""
    opened, size_of = np.unique(plan[plan != UNSEATED], return_counts=True)
    members = np.flatnonzero(plan == centre)
    near = m.cost[np.ix_(members, opened)].mean(axis=0)
    order = np.argsort(np.where(opened == centre, -1.0, near), kind="stable")
    count = max(3, int(np.searchsorted(np.cumsum(size_of[order]), size)))
    return opened[order[:count]]


def cut_out(m: Median, plan: IntArray, hosts: IntArray) -> Cut:
    """Cut out some open hosts with their members, members without a seat unless many, and free hosts near them."""
    opened = np.unique(plan[plan != UNSEATED])
    is_in = np.zeros(m.n_hosts + 1, dtype=np.bool_)
    is_in[hosts] = True
    members = np.flatnonzero(is_in[plan] | (plan == UNSEATED))
    if len(members) > 3 * MEMBERS:
        members = np.flatnonzero(is_in[plan])
    is_usable = np.zeros(m.n_hosts, dtype=np.bool_)
    is_usable[m.near[members].ravel()] = True
    is_usable[opened] = False
    is_usable[hosts] = True
    at = plan[members][:, None] == hosts[None, :]
    group = at.argmax(axis=1)
    lost = ~at.any(axis=1)
    group[lost] = m.cost[np.ix_(members[lost], hosts)].argmin(axis=1)
    return Cut(m, members, np.flatnonzero(is_usable), hosts, group.astype(np.int64))


def shake(region: Region, layout: Layout, random: np.random.Generator) -> None:
    """Move one or two hosts, or empty one group and open it elsewhere, and seat its members at the nearest."""
    k = len(layout.host)
    kind = random.integers(3)
    for group in random.choice(k, size=min(k, 1 + int(kind == 1)), replace=False):
        free = np.setdiff1d(np.arange(region.cost.shape[1]), layout.host)
        if not len(free):
            return
        if kind == 2:  # noqa: PLR2004 - the third kind: open near another group, leave this place
            other = np.flatnonzero(layout.group == random.integers(k))
            if len(other):
                free = free[np.argsort(region.cost[other][:, free].sum(axis=0), kind="stable")[:5]]
        layout.host[group] = random.choice(free)
    nearest = region.cost[:, layout.host].argmin(axis=1)
    loose = random.random(len(nearest)) < 0.7  # noqa: PLR2004 - most, so that the shake is felt and not all is lost
    layout.group[loose] = nearest[loose]


@dataclass(frozen=True, eq=False)
class Change:
    """What becomes of a region with one group more or one less: hosts of its members, and what it costs more."""

    members: IntArray
    host: IntArray
    more: float

    @property
    def hosts(self) -> IntArray:
        """The hosts open after it."""
        return np.unique(self.host)


def with_one_less(cut: Cut, overload: float) -> Change | None:
    """Close the first host of a region and seat its members around; None when there is no room."""
    region, layout = cut.region(overload), cut.layout()
    before = value(region, layout)
    group, host = layout.group, layout.host[1:].copy()
    moved = group == 0
    group = group - 1
    group[moved] = region.cost[moved][:, host].argmin(axis=1)
    return _changed(cut, region, Layout(group, host), before, -cut.median.open_cost)


def with_one_more(cut: Cut, overload: float) -> Change | None:
    """Open one host more in a region, where it saves the most; None when there is no free one."""
    region, start = cut.region(overload), cut.layout()
    before = value(region, start)
    now = region.cost[np.arange(len(start.group)), start.host[start.group]]
    saving = np.maximum(now[:, None] - region.cost, 0.0)
    saving[region.demand[:, None] > region.capacity[None, :]] = 0.0
    worth = saving.sum(axis=0)
    worth[start.host] = -1.0
    best = None
    for place in np.argsort(-worth, kind="stable")[:_PLACES]:
        if worth[place] <= 0:
            break
        order = np.argsort(-saving[:, place] / np.maximum(region.demand, 1e-9), kind="stable")
        order = order[saving[order, place] > 0]
        joins = order[np.cumsum(region.demand[order]) <= region.capacity[place]]
        layout = Layout(start.group.copy(), np.append(start.host, place))
        layout.group[joins] = len(start.host)
        found = _changed(cut, region, layout, before, cut.median.open_cost)
        if found is not None and (best is None or found.more < best.more):
            best = found
    return best


def _changed(cut: Cut, region: Region, layout: Layout, before: tuple[float, float], open_cost: int) -> Change | None:
    improve(region, layout)
    after, left = value(region, layout)
    if left > before[1]:
        return None
    return Change(cut.members, cut.usable[layout.host[layout.group]], after - before[0] + open_cost)
