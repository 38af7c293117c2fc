"""Close a plain problem: what prices rule out is left away, and the rest goes to HiGHS as one mixed-integer program.

A seat is ruled out when the bound with it is above the best plan. With good prices few seats are left, and then the
optimum is proven; with a stricter limit than the best plan the same is a heuristic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import coo_array

from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.median import Median
    from gis.planning.median_prices import Prices

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_INF = highspy.kHighsInf
_STEP = 0.99  # costs are whole numbers
_SLACK = 1e-6  # relative; far above the error of sums of prices


def seats_left(prices: Prices, limit: float) -> BoolArray:
    """Tell which seats a plan that costs no more than `limit` may use; shape (n, h). Exact knapsacks per host."""
    m, price = prices.median, prices.price
    gain = m.cost - price[:, None]
    value = np.zeros(m.n_hosts)
    forced = np.full((m.n_members, m.n_hosts), np.inf)
    for j in range(m.n_hosts):
        value[j], forced[:, j] = _with_each(gain[:, j], m.demand, int(m.capacity[j]), m.open_cost)
    order = np.sort(value)
    base = float(price.sum())
    best = order[: m.most]
    total = base + float(best[best < 0].sum())
    last = min(float(best[-1]), 0.0) if len(best) else 0.0
    without = total - np.where(value <= last, np.minimum(value, 0.0), last)  # room made for one host
    return np.asarray(without[None, :] + forced <= limit + _SLACK * abs(limit))


def _with_each(gain: FloatArray, demand: IntArray, capacity: int, open_cost: int) -> tuple[float, FloatArray]:
    """Value of a host's best knapsack, and of the best one that holds each member, inf where it does not fit."""
    items = np.flatnonzero((gain < 0) & (demand <= capacity))
    before = [np.zeros(capacity + 1)]
    for i in items:
        before.append(_put(before[-1], float(gain[i]), int(demand[i])))
    whole = before[-1]
    result = np.full(len(gain), np.inf)
    fits = np.flatnonzero(demand <= capacity)
    result[fits] = gain[fits] + whole[capacity - demand[fits]]
    after = np.zeros(capacity + 1)
    for k in range(len(items) - 1, -1, -1):
        i, q = items[k], int(demand[items[k]])
        room = capacity - q
        result[i] = gain[i] + float((before[k][: room + 1] + after[room::-1][: room + 1]).min())
        after = _put(after, float(gain[i]), q)
    return float(whole[capacity]) + open_cost, result + open_cost


def _put(table: FloatArray, gain: float, q: int) -> FloatArray:
    new = table.copy()
    if q < len(table):
        np.minimum(new[q:], table[: len(table) - q] + gain, out=new[q:])
    return new


def close(m: Median, kept: BoolArray, limit: float, seconds: float) -> tuple[IntArray | None, float]:
    """Solve with the seats kept for a plan below `limit`.

    Returns
    -------
    plan, bound
        The best plan found or None; no plan with these seats costs less than the bound, `limit` if there is none.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package types only its compiled half
    options: dict[str, bool | int | str | float] = {"output_flag": False, "threads": 1, "random_seed": 0}
    options |= {"mip_rel_gap": 0.0, "mip_abs_gap": _STEP, "time_limit": max(seconds, 0.0)}
    options |= {"objective_bound": limit, "mip_allow_restart": "off"}
    for name, value in options.items():
        highs.setOptionValue(name, value)
    member, host = np.nonzero(kept)
    hosts, at = np.unique(host, return_inverse=True)
    highs.passModel(_model(m, member, hosts, at))
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None, limit
    bound = float(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else -np.inf
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None, min(bound, limit)
    taken = np.array(highs.getSolution().col_value)[len(hosts) :] > 0.5  # noqa: PLR2004 - whole
    plan = np.full(m.n_members, UNSEATED, dtype=np.int64)
    plan[member[taken]] = hosts[at[taken]]
    return plan, min(bound, limit)


def _model(m: Median, member: IntArray, hosts: IntArray, at: IntArray) -> highspy.HighsLp:
    """Columns: y (host opens), x (seat). Rows: members, capacities, links x <= y, number of hosts."""
    n, h, a = m.n_members, len(hosts), len(member)
    seats = h + np.arange(a)
    links = n + h + np.arange(a)
    rows = np.concatenate([member, n + at, n + np.arange(h), links, links, np.full(h, n + h + a)])
    columns = np.concatenate([seats, seats, np.arange(h), seats, at, np.arange(h)])
    values = np.concatenate(
        [np.ones(a), m.demand[member], -m.capacity[hosts], np.ones(a), -np.ones(a), np.ones(h)]
    ).astype(np.float64)
    matrix = coo_array((values, (rows, columns)), shape=(n + h + a + 1, h + a)).tocsr()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = h + a, n + h + a + 1
    lp.col_cost_ = np.concatenate([np.full(h, float(m.open_cost)), m.cost[member, hosts[at]]])
    lp.col_lower_, lp.col_upper_ = np.zeros(h + a), np.ones(h + a)
    lp.row_lower_ = np.concatenate([np.ones(n), np.full(h + a + 1, -_INF)])
    lp.row_upper_ = np.concatenate([np.ones(n), np.zeros(h + a), [float(m.most)]])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    lp.integrality_ = [highspy.HighsVarType.kInteger] * (h + a)
    return lp
