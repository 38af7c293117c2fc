"""Plans in the making: routes of nodes, what they are worth, and putting a node where it costs least."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gis.planning.visits.nodes import make_ground, make_nodes
from gis.planning.visits.problem import NOWHERE, VisitSolution
from gis.planning.visits.timing import NEVER, schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gis.planning.visits.nodes import Ground, Nodes
    from gis.planning.visits.problem import IntArray, VisitProblem

    Routes = tuple[tuple[int, ...], ...]

KEEP_NEXT_S = 60  # a visit that no longer follows the same one must gain a minute
KEEP_ROUTE_S = 120  # a visit that changes its team or half-day must gain two
NEW = -2  # a node that had no place in the previous plan


class Worth(NamedTuple):
    """What makes a plan the better one, the smaller the better: what is left out first, then the cost."""

    left_required: int
    left_optional: int
    cost_s: int


@dataclass(frozen=True, eq=False)
class Task:
    """A problem as it is searched: nodes, places, and for a plan that stands already what to keep of it.

    `before` has shape (m,): the node that each followed, NOWHERE for the first of its route, NEW for one without a
    place; `was_in` its route, NEW as well. All NEW where no plan stands.
    """

    problem: VisitProblem
    nodes: Nodes
    ground: Ground
    before: IntArray
    was_in: IntArray
    timings: dict[tuple[int, tuple[int, ...]], tuple[bool, int, int]] = field(default_factory=dict)

    def is_kept(self, route: int, visits: tuple[int, ...]) -> bool:
        """Tell whether a route of these nodes breaks no rule."""
        return bool(self.nodes.allowed[list(visits), route].all()) and self._timing(route, visits)[0]

    def cost_s(self, route: int, visits: tuple[int, ...]) -> int:
        """Travel and strangeness of a route, and what its changes against the previous plan must gain."""
        return self._timing(route, visits)[1]

    def _timing(self, route: int, visits: tuple[int, ...]) -> tuple[bool, int, int]:
        if not visits:
            return True, 0, 0
        found = self.timings.get((route, visits))
        if found is None:
            jobs = self.nodes.expand(visits)
            timing = schedule(self.problem, route, jobs)
            strange = int(self.problem.strangeness_s[jobs, route].sum())
            works = timing.travel_s + int(self.problem.service_s[jobs].sum())
            found = timing.is_kept, timing.travel_s + strange + self._changes_s(route, visits), works
            if len(self.timings) > _MOST_KEPT:
                self.timings.clear()
            self.timings[route, visits] = found
        return found

    def _changes_s(self, route: int, visits: tuple[int, ...]) -> int:
        pairs = zip((NOWHERE, *visits), visits, strict=False)
        return sum(self._change_s(route, before, node) for before, node in pairs)

    def _change_s(self, route: int, before: int, node: int) -> int:
        if self.was_in[node] == NEW:
            return 0
        return KEEP_ROUTE_S * int(self.was_in[node] != route) + KEEP_NEXT_S * int(self.before[node] != before)

    def price_s(self, route: int, before: int, node: int) -> int:
        """Cost of a node behind another (NOWHERE: first) beside the way there: within it, strangeness, changes."""
        return int(self.nodes.extra_s[node, route]) + self._change_s(route, before, node)

    def work_s(self, route: int, visits: Sequence[int]) -> int:
        """Travel and visits of a route, waits left out."""
        return self._timing(route, tuple(visits))[2]

    def worth(self, routes: Routes) -> Worth:
        """Judge a plan."""
        out = np.ones(self.nodes.count, dtype=np.bool_)
        out[[node for visits in routes for node in visits]] = False
        required = self.nodes.required
        return Worth(
            int(self.nodes.weight[out & required].sum()),
            int(self.nodes.weight[out & ~required].sum()),
            sum(self.cost_s(route, visits) for route, visits in enumerate(routes)),
        )


_MOST_KEPT = 200_000


def make_task(problem: VisitProblem, previous: Sequence[Sequence[int]] | None) -> Task:
    """Prepare the search; `previous` may name jobs that are gone and miss new ones."""
    nodes = make_nodes(problem)
    before, was_in = np.full((2, nodes.count), NEW, dtype=np.int64)
    for route, visits in enumerate(previous_routes(nodes, previous, problem.n_routes)):
        was_in[list(visits)] = route
        before[list(visits)] = (NOWHERE, *visits[:-1])[: len(visits)]
    return Task(problem, nodes, make_ground(problem, nodes), before, was_in)


def previous_routes(nodes: Nodes, previous: Sequence[Sequence[int]] | None, n_routes: int) -> Routes:
    """Say the previous plan in nodes: each stands where its first job stood."""
    node_of = {jobs[0]: node for node, jobs in enumerate(nodes.jobs)}
    seen: set[int] = set()
    routes: list[tuple[int, ...]] = []
    for jobs in list(previous or ())[:n_routes]:
        visits = [node_of[job] for job in jobs if job in node_of and not (job in seen or seen.add(job))]  # type: ignore[func-returns-value]
        routes.append(tuple(visits))
    return (*routes, *((),) * (n_routes - len(routes)))


def mended(task: Task, routes: Iterable[Sequence[int]]) -> Routes:
    """Make a legal plan of a wish: what breaks a rule leaves its route, and who has no place gets the cheapest one."""
    legal: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for route, visits in enumerate(routes):
        fresh = tuple(node for node in dict.fromkeys(visits) if node not in seen and task.nodes.allowed[node, route])
        seen |= set(fresh)
        legal.append(fresh if task.is_kept(route, fresh) else _one_by_one(task, route, fresh))
    return filled(task, tuple(legal))


def _one_by_one(task: Task, route: int, visits: tuple[int, ...]) -> tuple[int, ...]:
    kept: tuple[int, ...] = ()
    for node in visits:
        if task.is_kept(route, (*kept, node)):
            kept = (*kept, node)
    return kept


def filled(task: Task, routes: Routes) -> Routes:
    """Put in whoever has no place and can have one without another leaving: required and weighty first."""
    nodes = task.nodes
    placed = {node for visits in routes for node in visits}
    waiting = [node for node in range(nodes.count) if node not in placed]
    waiting.sort(key=lambda node: (not nodes.required[node], -int(nodes.weight[node]), int(nodes.late_s[node])))
    current = list(routes)
    for node in waiting:
        found = cheapest_place(task, current, node)
        if found is not None:
            current[found[0]] = found[1]
    return tuple(current)


def cheapest_place(task: Task, routes: Sequence[tuple[int, ...]], node: int) -> tuple[int, tuple[int, ...]] | None:
    """Find the route and the order that take in a node at the least cost; None where none can."""
    best: tuple[int, tuple[int, ...]] | None = None
    least: int | None = None
    for route in np.flatnonzero(task.nodes.allowed[node]).tolist():
        longer = cheapest_order(task, route, routes[route], node)
        if longer is None:
            continue
        more = task.cost_s(route, longer) - task.cost_s(route, routes[route])
        if least is None or more < least:
            best, least = (route, longer), more
    return best


def cheapest_order(task: Task, route: int, visits: tuple[int, ...], node: int) -> tuple[int, ...] | None:
    """Put a node into a route where it costs least and breaks nothing; None where it always does."""
    best: tuple[int, ...] | None = None
    least: int | None = None
    for at in range(len(visits) + 1):
        longer = (*visits[:at], node, *visits[at:])
        cost = task.cost_s(route, longer)
        if (least is None or cost < least) and task.is_kept(route, longer):
            best, least = longer, cost
    return best


def true_cost(problem: VisitProblem, routes: Sequence[Sequence[int]]) -> int:
    """Add up travel and strangeness of routes of jobs, seconds."""
    total = 0
    for route, jobs in enumerate(routes):
        if jobs:
            total += schedule(problem, route, jobs).travel_s + int(problem.strangeness_s[list(jobs), route].sum())
    return total


def as_solution(problem: VisitProblem, routes: Sequence[Sequence[int]], start: tuple[int, int]) -> VisitSolution:
    """Write routes of jobs with their times; `start` is what the first plan cost and how many it left out."""
    arrive = np.full(problem.n_jobs, NEVER, dtype=np.int64)
    leave = arrive.copy()
    for route, jobs in enumerate(routes):
        timing = schedule(problem, route, jobs)
        arrive[list(jobs)], leave[list(jobs)] = timing.arrive_s, timing.leave_s
    return VisitSolution(
        routes=tuple(tuple(int(job) for job in jobs) for jobs in routes),
        arrive_s=arrive,
        leave_s=leave,
        unserved=tuple(np.flatnonzero(arrive == NEVER).tolist()),
        cost_s=true_cost(problem, routes),
        start_cost_s=start[0],
        n_start_unserved=start[1],
    )
