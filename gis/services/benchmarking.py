"""Public benchmark files, solved by the planner that seats the members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.grouping import solve_grouping
from gis.planning.problem import ANY_BRANCH, NO_LOCK, UNSEATED, GroupingProblem, GroupingRules
from gis.planning.rules import check_plan
from gis.store.formats.benchmarks import read_median_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from gis.store.formats.benchmarks import MedianFile

    FloatArray = npt.NDArray[np.float64]

_FINE = 1_000  # the planner counts whole units; a real distance is counted in thousandths


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """One file: distances in its own unit; the objective is None when no plan seats everybody.

    `gap_to_best` is (objective - best known) / best known, `gap` (objective - bound) / objective; None when unknown.
    `impossible` says why no plan can seat everybody; None where that is not proven.
    """

    file: str
    nodes: int
    groups: int
    best_known: float | None
    objective: float | None
    bound: float
    gap_to_best: float | None
    gap: float | None
    is_proven: bool
    seconds: float
    impossible: str | None = None


def bench_groups(paths: Sequence[Path], *, seconds: float, seed: int = 0) -> Iterator[BenchmarkResult]:
    """Solve each file within so many seconds; all files are read before the first is solved.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    for given in [each for path in paths for each in read_median_files(path)]:
        yield bench_median(given, seconds=seconds, seed=seed)


def bench_median(given: MedianFile, *, seconds: float, seed: int) -> BenchmarkResult:
    """Solve one file; the objective is added up from the file's own distances, not taken from the planner.

    Where counting proves that no plan seats everybody, nothing is solved.
    """
    impossible = why_impossible(given)
    if impossible is not None:
        return _unsolved(given, impossible)
    distance, fine = distances(given), 1 if given.is_whole else _FINE
    problem = median_problem(given, distance * fine)
    solution = solve_grouping(problem, seconds=seconds, seed=seed)
    seats_all = bool((solution.host != UNSEATED).all()) and not check_plan(problem, solution.host, solution.leader)
    total = float(distance[np.arange(len(distance)), solution.host].sum()) if seats_all else None
    rounding = 0.0 if given.is_whole else 0.5 * len(distance)  # each distance was rounded by half a unit at most
    bound = max(0.0, (solution.score_bound.cost_m - rounding) / fine)
    best = given.best_known
    return BenchmarkResult(
        file=given.name,
        nodes=len(distance),
        groups=given.n_groups,
        best_known=best,
        objective=None if total is None else round(total, 2),
        bound=round(bound, 2),
        gap_to_best=None if total is None or best is None else round((total - best) / best, 6),
        gap=None if total is None else round(max(0.0, total - bound) / max(total, 1e-9), 6),
        is_proven=solution.score <= solution.score_bound,
        seconds=round(solution.seconds, 2),
        impossible="求解器已证明总有点安排不下" if solution.score_bound.unseated else None,
    )


def why_impossible(given: MedianFile) -> str | None:
    """Say why no plan can seat everybody, where counting demands and seats proves it; distances bar nobody.

    Groups may meet at the largest places: whoever fits in elsewhere fits in there.
    """
    places = np.sort(given.capacity)[::-1][: given.n_groups]
    demand = np.sort(given.demand)
    if demand[-1] > places[0]:
        return f"有一点的需求为 {demand[-1]}，而容量最大的一处只有 {places[0]}"
    asked, offered = sum(demand.tolist()), sum(places.tolist())  # Python's whole numbers, which do not overflow
    if asked > offered:
        return f"需求共 {asked}，而容量最大的 {given.n_groups} 处一共只有 {offered}"
    sizes, first = np.unique(demand, return_index=True)
    wanted = len(demand) - first
    room = np.array([int(np.minimum(places // size, len(demand)).sum()) for size in sizes])
    short = np.flatnonzero(wanted > room)
    if not len(short):
        return None
    k = int(short[-1])
    return f"需求不小于 {sizes[k]} 的有 {wanted[k]} 个点，而容量最大的 {given.n_groups} 处只容得下 {room[k]} 个这样的点"


def _unsolved(given: MedianFile, impossible: str) -> BenchmarkResult:
    return BenchmarkResult(
        file=given.name,
        nodes=len(given.demand),
        groups=given.n_groups,
        best_known=given.best_known,
        objective=None,
        bound=0.0,
        gap_to_best=None,
        gap=None,
        is_proven=False,
        seconds=0.0,
        impossible=impossible,
    )


def distances(given: MedianFile) -> FloatArray:
    """Measure straight lines between all nodes, shape (n, n), rounded down where the format says so."""
    across = given.xy[:, None, :] - given.xy[None, :, :]
    line = np.hypot(across[..., 0], across[..., 1])
    return np.floor(line + 1e-9) if given.is_whole else line


def median_problem(given: MedianFile, walk_m: FloatArray) -> GroupingProblem:
    """Say a median problem in the planner's words: every node is a member and a host, and no rule is about members."""
    n = len(walk_m)
    rules = GroupingRules(
        min_size=1,
        min_full=0,
        target_low=1,
        target_high=n,
        hard_max=n,
        max_groups_per_host=1,
        one_branch=False,
        needs_leader=False,
        max_groups=given.n_groups,
    )
    nobody = np.zeros(n, dtype=np.bool_)
    return GroupingProblem(
        walk_m=walk_m,
        limit_m=np.full(n, np.inf),
        weight=np.ones(n),
        branch=np.zeros(n, dtype=np.int64),
        is_full=nobody,
        can_lead=nobody,
        needs_step_free=nobody,
        is_step_free=~nobody,
        capacity=given.capacity,
        host_branch=np.full(n, ANY_BRANCH),
        locked_host=np.full(n, NO_LOCK),
        demand=given.demand,
        rules=rules,
    )
