"""Rounds of visits for the laws: made from a seed, small, with windows, rights, locks and optional visits."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.problem import NOWHERE, UNLOCKED, VisitProblem
from gis.planning.visits.timing import schedule

if TYPE_CHECKING:
    from gis.planning.visits.problem import IntArray, VisitSolution

HOUR = 3600
MORNING, AFTERNOON = (int(8.5 * HOUR), 11 * HOUR), (int(14.5 * HOUR), 17 * HOUR)


def plain_round(n: int, r: int, *, apart_s: int = 300) -> VisitProblem:
    """Doors 1..n on a line, `apart_s` apart, the office at 0; ten minutes each, any time, all teams alike."""
    spots = np.arange(n + 1)
    zeros = np.zeros(r, dtype=np.int64)
    return VisitProblem(
        travel_s=(np.abs(spots[:, None] - spots[None]) * apart_s).astype(np.int64)[None],
        point=np.arange(1, n + 1),
        service_s=np.full(n, 600),
        window_s=np.tile((0, 24 * HOUR), (n, 1)),
        allowed=np.ones((n, r), dtype=np.bool_),
        strangeness_s=np.zeros((n, r), dtype=np.int64),
        required=np.ones(n, dtype=np.bool_),
        priority=np.ones(n, dtype=np.int64),
        order_key=np.zeros(n),
        locked_route=np.full(n, UNLOCKED),
        locked_after=np.full(n, UNLOCKED),
        demand=np.ones(n, dtype=np.int64),
        capacity=np.full(r, n),
        way=zeros,
        start=zeros,
        end=zeros,
        open_s=np.tile(MORNING, (r, 1)),
        team=zeros,
    )


def any_round(seed: int, n: int, r: int) -> VisitProblem:
    """Make a round of anything: two ways, ends open or not, tight hours, rights, locks, optional visits."""
    rng = np.random.default_rng([seed, n, r])
    plain = plain_round(n, r)
    spots = rng.uniform(0, 1500, (max(1, n - 1) + 1, 2))
    line = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    walk = np.ceil(line / rng.choice([0.6, 1.1])).astype(np.int64)
    half = np.array((MORNING, AFTERNOON))[rng.integers(0, 2, r)]
    begin = rng.integers(8, 16, n) * HOUR
    is_tight = rng.random(n) < 0.5
    window = np.where(is_tight[:, None], np.stack((begin, begin + 2 * HOUR), axis=1), (0, 24 * HOUR))
    locks = np.where(rng.random(n) < 0.15, rng.integers(0, r, n), UNLOCKED)
    after = np.full(n, UNLOCKED)
    if n > 2 and rng.random() < 0.4:
        first, second = rng.permutation(n)[:2]
        after[second] = first
    return replace(
        plain,
        travel_s=np.stack((walk, walk // 3)),
        point=rng.integers(1, len(spots), n) if len(spots) > 1 else np.zeros(n, dtype=np.int64),
        service_s=rng.integers(1, 60, n) * 60,
        window_s=window,
        allowed=rng.random((n, r)) < rng.choice([0.6, 1.0]),
        strangeness_s=rng.integers(0, 3, (n, r)) * 200 * int(rng.random() < 0.4),
        required=rng.random(n) < 0.7,
        priority=rng.integers(1, 4, n),
        order_key=rng.integers(0, 4, n).astype(np.float64),
        locked_route=locks,
        locked_after=after,
        capacity=rng.integers(1, n + 2, r),
        way=rng.integers(0, 2, r),
        start=rng.choice([0, 0, NOWHERE], r),
        end=rng.choice([0, 0, NOWHERE], r),
        open_s=half,
    )


def worth(problem: VisitProblem, solution: VisitSolution) -> tuple[int, int, int]:
    """Say what a solution leaves out, required and optional, and what it costs."""
    return (*left_out(problem, set(solution.unserved)), solution.cost_s)


def left_out(problem: VisitProblem, jobs: set[int]) -> tuple[int, int]:
    """Add up the priorities of what is left out: required, optional."""
    each = list(jobs)
    must = problem.required[each].astype(np.bool_)
    return int(problem.priority[each][must].sum()), int(problem.priority[each][~must].sum())


def brute_force(problem: VisitProblem) -> tuple[int, int, int]:
    """Try every order of every set on every route, and every division; locks behind others are not known here."""
    everybody = frozenset(range(problem.n_jobs))
    best: dict[frozenset[int], int] = {frozenset(): 0}
    for route in range(problem.n_routes):
        own = _own(problem, route)
        more: dict[frozenset[int], int] = {}
        for done, cost in best.items():
            for jobs, price in own.items():
                if not done & jobs and cost + price < more.get(done | jobs, cost + price + 1):
                    more[done | jobs] = cost + price
        best = more
    return min((*left_out(problem, set(everybody - done)), cost) for done, cost in best.items())


def _own(problem: VisitProblem, route: int) -> dict[frozenset[int], int]:
    found: dict[frozenset[int], int] = {frozenset(): 0}
    may = [
        job
        for job in range(problem.n_jobs)
        if problem.allowed[job, route] and problem.locked_route[job] in {UNLOCKED, route}
    ]
    for size in range(1, len(may) + 1):
        for jobs in permutations(may, size):
            timing = schedule(problem, route, jobs)
            if timing.is_kept:
                cost = timing.travel_s + int(problem.strangeness_s[list(jobs), route].sum())
                found[frozenset(jobs)] = min(cost, found.get(frozenset(jobs), cost))
    return found


def shuffled(problem: VisitProblem, order: IntArray) -> VisitProblem:
    """Give the jobs new numbers: `order[i]` becomes i."""
    new = np.argsort(order)
    after = problem.locked_after[order]
    return replace(
        problem,
        **{
            name: getattr(problem, name)[order]
            for name in (
                "point",
                "service_s",
                "window_s",
                "allowed",
                "strangeness_s",
                "required",
                "priority",
                "order_key",
                "locked_route",
                "demand",
            )
        },
        locked_after=np.where(after == UNLOCKED, UNLOCKED, new[after]),
    )
