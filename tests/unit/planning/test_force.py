"""Seats in force that today's rules take away: by themselves, with their group, or as one of too many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gis.planning.force import lost_seats
from gis.planning.problem import ANY_BRANCH, NO_LOCK, UNSEATED, GroupingProblem
from gis.planning.rules import Rule

N = 8


def _problem() -> GroupingProblem:
    """Return four members at each of two hosts, all of one branch, everything allowed."""
    return GroupingProblem(
        walk_m=np.full((N, 2), 100.0),
        limit_m=np.full(N, 500.0),
        weight=np.ones(N),
        branch=np.zeros(N, dtype=np.int64),
        is_full=np.ones(N, dtype=np.bool_),
        can_lead=np.array([1, 0, 0, 0, 1, 0, 0, 0], dtype=np.bool_),
        needs_step_free=np.zeros(N, dtype=np.bool_),
        is_step_free=np.ones(2, dtype=np.bool_),
        capacity=np.array([10, 10]),
        host_branch=np.full(2, ANY_BRANCH),
        locked_host=np.full(N, NO_LOCK),
        current_host=np.array([0] * 4 + [1] * 4),
    )


def test_nothing_is_lost_where_nothing_changed():
    lost = lost_seats(_problem())
    assert (lost.why, lost.quotas) == ({}, ())


def test_a_seat_too_far_is_lost_and_the_others_stay():
    limit = np.full(N, 500.0)
    limit[3] = 50
    assert lost_seats(replace(_problem(), limit_m=limit)).why == {3: Rule.WALK_LIMIT}


def test_a_group_falls_with_the_seats_that_it_needs():
    limit = np.full(N, 500.0)
    limit[2:4] = 50
    why = lost_seats(replace(_problem(), limit_m=limit)).why
    assert why == {2: Rule.WALK_LIMIT, 3: Rule.WALK_LIMIT, 0: Rule.MIN_SIZE, 1: Rule.MIN_SIZE}
    leaderless = lost_seats(replace(_problem(), can_lead=np.array([0, 0, 0, 0, 1, 0, 0, 0], dtype=np.bool_)))
    assert leaderless.why == dict.fromkeys(range(4), Rule.LEADER)


def test_of_too_many_only_so_many_had_to_leave():
    lost = lost_seats(replace(_problem(), capacity=np.array([3, 10])))
    assert lost.why == {}
    assert lost.of_changes(np.array([1, 2])) == {1: Rule.CAPACITY}
    assert lost.of_changes(np.array([5])) == {}


def test_companions_who_sit_apart_cost_one_change():
    together = np.full(N, -1)
    together[[0, 4]] = 0
    assert lost_seats(replace(_problem(), together=together)).of_changes(np.array([4])) == {4: Rule.TOGETHER}


def test_who_sits_nowhere_loses_nothing():
    assert lost_seats(replace(_problem(), current_host=np.full(N, UNSEATED))).why == {}
    assert lost_seats(replace(_problem(), current_host=None)).quotas == ()
