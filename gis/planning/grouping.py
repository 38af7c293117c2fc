"""Solve a grouping problem: teams apart as long as they do not meet at a venue, with a proven bound throughout."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.clusters import Plans
from gis.planning.fairness import FairSearch
from gis.planning.median import median_of, needs_median
from gis.planning.median_search import MedianSearch
from gis.planning.problem import UNSEATED, GroupingProblem, GroupingSolution, Score, Status
from gis.planning.scoring import gap_between, prices_of, score_plan
from gis.planning.watching import Progress, Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

__all__ = ["Progress", "choose_leaders", "score_plan", "solve_grouping"]


def solve_grouping(
    problem: GroupingProblem,
    *,
    seconds: float,
    seed: int,
    watch: Callable[[Progress], bool] | None = None,
    clock: Callable[[], float] = monotonic,
) -> GroupingSolution:
    """Choose hosts and seat members: most decisions kept, most seated, then least weighted walk and penalties.

    Where the rules ask for it the fewest groups, and after them the shortest longest walk, come before the walks.
    Exact when it ends before `seconds`; otherwise the best plan found, with a proven bound. What opens is a
    (team, host) pair, so teams have to do with each other only where a venue is short of room or groups are counted.
    They are first solved apart (a relaxation: the sum of their optima is a bound); teams whose plans crowd a venue are
    then merged and solved together: few by branching, many by closing (`gis.planning.closing`), until no venue is
    crowded or the time is up. Each cluster of teams is searched goal after goal, each held when the next begins. This
    is exactly lexicographic and keeps the penalty of an empty seat out of the linear programs. Work is rationed by
    nodes, so the plan depends on the seed and on nothing else unless time runs short. One thread.

    Parameters
    ----------
    seconds
        A plan is returned at 0 as well (greedy, with a weak bound).
    watch
        Called when the plan or the bound is better, and now and then; where it returns False the search ends at once
        with the best plan so far.

    Returns
    -------
    solution
        Never an exception for a problem that cannot be solved well: members without a seat are UNSEATED.
    """
    timer = Watch(seconds, problem.n_members, clock, watch)
    if needs_median(problem):
        host, found, nodes = _solve_median(problem, seed, timer)
    elif problem.rules.fair:
        search = FairSearch(problem, seed, timer)
        search.run()
        host, found, nodes = search.host, search.found(), search.nodes
    else:
        plans = Plans(problem, seed)
        timer.look = plans.standing
        plans.search(timer.left)
        host, found, nodes = plans.host(), plans.found(), plans.nodes
    timer.look = lambda: found
    timer.tell()
    return _solution(problem, host, found, timer, nodes)


def _solve_median(problem: GroupingProblem, seed: int, timer: Watch) -> tuple[IntArray, tuple[Score, Score], int]:
    median = median_of(problem)
    search = MedianSearch(median, seed)

    def standing() -> tuple[Score, Score]:
        host = search.host
        out = int((host == UNSEATED).sum())
        locked = int(((host == UNSEATED) & problem.comes_first).sum())
        score = Score(locked, out, cost_m=round(search.value - out * median.never))
        # the bound of prices is of plans that seat everybody; where nobody has found one, only what is certain is said
        return score, Score(cost_m=int(search.bound)) if not out else min(score, Score())

    timer.look = standing
    if problem.n_members and problem.n_hosts and median.most:
        search.run(timer.left)
    return search.host, standing(), search.steps


def _solution(
    problem: GroupingProblem, host: IntArray, found: tuple[Score, Score], timer: Watch, nodes: int
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
        gap=gap_between(score, bound, problem.n_members),
        unseated_penalty=prices.seat,
        seconds=timer.seconds,
        nodes=nodes,
        group_price=prices.group,
        longest_price=prices.longest,
        is_cancelled=timer.is_cancelled,
    )


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
