"""Solve a grouping problem of any size: what a street needs at once, a district part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.planning.dense import solve_dense
from gis.planning.leaders import choose_leaders
from gis.planning.median import needs_median
from gis.planning.scoring import score_plan
from gis.planning.watching import WALL_CLOCK, Progress
from gis.planning.wide import widen
from gis.planning.wide_solver import solve_wide

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.planning.problem import GroupingProblem, GroupingSolution

__all__ = ["Progress", "choose_leaders", "score_plan", "solve_grouping"]

_WIDE = 1_000_000  # cells of the table of walks: five streets; above, parts are looked for


def solve_grouping(
    problem: GroupingProblem,
    *,
    seconds: float,
    seed: int,
    watch: Callable[[Progress], bool] | None = None,
    clock: Callable[[], float] = WALL_CLOCK,
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

    A problem of a district is cut into parts first (`gis.planning.wide_solver`), whatever its table holds.

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
    counts_groups = problem.rules.min_groups or problem.rules.max_groups
    if problem.walk_m.size < _WIDE or counts_groups or needs_median(problem):
        return solve_dense(problem, seconds=seconds, seed=seed, watch=watch, clock=clock)
    return solve_wide(widen(problem), seconds=seconds, seed=seed, workers=1, watch=watch, clock=clock)
