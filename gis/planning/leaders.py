"""Who leads each group of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.problem import GroupingProblem

    IntArray = npt.NDArray[np.int64]


def choose_leaders(problem: GroupingProblem, host: IntArray) -> dict[tuple[int, int], int]:
    """Name one leader per group: the preferred one, then who walks least, then the first.

    A group where nobody can lead has no entry; `rules.check_plan` reports it.
    """
    rank = problem.leader_rank if problem.leader_rank is not None else np.zeros(problem.n_members, dtype=np.int64)
    walk = problem.walk_m[np.arange(problem.n_members), host] if problem.n_hosts else np.zeros(problem.n_members)
    chosen: dict[tuple[int, int], int] = {}
    team = problem.team
    for i in np.lexsort((np.arange(problem.n_members), walk, rank)):
        if host[i] != UNSEATED and problem.can_lead[i]:
            chosen.setdefault((int(team[i]), int(host[i])), int(i))
    return chosen
