"""Close a crowded part: the whole model with every link, given to HiGHS's own branch and cut.

Where many teams share few crowded venues the relaxation is weak (a team's last seats are knapsacks) and branching alone
ends late; general cutting planes close most of the gap before any branching.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gis.planning.closing_search import ClosingSearch
from gis.planning.part import Goal
from gis.planning.part_solver import PartSolver
from gis.planning.relaxation import Relaxation

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from gis.planning.part import Part

    IntArray = npt.NDArray[np.int64]

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


def _share(seconds_left: Callable[[], float], kept: float) -> float:
    return seconds_left() - kept
