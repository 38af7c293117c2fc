"""Solve one part exactly, goal after goal: the fewest left out, the fewest groups where asked for, the least cost."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gis.planning.greedy import first_plan
from gis.planning.mixed_search import MixedSearch, prices_groups
from gis.planning.mixed_seats import MixedSeats
from gis.planning.part import Goal
from gis.planning.polishing import polish
from gis.planning.problem import UNSEATED, Score
from gis.planning.relaxation import Relaxation
from gis.planning.search import GroupSearch, LedSearch, Search

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.part import Part

    IntArray = npt.NDArray[np.int64]

_POLISHED = 2_000  # seats of a part; below, branching ends before it would pay
_POLISH_SHARE = 0.7  # of the time left
_PATIENCE = 4  # it is polished again after so many times the nodes, when the plan is another


class Stage(Protocol):
    """One goal over one part, as far as it has come."""

    best: IntArray
    nodes: int

    @property
    def bound(self) -> int:
        """No plan has a lower value."""
        ...

    @property
    def is_done(self) -> bool:
        """Nothing is left to look at."""
        ...


class PartSolver(ABC):
    """Goal after goal of one part, each held when the next begins.

    Attributes
    ----------
    goals
        What to minimise; may be cut short from outside, when the rest is of no interest.
    stages
        Those begun.
    known
        A bound of the best score from elsewhere.
    """

    def __init__(self, part: Part, seed: int, plan: IntArray | None = None) -> None:
        self.part, self.seed = part, seed
        self.goals = part.goals
        self.plan = first_plan(part) if plan is None else plan
        self.stages: dict[Goal, Stage] = {}
        self.known = Score()

    @abstractmethod
    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Search on for so many nodes, or until the time is up."""

    @property
    def is_done(self) -> bool:
        """Nothing is left to look at: the plan is the best, proven, unless a linear program defied solution."""
        return all(self._is_over(goal) for goal in self.goals)

    @property
    def latest(self) -> IntArray:
        """The best plan at any moment, in the middle of a run too."""
        return next(reversed(self.stages.values())).best if self.stages else self.plan

    def _is_over(self, goal: Goal) -> bool:
        return (goal in self.stages and self.stages[goal].is_done) or self.is_proven(goal)

    def is_proven(self, goal: Goal) -> bool:
        """No plan that is as good by the goals before is better by this one, proven."""
        value = self.part.value(goal, self.plan)
        return value <= self.least(goal) or (goal in self.stages and self.stages[goal].bound >= value)

    def least(self, goal: Goal) -> int:
        """Bound a goal without any search."""
        known = self.known
        if goal is Goal.SEATS:
            return known.decisions_broken * self.part.decision_weight + known.unseated
        now = self.part.score(self.plan)
        is_as_known = (now.decisions_broken, now.unseated) == (known.decisions_broken, known.unseated)
        if goal is Goal.GROUPS:
            return known.n_groups if is_as_known else 0
        is_as_known &= now.n_groups == known.n_groups
        return max(least_cost(self.part, self.plan), known.cost_m if is_as_known else 0)

    @property
    def nodes(self) -> int:
        """How many linear programs were branched on."""
        return sum(stage.nodes for stage in self.stages.values())

    def admits(self, goal: Goal) -> Callable[[IntArray], bool]:
        """Tell of a plan whether it is, by all goals before this one, as good as the plan now."""
        before = self.part.goals[: self.part.goals.index(goal)]
        return partial(_is_as_good, self.part, [(held, self.part.value(held, self.plan)) for held in before])

    def bound(self) -> Score:
        """Bound the best score, first things first; what comes after a goal not proven is bound whatever it may be."""
        part, now = self.part, self.part.score(self.plan)
        if not self.is_proven(Goal.SEATS):
            weight = self._bound(Goal.SEATS)
            broken, unseated = divmod(weight, part.decision_weight)
            # a plan that ties with this leaves out no more than the plan now, so that its seats cost no less
            return Score(broken, min(unseated, now.unseated), cost_m=least_cost(part, self.plan))
        groups = 0
        if Goal.GROUPS in part.goals:
            groups = self._bound(Goal.GROUPS) if not self.is_proven(Goal.GROUPS) else now.n_groups
        return Score(now.decisions_broken, now.unseated, groups, cost_m=self._bound(Goal.WALKS))

    def _bound(self, goal: Goal) -> int:
        return max(self.least(goal), self.stages[goal].bound if goal in self.stages else 0)


