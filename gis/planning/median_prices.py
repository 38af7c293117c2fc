"""Prices of seats: a Lagrangian bound of the median problem, and the hosts that the prices would open.

Each member offers a price for a seat; a host takes the offers that pay most per unit of its capacity (a knapsack).
The sum of the prices less what the best hosts earn bounds every plan that seats everybody, whatever the prices are.
Source: Lorena and Senne, A column generation approach to capacitated p-median problems, 2004; subgradients after Held,
Wolfe and Crowder 1974.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.median_knapsacks import fill_hosts

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.median import Median

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_PATIENCE = 15  # steps without a better bound before they are halved
_FIRST_STEP, _AGAIN, _SHORTEST = 1.5, 0.2, 0.001
_MOMENTUM = 0.8
_HOPE = 0.1  # the bound may rise by this share, as far as the length of a step is concerned
_MOST_CELLS = 3_000_000_000  # members x hosts x capacity; most members pay at few hosts, so a round does far less


@dataclass(frozen=True, eq=False)
class Round:
    """One round of prices: the bound, the hosts opened, how often each member is seated, what each host earns.

    `is_complete`: all members were looked at, not the nearest of each host only.
    """

    bound: float
    opened: IntArray
    seated: FloatArray
    values: FloatArray
    is_complete: bool = False


class Prices:
    """The best prices so far.

    Attributes
    ----------
    bound, price, host_value
        The best bound, the prices that give it, shape (n,), and what each host earns at these, shape (h,).
    groups
        Members that the last round of whole members seated, by host.
    """

    def __init__(self, median: Median, start: FloatArray | None = None) -> None:
        self.median = median
        two = np.partition(median.cost, min(1, median.n_hosts - 1), axis=1)
        self.price: FloatArray = two[:, min(1, median.n_hosts - 1)].copy()
        self.price[self.price >= median.never] = 0.0
        if start is not None:
            self.price = start.copy()
        self._now = self.price.copy()
        self.bound = -np.inf
        self.host_value: FloatArray = np.zeros(median.n_hosts)
        self._step, self._stale, self._way = _FIRST_STEP, 0, np.zeros(median.n_members)
        self.rounds = 0
        self.groups: dict[int, list[int]] = {}
        k = min(median.n_members, max(60, 6 * median.n_members // max(median.most, 1)))
        self._who = np.argpartition(median.cost, k - 1, axis=0)[:k].T.copy()  # nearest members of each host
        self._cost = np.take_along_axis(median.cost.T, self._who, axis=1)
        self._demand = median.demand[self._who].astype(np.float64)

    @property
    def is_settled(self) -> bool:
        """Further steps would be too short to matter."""
        return self._step < _SHORTEST

    def run(self, rounds: int, seconds_left: Callable[[], float], *, is_whole: bool = False) -> Round:
        """Take so many steps from the best prices on; return the last round.

        With `is_whole` hosts take whole members only: a slower and higher bound.
        """
        fill = self._whole_round if is_whole else self._round
        last = fill(self._now)
        for _ in range(rounds):
            self.rounds += 1
            self._stale = 0 if last.bound > self.bound + 1e-5 * abs(self.bound) else self._stale + 1
            if last.bound > self.bound:
                self._keep(last)
            if self._stale >= _PATIENCE:
                self._step, self._stale, self._now = self._step / 2, 0, self.price.copy()
                self._way = np.zeros_like(self._way)
                last = fill(self._now)
            missing = 1.0 - last.seated
            if self.is_settled or not missing.any() or seconds_left() <= 0:
                break
            self._way = _MOMENTUM * self._way + (1 - _MOMENTUM) * missing
            hope = self.bound + _HOPE * max(abs(self.bound), 1.0) * min(1.0, max(self._step, 0.02))
            self._now = (
                self._now + self._step * (hope - last.bound) / max(float(self._way @ self._way), 1e-9) * self._way
            )
            last = fill(self._now)
        return last

    def restart(self) -> None:
        """Begin again at the best prices with steps of middle length."""
        self._step, self._stale, self._now = _AGAIN, 0, self.price.copy()
        self._way = np.zeros_like(self._way)

    def _keep(self, found: Round) -> None:
        """Take better prices, after paying for the members that a round did not look at."""
        value = found.values if found.is_complete else found.values + self._overlooked(self._now)
        bound = self._total(self._now, value)
        if bound > self.bound:
            self.bound, self.price, self.host_value = bound, self._now.copy(), value

    def _total(self, price: FloatArray, value: FloatArray) -> float:
        best = np.sort(value)[: self.median.most]
        return float(price.sum() + best[best < 0].sum())

    def _overlooked(self, price: FloatArray) -> FloatArray:
        """Bound what members outside the nearest could add to a host, shape (h,); mostly nothing."""
        gain = np.minimum(self.median.cost - price[:, None], 0.0)
        gain[self.median.demand[:, None] > self.median.capacity[None, :]] = 0.0
        np.put_along_axis(gain, self._who.T, 0.0, axis=0)
        return np.asarray(gain.sum(axis=0))

    def _round(self, price: FloatArray) -> Round:
        """Fill every host by price per unit, the last offer in part: never less than a whole knapsack earns."""
        m = self.median
        gain = np.minimum(self._cost - price[self._who], 0.0)
        gain[self._demand > m.capacity[:, None]] = 0.0
        order = np.argsort(gain / np.maximum(self._demand, 1e-9), axis=1)
        gain = np.take_along_axis(gain, order, axis=1)
        demand = np.take_along_axis(self._demand, order, axis=1)
        before = np.cumsum(demand, axis=1) - demand
        part = np.clip((m.capacity[:, None] - before) / np.maximum(demand, 1e-9), 0.0, 1.0)
        part[gain >= 0] = 0.0
        values = m.open_cost + (gain * part).sum(axis=1)
        best = self._best(values)
        who = np.take_along_axis(self._who[best], order[best], axis=1)
        seated = np.bincount(who.ravel(), weights=part[best].ravel(), minlength=m.n_members).astype(np.float64)
        return Round(self._total(price, values), best, seated, values)

    def _best(self, values: FloatArray) -> IntArray:
        best = np.argsort(values, kind="stable")[: self.median.most]
        return best[values[best] < 0]

    @property
    def can_be_whole(self) -> bool:
        """Capacities are small enough for knapsacks of whole members."""
        m = self.median
        return m.n_members * m.n_hosts * (int(m.capacity.max(initial=0)) + 1) <= _MOST_CELLS

    def _whole_round(self, price: FloatArray) -> Round:
        """Fill every host with whole members."""
        filled = fill_hosts(self.median, price)
        best = self._best(filled.values)
        who, where = filled.seats(best)
        seated = np.bincount(who, minlength=self.median.n_members).astype(np.float64)
        self.groups = {int(j): [] for j in best}
        for i, j in zip(who.tolist(), where.tolist(), strict=True):
            self.groups[j].append(i)
        return Round(self._total(price, filled.values), best, seated, filled.values, is_complete=True)

    def take(self, bound: float, price: FloatArray, host_value: FloatArray) -> None:
        """Keep prices found elsewhere if they bound better."""
        if bound > self.bound:
            self.bound, self.price, self.host_value = bound, price, host_value
