"""Names on a printed map: which are candidates at its zoom, and which find room (names.js, labels.js)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.services.map_print.marks import VENUE
from gis.services.visits.map_marks import FONT, text_width
from gis.spatial.display import bounds, centres, merged
from gis.spatial.mercator import world
from gis.store.formats.svg import element, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    from gis.model.territory import Building, Estate, Grid
    from gis.services.map_print.scene import DrawnPlace, Scene
    from gis.spatial.mercator import MercatorWindow
    from gis.spatial.picture import Box

    FloatArray = npt.NDArray[np.float64]

COMMUNITIES_TO, GRIDS_TO = 14.75, 17.0  # zooms, as on the screen
ESTATES_FROM, VENUES_FROM, BUILDINGS_FROM = 14.5, 15.0, 17.0
BASE = 0.36  # of the size of a text, from its middle down to its base line
GAP_PX = 3.0
VENUE_SHIFT_PX = 20.0  # clear of the largest symbol
INK = {"grid": "#6a5f4b", "community": "#5c5138", "estate": "#3d4248", "building": "#5b5f65", "venue": VENUE}


@dataclass(frozen=True, slots=True)
class Label:
    """A name at a place, `shift` pixels lower; dropped where it is wider than `room`."""

    text: str
    lonlat: tuple[float, float]
    colour: str
    size: float
    weight: int = 400
    shift: float = 0.0
    room: float = np.inf


def draw_labels(window: MercatorWindow, scene: Scene, taken: Sequence[tuple[float, float, float]], kept: Box) -> str:
    """Write the names that find room beside the marks in `taken` (x, y, radius) and outside the box `kept`."""
    boxes = [np.array([x - r - 1, y - r - 1, x + r + 1, y + r + 1]) for x, y, r in taken]
    placed = _Placed([*boxes, np.array(kept)])
    drawn = []
    for label in _candidates(window, scene):
        ((x, y),) = window.to_px(np.array([label.lonlat])).tolist()
        y += label.shift
        half, high = text_width(label.text, label.size) / 2 + GAP_PX, label.size / 2 + GAP_PX
        box = np.array([x - half, y - high, x + half, y + high])
        is_inside = box[0] >= 0 and box[1] >= 0 and box[2] <= window.width and box[3] <= window.height
        if label.text and 2 * half <= label.room and is_inside and placed.take(box):
            look = {"x": x, "y": y + label.size * BASE, "font-size": label.size, "fill": label.colour}
            drawn.append(words({**look, **({"font-weight": label.weight} if label.weight != 400 else {})}, label.text))  # noqa: PLR2004  # the plain weight
    halo = {"stroke": "#fff", "stroke-opacity": 0.92, "stroke-width": 3, "stroke-linejoin": "round"}
    style = {**halo, "paint-order": "stroke", "text-anchor": "middle", "font-family": FONT}
    return element("g", style, "".join(drawn)) if drawn else ""


class _Placed:
    """Boxes that are taken, in one array that grows."""

    def __init__(self, boxes: Sequence[FloatArray]) -> None:
        self.count = len(boxes)
        self.boxes = np.empty((2 * self.count + 64, 4))
        self.boxes[: self.count] = np.array(boxes)

    def take(self, box: FloatArray) -> bool:
        """Take a box if it is free."""
        known = self.boxes[: self.count]
        apart = (box[0] > known[:, 2]) | (box[2] < known[:, 0]) | (box[1] > known[:, 3]) | (box[3] < known[:, 1])
        if not apart.all():
            return False
        if self.count == len(self.boxes):
            self.boxes = np.concatenate([self.boxes, np.empty_like(self.boxes)])
        self.boxes[self.count] = box
        self.count += 1
        return True


def _candidates(window: MercatorWindow, scene: Scene) -> Iterator[Label]:
    """Yield the names in sight, the important first."""
    zoom = window.zoom
    if zoom >= VENUES_FROM:
        yield from _venues(scene.places)
    if zoom < COMMUNITIES_TO:
        yield from _communities(scene)
    elif zoom < GRIDS_TO:
        yield from _grids(window, scene.grids)
    if zoom >= ESTATES_FROM:
        yield from _estates(scene.estates)
    if zoom >= BUILDINGS_FROM:
        yield from _buildings(window, scene.buildings)


def _venues(places: Iterable[DrawnPlace]) -> Iterator[Label]:
    for place in places:
        if place.kind == "venue":
            yield Label(place.name, (place.lon, place.lat), INK["venue"], 12, 600, shift=VENUE_SHIFT_PX)


def _communities(scene: Scene) -> Iterator[Label]:
    names = {division.code: division.name for division in scene.divisions}
    whole = merged([grid.shape for grid in scene.grids], [grid.community_code for grid in scene.grids])
    for code, at in zip(whole, _points(list(whole.values())), strict=True):
        if at is not None:
            yield Label(names.get(code, ""), at, INK["community"], 14, 600)


def _grids(window: MercatorWindow, grids: Sequence[Grid]) -> Iterator[Label]:
    for grid, at in zip(grids, _points([grid.shape for grid in grids]), strict=True):
        box = bounds([grid.shape])
        if at is not None and box is not None:
            ends = world(np.array([[box[0], box[1]], [box[2], box[3]]]))
            room = float(ends[1, 0] - ends[0, 0]) * window.scale * 1.05
            yield Label(grid.name, at, INK["grid"], 12, room=room)


def _estates(estates: Sequence[Estate]) -> Iterator[Label]:
    for estate, at in zip(estates, _points([estate.shape for estate in estates]), strict=True):
        if at is not None:
            yield Label(estate.name, at, INK["estate"], 13, 600)


def _buildings(window: MercatorWindow, buildings: Sequence[Building]) -> Iterator[Label]:
    middles = centres([building.shape for building in buildings])
    is_there = ~np.isnan(middles[:, 0])
    is_there[is_there] = window.is_inside(window.to_px(middles[is_there]))
    for row in np.flatnonzero(is_there).tolist():
        yield Label(buildings[row].building_no, (float(middles[row, 0]), float(middles[row, 1])), INK["building"], 11)


def _points(shapes: Sequence[bytes | None]) -> list[tuple[float, float] | None]:
    return [None if np.isnan(x) else (float(x), float(y)) for x, y in centres(shapes)]
