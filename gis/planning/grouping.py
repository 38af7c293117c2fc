"""Solve a grouping problem: teams apart as long as they do not meet at a venue, with a proven bound throughout."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.clusters import Plans
from gis.planning.median import median_of, needs_median
from gis.planning.median_search import MedianSearch
from gis.planning.problem import UNSEATED, GroupingProblem, GroupingSolution, Score, Status, sum_scores
from gis.planning.scoring import prices_of, score_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]

__all__ = ["choose_leaders", "score_plan", "solve_grouping"]

_FIRST_NODES = 4  # every cluster gets so many nodes, then twice as many, and so on: none starves another


def solve_grouping(
    problem: GroupingProblem, *, seconds: float, seed: int, clock: Callable[[], float] = monotonic
) -> GroupingSolution:
    """Choose hosts and seat members: most locks kept, then most seated, then least weighted walk and penalties.

    Exact when it ends before `seconds`; otherwise the best plan found, with a proven bound. What opens is a
    (team, host) pair, so teams have to do with each other only where a venue is short of room. They are first solved
    apart (a relaxation: the sum of their optima is a bound); teams whose plans crowd a venue are then merged and solved
    together: few by branching, many by closing (`gis.planning.closing`), until no venue is crowded or the time is up.
    Each cluster of teams is searched twice over its openings: for the fewest left out, then, that number held, for the
    least cost. This is exactly lexicographic and keeps the penalty of an empty seat out of the linear programs. Work is
    rationed by nodes, so the plan depends on the seed and on nothing else unless time runs short. One thread.

    Parameters
    ----------
    seconds
        A plan is returned at 0 as well (greedy, with a weak bound).

    Returns
    -------
    solution
        Never an exception for a problem that cannot be solved well: members without a seat are UNSEATED.

    Raises
    ------
    InputError
        Demands, a number of groups or groups without leaders are asked for together with rules about members.
    """
    start = clock()

    def seconds_left() -> float:
        return start + seconds - clock()

    if needs_median(problem):
        return _solve_median(problem, seed, seconds_left, seconds)
    plans = Plans(problem, seed)
    budget = _FIRST_NODES
    while seconds_left() > 0 and not plans.is_optimal:
        if plans.run(budget, seconds_left):
            budget = _FIRST_NODES
            plans.repair(seconds_left)
            if not plans.merge():
                break
        else:
            budget *= 2
    plans.assemble()
    return _report(problem, plans, clock() - start)


def _report(problem: GroupingProblem, plans: Plans, seconds: float) -> GroupingSolution:
    hopeless = np.ones(problem.n_members, dtype=np.bool_)
    hopeless[plans.whole.candidates.member] = False
    fixed = Score(_lost_decisions(problem, plans, hopeless), int(hopeless.sum()))
    found = sum_scores([fixed, plans.best]), sum_scores([fixed, plans.bound])
    return _solution(problem, plans.host(), found, seconds, plans.nodes)


def _lost_decisions(problem: GroupingProblem, plans: Plans, hopeless: BoolArray) -> int:
    """Count decisions that no plan can keep: of members who may sit nowhere, hosts and numbers that no groups make."""
    candidates = plans.whole.candidates
    lost = int((hopeless & problem.comes_first).sum())
    lost += problem.rules.min_groups - candidates.least_groups
    if problem.required is not None:
        lost += len(np.setdiff1d(np.flatnonzero(problem.required), candidates.group_host))
    return lost


def _solve_median(
    problem: GroupingProblem, seed: int, seconds_left: Callable[[], float], seconds: float
) -> GroupingSolution:
    median = median_of(problem)
    search = MedianSearch(median, seed)
    if problem.n_members and problem.n_hosts and median.most:
        search.run(seconds_left)
    host = search.host
    out = int((host == UNSEATED).sum())
    locked = int(((host == UNSEATED) & problem.comes_first).sum())
    score = Score(locked, out, cost_m=round(search.value - out * median.never))
    # the bound of prices is of plans that seat everybody; where nobody has found one, only what is certain is said
    bound = Score(cost_m=int(search.bound)) if not out else min(score, Score())
    return _solution(problem, host, (score, bound), seconds - seconds_left(), search.steps)


def _solution(
    problem: GroupingProblem, host: IntArray, found: tuple[Score, Score], seconds: float, nodes: int
) -> GroupingSolution:
    score, bound = found
    prices = prices_of(problem)
    return GroupingSolution(
        host=host,
        leader=choose_leaders(problem, host),
        score=score,
        score_bound=bound,
        status=Status.OPTIMAL if score <= bound else Status.FEASIBLE,
        objective=prices.worth(score),
        bound=prices.worth(bound),
        gap=_gap(score, bound, problem.n_members),
        unseated_penalty=prices.seat,
        seconds=seconds,
        nodes=nodes,
        group_price=prices.group,
        longest_price=prices.longest,
    )


def _gap(score: Score, bound: Score, n_members: int) -> float:
    if (score.decisions_broken, score.unseated) != (bound.decisions_broken, bound.unseated):
        missing = score.unseated - bound.unseated + score.decisions_broken - bound.decisions_broken
        return missing / max(n_members, 1)
    if score.n_groups != bound.n_groups:
        return (score.n_groups - bound.n_groups) / score.n_groups
    if score.longest_m != bound.longest_m:
        return (score.longest_m - bound.longest_m) / score.longest_m
    return (score.cost_m - bound.cost_m) / max(score.cost_m, 1)


def choose_leaders(problem: GroupingProblem, host: IntArray) -> dict[tuple[int, int], int]:
    """Name one leader per group: the preferred one, then who walks least, then the first.

    A group where nobody can lead has no entry; `rules.check_plan` reports it.
    """
    rank = problem.leader_rank if problem.leader_rank is not None else np.zeros(problem.n_members, dtype=np.int64)
    walk = problem.walk_m[np.arange(problem.n_members), host] if problem.n_hosts else np.zeros(problem.n_members)
    chosen: dict[tuple[int, int], int] = {}
    team = problem.team
    for i in np.lexsort((np.arange(problem.n_members), walk, rank)):
        if host[i] != UNSEATED and problem.can_lead[i]:
            chosen.setdefault((int(team[i]), int(host[i])), int(i))
    return chosen
