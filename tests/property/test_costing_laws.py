"""Laws of what things cost: a stated cost is that of solving again, and no other place is better than those named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from gis.planning.grouping import solve_grouping
from gis.planning.problem import NO_LOCK, UNSEATED
from gis.planning.resolve import Resolver, loss_between
from tests.property.grouping_cases import problems

EASY = settings(max_examples=100, deadline=None)


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
