"""Close a crowded part: the whole model with every link, given to HiGHS's own branch and cut.

Where many teams share few crowded venues the relaxation is weak (a team's last seats are knapsacks) and branching alone
ends late; general cutting planes close most of the gap before any branching. What must be whole is taken from HiGHS,
the rest from a linear program with these decisions, and the plan is judged from the raw arrays: a wrong answer of HiGHS
could at most cost quality. Its bound is rounded up, as costs are whole numbers.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import highspy
import numpy as np

from gis.planning.part import Goal
from gis.planning.part_solver import PartSolver
from gis.planning.polishing import plan_in
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
_SHARE = 0.5  # of the time left, at most, for proving a goal before the last
_LED = 4_000  # seats of a part; below, goal after goal is proven at once
_CHARGE = 3  # in the dearest seats: seldom is it worth leaving a member out to walk less
_LED_SHARE = 0.5  # of the time, at most, for seats and walks at once: the proof of the seats needs the rest


class ClosingSolver(PartSolver):
    """Goal after goal of one part, each as one mixed-integer program that runs to its end.

    Attributes
    ----------
    most_nodes
        Nodes of HiGHS's tree for each goal, 0 for any number.
    """

    def __init__(self, part: Part, seed: int, plan: IntArray | None = None, most_nodes: int = 0) -> None:
        super().__init__(part, seed, plan)
        self.most_nodes = most_nodes
        self._led: ClosingSearch | None = None
        self._charge = 0

    @property
    def latest(self) -> IntArray:
        """The best plan at any moment, in the middle of a run too."""
        led, plan = self._led, super().latest
        return led.best if led and self.part.score(led.best) < self.part.score(plan) else plan

    def least(self, goal: Goal) -> int:
        """Bound a goal by what is known of seats and walks at once."""
        least = super().least(goal)
        if goal is not Goal.WALKS or self._led is None:
            return least
        return max(least, self._led.bound - self._charge * self.part.seat_score(self.plan))

    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Prove each goal, as far as the time reaches; `nodes` is not looked at."""
        del nodes
        if self.is_done or seconds_left() <= 0:
            return
        relaxation = Relaxation(self.part, self.seed)
        if self._led is None and Goal.WALKS in self.goals and len(self.part.candidates.arc_cost) >= _LED:
            self._lead(relaxation, partial(_share, seconds_left, (1 - _LED_SHARE) * seconds_left()))
        for goal in self.goals:
            if not self.is_proven(goal) and seconds_left() > 0:
                relaxation.minimise(goal)
                least = max(self.least(goal), self.stages[goal].bound if goal in self.stages else 0)
                search = ClosingSearch(relaxation, partial(self.part.value, goal), self.plan, least)
                search.most_nodes = self.most_nodes
                self.stages[goal] = search
                share = _SHARE if goal is not self.goals[-1] else 1.0
                search.run(partial(_share, seconds_left, (1 - share) * seconds_left()), self.admits(goal))
                self.plan = search.best
            relaxation.hold(goal, self.part.score(self.plan))

    def _lead(self, relaxation: Relaxation, seconds_left: Callable[[], float]) -> None:
        """Look for few left out and short walks at once, each left out at a charge.

        Who is left out alone says nothing of where to sit, and a plan that only leaves out few walks far: this finds
        better plans in less time. Its bound, less the charge for who is left out, bounds the walks.
        """
        part = self.part
        self._charge = _CHARGE * relaxation.dearest_seat()
        relaxation.minimise_charged(self._charge)
        relaxation.solve(seconds_left())
        if seconds_left() <= 0:
            return
        self._led = ClosingSearch(relaxation, self._charged, self.plan, 0)
        self._led.most_nodes, self._led.with_links = self.most_nodes, False
        self._led.run(seconds_left)
        if part.score(self._led.best) < part.score(self.plan):
            self.plan = self._led.best

    def _charged(self, plan: IntArray) -> int:
        return self._charge * self.part.seat_score(plan) + self.part.walk_cost(plan)


