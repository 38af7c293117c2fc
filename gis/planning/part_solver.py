"""Solve one part exactly: first the fewest left out, then, that number held, the least cost."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gis.planning.greedy import first_plan
from gis.planning.problem import UNSEATED, Score
from gis.planning.relaxation import Relaxation
from gis.planning.search import Search, SeatSearch

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.part import Part

    IntArray = npt.NDArray[np.int64]


class Stage(Protocol):
    """One objective over one part, as far as it has come."""

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
    """First the seats, then the walks of one part."""

    def __init__(self, part: Part, seed: int, plan: IntArray | None = None) -> None:
        self.part, self.seed = part, seed
        self.plan = first_plan(part) if plan is None else plan
        self.seats: Stage | None = None
        self.walks: Stage | None = None

    @abstractmethod
    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Search on for so many nodes, or until the time is up."""

    @property
    def is_done(self) -> bool:
        """Nothing is left to look at: the plan is the best, proven, unless a linear program defied solution."""
        return self.walks is not None and self.walks.is_done

    @property
    def seats_proven(self) -> bool:
        """Nobody more can be seated, proven."""
        score = self.part.seat_score(self.plan)
        return score == 0 or (self.seats is not None and self.seats.bound >= score)

    @property
    def nodes(self) -> int:
        """How many linear programs were branched on."""
        return sum(search.nodes for search in (self.seats, self.walks) if search)

    def limit_seats(self, relaxation: Relaxation) -> None:
        """Leave no more members out than the plan does, and count walks from now on."""
        part, most = self.part, self.part.score(self.plan)
        relaxation.bound_seats(np.ones(len(part.candidates.arc_cost)))
        relaxation.minimise_walks()
        relaxation.limit_left_out(np.ones(part.n_members, dtype=np.int64), most.unseated)
        if part.is_locked.any():
            relaxation.limit_left_out(part.is_locked.astype(np.int64), most.decisions_broken)

    def bound(self) -> Score:
        """Bound the best score: fewest locks broken, fewest left out, least cost with no more left out than here."""
        part, n = self.part, self.part.n_members
        now = part.score(self.plan)
        cost = self.walks.bound if self.walks else least_cost(part, self.plan)
        if self.seats_proven:
            return Score(now.decisions_broken, now.unseated, cost_m=cost)
        weight = self.seats.bound if self.seats else 0  # = unseated + n x locked unseated, with unseated <= n
        locked = max(0, -((n - weight) // n))
        unseated = weight - n * locked if locked == now.decisions_broken else locked
        return Score(locked, min(max(unseated, locked), now.unseated), cost_m=cost)


class BranchingSolver(PartSolver):
    """By our own branch and bound: the relaxation is strong, and the work can be rationed."""

    def __init__(self, part: Part, seed: int, plan: IntArray | None = None) -> None:
        super().__init__(part, seed, plan)
        self._relaxation: Relaxation | None = None
        self._search: Search | None = None

    def run(self, nodes: int, seconds_left: Callable[[], float]) -> None:
        """Search on for so many nodes, or until the time is up."""
        if self.is_done or seconds_left() <= 0:
            return
        if self._relaxation is None:
            self._relaxation = Relaxation(self.part, self.seed)
        if self.walks is None and not self.seats_proven:
            if self._search is None:
                self._search = self.seats = SeatSearch(self._relaxation, self.part.seat_score, self.plan, 0, _anything)
            self._search.run(nodes, seconds_left)
            self.plan = self._search.best
            if not self._search.is_done:
                return
        if self._search is None or self.walks is None:
            self._search = self.walks = self._start_walks(self._relaxation)
        self._search.run(nodes, seconds_left)
        self.plan = self._search.best

    def _start_walks(self, relaxation: Relaxation) -> Search:
        part = self.part
        self.limit_seats(relaxation)
        seat_score = part.seat_score(self.plan)
        return Search(
            relaxation,
            part.walk_cost,
            self.plan,
            least_cost(part, self.plan),
            lambda p: part.seat_score(p) <= seat_score,
        )


def _anything(_plan: IntArray) -> bool:
    return True


def least_cost(part: Part, plan: IntArray) -> int:
    """Sum the nearest seats of as many members as any plan at least as good seats: a bound without any search."""
    nearest = np.sort(part.cost.min(axis=1))
    kept = part.n_members - int((plan == UNSEATED).sum())
    return int(nearest[:kept].sum()) if not part.is_locked.any() else 0
