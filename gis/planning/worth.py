"""The best score of a problem with anything changed, put together from parts already solved.

A problem falls into fields that do not feel each other (`resolve.parts_and_fields`). What determines a field is its
members and the hosts they may use; a change elsewhere leaves these as they were, so the score is remembered by them.
"""

from __future__ import annotations

from dataclasses import fields, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import find_candidates, may_sit
from gis.planning.grouping import solve_grouping
from gis.planning.problem import GroupingProblem, Score, Status, sum_scores
from gis.planning.resolve import Loss, is_coupled, loss_between, parts_and_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

_OF_PAIRS = 2


class Worth:
    """Scores changed problems against an unchanged one; every answer is proven or not given."""

    def __init__(self, problem: GroupingProblem, seed: int, seconds_left: Callable[[], float]) -> None:
        self.problem, self.seed = problem, seed
        self._seconds_left = seconds_left
        self._known: dict[bytes, Score] = {}

    def know(self, score: Score) -> None:
        """Take the proven score of the unchanged problem from who has solved it."""
        self._known[b"whole"] = score

    def before(self) -> Score | None:
        """Return the best score with nothing changed."""
        if b"whole" not in self._known:
            found = self.score(self.problem)
            if found is None:
                return None
            self.know(found)
        return self._known[b"whole"]

    def loss(self, changed: GroupingProblem) -> Loss | None:
        """Compute how much worse (better: negative) the best plan gets; None when the time does not reach."""
        before = self.before()
        after = None if before is None else self.score(changed)
        return None if before is None or after is None else loss_between(before, after)

    def score(self, problem: GroupingProblem) -> Score | None:
        """Compute the best score of a problem; None when the time does not reach."""
        scores = []
        for rows in _fields_of(problem):
            found = self._of_field(problem.of_members(rows))
            if found is None:
                return None
            scores.append(found)
        return sum_scores([*scores, _left_out(problem)])

    def _of_field(self, field: GroupingProblem) -> Score | None:
        key = _digest(field)
        if key not in self._known:
            seconds = self._seconds_left()
            if seconds <= 0:
                return None
            found = solve_grouping(field, seconds=seconds, seed=self.seed)
            if found.status is not Status.OPTIMAL:
                return None
            self._known[key] = found.score
        return self._known[key]


def _fields_of(problem: GroupingProblem) -> list[IntArray]:
    """List the members of each field, those of no possible group apart."""
    if is_coupled(problem):
        return [np.arange(problem.n_members)]
    candidates = find_candidates(problem)
    _, field = parts_and_fields(problem, candidates)
    member = candidates.member
    return [member[field[member] == k] for k in np.unique(field[member])]


def _left_out(problem: GroupingProblem) -> Score:
    """Score the members whom no group can take."""
    if is_coupled(problem):
        return Score()
    hopeless = np.ones(problem.n_members, dtype=np.bool_)
    hopeless[find_candidates(problem).member] = False
    return Score(decisions_broken=int((hopeless & problem.comes_first).sum()), unseated=int(hopeless.sum()))


def _digest(field: GroupingProblem) -> bytes:
    """Say all that determines the score of a field: its members, and the hosts that they may use."""
    allowed = may_sit(field)
    used = allowed.any(axis=0) | (np.zeros(field.n_hosts, np.bool_) if field.required is None else field.required)
    plain = replace(field, walk_m=np.where(allowed, field.walk_m, np.inf))
    digest = sha256(repr((field.rules, np.flatnonzero(used).tolist())).encode())
    for one in fields(plain):
        array = getattr(plain, one.name)
        if isinstance(array, np.ndarray):
            of_hosts = array.ndim == _OF_PAIRS or one.name in _OF_HOSTS
            digest.update(one.name.encode() + np.ascontiguousarray(array[..., used] if of_hosts else array).tobytes())
    return digest.digest()


_OF_HOSTS = ("is_step_free", "capacity", "host_branch", "required", "host_cost_m")
