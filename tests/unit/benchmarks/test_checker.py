"""The judge of the benchmarks: it adds up what a reader can add up, and catches every spoiled plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.checker import check
from benchmarks.model import NOBODY, Rules, World

N, H = 8, 3


def tiny(**given: Any) -> World:
    """Eight members 100 m from host 0, 200 m from host 1; host 2 is out of reach of all. Members 0 and 4 can lead."""
    leads = np.array([i in {0, 4} for i in range(N)])
    fields: dict[str, Any] = {
        "name": "tiny",
        "seed": 0,
        "rules": Rules(small_penalty_m=10, large_penalty_m=7, change_cost_m=0, target_low=3, target_high=6),
        "arc_member": np.repeat(np.arange(N), 2),
        "arc_host": np.tile([0, 1], N),
        "arc_walk_m": np.tile([100.0, 200.0], N),
        "limit_m": np.full(N, 800.0),
        "weight": np.ones(N),
        "branch": np.array([0, 0, 0, 0, 1, 1, 1, 1]),
        "is_full": np.ones(N, dtype=bool),
        "can_lead": leads,
        "needs_step_free": np.zeros(N, dtype=bool),
        "present": np.full(N, NOBODY),
        "is_step_free": np.array([True, False, True]),
        "capacity": np.array([8, 5, 5]),
        "host_cost_m": np.array([500, 600, 700]),
        "home_xy": np.zeros((N, 2)),
        "host_xy": np.zeros((H, 2)),
        "network_nodes": 0,
        "network_seconds": 0.0,
        "distance_seconds": 0.0,
    }
    return World(**{**fields, **given})


def plan(*host: int) -> Any:
    return np.array(host)


GOOD = plan(0, 0, 0, 0, 1, 1, 1, NOBODY)


def with_rules(world: World, **changed: Any) -> World:
    return replace(world, rules=replace(world.rules, **changed))


def test_a_good_plan_has_no_breach_and_the_sum_of_its_walks_and_hosts():
    verdict = check(tiny(), GOOD)
    assert verdict.breaches == {}
    assert (verdict.seated, verdict.groups, verdict.longest_walk_m) == (7, 2, 200)
    assert verdict.cost_m == 4 * 100 + 3 * 200 + 500 + 600
    assert verdict.mean_walk_m == pytest.approx(1000 / 7, abs=0.1)


def test_nobody_seated_costs_nothing():
    assert (check(tiny(), np.full(N, NOBODY)).cost_m, check(tiny(), np.full(N, NOBODY)).violations) == (0, 0)


def test_weights_sizes_moves_and_mixing_are_paid():
    base = check(tiny(), GOOD).cost_m
    assert check(tiny(weight=np.full(N, 1.5)), GOOD).cost_m == base + 500
    assert check(with_rules(tiny(), target_low=5), GOOD).cost_m == base + 10 * (1 + 2)
    assert check(with_rules(tiny(), target_high=3), GOOD).cost_m == base + 7
    in_force = tiny(present=plan(1, 0, NOBODY, NOBODY, 1, NOBODY, NOBODY, 0))
    assert check(with_rules(in_force, change_cost_m=150), GOOD).cost_m == base + 150
    assert check(with_rules(in_force, change_cost_m=150), GOOD).moved == 1
    mixed = plan(0, 0, 0, 0, 0, 0, NOBODY, NOBODY)
    free = check(tiny(), mixed).cost_m
    assert check(with_rules(tiny(), mix_cost_m=30), mixed).cost_m == free + 30


@pytest.mark.parametrize(
    ("world", "host", "breach"),
    [
        (tiny(), plan(0, 0, 0, 0, 2, 2, 2, 2), "out of reach"),
        (tiny(needs_step_free=np.arange(N) == 5), GOOD, "steps"),
        (tiny(), plan(0, 0, 0, 0, 1, 1, NOBODY, NOBODY), "too few"),
        (with_rules(tiny(), hard_max=6), plan(*[0] * 8), "too many"),
        (tiny(is_full=np.zeros(N, dtype=bool)), GOOD, "full members"),
        (tiny(can_lead=np.arange(N) == 0), GOOD, "no leader"),
        (tiny(), plan(1, 1, 1, 1, 1, 1, NOBODY, NOBODY), "capacity"),
        (with_rules(tiny(), one_branch=True, max_groups_per_host=1), plan(*[0] * 8), "groups per host"),
        (with_rules(tiny(), max_branches=1), plan(*[0] * 8), "branches"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_spoiled_plan_is_caught(world: World, host: Any, breach: str):
    assert check(world, host).breaches.keys() == {breach}


def test_each_branch_is_a_group_of_its_own_where_branches_do_not_mix():
    apart = with_rules(tiny(), one_branch=True)
    assert check(apart, plan(*[0] * 8)).groups == 2
    assert check(apart, plan(0, 0, 0, 0, 0, 0, NOBODY, NOBODY)).breaches == {"too few": 1}


@pytest.mark.parametrize("host", [plan(0, 0), plan(*[3] * N), plan(*[-2] * N)])
def test_what_is_no_plan_is_refused(host: Any):
    with pytest.raises(ValueError, match="a plan is 8 numbers from -1 to 2"):
        check(tiny(), host)
