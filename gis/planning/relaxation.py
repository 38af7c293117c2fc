"""The linear relaxation of one part, held in HiGHS and re-solved warm.

Columns, in this order: y (group opens), n (its size), s and l (members missing from and beyond the target), u (member
left out), x (seats). Rows of the kind x <= y are many and few of them ever matter, so they are added when violated.
With y fixed to 0 and 1 the rest is a flow: leaders are full members are members of a group, groups share a venue, and
members are left out one by one; these sets are nested, so a vertex is integral and only y needs branching.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csr_array

from gis.planning.candidates import venue_binds

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.part import Part

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

TOLERANCE = 1e-6
_CUT_ROUNDS = 12
_CUTS_AT_ONCE = 400
_DEAR = 10  # leaving one member out costs as much as so many of the dearest seats, each in a new group
_INF = highspy.kHighsInf


class Outcome(Enum):
    """How a linear program ended; only SOLVED values bound anything."""

    SOLVED = auto()
    EMPTY = auto()
    STOPPED = auto()


@dataclass(frozen=True, eq=False)
class Point:
    """An optimum of the relaxation: objective, opening values, seats (per arc) and reduced costs of all columns."""

    objective: float
    y: FloatArray
    x: FloatArray
    columns: FloatArray
    reduced: FloatArray


class Relaxation:
    """The relaxation of one part. `solve` may be called any number of times between changes of bounds or costs."""

    def __init__(self, part: Part, seed: int) -> None:
        self.part = part
        g, m = part.n_groups, part.n_members
        self.x0 = 4 * g + m
        self.u0 = 4 * g
        self.n_columns = self.x0 + len(part.candidates.arc_cost)
        self._is_linked = np.zeros(len(part.candidates.arc_cost), dtype=np.bool_)
        self._seed = seed
        self._highs = _silent(seed)
        options: dict[str, bool | int | str] = {"presolve": "off", "solver": "simplex"}
        # Devex weights and no scaling: a fifth less time, as bases are used a few iterations each and entries are small
        options |= {"simplex_dual_edge_weight_strategy": 1, "simplex_scale_strategy": 0}
        options |= {"simplex_initial_condition_check": False}
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(_model(part, self.n_columns))
        self.iterations = 0

    def minimise_left_out(self) -> None:
        """Count only who is left out."""
        costs = np.zeros(self.n_columns)
        costs[self.u0 : self.x0] = self.part.seat_weight
        self._set_costs(costs)

    def minimise_walks(self) -> None:
        """Count walks, sizes and openings."""
        g, rules = self.part.n_groups, self.part.rules
        costs = np.zeros(self.n_columns)
        costs[:g], costs[2 * g : 3 * g], costs[3 * g : 4 * g] = (
            rules.open_cost_m,
            rules.small_penalty_m,
            rules.large_penalty_m,
        )
        costs[self.x0 :] = self.part.candidates.arc_cost
        self._set_costs(costs)

    def minimise_both(self) -> None:
        """Count walks, sizes and openings, and who is left out so heavily that this is seldom worth it."""
        part, rules = self.part, self.part.rules
        self.minimise_walks()
        group = rules.open_cost_m + rules.target_low * rules.small_penalty_m
        dear = int(part.candidates.arc_cost.max(initial=0)) + group
        left_out = np.arange(self.u0, self.x0, dtype=np.int32)
        self._highs.changeColsCost(part.n_members, left_out, _DEAR * dear * part.seat_weight.astype(np.float64))

    def basis(self) -> highspy.HighsBasis:
        """Return where the last linear program ended."""
        return self._highs.getBasis()

    def set_basis(self, basis: highspy.HighsBasis) -> None:
        """Let the next linear program start there."""
        self._highs.setBasis(basis)

    def _set_costs(self, costs: FloatArray) -> None:
        self._highs.changeColsCost(self.n_columns, np.arange(self.n_columns, dtype=np.int32), costs)

    def limit_left_out(self, weight: IntArray, most: int) -> None:
        """Add the row: the weight of the members left out is at most `most`."""
        members = np.flatnonzero(weight)
        self._highs.addRow(
            -_INF, float(most), len(members), (self.u0 + members).astype(np.int32), weight[members].astype(np.float64)
        )

    def bound_groups(self, low: FloatArray, high: FloatArray) -> None:
        """Set the bounds of all opening columns."""
        g = self.part.n_groups
        self._highs.changeColsBounds(g, np.arange(g, dtype=np.int32), low, high)

    def bound_seats(self, high: FloatArray) -> None:
        """Set the upper bounds of all seats."""
        columns = np.arange(self.x0, self.n_columns, dtype=np.int32)
        self._highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), high)

    def solve(self, seconds_left: float, stop_above: float = np.inf, cut_rounds: int = _CUT_ROUNDS) -> Point | Outcome:
        """Solve, adding violated links until none is left, the value passes `stop_above` or the rounds are used up.

        Every value on the way is a bound, so stopping early costs strength and never validity.
        """
        for _ in range(cut_rounds):
            point = self._run(seconds_left)
            if isinstance(point, Outcome) or point.objective > stop_above or not self._link(point):
                return point
        return self._run(seconds_left)

    def estimate(self, group: int, value: float, iterations: int) -> float:
        """Try y[group] = value for a few iterations; the figure guides branching and bounds nothing."""
        highs = self._highs
        basis = highs.getBasis()
        old = highs.getCol(group)
        highs.changeColBounds(group, value, value)
        highs.setOptionValue("simplex_iteration_limit", iterations)
        highs.run()
        status = highs.getModelStatus()
        figure = np.inf if status == highspy.HighsModelStatus.kInfeasible else highs.getInfo().objective_function_value
        self.iterations += max(highs.getInfo().simplex_iteration_count, 0)
        highs.setOptionValue("simplex_iteration_limit", 2**31 - 1)
        highs.changeColBounds(group, old[2], old[3])
        highs.setBasis(basis)
        return float(figure)

    def whole_model(self, step: float) -> highspy.Highs:
        """Return the model as it stands, with every link and whole openings, for HiGHS to solve to the end.

        Two plans whose values differ by no more than `step` count as equal.
        """
        highs, g = _silent(self._seed), self.part.n_groups
        highs.passModel(self._highs.getLp())
        self._add_links(highs, np.flatnonzero(~self._is_linked))
        highs.changeColsIntegrality(g, np.arange(g, dtype=np.int32), np.full(g, 1, dtype=np.uint8))
        options: dict[str, float | str] = {"mip_rel_gap": 0.0, "mip_abs_gap": step}
        # A restart throws cuts away, and fixing by reduced cost is a search of its own: half of the time went there
        options |= {"mip_allow_restart": "off", "mip_heuristic_run_root_reduced_cost": "off"}
        for name, value in options.items():
            highs.setOptionValue(name, value)
        return highs

    def _run(self, seconds_left: float) -> Point | Outcome:
        highs = self._highs
        if seconds_left <= 0:
            return Outcome.STOPPED
        highs.setOptionValue("time_limit", min(highs.getRunTime() + seconds_left, 1e9))
        highs.run()
        self.iterations += max(highs.getInfo().simplex_iteration_count, 0)
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Outcome.EMPTY
        if status != highspy.HighsModelStatus.kOptimal:
            return Outcome.STOPPED
        solution = highs.getSolution()
        columns, reduced = np.array(solution.col_value), np.array(solution.col_dual)
        g = self.part.n_groups
        return Point(highs.getInfo().objective_function_value, columns[:g], columns[self.x0 :], columns, reduced)

    def _link(self, point: Point) -> bool:
        """Add the most violated rows x <= y; tell whether there were any."""
        group = self.part.candidates.arc_group
        excess = np.where(self._is_linked, 0.0, point.x - point.y[group])
        worst = np.flatnonzero(excess > TOLERANCE)
        if not len(worst):
            return False
        worst = worst[np.argsort(-excess[worst], kind="stable")][:_CUTS_AT_ONCE]
        self._is_linked[worst] = True
        self._add_links(self._highs, worst)
        return True

    def _add_links(self, highs: highspy.Highs, arcs: IntArray) -> None:
        n, columns = len(arcs), np.stack([self.x0 + arcs, self.part.candidates.arc_group[arcs]], axis=1)
        starts = np.arange(0, 2 * n, 2, dtype=np.int32)
        values = np.tile([1.0, -1.0], n)
        highs.addRows(n, np.full(n, -_INF), np.zeros(n), 2 * n, starts, columns.astype(np.int32).ravel(), values)


def _silent(seed: int) -> highspy.Highs:
    """Return a solver that prints nothing and does the same each time."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # the package types only its compiled half
    options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "parallel": "off"}
    for name, value in (options | {"random_seed": seed % 2**31}).items():
        highs.setOptionValue(name, value)
    return highs


