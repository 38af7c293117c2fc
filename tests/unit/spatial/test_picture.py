"""Laws of marks on a picture: inside, apart, and near where they belong."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.spatial.picture import bar_m, box_around, first_free, overlaps, spread, window_around

SPOT = st.tuples(st.floats(-20, 700), st.floats(-20, 460))


@given(st.lists(st.tuples(SPOT, st.floats(20, 60)), max_size=40))
def test_marks_stay_inside_and_never_cover_one_another(given_marks):
    anchors, sizes = [spot for spot, _ in given_marks], [(width, 20.0) for _, width in given_marks]
    boxes = [box_around(at, size) for at, size in zip(spread(anchors, sizes, (0, 0, 680, 440)), sizes, strict=True)]
    assert all(b[0] >= -1e-6 and b[1] >= -1e-6 and b[2] <= 680 + 1e-6 and b[3] <= 440 + 1e-6 for b in boxes)
    assert not any(overlaps(one, other) for one, other in combinations(boxes, 2))


def test_a_mark_with_room_stays_where_it_belongs_and_the_next_moves_aside():
    assert spread([(100, 100), (100, 100)], [(20, 20), (20, 20)], (0, 0, 300, 300)) == [(100, 100), (100, 79)]


def test_a_name_without_room_is_left_out():
    assert first_free([(10, 10)], (40, 10), (0, 0, 100, 100), []) is None  # it would leave the picture
    assert first_free([(50, 50)], (40, 10), (0, 0, 100, 100), [(45, 45, 55, 55)]) is None


@pytest.mark.parametrize("spread_m", [0.0, 10.0, 1000.0, 40_000.0])
def test_the_window_shows_all_points_and_never_less_than_a_few_streets(spread_m):
    points = np.array([[500_000.0, 3_500_000.0], [500_000.0 + spread_m, 3_500_000.0 + spread_m / 3]])
    window = window_around(points, 680, 440)
    at = window.to_px(points)
    assert (at > 0).all()
    assert (at < [680, 440]).all()
    assert window.width / window.px_per_m >= 260 - 1e-6
    assert 1 <= bar_m(window, 136) * window.px_per_m <= 136 or spread_m > 10_000
