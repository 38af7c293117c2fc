"""GCJ-02 and BD-09, the two shifted systems of commercial maps, and their inverses by iteration.

The formulas are the public ones; the inverse is exact to 1e-9 degrees, while the published formula itself differs
from the real shift by 1-2 m (domain.md 3.5). Coordinates are longitude, latitude in degrees, shape (n, 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Points = NDArray[np.float64]

KRASOVSKY_A_M = 6_378_245.0
KRASOVSKY_E2 = 0.00669342162296594323
ORIGIN_LON, ORIGIN_LAT = 105.0, 35.0
SHIFTED_LON = (72.004, 137.8347)  # the shift is defined inside this box only
SHIFTED_LAT = (0.8293, 55.8271)
BD_PI = np.pi * 3000.0 / 180.0
BD_LON, BD_LAT = 0.0065, 0.006
INVERSE_ROUNDS = 12
INVERSE_TOLERANCE_DEG = 1e-10


def wgs84_to_gcj02(points: Points) -> Points:
    """Shift WGS84 (or CGCS2000) to GCJ-02; points outside the defined box stay as they are."""
    x, y = points[:, 0] - ORIGIN_LON, points[:, 1] - ORIGIN_LAT
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    latitude = np.radians(points[:, 1])
    bulge = 1.0 - KRASOVSKY_E2 * np.sin(latitude) ** 2
    d_lat = np.degrees(north * bulge**1.5 / (KRASOVSKY_A_M * (1.0 - KRASOVSKY_E2)))
    d_lon = np.degrees(east * np.sqrt(bulge) / (KRASOVSKY_A_M * np.cos(latitude)))
    shift = np.column_stack([d_lon, d_lat])
    return points + np.where(_is_shifted(points)[:, None], shift, 0.0)


def gcj02_to_bd09(points: Points) -> Points:
    """Shift GCJ-02 to BD-09."""
    x, y = points[:, 0], points[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BD_PI)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BD_PI)
    return np.column_stack([radius * np.cos(angle) + BD_LON, radius * np.sin(angle) + BD_LAT])


def gcj02_to_wgs84(points: Points) -> Points:
    """Undo the GCJ-02 shift."""
    return _inverse(wgs84_to_gcj02, points)


def bd09_to_wgs84(points: Points) -> Points:
    """Undo the BD-09 shift and then the GCJ-02 shift below it."""
    return gcj02_to_wgs84(_inverse(gcj02_to_bd09, points))


def wgs84_to_bd09(points: Points) -> Points:
    """Shift WGS84 to BD-09."""
    return gcj02_to_bd09(wgs84_to_gcj02(points))


def _is_shifted(points: Points) -> NDArray[np.bool_]:
    lon, lat = points[:, 0], points[:, 1]
    inside: NDArray[np.bool_] = (
        (lon > SHIFTED_LON[0]) & (lon < SHIFTED_LON[1]) & (lat > SHIFTED_LAT[0]) & (lat < SHIFTED_LAT[1])
    )
    return inside


def _inverse(forward: Callable[[Points], Points], target: Points) -> Points:
    """Solve forward(p) = target by fixed-point iteration; the shifts are contractions, each round gains 3 digits."""
    wanted = np.asarray(target, dtype=np.float64)
    found = wanted.copy()
    for _ in range(INVERSE_ROUNDS):
        step = wanted - forward(found)
        found += step
        if np.nanmax(np.abs(step), initial=0.0) < INVERSE_TOLERANCE_DEG:
            break
    return found
