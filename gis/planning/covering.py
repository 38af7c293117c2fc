"""Put groups of many plans together anew: a covering of the members by groups seen, solved by HiGHS.

Every plan passed through is a set of groups; the best combination of groups of all of them is often better than each.
Prices leave only groups that a better plan may use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csc_array

from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.median import Median

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_MOST_GROUPS = 20_000
_INF = highspy.kHighsInf


class Pool:
    """Groups seen, each once, with their hosts and costs."""

    def __init__(self, median: Median) -> None:
        self._median = median
        self._seen: dict[bytes, tuple[IntArray, int, float]] = {}

    def __len__(self) -> int:
        """Count the groups."""
        return len(self._seen)

    def add(self, members: IntArray, host: int) -> None:
        """Keep a legal group unless it is known at no higher cost."""
        m = self._median
        if not len(members) or m.demand[members].sum() > m.capacity[host]:
            return
        members = np.sort(members)
        cost = float(m.cost[members, host].sum()) + m.open_cost
        key = members.astype(np.int32).tobytes()
        old = self._seen.get(key)
        if cost < m.never and (old is None or cost < old[2]):
            self._seen[key] = (members, host, cost)

    def inside(self, members: IntArray, hosts: IntArray, price: FloatArray, most: int) -> list[tuple[IntArray, int]]:
        """List groups of these members (sorted) and hosts (sorted), numbered within them: the best at these prices."""
        m = self._median
        is_in = np.zeros(m.n_members, dtype=np.bool_)
        is_in[members] = True
        may_open = np.zeros(m.n_hosts, dtype=np.bool_)
        may_open[hosts] = True
        found = [
            (cost - float(price[who].sum()), k, who, host)
            for k, (who, host, cost) in enumerate(self._seen.values())
            if may_open[host] and is_in[who].all()
        ]
        found.sort(key=lambda each: each[:2])
        return [(np.searchsorted(members, who), int(np.searchsorted(hosts, host))) for _, _, who, host in found[:most]]

    def combine(self, price: FloatArray, host_value: FloatArray, gap: float, seconds: float) -> IntArray | None:
        """Choose groups that seat everybody at the least cost; None when none were found in time.

        Groups whose use would raise the bound by more than `gap` are left away.
        """
        worst = float(np.sort(np.minimum(host_value, 0.0))[: self._median.most][-1])
        rated = [
            (cost - float(price[members].sum()) - worst, k) for k, (members, _, cost) in enumerate(self._seen.values())
        ]
        kept = sorted(entry for entry in rated if entry[0] <= gap)[:_MOST_GROUPS]
        groups = list(self._seen.values())
        chosen = [groups[k] for _, k in kept]
        if not chosen:
            return None
        return self._solve(chosen, seconds)

    def _solve(self, groups: list[tuple[IntArray, int, float]], seconds: float) -> IntArray | None:
        m, g = self._median, len(groups)
        highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package types only its compiled half
        options: dict[str, bool | int | str | float] = {"output_flag": False, "threads": 1, "random_seed": 0}
        options |= {"mip_rel_gap": 0.0, "mip_abs_gap": 0.99, "time_limit": max(seconds, 0.0)}
        for name, value in options.items():
            highs.setOptionValue(name, value)
        highs.passModel(_covering(m, groups))
        highs.run()
        solution = highs.getSolution().col_value
        if not np.isfinite(highs.getInfo().objective_function_value) or len(solution) != g:
            return None
        if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        return self._plan([groups[k] for k in np.flatnonzero(np.array(solution) > 0.5)])  # noqa: PLR2004 - whole

    def _plan(self, groups: list[tuple[IntArray, int, float]]) -> IntArray:
        """Seat each member in the nearest of the groups that hold them."""
        m = self._median
        plan = np.full(m.n_members, UNSEATED, dtype=np.int64)
        best = np.full(m.n_members, np.inf)
        for members, host, _ in groups:
            nearer = m.cost[members, host] < best[members]
            plan[members[nearer]] = host
            best[members[nearer]] = m.cost[members[nearer], host]
        return plan


def _covering(m: Median, groups: list[tuple[IntArray, int, float]]) -> highspy.HighsLp:
    g = len(groups)
    hosts, at = np.unique([host for _, host, _ in groups], return_inverse=True)
    rows = [
        np.append(members, [m.n_members + at[k], m.n_members + len(hosts)]) for k, (members, _, _) in enumerate(groups)
    ]
    starts = np.cumsum([0] + [len(row) for row in rows])
    n_rows = m.n_members + len(hosts) + 1
    matrix = csc_array((np.ones(starts[-1]), np.concatenate(rows), starts), shape=(n_rows, g))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = g, n_rows
    lp.col_cost_ = np.array([cost for _, _, cost in groups])
    lp.col_lower_, lp.col_upper_ = np.zeros(g), np.ones(g)
    lp.row_lower_ = np.concatenate([np.ones(m.n_members), np.full(len(hosts) + 1, -_INF)])
    lp.row_upper_ = np.concatenate([np.full(m.n_members, _INF), np.ones(len(hosts)), [float(m.most)]])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * g
    return lp
