"""What is said about a member is true of the plan."""

from __future__ import annotations

import numpy as np
import pytest

from gis.planning.changes import ChangeKind
from gis.planning.explain import Why, WhyNot, explain_plan
from gis.planning.grouping import solve_grouping
from gis.planning.left_out import Reason
from gis.planning.problem import GroupingRules
from tests.property.grouping_cases import make_problem

NO_SIZE = GroupingRules(target_low=3, small_penalty_m=0)


def explained(problem, home_walk_m=None):
    return explain_plan(problem, solve_grouping(problem, seconds=10, seed=0).host, home_walk_m)


def why(problem, member):
    return next(s.why for s in explained(problem).seated if s.member == member)


def unseated(problem, member, home_walk_m=None):
    return next(u for u in explained(problem, home_walk_m).unseated if u.member == member)


def test_the_nearest_host():
    assert why(make_problem([[100, 300]] * 3), 0) is Why.NEAREST


def test_the_nearest_with_a_group_and_with_a_seat():
    problem = make_problem([[100, 300]] * 3 + [[150, 60]], rules=NO_SIZE)
    assert why(problem, 3) is Why.NEAREST_GROUP
    full = make_problem([[100, 900]] * 3 + [[150, 300]] * 3 + [[200, 300]], capacity=[3, 9], rules=NO_SIZE)
    assert {why(full, i) for i in (3, 4, 5, 6)} == {Why.NEAREST_FREE}


def test_a_member_who_keeps_the_group_alive_is_told_so():
    problem = make_problem([[100, 900]] * 3 + [[900, 100]] * 2 + [[200, 300]], rules=NO_SIZE)
    assert why(problem, 5) is Why.HOLDS_GROUP


def test_locked():
    assert why(make_problem([[100, 300]] * 4, locked_host=[0] * 4), 0) is Why.LOCKED


def test_alternatives_say_what_speaks_against_them():
    problem = make_problem(
        [[100, 300, 400, 1000]] * 4,
        needs_step_free=[True, False, False, False],
        is_step_free=[True, False, True, True],
        capacity=[4, 9, 2, 9],
    )
    (first, *_) = explained(problem).seated
    assert [(a.host, a.why_not, a.amount) for a in first.alternatives] == [
        (1, WhyNot.NOT_STEP_FREE, 0),
        (2, WhyNot.NO_ROOM, 2),
        (3, WhyNot.TOO_FAR, 200),
    ]


@pytest.mark.parametrize(
    ("given", "reason", "amount"),
    [
        ({"walk_m": np.zeros((3, 0))}, Reason.NO_HOST, 0),
        ({"walk_m": [[np.inf]] * 3}, Reason.UNREACHABLE, 0),
        ({"walk_m": [[1000.0]] * 3}, Reason.NO_HOST_IN_REACH, 200),
        ({"needs_step_free": [True] * 3, "is_step_free": [False]}, Reason.ONLY_NOT_STEP_FREE, 0),
        ({"host_branch": [7]}, Reason.ONLY_OTHER_BRANCH, 0),
        ({"forbidden": [[True]] * 3}, Reason.ONLY_FORBIDDEN, 0),
        ({"capacity": [2]}, Reason.ONLY_SMALL, 0),
        ({"walk_m": [[100.0], [100.0], [900.0]]}, Reason.TOO_FEW_NEAR, 2),
        ({"is_full": [False] * 3, "can_lead": [False] * 3}, Reason.NO_FULL_MEMBER, 0),
        ({"can_lead": [False] * 3}, Reason.NO_LEADER, 0),
        ({"needs_step_free": [True] * 3, "is_step_free": [False], "locked_host": [0] * 3}, Reason.LOCK_IMPOSSIBLE, 0),
        ({"locked_host": [0] * 3, "can_lead": [False] * 3}, Reason.LOCK_GROUP, 3),
    ],
)
def test_reasons(given, reason, amount):
    given = {"walk_m": [[100.0]] * 3, **given}
    found = unseated(make_problem(given.pop("walk_m"), **given), 0)
    assert (found.reason, found.amount) == (reason, amount)


def test_a_full_host_asks_for_one_more_seat():
    problem = make_problem([[100]] * 3 + [[200]], capacity=[3])
    out = unseated(problem, 3)
    assert (out.reason, out.changes[0].kind, out.changes[0].amount) == (Reason.CAPACITY, ChangeKind.MORE_SEATS, 1)


def test_a_group_just_out_of_reach_asks_for_metres():
    out = unseated(make_problem([[100]] * 3 + [[850]]), 3)
    assert [(c.kind, c.amount, c.opens) for c in out.changes] == [(ChangeKind.LONGER_LIMIT, 50, False)]


def test_steps_ask_for_a_way_without_steps():
    problem = make_problem([[100]] * 4, needs_step_free=[False] * 3 + [True], is_step_free=[False])
    assert unseated(problem, 3).changes[0].kind is ChangeKind.STEP_FREE


def test_two_members_ask_for_a_third_and_three_without_leader_for_a_leader():
    (change,) = unseated(make_problem([[100]] * 2), 0).changes
    assert (change.kind, change.amount, change.opens) == (ChangeKind.MORE_MEMBERS, 1, True)
    changes = unseated(make_problem([[100]] * 3, can_lead=[False] * 3), 2).changes
    assert changes[0].kind is ChangeKind.LEADER


def test_three_neighbours_without_a_host_ask_for_one_at_home():
    homes = np.array([[0, 100, 200, 900], [100, 0, 100, 900], [200, 100, 0, 900], [900, 900, 900, 0.0]])
    problem = make_problem([[3000]] * 4)
    (change,) = unseated(problem, 0, homes).changes
    assert (change.kind, change.amount) == (ChangeKind.NEW_HOST, 3)


def test_an_impossible_lock_asks_to_be_released():
    problem = make_problem([[100, np.inf]] * 4, locked_host=[1, -1, -1, -1])
    assert unseated(problem, 0).changes[0].kind is ChangeKind.RELEASE_LOCK
