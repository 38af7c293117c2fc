"""Rounds small enough to see the best plan by eye."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from gis.planning.visits.problem import NOWHERE, VisitProblem, VisitSolution
from gis.planning.visits.solve import plan_visits
from gis.planning.visits.timing import NEVER, violations
from tests.property.visit_cases import AFTERNOON, HOUR, MORNING, plain_round
from tests.unit.planning.visits.test_timing import changed


def plan(problem: VisitProblem, previous: list[list[int]] | None = None) -> VisitSolution:
    solution = plan_visits(problem, seconds=0.2, seed=1, previous=previous)
    assert violations(problem, solution) == ()
    return solution


def test_doors_on_a_line_are_visited_out_and_back():
    solution = plan(plain_round(4, 1))
    assert solution.cost_s == 2 * 4 * 300
    assert solution.unserved == ()
    assert solution.is_exact


def test_nothing_to_do_and_nobody_to_do_it():
    assert plan(plain_round(0, 2)).routes == ((), ())
    nobody = plan(plain_round(2, 0))
    assert (nobody.routes, nobody.unserved) == ((), (0, 1))
    assert plan(plain_round(0, 0)).cost_s == 0


@pytest.mark.parametrize(
    "cells",
    [
        {"window_s": (0, (0, 60))},
        {"window_s": (0, (10 * HOUR, 9 * HOUR))},
        {"allowed": (0, False)},
        {"demand": (0, 9)},
        {"service_s": (0, 8 * HOUR)},
        {"locked_route": (0, 7)},
        {"locked_after": (0, 0)},
    ],
)
def test_a_visit_that_cannot_be_is_left_out_and_the_others_are_not(cells):
    solution = plan(changed(plain_round(3, 2), **cells))
    assert solution.unserved == (0,)
    assert solution.arrive_s[0] == NEVER


@pytest.mark.parametrize("name", ["capacity", "allowed", "open_s"])
@pytest.mark.parametrize("n", [2, 12])
def test_where_nothing_is_possible_everybody_is_left_out(name, n):
    problem = changed(plain_round(n, 2), **{name: (slice(None), 0)})
    assert plan(problem).unserved == tuple(range(n))


def test_a_route_that_closes_before_it_opens_is_not_used():
    problem = changed(plain_round(9, 2, apart_s=10), open_s=(0, MORNING[::-1]))
    assert plan(problem).routes[0] == ()
    assert plan(problem).unserved == ()


def test_when_time_is_short_the_optional_and_the_less_urgent_stay_out():
    problem = changed(plain_round(4, 1), capacity=(0, 2), priority=(2, 5), required=(3, False))
    problem = changed(problem, priority=(0, 2))
    assert plan(problem).unserved == (1, 3)
    optional = changed(plain_round(3, 1), capacity=(0, 1), required=(slice(1, 3), False), priority=(slice(1, 3), 9))
    assert plan(optional).unserved == (1, 2)


def test_a_named_team_and_a_morning_are_kept():
    problem = changed(plain_round(3, 2), open_s=(1, AFTERNOON), window_s=(0, AFTERNOON), allowed=((2, 0), False))
    solution = plan(problem)
    assert set(solution.routes[1]) >= {0, 2}
    assert solution.unserved == ()


def test_whom_one_knows_one_visits_where_it_costs_nothing():
    problem = changed(plain_round(2, 2), strangeness_s=((0, 0), 500))
    problem = changed(problem, strangeness_s=((1, 1), 500), end=(slice(None), NOWHERE), start=(slice(None), NOWHERE))
    assert plan(problem).routes == ((1,), (0,))


def test_locked_visits_stay_with_their_team_and_behind_their_neighbour():
    problem = changed(plain_round(5, 2), locked_route=(4, 1), locked_after=(0, 4))
    solution = plan(problem)
    route = solution.routes[1]
    assert route.index(0) == route.index(4) + 1


def test_a_long_chain_is_done_in_its_order():
    chain = changed(plain_round(4, 1), locked_after=(slice(0, 3), [1, 2, 3]))
    assert plan(chain).routes == ((3, 2, 1, 0),)


def test_two_behind_one_cannot_both_be():
    problem = changed(plain_round(3, 1), locked_after=(slice(1, 3), 0))
    assert len(plan(problem).unserved) == 1


def test_doors_of_one_house_are_visited_from_the_top_floor():
    keys = np.array([3.0, 1.0, 2.0, 4.0])
    problem = replace(plain_round(4, 1), point=np.array([1, 1, 1, 1]), order_key=keys)
    assert plan(problem).routes == ((1, 2, 0, 3),)
    soon = (0, MORNING[0] + 300)
    assert plan(changed(problem, window_s=(3, soon))).routes[0][0] == 3


def test_a_plan_that_stands_is_left_alone_where_nothing_is_gained():
    problem = plain_round(6, 2, apart_s=20)
    previous = [[5, 0], [1, 2, 3, 4]]
    assert plan(problem, previous).routes == ((5, 0), (1, 2, 3, 4))
    assert plan(problem).cost_s < plan(problem, previous).cost_s


def test_a_plan_that_stands_gives_way_to_a_gain_and_takes_in_the_new():
    problem = plain_round(5, 1, apart_s=600)
    solution = plan(problem, [[2, 0, 99, 1]])
    assert solution.cost_s == plan(problem).cost_s
    assert solution.unserved == ()


def test_a_bigger_round_is_planned_alike_twice_and_no_worse_than_it_began():
    rng = np.random.default_rng(4)
    problem = replace(plain_round(14, 2, apart_s=60), point=rng.integers(1, 15, 14))
    first, second = plan(problem), plan(problem)
    assert first.cost_s <= first.start_cost_s
    assert first.unserved == ()
    assert not first.is_exact
    assert second.unserved == ()


def test_problem_and_plan_travel_between_processes():
    problem = plain_round(3, 1)
    assert pickle.loads(pickle.dumps(plan(pickle.loads(pickle.dumps(problem))))).unserved == ()  # noqa: S301  # our own
