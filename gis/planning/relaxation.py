"""The linear relaxation of one part (`gis.planning.model`), held in HiGHS and re-solved warm.

Rows of the kind x <= y (or x <= z) are many and few of them ever matter, so they are added when violated. With y fixed
to 0 and 1 the rest is a flow: leaders are full members are members of a group, groups share a venue, and members are
left out one by one; these sets are nested, so a vertex is integral and only y needs branching. Companions, demands,
members counted by leaders and branches in a group need decisions of their own (`Columns.whole`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import highspy
import numpy as np

from gis.planning.model import Columns, linear_model
from gis.planning.part import Goal

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.part import Part
    from gis.planning.problem import Score

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
        self.columns = Columns(part)
        self.x0, self.n_columns = self.columns.x0, self.columns.count
        self._link_to = self.columns.link_to
        self.decisions = self.columns.whole()
        self._is_linked = np.zeros(len(part.candidates.arc_cost), dtype=np.bool_)
        self._seed = seed
        self._highs = _silent(seed)
        options: dict[str, bool | int | str] = {"presolve": "off", "solver": "simplex"}
        # Devex weights and no scaling: a fifth less time, as bases are used a few iterations each and entries are small
        options |= {"simplex_dual_edge_weight_strategy": 1, "simplex_scale_strategy": 0}
        options |= {"simplex_initial_condition_check": False}
        for name, value in options.items():
            self._highs.setOptionValue(name, value)
        self._highs.passModel(linear_model(self.columns))
        self.iterations = 0

    def minimise(self, goal: Goal) -> None:
        """Count what a goal counts and nothing else."""
        self._set_costs(self.columns.costs(goal))

    def minimise_led(self, goal: Goal) -> None:
        """Count walks, and what the goal counts so heavily that it is seldom worth walking less for."""
        self._set_costs(self.columns.costs(Goal.WALKS) + _DEAR * self.dearest_seat() * self.columns.costs(goal))

    def dearest_seat(self) -> int:
        """Return what the dearest seat costs, in a new group."""
        part, rules = self.part, self.part.rules
        group = int(part.candidates.group_cost.max(initial=0)) + rules.target_low * rules.small_penalty_m
        return int(part.candidates.arc_cost.max(initial=0)) + group + rules.mix_cost_m

    def minimise_charged(self, charge: float) -> None:
        """Count walks, and what is left out or broken at this charge."""
        self._set_costs(self.columns.costs(Goal.WALKS) + charge * self.columns.costs(Goal.SEATS))

    def member_prices(self) -> FloatArray:
        """Return what the last linear program would pay for one seat less to find, for each member."""
        return np.array(self._highs.getSolution().row_dual[: self.part.n_members])

    def basis(self) -> highspy.HighsBasis:
        """Return where the last linear program ended."""
        return self._highs.getBasis()

    def set_basis(self, basis: highspy.HighsBasis) -> None:
        """Let the next linear program start there."""
        self._highs.setBasis(basis)

    def _set_costs(self, costs: FloatArray) -> None:
        self._highs.changeColsCost(self.n_columns, np.arange(self.n_columns, dtype=np.int32), costs)

    def hold(self, goal: Goal, score: Score) -> None:
        """Add rows: by this goal no plan may be worse than the score."""
        columns, part = self.columns, self.part
        if goal is Goal.GROUPS:
            self._limit(np.arange(part.n_groups), score.n_groups)
            return
        self._limit(np.arange(columns.u0, columns.r0), score.unseated)
        locked = columns.u0 + np.flatnonzero(part.is_locked)
        decisions = np.concatenate([locked, np.arange(columns.r0, columns.k0)])
        if len(decisions):
            self._limit(decisions, score.decisions_broken)

    def _limit(self, columns: IntArray, most: int) -> None:
        self._highs.addRow(-_INF, float(most), len(columns), columns.astype(np.int32), np.ones(len(columns)))

    def bound(self, columns: IntArray, low: FloatArray, high: FloatArray) -> None:
        """Set the bounds of some columns."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), low, high)

    def bound_seats(self, high: FloatArray) -> None:
        """Set the upper bounds of all seats."""
        self.bound(np.arange(self.x0, self.n_columns), np.zeros(self.n_columns - self.x0), high)

    def solve(self, seconds_left: float, stop_above: float = np.inf, cut_rounds: int = _CUT_ROUNDS) -> Point | Outcome:
        """Solve, adding violated links until none is left, the value passes `stop_above` or the rounds are used up.

        Every value on the way is a bound, so stopping early costs strength and never validity.
        """
        for _ in range(cut_rounds):
            point = self._run(seconds_left)
            if isinstance(point, Outcome) or point.objective > stop_above or not self._link(point):
                return point
        return self._run(seconds_left)

    def estimate(self, column: int, low: float, high: float, iterations: int) -> float:
        """Try bounds of a column for a few iterations; the figure guides branching and bounds nothing."""
        highs = self._highs
        basis = highs.getBasis()
        old = highs.getCol(column)
        highs.changeColBounds(column, low, high)
        highs.setOptionValue("simplex_iteration_limit", iterations)
        highs.run()
        status = highs.getModelStatus()
        figure = np.inf if status == highspy.HighsModelStatus.kInfeasible else highs.getInfo().objective_function_value
        self.iterations += max(highs.getInfo().simplex_iteration_count, 0)
        highs.setOptionValue("simplex_iteration_limit", 2**31 - 1)
        highs.changeColBounds(column, old[2], old[3])
        highs.setBasis(basis)
        return float(figure)

    def whole_model(self, step: float, *, with_links: bool = True) -> highspy.Highs:
        """Return the model as it stands, with every link (or those needed so far), for HiGHS to solve to the end.

        Two plans whose values differ by no more than `step` count as equal.
        """
        highs, whole = _silent(self._seed), self.decisions.astype(np.int32)
        highs.passModel(self._highs.getLp())
        if with_links:
            self._add_links(highs, np.flatnonzero(~self._is_linked))
        highs.changeColsIntegrality(len(whole), whole, np.full(len(whole), 1, dtype=np.uint8))
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
        """Add the most violated rows x <= y or x <= z; tell whether there were any."""
        excess = np.where(self._is_linked, 0.0, point.x - point.columns[self._link_to])
        worst = np.flatnonzero(excess > TOLERANCE)
        if not len(worst):
            return False
        worst = worst[np.argsort(-excess[worst], kind="stable")][:_CUTS_AT_ONCE]
        self._is_linked[worst] = True
        self._add_links(self._highs, worst)
        return True

    def _add_links(self, highs: highspy.Highs, arcs: IntArray) -> None:
        n, columns = len(arcs), np.stack([self.x0 + arcs, self._link_to[arcs]], axis=1)
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
