"""The fewest left out where groups may mix branches: bounded by seats, met by a plan of the groups that prices like.

The linear program over seats says at once how few could be left out, and seldom fewer than can. Branching finds the
plan late, as a group's few branches keep it from being whole. So the prices of whole groups, which the walks need in
any case, are made for plans that leave out so few, and a plan of the seats that these prices like is looked for. Only
where there is none the search goes on by branching.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.closing_search import ClosingSearch
from gis.planning.mixed_bound import MixedBound
from gis.planning.mixed_margins import Margins
from gis.planning.mixed_prices import GroupPrices
from gis.planning.part import Goal
from gis.planning.problem import Score
from gis.planning.relaxation import Point, Relaxation
from gis.planning.search import LedSearch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from gis.planning.part import Branches, Part

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

_STEPS = 100  # of climbing before the program over groups takes over
_CUT_ROUNDS = 40
_LIKED = 1.00004  # times the bound; seats whose plans cost no more are liked
_SPARE = (0, 1)  # members left out beyond the bound that are allowed for, in turn
_SHARE = 0.5  # of the time left, at most, for a plan of liked seats; branching gets the rest
_NEVER = 2**60
_ROUND_UP = 1e-3


class MixedSeats:
    """The search for the fewest left out of one part, and for prices on the way.

    Attributes
    ----------
    best, best_value
        The best plan so far, and the weight of who is left out and what is broken.
    nodes
        Programs solved, each of many nodes perhaps.
    prices
        Prices of members that bound the walks, once there are any.
    """

    def __init__(self, relaxation: Relaxation, branches: Branches, best: IntArray, bound: int) -> None:
        self.part: Part = relaxation.part
        self.best, self.best_value = best, self.part.seat_score(best)
        self.nodes, self._least = 0, bound
        self.prices: MixedBound | None = None
        self._relaxation = relaxation
        self._groups = GroupPrices(self.part, branches)
        self._led: LedSearch | None = None
        self._seconds_left: Callable[[], float] = lambda: 0.0
        self._way: Iterator[bool] | None = self._steps()

    @property
    def bound(self) -> int:
        """Least value that any plan can have."""
        return min(max(self._least, self._led.bound if self._led else 0), self.best_value)

    @property
    def is_done(self) -> bool:
        """Nothing is left to look at."""
        return self.bound >= self.best_value or (self._led is not None and self._led.is_done)

    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Solve up to so many more programs, or until the time is up; to be called again."""
        goal, self._seconds_left = self.nodes + nodes, seconds_left
        while self._way and not self.is_done and self.nodes < goal and seconds_left() > 0:
            self.nodes += 1
            if next(self._way, None) is None:
                self._way = None
        if not self._way and not self.is_done and seconds_left() > 0:
            self._branch(max(goal - self.nodes, 1))

    def _left(self) -> float:
        return self._seconds_left()

    def _offer(self, plan: IntArray) -> None:
        if self.part.is_legal(plan) and self.part.score(plan) < self.part.score(self.best):
            self.best, self.best_value = plan, self.part.seat_score(plan)

    def _branch(self, nodes: int) -> None:
        if self._led is None:
            self._led = LedSearch(self._relaxation, self.part.seat_score, self.best, self._least, lambda _: True)
        before = self._led.nodes
        self._led.run(nodes, self._seconds_left)
        self.nodes += self._led.nodes - before
        self._offer(self._led.best)

    def _steps(self) -> Iterator[bool]:
        """Do one thing after the other; each yield is a moment to look at the time."""
        relaxation = Relaxation(self.part, 0)
        if not self._bound(relaxation):
            return
        yield True
        prices = self._price(relaxation)
        if prices is None:
            return
        yield True
        prices.climb(self._left, _STEPS)
        prices.settle(self._left)
        self.prices = prices
        yield True
        margins = Margins(self.part, self._groups, prices.best)
        for spare in _SPARE:
            self._look(margins, spare)
            yield True

    def _bound(self, relaxation: Relaxation) -> bool:
        """Bound who is left out by the linear program over seats, led by walks; False when it defies solution."""
        relaxation.minimise_led(Goal.SEATS)
        if not isinstance(relaxation.solve(self._left()), Point):
            return False
        relaxation.minimise(Goal.SEATS)
        point = relaxation.solve(self._left(), cut_rounds=0)
        if not isinstance(point, Point):
            return False
        self._least = max(self._least, int(np.ceil(point.objective - _ROUND_UP)))
        return True

    def _price(self, relaxation: Relaxation) -> MixedBound | None:
        """Take the first prices of plans that leave out no more than the bound from the linear program over seats."""
        held = self._held(0)
        relaxation.hold(Goal.SEATS, held)
        return first_prices(relaxation, self._groups, held.unseated, self._left)

    def _held(self, spare: int) -> Score:
        broken, unseated = divmod(self._least, self.part.decision_weight)
        return Score(broken, unseated + spare)

    def _look(self, margins: Margins, spare: int) -> None:
        """Look for a plan of liked seats that leaves out no more than the bound and some to spare."""
        most, kept = self._least + spare, (1 - _SHARE) * self._left()
        if self.best_value <= most:
            return
        level = int(np.ceil(_LIKED * margins.prices.bound))
        search = ClosingSearch(margins.rest(level, self._held(spare)), partial(_walks, self.part, most), self.best, 0)
        search.enough, search.most_nodes = _NEVER, 1
        search.run(lambda: self._left() - kept)
        self._offer(search.best)


def _walks(part: Part, most: int, plan: IntArray) -> int:
    """Value a plan that leaves out too many as worse than any other."""
    return part.walk_cost(plan) if part.seat_score(plan) <= most else _NEVER


def first_prices(
    relaxation: Relaxation, groups: GroupPrices, most_out: int, seconds_left: Callable[[], float]
) -> MixedBound | None:
    """Take prices from the linear program over seats, held as far as it is; None when it defies solution."""
    part, u0 = relaxation.part, relaxation.columns.u0
    relaxation.minimise(Goal.WALKS)
    point = relaxation.solve(seconds_left(), cut_rounds=_CUT_ROUNDS)
    if not isinstance(point, Point):
        return None
    price = relaxation.member_prices()
    charges = (point.reduced[u0 : u0 + part.n_members] + price)[~part.is_locked]
    start = price, float(np.median(charges)) if len(charges) else float(price.max(initial=0.0))
    return MixedBound(part, groups, start, most_out)
