"""Problems of the sizes that offices have; work is counted in nodes, as the clock of a busy machine proves nothing."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from gis.planning.grouping import solve_grouping
from gis.planning.problem import GroupingProblem, Status
from gis.planning.rules import check_plan


def scattered(seed: int, n: int, branches: int, hosts: int, places: int) -> GroupingProblem:
    """Members of some branches living around some places of a street 4.9 km wide, hosts among them."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, 4900, (places, 2))
    homes = centres[rng.integers(0, places, n)] + rng.normal(0, 300, (n, 2))
    at = homes[rng.integers(0, n, hosts)] + rng.normal(0, 100, (hosts, 2))
    walk = np.hypot(*(homes[:, None] - at[None]).transpose(2, 0, 1)) * 1.4
    full = rng.random(n) < 0.95
    return GroupingProblem(
        walk_m=np.where(walk > 2000, np.inf, walk),
        limit_m=rng.choice([540.0, 810.0, 1080.0], n, p=[0.1, 0.4, 0.5]),
        weight=rng.choice([1.0, 1.3, 2.0], n, p=[0.5, 0.4, 0.1]),
        branch=rng.integers(0, branches, n),
        is_full=full,
        can_lead=full & (rng.random(n) < 0.3),
        needs_step_free=rng.random(n) < 0.08,
        is_step_free=rng.random(hosts) < 0.5,
        capacity=rng.integers(6, 16, hosts),
        host_branch=np.full(hosts, -1),
        locked_host=np.full(n, -1),
    )


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("places", [10, 4])
def test_the_transition_members_of_a_street_are_settled_in_little_work(seed, places):
    problem = scattered(seed, n=110, branches=8, hosts=40, places=places)
    solution = solve_grouping(problem, seconds=60, seed=0)
    assert solution.status is Status.OPTIMAL
    assert solution.gap == 0
    assert solution.nodes < 1000
    assert check_plan(problem, solution.host, solution.leader) == ()


def test_a_whole_street_has_a_legal_plan_and_a_bound_in_little_work():
    problem = scattered(0, n=1366, branches=30, hosts=120, places=26)
    asked = count(1)  # a clock that ticks whenever it is read: the same work on any machine, whatever else it does
    solution = solve_grouping(problem, seconds=500, seed=0, clock=lambda: float(next(asked)))
    assert check_plan(problem, solution.host, solution.leader) == ()
    assert solution.score_bound <= solution.score
    assert solution.bound <= solution.objective
    assert solution.gap < 0.2
