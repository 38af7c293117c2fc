"""Judge a plan of a wide problem, from its pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import NO_LOCK, UNSEATED, WALK_SLACK_M, Score
from gis.planning.scoring import Prices, prices_from

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.wide import WideProblem

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]


def score_wide(problem: WideProblem, host: IntArray) -> Score:
    """Score a plan whose seats are all among the pairs, as `gis.planning.scoring.score_plan` does with a table."""
    rules = problem.rules
    arcs = np.flatnonzero(host[problem.arc_member] == problem.arc_host)
    keys, size = np.unique(_groups(problem, arcs), return_counts=True)
    cost = arc_costs(problem, arcs).sum() + group_costs(problem)[keys % problem.n_hosts].sum()
    cost += rules.small_penalty_m * np.maximum(rules.target_low - size, 0).sum()
    cost += rules.large_penalty_m * np.maximum(size - rules.target_high, 0).sum()
    if rules.mix_cost_m:
        width = int(problem.branch.max(initial=0)) + 1
        branches = np.unique(_groups(problem, arcs) * width + problem.branch[problem.arc_member[arcs]])
        cost += rules.mix_cost_m * (len(branches) - len(keys))
    broken = int((problem.comes_first & (host == UNSEATED)).sum()) + max(rules.min_groups - len(keys), 0)
    if problem.required is not None:
        broken += len(np.setdiff1d(np.flatnonzero(problem.required), host))
    return Score(
        decisions_broken=broken,
        unseated=int((host == UNSEATED).sum()),
        n_groups=len(keys) if rules.fewest_groups else 0,
        longest_m=_longest(problem, arcs) if rules.fair else 0,
        cost_m=int(cost),
    )


def wide_prices(problem: WideProblem) -> Prices:
    """Find the prices of `gis.planning.scoring.prices_of`."""
    arcs = np.flatnonzero(problem.may_sit())
    dearest = np.zeros(problem.n_members)
    np.maximum.at(dearest, problem.arc_member[arcs], arc_costs(problem, arcs))
    host_cost = int(problem.host_cost_m.max(initial=0)) if problem.host_cost_m is not None else 0
    return prices_from(problem.rules, dearest, host_cost, float(problem.arc_walk_m[arcs].max(initial=0.0)))


def wide_leaders(problem: WideProblem, host: IntArray) -> dict[tuple[int, int], int]:
    """Name one leader per group, as `gis.planning.leaders.choose_leaders` does."""
    arcs = np.flatnonzero(host[problem.arc_member] == problem.arc_host)
    arcs = arcs[problem.can_lead[problem.arc_member[arcs]]]
    member = problem.arc_member[arcs]
    rank = np.zeros(len(arcs)) if problem.leader_rank is None else problem.leader_rank[member]
    member = member[np.lexsort((member, problem.arc_walk_m[arcs], rank))][::-1]  # the one written last is chosen
    return dict(
        zip(zip(problem.team[member].tolist(), host[member].tolist(), strict=True), member.tolist(), strict=True)
    )


def _groups(problem: WideProblem, arcs: IntArray) -> IntArray:
    return np.asarray(problem.team[problem.arc_member[arcs]] * problem.n_hosts + problem.arc_host[arcs])


def _longest(problem: WideProblem, arcs: IntArray) -> int:
    free = arcs[problem.locked_host[problem.arc_member[arcs]] == NO_LOCK]
    return int(np.ceil(problem.arc_walk_m[free] - WALK_SLACK_M).max(initial=0.0))


def arc_costs(problem: WideProblem, arcs: IntArray) -> FloatArray:
    """Weighted metres of some pairs, rounded, and what a change of host costs."""
    member, rules = problem.arc_member[arcs], problem.rules
    cost = np.rint(problem.arc_walk_m[arcs] * problem.weight[member])
    if problem.current_host is not None and rules.change_cost_m:
        current = problem.current_host[member]
        cost += rules.change_cost_m * ((current != UNSEATED) & (current != problem.arc_host[arcs]))
    return np.asarray(cost, dtype=np.float64)


def group_costs(problem: WideProblem) -> FloatArray:
    """Return what a group at each host costs, shape (h,)."""
    more = 0 if problem.host_cost_m is None else problem.host_cost_m
    return np.full(problem.n_hosts, float(problem.rules.open_cost_m)) + more
