"""Plan a round of visits: who goes where, when and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.planning.visits.balance import balanced, caps_of
from gis.planning.visits.exact import exact_plan, is_tiny
from gis.planning.visits.exchanging import exchanged
from gis.planning.visits.first_plan import first_plan
from gis.planning.visits.ordering import by_doors
from gis.planning.visits.plans import as_solution, make_task, mended, previous_routes, true_cost
from gis.planning.visits.routing import Effort, Staying, improved
from gis.planning.watching import WALL_CLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.planning.visits.plans import Routes, Task
    from gis.planning.visits.problem import IntArray, VisitProblem, VisitSolution

_FIRST_SHARE = 0.2  # of the time, at most, for the first plan; it ends by itself long before
#: Where somebody is left out: shares of the search for the choice of who is
_CHOICES = ((0.35, Staying.SERVED), (0.2, Staying.EVERYBODY), (0.4, Staying.NOBODY))
_ONE_OR_TWO, _FEW_SHARE = 2, 0.05  # left out; the others of this share of all
_EXCHANGE_SHARE = 0.1
_BALANCE_SHARE = 0.4  # of the time, where teams are several


def plan_visits(
    problem: VisitProblem,
    *,
    seconds: float,
    seed: int,
    previous: Sequence[Sequence[int]] | None = None,
) -> VisitSolution:
    """Put the jobs into routes so that the least priority is left out, then travel and strangeness are least.

    Exact for a handful of jobs, heuristic beyond. Required jobs weigh before any number of optional ones. Where
    routes belong to several teams their working time is then evened out as far as that costs little (`balance`);
    routes of one team number are one pool with nothing to even out. The same plan for the same problem and seed
    where the search ended by itself before `seconds`.

    Parameters
    ----------
    seconds
        Wall clock for all of it.
    previous
        For each route the jobs that it had in order; jobs may be gone or new. The plan then changes team or order
        only where a visit gains two minutes or one by it.

    Returns
    -------
    solution
        Breaks no rule of `violations`; what cannot be done is in `unserved`. `stats` has the seconds of each part,
        and of the balance: `balance_s` what it cost, `spread_before_s` and `spread_s` between the teams that work
        longest and shortest. But for `balance_s` it never costs more than the first plan.
    """
    started = WALL_CLOCK()
    task = make_task(problem, previous)
    begin = _begin(task, previous, seconds)
    begin_jobs = _jobs(task, begin)
    start = true_cost(problem, begin_jobs), problem.n_jobs - sum(map(len, begin_jobs))
    after_first = WALL_CLOCK()
    is_exact = is_tiny(task)
    n_teams = len(set(problem.team.tolist()))
    if is_exact:
        found, iterations = exact_plan(task), 0
    else:
        left = seconds - (after_first - started)
        share = 1 - _BALANCE_SHARE if n_teams > 1 else 1.0
        is_full = sum(map(len, begin)) == task.nodes.count
        caps = caps_of(task, begin) if previous is not None and is_full else None
        found, iterations = _searched(task, begin, Effort(left * share, seed), caps)
    after_search = WALL_CLOCK()
    even = balanced(task, found, Effort(seconds - (after_search - started), seed))
    solution = as_solution(problem, _jobs(task, even.routes), start)
    solution.stats.update(
        first_s=after_first - started,
        search_s=after_search - after_first,
        balancing_s=WALL_CLOCK() - after_search,
        seconds=WALL_CLOCK() - started,
        iterations=float(iterations),
        balance_s=float(even.cost_s),
        spread_before_s=float(even.spread_before_s),
        spread_s=float(even.spread_s),
    )
    return replace(solution, is_exact=is_exact and even.cost_s == 0)


def _begin(task: Task, previous: Sequence[Sequence[int]] | None, seconds: float) -> Routes:
    """Return the best plan to start from: afresh, or the one that stood."""
    fresh = mended(task, first_plan(task, seconds=seconds * _FIRST_SHARE))
    if previous is None:
        return fresh
    stood = mended(task, previous_routes(task.nodes, previous, task.problem.n_routes))
    return min(stood, fresh, key=task.worth)


def _searched(task: Task, begin: Routes, effort: Effort, caps: IntArray | None) -> tuple[Routes, int]:
    """Search and keep what is better; where somebody is left out, first for whom to take in."""
    until = WALL_CLOCK() + effort.seconds
    best, rounds = begin, 0
    for share, staying in _CHOICES:
        left = task.nodes.count - sum(map(len, best))
        if _is_due(staying, left, task.nodes.count):
            tried = replace(effort, seconds=effort.seconds * share, staying=staying)
            found, more = improved(task, best, tried, longest_s=caps)
            best, rounds = min(best, mended(task, found), key=task.worth), rounds + more
    if sum(map(len, best)) < task.nodes.count:
        best = min(best, exchanged(task, best, effort.seconds * _EXCHANGE_SHARE), key=task.worth)
    found, more = improved(task, best, replace(effort, seconds=until - WALL_CLOCK()), longest_s=caps)
    return min(best, mended(task, found), key=task.worth), rounds + more


def _is_due(staying: Staying, left: int, count: int) -> bool:
    """Whether a choice of who is visited is worth a try: one or two may be forced in, many are chosen freely."""
    if staying is Staying.EVERYBODY:
        return 0 < left <= _ONE_OR_TWO
    is_few = left <= count * _FEW_SHARE
    return left > 0 and is_few == (staying is Staying.SERVED)


def _jobs(task: Task, routes: Routes) -> list[list[int]]:
    """Write nodes as jobs, doors at one point in their order."""
    return [by_doors(task.problem, route, task.nodes.expand(visits)) for route, visits in enumerate(routes)]
