"""Teams share the work where that costs little."""

from dataclasses import replace

import numpy as np

from gis.planning.visits.problem import VisitProblem
from gis.planning.visits.solve import plan_visits
from gis.planning.visits.timing import violations
from tests.property.visit_cases import plain_round


def near_doors(n: int, r: int) -> VisitProblem:
    """Doors a minute from the office and from one another, a team for each route."""
    problem = plain_round(n, r)
    return replace(problem, travel_s=np.minimum(problem.travel_s, 60), team=np.arange(r))


def test_two_teams_with_six_near_doors_do_three_each():
    problem = near_doors(6, 2)
    solution = plan_visits(problem, seconds=0.5, seed=1)
    assert [len(jobs) for jobs in solution.routes] == [3, 3]
    assert solution.stats["balance_s"] == 60
    assert solution.stats["spread_s"] == 0


def test_one_team_alone_is_not_split():
    problem = replace(near_doors(6, 2), team=np.zeros(2, dtype=np.int64))
    solution = plan_visits(problem, seconds=0.5, seed=1)
    assert sorted(len(jobs) for jobs in solution.routes) == [0, 6]


def test_a_far_door_is_not_worth_two_teams():
    problem = replace(plain_round(4, 2, apart_s=0), team=np.arange(2))
    far = problem.travel_s.copy()
    far[:, 0, 1:] = far[:, 1:, 0] = 3000
    solution = plan_visits(replace(problem, travel_s=far), seconds=0.5, seed=1)
    assert sorted(len(jobs) for jobs in solution.routes) == [0, 4]


def test_fourteen_doors_are_shared_by_the_search_too():
    problem = near_doors(14, 2)
    wide = replace(problem, open_s=np.tile((0, 86_400), (2, 1)))
    solution = plan_visits(wide, seconds=1.5, seed=1)
    assert violations(wide, solution) == ()
    assert sorted(len(jobs) for jobs in solution.routes) in ([6, 8], [7, 7])


def test_evenness_leaves_nobody_out():
    problem = replace(near_doors(5, 2), open_s=np.tile((30_600, 30_600 + 5 * 600 + 6 * 60), (2, 1)))
    solution = plan_visits(problem, seconds=0.5, seed=1)
    assert solution.unserved == ()
