"""A picture of a piece of ground: from metres to pixels, what is in sight, and marks and names that do not collide.

Pixels count from the top left, y downwards. A box is (left, top, right, bottom).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    GeometryArray = npt.NDArray[Any]

Box = tuple[float, float, float, float]
Spot = tuple[float, float]

LEAST_WIDTH_M = 260.0  # a round within one yard still shows the streets around it
ROOM_SHARE = 0.09  # of the picture kept free around what must be seen
RING_STEP, RINGS, RAYS = 7.0, 40, 16
NICE_M = (10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True)
class Window:
    """Which metres the picture shows: its top left corner, pixels to a metre, and its size in pixels."""

    west: float
    north: float
    px_per_m: float
    width: int
    height: int

    def to_px(self, xy: FloatArray) -> FloatArray:
        """Turn metres, shape (n, 2), into pixels."""
        at = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        return np.column_stack([(at[:, 0] - self.west) * self.px_per_m, (self.north - at[:, 1]) * self.px_per_m])

    def shapes_to_px(self, shapes: GeometryArray) -> GeometryArray:
        """Turn geometries in metres into pixels."""
        moved: GeometryArray = shapely.transform(shapes, self.to_px)
        return moved

    def in_sight(self, shapes: GeometryArray) -> npt.NDArray[np.bool_]:
        """Tell which geometries (None allowed) may touch the picture."""
        west, south, east, north = shapely.bounds(shapes).T
        right, bottom = self.west + self.width / self.px_per_m, self.north - self.height / self.px_per_m
        return np.asarray((west < right) & (east > self.west) & (south < self.north) & (north > bottom))


def window_around(xy: FloatArray, width: int, height: int) -> Window:
    """Choose the window of this size, in pixels, that shows all points with room around them.

    Parameters
    ----------
    xy
        Shape (n, 2), metres, n at least 1.
    """
    low, high = np.min(xy, axis=0), np.max(xy, axis=0)
    span = (high - low) / (1 - 2 * ROOM_SHARE)
    metres_to_px = max(float(span[0]) / width, float(span[1]) / height, LEAST_WIDTH_M / width)
    middle = (low + high) / 2
    west, north = middle[0] - metres_to_px * width / 2, middle[1] + metres_to_px * height / 2
    return Window(float(west), float(north), 1 / metres_to_px, width, height)


def bar_m(window: Window, most_px: float) -> int:
    """Return the longest round number of metres whose scale bar is at most `most_px` long."""
    return max((m for m in NICE_M if m * window.px_per_m <= most_px), default=NICE_M[0])


def overlaps(one: Box, other: Box, gap: float = 0.0) -> bool:
    """Tell whether two boxes come closer than `gap`."""
    return one[0] < other[2] + gap and other[0] < one[2] + gap and one[1] < other[3] + gap and other[1] < one[3] + gap


def box_around(at: Spot, size: Spot) -> Box:
    """Return the box of a size around its middle."""
    return (at[0] - size[0] / 2, at[1] - size[1] / 2, at[0] + size[0] / 2, at[1] + size[1] / 2)


def spread(anchors: Sequence[Spot], sizes: Sequence[Spot], within: Box, taken: Iterable[Box] = ()) -> list[Spot]:
    """Place a box near each anchor so that none covers another; earlier ones stand nearer to their anchor.

    Each takes the nearest free spot on rings around its anchor. Where there is none at all (a picture fuller than
    can be), it stays at its anchor.

    Parameters
    ----------
    anchors, sizes
        Where each should be, and its width and height.
    within
        The box that all stay in.
    taken
        Boxes that nothing may cover.
    """
    placed = list(taken)
    found: list[Spot] = []
    for anchor, size in zip(anchors, sizes, strict=True):
        at = next((spot for spot in _rings(anchor, size, within) if _is_free(spot, size, placed)), anchor)
        found.append(at)
        placed.append(box_around(at, size))
    return found


def first_free(spots: Iterable[Spot], size: Spot, within: Box, placed: Sequence[Box], gap: float = 2.0) -> Spot | None:
    """Return the first spot where a box lies inside and covers nothing; None where there is none."""
    return next((s for s in spots if _is_inside(box_around(s, size), within) and _is_free(s, size, placed, gap)), None)


def _is_free(at: Spot, size: Spot, placed: Sequence[Box], gap: float = 1.0) -> bool:
    box = box_around(at, size)
    return not any(overlaps(box, other, gap) for other in placed)


def _is_inside(box: Box, within: Box) -> bool:
    return box[0] >= within[0] and box[1] >= within[1] and box[2] <= within[2] and box[3] <= within[3]


def _rings(anchor: Spot, size: Spot, within: Box) -> Iterator[Spot]:
    """Yield spots farther and farther from the anchor, moved into the picture."""
    half = (size[0] / 2, size[1] / 2)
    for ring in range(RINGS):
        for ray in range(RAYS if ring else 1):
            angle = 2 * math.pi * (ray / RAYS - 0.25)
            x, y = anchor[0] + ring * RING_STEP * math.cos(angle), anchor[1] + ring * RING_STEP * math.sin(angle)
            yield (
                min(max(x, within[0] + half[0]), within[2] - half[0]),
                min(max(y, within[1] + half[1]), within[3] - half[1]),
            )
