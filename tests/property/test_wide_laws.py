"""Laws of wide problems: cut into parts they have the same optimum, in whatever order they are given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.planning.grouping import solve_grouping
from gis.planning.problem import Status
from gis.planning.wide import WideProblem, widen
from gis.planning.wide_solver import solve_wide
from tests.property.grouping_cases import problems, score_of

EASY = settings(max_examples=100, deadline=None)


@EASY
@given(problems(members=16, hosts=6))
def test_a_wide_problem_has_the_optimum_of_the_dense_one(problem):
    dense = solve_grouping(problem, seconds=30, seed=0)
    wide = solve_wide(widen(problem), seconds=30, seed=0, workers=1)
    assert wide.status is dense.status is Status.OPTIMAL
    assert wide.score == wide.score_bound == dense.score == score_of(problem, wide.host)
    assert set(wide.leader) == {(problem.team[i], j) for i, j in enumerate(wide.host) if j >= 0}
    assert all(problem.can_lead[i] and wide.host[i] == key[1] for key, i in wide.leader.items())


def side_by_side(one: WideProblem, other: WideProblem) -> WideProblem:
    """Both problems at once, out of each other's reach."""
    names = [name for name in one.__dataclass_fields__ if name != "rules" and getattr(one, name) is not None]
    shift = {"arc_member": one.n_members, "arc_host": one.n_hosts, "branch": 0, "host_branch": 0}
    both = {}
    for name in names:
        left, right = getattr(one, name), getattr(other, name)
        if name == "locked_host":
            right = np.where(right >= 0, right + one.n_hosts, right)
        both[name] = np.concatenate([left, right + shift[name] if name in shift else right])
    return replace(one, **both)


@EASY
@given(problems(members=9, hosts=3), problems(members=9, hosts=3))
def test_two_towns_cost_what_each_costs_alone(one, other):
    other = replace(other, rules=one.rules)
    both = solve_wide(side_by_side(widen(one), widen(other)), seconds=30, seed=0, workers=1)
    apart = [solve_grouping(p, seconds=30, seed=0).score for p in (one, other)]
    assert both.status is Status.OPTIMAL
    assert (both.score.unseated, both.score.cost_m) == (
        sum(score.unseated for score in apart),
        sum(score.cost_m for score in apart),
    )


@EASY
@given(problems(members=14, hosts=5), st.randoms(use_true_random=False))
def test_the_order_of_members_hosts_and_pairs_changes_nothing(problem, random):
    wide = widen(problem)
    rows, columns, pairs = (list(range(n)) for n in (wide.n_members, wide.n_hosts, len(wide.arc_member)))
    for order in (rows, columns, pairs):
        random.shuffle(order)
    mixed = wide.of(np.array(rows), np.array(columns), np.array(pairs, dtype=np.int64))
    one, other = (solve_wide(p, seconds=30, seed=0, workers=1) for p in (wide, mixed))
    assert one.score == other.score


@EASY
@given(problems(members=14, hosts=5))
def test_without_time_there_is_a_legal_plan_and_a_true_bound(problem):
    hasty, settled = (solve_wide(widen(problem), seconds=s, seed=0, workers=1) for s in (0.0, 30.0))
    assert hasty.score == score_of(problem, hasty.host)
    assert hasty.score_bound <= settled.score <= hasty.score
