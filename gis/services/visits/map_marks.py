"""Pins, arrows and names on the picture of a round, in pixels; whatever has no room is moved, then left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.spatial.picture import box_around, first_free, spread
from gis.store.formats.svg import element, number, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    from gis.spatial.picture import Box, Spot

    FloatArray = npt.NDArray[np.float64]

INK, DARK, PIN = "#111", "#444", "#7d1a15"
FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',SimHei,sans-serif"
PIN_PX, PIN_TEXT_PX, NAME_PX, SMALL_PX = 20.0, 12.5, 13.0, 11.0
BASE = 0.36  # of the size of a text, from its middle down to its base line
MOVED_PX = 6.0  # a pin farther than this from its place points back at it
ARROW_PX, LEAST_LEG_PX = 5.5, 24.0
NAME_SHARES = (0.5, 0.35, 0.65, 0.2, 0.8)
ARROW_SHARES = (0.55, 0.35, 0.75, 0.2)
MOST_STREETS = 14
HALO = {"fill": INK, "stroke": "#fff", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke"}


@dataclass(frozen=True, slots=True)
class Pin:
    """The stops at one place: `numbers` are those of the list."""

    numbers: tuple[int, ...]
    at: Spot

    @property
    def label(self) -> str:
        """What stands on the pin: `3–5、9`."""
        return said_numbers(self.numbers)

    @property
    def size(self) -> Spot:
        """Width and height."""
        return max(PIN_PX, text_width(self.label, PIN_TEXT_PX) + 10), PIN_PX


@dataclass(frozen=True, slots=True)
class Name:
    """A name to write: at a place, or along a course of shape (k, 2) where it has one."""

    text: str
    at: Spot
    is_wanted: bool = False
    course: FloatArray | None = None


def said_numbers(numbers: Iterable[int]) -> str:
    """Write numbers short: consecutive ones as a range."""
    runs: list[list[int]] = []
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        runs.append([value for _, value in run])
    return "、".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else "、".join(map(str, run))  # noqa: PLR2004  # a range of three or more
        for run in runs
    )


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text."""
    return size * sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in text)  # noqa: PLR2004  # where Chinese begins


def draw_pins(pins: Sequence[Pin], within: Box, taken: Sequence[Box]) -> tuple[str, list[Box]]:
    """Draw the pins apart from one another; also return the boxes they cover."""
    spots = spread([pin.at for pin in pins], [pin.size for pin in pins], within, taken)
    lines, bodies, labels, boxes = [], [], [], list(taken)
    for pin, at in zip(pins, spots, strict=True):
        box = box_around(at, pin.size)
        boxes.append(box)
        if math.dist(at, pin.at) > MOVED_PX:
            lines.append(element("path", {"d": f"M{_pair(at)}L{_pair(pin.at)}"}))
            lines.append(element("circle", {"cx": pin.at[0], "cy": pin.at[1], "r": 2.2, "fill": INK}))
        shape = {"x": box[0], "y": box[1], "width": pin.size[0], "height": pin.size[1], "rx": PIN_PX / 2}
        bodies.append(element("rect", shape))
        labels.append(words({"x": at[0], "y": at[1] + PIN_TEXT_PX * BASE}, pin.label))
    thin = {"stroke": INK, "stroke-width": 1.2}
    body = {"fill": PIN, "stroke": "#fff", "stroke-width": 1.5}
    text = {"font-size": PIN_TEXT_PX, "font-weight": "bold", "fill": "#fff", "text-anchor": "middle"}
    drawn = [element("g", thin, "".join(lines))] if lines else []
    return "".join([*drawn, element("g", body, "".join(bodies)), element("g", text, "".join(labels))]), boxes


def _pair(at: Spot) -> str:
    return f"{number(at[0])} {number(at[1])}"


def draw_start(at: Spot) -> tuple[str, Box]:
    """Draw where the team sets out."""
    box = box_around(at, (18.0, 18.0))
    frame = {"x": box[0], "y": box[1], "width": 18, "height": 18, "fill": "#fff", "stroke": INK, "stroke-width": 2}
    text = {"x": at[0], "y": at[1] + SMALL_PX * BASE + 0.5, "font-size": 12, "font-weight": "bold", "fill": INK}
    return element("rect", frame) + words({**text, "text-anchor": "middle"}, "起"), box


