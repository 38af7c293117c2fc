"""Laws of plain problems (capacities, demands, a number of groups): brute force agrees, and bounds hold."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.planning.grouping import solve_grouping
from gis.planning.median import median_of
from gis.planning.median_closing import seats_left
from gis.planning.median_parts import settled_columns, solve_part
from gis.planning.median_prices import Prices
from gis.planning.problem import UNSEATED, GroupingRules, Status
from gis.planning.rules import check_plan
from tests.property.grouping_cases import make_problem

FEW = settings(max_examples=40, deadline=None)


def rules_of(n, most):
    return GroupingRules(
        min_size=1,
        min_full=0,
        target_low=1,
        target_high=n,
        hard_max=n,
        max_groups_per_host=1,
        needs_leader=False,
        max_groups=most,
    )


@st.composite
def plain_problems(draw, members=6, hosts=4):
    n, h = draw(st.integers(1, members)), draw(st.integers(1, hosts))
    walks = draw(st.lists(st.integers(0, 700), min_size=n * h, max_size=n * h))
    demand = draw(st.lists(st.integers(1, 5), min_size=n, max_size=n))
    capacity = draw(st.lists(st.sampled_from([0, 4, 6, 9, 30]), min_size=h, max_size=h))
    most = draw(st.integers(1, h))
    walk = np.array(walks, dtype=float).reshape(n, h)
    return make_problem(walk, capacity=capacity, demand=demand, rules=rules_of(n, most))


def brute_force(problem):
    """Least cost of seating everybody; None where nobody can."""
    costs = []
    for host in product(range(problem.n_hosts), repeat=problem.n_members):
        load = np.bincount(host, weights=problem.demand, minlength=problem.n_hosts)
        if (load <= problem.capacity).all() and len(set(host)) <= problem.rules.max_groups:
            costs.append(int(problem.walk_m[np.arange(len(host)), host].sum()))
    return min(costs, default=None)


@FEW
@given(plain_problems())
def test_the_optimum_is_the_best_of_all_plans(problem):
    solution = solve_grouping(problem, seconds=20, seed=0)
    best = brute_force(problem)
    assert check_plan(problem, solution.host, solution.leader) == ()
    assert solution.score_bound <= solution.score
    if best is None:
        assert (solution.host == UNSEATED).any()
    else:
        assert solution.score.unseated == 0
        assert solution.score_bound.cost_m <= best <= solution.score.cost_m
        if solution.status is Status.OPTIMAL:
            assert solution.score.cost_m == best


@FEW
@given(plain_problems(), st.booleans())
def test_no_prices_rule_out_the_best_plan(problem, is_whole):
    best = brute_force(problem)
    if best is None:
        return
    prices = Prices(median_of(problem))
    prices.run(40, lambda: 1.0, is_whole=is_whole)
    assert prices.bound <= best + 1e-6
    kept = seats_left(prices, best)
    cheapest = (np.where(kept, problem.walk_m, np.inf)).min(axis=1)
    assert cheapest.sum() <= best


def test_demands_and_rules_about_members_are_kept_together():
    problem = make_problem([[100]] * 4, demand=[3, 1, 1, 1], capacity=[4])
    solution = solve_grouping(problem, seconds=5, seed=0)
    assert solution.host.tolist() == [UNSEATED, 0, 0, 0]
    assert solution.status is Status.OPTIMAL


def test_where_not_everybody_fits_the_small_ones_are_seated():
    problem = make_problem([[10]] * 3, capacity=[5], demand=[4, 2, 3], rules=rules_of(3, 1))
    solution = solve_grouping(problem, seconds=20, seed=0)
    assert solution.host.tolist() == [UNSEATED, 0, 0]
    assert solution.status is Status.FEASIBLE


@FEW
@given(plain_problems())
def test_groups_made_bound_every_plan_and_are_legal(problem):
    best = brute_force(problem)
    if best is None:
        return
    median = median_of(problem)
    columns = settled_columns(median, Prices(median), np.full(problem.n_members, UNSEATED), lambda: 1.0, [])
    assert columns.bound <= best + 1e-6
    for members, host in columns.groups:
        assert median.demand[members].sum() <= median.capacity[host]


@FEW
@given(plain_problems(members=7))
def test_a_part_solved_is_better_than_before_or_left_alone(problem):
    best = brute_force(problem)
    if best is None:
        return
    median = median_of(problem)
    worst = worst_plan(problem)
    found = solve_part(median, Prices(median), worst, lambda: 1.0, [])
    assert median.value(worst) == best if found is None else best <= median.value(found) < median.value(worst)


def worst_plan(problem):
    """Most costly plan that seats everybody."""
    median, worst, plan = median_of(problem), -1.0, None
    for host in product(range(problem.n_hosts), repeat=problem.n_members):
        value = median.value(np.array(host))
        if np.isfinite(value) and value > worst and value < median.never:
            worst, plan = value, np.array(host)
    return plan
