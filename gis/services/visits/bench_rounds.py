"""Made-up rounds of visits, planned by the planner, by VROOM alone and by PyVRP from a cold start."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.first_plan import first_plan
from gis.planning.visits.plans import as_solution, make_task, mended
from gis.planning.visits.problem import UNLOCKED, VisitProblem
from gis.planning.visits.routing import Effort, improved
from gis.planning.visits.solve import plan_visits
from gis.planning.visits.timing import violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from gis.planning.visits.problem import VisitSolution

    FloatArray = npt.NDArray[np.float64]

SECONDS = {20: 5.0, 50: 10.0, 150: 15.0, 600: 60.0}  # per size, for everybody
BARS = {20: 0.01, 50: 0.01, 150: 0.02, 600: 0.05}  # how far above the best of all
_VISITS_PER_TEAM = 8
_DEEPEST = 5  # of VROOM
_SIDE_M = 3000.0  # of a street's ground
_WALK_M_S = 1.1
_HOUR = 3600
_DAY_S = (int(8.5 * _HOUR), 17 * _HOUR)
_MORNING_S, _AFTERNOON_S = (int(8.5 * _HOUR), 11 * _HOUR), (int(14.5 * _HOUR), int(16.5 * _HOUR))
_WINDOW_SHARES = (0.4, 0.2, 0.2, 0.2)  # any time, mornings, afternoons, two hours of one's own
_NAMED_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One planner on one round: travel in minutes; `ratio` to the best of all, None where somebody more is left out."""

    visits: int
    teams: int
    seed: int
    planner: str
    left_out: int
    travel_min: float
    ratio: float | None
    violations: int
    seconds: float
    cpu_seconds: float


def made_up_round(n: int, seed: int) -> VisitProblem:
    """Make a round of n visits: homes clumped in estates, walked to along streets at right angles from one office.

    A team for every eight visits, one day long; windows any time, mornings, afternoons or two hours; 15 % of the
    visits by a named team. One pool: travel alone is compared, not evenness.
    """
    rng = np.random.default_rng([seed, n])
    estates = rng.uniform(0, _SIDE_M, (max(2, n // 9), 2))
    homes = estates[rng.integers(len(estates), size=n)] + rng.normal(0, 90.0, (n, 2))
    spots = np.vstack((np.full((1, 2), _SIDE_M / 2), homes))
    walk_m = np.abs(spots[:, None] - spots[None]).sum(axis=2)
    teams = max(2, -(-n // _VISITS_PER_TEAM))
    named = rng.random(n) < _NAMED_SHARE
    only = rng.integers(teams, size=n)
    zeros = np.zeros(teams, dtype=np.int64)
    return VisitProblem(
        travel_s=np.rint(walk_m / _WALK_M_S).astype(np.int64)[None],
        point=np.arange(1, n + 1),
        service_s=rng.integers(20, 46, size=n) * 60,
        window_s=_windows(n, rng),
        allowed=~named[:, None] | (only[:, None] == np.arange(teams)),
        strangeness_s=np.zeros((n, teams), dtype=np.int64),
        required=np.ones(n, dtype=np.bool_),
        priority=np.ones(n, dtype=np.int64),
        order_key=np.zeros(n),
        locked_route=np.full(n, UNLOCKED),
        locked_after=np.full(n, UNLOCKED),
        demand=np.ones(n, dtype=np.int64),
        capacity=np.full(teams, n),
        way=zeros,
        start=zeros,
        end=zeros,
        open_s=np.tile(_DAY_S, (teams, 1)),
        team=zeros,
    )


def _windows(n: int, rng: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    kind = rng.choice(len(_WINDOW_SHARES), size=n, p=_WINDOW_SHARES)
    own = rng.integers(_DAY_S[0] // 1800, (_DAY_S[1] - 3 * _HOUR) // 1800, size=n) * 1800
    choice = np.array([_DAY_S, _MORNING_S, _AFTERNOON_S, (0, 0)], dtype=np.int64)[kind]
    choice[kind == len(_WINDOW_SHARES) - 1] = np.stack((own, own + 2 * _HOUR), axis=1)[kind == len(_WINDOW_SHARES) - 1]
    return choice


def bench_rounds(sizes: Sequence[int], *, seconds: float | None = None, seed: int = 1) -> Iterator[RoundResult]:
    """Plan one round of each size by all planners, the same seconds for each; all are checked by the same rules."""
    for size in sizes:
        limit = seconds or seconds_for(size)
        yield from compare(size, seed, limit, [])


def seconds_for(size: int) -> float:
    """Return the time that a round of this size is given."""
    return next((limit for most, limit in SECONDS.items() if size <= most), SECONDS[600])


def compare(size: int, seed: int, limit: float, others: Sequence[RoundResult]) -> list[RoundResult]:
    """Plan one round by all planners here and set them beside what others found."""
    problem = made_up_round(size, seed)
    found = [_run(problem, (size, seed), planner, limit) for planner in _PLANNERS]
    everybody = [*found, *others]
    least = min((result.left_out, result.travel_min) for result in everybody)
    return [
        replace(
            result, ratio=round(result.travel_min / max(least[1], 1e-9), 4) if result.left_out == least[0] else None
        )
        for result in everybody
    ]


def _run(problem: VisitProblem, which: tuple[int, int], planner: str, limit: float) -> RoundResult:
    wall, cpu = perf_counter(), process_time()
    solution = _PLANNERS[planner](problem, limit, which[1])
    return judged(problem, which, planner, solution, (perf_counter() - wall, process_time() - cpu))


def judged(
    problem: VisitProblem, which: tuple[int, int], planner: str, solution: VisitSolution, spent: tuple[float, float]
) -> RoundResult:
    """Check a plan and say what it is worth."""
    return RoundResult(
        visits=which[0],
        teams=problem.n_routes,
        seed=which[1],
        planner=planner,
        left_out=len(solution.unserved),
        travel_min=round(solution.cost_s / 60, 2),
        ratio=None,
        violations=len(violations(problem, solution)),
        seconds=round(spent[0], 2),
        cpu_seconds=round(spent[1], 2),
    )


def _ours(problem: VisitProblem, seconds: float, seed: int) -> VisitSolution:
    return plan_visits(problem, seconds=seconds, seed=seed)


def _vroom(problem: VisitProblem, seconds: float, seed: int) -> VisitSolution:
    """VROOM at its deepest; it has no seed, and takes longer than it is told."""
    del seed
    return _solution(problem, first_plan(make_task(problem, None), seconds=seconds, level=_DEEPEST))


def _pyvrp(problem: VisitProblem, seconds: float, seed: int) -> VisitSolution:
    task = make_task(problem, None)
    nothing = ((),) * problem.n_routes
    return _solution(problem, improved(task, nothing, Effort(seconds, seed))[0])


def _solution(problem: VisitProblem, routes: tuple[tuple[int, ...], ...]) -> VisitSolution:
    """Write a plan of another planner; visits it may not make are left out as after ours."""
    task = make_task(problem, None)
    legal = mended(task, routes)
    return as_solution(problem, [task.nodes.expand(visits) for visits in legal], (0, 0))


_PLANNERS = {"ours": _ours, "vroom": _vroom, "pyvrp": _pyvrp}
