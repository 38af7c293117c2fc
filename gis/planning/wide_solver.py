"""Solve a wide problem: part by part with the same solver, on the processors of this machine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.grouping import solve_grouping
from gis.planning.pool import Pool
from gis.planning.problem import UNSEATED, GroupingSolution, Score, Status, sum_scores
from gis.planning.wide import WideProblem, WideSolution
from gis.planning.wide_parts import Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

_SMALL = 20_000  # pairs; below, a process takes longer to start than the problem to solve
_LEAST_S = 0.2  # of time for any part: enough for a plan and a first bound
_RESERVE = 0.04  # of the time, for what comes after the last part


@dataclass(frozen=True)
class WideProgress:
    """How far a wide search has come.

    `score` and `score_bound` are those of the parts done.
    """

    parts_done: int
    parts: int
    score: Score
    score_bound: Score
    seconds: float


@dataclass(frozen=True, eq=False)
class _Task:
    problem: WideProblem
    seconds: float
    seed: int


def solve_wide(
    problem: WideProblem,
    *,
    seconds: float,
    seed: int,
    workers: int = 2,
    watch: Callable[[WideProgress], bool] | None = None,
    clock: Callable[[], float] = monotonic,
) -> WideSolution:
    """Choose hosts and seat members of a district or a city, by the rules and in the order of `solve_grouping`.

    Members who share no host, directly or through others, have nothing to do with each other: each such part is solved
    by itself with its share of the time by size, the bounds of the parts together bound every plan, and when all parts
    are proven the whole is. What a part does not need is left to the parts after it. No table of all walks is made.

    Parameters
    ----------
    seconds
        A plan is returned at 0 as well.
    workers
        Processes; with 1 everything is done in this one. They are started anew and import the main module, so a script
        that asks for more than 1 must be importable (`if __name__ == "__main__":`).
    watch
        Called after each part; the search ends when it answers False.
    """
    start = clock()
    parts = Parts(problem)
    whole = _Whole(problem, parts)

    def tasks() -> Iterator[tuple[int, _Task]]:
        left = int(parts.n_arcs.sum())
        for k in np.argsort(-parts.n_arcs, kind="stable"):
            if whole.is_cancelled:
                return
            mine = int(parts.n_arcs[k])
            time_left = max(seconds * (1 - _RESERVE) - (clock() - start), 0.0)
            share = time_left * min(1.0, at_once * mine / left)
            left -= mine
            yield int(k), _Task(parts.part(int(k))[2], max(share, min(_LEAST_S, seconds)), seed)

    at_once = workers if len(parts) > 1 and len(parts.arcs) > _SMALL else 1
    with Pool(_solve, at_once) as pool:
        for k, solution in pool.run(tasks()):
            whole.take(k, solution)
            if watch is not None and not watch(whole.progress(clock() - start)):
                whole.is_cancelled = True
    return whole.solution(clock() - start)


def _solve(task: _Task) -> GroupingSolution:
    return solve_grouping(task.problem.dense(), seconds=task.seconds, seed=task.seed)


class _Whole:
    """The plan of all parts, as they come."""

    def __init__(self, problem: WideProblem, parts: Parts) -> None:
        self.problem, self.parts = problem, parts
        self.is_cancelled = False
        self.host = np.full(problem.n_members, UNSEATED, dtype=np.int64)
        self.leader: dict[tuple[int, int], int] = {}
        self.solved: dict[int, GroupingSolution] = {}

    def take(self, k: int, solution: GroupingSolution) -> None:
        """Write a part's plan into the whole."""
        members, hosts, _ = self.parts.part(k)
        seated = solution.host != UNSEATED
        self.host[members[seated]] = hosts[solution.host[seated]]
        for (team, host), leader in solution.leader.items():
            self.leader[team, int(hosts[host])] = int(members[leader])
        self.solved[k] = solution

    def progress(self, seconds: float) -> WideProgress:
        """Say how far the search has come."""
        scores = sum_scores(one.score for one in self.solved.values())
        bounds = sum_scores(one.score_bound for one in self.solved.values())
        return WideProgress(len(self.solved), len(self.parts), scores, bounds, seconds)

    def solution(self, seconds: float) -> WideSolution:
        """Sum the parts up; a part that was not solved has nobody seated, and no bound."""
        solved = list(self.solved.values())
        fixed = self._lost()
        skipped = [self.parts.part(k)[2] for k in range(len(self.parts)) if k not in self.solved]
        empty = [Score(int((p.locked_host >= 0).sum()), p.n_members) for p in skipped]
        score = sum_scores([fixed, *empty, *(one.score for one in solved)])
        bound = min(score, sum_scores([fixed, *(_bound(one, score) for one in solved)]))
        prices = Counter[str]()
        for one in solved:
            prices.update({name: getattr(one, name) for name in _PRICES})
        worth, lowest = (_worth(one, prices, self.problem.n_members) for one in (score, bound))
        return WideSolution(
            host=self.host,
            leader=self.leader,
            score=score,
            score_bound=bound,
            status=Status.OPTIMAL if score <= bound else Status.FEASIBLE,
            objective=worth,
            bound=lowest,
            gap=_gap(score, bound, self.problem.n_members),
            seconds=seconds,
            nodes=sum(one.nodes for one in solved),
            is_cancelled=self.is_cancelled,
            parts=len(self.parts),
            parts_proven=sum(one.status is Status.OPTIMAL for one in solved),
            **{name: prices[name] for name in _PRICES},
        )

    def _lost(self) -> Score:
        """Count what no plan can do: seat members who are in no part, open hosts that no part has."""
        problem, hopeless = self.problem, self.parts.hopeless
        lost = int((hopeless & (problem.locked_host >= 0)).sum())
        if problem.required is not None:
            used = np.unique(problem.arc_host[self.parts.arcs])
            lost += len(np.setdiff1d(np.flatnonzero(problem.required), used))
        return Score(lost, int(hopeless.sum()))


_PRICES = ("unseated_penalty", "group_price", "longest_price")


def _bound(part: GroupingSolution, whole: Score) -> Score:
    """Bound a part in the whole: where its longest walk is not the longest of all, it could walk less in sum."""
    bound = part.score_bound
    if bound.longest_m == whole.longest_m:
        return bound
    return Score(bound.decisions_broken, bound.unseated, bound.n_groups, bound.longest_m, 0)


def _worth(score: Score, price: Counter[str], n: int) -> int:
    first = price["unseated_penalty"] * (score.unseated + n * score.decisions_broken)
    return first + price["group_price"] * score.n_groups + price["longest_price"] * score.longest_m + score.cost_m


def _gap(score: Score, bound: Score, n: int) -> float:
    if (score.decisions_broken, score.unseated) != (bound.decisions_broken, bound.unseated):
        return (score.unseated - bound.unseated + score.decisions_broken - bound.decisions_broken) / n
    return (score.cost_m - bound.cost_m) / max(score.cost_m, 1)
