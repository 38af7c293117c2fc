"""Laws of grouping, the first of them: the answer is the one that trying everything gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.planning.grouping import solve_grouping
from gis.planning.problem import ALONE, NO_LOCK, UNSEATED, GroupingProblem, GroupingRules, Status
from gis.planning.rules import Rule, check_plan
from gis.planning.scoring import score_plan
from tests.property.grouping_cases import allowed, brute_force, make_problem, problems, score_of, wished_problems

EASY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(EASY, max_examples=60)
_OF_HOSTS = ("is_step_free", "capacity", "host_branch", "required", "host_cost_m")
_OF_MEMBERS = (
    *("limit_m", "weight", "branch", "is_full", "can_lead", "needs_step_free"),
    *("demand", "mix_set", "together", "must_seat"),
)


@EASY
@given(st.one_of(problems(), wished_problems(), wished_problems()))
def test_the_optimum_is_the_best_of_all_plans(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    assert solution.status is Status.OPTIMAL
    assert solution.score == score_of(problem, solution.host) == brute_force(problem) == solution.score_bound
    assert solution.score == score_plan(problem, solution.host)
    assert solution.gap == 0
    assert solution.objective == solution.bound


@EASY
@given(wished_problems(members=14, hosts=5))
def test_without_time_there_is_a_legal_plan_and_a_true_bound(problem):
    hasty, settled = (solve_grouping(problem, seconds=s, seed=0) for s in (0.0, 30.0))
    assert hasty.score == score_of(problem, hasty.host)
    assert hasty.score_bound <= settled.score <= hasty.score
    assert hasty.bound <= settled.objective <= hasty.objective
    assert settled.score == score_of(problem, settled.host)


@FEW
@given(wished_problems(members=14, hosts=5))
def test_a_lock_is_never_broken_and_companions_are_never_apart(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    locked = problem.locked_host != NO_LOCK
    kept = solution.host[locked]
    assert ((kept == problem.locked_host[locked]) | (kept == UNSEATED)).all()
    for k in set() if problem.together is None else set(problem.together) - {ALONE}:
        company = problem.together == k
        seats = set(zip(solution.host[company], problem.team[company], strict=True))
        assert len(seats) == 1 or (solution.host[company] == UNSEATED).all()
    assert {v.rule for v in check_plan(problem, solution.host, solution.leader) if not v.is_tolerated} == set()


def unasked(problem: GroupingProblem) -> GroupingProblem:
    """Take out what may come before the number of seats."""
    return replace(
        problem,
        locked_host=np.full(problem.n_members, NO_LOCK),
        required=None,
        must_seat=None,
        rules=replace(problem.rules, min_groups=0),
    )


@FEW
@given(wished_problems(members=14, hosts=5), st.integers(0, 3))
def test_more_of_anything_never_seats_fewer(problem, what):
    free = unasked(problem)
    more = (
        lambda: replace(free, capacity=free.capacity + 2),
        lambda: replace(free, limit_m=free.limit_m + 250),
        lambda: replace(free, can_lead=free.is_full),
        lambda: replace(
            free,
            walk_m=np.hstack([free.walk_m, free.walk_m[:, :1] / 2]),
            is_step_free=np.append(free.is_step_free, True),
            capacity=np.append(free.capacity, 9),
            host_branch=np.append(free.host_branch, -1),
            forbidden=None if free.forbidden is None else np.pad(free.forbidden, ((0, 0), (0, 1))),
            host_cost_m=None if free.host_cost_m is None else np.append(free.host_cost_m, 300),
        ),
    )[what]()
    before, after = (solve_grouping(p, seconds=30, seed=0) for p in (free, more))
    assert after.score.unseated <= before.score.unseated


@FEW
@given(wished_problems(members=14, hosts=5), st.randoms(use_true_random=False))
def test_the_order_of_members_and_hosts_changes_nothing(problem, random):
    rows, columns = list(range(problem.n_members)), list(range(problem.n_hosts))
    random.shuffle(rows)
    random.shuffle(columns)
    where = np.append(np.argsort(columns), NO_LOCK)
    now = problem.current_host
    mixed = replace(
        problem,
        walk_m=problem.walk_m[rows][:, columns],
        forbidden=problem.forbidden[rows][:, columns],
        locked_host=where[problem.locked_host[rows]],
        current_host=None if now is None else where[now[rows]],
        **{k: at[columns] for k in _OF_HOSTS if (at := getattr(problem, k)) is not None},
        **{k: of[rows] for k in _OF_MEMBERS if (of := getattr(problem, k)) is not None},
    )
    assert solve_grouping(mixed, seconds=30, seed=0).score == solve_grouping(problem, seconds=30, seed=0).score


@FEW
@given(st.integers(0, 10_000), st.floats(0, 6.3), st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5)))
def test_moving_or_turning_the_map_changes_nothing(seed, angle, shift):
    rng = np.random.default_rng(seed)
    homes, hosts = rng.integers(0, 900, (12, 2)).astype(float), rng.integers(0, 900, (4, 2)).astype(float)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    # to the centimetre, as no measured walk is truer; those of the turned map differ in the last bits
    walks = [
        np.round(np.hypot(*(a[:, None] - b[None]).transpose(2, 0, 1)), 2)
        for a, b in ((homes, hosts), (homes @ turn.T + shift, hosts @ turn.T + shift))
    ]
    here, there = (make_problem(walk, capacity=[4] * 4, limit_m=[2000] * 12) for walk in walks)
    assert abs(walks[0] - walks[1]).max() <= 0.011
    one, other = (solve_grouping(p, seconds=30, seed=0).score for p in (here, there))
    assert one.unseated == other.unseated
    assert abs(one.cost_m - other.cost_m) <= len(homes), "walks count in whole metres"


@FEW
@given(problems(members=14, hosts=5))
def test_each_group_has_one_leader_who_may_lead(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    groups = {(int(problem.team[i]), int(j)) for i, j in enumerate(solution.host) if j != UNSEATED}
    assert set(solution.leader) == groups
    for (team, host), i in solution.leader.items():
        assert problem.can_lead[i]
        assert (solution.host[i], problem.team[i]) == (host, team)
        assert allowed(problem, i, host)


@FEW
@given(wished_problems(members=14, hosts=5))
def test_no_plan_is_worse_than_the_groups_in_force(problem):
    dear = replace(problem, rules=replace(problem.rules, change_cost_m=100_000))
    solution = solve_grouping(dear, seconds=30, seed=0)
    if problem.current_host is not None and (kept := score_of(dear, problem.current_host)) is not None:
        assert solution.score <= kept


ONE_BUILDING = np.full((500, 1), 30.0)
WORLDS = {
    "no hosts": make_problem(np.zeros((5, 0))),
    "nobody": make_problem(np.zeros((0, 3))),
    "nobody and nothing": make_problem(np.zeros((0, 0))),
    "no leaders": make_problem([[100]] * 8, can_lead=[False] * 8),
    "no full members": make_problem([[100]] * 8, is_full=[False] * 8, can_lead=[False] * 8),
    "two members": make_problem([[100, 200]] * 2),
    "all limits 0": make_problem([[100, 200]] * 8, limit_m=[0] * 8),
    "no capacity": make_problem([[100, 200]] * 8, capacity=[0, 0]),
    "no way": make_problem(np.full((8, 2), np.inf)),
    "one giant building": make_problem(ONE_BUILDING * 0, branch=np.arange(500) % 40, capacity=[200]),
    "500 members of one branch in one room": make_problem(ONE_BUILDING, capacity=[500]),
    "a required host that nobody reaches": make_problem([[100, np.inf]] * 5, required=[True, True]),
    "more groups than there can be": make_problem([[100]] * 5, rules=GroupingRules(min_groups=9)),
    "companions of two branches": make_problem([[100]] * 5, branch=[0, 0, 0, 0, 1], together=[0, -1, -1, -1, 0]),
    "more seats than any place has": make_problem([[100]] * 5, demand=[99] * 5),
}
WISHES: dict[str, dict[str, bool | int]] = {
    "as usual": {},
    "fair": {"fair": True},
    "few": {"fewest_groups": True, "max_groups": 9},
    "mixed": {"one_branch": False, "mix_cost_m": 50, "max_branches": 3, "members_per_leader": 9},
}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("wish", WISHES)
def test_worlds_without_a_good_plan_give_a_plan_nevertheless(world, wish):
    problem = WORLDS[world]
    problem = replace(problem, rules=replace(problem.rules, **WISHES[wish]))  # type: ignore[arg-type]  # fields by name
    for seconds in (0, 2):
        solution = solve_grouping(problem, seconds=seconds, seed=0)
        assert len(solution.host) == problem.n_members
        assert solution.score == score_plan(problem, solution.host) == score_of(problem, solution.host)
        assert solution.score_bound <= solution.score
    decided = {v.rule for v in check_plan(problem, solution.host, solution.leader)}
    assert decided <= {Rule.REQUIRED, Rule.MIN_GROUPS}
