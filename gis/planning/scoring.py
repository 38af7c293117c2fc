"""Judge a plan, whoever made it, from the raw arrays: the solver's answer and a seating changed by hand alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import may_sit, seat_cost
from gis.planning.problem import NO_LOCK, UNSEATED, WALK_SLACK_M, GroupingProblem, Score
from gis.planning.rules import groups_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.problem import GroupingRules

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]


def score_plan(problem: GroupingProblem, host: IntArray) -> Score:
    """Score any seating, legal or not; `rules.check_plan` tells what it breaks.

    A seat that no way leads to counts as none.

    Parameters
    ----------
    host
        Shape (n,), column of `walk_m` or UNSEATED.
    """
    host = _within_reach(problem, np.asarray(host, dtype=np.int64))
    seated = np.flatnonzero(host != UNSEATED)
    groups = groups_of(problem, host)
    walks = seat_cost(problem)[seated, host[seated]]
    rules = problem.rules
    return Score(
        decisions_broken=decisions_broken(problem, host, len(groups)),
        unseated=problem.n_members - len(seated),
        n_groups=len(groups) if rules.fewest_groups else 0,
        longest_m=longest_walk(problem, host) if rules.fair else 0,
        cost_m=int(walks.sum()) + sum(_group_cost(problem, key[1], members) for key, members in groups.items()),
    )


def decisions_broken(problem: GroupingProblem, host: IntArray, n_groups: int) -> int:
    """Count members without a seat who come first, required hosts without a group and groups missing in number."""
    locked = int((problem.comes_first & (host == UNSEATED)).sum())
    missing = max(problem.rules.min_groups - n_groups, 0)
    if problem.required is None:
        return locked + missing
    return locked + missing + len(np.setdiff1d(np.flatnonzero(problem.required), host))


def longest_walk(problem: GroupingProblem, host: IntArray) -> int:
    """Longest walk in whole metres, rounded up, of the seated whose host no lock decides; 0 when there is none."""
    free = np.flatnonzero((host != UNSEATED) & (problem.locked_host == NO_LOCK))
    return int(np.ceil(problem.walk_m[free, host[free]] - WALK_SLACK_M).max(initial=0.0))


def _within_reach(problem: GroupingProblem, host: IntArray) -> IntArray:
    seated = np.flatnonzero(host != UNSEATED)
    reached = host.copy()
    reached[seated[~np.isfinite(problem.walk_m[seated, host[seated]])]] = UNSEATED
    return reached


def _group_cost(problem: GroupingProblem, host: int, members: IntArray) -> int:
    """Add up opening, size and mixing of one group."""
    rules, size = problem.rules, len(members)
    opening = rules.open_cost_m + (int(problem.host_cost_m[host]) if problem.host_cost_m is not None else 0)
    sizes = rules.small_penalty_m * max(rules.target_low - size, 0)
    sizes += rules.large_penalty_m * max(size - rules.target_high, 0)
    mixing = rules.mix_cost_m * (len(np.unique(problem.branch[members])) - 1) if rules.mix_cost_m else 0
    return opening + sizes + mixing


@dataclass(frozen=True)
class Prices:
    """What makes one number of a score, first things first: each price exceeds all that can come after it.

    `seat` per member left out, and n times as much per broken decision; `group` per group and `longest` per metre of
    the longest walk, both 0 unless the rules ask for it.
    """

    seat: int
    group: int
    longest: int
    n_members: int

    def worth(self, score: Score) -> int:
        """Return the score as one number."""
        first = self.seat * (score.unseated + self.n_members * score.decisions_broken)
        return first + self.group * score.n_groups + self.longest * score.longest_m + score.cost_m


def prices_of(problem: GroupingProblem) -> Prices:
    """Find prices from the dearest plan there could be: everybody at the farthest host, groups as bad as can be."""
    allowed = may_sit(problem)
    dearest = np.where(allowed, seat_cost(problem), 0.0).max(axis=1, initial=0.0)
    host_cost = int(problem.host_cost_m.max(initial=0)) if problem.host_cost_m is not None else 0
    farthest = np.where(allowed, problem.walk_m, 0.0).max(initial=0.0)
    return prices_from(problem.rules, dearest, host_cost, farthest)


def prices_from(rules: GroupingRules, dearest: FloatArray, host_cost: int, farthest_m: float) -> Prices:
    """Find prices from the dearest seat of each member, shape (n,), the dearest host and the longest walk."""
    n = len(dearest)
    each = rules.open_cost_m + host_cost + rules.small_penalty_m * rules.target_low
    most = n // rules.min_size
    top = 1 + int(dearest.sum()) + each * most + (rules.large_penalty_m + rules.mix_cost_m) * n
    longest = top if rules.fair else 0
    if rules.fair:
        top += longest * int(np.ceil(farthest_m))
    group = top if rules.fewest_groups else 0
    return Prices(top + group * most, group, longest, n)


def gap_between(score: Score, bound: Score, n_members: int) -> float:
    """Say how far a plan may be from the best, by the first thing in which it may differ; see `GroupingSolution`."""
    if (score.decisions_broken, score.unseated) != (bound.decisions_broken, bound.unseated):
        missing = score.unseated - bound.unseated + score.decisions_broken - bound.decisions_broken
        return missing / max(n_members, 1)
    if score.n_groups != bound.n_groups:
        return (score.n_groups - bound.n_groups) / score.n_groups
    if score.longest_m != bound.longest_m:
        return (score.longest_m - bound.longest_m) / score.longest_m
    return (score.cost_m - bound.cost_m) / max(score.cost_m, 1)
