"""Solve a wide problem: part by part with the same solver, on the processors of this machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import methodcaller
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.errors import Fault, InputError
from gis.planning.dense import solve_dense
from gis.planning.giant import GIANT, Giant
from gis.planning.pool import Pool
from gis.planning.problem import UNSEATED, GroupingSolution, Score, Status, sum_scores
from gis.planning.scoring import gap_between
from gis.planning.watching import Progress
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


@dataclass(frozen=True, eq=False)
class PartTask:
    """Solve one part that is small enough for a table."""

    problem: WideProblem
    seconds: float
    seed: int
    clock: Callable[[], float]

    def perform(self) -> GroupingSolution:
        """Return the solution of the part."""
        return solve_dense(self.problem.dense(), seconds=self.seconds, seed=self.seed, clock=self.clock)


def solve_wide(
    problem: WideProblem,
    *,
    seconds: float,
    seed: int,
    workers: int = 2,
    watch: Callable[[Progress], bool] | None = None,
    clock: Callable[[], float] = monotonic,
) -> WideSolution:
    """Choose hosts and seat members of a district or a city, by the rules and in the order of `solve_grouping`.

    Members who share no host, directly or through others, have nothing to do with each other: each such part is solved
    by itself with its share of the time by size, the bounds of the parts together bound every plan, and when all parts
    are proven the whole is. What a part does not need is left to the parts after it. A part that is too large for one
    search is solved tile by tile and bounded by prices (`gis.planning.giant`). No table of all walks is ever made.

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

    def tasks() -> Iterator[tuple[int, PartTask]]:
        nonlocal arcs_left
        for k in others:
            if whole.is_cancelled:
                return
            mine = int(parts.n_arcs[k])
            share = max(left(), 0.0) * min(1.0, at_once * mine / arcs_left)
            arcs_left -= mine
            yield int(k), PartTask(parts.part(int(k))[2], max(share, min(_LEAST_S, seconds)), seed, clock)

    with Pool[Any, Any](methodcaller("perform"), at_once) as pool:
        for k in giants:
            _, _, part = parts.part(int(k))
            giant = Giant(part, seed, at_once, clock)
            kept = left() * (1 - int(parts.n_arcs[k]) / arcs_left)
            arcs_left -= int(parts.n_arcs[k])
            for _ in giant.solve(pool.run, lambda kept=kept: left() - kept):  # type: ignore[misc]
                whole.take(int(k), giant.host, (giant.score, giant.bound), giant.nodes)
                whole.tell(clock() - start)
        for k, solution in pool.run(tasks()):
            whole.take(k, solution.host, (solution.score, solution.score_bound), solution.nodes)
            whole.tell(clock() - start)
    return whole.solution(clock() - start)


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

    def take(self, k: int, host: IntArray, found: tuple[Score, Score], nodes: int) -> None:
        """Write a part's plan into the whole."""
        members, hosts, _ = self.parts.part(k)
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
