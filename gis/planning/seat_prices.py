"""A bound without a search: every member has a price, every group takes whom it gains by, and the sum bounds all plans.

The Lagrangian of "each member sits once or is left out". A group's best choice is found by sorting: its best leader,
then who gains most, as many as the size penalties and its seats allow. Rules between members that this leaves out only
make plans dearer, so the bound holds for any rules. Any prices give a bound; those of the linear programs of tiles give
a good one, and steps along the subgradient a better one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.wide_scoring import arc_costs, group_costs

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.problem import GroupingRules
    from gis.planning.wide import WideProblem

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


# found on a world of 5,500 members: after a hundred steps 0.004 % below the linear program of the whole
_FIRST_STEP, _SHORTER, _SHORTEST, _PATIENCE = 0.3, 0.66, 1e-4, 3
_MEMORY = 0.9
_NOTHING = 1e-3


@dataclass(frozen=True)
class Charges:
    """What a plan is charged: seats and groups as they cost, or only who is left out (`seats_only`).

    `left_out` has shape (n,): what leaving a member out costs.
    """

    left_out: FloatArray
    seats_only: bool


class SeatPrices:
    """The groups of a wide problem, ready for any prices."""

    def __init__(self, problem: WideProblem, arcs: IntArray, charges: Charges) -> None:
        self._rules: GroupingRules = problem.rules
        member, host = problem.arc_member[arcs], problem.arc_host[arcs]
        keys, group = np.unique(problem.team[member] * max(problem.n_hosts, 1) + host, return_inverse=True)
        group = np.asarray(group, dtype=np.int64).reshape(-1)
        order = np.argsort(group, kind="stable")
        self._member, self._group = member[order], group[order]
        self._cost = np.zeros(len(arcs)) if charges.seats_only else arc_costs(problem, arcs)[order]
        group_host = keys % max(problem.n_hosts, 1)
        self._opening = np.zeros(len(keys)) if charges.seats_only else group_costs(problem)[group_host]
        self._seats = np.minimum(problem.capacity[group_host], self._rules.hard_max)
        self._leads = problem.can_lead[self._member]
        self._needs_leader = self._rules.needs_leader or self._rules.members_per_leader > 0
        self._charges = charges
        self._of = np.unique(member)

    def value(self, price: FloatArray) -> tuple[float, FloatArray]:
        """Bound every plan; also say how often each member is taken beyond once, shape (n,).

        Prices above what leaving a member out costs are cut to that.
        """
        price = np.minimum(price, self._charges.left_out)
        gain, taken = self._best_groups(price)
        opens = gain < 0
        taken = taken[opens[self._group[taken]]]
        times = np.bincount(self._member[taken], minlength=len(price)).astype(np.float64)
        return float(price[self._of].sum() + gain[opens].sum()), times - 1.0

    def _best_groups(self, price: FloatArray) -> tuple[FloatArray, IntArray]:
        """Choose the best members of each group: what it costs at these prices, and the pairs taken."""
        reduced = self._cost - price[self._member]
        order = self._in_order(reduced, self._that_matter(reduced))
        group, value = self._group[order], reduced[order]
        first, lead_value, rank = self._leaders_first(order, group, value)
        total = np.cumsum(np.where(first, 0.0, value))
        start = np.searchsorted(group, np.arange(len(self._seats) + 1))
        before = np.concatenate([[0.0], total])[start[:-1]]
        size = np.where(first, 1, rank + 1)
        costs = np.where(first, 0.0, total - before[group]) + lead_value[group] + self._opening[group]
        rules = self._rules
        if not self._charges.seats_only:
            costs += rules.small_penalty_m * np.maximum(rules.target_low - size, 0)
            costs += rules.large_penalty_m * np.maximum(size - rules.target_high, 0)
        costs = np.where((size >= rules.min_size) & (size <= self._seats[group]), costs, np.inf)
        best = np.full(len(self._seats), np.inf)
        asked = start[1:] > start[:-1]
        best[asked] = np.minimum.reduceat(costs, start[:-1][asked]) if len(order) else np.inf
        chosen = np.zeros(len(best), dtype=np.int64)
        hit = np.flatnonzero(costs == best[group])[::-1]
        chosen[group[hit]] = size[hit]
        return best, order[size <= chosen[group]]

    def _that_matter(self, reduced: FloatArray) -> IntArray:
        """Leave out pairs that no best group has: each costs more than it can save its group in being small.

        A group that is then without a leader or below the least size keeps all, if it could gain at all.
        """
        rules = self._rules
        reach = 0.0 if self._charges.seats_only else float(rules.small_penalty_m)
        keep = reduced <= reach
        counts = np.bincount(self._group[keep], minlength=len(self._seats))
        short = counts < rules.min_size
        if self._needs_leader:
            short |= np.bincount(self._group[keep & self._leads], minlength=len(short)) == 0
        if short.any():
            sums = np.bincount(self._group, weights=np.minimum(reduced, 0.0), minlength=len(short))
            keep |= (short & (sums + self._opening < 0))[self._group]
        return np.flatnonzero(keep)

    def _in_order(self, reduced: FloatArray, kept: IntArray) -> IntArray:
        """Sort pairs by group, in it by reduced cost: `kept` is by group already, so one key does."""
        value = reduced[kept]
        span = float(np.ptp(value)) + 1.0 if len(kept) else 1.0
        key = self._group[kept] * span + (value - value.min(initial=0.0))
        return np.asarray(kept[np.argsort(key, kind="stable")])

    def _leaders_first(
        self, order: IntArray, group: IntArray, value: FloatArray
    ) -> tuple[BoolArray, FloatArray, IntArray]:
        """Put the best leader of each group before its other members: who that is, what it costs, everybody's rank."""
        n_groups, first = len(self._seats), np.zeros(len(order), dtype=np.bool_)
        rank = np.arange(len(order)) - np.searchsorted(group, np.arange(n_groups + 1))[group]
        if not self._needs_leader:
            return first, np.zeros(n_groups), rank
        leads = np.flatnonzero(self._leads[order])
        groups, at = np.unique(group[leads], return_index=True)
        first[leads[at]] = True
        lead_value, place = np.full(n_groups, np.inf), np.full(n_groups, len(order))
        lead_value[groups], place[groups] = value[leads[at]], leads[at]
        return first, lead_value, np.where(first, 0, rank + (np.arange(len(order)) < place[group]))


def climb(prices: SeatPrices, price: FloatArray, goal: float, go_on: Callable[[], bool]) -> tuple[float, FloatArray]:
    """Raise the bound towards a goal that it cannot pass; return the best bound and its prices.

    The way goes along a running mean of the subgradients from the best prices so far (the volume algorithm), in
    Polyak's steps, shorter after steps that did not help.
    """
    best, times = prices.value(price)
    way, share, idle = times, _FIRST_STEP, 0
    while goal > best + _NOTHING and share > _SHORTEST and go_on():
        way = _MEMORY * way + (1 - _MEMORY) * times
        square = float((way**2).sum())
        if not square:
            break
        tried = price - share * (goal - best) / square * way
        here, times = prices.value(tried)
        if here > best:
            best, price, idle = here, tried, 0
        else:
            idle += 1
            if idle == _PATIENCE:
                share, idle = share * _SHORTER, 0
    return best, price
