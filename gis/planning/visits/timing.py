"""When a route is where, and which rules a round breaks; shares nothing with the search."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.problem import NOWHERE, UNLOCKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gis.planning.visits.problem import VisitProblem, VisitSolution

NEVER = -1  # the time of a job that is in no route


@dataclass(frozen=True, slots=True)
class Timing:
    """One route by the clock, as early as it can be.

    `arrive_s[i]` and `leave_s[i]` are when the i-th job *begins* and ends, seconds after midnight; a team that is
    there before the window opens waits, `wait_s` in all, the wait before the first job left out: `depart_s` is the
    latest departure that changes nothing. `travel_s` is all travel with the ways out and back, `end_s` when the route
    is over. `late` are the jobs that begin after their window, `overrun_s` how long after closing time the route ends,
    `demand_over` how much more it holds than it may.
    """

    arrive_s: tuple[int, ...]
    leave_s: tuple[int, ...]
    travel_s: int
    wait_s: int
    depart_s: int
    end_s: int
    late: tuple[int, ...]
    overrun_s: int
    demand_over: int

    @property
    def is_kept(self) -> bool:
        """Whether no window, no closing time and no capacity is broken."""
        return not self.late and self.overrun_s == 0 and self.demand_over == 0


class VisitRule(StrEnum):
    """What a round has to keep."""

    TWICE = "twice"
    LOST = "lost"
    WINDOW = "window"
    HOURS = "hours"
    ALLOWED = "allowed"
    CAPACITY = "capacity"
    ROUTE_LOCK = "route_lock"
    ORDER_LOCK = "order_lock"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class VisitViolation:
    """A rule broken by a route or a job (NOWHERE where it is not about one), and by how much: seconds or units."""

    rule: VisitRule
    route: int
    job: int
    amount: int = 0


def schedule(problem: VisitProblem, route: int, jobs: Sequence[int]) -> Timing:
    """Go through the jobs in this order, each as early as possible; nothing is checked but the clock and the load.

    The route begins when it opens; where it starts NOWHERE it is at its first job then.
    """
    travel = problem.travel_s[problem.way[route]]
    opens, closes = (int(second) for second in problem.open_s[route])
    now, here, travelled, waited, depart = opens, int(problem.start[route]), 0, 0, opens
    arrive: list[int] = []
    leave: list[int] = []
    late: list[int] = []
    for job in jobs:
        there = int(problem.point[job])
        way = 0 if here == NOWHERE else int(travel[here, there])
        earliest, latest = (int(second) for second in problem.window_s[job])
        begin = max(now + way, earliest)
        if arrive:
            waited += begin - now - way
        else:
            depart = begin - way
        if begin > latest:
            late.append(int(job))
        travelled, now, here = travelled + way, begin + int(problem.service_s[job]), there
        arrive.append(begin)
        leave.append(now)
    home = int(problem.end[route])
    back = int(travel[here, home]) if arrive and home != NOWHERE else 0
    load = int(problem.demand[list(jobs)].sum()) if arrive else 0
    return Timing(
        arrive_s=tuple(arrive),
        leave_s=tuple(leave),
        travel_s=travelled + back,
        wait_s=waited,
        depart_s=depart,
        end_s=now + back,
        late=tuple(late),
        overrun_s=max(0, now + back - closes) if arrive else 0,
        demand_over=max(0, load - int(problem.capacity[route])) if arrive else 0,
    )


def cost_of(problem: VisitProblem, route: int, jobs: Sequence[int]) -> int:
    """Add up travel and strangeness of one route, seconds."""
    if not jobs:
        return 0
    return schedule(problem, route, jobs).travel_s + int(problem.strangeness_s[list(jobs), route].sum())


def violations(problem: VisitProblem, solution: VisitSolution) -> tuple[VisitViolation, ...]:
    """Name every rule that a solution breaks; a job that is left out breaks none."""
    rules = (_twice, _lost, _windows, _hours, _allowed, _capacity, _route_locks, _order_locks, _times)
    return tuple(found for rule in rules for found in rule(problem, solution))


def _twice(_: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    seen: set[int] = set()
    for route, jobs in enumerate((*solution.routes, solution.unserved)):
        for job in jobs:
            if job in seen:
                yield VisitViolation(VisitRule.TWICE, route if route < len(solution.routes) else NOWHERE, job)
            seen.add(job)


def _lost(problem: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    known = {job for jobs in (*solution.routes, solution.unserved) for job in jobs}
    for job in sorted(set(range(problem.n_jobs)) ^ known):
        yield VisitViolation(VisitRule.LOST, NOWHERE, job)


def _windows(problem: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    for route, jobs in enumerate(solution.routes):
        for job, begin in zip(jobs, schedule(problem, route, jobs).arrive_s, strict=True):
            over = begin - int(problem.window_s[job, 1])
            if over > 0:
                yield VisitViolation(VisitRule.WINDOW, route, job, over)


def _hours(problem: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    for route, jobs in enumerate(solution.routes):
        over = schedule(problem, route, jobs).overrun_s
        if over:
            yield VisitViolation(VisitRule.HOURS, route, NOWHERE, over)


def _allowed(problem: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    for route, jobs in enumerate(solution.routes):
        for job in jobs:
            if not problem.allowed[job, route]:
                yield VisitViolation(VisitRule.ALLOWED, route, job)


def _capacity(problem: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    for route, jobs in enumerate(solution.routes):
        over = schedule(problem, route, jobs).demand_over
        if over:
            yield VisitViolation(VisitRule.CAPACITY, route, NOWHERE, over)


def _route_locks(problem: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    for route, jobs in enumerate(solution.routes):
        for job in jobs:
            if problem.locked_route[job] not in {UNLOCKED, route}:
                yield VisitViolation(VisitRule.ROUTE_LOCK, route, job)


def _order_locks(problem: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    """Find jobs that do not directly follow the one they are locked behind; behind one left out they are free."""
    served = {job for jobs in solution.routes for job in jobs}
    for route, jobs in enumerate(solution.routes):
        for before, job in zip((NOWHERE, *jobs), jobs, strict=False):
            wanted = int(problem.locked_after[job])
            if wanted != UNLOCKED and wanted in served and wanted != before:
                yield VisitViolation(VisitRule.ORDER_LOCK, route, job)


def _times(problem: VisitProblem, solution: VisitSolution) -> Iterator[VisitViolation]:
    """Find times said that are not those of the earliest schedule."""
    arrive = np.full(problem.n_jobs, NEVER, dtype=np.int64)
    leave = arrive.copy()
    for route, jobs in enumerate(solution.routes):
        timing = schedule(problem, route, jobs)
        arrive[list(jobs)], leave[list(jobs)] = timing.arrive_s, timing.leave_s
    for job in np.flatnonzero((arrive != solution.arrive_s) | (leave != solution.leave_s)).tolist():
        yield VisitViolation(VisitRule.TIMES, NOWHERE, job, abs(int(arrive[job] - solution.arrive_s[job])))
