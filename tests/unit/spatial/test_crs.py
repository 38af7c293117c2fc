"""Declared systems, the shifted ones, and the metric zone to measure in."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS

from gis.errors import InputError
from gis.spatial.crs import (
    contradiction,
    metric_crs,
    metric_epsg,
    outside_reason,
    parse_crs,
    points_to_metric,
    points_to_store,
    to_store,
)
from gis.spatial.gcj import gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

CHANGZHOU = np.array([[119.99, 31.80]])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EPSG:4490", "EPSG:4490"),
        ("epsg：4549", "EPSG:4549"),
        ("4326", "EPSG:4326"),
        ("wgs84", "EPSG:4326"),
        (" CGCS2000 ", "EPSG:4490"),
        ("urn:ogc:def:crs:EPSG::4528", "EPSG:4528"),
        ("gcj02", "GCJ-02"),
        ("GCJ-02", "GCJ-02"),
        ("bd09", "BD-09"),
    ],
)
def test_a_declared_system_is_understood_in_its_usual_spellings(text: str, name: str):
    assert parse_crs(text).name == name


@pytest.mark.parametrize("text", ["", None, "未知", "unknown", "不详", "EPSG:", "地方坐标系", "EPSG:9999"])
def test_an_unknown_system_is_refused(text: str | None):
    with pytest.raises(InputError, match="坐标系"):
        parse_crs(text)


@pytest.mark.parametrize("epsg", ["2437", "EPSG:2385", "4214", "4610"])
def test_old_datums_are_refused_because_their_parameters_are_not_public(epsg: str):
    with pytest.raises(InputError, match="国家2000"):
        parse_crs(epsg)


def test_heights_and_three_dimensional_systems_are_refused():
    for code in ("5773", "4979"):
        with pytest.raises(InputError, match="不是平面"):
            parse_crs(code)


def test_gcj02_agrees_with_the_published_check_value():
    shifted = wgs84_to_gcj02(np.array([[120.0, 40.0]]))
    assert shifted[0] == pytest.approx((120.005676, 40.001305), abs=5e-7)


def test_the_shifts_are_504_and_1165_metres_at_changzhou():
    for shift, metres in ((wgs84_to_gcj02, 504), (wgs84_to_bd09, 1165)):
        pair = points_to_metric(np.vstack([CHANGZHOU, shift(CHANGZHOU)]), 4549)
        assert np.hypot(*(pair[1] - pair[0])) == pytest.approx(metres, abs=1)


def test_points_outside_the_shifted_box_stay_where_they_are():
    helsinki = np.array([[24.94, 60.17]])
    assert gcj02_to_wgs84(helsinki) == pytest.approx(helsinki)


def test_the_metric_zone_goes_by_longitude():
    assert [metric_epsg(lon) for lon in (75.0, 116.3, 118.6, 120.0, 121.4, 121.6, 135.0)] == [
        4534, 4548, 4549, 4549, 4549, 4550, 4554,
    ]  # fmt: skip
    assert metric_crs(120.0).name == "CGCS2000 / 3-degree Gauss-Kruger CM 120E"


def test_a_projected_point_comes_back_as_longitude_then_latitude():
    stored = points_to_store(np.array([[500_000.0, 3_520_000.0]]), parse_crs("EPSG:4549"))
    assert stored[0] == pytest.approx((120.0, 31.803), abs=0.01)


def test_geometries_lose_their_heights_and_none_stays_none():
    shapes = np.array([shapely.from_wkt("POINT Z (119.9 31.8 12)"), None], dtype=object)
    stored = to_store(shapes, parse_crs("4490"))
    assert stored[0].wkt == "POINT (119.9 31.8)"
    assert stored[1] is None


@pytest.mark.parametrize(
    ("point", "crs", "words"),
    [
        ((501_000.0, 3_520_000.0), "EPSG:4490", "像是投影坐标"),
        ((119.9, 31.8), "EPSG:4549", "像是经纬度"),
        ((31.8, 119.9), "EPSG:4490", "填反"),
        ((2.35, 48.85), "EPSG:4490", "不在中国范围内"),
        ((float("nan"), 31.8), "EPSG:4490", "不是有效的数"),
    ],
)
def test_coordinates_outside_china_say_what_is_likely_wrong(point: tuple[float, float], crs: str, words: str):
    declared, source = parse_crs(crs), np.array([point])
    assert words in outside_reason(source, points_to_store(source, declared), declared)


def test_a_files_own_system_is_compared_on_its_own_coordinates():
    metres = np.array([[500_000.0, 3_520_000.0]])
    gk = CRS.from_wkt(CRS.from_epsg(4549).to_wkt("WKT1_ESRI"))
    assert contradiction(gk, parse_crs("4549"), metres) == ""
    assert "EPSG:4549" in contradiction(gk, parse_crs("4548"), metres)
    assert contradiction(CRS.from_epsg(4326), parse_crs("4490"), CHANGZHOU) == ""
    assert "不一致" in contradiction(CRS.from_epsg(4326), parse_crs("4549"), CHANGZHOU)
    assert contradiction(CRS.from_epsg(4326), parse_crs("gcj02"), CHANGZHOU) == ""
    assert "不一致" in contradiction(CRS.from_epsg(4549), parse_crs("gcj02"), metres)
    assert "不一致" in contradiction(CRS.from_epsg(4214), parse_crs("4490"), CHANGZHOU)
