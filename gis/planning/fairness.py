"""Shorten the longest walk: the seats (and the number of groups) held, how far must anybody walk at least?

Whether the seats can be held when nobody walks farther than so many metres is a question about seats alone, which
settles quickly; halving the range of answers finds the longest walk exactly. The walks come last, within that limit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import may_sit
from gis.planning.clusters import Plans
from gis.planning.problem import NO_LOCK, WALK_SLACK_M, GroupingProblem, Score
from gis.planning.scoring import score_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.watching import Watch

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_SEATS_SHARE, _LIMIT_SHARE = 0.5, 0.6  # of the time left at most, for the seats and then for the longest walk


class FairSearch:
    """Seats, then the longest walk, then walks.

    Attributes
    ----------
    host
        Host of each member in the best plan so far, or UNSEATED.
    nodes
        How many linear programs were branched on.
    """

    def __init__(self, problem: GroupingProblem, seed: int, timer: Watch) -> None:
        self._problem, self._seed, self._timer = problem, seed, timer
        self._eased = replace(problem, rules=replace(problem.rules, fair=False))
        self.nodes = 0
        self._first = Plans(self._eased, seed, with_walks=False)
        self._last: Plans | None = None  # with walks, nobody walking farther than need be
        self.host = self._first.host()
        self._score = score_plan(problem, self.host)
        self._least_m = 0  # somebody walks so far where what comes before is held
        timer.look = self.found

    def run(self) -> None:
        """Search until the plan is proven the best or the time is up."""
        self._search(self._first, self._seconds(_SEATS_SHARE))
        self._shorten(self._seconds(_LIMIT_SHARE))
        self._last = self._within(self._score.longest_m, with_walks=True)
        self._search(self._last, self._timer.left)

    def found(self) -> tuple[Score, Score]:
        """Score the best plan and bound all; at any moment."""
        held = _before(self._first.found()[1])
        if held != _before(self._score):  # the first question is still open
            return self._score, min(self._score, held)
        walks = 0
        if self._last and self._score.longest_m == self._least_m and _before(self._last.found()[1]) == held:
            walks = self._last.found()[1].cost_m
        return self._score, min(self._score, replace(held, longest_m=self._least_m, cost_m=walks))

    def _search(
        self, plans: Plans, seconds_left: Callable[[], float], is_enough: Callable[[], bool] = lambda: False
    ) -> None:
        plans.search(seconds_left, is_enough)
        self.nodes += plans.nodes
        host = plans.host()
        score = score_plan(self._problem, host)
        if score < self._score:
            self.host, self._score = host, score

    def _within(self, longest_m: int, *, with_walks: bool) -> Plans:
        """Return the plans in which nobody whom no lock binds walks farther."""
        limit = np.minimum(self._eased.limit_m, float(longest_m))
        start = self.host if longest_m >= self._score.longest_m else None
        return Plans(replace(self._eased, limit_m=limit), self._seed, start=start, with_walks=with_walks)

    def _shorten(self, seconds_left: Callable[[], float]) -> None:
        """Find the shortest longest walk with which what comes before it can be held."""
        held, levels = _before(self._score), self._levels()
        low, high = 0, int(np.searchsorted(levels, self._score.longest_m))
        while low < high and seconds_left() > 0:
            middle = (low + high) // 2
            plans = self._within(int(levels[middle]), with_walks=False)
            self._search(plans, seconds_left, _Settled(plans, held))
            if _before(self._score) != held or _before(plans.found()[0]) == held:
                held = _before(self._score)
                high = int(np.searchsorted(levels, self._score.longest_m))
            elif _before(plans.found()[1]) > held:
                low = middle + 1
                self._least_m = int(levels[min(low, len(levels) - 1)])
            else:
                return
        if low >= high:
            self._least_m = self._score.longest_m

    def _levels(self) -> IntArray:
        """How far the longest walk can be, in whole metres."""
        free = self._problem.locked_host == NO_LOCK
        walks = self._problem.walk_m[free][may_sit(self._problem)[free]]
        return np.unique(np.append(np.ceil(walks - WALK_SLACK_M), 0)).astype(np.int64)

    def _seconds(self, share: float) -> Callable[[], float]:
        kept = (1 - share) * self._timer.left()
        return lambda: self._timer.left() - kept


class _Settled:
    """Tells whether it is settled that plans hold a score, or cannot."""

    def __init__(self, plans: Plans, held: Score) -> None:
        self._plans, self._held = plans, held

    def __call__(self) -> bool:
        score, bound = self._plans.found()
        return _before(score) <= self._held or _before(bound) > self._held


def _before(score: Score) -> Score:
    """Take the longest walk and what comes after it out of a score."""
    return replace(score, longest_m=0, cost_m=0)
