"""Laws of groups that mix branches: prices find what trying every group finds, and no bound passes the best plan."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from types import NoneType
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.planning import mixed_proof, mixed_search
from gis.planning.candidates import find_candidates
from gis.planning.mixed_bound import MixedBound, group_cost
from gis.planning.mixed_prices import NEVER, GroupPrices
from gis.planning.mixed_search import MixedSearch
from gis.planning.mixed_seats import MixedSeats
from gis.planning.part import Branches, Goal, Part, make_part
from gis.planning.part_solver import BranchingSolver
from gis.planning.problem import Score, sum_scores
from tests.property.grouping_cases import brute_force, problems, wished_problems

if TYPE_CHECKING:
    from gis.planning.problem import GroupingProblem

EASY = settings(max_examples=80, deadline=None)


@st.composite
def mixed(draw: Any, drawn: Any) -> GroupingProblem:
    """Draw a problem where it matters how many branches a group has."""
    problem: GroupingProblem = draw(drawn)
    n = problem.n_members
    rules = replace(
        problem.rules,
        one_branch=False,
        max_branches=draw(st.sampled_from([0, 1, 2, 2])),
        mix_cost_m=draw(st.sampled_from([0, 70, 400])),
        large_penalty_m=draw(st.sampled_from([0, 100])),
        needs_leader=draw(st.booleans()),
    )
    branch = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    return replace(problem, branch=branch, rules=rules)


def part_of(problem: GroupingProblem) -> tuple[Part, Branches]:
    """Make one part of a problem, with its branches, of no group where they do not matter."""
    part = make_part(problem, find_candidates(problem))
    none = np.zeros(0, dtype=np.int64)
    return part, part.branches or Branches(none, none, none)


def legal_groups(part: Part) -> list[tuple[int, tuple[int, ...]]]:
    """Every group that is legal as far as size, leader and branches go: its number and its seats."""
    c, rules, found = part.candidates, part.rules, []
    for group in range(part.n_groups):
        seats = range(int(part.group_start[group]), int(part.group_start[group + 1]))
        for size in range(rules.min_size, int(c.group_seats[group]) + 1):
            for some in combinations(seats, size):
                who = c.arc_member[list(some)]
                few = not rules.max_branches or len(set(part.branch[who].tolist())) <= rules.max_branches
                if few and (part.can_lead[who].any() or not rules.needs_leader):
                    found.append((group, some))
    return found


@EASY
@given(mixed(problems()), st.lists(st.integers(-100, 900), min_size=7, max_size=7), st.integers(0, 99))
def test_the_best_group_is_the_best_of_all_groups(problem, paid, seed):
    part, branches = part_of(problem)
    if not len(branches.group):
        return
    price = np.array(paid[: part.n_members], dtype=float)
    is_left = np.random.default_rng(seed).random(len(part.candidates.arc_cost)) < 0.9
    gain = np.full(part.n_groups, NEVER)
    each = np.full(len(is_left), NEVER)
    for group, some in legal_groups(part):
        seats = list(some)
        if is_left[seats].all():
            worth = group_cost(part, group, np.array(seats)) - price[part.candidates.arc_member[seats]].sum()
            gain[group] = min(gain[group], worth)
            each[seats] = np.minimum(each[seats], worth)
    prices = GroupPrices(part, branches, is_left)
    best = prices.best(price)
    assert np.minimum(best.gain, NEVER / 2) == pytest.approx(np.minimum(gain, NEVER / 2))
    with_each = prices.with_each(price)[is_left]
    assert np.minimum(with_each, NEVER / 2) == pytest.approx(np.minimum(each[is_left], NEVER / 2))
    for number in np.flatnonzero(gain < NEVER / 2).tolist():
        taken = np.sort(best.arc[part.candidates.arc_group[best.arc] == number])
        worth = group_cost(part, number, taken) - price[part.candidates.arc_member[taken]].sum()
        assert (number, tuple(taken.tolist())) in legal_groups(part)
        assert worth == pytest.approx(gain[number])


@EASY
@given(
    mixed(st.one_of(problems(), wished_problems(fair=0))),
    st.lists(st.integers(-100, 900), min_size=7, max_size=7),
    st.integers(0, 900),
)
def test_prices_of_any_height_bound_every_plan(problem, paid, charge):
    part, branches = part_of(problem)
    if not len(branches.group):
        return
    best = brute_force(problem)
    lost = problem.n_members - part.n_members
    bound = MixedBound(
        part,
        GroupPrices(part, branches),
        (np.array(paid[: part.n_members], dtype=float), float(charge)),
        best.unseated - lost,
    )
    bound.climb(lambda: 1.0, 20)
    assert bound.best.bound <= best.cost_m + 1e-6
    bound.settle(lambda: 1.0)
    assert bound.best.bound <= best.cost_m + 1e-6
    cases = [bound.branch(paid[0] % part.n_groups, state) for state in (-1, 1)]
    for case in cases:
        case.settle(lambda: 1.0)
    assert min(case.best.bound for case in cases) <= best.cost_m + 1e-6


@EASY
@given(mixed(st.one_of(problems(), wished_problems(fair=0))), st.sampled_from([0.0, 0.37, 1.0]))
def test_the_search_finds_the_best_of_all_plans_and_never_bounds_it_away(problem, few):
    part, branches = part_of(problem)
    if not len(branches.group):
        return
    best = brute_force(problem)
    with mock.patch.object(mixed_search, "_LEAST_SEATS", 0), mock.patch.object(mixed_proof, "_FEW", few):
        solver = BranchingSolver(part, 0)
        outside = set(range(problem.n_members)) - set(part.candidates.member.tolist())
        broken = sum(problem.comes_first[i] for i in outside) + problem.rules.min_groups - part.candidates.least_groups
        if problem.required is not None:
            broken += len(set(np.flatnonzero(problem.required)) - set(part.candidates.group_host))
        lost = Score(int(broken), len(outside))
        for _ in range(200):
            if solver.is_done:
                break
            solver.run(1, lambda: 30.0)
            assert sum_scores([lost, solver.bound()]) <= best
    assert sum_scores([lost, part.score(solver.plan)]) == sum_scores([lost, solver.bound()]) == best
    assert isinstance(solver.stages.get(Goal.WALKS), MixedSearch | NoneType)
    assert problem.rules.fewest_groups or isinstance(solver.stages.get(Goal.SEATS), MixedSeats | NoneType)
