"""Arrays → routes: the planner, then whoever still fits, and half-days no longer than they need to be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gis.planning.visits.solve import plan_visits
from gis.planning.visits.timing import schedule
from gis.services.visit_problem import with_shifts
from gis.services.visit_reasons import place_forgotten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.services.visit_problem import VisitArrays

    Routes = tuple[tuple[int, ...], ...]

MINUTE = 60


def solve_visits(
    arrays: VisitArrays, *, seconds: float, seed: int, previous: Sequence[Sequence[int]] | None = None
) -> tuple[VisitArrays, Routes, tuple[int, ...]]:
    """Plan; returns the arrays with the half-days as used, the routes and the jobs left out.

    A half-day that was lengthened for a session which is not in it gets its own hours back; where homes were put into
    the added time, the plan is made again with those hours.
    """
    routes, left = _planned(arrays, seconds, seed, previous)
    idle = _lengthened_for_nothing(arrays, routes)
    if not idle:
        return arrays, routes, left
    shorter = with_shifts(arrays, {route: arrays.asked[route] for route in idle})
    if not all(schedule(shorter.problem, route, routes[route]).is_kept for route in idle):
        routes, left = _planned(shorter, seconds, seed, previous)
    return shorter, routes, left


def _planned(
    arrays: VisitArrays, seconds: float, seed: int, previous: Sequence[Sequence[int]] | None
) -> tuple[Routes, tuple[int, ...]]:
    if not arrays.doors or not arrays.routes:
        return ((),) * len(arrays.routes), tuple(range(len(arrays.doors)))
    solution = plan_visits(arrays.problem, seconds=seconds, seed=seed, previous=previous)
    return place_forgotten(arrays, solution.routes, solution.unserved)


def _lengthened_for_nothing(arrays: VisitArrays, routes: Routes) -> list[int]:
    """Return the routes that are longer than asked although no session in them needs it."""
    found = []
    for route, jobs in enumerate(routes):
        asked, now = arrays.asked[route], arrays.shift(route)
        if asked == now:
            continue
        sessions = [arrays.doors[job] for job in jobs if arrays.doors[job].fixed_at is not None]
        begins = [one.fixed_at.hour * 60 + one.fixed_at.minute for one in sessions if one.fixed_at is not None]
        ends = [begin + one.service_min for begin, one in zip(begins, sessions, strict=True)]
        is_needed = any(begin < asked.from_min for begin in begins) or any(end > asked.to_min for end in ends)
        if not is_needed:
            found.append(route)
    return found


def with_locks(arrays: VisitArrays, locked: dict[int, int]) -> VisitArrays:
    """Tie jobs to routes."""
    rows = arrays.problem.locked_route.copy()
    for job, route in locked.items():
        rows[job] = route
    return replace(arrays, problem=replace(arrays.problem, locked_route=rows))
