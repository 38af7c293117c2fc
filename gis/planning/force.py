"""Seats in force against today's rules: which of them no plan can keep, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import ALONE, UNSEATED
from gis.planning.rules import Rule, check_plan, groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from gis.planning.problem import GroupingProblem
    from gis.planning.rules import Violation

    IntArray = npt.NDArray[np.int64]

_OF_SEATS = frozenset(
    {Rule.WALK_LIMIT, Rule.REACHABLE, Rule.STEP_FREE, Rule.HOST_BRANCH, Rule.FORBIDDEN, Rule.LOCK},
)
_OF_GROUPS = frozenset({Rule.MIN_SIZE, Rule.MIN_FULL, Rule.LEADER})


@dataclass(frozen=True, eq=False)
class Lost:
    """Seats in force that today's rules take away.

    Attributes
    ----------
    why
        Rule by member: the seat breaks it, or the group does once the seats before it are gone.
    quotas
        Members of whom so many at least must leave, whoever they are: (members, how many, rule).
    """

    why: dict[int, Rule]
    quotas: tuple[tuple[IntArray, int, Rule], ...]

    def of_changes(self, changed: IntArray) -> dict[int, Rule]:
        """Say which of these members, who did change their seat, had to: quotas count as filled by them first."""
        forced = {int(i): self.why[int(i)] for i in changed if int(i) in self.why}
        for members, least, rule in self.quotas:
            left = np.intersect1d(members, changed)
            free = [int(i) for i in left if int(i) not in forced]
            for i in free[: max(least - (len(left) - len(free)), 0)]:
                forced[i] = rule
        return forced


def lost_seats(problem: GroupingProblem) -> Lost:
    """Find the seats in force that cannot be kept.

    A seat is lost when it breaks a rule by itself, or when its group breaks one with those who are left: too few, no
    full member, nobody who can lead. Nothing that better walks would suggest counts, and nobody is moved in to save a
    group.
    """
    held = np.full(problem.n_members, UNSEATED, dtype=np.int64)
    if problem.current_host is not None:
        held = problem.current_host.copy()
    why: dict[int, Rule] = {}
    while broken := list(_broken(problem, held)):
        for rows, rule in broken:
            why.update(dict.fromkeys((int(i) for i in rows if held[i] != UNSEATED), rule))
            held[rows] = UNSEATED
    return Lost(why, tuple(_quotas(problem, held)))


def _broken(problem: GroupingProblem, held: IntArray) -> Iterator[tuple[IntArray, Rule]]:
    leader = {
        key: next((int(i) for i in members if problem.can_lead[i]), UNSEATED)
        for key, members in groups_of(problem, held).items()
    }
    for one in check_plan(problem, held, leader):
        if one.rule in _OF_SEATS and not one.is_tolerated:
            yield np.array([one.member]), one.rule
        elif one.rule in _OF_GROUPS:
            yield _members(problem, held, one), one.rule


def _members(problem: GroupingProblem, held: IntArray, one: Violation) -> IntArray:
    return np.flatnonzero((held == one.host) & (problem.team == one.team))


def _quotas(problem: GroupingProblem, held: IntArray) -> Iterator[tuple[IntArray, int, Rule]]:
    for one in check_plan(problem, held, {}):
        here = np.flatnonzero(held == one.host)
        too_many = int(one.found - one.wanted)
        if one.rule is Rule.CAPACITY:
            yield here, too_many, one.rule
        elif one.rule in (Rule.HARD_MAX, Rule.MEMBERS_PER_LEADER):
            yield _members(problem, held, one), too_many, one.rule
        elif one.rule is Rule.GROUPS_PER_HOST:
            sizes = sorted(len(rows) for (_, j), rows in groups_of(problem, held).items() if j == one.host)
            yield here, sum(sizes[:too_many]), one.rule
    if problem.together is not None:
        for k in np.unique(problem.together[problem.together != ALONE]):
            rows = np.flatnonzero((problem.together == k) & (held != UNSEATED))
            most = max(np.unique(held[rows], return_counts=True)[1], default=0)
            if len(rows) > most:
                yield rows, int(len(rows) - most), Rule.TOGETHER
