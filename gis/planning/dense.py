"""Solve a grouping problem with a table of walks: teams apart as long as they meet at no venue; always bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.planning.clusters import Plans
from gis.planning.fairness import FairSearch
from gis.planning.leaders import choose_leaders
from gis.planning.median import median_of, needs_median
from gis.planning.median_search import MedianSearch
from gis.planning.problem import UNSEATED, GroupingProblem, GroupingSolution, Score, Status
from gis.planning.scoring import gap_between, prices_of
from gis.planning.watching import WALL_CLOCK, Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from gis.planning.watching import Progress

    IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Known:
    """What an earlier search of the same problem found: a plan, and what no plan can beat."""

    host: IntArray
    bound: Score


def solve_dense(
    problem: GroupingProblem,
    *,
    seconds: float,
    seed: int,
    watch: Callable[[Progress], bool] | None = None,
    clock: Callable[[], float] = WALL_CLOCK,
    known: Known | None = None,
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
    known
        Where to begin.

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
        plans = Plans(problem, seed, start=None if known is None else known.host)
        if known is not None:
            plans.know(known.bound)
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
