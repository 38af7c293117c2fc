"""Laws of what a plan gains: each figure is that of solving again, and no single addition is better than the first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from gis.planning.additions import AdditionKind, NewHost, rank_additions
from gis.planning.group_reasons import NOWHERE, explain_group
from gis.planning.grouping import solve_grouping
from gis.planning.limits import Limit, price_limits
from gis.planning.problem import NO_LOCK, UNSEATED
from gis.planning.resolve import Loss, loss_between
from gis.planning.worth import Worth
from tests.property.grouping_cases import problems, score_of

EASY = settings(max_examples=60, deadline=None)


def solved(problem):
    return solve_grouping(problem, seconds=30, seed=0)


def with_one(problem, name, place, value):
    array = getattr(problem, name).copy()
    array[place] = value
    return replace(problem, **{name: array})


@EASY
@given(problems(members=10, hosts=4))
def test_the_gain_of_an_addition_is_that_of_solving_again(problem):
    base, worth = solved(problem), Worth(problem, 0, lambda: 30.0)
    walk = np.minimum(problem.walk_m.min(axis=1), 400.0)
    ranking = rank_additions(worth, base.host, [NewHost("new", walk, 15, is_step_free=True)], 100)
    assert ranking.n_tried == ranking.n_possible
    losses = [one.loss for one in ranking.best if one.loss is not None]
    assert losses == sorted(losses)
    assert len(losses) == len(ranking.best)
    for one in ranking.best:
        if one.kind is AdditionKind.MORE_SEATS:
            again = with_one(problem, "capacity", one.host, problem.capacity[one.host] + one.amount)
        elif one.kind is AdditionKind.LEADER:
            again = with_one(problem, "can_lead", one.member, value=True)
        elif one.kind is AdditionKind.STEP_FREE:
            again = with_one(problem, "is_step_free", one.host, value=True)
        elif one.kind is AdditionKind.LONGER_LIMIT:
            same = problem.limit_m == one.limit_m
            again = replace(problem, limit_m=np.where(same, problem.limit_m + one.amount, problem.limit_m))
        else:
            continue
        assert one.loss == loss_between(base.score, solved(again).score) < Loss()


@EASY
@given(problems(members=10, hosts=4))
def test_no_leader_or_ramp_that_helps_is_left_out(problem):
    base, worth = solved(problem), Worth(problem, 0, lambda: 30.0)
    named = {(one.kind, one.host, one.member) for one in rank_additions(worth, base.host, [], 100).best}
    for i in np.flatnonzero(problem.is_full & ~problem.can_lead).tolist():
        better = solved(with_one(problem, "can_lead", i, value=True)).score < base.score
        assert better == ((AdditionKind.LEADER, -1, i) in named)
    for j in np.flatnonzero(~problem.is_step_free).tolist():
        better = solved(with_one(problem, "is_step_free", j, value=True)).score < base.score
        assert better == ((AdditionKind.STEP_FREE, j, -1) in named)


@EASY
@given(problems(members=10, hosts=4))
def test_a_lifted_limit_never_hurts_and_costs_what_solving_again_says(problem):
    base, worth = solved(problem), Worth(problem, 0, lambda: 30.0)
    lifted = {
        Limit.LEADER: {"can_lead": problem.is_full},
        Limit.STEP_FREE: {"is_step_free": np.ones(problem.n_hosts)},
        Limit.LOCKS: {"locked_host": np.full(problem.n_members, NO_LOCK)},
        Limit.WALK: {"limit_m": np.full(problem.n_members, np.inf)},
        Limit.MIN_SIZE: {"rules": replace(problem.rules, min_size=1)},
    }
    for price in price_limits(worth):
        assert price.loss is not None
        if price.limit in lifted:
            assert price.loss == loss_between(base.score, solved(replace(problem, **lifted[price.limit])).score)
        if price.limit is not Limit.LOCKS:
            assert price.loss <= Loss()


@EASY
@given(problems(members=10, hosts=4))
def test_what_is_said_of_a_group_is_so(problem):
    base, worth = solved(problem), Worth(problem, 0, lambda: 30.0)
    for (team, host), leader in base.leader.items():
        said = explain_group(worth, base.host, (team, host), leader)
        members = (problem.team == team) & (base.host == host)
        if said.other_host != NOWHERE:
            moved = np.where(members, said.other_host, base.host)
            score = score_of(problem, moved)
            assert score is not None
            assert score.cost_m - base.score.cost_m == said.other_cost_m
        else:
            for other in set(range(problem.n_hosts)) - set(base.host[problem.team == team]):
                assert score_of(problem, np.where(members, other, base.host)) is None
        closed = with_one(problem, "capacity", host, 0)
        assert said.without_anybody == loss_between(base.score, solved(closed).score) >= Loss()
        assert said.choices[0].member == leader
        assert all(members[one.member] and problem.can_lead[one.member] for one in said.choices)
        assert (base.host != UNSEATED).sum() >= members.sum()
