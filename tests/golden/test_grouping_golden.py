"""Mid-size problems solved by a second route: the whole model, written apart from the planner's, given to HiGHS's MIP.

The scores in grouping_scores.json are that route's. `python -m tests.golden.test_grouping_golden` writes them anew;
the test solves two of them by both routes and the rest by the planner.
"""

from __future__ import annotations

import json
from pathlib import Path

import highspy
import numpy as np
import pytest

from gis.planning.grouping import solve_grouping
from gis.planning.problem import GroupingProblem, GroupingRules, Score, Status
from tests.property.grouping_cases import allowed, score_of

SCORES = Path(__file__).with_name("grouping_scores.json")
SEEDS = range(10)


def mid_size(seed: int) -> GroupingProblem:
    """60 members of 4 branches around 4 places, 14 hosts short of seats."""
    rng = np.random.default_rng(seed)
    n, h = 60, 14
    places = rng.uniform(0, 2500, (4, 2))
    homes = places[rng.integers(0, 4, n)] + rng.normal(0, 300, (n, 2))
    hosts = homes[rng.integers(0, n, h)] + rng.normal(0, 100, (h, 2))
    walk = np.hypot(*(homes[:, None] - hosts[None]).transpose(2, 0, 1)) * 1.4
    full = rng.random(n) < 0.9
    return GroupingProblem(
        walk_m=np.where(walk > 2000, np.inf, walk),
        limit_m=rng.choice([540.0, 810.0, 1080.0], n),
        weight=rng.choice([1.0, 1.3, 2.0], n),
        branch=rng.integers(0, 4, n),
        is_full=full,
        can_lead=full & (rng.random(n) < 0.3),
        needs_step_free=rng.random(n) < 0.1,
        is_step_free=rng.random(h) < 0.6,
        capacity=rng.integers(3, 9, h),
        host_branch=rng.choice([-1, -1, -1, 0, 1], h),
        locked_host=np.full(n, -1),
        rules=GroupingRules(max_groups_per_host=seed % 3),
    )


def by_mip(p: GroupingProblem) -> Score:
    """Seats first, then cost, each a MIP of its own."""
    left_out = _mip(p, most_out=None)
    return Score(0, left_out, cost_m=_mip(p, most_out=left_out))


def _mip(p: GroupingProblem, most_out: int | None) -> int:
    highs, rules = highspy.Highs(), p.rules
    highs.silent()
    highs.setOptionValue("mip_rel_gap", 0.0)
    walks = most_out is not None
    seat = {
        (i, j): highs.addBinary(obj=round(float(p.walk_m[i, j] * p.weight[i])) if walks else 0)
        for i in range(p.n_members)
        for j in range(p.n_hosts)
        if allowed(p, i, j)
    }
    out = [highs.addBinary(obj=0 if walks else 1) for _ in range(p.n_members)]
    opened = {}
    for b, j in sorted({(int(p.branch[i]), j) for i, j in seat}):
        y = opened[b, j] = highs.addBinary(obj=rules.open_cost_m if walks else 0)
        here = [i for i in range(p.n_members) if p.branch[i] == b and (i, j) in seat]
        size = sum(seat[i, j] for i in here)
        few = highs.addVariable(lb=0, obj=rules.small_penalty_m if walks else 0)
        many = highs.addVariable(lb=0, obj=rules.large_penalty_m if walks else 0)
        highs.addConstr(few >= rules.target_low * y - size)
        highs.addConstr(many >= size - rules.target_high * y)
        highs.addConstr(size >= rules.min_size * y)
        highs.addConstr(sum((seat[i, j] for i in here if p.can_lead[i]), 0 * y) >= 1 * y)
        highs.addConstr(sum((seat[i, j] for i in here if p.is_full[i]), 0 * y) >= rules.min_full * y)
        for i in here:
            highs.addConstr(seat[i, j] <= y)
    for i in range(p.n_members):
        highs.addConstr(sum((x for (k, _), x in seat.items() if k == i), 1 * out[i]) == 1)
    for j in range(p.n_hosts):
        groups = [y for (_, k), y in opened.items() if k == j]
        if groups:
            highs.addConstr(sum(x for (_, k), x in seat.items() if k == j) <= int(p.capacity[j]))
            if rules.max_groups_per_host:
                highs.addConstr(sum(groups[1:], 1 * groups[0]) <= rules.max_groups_per_host)
    if most_out is not None:
        highs.addConstr(sum(out[1:], 1 * out[0]) <= most_out)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(highs.getInfo().objective_function_value)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_proven_optimum_is_that_of_the_whole_model(seed):
    problem = mid_size(seed)
    solution = solve_grouping(problem, seconds=60, seed=0)
    want = json.loads(SCORES.read_text(encoding="utf-8"))[str(seed)]
    assert solution.status is Status.OPTIMAL
    assert solution.score == score_of(problem, solution.host) == Score(0, want["unseated"], cost_m=want["cost_m"])


@pytest.mark.parametrize("seed", [1, 5])
def test_the_golden_scores_are_what_the_other_route_gives(seed):
    want = json.loads(SCORES.read_text(encoding="utf-8"))[str(seed)]
    assert by_mip(mid_size(seed)) == Score(0, want["unseated"], cost_m=want["cost_m"])


def main() -> None:
    """Write the scores anew."""
    scores = {str(seed): by_mip(mid_size(seed)) for seed in SEEDS}
    rows = {seed: {"unseated": score.unseated, "cost_m": score.cost_m} for seed, score in scores.items()}
    SCORES.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
