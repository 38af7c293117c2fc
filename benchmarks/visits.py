"""Made-up rounds of visits by our planner, VROOM, PyVRP and OR-Tools: `python -m benchmarks.visits 20 50 150 600`.

The same seconds for all, one thread, one checker. OR-Tools runs in an environment of its own and is left out where it
cannot be installed.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import environments
from benchmarks.environments import Peer
from benchmarks.measure import ROOT, Limits, run
from benchmarks.report import table
from gis.planning.visits.plans import as_solution
from gis.services.visits.bench_rounds import BARS, RoundResult, compare, judged, made_up_round, seconds_for

if TYPE_CHECKING:
    from gis.planning.visits.problem import VisitProblem

OR_TOOLS = Peer("or-tools", "OR-Tools GLS", "ortools", ("ortools", "numpy"), "benchmarks.peers.tours")
_MEMORY_MB = 8_192
_START_S = 60.0  # how much longer than its limit a process may take


def main() -> None:
    """Compare on rounds of each size and seed, one solver at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=[20, 50, 150, 600])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--seconds", type=float)
    given = parser.parse_args()
    missing = environments.prepare(OR_TOOLS)
    print(f"OR-Tools: {missing or environments.versions(OR_TOOLS)}", flush=True)
    for size in given.sizes:
        limit = given.seconds or seconds_for(size)
        rows = []
        for seed in range(1, given.seeds + 1):
            others = [] if missing else _or_tools(size, seed, limit)
            found = compare(size, seed, limit, others)
            rows += [
                (
                    str(one.seed),
                    one.planner,
                    str(one.left_out),
                    f"{one.travel_min:.1f}",
                    "-" if one.ratio is None else f"{one.ratio:.2%}",
                    str(one.violations),
                    f"{one.seconds:.1f} ({one.cpu_seconds:.1f})",
                )
                for one in found
            ]
        print(f"\n### {size} visits, {limit:g} s; to reach: {BARS.get(size, 0.05):.0%} above the best\n")
        heads = ("seed", "planner", "left out", "travel min", "of the best", "rules broken", "s (CPU s)")
        print(table(heads, rows), flush=True)


def _or_tools(size: int, seed: int, limit: float) -> list[RoundResult]:
    problem = made_up_round(size, seed)
    names = ("travel_s", "service_s", "window_s", "allowed", "open_s")
    (ROOT / "var/bench").mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=ROOT / "var/bench") as folder:
        world, plan = Path(folder) / "round.npz", Path(folder) / "plan.npy"
        np.savez(world, **{name: getattr(problem, name) for name in names})
        words: list[str | Path] = [environments.python_of(OR_TOOLS), "-m", OR_TOOLS.module, world, plan]
        done = run([*words, "--seconds", str(limit)], Limits(limit + _START_S, _MEMORY_MB))
        if done.why:
            print(f"OR-Tools: {done.why}", flush=True)
            return []
        solution = as_solution(problem, _routes(problem, np.load(plan)), (0, 0))
    return [judged(problem, (size, seed), OR_TOOLS.name, solution, (done.wall_s, done.cpu_s))]


def _routes(problem: VisitProblem, place: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> list[list[int]]:
    order = np.lexsort((place[:, 1], place[:, 0])).tolist()
    return [[job for job in order if place[job, 0] == route] for route in range(problem.n_routes)]


if __name__ == "__main__":
    main()
