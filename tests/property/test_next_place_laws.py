"""Where the next host helps most: equal to trying everything; the order of places and members changes nothing."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.planning.next_places import NewPlace, PlaceGain, gain_of, pick_in_turn, rank_places
from gis.planning.seats import OUTSIDE, seat_all, with_place


@st.composite
def streets(draw, most_members=5, most_places=3):
    n, m = draw(st.integers(1, most_members)), draw(st.integers(1, most_places))
    metres = st.one_of(st.integers(0, 30).map(float), st.just(float("inf")))
    walk = np.array([[draw(metres) for _ in range(m)] for _ in range(n)])
    seats = np.array([draw(st.integers(0, 3)) for _ in range(m)], dtype=np.int64)
    return walk, seats


def best_by_trying(walk, seats):
    """Try every seating; return the fewest unseated, then the least metres."""
    n, m = walk.shape
    scores = []
    for choice in product(range(-1, m), repeat=n):
        chosen = np.array(choice)
        on = chosen >= 0
        metres = float(walk[np.flatnonzero(on), chosen[on]].sum())
        if np.isfinite(metres) and (np.bincount(chosen[on], minlength=m) <= seats).all():
            scores.append((int((~on).sum()), round(metres, 1)))
    return min(scores)


def value(seating):
    return seating.unseated, seating.walk_dm / 10


@given(streets())
def test_a_seating_equals_trying_everything(street):
    walk, seats = street
    seating = seat_all(walk, seats)
    assert value(seating) == best_by_trying(walk, seats)
    used = np.bincount(seating.place, minlength=len(seats) + 1)[1:]
    assert (used <= seats).all()
    for i, j in enumerate(seating.place):
        assert j == OUTSIDE or np.isfinite(walk[i, j - 1])


@given(streets(), st.data())
def test_the_best_next_place_equals_trying_everything(street, data):
    walk, seats = street
    fixed = data.draw(st.integers(0, len(seats) - 1))
    seating = seat_all(walk[:, :fixed], seats[:fixed])
    new = [NewPlace(f"{j}", walk[:, j], int(seats[j])) for j in range(fixed, len(seats))]
    ranked = rank_places(seating, new, 3)
    before = best_by_trying(walk[:, :fixed], seats[:fixed])
    expected = []
    for one in new:
        columns = [*range(fixed), int(one.key)]
        after = best_by_trying(walk[:, columns], seats[columns])
        expected.append((after[0] - before[0], round(after[1] - before[1], 1), one.key))
    helping = sorted(one for one in expected if one[0] < 0 or one[1] < 0)
    assert [(-one.more_seated, one.more_m, one.key) for one in ranked] == helping


@given(streets(most_members=12, most_places=6), st.integers(1, 4))
def test_picking_by_bounds_equals_picking_with_everything_computed(street, most):
    walk, seats = street
    seating = seat_all(walk[:, :1], seats[:1])
    new = [NewPlace(f"{j}", walk[:, j], int(seats[j])) for j in range(1, len(seats))]
    expected: list[PlaceGain] = []
    now, rest = seating, list(new)
    while rest and len(expected) < most:
        best = min((gain_of(now, one) for one in rest), key=lambda gain: (gain.change, gain.key))
        if best.change >= 0:
            break
        expected.append(best)
        chosen = next(one for one in rest if one.key == best.key)
        now, rest = with_place(now, chosen.walk_m, chosen.seats), [one for one in rest if one is not chosen]
    assert list(pick_in_turn(seating, new, most)) == expected


@given(streets(most_members=12, most_places=6))
def test_no_place_saves_more_than_its_bound(street):
    walk, seats = street
    seating = seat_all(walk[:, :2], seats[:2])
    for j in range(2, len(seats)):
        one = NewPlace(f"{j}", walk[:, j], int(seats[j]))
        assert seating.bound(one.walk_m, one.seats) <= gain_of(seating, one).change <= 0


@given(streets(most_members=10, most_places=5), st.randoms(use_true_random=False))
def test_the_order_of_places_and_members_changes_nothing(street, random):
    walk, seats = street
    rows, columns = list(range(len(walk))), list(range(len(seats)))
    random.shuffle(rows)
    random.shuffle(columns)
    turned = seat_all(walk[np.ix_(rows, columns)], seats[columns])
    assert value(turned) == value(seat_all(walk, seats))
