"""Laws of a round of visits, on rounds small enough to try every plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gis.planning.visits.solve as solving
from gis.planning.visits.problem import UNLOCKED, VisitProblem, VisitSolution
from gis.planning.visits.solve import plan_visits
from gis.planning.visits.timing import schedule, violations
from tests.property.visit_cases import any_round, brute_force, left_out, shuffled, worth

SEEDS = st.integers(0, 10_000)
JOBS, ROUTES = st.integers(1, 5), st.integers(1, 3)
few = settings(max_examples=25, deadline=None)


def free(problem: VisitProblem) -> VisitProblem:
    return replace(problem, locked_after=np.full(problem.n_jobs, UNLOCKED))


def plan(problem: VisitProblem) -> VisitSolution:
    return plan_visits(problem, seconds=0.1, seed=0)


@given(SEEDS, JOBS, ROUTES)
@few
def test_a_handful_of_visits_is_planned_as_well_as_can_be(seed, n, r):
    problem = free(any_round(seed, n, r))
    solution = plan(problem)
    assert worth(problem, solution) == brute_force(problem)
    assert solution.is_exact


@given(SEEDS, st.integers(1, 12), ROUTES)
@few
def test_no_plan_breaks_a_rule_or_is_worse_than_it_began(seed, n, r):
    problem = any_round(seed, n, r)
    solution = plan(problem)
    assert violations(problem, solution) == ()
    assert len(solution.unserved) > 0 or solution.n_start_unserved > 0 or solution.cost_s <= solution.start_cost_s


@given(SEEDS, st.integers(2, 6), ROUTES)
@few
def test_the_numbers_of_the_visits_do_not_matter(seed, n, r):
    problem = free(any_round(seed, n, r))
    other = shuffled(problem, np.random.default_rng(seed).permutation(n))
    assert worth(problem, plan(problem)) == worth(other, plan(other))


@given(SEEDS, st.integers(1, 6), ROUTES)
@few
def test_a_longer_day_leaves_out_no_more(seed, n, r):
    problem = free(any_round(seed, n, r))
    longer = replace(problem, open_s=problem.open_s + np.array([-1800, 3600]))
    short, long = plan(problem), plan(longer)
    assert left_out(longer, set(long.unserved)) <= left_out(problem, set(short.unserved))


@given(SEEDS, st.integers(1, 8), ROUTES)
@few
def test_the_clock_never_turns_back_and_a_visit_more_never_ends_earlier(seed, n, r):
    problem = any_round(seed, n, r)
    order = np.random.default_rng(seed).permutation(n).tolist()
    timing = schedule(problem, 0, order)
    assert list(timing.arrive_s) == sorted(timing.arrive_s)
    assert all(end >= begin for begin, end in zip(timing.arrive_s, timing.leave_s, strict=True))
    assert schedule(problem, 0, order[:-1]).leave_s == timing.leave_s[:-1]
    assert schedule(problem, 0, order[1:]).wait_s >= 0


@given(SEEDS, st.integers(2, 9), ROUTES)
@few
def test_planning_on_from_a_plan_breaks_no_rule_and_leaves_out_no_more(seed, n, r):
    problem = any_round(seed, n, r)
    first = plan(problem)
    again = plan_visits(problem, seconds=0.1, seed=1, previous=first.routes)
    assert violations(problem, again) == ()
    assert left_out(problem, set(again.unserved)) <= left_out(problem, set(first.unserved))


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_the_best_plan_of_a_handful_too(seed, monkeypatch):
    monkeypatch.setattr(solving, "is_tiny", lambda _task: False)
    problem = free(any_round(seed, 5, 1 + seed % 3))
    assert worth(problem, plan(problem)) == brute_force(problem)
