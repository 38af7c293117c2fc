from __future__ import annotations

from gis.model.access import Actor, Role, operator, scope_for
from gis.model.ids import GridId
from gis.services.map_layers import suppressed

LEADER = Actor("l", Role.STREET_LEADER, scope_for(Role.STREET_LEADER, frozenset()))
A, B, C, D = (GridId(n) for n in range(1, 5))


def test_counts_below_three_are_blank_for_roles_that_count():
    assert suppressed(LEADER, {A: 1, B: 2, C: 3, D: 0}) == {A: None, B: None, C: None, D: 0}  # 3 in two are 1 and 2


def test_a_single_blank_would_be_given_away_by_the_total():
    assert suppressed(LEADER, {A: 2, B: 9, C: 5}) == {A: None, B: 9, C: None}


def test_without_small_counts_nothing_is_blank():
    assert suppressed(LEADER, {A: 3, B: 9}) == {A: 3, B: 9}


def test_roles_that_see_members_see_all_counts():
    assert suppressed(operator(), {A: 1}) == {A: 1}
