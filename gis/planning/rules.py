"""The hard rules of a group, one function each, returning what breaks it.

The same functions judge the solver's answer and a member moved by hand. None of them looks at how a plan was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import ALONE, ANY_BRANCH, NO_LOCK, UNSEATED, WALK_SLACK_M, GroupingProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]

NOBODY = -1


class Rule(StrEnum):
    """The hard rules (domain.md R01, R03, R05 and section 4)."""

    WALK_LIMIT = "walk_limit"
    REACHABLE = "reachable"
    STEP_FREE = "step_free"
    HOST_BRANCH = "host_branch"
    FORBIDDEN = "forbidden"
    LOCK = "lock"
    CAPACITY = "capacity"
    GROUPS_PER_HOST = "groups_per_host"
    MIN_SIZE = "min_size"
    HARD_MAX = "hard_max"
    MIN_FULL = "min_full"
    LEADER = "leader"
    MAX_GROUPS = "max_groups"
    MIN_GROUPS = "min_groups"
    REQUIRED = "required"
    TOGETHER = "together"
    MEMBERS_PER_LEADER = "members_per_leader"
    MAX_BRANCHES = "max_branches"


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach: by a member (or NOBODY), in the group of `team` at `host` (team NOBODY: the host as a whole).

    `found` and `wanted` are the two numbers that clash (metres, members, seats). `is_tolerated`: breached by a lock,
    which somebody decided, or a decision that the plan could not keep and counts in its score; the plan stands.
    """

    rule: Rule
    member: int
    team: int
    host: int
    found: float
    wanted: float
    is_tolerated: bool = False


def check_plan(
    problem: GroupingProblem, host: IntArray, leader: Mapping[tuple[int, int], int]
) -> tuple[Violation, ...]:
    """Return all breaches of all rules; a plan may be adopted when every one of them is tolerated."""
    found = [violation for rule in _SEAT_RULES + _GROUP_RULES for violation in rule(problem, host)]
    return (*found, *leaders(problem, host, leader))


def groups_of(problem: GroupingProblem, host: IntArray) -> dict[tuple[int, int], IntArray]:
    """Members of each group, keyed by (team, host), in order of the key."""
    seated, team = np.flatnonzero(host != UNSEATED), problem.team
    keys: dict[tuple[int, int], list[int]] = {}
    for i in seated:
        keys.setdefault((int(team[i]), int(host[i])), []).append(int(i))
    return {key: np.array(keys[key], dtype=np.int64) for key in sorted(keys)}


