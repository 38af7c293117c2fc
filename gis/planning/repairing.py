"""Repair a draft: what was set by hand stays, the rest is solved anew with few moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.editing import Draft, settle
from gis.planning.grouping import solve_grouping
from gis.planning.problem import UNSEATED, GroupingProblem
from gis.planning.rules import check_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.editing import Group
    from gis.planning.problem import GroupingSolution

    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]

_NO_WAY_M = 100_000.0  # what a seat set by hand counts that no way leads to


@dataclass(frozen=True, eq=False)
class Repaired:
    """The repaired draft; `against_rules` are members set by hand whose own seat breaks a rule."""

    draft: Draft
    against_rules: IntArray
    solution: GroupingSolution


def repair(
    problem: GroupingProblem,
    draft: Draft,
    by_hand: BoolArray,
    led_by_hand: frozenset[Group],
    *,
    change_cost_m: int,
    solve: Callable[[GroupingProblem], GroupingSolution],
) -> Repaired:
    """Solve anew whoever was not set by hand; moving from the draft's seats costs `change_cost_m`.

    Members set by hand, and leaders named by hand, are locked where they are, steps, wishes and ways notwithstanding:
    they count for the groups there, and the rules go on reporting them. Where the solver finds no legal group or no
    seat for them they stay nevertheless. Who was taken out by hand stays out.

    Parameters
    ----------
    by_hand
        Shape (n,), members set by hand.
    led_by_hand
        Groups whose leader was named by hand.
    solve
        The solver with its seconds and seed.
    """
    fixed = by_hand.copy()
    fixed[[draft.leader[key] for key in led_by_hand if key in draft.leader]] = True
    stays = fixed & (draft.host != UNSEATED)
    locked = _locked(problem, draft, stays, change_cost_m)
    rest = np.flatnonzero(~fixed | stays)
    solution = solve(locked.of_members(rest))
    host = np.full(problem.n_members, UNSEATED, dtype=np.int64)
    host[rest] = solution.host
    host[stays] = draft.host[stays]
    repaired = settle(problem, host, draft.leader)
    broken = {one.member for one in check_plan(problem, host, repaired.leader) if not one.is_tolerated}
    against = [i for i in np.flatnonzero(stays) if int(i) in broken]
    return Repaired(repaired, np.array(against, dtype=np.int64), solution)


def _locked(problem: GroupingProblem, draft: Draft, stays: BoolArray, change_cost_m: int) -> GroupingProblem:
    """Lock members where they sit and lift for them what would keep them out of there alone."""
    rows = np.flatnonzero(stays)
    walk = problem.walk_m.copy()
    seats = walk[rows, draft.host[rows]]
    walk[rows, draft.host[rows]] = np.where(np.isfinite(seats), seats, _NO_WAY_M)
    wishes = None if problem.forbidden is None else problem.forbidden & ~stays[:, None]
    return replace(
        problem,
        walk_m=walk,
        forbidden=wishes,
        needs_step_free=problem.needs_step_free & ~stays,
        locked_host=np.where(stays, draft.host, problem.locked_host),
        current_host=draft.host,
        rules=replace(problem.rules, change_cost_m=change_cost_m),
    )


def solver(*, seconds: float, seed: int) -> Callable[[GroupingProblem], GroupingSolution]:
    """Return the solver with its time and chance."""
    return lambda problem: solve_grouping(problem, seconds=seconds, seed=seed)
