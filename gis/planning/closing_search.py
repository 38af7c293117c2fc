"""One objective over one part, given to HiGHS's own branch and cut with every link.

What must be whole is taken from HiGHS, the rest from a linear program with these decisions, and the plan is judged from
the raw arrays: a wrong answer of HiGHS could at most cost quality. Its bound is rounded up, as costs are whole numbers.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import highspy
import numpy as np

from gis.planning.polishing import plan_in
from gis.planning.relaxation import Point, Relaxation
from gis.planning.search import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_ROUND_UP = 1e-3
_STEP = 0.99  # costs are whole numbers: a gap below one is none
_BETTER = highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution
_GOES_ON = highspy.cb.HighsCallbackType.kCallbackMipInterrupt
_ENDED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kSolutionLimit,  # the nodes are used up
    highspy.HighsModelStatus.kInterrupt,
)


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
    enough
        A bound as high as this ends the search. Plans of this value or more may have been taken out of the model, all
        of them even, so that it claims no more than this.
    """

    def __init__(self, relaxation: Relaxation, value: Callable[[IntArray], int], best: IntArray, bound: int) -> None:
        self.best, self.bound, self.nodes, self.most_nodes = best, bound, 0, 0
        self._relaxation, self._value = relaxation, value
        self.with_links = True
        self.enough: int | None = None

    @property
    def is_done(self) -> bool:
        """The best plan meets the bound."""
        return self.bound >= self._value(self.best)

    def run(self, seconds_left: Callable[[], float], admits: Callable[[IntArray], bool] = lambda _: True) -> None:
        """Solve until the time is up at most, for a plan that is admitted."""
        highs = self._relaxation.whole_model(_STEP, with_links=self.with_links)
        if self.enough is None:
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
        elif self.enough is not None and status == highspy.HighsModelStatus.kInfeasible:
            self._raise(self.enough)
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
            to.user_interrupt = seconds_left() <= 0 or (self.enough is not None and self.bound >= self.enough)

    def _raise(self, bound: float) -> None:
        if np.isfinite(bound):
            most = bound if self.enough is None else min(bound, self.enough)
            self.bound = max(self.bound, int(np.ceil(most - _ROUND_UP)))

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
