"""The clock of a route and the rules of a round."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gis.planning.visits.plans import as_solution
from gis.planning.visits.problem import NOWHERE, VisitProblem
from gis.planning.visits.timing import VisitRule, schedule, violations
from tests.property.visit_cases import AFTERNOON, HOUR, MORNING, plain_round

HALF_PAST_EIGHT = MORNING[0]


def changed(problem: VisitProblem, **cells: tuple[Any, Any]) -> VisitProblem:
    """Copy a round with single cells set: name=(index, value)."""
    fresh: dict[str, Any] = {}
    for name, (index, value) in cells.items():
        fresh[name] = np.array(getattr(problem, name))
        fresh[name][index] = value
    return replace(problem, **fresh)


def broken(problem: VisitProblem, *routes: tuple[int, ...]) -> list[tuple[VisitRule, int, int]]:
    solution = as_solution(problem, routes, (0, 0))
    return [(found.rule, found.route, found.job) for found in violations(problem, solution)]


def test_two_doors_five_minutes_apart_take_the_way_the_talk_and_the_way_back():
    timing = schedule(plain_round(2, 1), 0, [0, 1])
    assert timing.arrive_s == (HALF_PAST_EIGHT + 300, HALF_PAST_EIGHT + 1200)
    assert timing.leave_s == (HALF_PAST_EIGHT + 900, HALF_PAST_EIGHT + 1800)
    assert (timing.travel_s, timing.wait_s, timing.end_s) == (1200, 0, HALF_PAST_EIGHT + 2400)
    assert timing.is_kept


def test_a_team_waits_for_a_window_but_leaves_the_office_only_when_it_must():
    problem = changed(plain_round(2, 1), window_s=(0, (9 * HOUR, 10 * HOUR)))
    timing = schedule(problem, 0, [0, 1])
    assert timing.arrive_s[0] == 9 * HOUR
    assert (timing.wait_s, timing.depart_s) == (0, 9 * HOUR - 300)
    assert schedule(problem, 0, [1, 0]).wait_s == 9 * HOUR - (HALF_PAST_EIGHT + 600 + 600 + 300)


def test_a_job_begins_at_the_last_second_of_its_window_and_is_late_a_second_after():
    last = HALF_PAST_EIGHT + 300
    in_time = changed(plain_round(1, 1), window_s=(0, (0, last)))
    assert schedule(in_time, 0, [0]).late == ()
    assert schedule(changed(in_time, window_s=(0, (0, last - 1))), 0, [0]).late == (0,)


def test_the_way_back_counts_into_the_hours():
    problem = changed(plain_round(1, 1), open_s=(0, (HALF_PAST_EIGHT, HALF_PAST_EIGHT + 1199)))
    assert schedule(problem, 0, [0]).overrun_s == 1
    assert schedule(changed(problem, end=(0, NOWHERE)), 0, [0]).overrun_s == 0


def test_a_route_that_starts_nowhere_is_at_its_first_door_when_it_opens():
    timing = schedule(changed(plain_round(2, 1), start=(0, NOWHERE)), 0, [1, 0])
    assert timing.arrive_s[0] == HALF_PAST_EIGHT
    assert timing.travel_s == 300 + 300


def test_each_way_has_its_own_times():
    problem = plain_round(1, 2)
    problem = replace(problem, travel_s=np.concatenate((problem.travel_s, problem.travel_s // 3)), way=np.array([0, 1]))
    assert [schedule(problem, route, [0]).travel_s for route in (0, 1)] == [600, 200]


def test_an_empty_route_takes_nothing():
    timing = schedule(plain_round(1, 1), 0, [])
    assert (timing.travel_s, timing.overrun_s, timing.demand_over, timing.arrive_s) == (0, 0, 0, ())
    assert timing.is_kept


def test_a_kept_round_breaks_no_rule():
    assert broken(plain_round(3, 2), (0, 1), (2,)) == []
    assert broken(plain_round(3, 2), (0,), ()) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"window_s": (1, AFTERNOON)}, (VisitRule.HOURS, 0, NOWHERE)),
        ({"window_s": (1, (0, 8 * HOUR))}, (VisitRule.WINDOW, 0, 1)),
        ({"allowed": ((1, 0), False)}, (VisitRule.ALLOWED, 0, 1)),
        ({"capacity": (0, 1)}, (VisitRule.CAPACITY, 0, NOWHERE)),
        ({"open_s": (0, (HALF_PAST_EIGHT, 9 * HOUR))}, (VisitRule.HOURS, 0, NOWHERE)),
        ({"locked_route": (1, 1)}, (VisitRule.ROUTE_LOCK, 0, 1)),
        ({"locked_after": (0, 1)}, (VisitRule.ORDER_LOCK, 0, 0)),
    ],
)
def test_every_rule_is_seen(cells, expected):
    assert broken(changed(plain_round(2, 2), **cells), (0, 1), ()) == [expected]


def test_a_job_behind_one_that_is_left_out_is_free():
    assert broken(changed(plain_round(2, 1), locked_after=(0, 1)), (0,)) == []


def test_a_job_done_twice_and_a_job_forgotten_are_seen():
    problem = plain_round(2, 2)
    solution = as_solution(problem, ((0,), (0,)), (0, 0))
    assert VisitRule.TWICE in {found.rule for found in violations(problem, solution)}
    forgotten = replace(solution, routes=((0,), ()), unserved=())
    assert [found.job for found in violations(problem, forgotten) if found.rule is VisitRule.LOST] == [1]


def test_a_time_that_is_not_the_clock_s_is_seen():
    problem = plain_round(1, 1)
    solution = as_solution(problem, ((0,),), (0, 0))
    wrong = replace(solution, arrive_s=solution.arrive_s + 60)
    assert [(found.rule, found.amount) for found in violations(problem, wrong)] == [(VisitRule.TIMES, 60)]
