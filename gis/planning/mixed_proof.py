"""Prove that no plan is below a level: by cases of which groups open, each closed when few seats are left.

Opening or closing a group that the program opens by half raises the bound of the prices by 50 to 200 m, and rules out
seats the more. The case with the lowest bound is looked at next. With few seats left HiGHS's cutting planes prove in
seconds that there is no plan below the level, or find one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.closing_search import ClosingSearch
from gis.planning.mixed_margins import Margins

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.mixed_bound import MixedBound
    from gis.planning.mixed_prices import GroupPrices
    from gis.planning.part import Part

    IntArray = npt.NDArray[np.int64]

_FEW = 0.37  # of the seats; with as few or fewer HiGHS is asked, with more another group is decided first
_CLOSE_ENOUGH = 10.0  # metres between the program and the bound of a case
_WHOLE = 0.02  # a group within this of open or closed is not decided
_ROUND_UP = 1e-3


@dataclass(eq=False)
class _Case:
    """Plans in which some groups open and others do not; none costs less than `least`."""

    prices: MixedBound
    least: int
    is_tried: bool = False


class MixedProof:
    """The cases of one part, and what none of its plans can beat.

    Attributes
    ----------
    best
        The best plan so far, to be set from outside when there is a better one.
    """

    def __init__(
        self,
        part: Part,
        groups: GroupPrices,
        prices: MixedBound,
        best: IntArray,
        admits: Callable[[IntArray], bool],
    ) -> None:
        self.best = best
        self._part, self._groups, self._admits = part, groups, admits
        self._cases = [_Case(prices, _up(prices.best.bound))]

    @property
    def bound(self) -> int:
        """No plan costs less."""
        return min(case.least for case in self._cases)

    def go_on(self, level: int, seconds_left: Callable[[], float]) -> bool:
        """Look at the case with the lowest bound; tell whether there is more to do below the level."""
        case = min(self._cases, key=lambda case: case.least)
        group = _half_open(case.prices)
        if case.least >= level or (case.is_tried and group is None):
            return False
        margins = Margins(self._part, self._groups, case.prices.best)
        if group is None or (margins.seats_below(level).mean() <= _FEW and not case.is_tried):
            self._close(case, margins, level, seconds_left, 0 if group is None else 1)
        else:
            self._cases.remove(case)
            for state in (-1, 1):
                prices = case.prices.branch(group, state)
                prices.settle(seconds_left, enough=level, close=_CLOSE_ENOUGH)
                self._cases.append(_Case(prices, max(case.least, _up(prices.best.bound))))
        return seconds_left() > 0

    def _close(
        self, case: _Case, margins: Margins, level: int, seconds_left: Callable[[], float], most_nodes: int
    ) -> None:
        """Let HiGHS prove a case, or find a plan in it."""
        part = self._part
        search = ClosingSearch(margins.rest(level, part.score(self.best)), part.walk_cost, self.best, case.least)
        search.enough, search.most_nodes = level, most_nodes
        search.run(seconds_left, self._admits)
        self.best = search.best
        case.least = max(case.least, min(search.bound, level))
        case.is_tried = case.least < level


def _half_open(prices: MixedBound) -> int | None:
    """Choose the group that is nearest to half open; None where all are open or closed."""
    if prices.use is None:
        return None
    half = np.abs(prices.use - 0.5)
    group = int(half.argmin())
    return group if half[group] < 0.5 - _WHOLE else None


def _up(bound: float) -> int:
    return int(np.ceil(bound - _ROUND_UP))
