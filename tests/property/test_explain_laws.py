"""Laws of explanations: what is said about a plan can be read off the plan, and what would help does help."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings

from gis.planning.changes import ChangeKind
from gis.planning.explain import Why, WhyNot, explain_plan
from gis.planning.grouping import solve_grouping
from gis.planning.left_out import Reason
from gis.planning.problem import NO_LOCK, UNSEATED, Status
from gis.planning.rules import check_plan
from tests.property.grouping_cases import problems, score_of, wished_problems

EASY = settings(max_examples=100, deadline=None)


def changed(problem, member, change):
    """Apply a change, written down apart from the product's own way of doing it."""
    name, place, value = {
        ChangeKind.RELEASE_LOCK: ("locked_host", member, NO_LOCK),
        ChangeKind.MORE_SEATS: ("capacity", change.host, problem.capacity[change.host] + change.amount),
        ChangeKind.STEP_FREE: ("is_step_free", change.host, True),
        ChangeKind.LONGER_LIMIT: ("limit_m", member, problem.limit_m[member] + change.amount),
        ChangeKind.LEADER: ("can_lead", change.other, True),
    }[change.kind]
    array = getattr(problem, name).copy()
    array[place] = value
    return replace(problem, **{name: array})


def can_sit_down(problem, host, member):
    """Try every host, alone or with every company of members who have no seat."""
    mates = [i for i in np.flatnonzero((host == UNSEATED) & (problem.team == problem.team[member])) if i != member]
    for j in range(problem.n_hosts):
        for k in range(len(mates) + 1):
            for company in combinations(mates, k):
                seats = host.copy()
                seats[[member, *company]] = j
                if score_of(problem, seats) is not None:
                    return True
    return False


@EASY
@given(problems(members=9, hosts=4))
def test_a_named_change_seats_the_member(problem):
    host = solve_grouping(problem, seconds=30, seed=0).host
    for out in explain_plan(problem, host).unseated:
        assert not can_sit_down(problem, host, out.member)
        for change in out.changes:
            if change.kind is not ChangeKind.MORE_MEMBERS:
                assert can_sit_down(changed(problem, out.member, change), host, out.member)


@EASY
@given(wished_problems(members=7, hosts=3, fair=0))
def test_a_named_change_seats_the_member_whatever_is_wished(problem):
    host = solve_grouping(problem, seconds=30, seed=0).host
    for out in explain_plan(problem, host).unseated:
        for change in out.changes:
            if change.kind is not ChangeKind.MORE_MEMBERS:
                assert can_sit_down(changed(problem, out.member, change), host, out.member)


@EASY
@given(problems(members=14, hosts=5))
def test_nothing_is_left_to_be_had_in_a_proven_plan(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    said = explain_plan(problem, solution.host)
    assert len(said.seated) + len(said.unseated) == problem.n_members
    assert Reason.UNPROVEN not in {out.reason for out in said.unseated}
    assert Why.UNPROVEN not in {seat.why for seat in said.seated}
    assert WhyNot.BETTER not in {a.why_not for seat in said.seated for a in seat.alternatives}


@EASY
@given(wished_problems(members=10, hosts=4, fair=0))
def test_with_every_wish_a_proven_plan_leaves_nothing_to_be_had_either(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    said = explain_plan(problem, solution.host)
    assert len(said.seated) + len(said.unseated) == problem.n_members
    if solution.status is Status.OPTIMAL:
        assert Reason.UNPROVEN not in {out.reason for out in said.unseated}
        assert Why.UNPROVEN not in {seat.why for seat in said.seated}
        assert WhyNot.BETTER not in {a.why_not for seat in said.seated for a in seat.alternatives}


@EASY
@given(problems(members=14, hosts=5))
def test_what_is_said_of_a_seat_is_so(problem):
    host = solve_grouping(problem, seconds=30, seed=0).host
    for seat in explain_plan(problem, host).seated:
        walk = problem.walk_m[seat.member]
        assert (seat.host, seat.walk_m) == (host[seat.member], walk[seat.host])
        assert (seat.why is Why.LOCKED) == (problem.locked_host[seat.member] != NO_LOCK)
        if seat.why is Why.NEAREST:
            assert walk[seat.host] == walk.min()
        if seat.why is Why.HOLDS_GROUP:
            without = host.copy()
            without[seat.member] = UNSEATED
            assert score_of(problem, without) is None
        for other in seat.alternatives:
            assert other.host != seat.host
            assert other.walk_m == walk[other.host]
            if other.why_not is WhyNot.TOO_FAR:
                assert other.amount == np.ceil(walk[other.host] - problem.limit_m[seat.member]) > 0
            if other.why_not is WhyNot.LONGER:
                assert walk[other.host] > seat.walk_m


@EASY
@given(problems(members=14, hosts=5))
def test_the_rules_find_nothing_in_a_plan_but_tolerated_locks(problem):
    solution = solve_grouping(problem, seconds=30, seed=0)
    for violation in check_plan(problem, solution.host, solution.leader):
        assert violation.is_tolerated
        assert problem.locked_host[violation.member] == violation.host
