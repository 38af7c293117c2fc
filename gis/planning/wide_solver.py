"""Solve a wide problem: part by part with the same solver, on the processors of this machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import methodcaller
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.errors import Fault, InputError
from gis.planning.dense import Known, solve_dense
from gis.planning.giant import GIANT, Giant
from gis.planning.pool import Pool
from gis.planning.problem import UNSEATED, GroupingSolution, Score, Status, sum_scores
from gis.planning.scoring import gap_between
from gis.planning.watching import WALL_CLOCK, Progress
from gis.planning.wide import WideProblem, WideSolution
from gis.planning.wide_parts import Parts
from gis.planning.wide_scoring import wide_leaders, wide_prices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

_SMALL = 20_000  # pairs; below, a process takes longer to start than the problem to solve
_LEAST_S = 0.2  # of time for any part: enough for a plan and a first bound
_RESERVE = 0.04  # of the time, for what comes after the last part
_POOR = 3e-3  # a part whose gap is more than this may take more than its share: its linear program is not solved yet
_OVERTIME = 8  # at most so many times its share
_AGAIN = 2.0  # a part that is taken up again has at least so many times what it had
_WORTH = 0.5  # nothing is taken up again for less than so much of what it had
_TELL_S = 2.0  # between two looks at a giant: to score it takes as long as a tile
_IDLE = 0.8  # who gives up before so much of its time is over would do so again


@dataclass(frozen=True, eq=False)
class PartTask:
    """Solve one part that is small enough for a table.

    `seconds` may be passed, up to `most`, as long as the plan is poor: on a machine that is busy otherwise a share of
    the time may not be enough for a single linear program.
    """

    problem: WideProblem
    seconds: float
    most: float
    seed: int
    clock: Callable[[], float]
    known: Known | None = None

    def perform(self) -> GroupingSolution:
        """Return the solution of the part."""
        problem, most = self.problem.dense(), max(self.seconds, self.most)
        return solve_dense(
            problem, seconds=most, seed=self.seed, watch=self._goes_on, clock=self.clock, known=self.known
        )

    def _goes_on(self, progress: Progress) -> bool:
        return progress.seconds < self.seconds or progress.gap > _POOR


def solve_wide(
    problem: WideProblem,
    *,
    seconds: float,
    seed: int,
    workers: int = 2,
    watch: Callable[[Progress], bool] | None = None,
    clock: Callable[[], float] = WALL_CLOCK,
) -> WideSolution:
    """Choose hosts and seat members of a district or a city, by the rules and in the order of `solve_grouping`.

    Members who share no host, directly or through others, have nothing to do with each other: each such part is solved
    by itself with its share of the time by size, the bounds of the parts together bound every plan, and when all parts
    are proven the whole is. What a part does not need is left to the parts after it, and parts not proven are taken up
    again as long as there is time. A part that is too large for one search is solved tile by tile and bounded by prices
    (`gis.planning.giant`). No table of all walks is ever made.

    Parameters
    ----------
    seconds
        A plan is returned at 0 as well.
    workers
        Processes; with 1 everything is done in this one. They are started anew and import the main module, so a script
        that asks for more than 1 must be importable (`if __name__ == "__main__":`).
    watch
        Called when there is news; parts not yet solved count as if nobody sat there. The search ends when it answers
        False.

    Raises
    ------
    InputError
        The rules count the groups of all, and the problem is too large to be solved as one.
    """
    start = clock()
    parts = Parts(problem)
    whole = _Whole(problem, parts, watch)
    giants, others = _by_size(problem, parts)
    arcs_left = int(parts.n_arcs.sum())
    at_once = workers if len(parts.arcs) > _SMALL and (len(parts) > 1 or len(giants)) else 1

    def left() -> float:
        return 0.0 if whole.is_cancelled else seconds * (1 - _RESERVE) - (clock() - start)

    with Pool[Any, Any](methodcaller("perform"), at_once) as pool:
        for k in giants:
            members, hosts, part = parts.part(int(k))
            giant = Giant(part, seed, at_once, clock)
            kept = left() * (1 - int(parts.n_arcs[k]) / arcs_left)
            arcs_left -= int(parts.n_arcs[k])
            said = clock()
            for is_last in giant.solve(pool.run, lambda kept=kept: left() - kept):  # type: ignore[misc]
                if is_last or clock() - said > _TELL_S:
                    whole.take(int(k), (members, hosts), giant.host, (giant.score, giant.bound), giant.nodes)
                    whole.tell(clock() - start)
                    said = clock()
        rounds = _Rounds(parts, others.tolist(), seed, clock)
        while rounds.todo and not whole.is_cancelled:
            for k, solution in pool.run(rounds.tasks(left, min(_LEAST_S, seconds), at_once)):
                host, found = rounds.better(k, solution)
                whole.take(k, parts.part(k)[:2], host, found, solution.nodes)
                whole.tell(clock() - start)
            rounds.next(left)
    return whole.solution(clock() - start)


class _Rounds:
    """Parts with a table: all get a plan and their share first, those not proven are taken up as long as there is time.

    Attributes
    ----------
    todo
        Parts of the next round, in order.
    """

    def __init__(self, parts: Parts, todo: list[int], seed: int, clock: Callable[[], float]) -> None:
        self.todo = todo
        self._parts, self._seed, self._clock = parts, seed, clock
        self._known: dict[int, tuple[Known, Score]] = {}
        self._had: dict[int, float] = {}

    def tasks(self, left: Callable[[], float], least: float, at_once: int) -> Iterator[tuple[int, PartTask]]:
        """Yield the tasks of a round, with their shares of the time by size.

        In the first round every part has a turn, and what it does not need is left to the parts after it.
        """
        arcs_left = int(self._parts.n_arcs[self.todo].sum())
        for k in self.todo:
            known, had = self._known.get(k), self._had.get(k, 0.0)
            if known is not None and left() <= _WORTH * had:
                continue
            mine = int(self._parts.n_arcs[k])
            share = max(left(), 0.0) * min(1.0, at_once * mine / arcs_left)
            arcs_left -= mine
            seconds = max(share, min(_AGAIN * had, left()), least if known is None else 0.0)
            most = min(_OVERTIME * seconds, left())
            self._had[k] = seconds
            problem = self._parts.part(k)[2]
            yield k, PartTask(problem, seconds, most, self._seed, self._clock, known and known[0])

    def better(self, k: int, solution: GroupingSolution) -> tuple[IntArray, tuple[Score, Score]]:
        """Take what a part found, where it is better than what was known; return the best plan, its score and bound."""
        host, score, bound = solution.host, solution.score, solution.score_bound
        if k in self._known:
            before, reached = self._known[k]
            bound = max(bound, before.bound)
            if reached <= score:
                host, score = before.host, reached
        self._known[k] = Known(host, bound), score
        if solution.seconds < _IDLE * self._had[k]:
            self._had[k] = np.inf
        return host, (score, bound)

    def next(self, left: Callable[[], float]) -> None:
        """Take up what is not proven, the most to gain for its size first."""
        open_seats: dict[int, tuple[float, float]] = {}
        for k, (known, score) in self._known.items():
            bound, size = known.bound, int(self._parts.n_arcs[k])
            if score > bound and _WORTH * self._had[k] < left():
                seats = score.decisions_broken - bound.decisions_broken + score.unseated - bound.unseated
                open_seats[k] = seats / size, (score.cost_m - bound.cost_m) / size
        self.todo = sorted(open_seats, key=lambda k: open_seats[k], reverse=True)


def _by_size(problem: WideProblem, parts: Parts) -> tuple[IntArray, IntArray]:
    """Tell the giants from the other parts, the largest first."""
    order = np.argsort(-parts.n_arcs, kind="stable")
    is_giant = parts.n_arcs[order] > GIANT
    if is_giant.any() and (problem.rules.min_groups or problem.rules.max_groups):
        msg = "人数太多，不能限定小组总数：请分街道编组，或去掉小组总数的要求"
        raise InputError(msg, (Fault(msg),))
    return order[is_giant], order[~is_giant]


class _Whole:
    """The plan of all parts, as they come."""

    def __init__(self, problem: WideProblem, parts: Parts, watch: Callable[[Progress], bool] | None) -> None:
        self.problem, self.parts, self._watch = problem, parts, watch
        self.is_cancelled = False
        self.host = np.full(problem.n_members, UNSEATED, dtype=np.int64)
        self._fixed = self._lost()
        member = problem.arc_member[parts.arcs]
        part_of = np.repeat(np.arange(len(parts)), parts.n_arcs)
        size = np.zeros(problem.n_members, dtype=np.int64)
        size[member] = part_of
        asked = ~parts.hopeless
        first = problem.comes_first & asked
        n, locks = (np.bincount(size[chosen], minlength=len(parts)) for chosen in (asked, first))
        #: as long as a part is not solved nobody sits there, and nothing is known
        self._found = [(Score(int(a), int(b)), Score()) for a, b in zip(locks, n, strict=True)]
        self._nodes: Counter[int] = Counter()

    def take(
        self, k: int, places: tuple[IntArray, IntArray], host: IntArray, found: tuple[Score, Score], nodes: int
    ) -> None:
        """Write the plan of a part, of these members and hosts, into the whole."""
        members, hosts = places
        self.host[members] = np.where(host == UNSEATED, UNSEATED, hosts[host])
        self._found[k], self._nodes[k] = found, nodes

    def tell(self, seconds: float) -> None:
        """Say how things stand, and hear whether to go on."""
        if self._watch is not None:
            score, bound = self.found()
            gap = gap_between(score, bound, self.problem.n_members)
            self.is_cancelled |= not self._watch(Progress(seconds, score, bound, gap))

    def found(self) -> tuple[Score, Score]:
        """Sum up what the plan reaches and what no plan can beat."""
        score = sum_scores([self._fixed, *(one for one, _ in self._found)])
        bounds = [_bound(one, score) for _, one in self._found]
        return score, min(score, sum_scores([self._fixed, *bounds]))

    def solution(self, seconds: float) -> WideSolution:
        """Report."""
        score, bound = self.found()
        prices = wide_prices(self.problem)
        return WideSolution(
            host=self.host,
            leader=wide_leaders(self.problem, self.host),
            score=score,
            score_bound=bound,
            status=Status.OPTIMAL if score <= bound else Status.FEASIBLE,
            objective=prices.worth(score),
            bound=prices.worth(bound),
            gap=gap_between(score, bound, self.problem.n_members),
            unseated_penalty=prices.seat,
            seconds=seconds,
            nodes=self._nodes.total(),
            group_price=prices.group,
            longest_price=prices.longest,
            is_cancelled=self.is_cancelled,
            parts=len(self.parts),
            parts_proven=sum(one <= least for one, least in self._found),
        )

    def _lost(self) -> Score:
        """Count what no plan can do: seat members who are in no part, open hosts that no part has."""
        problem, hopeless = self.problem, self.parts.hopeless
        lost = int((hopeless & problem.comes_first).sum())
        if problem.required is not None:
            used = np.unique(problem.arc_host[self.parts.arcs])
            lost += len(np.setdiff1d(np.flatnonzero(problem.required), used))
        return Score(lost, int(hopeless.sum()))


def _bound(bound: Score, whole: Score) -> Score:
    """Bound a part in the whole: where its longest walk is not the longest of all, it could walk less in sum."""
    if bound.longest_m == whole.longest_m:
        return bound
    return Score(bound.decisions_broken, bound.unseated, bound.n_groups, bound.longest_m, 0)
