"""Tiles of Web Mercator: which tile and which pixel of it shows a place."""

from __future__ import annotations

import math

import numpy as np

from gis.spatial.gcj import wgs84_to_gcj02

TILE_PIXELS = 256
EARTH_M = 40_075_016.686  # around the equator of Web Mercator's sphere


def world_pixel(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    """Return the pixel of the whole world at a zoom, counted from the north-west corner; degrees in."""
    sine = math.sin(math.radians(lat))
    scale = TILE_PIXELS * (1 << zoom)
    return scale * (lon + 180.0) / 360.0, scale * (0.5 - math.log((1.0 + sine) / (1.0 - sine)) / (4.0 * math.pi))


def shifted_pixel(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    """Return the pixel that shows a WGS84 place in tiles cut in GCJ-02."""
    east, north = wgs84_to_gcj02(np.array([[lon, lat]]))[0]
    return world_pixel(float(east), float(north), zoom)


def pixel_m(lat: float, zoom: int) -> float:
    """Return how many metres of ground a pixel shows."""
    return EARTH_M * math.cos(math.radians(lat)) / (TILE_PIXELS * (1 << zoom))