def draw_arrows(courses: Iterable[FloatArray]) -> str:
    """Draw an arrow on each way that is long enough to hold one, clear of those of the way back."""
    parts: list[str] = []
    middles: list[Spot] = []
    for course in courses:
        line = shapely.LineString(course)
        for share in ARROW_SHARES if line.length >= LEAST_LEG_PX else ():
            corners = _arrow(line, line.length * share)
            middle = (float(corners[:, 0].mean()), float(corners[:, 1].mean())) if len(corners) else (0.0, 0.0)
            if len(corners) and all(math.dist(middle, other) > 3 * ARROW_PX for other in middles):
                middles.append(middle)
                parts.append("M" + "L".join(_pair((float(x), float(y))) for x, y in corners) + "z")
                break
    style = {"fill": INK, "stroke": "#fff", "stroke-width": 1}
    return element("path", {"d": "".join(parts), **style}) if parts else ""


def _arrow(line: shapely.LineString, at: float) -> FloatArray:
    """Return the three corners of an arrow; none at a sharp bend."""
    tip = shapely.get_coordinates(line.interpolate(at + ARROW_PX))[0]
    tail = shapely.get_coordinates(line.interpolate(at - ARROW_PX))[0]
    along = tip - tail
    length = float(np.hypot(*along))
    if length < 1.6 * ARROW_PX:
        return np.empty((0, 2))
    side = np.array([-along[1], along[0]]) / length * ARROW_PX
    return np.stack([tip, tail + side, tail - side])


def draw_names(names: Iterable[Name], within: Box, boxes: list[Box]) -> str:
    """Write the names that find room, the wanted ones first; `boxes` grows by what is covered."""
    parts = []
    for name in sorted(names, key=lambda one: not one.is_wanted):
        size = NAME_PX if name.is_wanted else SMALL_PX
        extent = (text_width(name.text, size) + 2, size + 3)
        at = first_free(_around(name.at, extent), extent, within, boxes)
        if at is not None:
            boxes.append(box_around(at, extent))
            weight = {"font-weight": "bold"} if name.is_wanted else {}
            parts.append(words({"x": at[0], "y": at[1] + size * BASE, "font-size": size, **weight}, name.text))
    return element("g", {**HALO, "text-anchor": "middle"}, "".join(parts)) if parts else ""


def draw_street_names(names: Iterable[Name], within: Box, boxes: list[Box], walk: shapely.Geometry) -> str:
    """Write the names of streets along them where they find room and do not hide the walk."""
    parts: list[str] = []
    for name in names:
        spot = _along(name, within, boxes, walk)
        if spot is not None and len(parts) < MOST_STREETS:
            at, angle = spot
            turn = f"rotate({number(angle)} {number(at[0])} {number(at[1])})"
            parts.append(words({"x": at[0], "y": at[1] + SMALL_PX * BASE, "transform": turn}, name.text))
    style = {**HALO, "fill": DARK, "font-size": SMALL_PX, "text-anchor": "middle"}
    return element("g", style, "".join(parts)) if parts else ""


def _around(at: Spot, extent: Spot) -> Iterator[Spot]:
    """Yield spots near a place: on it, below, above, beside, farther."""
    for far in (0.0, 1.0, 1.6, 2.4):
        up, side = far * (extent[1] + 8), far * (extent[0] / 2 + 14)
        if not far:
            yield at
            continue
        yield from ((at[0], at[1] + up), (at[0], at[1] - up), (at[0] + side, at[1]), (at[0] - side, at[1]))


def _along(name: Name, within: Box, boxes: list[Box], walk: shapely.Geometry) -> tuple[Spot, float] | None:
    """Return where a name fits along its course and at what angle; None where it does not."""
    if name.course is None:
        return None
    line = shapely.LineString(name.course)
    width = text_width(name.text, SMALL_PX)
    for share in NAME_SHARES:
        from_, to = line.length * share - width / 2, line.length * share + width / 2
        if from_ < 0 or to > line.length:
            continue
        a, b = (shapely.get_coordinates(line.interpolate(m))[0] for m in (from_, to))
        is_bent = math.dist(a, b) < width * 0.93
        if is_bent or shapely.LineString([a, b]).distance(walk) < SMALL_PX:
            continue
        angle = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
        angle -= 180 * round(angle / 180)  # never upside down
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        lean = math.radians(angle)
        wide = abs(width * math.cos(lean)) + SMALL_PX * abs(math.sin(lean))
        high = abs(width * math.sin(lean)) + SMALL_PX * abs(math.cos(lean))
        at = first_free([(float(middle[0]), float(middle[1]))], (wide, high), within, boxes)
        if at is not None:
            boxes.append(box_around(at, (wide, high)))
            return at, angle
    return None
