"""Arrays → routes: the planner, then whoever still fits, and half-days no longer than they need to be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.planning.visits.solve import plan_visits
from gis.planning.visits.timing import schedule
from gis.services.visits.problem import fits, longer, with_shifts
from gis.services.visits.reasons import place_forgotten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.visits import Shift
    from gis.services.visits.problem import VisitArrays

    Routes = tuple[tuple[int, ...], ...]

MOST_TRIES = 2


def solve_visits(
    arrays: VisitArrays, *, seconds: float, seed: int, previous: Sequence[Sequence[int]] | None = None
) -> tuple[VisitArrays, Routes, tuple[int, ...]]:
    """Plan; returns the arrays with the half-days as used, the routes and the jobs left out.

    A half-day that was lengthened for a session gets the hours that the session in it needs, its own where there is
    none; where homes were put into the added time, the plan is made again with those hours.
    """
    share = seconds if not _is_lengthened(arrays) else seconds / 2
    routes, left = _planned(arrays, share, seed, previous)
    for _ in range(MOST_TRIES):
        arrays, is_changed = _as_needed(arrays, routes)
        if not is_changed or all(schedule(arrays.problem, k, jobs).is_kept for k, jobs in enumerate(routes)):
            return arrays, routes, left
        routes, left = _planned(arrays, share, seed, previous)
    arrays, _ = _as_needed(arrays, routes)
    return arrays, *_shed(arrays, routes, left)


def _is_lengthened(arrays: VisitArrays) -> bool:
    return any(asked != arrays.shift(route) for route, asked in enumerate(arrays.asked))


def _planned(
    arrays: VisitArrays, seconds: float, seed: int, previous: Sequence[Sequence[int]] | None
) -> tuple[Routes, tuple[int, ...]]:
    if not arrays.doors or not arrays.routes:
        return ((),) * len(arrays.routes), tuple(range(len(arrays.doors)))
    solution = plan_visits(arrays.problem, seconds=seconds, seed=seed, previous=previous)
    routes, left = place_forgotten(arrays, solution.routes, solution.unserved)
    return tuple(_in_order(arrays, route, jobs) for route, jobs in enumerate(routes)), left


def _in_order(arrays: VisitArrays, route: int, jobs: Sequence[int]) -> tuple[int, ...]:
    """Swap neighbours of one building that stand against its order, where all times stay kept.

    Between two without a time of their own that is always so: both together take the same time either way.
    """
    now, keys, point = list(jobs), arrays.problem.order_key, arrays.problem.point
    for _ in range(len(now)):
        is_changed = False
        for at in range(len(now) - 1):
            one, other = now[at], now[at + 1]
            if point[one] == point[other] and keys[one] > keys[other]:
                tried = [*now[:at], other, one, *now[at + 2 :]]
                if schedule(arrays.problem, route, tried).is_kept:
                    now, is_changed = tried, True
        if not is_changed:
            break
    return tuple(now)


def _as_needed(arrays: VisitArrays, routes: Routes) -> tuple[VisitArrays, bool]:
    """Give the lengthened half-days the hours that the sessions in them need; also returns whether any changed."""
    wanted: dict[int, Shift] = {}
    for route, jobs in enumerate(routes):
        shift, team = arrays.asked[route], arrays.teams[arrays.routes[route].team]
        for job in jobs:
            door = arrays.doors[job]
            if door.fixed_at is not None and not fits(door, shift):
                way_min = arrays.travel.minutes_from_start(arrays.routes[route].team, job, team.way)
                shift = longer(shift, door, way_min, is_returning=team.is_returning)
        if shift != arrays.shift(route):
            wanted[route] = shift
    return (with_shifts(arrays, wanted), True) if wanted else (arrays, False)


def _shed(arrays: VisitArrays, routes: Routes, left: tuple[int, ...]) -> tuple[Routes, tuple[int, ...]]:
    """Leave out homes, the least urgent first, until every half-day is kept; hardly ever needed."""
    now, out = [list(jobs) for jobs in routes], list(left)
    for route, jobs in enumerate(now):
        while jobs and not schedule(arrays.problem, route, jobs).is_kept:
            homes = [job for job in jobs if arrays.doors[job].fixed_at is None] or jobs
            least = min(homes, key=lambda job: (int(arrays.problem.priority[job]), job))
            jobs.remove(least)
            out.append(least)
    return place_forgotten(arrays, [tuple(jobs) for jobs in now], out)


def with_locks(arrays: VisitArrays, locked: dict[int, int]) -> VisitArrays:
    """Tie jobs to routes."""
    rows = arrays.problem.locked_route.copy()
    for job, route in locked.items():
        rows[job] = route
    return replace(arrays, problem=replace(arrays.problem, locked_route=rows))
