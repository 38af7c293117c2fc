"""Laws of wide problems: cut into parts they have the same optimum, in whatever order they are given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.planning import giant, wide_solver
from gis.planning.dense import Known, solve_dense
from gis.planning.grouping import solve_grouping
from gis.planning.problem import Status
from gis.planning.seat_prices import Charges, SeatPrices, climb
from gis.planning.wide import WideProblem, widen
from gis.planning.wide_solver import solve_wide
from tests.property.grouping_cases import problems, score_of

EASY = settings(max_examples=50, deadline=None)


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
    return replace(one, **both)  # type: ignore[arg-type]  # fields by name


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


@EASY
@given(problems(members=14, hosts=5), st.sampled_from([0.0, 0.004, 30.0]))
def test_taken_up_again_a_part_has_the_same_optimum(problem, seconds):
    first = solve_dense(problem, seconds=seconds, seed=0)
    again = solve_dense(problem, seconds=30, seed=0, known=Known(first.host, first.score_bound))
    assert again.status is Status.OPTIMAL
    assert again.score == solve_dense(problem, seconds=30, seed=0).score == score_of(problem, again.host)


@EASY
@given(problems(members=16, hosts=6))
def test_a_part_solved_by_tiles_is_legal_and_truly_bounded(problem):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wide_solver, "GIANT", 0)
        patch.setattr(giant, "_TILE", 12)
        patch.setattr(giant, "_WINDOW", 20)
        tiled = solve_wide(widen(problem), seconds=0.3, seed=0, workers=1)
    best = solve_grouping(problem, seconds=30, seed=0).score
    assert tiled.score == score_of(problem, tiled.host)
    assert tiled.score_bound <= best <= tiled.score


@EASY
@given(problems(members=12, hosts=4), st.lists(st.integers(0, 900), min_size=12, max_size=12), st.booleans())
def test_any_prices_bound_every_plan(problem, given_prices, seats_only):
    wide = widen(replace(problem, locked_host=np.full(problem.n_members, -1)))
    arcs = np.flatnonzero(wide.may_sit())
    charge = 1.0 if seats_only else 2_000.0
    prices = SeatPrices(wide, arcs, Charges(np.full(wide.n_members, charge), seats_only=seats_only))
    start = np.array(given_prices[: wide.n_members], dtype=float) * (charge / 2_000)
    best = solve_grouping(wide.dense(), seconds=30, seed=0).score
    reachable = len(np.unique(wide.arc_member[arcs]))
    out = best.unseated - (wide.n_members - reachable)
    goal = charge * out + (0 if seats_only else best.cost_m)
    least, _ = prices.value(start)
    raised, _ = climb(prices, start, goal, iter([True] * 30 + [False] * 9).__next__)
    assert least <= raised <= goal + 1e-6
