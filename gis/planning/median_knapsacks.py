"""Whole members at every host at given prices: knapsacks of all hosts at once, and the groups that solve them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.median import Median

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Filled:
    """Best knapsacks of all hosts.

    Attributes
    ----------
    values
        Shape (h,), what each host's best group costs beyond the prices of its members, opening included.
    """

    median: Median
    values: FloatArray
    _taken: list[tuple[int, IntArray, BoolArray]]

    def seats(self, hosts: IntArray) -> tuple[IntArray, IntArray]:
        """Members and hosts of the best groups of these hosts, seat by seat."""
        m = self.median
        left = np.full(m.n_hosts, -1, dtype=np.int64)
        left[hosts] = m.capacity[hosts]
        who, where = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for i, near, better in reversed(self._taken):
            at, q = left[near], int(m.demand[i])
            takes = (at >= q) & better[np.arange(len(near)), np.maximum(at - q, 0)]
            chosen = near[takes]
            left[chosen] -= q
            who.append(np.full(len(chosen), i))
            where.append(chosen)
        return np.concatenate(who), np.concatenate(where)


def fill_hosts(m: Median, price: FloatArray) -> Filled:
    """Fill every host with whole members, by tables of what each capacity earns at best. Exact."""
    top = int(m.capacity.max(initial=0))
    table = np.zeros((m.n_hosts, top + 1))
    gain = np.minimum(m.cost - price[:, None], 0.0)
    gain[m.demand[:, None] > m.capacity[None, :]] = 0.0
    taken: list[tuple[int, IntArray, BoolArray]] = []
    for i in range(m.n_members):
        hosts, q = np.flatnonzero(gain[i]), int(m.demand[i])
        if len(hosts):
            rows = table[hosts]
            with_i = rows[:, : top + 1 - q] + gain[i, hosts, None]
            better = with_i < rows[:, q:]
            taken.append((i, hosts, better))
            table[hosts, q:] = np.where(better, with_i, rows[:, q:])
    values = m.open_cost + table[np.arange(m.n_hosts), np.maximum(m.capacity, 0)]
    return Filled(m, values, taken)
