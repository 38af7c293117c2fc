"""The rules about groups as wholes and the score of a seating, with numbers that a reader checks in the head."""

from __future__ import annotations

import numpy as np

from gis.planning.problem import UNSEATED, GroupingRules, Score
from gis.planning.rules import Rule, check_plan
from gis.planning.scoring import score_plan
from tests.property.grouping_cases import make_problem


def breaches(problem, seats):
    """Each breach but that of leaders as (rule, member, host, found, wanted, tolerated)."""
    found = check_plan(problem, np.array(seats), {})
    return [(v.rule, v.member, v.host, v.found, v.wanted, v.is_tolerated) for v in found if v.rule is not Rule.LEADER]


def test_too_few_and_too_many_groups_are_counted():
    seats = [0, 0, 0, 1, 1, 1]
    few = make_problem([[100, 100]] * 6, rules=GroupingRules(min_groups=3))
    many = make_problem([[100, 100]] * 6, rules=GroupingRules(max_groups=1))
    assert breaches(few, seats) == [(Rule.MIN_GROUPS, -1, -1, 2, 3, True)]
    assert breaches(many, seats) == [(Rule.MAX_GROUPS, -1, -1, 2, 1, False)]


def test_a_required_host_without_a_group_is_named():
    problem = make_problem([[100, 100]] * 3, required=[True, True])
    assert breaches(problem, [0, 0, 0]) == [(Rule.REQUIRED, -1, 1, 0, 1, True)]


def test_companions_apart_are_named_and_those_all_left_out_are_not():
    problem = make_problem([[100, 100]] * 6, together=[0, 0, 0, -1, -1, -1], rules=GroupingRules(min_size=1))
    assert breaches(problem, [0, 0, 1, 1, 1, 1]) == [
        (Rule.TOGETHER, 0, 0, 2, 3, False),
        (Rule.TOGETHER, 1, 0, 2, 3, False),
        (Rule.TOGETHER, 2, 1, 1, 3, False),
    ]
    assert breaches(problem, [UNSEATED] * 3 + [0] * 3) == []


def test_companions_of_two_branches_are_apart_even_at_one_host():
    problem = make_problem([[100]] * 2, branch=[0, 1], together=[4, 4], rules=GroupingRules(min_size=1))
    assert [rule for rule, *_ in breaches(problem, [0, 0])] == [Rule.TOGETHER, Rule.TOGETHER]


def test_a_leader_has_no_more_members_than_allowed():
    able = [True, False, False, False]
    problem = make_problem([[100]] * 4, can_lead=able, rules=GroupingRules(members_per_leader=3))
    assert breaches(problem, [0, 0, 0, 0]) == [(Rule.MEMBERS_PER_LEADER, -1, 0, 4, 3, False)]


def test_only_so_many_branches_share_a_group():
    rules = GroupingRules(one_branch=False, max_branches=2)
    problem = make_problem([[100]] * 4, branch=[0, 1, 2, 2], rules=rules)
    assert breaches(problem, [0, 0, 0, 0]) == [(Rule.MAX_BRANCHES, -1, 0, 3, 2, False)]
    assert breaches(problem, [UNSEATED, 0, 0, 0]) == []


def test_a_seating_is_scored_whoever_made_it():
    rules = GroupingRules(
        one_branch=False,
        open_cost_m=30,
        mix_cost_m=7,
        change_cost_m=50,
        min_groups=3,
        target_low=4,
        small_penalty_m=200,
    )
    problem = make_problem(
        [[100, 200], [110, 210], [120, 220], [130, 230], [140, np.inf]],
        branch=[0, 0, 1, 1, 1],
        locked_host=[-1, -1, -1, 1, -1],
        current_host=[0, 1, UNSEATED, UNSEATED, UNSEATED],
        required=[True, False],
        host_cost_m=[5, 1],
        rules=rules,
    )
    groups = 30 + 5 + 7 + 200  # one group of three at host 0, two branches in it
    want = Score(decisions_broken=1 + 2, unseated=2, cost_m=100 + 110 + 120 + 50 + groups)
    assert score_plan(problem, np.array([0, 0, 0, UNSEATED, UNSEATED])) == want
    assert score_plan(problem, np.array([0, 0, 0, UNSEATED, 1])) == want, "nobody can walk to that seat"
    assert score_plan(problem, np.full(5, UNSEATED)) == Score(decisions_broken=1 + 1 + 3, unseated=5)


def test_groups_and_the_longest_walk_count_only_where_they_are_asked_for():
    walk = [[100.2, 900], [100.2, 900], [100.2, 900]]
    locked = [-1, -1, 1]
    seats = np.array([0, 0, 1])
    plain, few, fair = (
        score_plan(make_problem(walk, locked_host=locked, rules=GroupingRules(min_size=1, **asked)), seats)
        for asked in ({}, {"fewest_groups": True}, {"fair": True})
    )
    assert (plain.n_groups, plain.longest_m) == (0, 0)
    assert (few.n_groups, few.longest_m) == (2, 0)
    assert (fair.n_groups, fair.longest_m) == (0, 101), "the walk that a lock decides is nobody's choice"
