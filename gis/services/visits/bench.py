"""Public files of routes with time windows, and made-up rounds, planned by the planner of visits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.problem import UNLOCKED, VisitProblem
from gis.planning.visits.solve import plan_visits
from gis.store.formats.vrptw import read_routes_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gis.planning.visits.problem import FloatArray, VisitSolution
    from gis.store.formats.vrptw import RoutesFile

_FINEST = 10_000  # the planner counts whole seconds: a unit of a file is this many, or fewer where a file is large
_LARGEST = 1_000_000_000
_FLEET_SHARE = 0.08  # of the time for each attempt with fewer vehicles
_LAST_SHARE = 0.2  # of the time for a second attempt where the first left out a few
_FEW_LEFT = 3
_MOST_VEHICLES = 25  # of Solomon's headings
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class RoutesResult:
    """One file: distance in its own unit, None where no plan serves everybody.

    `gap` is (distance - best known) / best known; `start_distance` that of the first plan with as many vehicles, None
    where that left somebody out (`start_unserved`). `is_feasible` was checked in real numbers, apart from the planner.
    `cpu_seconds` is the processor's time.
    """

    file: str
    customers: int
    vehicles: int
    best_known_vehicles: int | None
    distance: float | None
    best_known_distance: float | None
    gap: float | None
    start_distance: float | None
    start_unserved: int
    is_never_worse: bool
    is_feasible: bool
    unserved: int
    seconds: float
    cpu_seconds: float


def bench_visits(
    paths: Sequence[Path], *, seconds: float, seed: int = 0, capacity: int | None = None
) -> Iterator[RoutesResult]:
    """Plan each file within so many seconds; all are read before the first is planned.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    for given in [read_routes_file(path, capacity) for path in paths]:
        yield bench_routes(given, seconds=seconds, seed=seed)


def bench_routes(given: RoutesFile, *, seconds: float, seed: int) -> RoutesResult:
    """Plan one file with as few vehicles as the planner finds; every figure is taken from its routes alone."""
    started, cpu = perf_counter(), process_time()
    scale = _scale(given)
    solution = _fewest(given, scale, seconds, seed)
    routes = [jobs for jobs in solution.routes if jobs]
    is_feasible = not faults_of(given, routes)
    distance = routes_distance(given, routes) if is_feasible else None
    start = None if solution.n_start_unserved else solution.start_cost_s / scale
    best = given.best_known
    return RoutesResult(
        file=given.name,
        customers=len(given.demand) - 1,
        vehicles=len(routes),
        best_known_vehicles=best[0] if best else None,
        distance=None if distance is None else round(distance, 2),
        best_known_distance=best[1] if best else None,
        gap=None if distance is None or best is None else round((distance - best[1]) / best[1], 6) + 0.0,  # no -0.0
        start_distance=None if start is None else round(start, 2),
        start_unserved=solution.n_start_unserved,
        is_never_worse=(len(solution.unserved), solution.cost_s) <= (solution.n_start_unserved, solution.start_cost_s),
        is_feasible=is_feasible,
        unserved=len(solution.unserved),
        seconds=round(perf_counter() - started, 2),
        cpu_seconds=round(process_time() - cpu, 2),
    )


def _fewest(given: RoutesFile, scale: int, seconds: float, seed: int) -> VisitSolution:
    """Take away vehicles while everybody is served, then spend the time that is left with the fewest."""
    started = perf_counter()
    customers = len(given.demand) - 1
    least = max(1, int(np.ceil(given.demand.sum() / given.capacity)))
    step = seconds * _FLEET_SHARE
    fleet = min(customers, _MOST_VEHICLES)
    best = plan_visits(routes_problem(given, scale, fleet), seconds=step / 2, seed=seed)
    while best.unserved and fleet < customers:
        fleet = min(customers, 2 * fleet)
        best = plan_visits(routes_problem(given, scale, fleet), seconds=step / 2, seed=seed)
    fleet = sum(map(bool, best.routes))
    while fleet > least:
        problem = routes_problem(given, scale, fleet - 1)
        fewer = plan_visits(problem, seconds=step, seed=seed)
        if 0 < len(fewer.unserved) <= _FEW_LEFT:
            fewer = plan_visits(problem, seconds=seconds * _LAST_SHARE, seed=seed + 1)
        if fewer.unserved:
            break
        best, fleet = fewer, sum(map(bool, fewer.routes))
    left = seconds - (perf_counter() - started)
    last = plan_visits(routes_problem(given, scale, fleet), seconds=left, seed=seed)
    if (len(last.unserved), last.cost_s) > (len(best.unserved), best.cost_s):
        return replace(best, start_cost_s=last.start_cost_s, n_start_unserved=last.n_start_unserved)
    return last