class _Rows:
    """Collects blocks of rows."""

    def __init__(self) -> None:
        self.row: list[IntArray] = []
        self.column: list[IntArray] = []
        self.value: list[FloatArray] = []
        self.low: list[FloatArray] = []
        self.high: list[FloatArray] = []
        self.count = 0

    def block(self, count: int, low: float | FloatArray, high: float | FloatArray) -> _Rows:
        self._first = self.count
        self.count += count
        self.low.append(np.broadcast_to(np.asarray(low, dtype=np.float64), count))
        self.high.append(np.broadcast_to(np.asarray(high, dtype=np.float64), count))
        return self

    def put(self, row: IntArray, column: IntArray, value: float | FloatArray) -> _Rows:
        self.row.append(self._first + row)
        self.column.append(column)
        self.value.append(np.broadcast_to(np.asarray(value, dtype=np.float64), len(row)))
        return self


def _model(part: Part, n_columns: int) -> highspy.HighsLp:
    rows = _Rows()
    _seat_rows(part, rows)
    _size_rows(part, rows)
    _venue_rows(part, rows)
    matrix = csr_array(
        (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column))),
        shape=(rows.count, n_columns),
    )
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n_columns, rows.count
    lp.col_cost_ = np.zeros(n_columns)
    lp.col_lower_, lp.col_upper_ = np.zeros(n_columns), _upper(part, n_columns)
    lp.row_lower_, lp.row_upper_ = np.concatenate(rows.low), np.concatenate(rows.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    return lp


def _upper(part: Part, n_columns: int) -> FloatArray:
    g, rules = part.n_groups, part.rules
    upper = np.ones(n_columns)
    upper[g : 2 * g] = part.candidates.group_seats
    upper[2 * g : 3 * g] = max(rules.target_low - rules.min_size, 0)
    upper[3 * g : 4 * g] = np.maximum(part.candidates.group_seats - rules.target_high, 0)
    return upper


def _seat_rows(part: Part, rows: _Rows) -> None:
    """Each member sits once or is left out; a group's size is its seats; it has its leader and full members."""
    c, g, m = part.candidates, part.n_groups, part.n_members
    arcs = 4 * g + m + np.arange(len(c.arc_cost))
    groups = np.arange(g)
    rows.block(m, 1, 1).put(c.arc_member, arcs, 1.0).put(np.arange(m), 4 * g + np.arange(m), 1.0)
    rows.block(g, 0, 0).put(c.arc_group, arcs, -1.0).put(groups, g + groups, 1.0)
    for needed, has in ((1, part.can_lead), (part.rules.min_full, part.is_full)):
        if needed > 1 or has is part.can_lead:  # whoever leads is a full member: one is there already
            of = has[c.arc_member]
            rows.block(g, 0, _INF).put(c.arc_group[of], arcs[of], 1.0).put(groups, groups, -float(needed))


def _size_rows(part: Part, rows: _Rows) -> None:
    c, g, rules = part.candidates, part.n_groups, part.rules
    groups = np.arange(g)
    rows.block(g, -_INF, 0).put(groups, g + groups, 1.0).put(groups, groups, -c.group_seats.astype(np.float64))
    rows.block(g, 0, _INF).put(groups, g + groups, 1.0).put(groups, groups, -float(rules.min_size))
    if rules.small_penalty_m and rules.target_low > rules.min_size:
        row = rows.block(g, 0, _INF).put(groups, g + groups, 1.0).put(groups, 2 * g + groups, 1.0)
        row.put(groups, groups, -float(rules.target_low))
    big = np.flatnonzero(c.group_seats > rules.target_high)
    if rules.large_penalty_m and len(big):
        row = rows.block(len(big), 0, _INF).put(np.arange(len(big)), g + big, -1.0)
        row.put(np.arange(len(big)), 3 * g + big, 1.0).put(np.arange(len(big)), big, float(rules.target_high))


def _venue_rows(part: Part, rows: _Rows) -> None:
    """Let groups at one venue share its seats, and only so many open there."""
    c, g = part.candidates, part.n_groups
    binds = venue_binds(c)
    row_of = np.cumsum(binds) - 1
    groups = np.flatnonzero(binds[c.venue_of])
    if not len(groups):
        return
    row, n = row_of[c.venue_of[groups]], int(binds.sum())
    rows.block(n, -_INF, c.venue_seats[binds].astype(np.float64)).put(row, g + groups, 1.0)
    rows.block(n, -_INF, c.venue_groups[binds].astype(np.float64)).put(row, groups, 1.0)
