"""Every fault of a layer's geometries is found in one go, in Chinese, with its place."""

from __future__ import annotations

import numpy as np
from shapely import from_wkt

from gis.model.layers import Shape
from gis.spatial.crs import parse_crs
from gis.spatial.geometry_faults import PlaceRules, place

AREAS = PlaceRules(frozenset({Shape.POLYGON}), is_required=True, is_unique=True)
SQUARE = "POLYGON ((119.9 31.8, 119.91 31.8, 119.91 31.81, 119.9 31.81, 119.9 31.8))"
SAME_SQUARE = "POLYGON ((119.91 31.81, 119.9 31.81, 119.9 31.8, 119.91 31.8, 119.91 31.81))"
BOW_TIE = "POLYGON ((119.9 31.8, 119.91 31.81, 119.91 31.8, 119.9 31.81, 119.9 31.8))"
PARIS = "POLYGON ((2.3 48.8, 2.4 48.8, 2.4 48.9, 2.3 48.8))"


def placed(*texts: str | None, rules: PlaceRules = AREAS, crs: str = "4490"):
    shapes = np.array([from_wkt(text) if text else None for text in texts] + [None], dtype=object)[:-1]
    return place(shapes, np.zeros(len(shapes), dtype=bool), range(1, len(shapes) + 1), parse_crs(crs), rules)


def test_all_kinds_of_faults_are_reported_together():
    found = placed(SQUARE, None, "POLYGON EMPTY", "POINT (119.9 31.8)", BOW_TIE, SAME_SQUARE, PARIS)
    messages = dict(found.faults)
    assert sorted(messages) == [1, 2, 3, 4, 5, 6]
    assert "几何为空" in messages[1]
    assert "几何为空" in messages[2]
    assert "几何类型是点，应为面" in messages[3]
    assert "边界自相交" in messages[4]
    assert "119.905000, 31.805000" in messages[4]
    assert messages[5].startswith("几何与第 1 行完全相同")
    assert "不在中国范围内" in messages[6]
    assert [shape is not None for shape in found.geometry] == [True] + [False] * 6
    assert found.all_outside == ""


def test_when_nothing_is_in_china_the_declaration_is_at_fault():
    assert (
        "像是投影坐标"
        in placed("POLYGON ((500000 3500000, 500100 3500000, 500100 3500100, 500000 3500000))").all_outside
    )


def test_a_geometry_that_is_not_needed_may_be_absent():
    rules = PlaceRules(frozenset({Shape.POINT}), is_required=False, is_unique=False)
    assert placed(None, "POINT (119.9 31.8)", "POINT (119.9 31.8)", rules=rules).faults == ()
