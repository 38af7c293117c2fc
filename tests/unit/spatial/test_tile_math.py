"""Which pixel of which tile shows a place, in plain tiles and in shifted ones."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gis.spatial.gcj import gcj02_to_wgs84, wgs84_to_gcj02
from gis.spatial.tile_math import TILE_PIXELS, pixel_m, shifted_pixel, world_pixel


def test_the_tile_of_a_place_is_the_one_that_everybody_uses():
    """Zoom 17 over 119.97 E, 31.77 N by the formula of the slippy map, written out on its own."""
    lon, lat, many = 119.97, 31.77, 1 << 17
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * many
    x, y = world_pixel(lon, lat, 17)
    assert x / TILE_PIXELS == pytest.approx((lon + 180) / 360 * many)
    assert y / TILE_PIXELS == pytest.approx(row)


def test_a_known_place_is_shifted_as_the_provinces_maps_shift_it():
    """Tian'anmen's flag pole: 116.391265, 39.907356 in WGS84 stands at 116.397508, 39.908760 in GCJ-02 maps."""
    x, y = shifted_pixel(116.391265, 39.907356, 18)
    east, north = world_pixel(116.397508, 39.908760, 18)
    assert math.hypot(x - east, y - north) * pixel_m(39.9, 18) < 2.0


def test_a_hundred_places_come_back_within_ten_centimetres():
    chance = np.random.default_rng(6)
    places = np.column_stack([chance.uniform(75, 134, 100), chance.uniform(18, 53, 100)])
    back = gcj02_to_wgs84(wgs84_to_gcj02(places)) - places
    assert np.abs(back).max() * 111_320 < 0.1
