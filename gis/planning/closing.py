"""Close a crowded part: the whole model with every link, given to HiGHS's own branch and cut.

Where many teams share few crowded venues the relaxation is weak (a team's last seats are knapsacks) and branching alone
ends late; general cutting planes close most of the gap before any branching. The openings are taken from HiGHS, the
seats from a linear program with these openings, and the plan is judged from the raw arrays: a wrong answer of HiGHS
could at most cost quality. Its bound is rounded up, as costs are whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from gis.planning.part_solver import PartSolver
from gis.planning.problem import UNSEATED
from gis.planning.relaxation import Point, Relaxation
from gis.planning.search import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.part import Part

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_ROUND_UP = 1e-3
_STEP = 0.99  # costs are whole numbers: a gap below one is none
_SEATS_SHARE = 0.5  # of the time left, at most, for proving the number of seats


class ClosingSolver(PartSolver):
    """First the seats, then the walks of one part, each as one mixed-integer program that runs to its end."""

    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Prove the seats, then the walks, as far as the time reaches; `nodes` is not looked at."""
        del nodes
        if self.is_done or seconds_left() <= 0:
            return
        relaxation = Relaxation(self.part, self.seed)
        if not self.seats_proven:
            relaxation.minimise_left_out()
            seats = ClosingSearch(relaxation, self.part.seat_score, self.plan, self.seats.bound if self.seats else 0)
            self.seats = seats
            seats.run(_SEATS_SHARE * seconds_left())
            self.plan = seats.best
        if seconds_left() > 0:
            seat_score = self.part.seat_score(self.plan)
            self.limit_seats(relaxation)
            least = self.bound().cost_m  # holds for fewer left out, too
            walks = ClosingSearch(relaxation, self.part.walk_cost, self.plan, least)
            self.walks = walks
            walks.run(seconds_left(), lambda plan: self.part.seat_score(plan) <= seat_score)
            self.plan = walks.best


class ClosingSearch:
    """One objective over one part, to the end or as far as the time reaches.

    Attributes
    ----------
    best, bound
        The best plan so far; no plan has a lower value than the bound.
    nodes
        Nodes of HiGHS's tree.
    """

    def __init__(self, relaxation: Relaxation, value: Callable[[IntArray], int], best: IntArray, bound: int) -> None:
        self.best, self.bound, self.nodes = best, bound, 0
        self._relaxation, self._value = relaxation, value

    @property
    def is_done(self) -> bool:
        """The best plan meets the bound."""
        return self.bound >= self._value(self.best)

    def run(self, seconds: float, admits: Callable[[IntArray], bool] = lambda _: True) -> None:
        """Solve for so long at most, for a plan that is admitted."""
        highs = self._relaxation.whole_model(_STEP)
        highs.setSolution(_start(self._relaxation, self.best))
        highs.setOptionValue("time_limit", max(seconds, 0.0))
        highs.run()
        info, status = highs.getInfo(), highs.getModelStatus()
        self.nodes += max(int(info.mip_node_count), 0)
        if np.isfinite(info.mip_dual_bound) and status in _ENDED:
            self.bound = max(self.bound, int(np.ceil(info.mip_dual_bound - _ROUND_UP)))
        if np.isfinite(info.objective_function_value) and len(highs.getSolution().col_value):
            plan = self._seat(np.rint(np.array(highs.getSolution().col_value)[: self._relaxation.part.n_groups]))
            if plan is not None and admits(plan) and self._value(plan) < self._value(self.best):
                self.best = plan
        self.bound = min(self.bound, self._value(self.best))

    def _seat(self, opening: FloatArray) -> IntArray | None:
        """Seat the members in the groups that HiGHS opens; None when no legal plan comes of it."""
        self._relaxation.bound_groups(opening, opening)
        point = self._relaxation.solve(np.inf)
        self._relaxation.bound_groups(np.zeros_like(opening), np.ones_like(opening))
        return plan_of(self._relaxation.part, point) if isinstance(point, Point) else None


_ENDED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit)


def _start(relaxation: Relaxation, plan: IntArray) -> highspy.HighsSolution:
    """Say a plan in the columns of the relaxation."""
    part: Part = relaxation.part
    g, rules, c = part.n_groups, part.rules, part.candidates
    size = np.bincount(plan[plan != UNSEATED], minlength=g)
    values = np.zeros(relaxation.n_columns)
    values[:g], values[g : 2 * g] = size > 0, size
    values[2 * g : 3 * g] = np.where(size > 0, np.maximum(rules.target_low - size, 0), 0)
    values[3 * g : 4 * g] = np.maximum(size - rules.target_high, 0)
    values[relaxation.u0 : relaxation.x0] = plan == UNSEATED
    values[relaxation.x0 :] = plan[c.arc_member] == c.arc_group
    solution = highspy.HighsSolution()
    solution.col_value = values.tolist()
    return solution
