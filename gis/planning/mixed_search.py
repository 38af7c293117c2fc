"""Short walks where groups may mix branches: whole groups are priced, and what the prices leave open is closed.

The linear program over seats is weak here, as a group's few branches are a knapsack of their own; whole groups, priced
exactly (`mixed_bound`), bound better. The prices then do three things. They say which groups of the plan cost more
than they need: the neighbourhoods of these are solved anew. They say which seats no plan below a level can have, as the
best group with such a seat costs too much: most of them for a level not far above the bound. And with these seats gone
it is proven by cases (`mixed_proof`) in seconds that no plan is below that level, which with all seats an hour is not
enough for.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from gis.planning.candidates import Room, keep_seats, numbers_in, restrict
from gis.planning.closing_search import ClosingSearch
from gis.planning.mixed_bound import MixedBound
from gis.planning.mixed_margins import Margins, seats_of
from gis.planning.mixed_prices import NEVER, GroupPrices, table_cells
from gis.planning.mixed_proof import MixedProof
from gis.planning.mixed_seats import first_prices
from gis.planning.part import Goal, share_of
from gis.planning.problem import UNSEATED
from gis.planning.relaxation import Relaxation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from gis.planning.part import Branches, Part

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_LEAST_SEATS = 2_000  # seats of a part; below, branching ends before this would pay
_MOST_CELLS = 10_000_000  # of the tables that price the groups, 80 MB; above, branching alone is tried
_STEPS = 100  # of climbing before the program over groups takes over
_SIZES = ((8, 12), (20,), (30,))  # groups of a neighbourhood, at first and later on
_WORTH = 0.35  # of the way from bound to plan; seats whose plans cost more are not tried in a neighbourhood
_NODES = 10  # of HiGHS's tree for a neighbourhood
_IDLE = 80  # groups in a row, in neighbourhoods that gain nothing
_MOST = 240  # groups, in all neighbourhoods of one size
_FAR, _LIKED = 3e-3, 1.00004  # a plan so far from the bound is made anew, of seats whose plans cost no more
# Of the way from the prices' bound to the plan: what is proven step by step. The time for a step grows fast with it
_LEVELS = (0.2, 0.42, 0.6, 0.8, 1.0)
_NEAR = 30.0  # metres; a seat that costs so much more than the best is e times less of a link between groups
_TRIED, _MET = 0.3, 0.7  # how much less a group is worth trying after it was, and after it was in a neighbourhood
_ROUND_UP = 1e-3


def prices_groups(part: Part) -> bool:
    """Tell whether a part is large, but not too large, and how many branches meet in its groups matters."""
    branches, is_large = part.branches, len(part.candidates.arc_cost) > _LEAST_SEATS
    return branches is not None and is_large and table_cells(part, branches) <= _MOST_CELLS


class MixedSearch:
    """The search for the least walks of one part whose seats are settled.

    Attributes
    ----------
    best, best_value
        The best plan so far, and its cost.
    bound
        No plan that leaves out as few costs less.
    nodes
        Programs solved, each of many nodes perhaps.
    """

    def __init__(
        self,
        relaxation: Relaxation,
        branches: Branches,
        best: IntArray,
        bound: int,
        admits: Callable[[IntArray], bool],
        known: MixedBound | None = None,
    ) -> None:
        self.part = relaxation.part
        self.best, self.best_value = best, self.part.walk_cost(best)
        self.nodes, self._least = 0, bound
        self._relaxation, self._admits, self._known = relaxation, admits, known
        self._groups = GroupPrices(self.part, branches)
        self._is_over = False
        self._seconds_left: Callable[[], float] = lambda: 0.0
        self._way = self._steps()

    @property
    def bound(self) -> int:
        """Least value that any plan can have."""
        return min(self._least, self.best_value)

    @property
    def is_done(self) -> bool:
        """Nothing is left to look at."""
        return self._is_over or self.bound >= self.best_value

    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Solve up to so many more programs, or until the time is up; to be called again."""
        goal, self._seconds_left = self.nodes + nodes, seconds_left
        while not self.is_done and self.nodes < goal and seconds_left() > 0:
            self._is_over = next(self._way, None) is None
            self.nodes += 1

    def offer(self, plan: IntArray) -> bool:
        """Take a legal plan when it is better than the best; tell whether it is."""
        value = self.part.walk_cost(plan)
        if value >= self.best_value or not self.part.is_legal(plan) or not self._admits(plan):
            return False
        self.best, self.best_value = plan, value
        return True

    def _steps(self) -> Iterator[bool]:
        """Do one thing after the other; each yield is a moment to look at the time."""
        prices = self._begin()
        if prices is None:
            return
        self._raise(prices.best.bound)
        margins = Margins(self.part, self._groups, prices.best)
        yield True
        self._begin_anew(margins)
        yield True
        proof = MixedProof(self.part, self._groups, prices, self.best, self._admits)
        for turn, level in enumerate(_LEVELS):
            if turn < len(_SIZES):
                for size in _SIZES[turn]:
                    yield from self._improve(margins, size)
            yield from self._prove(proof, margins.prices.bound, level)

    def _left(self) -> float:
        return self._seconds_left()

    def _begin(self) -> MixedBound | None:
        """Take the prices that there are, the best for as many left out, or make them; None when that fails."""
        out, known = int((self.best == UNSEATED).sum()), self._known
        if known is not None and known.most_out == out:
            return known
        if known is not None:
            prices: MixedBound | None = MixedBound(self.part, self._groups, (known.best.price, known.best.charge), out)
        else:
            relaxation, decisions = self._relaxation, self._relaxation.decisions
            relaxation.bound(decisions, np.zeros(len(decisions)), relaxation.columns.upper()[decisions])
            prices = first_prices(relaxation, self._groups, out, self._left)
        if prices is not None:
            self._raise(prices.best.bound)
            prices.climb(self._left, _STEPS)
            prices.settle(self._left, seats_of(self.part, self.best))
        return prices

    def _raise(self, bound: float) -> None:
        self._least = max(self._least, int(np.ceil(bound - _ROUND_UP)))

    def _improve(self, margins: Margins, size: int) -> Iterator[bool]:
        """Solve the neighbourhoods of groups that cost more than they need, the dearest first."""
        near = np.exp(-np.minimum(margins.of_seat, NEVER) / _NEAR)
        c, part = self.part.candidates, self.part
        table = csr_array((near, (c.arc_member, c.arc_group)), shape=(part.n_members, part.n_groups))
        link = np.asarray((table.T @ table).todense(), dtype=np.float64)
        fresh, idle = np.ones(part.n_groups), 0
        for _ in range(_MOST // size):
            loss = margins.losses(self.best)
            seed = int(np.argmax((loss + 1) * fresh))
            groups = _around(link, seed, np.where(loss > 1, 2.0, 1.0), min(size, part.n_groups))
            fresh[groups] *= _MET
            fresh[seed] *= _TRIED
            idle = 0 if self._solve_anew(margins, groups) else idle + size
            yield True
            if idle >= _IDLE:
                return

    def _solve_anew(self, margins: Margins, groups: IntArray) -> bool:
        """Give the members of some groups and those left out the best seats there; tell whether the plan got better."""
        c, plan = self.part.candidates, self.best
        moves = np.isin(plan, groups) | (plan == UNSEATED)
        few = int(margins.prices.bound + _WORTH * (self.best_value - margins.prices.bound))
        is_left = moves[c.arc_member] & margins.seats_below(few)
        is_left[seats_of(self.part, plan)] = True
        others = np.where(np.isin(plan, groups), UNSEATED, plan)
        room = Room(*self.part.load(others), self.part.rules.min_size)
        part = share_of(self.part, restrict(keep_seats(c, is_left), groups, room))
        if not part.n_groups:
            return False
        rows = np.searchsorted(c.member, part.candidates.member)
        number = numbers_in(c, part.candidates)
        now = np.where(np.isin(plan[rows], number), np.searchsorted(number, plan[rows]), UNSEATED)
        relaxation = Relaxation(part, 0)
        relaxation.hold(Goal.SEATS, part.score(now))
        relaxation.minimise(Goal.WALKS)
        relaxation.solve(self._left())
        search = ClosingSearch(relaxation, partial(part.value, Goal.WALKS), now, 0)
        search.most_nodes = _NODES
        search.run(self._left, partial(_seats_as_many, part, part.seat_score(now)))
        others[rows] = np.where(search.best == UNSEATED, UNSEATED, number[search.best])
        return self.offer(others)

    def _begin_anew(self, margins: Margins) -> None:
        """Look for a plan among the seats that the prices like best: who is left out where is decided for all at once.

        Neighbourhoods cannot move an empty seat across the street, so a plan that is far off is replaced first.
        """
        bound = margins.prices.bound
        if self.best_value - bound > _FAR * bound:
            search = ClosingSearch(
                margins.liked(int(np.ceil(_LIKED * bound)), self.part.score(self.best)),
                self.part.walk_cost,
                self.best,
                0,
            )
            search.enough, search.most_nodes = self.best_value, 1
            search.run(self._left, self._admits)
            self.offer(search.best)

    def _prove(self, proof: MixedProof, bound: float, share: float) -> Iterator[bool]:
        """Prove that no plan is below a level, a share of the way from the first bound to the plan, or find one."""
        level, goes_on = int(np.ceil(bound + share * (self.best_value - bound))), True
        while goes_on:
            proof.best = self.best
            goes_on = proof.go_on(min(level, self.best_value), self._left)
            self.offer(proof.best)
            self._least = max(self._least, min(proof.bound, self.best_value))
            yield True


def _around(link: FloatArray, seed: int, worth: FloatArray, size: int) -> IntArray:
    """Choose groups with the strongest links to those chosen, from one on."""
    chosen, score = [seed], link[seed].copy()
    while len(chosen) < size:
        rank = score * worth
        rank[chosen] = -1.0
        chosen.append(int(rank.argmax()))
        score += _MET * link[chosen[-1]]
    return np.sort(np.array(chosen, dtype=np.int64))


def _seats_as_many(part: Part, most: int, plan: IntArray) -> bool:
    return part.seat_score(plan) <= most