class ClosingSearch:
    """One objective over one part, to the end or as far as the time reaches.

    Attributes
    ----------
    best, bound
        The best plan so far; no plan has a lower value than the bound.
    nodes, most_nodes
        Nodes of HiGHS's tree, and how many there may be; 0 for any number.
    with_links
        HiGHS gets every link, else those that the relaxation needed so far: plans are as legal, bounds as valid.
    """

    def __init__(self, relaxation: Relaxation, value: Callable[[IntArray], int], best: IntArray, bound: int) -> None:
        self.best, self.bound, self.nodes, self.most_nodes = best, bound, 0, 0
        self._relaxation, self._value = relaxation, value
        self.with_links = True

    @property
    def is_done(self) -> bool:
        """The best plan meets the bound."""
        return self.bound >= self._value(self.best)

    def run(self, seconds_left: Callable[[], float], admits: Callable[[IntArray], bool] = lambda _: True) -> None:
        """Solve until the time is up at most, for a plan that is admitted."""
        highs = self._relaxation.whole_model(_STEP, with_links=self.with_links)
        start = highspy.HighsSolution()
        start.col_value = self._relaxation.columns.values(self.best).tolist()
        highs.setSolution(start)
        highs.setOptionValue("time_limit", max(seconds_left(), 0.0))
        if self.most_nodes:
            highs.setOptionValue("mip_max_nodes", self.most_nodes)
        highs.setCallback(partial(self._hear, seconds_left, admits), None)
        for kind in (_BETTER, _GOES_ON):
            highs.startCallback(kind)
        highs.run()
        info, status = highs.getInfo(), highs.getModelStatus()
        self.nodes += max(int(info.mip_node_count), 0)
        if status in _ENDED:
            self._raise(info.mip_dual_bound)
        if np.isfinite(info.objective_function_value) and len(highs.getSolution().col_value):
            self._offer(self._seat(np.array(highs.getSolution().col_value)), admits)
        self.bound = min(self.bound, self._value(self.best))

    def _hear(
        self,
        seconds_left: Callable[[], float],
        admits: Callable[[IntArray], bool],
        kind: highspy.cb.HighsCallbackType,
        _message: str,
        out: highspy.cb.HighsCallbackOutput,
        to: highspy.cb.HighsCallbackInput,
        _data: None,
    ) -> None:
        """Take a better plan from HiGHS on its way, or its bound; end it when the time is up."""
        if kind == _BETTER:
            self._offer(plan_in(self._relaxation, np.array(out.mip_solution)), admits)
        else:
            self._raise(out.mip_dual_bound)
            to.user_interrupt = seconds_left() <= 0

    def _raise(self, bound: float) -> None:
        if np.isfinite(bound):
            self.bound = max(self.bound, int(np.ceil(bound - _ROUND_UP)))

    def _offer(self, plan: IntArray | None, admits: Callable[[IntArray], bool]) -> None:
        if plan is not None and admits(plan) and self._value(plan) < self._value(self.best):
            self.best = plan

    def _seat(self, values: FloatArray) -> IntArray | None:
        """Seat the members as HiGHS's decisions say; None when no legal plan comes of it."""
        relaxation = self._relaxation
        whole = relaxation.decisions
        decided = np.rint(values[whole])
        relaxation.bound(whole, decided, decided)
        point = relaxation.solve(np.inf)
        relaxation.bound(whole, np.zeros(len(whole)), relaxation.columns.upper()[whole])
        return plan_of(relaxation.part, point) if isinstance(point, Point) else None


def _share(seconds_left: Callable[[], float], kept: float) -> float:
    return seconds_left() - kept


_BETTER = highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution
_GOES_ON = highspy.cb.HighsCallbackType.kCallbackMipInterrupt
_ENDED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kSolutionLimit,  # the nodes are used up
    highspy.HighsModelStatus.kInterrupt,
)
