"""Laws of the coordinate systems."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.spatial.crs import metric_epsg, points_to_display, points_to_metric
from gis.spatial.gcj import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

LON = st.floats(74.0, 134.9)
LAT = st.floats(4.0, 53.0)
CENTIMETRE_DEG = 0.01 / 111_320


@given(LON, LAT)
def test_to_metric_and_back_is_within_a_centimetre(lon: float, lat: float):
    point = np.array([[lon, lat]])
    zone = metric_epsg(lon)
    assert np.abs(points_to_display(points_to_metric(point, zone), zone) - point).max() < CENTIMETRE_DEG


@given(LON, LAT)
def test_the_shifted_systems_are_undone_exactly(lon: float, lat: float):
    point = np.array([[lon, lat]])
    assert np.abs(gcj02_to_wgs84(wgs84_to_gcj02(point)) - point).max() < 1e-7
    assert np.abs(bd09_to_wgs84(wgs84_to_bd09(point)) - point).max() < 1e-7