def walk_limit(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Nobody walks farther than their limit, unless a lock says so."""
    for i, j in _seats(host):
        walk, limit = float(problem.walk_m[i, j]), float(problem.limit_m[i])
        if np.isfinite(walk) and walk > limit + WALK_SLACK_M:
            yield _of(Rule.WALK_LIMIT, problem, (i, j), walk, limit, is_tolerated=bool(problem.locked_host[i] == j))


def reachable(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Report seats that no way leads to."""
    for i, j in _seats(host):
        if not np.isfinite(problem.walk_m[i, j]):
            yield _of(Rule.REACHABLE, problem, (i, j), np.inf, float(problem.limit_m[i]))


def step_free(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Who cannot climb steps meets where there are none."""
    for i, j in _seats(host):
        if problem.needs_step_free[i] and not problem.is_step_free[j]:
            yield _of(Rule.STEP_FREE, problem, (i, j), 0, 1)


def host_branch(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Keep the host of one branch for it."""
    for i, j in _seats(host):
        if problem.host_branch[j] not in (ANY_BRANCH, problem.branch[i]):
            yield _of(Rule.HOST_BRANCH, problem, (i, j), float(problem.branch[i]), float(problem.host_branch[j]))


def forbidden(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Nobody is seated where a wish or a decision excludes it."""
    for i, j in _seats(host):
        if problem.forbidden is not None and problem.forbidden[i, j]:
            yield _of(Rule.FORBIDDEN, problem, (i, j), 1, 0)


def lock(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Seat a locked member at the locked host or, where that cannot be, nowhere."""
    for i, j in _seats(host):
        if problem.locked_host[i] not in (NO_LOCK, j):
            yield _of(Rule.LOCK, problem, (i, j), j, float(problem.locked_host[i]))


def capacity(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """All groups at a host together have no more members than it has seats."""
    seated = host != UNSEATED
    used = np.bincount(host[seated], weights=problem.demands[seated], minlength=problem.n_hosts)
    for j in np.flatnonzero(used > problem.capacity):
        yield Violation(Rule.CAPACITY, NOBODY, NOBODY, int(j), int(used[j]), int(problem.capacity[j]))


def groups_per_host(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Only so many groups meet at one host."""
    most = problem.rules.max_groups_per_host
    used = np.bincount([j for _, j in groups_of(problem, host)], minlength=problem.n_hosts) if most else np.zeros(0)
    for j in np.flatnonzero(used > most):
        yield Violation(Rule.GROUPS_PER_HOST, NOBODY, NOBODY, int(j), int(used[j]), most)


def max_groups(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Only so many groups open in all."""
    most, opened = problem.rules.max_groups, len(groups_of(problem, host))
    if most and opened > most:
        yield Violation(Rule.MAX_GROUPS, NOBODY, NOBODY, NOBODY, opened, most)


def min_groups(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Count the groups against the least number asked for: a decision, so that the plan stands."""
    least, opened = problem.rules.min_groups, len(groups_of(problem, host))
    if opened < least:
        yield Violation(Rule.MIN_GROUPS, NOBODY, NOBODY, NOBODY, opened, least, is_tolerated=True)


def required(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Find required hosts where no group meets: a decision, so that the plan stands."""
    if problem.required is not None:
        for j in np.setdiff1d(np.flatnonzero(problem.required), host):
            yield Violation(Rule.REQUIRED, NOBODY, NOBODY, int(j), 0, 1, is_tolerated=True)


def together(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Seat companions in one group or leave all of them out."""
    if problem.together is None:
        return
    team = problem.team
    for i, j in _seats(host):
        if problem.together[i] != ALONE:
            companions = problem.together == problem.together[i]
            here = int((companions & (host == j) & (team == team[i])).sum())
            if here < companions.sum():
                yield _of(Rule.TOGETHER, problem, (i, j), here, int(companions.sum()))


def members_per_leader(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Count the members of each group against those of them who can lead."""
    most = problem.rules.members_per_leader
    for (team, j), members in groups_of(problem, host).items() if most else ():
        able = int(problem.can_lead[members].sum())
        if len(members) > most * able:
            yield Violation(Rule.MEMBERS_PER_LEADER, NOBODY, team, j, len(members), most * able)


def max_branches(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Count the original branches in each group; teams keep apart who may not be mixed at all."""
    most = problem.rules.max_branches
    for (team, j), members in groups_of(problem, host).items() if most else ():
        branches = len(np.unique(problem.branch[members]))
        if branches > most:
            yield Violation(Rule.MAX_BRANCHES, NOBODY, team, j, branches, most)


def min_size(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Count the members of each group against the minimum (R01)."""
    for (team, j), members in groups_of(problem, host).items():
        if len(members) < problem.rules.min_size:
            yield Violation(Rule.MIN_SIZE, NOBODY, team, j, len(members), problem.rules.min_size)


def hard_max(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Count the members of each group against the maximum (R03)."""
    for (team, j), members in groups_of(problem, host).items():
        if len(members) > problem.rules.hard_max:
            yield Violation(Rule.HARD_MAX, NOBODY, team, j, len(members), problem.rules.hard_max)


def min_full(problem: GroupingProblem, host: IntArray) -> Iterator[Violation]:
    """Count the full members of each group (R01)."""
    for (team, j), members in groups_of(problem, host).items():
        full = int(problem.is_full[members].sum())
        if full < problem.rules.min_full:
            yield Violation(Rule.MIN_FULL, NOBODY, team, j, full, problem.rules.min_full)


def leaders(problem: GroupingProblem, host: IntArray, leader: Mapping[tuple[int, int], int]) -> Iterator[Violation]:
    """Each group has a leader, one of its own, who is a full member and may lead (R05), unless it needs none."""
    for (team, j), members in groups_of(problem, host).items() if problem.rules.needs_leader else ():
        named = leader.get((team, j), NOBODY)
        if named not in members or not problem.can_lead[named]:
            able = int(problem.can_lead[members].sum())
            yield Violation(Rule.LEADER, named, team, j, able, 1)


_SEAT_RULES = (walk_limit, reachable, step_free, host_branch, forbidden, lock, together)
_GROUP_RULES = (
    capacity,
    groups_per_host,
    max_groups,
    min_groups,
    required,
    min_size,
    hard_max,
    min_full,
    members_per_leader,
    max_branches,
)


def _seats(host: IntArray) -> Iterator[tuple[int, int]]:
    for i in np.flatnonzero(host != UNSEATED):
        yield int(i), int(host[i])


def _of(
    rule: Rule,
    problem: GroupingProblem,
    seat: tuple[int, int],
    found: float,
    wanted: float,
    *,
    is_tolerated: bool = False,
) -> Violation:
    member, host = seat
    return Violation(rule, member, int(problem.team[member]), host, found, wanted, is_tolerated)
