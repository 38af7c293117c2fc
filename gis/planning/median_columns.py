"""Groups made as prices ask for them: the relaxation that chooses whole groups, and plans that are rounded from it.

A linear program chooses groups so that each member is in one; its prices, drawn towards the best known ones, say which
groups are worth adding, until none is. The bound is much stronger than that of seats chosen one by one, and a covering
by the groups made (`covering`) is often the best plan there is.
Source: Lorena and Senne 2004; prices drawn to the best ones after Wentges 1997.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from gis.planning.median_knapsacks import fill_hosts

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.median import Median
    from gis.planning.median_knapsacks import Filled

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_INF = highspy.kHighsInf
_DRAWN, _LESS_DRAWN = 0.8, 0.3  # towards the best prices; so much less when no group is worth adding at these
_CLOSE_ENOUGH = 1e-4  # of the cost, between the program and the bound
_WORTH = 1e-6  # of the cost of an average group, that a new group must save
_MISSING = 3.0  # times the highest price: the cost of leaving a member out
_MOST_ROUNDS = 300


class Columns:
    """The program of whole groups of one median problem.

    Attributes
    ----------
    bound, price, host_value
        The best bound and the prices that give it, as of `median_prices.Prices`.
    groups
        Members and host of each group made.
    """

    def __init__(self, median: Median, price: FloatArray) -> None:
        self.median, self.price = median, price.copy()
        self.bound = -np.inf
        self.host_value: FloatArray = np.zeros(median.n_hosts)
        self.groups: list[tuple[IntArray, int]] = []
        self.is_settled = False
        self._seen: set[tuple[int, bytes]] = set()
        self._program = self._empty()
        self._cost = np.inf

    def _empty(self) -> highspy.Highs:
        """Make the program without groups. Rows: members, one group a host, number of groups; columns: left out."""
        m, n = self.median, self.median.n_members
        program = highspy.Highs()  # type: ignore[no-untyped-call]  # the package types only its compiled half
        options: dict[str, bool | int | str | float] = {"output_flag": False, "threads": 1, "random_seed": 0}
        for name, value in options.items():
            program.setOptionValue(name, value)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = n, n + m.n_hosts + 1
        lp.col_cost_ = np.full(n, _MISSING * max(float(self.price.max(initial=0.0)), 1.0))
        lp.col_lower_, lp.col_upper_ = np.zeros(n), np.full(n, _INF)
        lp.row_lower_ = np.concatenate([np.ones(n), np.full(m.n_hosts + 1, -_INF)])
        lp.row_upper_ = np.concatenate([np.full(n, _INF), np.ones(m.n_hosts), [float(m.most)]])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.arange(n + 1, dtype=np.int32)
        lp.a_matrix_.index_ = np.arange(n, dtype=np.int32)
        lp.a_matrix_.value_ = np.ones(n)
        program.passModel(lp)
        return program

    def add(self, groups: list[tuple[IntArray, int]]) -> int:
        """Add groups that are not there yet; return how many."""
        m, cost, rows, starts = self.median, [], [], [0]
        for members, host in groups:
            key = host, np.sort(members).astype(np.int32).tobytes()
            if key in self._seen or not len(members):
                continue
            self._seen.add(key)
            self.groups.append((members, host))
            cost.append(float(m.cost[members, host].sum()) + m.open_cost)
            rows.append(np.append(members, [m.n_members + host, m.n_members + m.n_hosts]))
            starts.append(starts[-1] + len(rows[-1]))
        if cost:
            k = len(cost)
            self._program.addCols(
                k,
                np.array(cost),
                np.zeros(k),
                np.full(k, _INF),
                starts[-1],
                np.array(starts[:-1], dtype=np.int32),
                np.concatenate(rows).astype(np.int32),
                np.ones(starts[-1]),
            )
        return len(cost)

    def settle(self, seconds_left: Callable[[], float], enough: float = np.inf) -> None:
        """Add groups until none is worth adding, the bound is enough, or the time is up."""
        for _ in range(_MOST_ROUNDS):
            if seconds_left() <= 0 or self.bound > enough:
                return
            duals = self._solve()
            if duals is None:
                return
            if self._cost - self.bound <= _CLOSE_ENOUGH * max(self._cost, 1.0) or not self._extend(duals):
                self.is_settled = True
                return

    def _solve(self) -> FloatArray | None:
        """Solve the program; return the prices of members, hosts and the number of groups."""
        self._program.run()
        if self._program.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        self._cost = float(self._program.getInfo().objective_function_value)
        return np.array(self._program.getSolution().row_dual)

    def _extend(self, duals: FloatArray) -> int:
        """Add groups at prices between the best known and those of the program; return how many."""
        n, drawn = self.median.n_members, _DRAWN
        while True:
            price = drawn * self.price + (1 - drawn) * duals[:n]
            filled = fill_hosts(self.median, price)
            self._keep(price, filled)
            added = self.add(self._worth_adding(filled, duals))
            if added or drawn <= 0:
                return added
            drawn = max(drawn - _LESS_DRAWN, 0.0) if drawn > _LESS_DRAWN else 0.0

    def _keep(self, price: FloatArray, filled: Filled) -> None:
        best = np.sort(filled.values)[: self.median.most]
        bound = float(price.sum() + best[best < 0].sum())
        if bound > self.bound:
            self.bound, self.price, self.host_value = bound, price, filled.values

    def _worth_adding(self, filled: Filled, duals: FloatArray) -> list[tuple[IntArray, int]]:
        """Take the groups that save the most at the prices of the program."""
        m, n = self.median, self.median.n_members
        who, where = filled.seats(np.flatnonzero(filled.values < 0))
        saving = np.bincount(where, weights=m.cost[who, where] - duals[who], minlength=m.n_hosts).astype(np.float64)
        saving += m.open_cost - duals[n : n + m.n_hosts] - duals[n + m.n_hosts]
        saving[np.bincount(where, minlength=m.n_hosts) == 0] = 0.0
        few = np.argsort(saving, kind="stable")[: 3 * m.most + 30]
        few = few[saving[few] < -_WORTH * max(self._cost, 1.0) / max(m.most, 1)]
        order = np.argsort(where, kind="stable")
        who, ends = who[order], np.searchsorted(where[order], np.arange(m.n_hosts + 1))
        return [(who[ends[j] : ends[j + 1]], int(j)) for j in few]
