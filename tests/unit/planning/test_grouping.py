"""Facts of grouping that a reader can check in the head."""

from __future__ import annotations

import numpy as np
import pytest

from gis.errors import InputError
from gis.planning.grouping import solve_grouping
from gis.planning.problem import UNSEATED, GroupingRules, Status
from gis.planning.rules import Rule, check_plan
from tests.property.grouping_cases import make_problem


def solve(problem, seconds=10.0):
    return solve_grouping(problem, seconds=seconds, seed=0)


def test_everybody_sits_at_the_nearer_host_when_both_groups_are_large_enough():
    problem = make_problem([[100, 500]] * 5 + [[500, 100]] * 5)
    solution = solve(problem)
    assert solution.host.tolist() == [0] * 5 + [1] * 5
    assert (solution.status, solution.score.cost_m, solution.gap) == (Status.OPTIMAL, 1000, 0)


def test_two_near_members_join_the_three_because_two_are_no_group():
    problem = make_problem([[100, 500]] * 3 + [[500, 100]] * 2)
    assert solve(problem).host.tolist() == [0] * 5


def test_seats_come_before_metres():
    problem = make_problem([[10, 700]] * 3 + [[np.inf, 700]] * 2, capacity=[15, 5])
    assert solve(problem).host.tolist() == [1] * 5


def test_members_of_two_branches_do_not_share_a_group_unless_the_rules_say_so():
    problem = make_problem([[100]] * 4, branch=[0, 0, 1, 1])
    assert solve(problem).host.tolist() == [UNSEATED] * 4
    mixed = make_problem([[100]] * 4, branch=[0, 0, 1, 1], rules=GroupingRules(one_branch=False))
    assert solve(mixed).host.tolist() == [0] * 4


def test_a_lock_lifts_the_walking_limit_and_is_flagged():
    problem = make_problem([[100]] * 3 + [[1500]] * 2, locked_host=[-1, -1, -1, 0, -1])
    solution = solve(problem)
    assert solution.host.tolist() == [0, 0, 0, 0, UNSEATED]
    (flag,) = check_plan(problem, solution.host, solution.leader)
    assert (flag.rule, flag.member, flag.is_tolerated) == (Rule.WALK_LIMIT, 3, True)


def test_a_lock_beats_seats():
    """Keeping member 3 at host 1 needs two companions, so the three at host 0 become one."""
    problem = make_problem([[100, 200], [100, 200], [100, np.inf], [100, 200]], locked_host=[-1, -1, -1, 1])
    assert solve(problem).host.tolist() == [1, 1, UNSEATED, 1]


def test_a_lock_that_cannot_be_kept_leaves_the_member_out():
    problem = make_problem([[100, np.inf]] * 4, locked_host=[1, -1, -1, -1])
    assert solve(problem).host.tolist() == [UNSEATED, 0, 0, 0]


def test_the_preferred_leader_is_named_then_the_nearest():
    problem = make_problem([[300], [200], [100]], can_lead=[True, True, False], leader_rank=[1, 2, 0])
    assert solve(problem).leader == {(0, 0): 0}
    assert solve(make_problem([[300], [200], [100]])).leader == {(0, 0): 2}


def test_a_small_group_costs_its_missing_members():
    problem = make_problem([[100]] * 3, rules=GroupingRules(target_low=5, small_penalty_m=200))
    assert solve(problem).score.cost_m == 300 + 2 * 200


@pytest.mark.parametrize(
    ("given", "seated"),
    [
        ({"capacity": [0]}, 0),
        ({"capacity": [2]}, 0),
        ({"capacity": [4]}, 4),
        ({"limit_m": [0.0] * 6}, 0),
        ({"can_lead": [False] * 6}, 0),
        ({"is_full": [False] * 6, "can_lead": [False] * 6}, 0),
        ({"needs_step_free": [True] * 6, "is_step_free": [False]}, 0),
        ({"host_branch": [3]}, 0),
        ({"forbidden": [[True]] * 6}, 0),
    ],
)
def test_worlds_without_a_solution_are_answers(given, seated):
    solution = solve(make_problem([[100]] * 6, **given))
    assert (solution.host != UNSEATED).sum() == seated
    assert solution.status is Status.OPTIMAL


@pytest.mark.parametrize(("n", "h"), [(0, 0), (0, 3), (2, 0), (2, 1)])
def test_empty_worlds_are_answers(n, h):
    solution = solve(make_problem(np.full((n, h), 100.0)))
    assert solution.host.tolist() == [UNSEATED] * n
    assert (solution.status, solution.gap, solution.leader) == (Status.OPTIMAL, 0, {})


def test_500_members_of_one_branch_in_one_room():
    solution = solve(make_problem([[100]] * 500, capacity=[600], rules=GroupingRules(hard_max=50)))
    assert (solution.host != UNSEATED).sum() == 50
    assert solution.status is Status.OPTIMAL


def test_one_seed_one_plan():
    rng = np.random.default_rng(5)
    problem = make_problem(rng.uniform(50, 1200, (60, 9)), branch=rng.integers(0, 4, 60), capacity=[8] * 9)
    first, second = solve(problem, seconds=90), solve(problem, seconds=90)
    assert first.host.tolist() == second.host.tolist()
    assert first.nodes == second.nodes


def test_contradictory_input_is_refused_in_words():
    with pytest.raises(InputError, match="可任组长者须是正式党员"):
        make_problem([[100]] * 3, is_full=[False] * 3)
    with pytest.raises(InputError, match="形状"):
        make_problem([[100]] * 3, capacity=[1, 2])
    with pytest.raises(InputError, match="目标下限"):
        GroupingRules(target_low=20)


_FIRST_RULES = set(list(Rule)[: list(Rule).index(Rule.MAX_GROUPS)])  # the others: test_rules.py


def test_every_hard_rule_names_its_breach():
    problem = make_problem(
        [[100, np.inf, 900]] * 6,
        branch=[0, 0, 0, 0, 1, 1],
        is_full=[True] * 4 + [False] * 2,
        can_lead=[True] * 4 + [False] * 2,
        needs_step_free=[True] + [False] * 5,
        is_step_free=[False, True, True],
        capacity=[3, 15, 15],
        host_branch=[-1, 1, -1],
        locked_host=[-1, -1, -1, 0, -1, -1],
        forbidden=np.eye(6, 3, dtype=bool),
        rules=GroupingRules(hard_max=50, max_groups_per_host=1),
    )
    seats = np.array([0, 1, 2, 2, 0, 0])
    found = {v.rule for v in check_plan(problem, seats, {(0, 0): 4})}
    assert found == _FIRST_RULES - {Rule.HARD_MAX, Rule.CAPACITY}
    crowded = check_plan(problem, np.zeros(6, dtype=int), {})
    assert Rule.CAPACITY in {v.rule for v in crowded}
