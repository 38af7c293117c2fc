"""Laws of grouping, the first of them: the answer is the one that trying everything gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.planning.grouping import solve_grouping
from gis.planning.problem import NO_LOCK, UNSEATED, Status
from tests.property.grouping_cases import allowed, brute_force, problems, score_of

EASY = settings(max_examples=150, deadline=None)


@EASY
@given(problems())
def test_the_optimum_is_the_best_of_all_plans(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    assert solution.status is Status.OPTIMAL
    assert solution.score == score_of(problem, solution.host) == brute_force(problem) == solution.score_bound
    assert solution.gap == 0
    assert solution.objective == solution.bound


@EASY
@given(problems(members=14, hosts=5))
def test_without_time_there_is_a_legal_plan_and_a_true_bound(problem):
    hasty, settled = (solve_grouping(problem, seconds=s, seed=0) for s in (0.0, 30.0))
    assert hasty.score == score_of(problem, hasty.host)
    assert hasty.score_bound <= settled.score <= hasty.score
    assert hasty.bound <= settled.objective <= hasty.objective
    assert settled.score == score_of(problem, settled.host)


@EASY
@given(problems(members=14, hosts=5))
def test_a_lock_is_kept_or_nobody_could_keep_more(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    locked = problem.locked_host != NO_LOCK
    kept = solution.host[locked]
    assert ((kept == problem.locked_host[locked]) | (kept == UNSEATED)).all()


@EASY
@given(problems(members=14, hosts=5), st.integers(0, 3))
def test_more_of_anything_never_seats_fewer(problem, what):
    free = replace(problem, locked_host=np.full(problem.n_members, NO_LOCK))
    h = problem.n_hosts
    more = (
        replace(free, capacity=free.capacity + 2),
        replace(free, limit_m=free.limit_m + 250),
        replace(free, can_lead=free.is_full),
        replace(
            free,
            walk_m=np.hstack([free.walk_m, free.walk_m[:, :1] / 2]),
            is_step_free=np.append(free.is_step_free, True),
            capacity=np.append(free.capacity, 9),
            host_branch=np.append(free.host_branch, -1),
            forbidden=np.hstack([free.forbidden, np.zeros((free.n_members, 1), bool)]),
        ),
    )[what]
    before, after = (solve_grouping(p, seconds=30, seed=0) for p in (free, more))
    assert after.score.unseated <= before.score.unseated
    assert h in (more.n_hosts, more.n_hosts - 1)


@EASY
@given(problems(members=14, hosts=5), st.randoms(use_true_random=False))
def test_the_order_of_members_and_hosts_changes_nothing(problem, random):
    rows, columns = list(range(problem.n_members)), list(range(problem.n_hosts))
    random.shuffle(rows)
    random.shuffle(columns)
    where = np.append(np.argsort(columns), NO_LOCK)
    mixed = replace(
        problem,
        walk_m=problem.walk_m[rows][:, columns],
        forbidden=problem.forbidden[rows][:, columns],
        locked_host=where[problem.locked_host[rows]],
        **{k: getattr(problem, k)[columns] for k in ("is_step_free", "capacity", "host_branch")},
        **{
            k: getattr(problem, k)[rows]
            for k in ("limit_m", "weight", "branch", "is_full", "can_lead", "needs_step_free")
        },
    )
    assert solve_grouping(mixed, seconds=30, seed=0).score == solve_grouping(problem, seconds=30, seed=0).score


@EASY
@given(problems(members=14, hosts=5))
def test_each_group_has_one_leader_who_may_lead(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    groups = {(int(problem.team[i]), int(j)) for i, j in enumerate(solution.host) if j != UNSEATED}
    assert set(solution.leader) == groups
    for (team, host), i in solution.leader.items():
        assert problem.can_lead[i]
        assert (solution.host[i], problem.team[i]) == (host, team)
        assert allowed(problem, i, host)
