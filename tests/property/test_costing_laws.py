"""Laws of what things cost: a stated cost is that of solving again, and no other place is better than those named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from gis.planning.alternatives import MOST, best_alternatives
from gis.planning.explain import RULES, WhyNot
from gis.planning.grouping import solve_grouping
from gis.planning.problem import NO_LOCK, UNSEATED
from gis.planning.resolve import Resolver, loss_between
from gis.planning.standing import standing_of
from tests.property.grouping_cases import allowed, make_problem, problems, wished_problems

EASY = settings(max_examples=60, deadline=None)


def locked_at(problem, member, host):
    locks = problem.locked_host.copy()
    locks[member] = host
    return replace(problem, locked_host=locks)


def solved(problem):
    return solve_grouping(problem, seconds=30, seed=0)


@EASY
@given(problems(members=12, hosts=4))
def test_the_cost_of_a_seat_is_that_of_solving_again_with_it_fixed(problem):
    resolver, base = Resolver(problem, 0, lambda: 30.0), solved(problem)
    for member in np.flatnonzero((base.host != UNSEATED) & (problem.locked_host == NO_LOCK)):
        for host in resolver.hosts_of(int(member)):
            if host != base.host[member]:
                again = solved(locked_at(problem, member, host))
                assert resolver.loss_of_seat(int(member), host) == loss_between(base.score, again.score)


@EASY
@given(wished_problems(members=8, hosts=3, fair=0))
def test_the_cost_of_a_seat_counts_every_wish(problem):
    resolver, base = Resolver(problem, 0, lambda: 30.0), solved(problem)
    for member in np.flatnonzero((base.host != UNSEATED) & (problem.locked_host == NO_LOCK)):
        for host in resolver.hosts_of(int(member)):
            loss = resolver.loss_of_seat(int(member), host) if host != base.host[member] else None
            if loss is not None:
                assert loss == loss_between(base.score, solved(locked_at(problem, member, host)).score)


@EASY
@given(problems(members=10, hosts=4))
def test_no_other_host_costs_less_than_those_named(problem):
    base = solved(problem)
    resolver = Resolver(problem, 0, lambda: 30.0)
    for team in np.unique(problem.team):
        standing = standing_of(problem, base.host, int(team))
        for i in np.flatnonzero(standing.host != UNSEATED):
            member = int(standing.member[i])
            named = best_alternatives(standing, int(i), resolver)
            known = [one.loss for one in named if one.loss is not None]
            assert known == sorted(known)
            assert all((one.loss is None) == (one.why_not in RULES) for one in named)
            for host in set(range(problem.n_hosts)) - {int(base.host[member])} - {one.host for one in named}:
                if problem.locked_host[member] == NO_LOCK and allowed(problem, member, host):
                    again = solved(locked_at(problem, member, host))
                    costs_more = len(known) == MOST and loss_between(base.score, again.score) >= known[-1]
                    assert again.host[member] != host or costs_more


@EASY
@given(problems(members=10, hosts=4))
def test_what_a_rule_bars_cannot_be_had(problem):
    base = solved(problem)
    resolver = Resolver(problem, 0, lambda: 30.0)
    for team in np.unique(problem.team):
        standing = standing_of(problem, base.host, int(team))
        for i in np.flatnonzero(standing.host != UNSEATED):
            member = int(standing.member[i])
            for one in best_alternatives(standing, int(i), resolver):
                if one.loss is None and one.why_not is not WhyNot.LOCKED and allowed(problem, member, one.host):
                    again = solved(locked_at(problem, member, one.host))
                    broken = again.score.decisions_broken - base.score.decisions_broken
                    assert again.host[member] != one.host or broken > 0


def test_without_time_nothing_is_claimed():
    problem = make_problem([[100, 200], [100, 200], [100, 200], [100, 200]])
    standing = standing_of(problem, solved(problem).host, 0)
    (only,) = best_alternatives(standing, 0, Resolver(problem, 0, lambda: 0.0))
    assert (only.host, only.loss, only.why_not in RULES) == (1, None, False)
