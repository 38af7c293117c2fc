from __future__ import annotations

import numpy as np
import shapely

from gis.spatial.display import bounds, centres, lines, merged, rings

SQUARE = bytes(shapely.to_wkb(shapely.box(0, 0, 2, 2)))
HOLED = bytes(shapely.to_wkb(shapely.Polygon([(0, 0), (0, 4), (4, 4), (4, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])))
POINT = bytes(shapely.to_wkb(shapely.Point(1, 2)))


def test_shells_turn_one_way_and_holes_the_other():
    found = rings([HOLED])
    areas = [_signed_area(part) for part in np.split(found.points, np.cumsum(found.size)[:-1])]
    assert areas == [16.0, -1.0]


def _signed_area(ring):
    x, y = ring[:, 0], ring[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def test_rings_know_their_owner_and_drop_the_closing_point():
    found = rings([None, SQUARE, POINT, HOLED])
    assert found.owner.tolist() == [1, 3, 3]
    assert found.size.tolist() == [4, 4, 4]


def test_nothing_gives_nothing():
    assert len(rings([]).points) == len(lines([]).points) == len(centres([])) == 0
    assert bounds([]) is None
    assert bounds([None]) is None


def test_a_centre_lies_inside_and_nothing_has_none():
    found = centres([SQUARE, None])
    assert shapely.from_wkb(SQUARE).contains(shapely.Point(found[0]))
    assert np.isnan(found[1]).all()


def test_shapes_of_one_key_become_one():
    beside = bytes(shapely.to_wkb(shapely.box(2, 0, 4, 2)))
    found = merged([SQUARE, beside, HOLED], ["a", "a", ""])
    assert list(found) == ["a"]
    assert shapely.from_wkb(found["a"]).area == 8.0