def _is_as_good(part: Part, held: list[tuple[Goal, int]], plan: IntArray) -> bool:
    return all(part.value(goal, plan) <= value for goal, value in held)


class BranchingSolver(PartSolver):
    """By our own branch and bound: the relaxation is strong, and the work can be rationed."""

    def __init__(self, part: Part, seed: int, plan: IntArray | None = None) -> None:
        super().__init__(part, seed, plan)
        self._relaxation: Relaxation | None = None
        self._held: list[Goal] = []
        self._polished: IntArray | None = None
        self._polish_at = 0

    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Search on for so many nodes, or until the time is up."""
        for goal in self.goals:
            if seconds_left() <= 0:
                return
            if not self._is_over(goal):
                search = self._search(goal)
                search.run(nodes, seconds_left)
                if goal is Goal.WALKS and isinstance(search, Search) and not search.is_done:
                    self._polish(search, seconds_left)
                self.plan = search.best
                if not search.is_done:
                    return

    def _polish(self, search: Search, seconds_left: Callable[[], float]) -> None:
        """Improve a plan whose openings are not all there is to decide, where branching takes its time."""
        part, relaxation = self.part, self._relaxation
        is_large = not part.is_plain and len(part.candidates.arc_cost) > _POLISHED
        if relaxation is None or not is_large or search.nodes < self._polish_at or search.best is self._polished:
            return
        kept = (1 - _POLISH_SHARE) * seconds_left()
        plan = polish(relaxation, search.best, lambda: seconds_left() - kept)
        if plan is not None and self.admits(Goal.WALKS)(plan):
            search.offer(plan)
        self._polished, self._polish_at = search.best, _PATIENCE * search.nodes

    def _search(self, goal: Goal) -> Search | MixedSeats | MixedSearch:
        """Go on with a goal or begin it."""
        started = self.stages.get(goal)
        if isinstance(started, Search | MixedSeats | MixedSearch):
            return started
        if self._relaxation is None:
            self._relaxation = Relaxation(self.part, self.seed)
        relaxation = self._relaxation
        relaxation.bound_seats(np.ones(len(self.part.candidates.arc_cost)))
        for before in self.part.goals[: self.part.goals.index(goal)]:
            if before not in self._held:
                relaxation.hold(before, self.part.score(self.plan))
                self._held.append(before)
        relaxation.minimise(goal)
        search = self._priced(goal, relaxation)
        if search is None:
            value = partial(self.part.value, goal)
            search = _SEARCHES[goal](relaxation, value, self.plan, self.least(goal), self.admits(goal))
        self.stages[goal] = search
        return search

    def _priced(self, goal: Goal, relaxation: Relaxation) -> Search | MixedSeats | MixedSearch | None:
        """Begin a goal by whole groups, where that pays; seats only where the walks, and their prices, come next."""
        branches, least = self.part.branches, self.least(goal)
        if branches is None or not prices_groups(self.part):
            return None
        if goal is Goal.SEATS and Goal.GROUPS not in self.part.goals:
            return MixedSeats(relaxation, branches, self.plan, least)
        if goal is not Goal.WALKS:
            return None
        seats = self.stages.get(Goal.SEATS)
        known = seats.prices if isinstance(seats, MixedSeats) else None
        return MixedSearch(relaxation, branches, self.plan, least, self.admits(goal), known)


_SEARCHES = {Goal.SEATS: LedSearch, Goal.GROUPS: GroupSearch, Goal.WALKS: Search}


def least_cost(part: Part, plan: IntArray) -> int:
    """Sum the nearest seats of as many members as any plan at least as good seats: a bound without any search."""
    c = part.candidates
    if part.is_locked.any() or c.venue_required.any() or c.least_groups:  # a better plan may seat fewer
        return 0
    kept = part.n_members - int((plan == UNSEATED).sum())
    return int(part.nearest[:kept].sum())
