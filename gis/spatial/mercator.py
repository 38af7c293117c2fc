"""A rectangle of the Web Mercator map: from degrees to pixels of a picture, y downwards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.spatial.tile_math import EARTH_M, TILE_PIXELS

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

MAX_LATITUDE = 85.0
Box = tuple[float, float, float, float]


def world(lonlat: FloatArray) -> FloatArray:
    """Turn degrees, shape (n, 2), into shares of the world's square from its north-west corner."""
    at = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    sine = np.sin(np.radians(np.clip(at[:, 1], -MAX_LATITUDE, MAX_LATITUDE)))
    return np.column_stack([(at[:, 0] + 180.0) / 360.0, 0.5 - np.log((1.0 + sine) / (1.0 - sine)) / (4.0 * math.pi)])


@dataclass(frozen=True, slots=True)
class MercatorWindow:
    """Which part of the map a picture shows: its top left corner and pixels to the world's width."""

    west: float
    north: float
    scale: float
    width: float
    height: float

    @property
    def zoom(self) -> float:
        """The zoom of web maps at which a pixel shows as much."""
        return math.log2(self.scale / TILE_PIXELS)

    @property
    def px_per_m(self) -> float:
        """Pixels to a metre of ground in the middle."""
        y = self.north + self.height / self.scale / 2
        latitude = math.atan(math.sinh(math.pi * (1.0 - 2.0 * y)))
        return self.scale / (EARTH_M * math.cos(latitude))

    def to_px(self, lonlat: FloatArray) -> FloatArray:
        """Turn degrees, shape (n, 2), into pixels."""
        moved: FloatArray = (world(lonlat) - (self.west, self.north)) * self.scale
        return moved

    def is_inside(self, px: FloatArray, margin: float = 0.0) -> npt.NDArray[np.bool_]:
        """Tell which pixels, shape (n, 2), lie in the picture or up to `margin` outside."""
        low, high = np.array([-margin, -margin]), np.array([self.width + margin, self.height + margin])
        return np.asarray(((px >= low) & (px <= high)).all(axis=1))


def window_showing(box: Box, width: float, height: float, max_zoom: float) -> MercatorWindow:
    """Return the window of this size that shows all of west, south, east, north, no nearer than `max_zoom`."""
    (west, north), (east, south) = world(np.array([[box[0], box[3]], [box[2], box[1]]]))
    nearest = TILE_PIXELS * 2.0**max_zoom
    scale = min(width / max(east - west, width / nearest), height / max(south - north, height / nearest), nearest)
    middle = ((west + east) / 2, (north + south) / 2)
    corner = middle[0] - width / scale / 2, middle[1] - height / scale / 2
    return MercatorWindow(float(corner[0]), float(corner[1]), float(scale), width, height)
