"""One part too large to be solved at once: tiles of it are solved in turn, and prices bound the whole.

First every large tile of hosts is solved with the members who live nearest to it: its linear program, rounded. Then
sweeps: the hosts are cut along other lines, and each small tile is solved anew with all who sit in it and all near it
who sit nowhere; a tile's better plan is the whole's. The bound comes from prices (`gis.planning.seat_prices`): linear
programs of large windows and what lies around them price the members inside, and steps along the subgradient do the
rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.planning.candidates import find_candidates
from gis.planning.dense import Known, solve_dense
from gis.planning.part import Goal, make_part
from gis.planning.problem import ALONE, UNSEATED, Score
from gis.planning.relaxation import Point, Relaxation
from gis.planning.scoring import score_plan
from gis.planning.seat_prices import Charges, SeatPrices, climb
from gis.planning.tiles import cut_tiles, host_places
from gis.planning.wide_scoring import arc_costs, group_costs, score_wide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from gis.planning.watching import Progress
    from gis.planning.wide import WideProblem

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]
    Run = Callable[[Iterator[tuple[int, Any]]], Iterator[tuple[int, Any]]]

GIANT = 200_000  # pairs; below, one linear program of a few seconds, rounded, is better than tiles
# Pairs of a tile, and of a window of prices with what lies around it. Half as many take a quarter of the time each, but
# what is done between two tiles, once for the whole, then takes more than is won: 7.1 % instead of 2.8 % on a city
_TILE = _WINDOW = 130_000
_CUT_ROUNDS = 60
_FIRST, _PRICES, _SWEEPS = 0.3, 0.5, 0.95  # of the time, until the end of each stage
_CLIMB, _CLIMB_NUMBER = 0.1, -1  # of the time that prices climb beside each sweep; the task's number beside the tiles'
# A tile is left at this gap: of the first plan, whose rounding gives less, and of sweep after sweep. What a sweep gains
# comes from cutting elsewhere: to prove more of each tile took ten times as long for a tenth of a percent
_ENOUGH = 3e-3, 2e-3, 1.5e-3, 1e-3, 7e-4, 5e-4, 3e-4
_SEATS_FIRST = 0.1  # of that gap, as long as it is one of seats: walks have hardly been looked at
_NEAR_M = 100  # a pair that costs so much more than its member's price is of no use to anybody
_STEPS_NEAR_M = 250  # while prices still move
_LEAST_S = 0.2
_ROUND_UP = 1e-3
_MOST_SWEEPS = 8
_CHARGE = 2  # leaving one out is charged as so many of the dearest seats, each in a new group


@dataclass(frozen=True, eq=False)
class TileTask:
    """Seat the members of a tile at its hosts, better than `now`, until what is left to gain is `enough`."""

    problem: WideProblem
    now: IntArray
    seconds: float
    enough: float
    seed: int
    clock: Callable[[], float]

    def perform(self) -> tuple[IntArray | None, int]:
        """Return the better plan, if any, and the nodes it took."""
        problem = self.problem.dense()
        before, known = score_plan(problem, self.now), Known(self.now, Score())
        solution = solve_dense(
            problem, seconds=self.seconds, seed=self.seed, watch=self._goes_on, clock=self.clock, known=known
        )
        return (solution.host if solution.score < before else None), solution.nodes

    def _goes_on(self, progress: Progress) -> bool:
        is_seated = progress.score.unseated == progress.bound.unseated
        return progress.gap > (self.enough if is_seated else _SEATS_FIRST * self.enough)


@dataclass(frozen=True, eq=False)
class WindowTask:
    """Price the members of a window, for walks at a charge for who is left out, and for seats alone."""

    problem: WideProblem
    charge: float
    seconds: float
    seed: int

    def perform(self) -> tuple[FloatArray, FloatArray] | None:
        """Return both prices of each member; None when the time ran out."""
        problem = self.problem.dense()
        part = make_part(problem, find_candidates(problem))
        relaxation = Relaxation(part, self.seed)
        prices = []
        for charge in (self.charge, 0.0):
            if charge:
                relaxation.minimise_charged(charge)
            else:
                relaxation.minimise(Goal.SEATS)
            if not isinstance(relaxation.solve(self.seconds, cut_rounds=_CUT_ROUNDS), Point):
                return None
            price = np.full(problem.n_members, charge or 1.0)  # who sits nowhere here is left out
            price[part.candidates.member] = relaxation.member_prices()
            prices.append(price)
        return prices[0], prices[1]


@dataclass(frozen=True, eq=False)
class ClimbTask:
    """Raise the bound on walks for so many seconds, beside a sweep."""

    prices: SeatPrices
    start: FloatArray
    goal: float
    seconds: float
    clock: Callable[[], float]

    def perform(self) -> FloatArray:
        """Return the better prices."""
        end = self.clock() + self.seconds
        return climb(self.prices, self.start, self.goal, lambda: self.clock() < end)[1]


class Giant:
    """A part too large to be solved at once.

    Attributes
    ----------
    host
        The plan so far.
    score, bound
        What it reaches and what no plan can beat.
    """

    def __init__(self, problem: WideProblem, seed: int, workers: int, clock: Callable[[], float]) -> None:
        self._problem, self._seed, self._workers, self._clock = problem, seed, workers, clock
        self._arcs = arcs = np.arange(len(problem.arc_member))
        order = np.argsort(problem.arc_host[arcs], kind="stable")
        self._by_host = arcs[order]
        self._host_start = np.searchsorted(problem.arc_host[self._by_host], np.arange(problem.n_hosts + 1))
        self._load = np.diff(self._host_start).astype(np.float64)
        self._places = host_places(problem)
        self._home = self._nearest()
        self.host: IntArray = np.full(problem.n_members, UNSEATED, dtype=np.int64)
        self.nodes = 0
        self._left_out = np.where(problem.comes_first, _CHARGE * self._dear, self._dear) * float(_CHARGE)
        self._walk_price, self._seat_price = np.zeros(problem.n_members), np.zeros(problem.n_members)
        self._cost = arc_costs(problem, arcs)
        self.bound = Score()

    @property
    def _dear(self) -> float:
        problem, rules = self._problem, self._problem.rules
        seat = float(arc_costs(problem, self._arcs).max(initial=0.0))
        return seat + float(group_costs(problem).max(initial=0.0)) + rules.target_low * rules.small_penalty_m

    def _nearest(self) -> IntArray:
        """Nearest host of each member; of companions, that of the first."""
        problem, arcs = self._problem, self._arcs
        order = arcs[np.lexsort((problem.arc_walk_m[arcs], problem.arc_member[arcs]))[::-1]]
        home: IntArray = np.zeros(problem.n_members, dtype=np.int64)
        home[problem.arc_member[order]] = problem.arc_host[order]  # written last wins: the nearest
        if problem.together is not None:
            with_others = np.flatnonzero(problem.together != ALONE)[::-1]
            first = np.zeros(int(problem.together.max(initial=0)) + 1, dtype=np.int64)
            first[problem.together[with_others]] = with_others
            home[with_others] = home[first[problem.together[with_others]]]
        return home

    def solve(self, run: Run, left: Callable[[], float]) -> Iterator[bool]:
        """Solve, pausing whenever the plan or the bound may be better; True at the end."""
        seconds = left()
        yield from self._sweep(run, 0, partial(_until, left, (1 - _FIRST) * seconds))
        yield from self._price(run, partial(_until, left, (1 - _PRICES) * seconds))
        for turn in range(1, _MOST_SWEEPS + 1):
            if left() > (1 - _SWEEPS) * seconds:
                yield from self._sweep(run, turn, partial(_until, left, (1 - _SWEEPS) * seconds), _CLIMB * seconds)
        self._raise(left)
        yield True

    def _sweep(
        self,
        run: Run,
        turn: int,
        left: Callable[[], float],
        climb_s: float = 0.0,
    ) -> Iterator[bool]:
        tile_of = cut_tiles(self._places, self._load, _TILE, turn)
        home_tile, now = tile_of[self._home], self.host.copy()
        at = np.where(now == UNSEATED, home_tile, tile_of[now])
        pieces: dict[int, tuple[IntArray, IntArray]] = {}
        waiting, enough = float(self._load.sum()), _ENOUGH[min(turn, len(_ENOUGH) - 1)]

        def tasks() -> Iterator[tuple[int, Any]]:
            nonlocal waiting
            if climb_s and self._has_walk_bound:
                yield _CLIMB_NUMBER, self._climbing(min(climb_s, max(left(), 0.0)))
            for tile in range(int(tile_of.max()) + 1):
                hosts, arcs = self._around(tile_of == tile)
                arcs = self._useful(arcs[at[self._problem.arc_member[arcs]] == tile])
                load = float(self._load[hosts].sum())
                share = max(left(), 0.0) * min(1.0, self._workers * load / waiting)
                waiting -= load
                if not len(arcs) or (turn and share <= 0):
                    continue
                members = np.unique(self._problem.arc_member[arcs])
                problem, hosts = self._cut(members, hosts, arcs)
                pieces[tile] = members, hosts
                column = np.full(self._problem.n_hosts, UNSEATED)
                column[hosts] = np.arange(len(hosts))
                local = np.where(now[members] == UNSEATED, UNSEATED, column[now[members]])
                share = max(share, min(_LEAST_S, left()))
                yield tile, TileTask(problem, local, share, enough, self._seed, self._clock)

        for tile, answer in run(tasks()):
            if tile == _CLIMB_NUMBER:
                self._walk_price = answer
                continue
            found, nodes = answer
            members, hosts = pieces.pop(tile)
            self.nodes += nodes
            if found is not None:
                self.host[members] = np.where(found == UNSEATED, UNSEATED, hosts[found])
                yield False

    def _around(self, chosen: BoolArray) -> tuple[IntArray, IntArray]:
        """Return the chosen hosts and all pairs with them."""
        hosts = np.flatnonzero(chosen)
        ranges = [self._by_host[self._host_start[j] : self._host_start[j + 1]] for j in hosts]
        return hosts, np.sort(np.concatenate(ranges)) if ranges else self._by_host[:0]

    def _useful(self, arcs: IntArray, near_m: float = _NEAR_M) -> IntArray:
        """Leave out pairs that are much dearer than their member's price; all are kept as long as there is none."""
        problem, price = self._problem, self._walk_price
        member, host = problem.arc_member[arcs], problem.arc_host[arcs]
        near = (self._cost[arcs] <= price[member] + near_m) | (price[member] <= 0)
        if problem.together is not None:
            near |= problem.together[member] != ALONE
        return np.asarray(arcs[near | (host == self._home[member]) | (host == self.host[member])])

    def _cut(self, members: IntArray, hosts: IntArray, arcs: IntArray) -> tuple[WideProblem, IntArray]:
        """Return the problem of these members and hosts, with the hosts where their groups in force meet."""
        problem, own = self._problem, hosts
        if problem.current_host is not None:
            current = problem.current_host[members]
            hosts = np.union1d(hosts, current[current != UNSEATED])
        mine = problem.of(members, hosts, arcs)
        if mine.required is not None:
            mine.required[~np.isin(hosts, own)] = False
        return mine, hosts

    def _price(self, run: Run, left: Callable[[], float]) -> Iterator[bool]:
        """Price the members of each window by a linear program of the window and of all hosts they reach beyond it."""
        member, host = self._problem.arc_member, self._problem.arc_host
        tile_of = cut_tiles(self._places, self._load, _WINDOW, 1)
        self._walk_price = self._plan_prices()
        pieces: dict[int, IntArray] = {}

        def tasks() -> Iterator[tuple[int, WindowTask]]:
            for tile in range(int(tile_of.max()) + 1):
                if left() <= 0:
                    return
                _, near = self._around(tile_of == tile)
                reached = np.zeros(self._problem.n_hosts, dtype=np.bool_)
                members = np.zeros(self._problem.n_members, dtype=np.bool_)
                members[member[near]] = True
                reached[host[members[member]]] = True
                hosts, arcs = self._around(reached)
                arcs = arcs[reached[self._home[member[arcs]]]]
                rows = np.unique(member[arcs])
                pieces[tile] = rows
                yield tile, WindowTask(self._cut(rows, hosts, arcs)[0], _CHARGE * self._dear, left(), self._seed)

        for tile, prices in run(tasks()):
            rows = pieces.pop(tile)
            inside = tile_of[self._home[rows]] == tile
            if prices is not None:
                for mine, found in zip((self._walk_price, self._seat_price), prices, strict=True):
                    mine[rows[inside]] = found[inside]
                yield False

    @property
    def score(self) -> Score:
        """Score the plan so far."""
        return score_wide(self._problem, self.host)

    def _plan_prices(self) -> FloatArray:
        """Return what each seat costs in the plan, its part of the opening included."""
        problem, arcs = self._problem, self._arcs[self.host[self._problem.arc_member] == self._problem.arc_host]
        member, host = problem.arc_member[arcs], problem.arc_host[arcs]
        size = np.bincount(host, minlength=problem.n_hosts)
        price = self._left_out.copy()
        price[member] = self._cost[arcs] + (group_costs(problem) / np.maximum(size, 1))[host]
        return price

    def _raise(self, left: Callable[[], float]) -> None:
        """Bound the seats, then what they cost when no more are left out than here."""
        problem, score = self._problem, self.score
        unseated = self.bound.unseated
        if score.unseated > unseated:
            ones = Charges(np.ones(problem.n_members), seats_only=True)
            least = self._climb(ones, "_seat_price", float(score.unseated), partial(_until, left, left() / 2))
            unseated = min(max(int(np.ceil(least - _ROUND_UP)), unseated), score.unseated)
        self.bound = Score(0, unseated, cost_m=self._raise_walks(score, left))

    @property
    def _has_walk_bound(self) -> bool:
        rules = self._problem.rules
        return not (rules.fewest_groups or rules.fair or self._problem.demand is not None)

    def _climbing(self, seconds: float) -> ClimbTask:
        """Climb from the prices so far, over the pairs that matter at them."""
        goal = self.score.cost_m + float(self._left_out[self.host == UNSEATED].sum())
        some = self._useful(self._arcs, _STEPS_NEAR_M)
        prices = SeatPrices(self._problem, some, Charges(self._left_out, seats_only=False))
        return ClimbTask(prices, self._walk_price, goal, seconds, self._clock)

    def _raise_walks(self, score: Score, left: Callable[[], float]) -> int:
        """Bound what seats cost in plans that leave out no more than this one; better prices help the sweeps too."""
        if not self._has_walk_bound:
            return 0
        out = float(self._left_out[self.host == UNSEATED].sum())
        least = self._climb(Charges(self._left_out, seats_only=False), "_walk_price", score.cost_m + out, left)
        return max(int(np.ceil(least - out - _ROUND_UP)), 0)

    def _climb(self, charges: Charges, name: str, goal: float, left: Callable[[], float]) -> float:
        """Raise a bound: steps count only pairs that matter at these prices, the first and the last value count all."""
        start, before = getattr(self, name), left()
        least, _ = SeatPrices(self._problem, self._arcs, charges).value(start)
        kept = 1.5 * (before - left())
        if goal <= least + _ROUND_UP or left() <= kept:
            return least
        some = self._arcs if charges.seats_only else self._useful(self._arcs, _STEPS_NEAR_M)
        steps = SeatPrices(self._problem, some, charges)
        _, price = climb(steps, start, goal, lambda: left() > kept)
        del steps
        raised, _ = SeatPrices(self._problem, self._arcs, charges).value(price)
        if raised > least:
            setattr(self, name, price)
        return max(least, raised)


def _until(left: Callable[[], float], kept: float) -> float:
    return left() - kept