def _scale(given: RoutesFile) -> int:
    """Return how many whole units one of the file's is: fine, and no sum overflows."""
    largest = float(max(given.due.max(), np.ptp(given.xy) * 2, 1.0))
    return max(1, min(_FINEST, int(_LARGEST / largest)))


def _lines(given: RoutesFile) -> FloatArray:
    across = given.xy[:, None, :] - given.xy[None, :, :]
    return np.asarray(np.hypot(across[..., 0], across[..., 1]))


def routes_problem(given: RoutesFile, scale: int, fleet: int) -> VisitProblem:
    """Say a file in the planner's words: every customer a visit, every vehicle a half-day of one pool.

    Ways, readiness and service are rounded up and due times down, so that what is in time here is so in real numbers.
    """
    n = len(given.demand) - 1
    service = np.ceil(given.service[1:] * scale - _TOLERANCE).astype(np.int64)
    ready = np.ceil(given.ready * scale - _TOLERANCE).astype(np.int64)
    due = np.floor(given.due * scale + _TOLERANCE).astype(np.int64)
    fine = 1 if np.all(given.demand == np.rint(given.demand)) else _FINEST
    depot = np.zeros(fleet, dtype=np.int64)
    return VisitProblem(
        travel_s=np.ceil(_lines(given) * scale - _TOLERANCE).astype(np.int64)[None],
        point=np.arange(1, n + 1),
        service_s=service,
        window_s=np.stack((ready, due), axis=1)[1:],
        allowed=np.ones((n, fleet), dtype=np.bool_),
        strangeness_s=np.zeros((n, fleet), dtype=np.int64),
        required=np.ones(n, dtype=np.bool_),
        priority=np.ones(n, dtype=np.int64),
        order_key=np.zeros(n),
        locked_route=np.full(n, UNLOCKED),
        locked_after=np.full(n, UNLOCKED),
        demand=np.ceil(given.demand[1:] * fine - _TOLERANCE).astype(np.int64),
        capacity=np.full(fleet, given.capacity * fine),
        way=depot,
        start=depot,
        end=depot,
        open_s=np.tile((ready[0], due[0]), (fleet, 1)),
        team=depot,
    )


def routes_distance(given: RoutesFile, routes: Sequence[Sequence[int]]) -> float:
    """Add up the straight lines of routes of customers, counted from 0, out and back."""
    line = _lines(given)
    stops = [[0, *(job + 1 for job in jobs), 0] for jobs in routes if jobs]
    return float(sum(line[here, there] for each in stops for here, there in pairwise(each)))


def faults_of(given: RoutesFile, routes: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """Drive the routes in real numbers and say what is wrong; shares nothing with the planner."""
    faults = []
    line = _lines(given)
    for number, jobs in enumerate(routes):
        now, here = float(given.ready[0]), 0
        for stop in (*(job + 1 for job in jobs), 0):
            now = max(now + float(line[here, stop]), float(given.ready[stop]))
            if now > given.due[stop] + _TOLERANCE:
                faults.append(f"route {number}: late at {stop}")
            now, here = now + float(given.service[stop]), stop
        if sum(float(given.demand[job + 1]) for job in jobs) > given.capacity + _TOLERANCE:
            faults.append(f"route {number}: over capacity")
    visited = sorted(job for jobs in routes for job in jobs)
    if visited != list(range(len(given.demand) - 1)):
        faults.append("not everybody exactly once")
    return tuple(faults)
