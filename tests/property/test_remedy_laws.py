"""Laws of remedies: what is said to seat a member does, nobody losing a seat, and nothing smaller of its kind does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings

from gis.planning.changes import ChangeKind
from gis.planning.explain import explain_plan
from gis.planning.grouping import solve_grouping
from gis.planning.problem import NO_LOCK, UNSEATED
from gis.planning.remedies import Seating, smallest_remedies
from tests.property.grouping_cases import allowed, problems, score_of, wished_problems

SMALL = settings(max_examples=60, deadline=None)


def changed(problem, kind, place, value):
    name = {
        ChangeKind.RELEASE_LOCK: "locked_host",
        ChangeKind.MORE_SEATS: "capacity",
        ChangeKind.STEP_FREE: "is_step_free",
        ChangeKind.LONGER_LIMIT: "limit_m",
        ChangeKind.LEADER: "can_lead",
    }[kind]
    array = getattr(problem, name).copy()
    array[place] = array[place] + value if kind in {ChangeKind.MORE_SEATS, ChangeKind.LONGER_LIMIT} else value
    return replace(problem, **{name: array})


def after(problem, member, change):
    """Apply a change, written down apart from the product's own way of doing it."""
    place, value = {
        ChangeKind.RELEASE_LOCK: (member, NO_LOCK),
        ChangeKind.MORE_SEATS: (change.host, change.amount),
        ChangeKind.STEP_FREE: (change.host, True),
        ChangeKind.LONGER_LIMIT: (member, change.amount),
        ChangeKind.LEADER: (change.other, True),
    }[change.kind]
    return changed(problem, change.kind, place, value)


def smaller(problem, member, change):
    """List the problems with one less of the same kind, wherever it is."""
    if change.amount <= 1:
        return []
    if change.kind is ChangeKind.LONGER_LIMIT:
        return [changed(problem, change.kind, member, change.amount - 1)]
    if change.kind is ChangeKind.MORE_SEATS:
        return [changed(problem, change.kind, j, change.amount - 1) for j in range(problem.n_hosts)]
    return []


def can_be_seated(problem, host, member):
    """Try all plans that seat the member and everybody who has a seat."""
    must = [i == member or host[i] != UNSEATED for i in range(problem.n_members)]
    choices = [
        ([] if must[i] else [UNSEATED]) + [j for j in range(problem.n_hosts) if allowed(problem, i, j)]
        for i in range(problem.n_members)
    ]
    return any(score_of(problem, np.array(seats)) is not None for seats in product(*choices))


@SMALL
@given(problems(members=7, hosts=3))
def test_a_remedy_seats_the_member_and_nothing_smaller_does(problem):
    host = solve_grouping(problem, seconds=30, seed=0).host
    seating = Seating(problem, host, lambda: 30.0)
    for out in explain_plan(problem, host).unseated:
        assert not can_be_seated(problem, host, out.member)
        for remedy in smallest_remedies(seating, out.member, out.changes):
            assert not remedy.others_stay
            if remedy.change.kind is ChangeKind.MORE_MEMBERS:
                continue
            assert can_be_seated(after(problem, out.member, remedy.change), host, out.member)
            assert not any(can_be_seated(p, host, out.member) for p in smaller(problem, out.member, remedy.change))


@SMALL
@given(wished_problems(members=6, hosts=3, fair=0))
def test_a_remedy_keeps_every_wish(problem):
    host = solve_grouping(problem, seconds=30, seed=0).host
    seating = Seating(problem, host, lambda: 30.0)
    for out in explain_plan(problem, host).unseated:
        for remedy in smallest_remedies(seating, out.member, out.changes):
            if not remedy.others_stay and remedy.change.kind is not ChangeKind.MORE_MEMBERS:
                assert can_be_seated(after(problem, out.member, remedy.change), host, out.member)
                assert not any(can_be_seated(p, host, out.member) for p in smaller(problem, out.member, remedy.change))


@SMALL
@given(problems(members=7, hosts=3))
def test_what_is_known_with_others_staying_is_never_lost(problem):
    host = solve_grouping(problem, seconds=30, seed=0).host
    for out in explain_plan(problem, host).unseated:
        found = smallest_remedies(Seating(problem, host, lambda: 30.0), out.member, out.changes)
        assert bool(found) or not out.changes
        late = smallest_remedies(Seating(problem, host, lambda: 0.0), out.member, out.changes)
        assert all(one.others_stay and one.change in out.changes for one in late)
