"""Some teams of a grouping problem, solved together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import UNSEATED, Score

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.part import Part
    from gis.planning.part_solver import PartSolver

    IntArray = npt.NDArray[np.int64]


class Cluster:
    """Some teams, solved together; group numbers are those of the whole."""

    def __init__(self, whole: Part, groups: IntArray, solver: PartSolver) -> None:
        self.groups = np.sort(groups)
        self.member = np.searchsorted(whole.candidates.member, solver.part.candidates.member)
        self.solver = solver
        self.least = Score()

    def offer(self, plan: IntArray) -> None:
        """Start from a plan of the whole, if it is better."""
        mine = plan[self.member]
        local = np.where(mine == UNSEATED, UNSEATED, np.searchsorted(self.groups, mine))
        if self.solver.part.score(local) < self.solver.part.score(self.solver.plan):
            self.solver.plan = local

    def score_in(self, plan: IntArray) -> Score:
        """Score the cluster's share of a plan of the whole."""
        mine = plan[self.member]
        return self.solver.part.score(np.where(mine == UNSEATED, UNSEATED, np.searchsorted(self.groups, mine)))

    def loss_in(self, plan: IntArray) -> tuple[int, int, int, int]:
        """Tell how much worse a plan of the whole treats the cluster than it could do alone."""
        score, bound = self.score_in(plan), self.bound()
        broken, unseated = score.decisions_broken - bound.decisions_broken, score.unseated - bound.unseated
        return broken, unseated, score.n_groups - bound.n_groups, score.cost_m - bound.cost_m

    def write(self, plan: IntArray) -> None:
        """Put the cluster's plan into a plan of the whole."""
        local = self.solver.latest
        plan[self.member] = np.where(local == UNSEATED, UNSEATED, self.groups[local])

    def bound(self) -> Score:
        """Bound the cluster's score in any plan of the whole."""
        return max(self.least, self.solver.bound())
