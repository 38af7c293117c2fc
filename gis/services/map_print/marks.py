"""Members' homes, hosts, venues and groups of a printed map as SVG, in the shapes of the screen (marks.js)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.services.map_print.scene import FREE, FULL, PROPOSED, SUSPENDED
from gis.store.formats.svg import element, number, path_data, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from gis.services.map_layers import GroupPlace, Mark
    from gis.services.map_print.scene import DrawnPlace
    from gis.spatial.mercator import MercatorWindow

    FloatArray = npt.NDArray[np.float64]

#: Blue and vermilion stay apart for every kind of colour blindness (Okabe and Ito)
GROUPED, UNGROUPED, OTHER, GROUP = "#1f5fa8", "#d0501c", "#8a8f96", "#b5121b"
HOST, VENUE, LINE, OFF = "#7a4b00", "#4a3f86", "#35618f", "#6c727a"
HULL_FROM, LEADER_FROM, STEP_FREE_FROM, ROUGH_FROM = 15.5, 15, 16, 14
HULL_MARGIN_PX, LEAST_COUNTED, PLACE_PX = 13.0, 7.0, 11.0
_ORDER = {PROPOSED: 0, SUSPENDED: 0, FULL: 1, FREE: 2}


@dataclass(frozen=True, slots=True)
class Home:
    """Members at one point: `what` is grouped, ungrouped, mixed or other."""

    lon: float
    lat: float
    count: int
    what: str
    is_rough: bool


@dataclass(slots=True)
class Canvas:
    """Symbols that are each defined once, where they stand, and the room that they take (x, y, radius)."""

    window: MercatorWindow
    symbols: dict[str, str] = field(default_factory=dict)
    uses: list[str] = field(default_factory=list)
    room: list[tuple[float, float, float]] = field(default_factory=list)

    def put(self, symbol: str, lon: float, lat: float, radius: float) -> bool:
        """Put a symbol, drawn around 0, at a place; False where that lies outside the picture."""
        ((x, y),) = self.window.to_px(np.array([[lon, lat]])).tolist()
        if not (-radius < x < self.window.width + radius and -radius < y < self.window.height + radius):
            return False
        name = self.symbols.setdefault(symbol, f"s{len(self.symbols)}")
        self.uses.append(f'<use href="#{name}" x="{number(x)}" y="{number(y)}"/>')
        self.room.append((x, y, radius))
        return True

    def drawn(self) -> str:
        """Return the definitions and what uses them."""
        known = "".join(f'<g id="{name}">{symbol}</g>' for symbol, name in self.symbols.items())
        return f"<defs>{known}</defs>{''.join(self.uses)}" if self.uses else ""


def gather(marks: Iterable[Mark]) -> list[Home]:
    """Join members at one point, as the screen does (street.js)."""
    together: dict[tuple[float, float, str], list[Mark]] = {}
    for mark in marks:
        together.setdefault((round(mark.lon, 6), round(mark.lat, 6), mark.at), []).append(mark)
    return [
        Home(lon, lat, len(found), _what(found), is_rough=at != "building")
        for (lon, lat, at), found in together.items()
    ]


def _what(found: Sequence[Mark]) -> str:
    grouped = sum(bool(mark.group_id) for mark in found)
    moving = sum(mark.is_in_transition or bool(mark.group_id) for mark in found)
    return "other" if not moving else "grouped" if grouped == moving else "mixed" if grouped else "ungrouped"


def home_radius(zoom: float, count: int) -> float:
    """Return how large a home is drawn."""
    base = 2.6 if zoom < 13 else 3.8 if zoom < 15 else 5.0 if zoom < 17 else 6.5  # noqa: PLR2004  # zooms of street.js
    return base + (1.2 if count > 1 else 0) + (1.6 if count > 4 else 0) + (1.6 if count > 9 else 0)  # noqa: PLR2004


def draw_homes(canvas: Canvas, homes: Iterable[Home]) -> set[str]:
    """Draw homes; return the kinds that are in sight, and `rough` where one is."""
    zoom, seen = canvas.window.zoom, set[str]()
    for home in homes:
        radius = home_radius(zoom, home.count)
        is_rough = home.is_rough and zoom >= ROUGH_FROM
        label = str(home.count) if home.count > 1 and radius >= LEAST_COUNTED else ""
        if canvas.put(home_symbol(home.what, radius, label, is_rough=is_rough), home.lon, home.lat, radius):
            seen |= {home.what, "rough"} if is_rough else {home.what}
    return seen


def home_symbol(what: str, radius: float, label: str = "", *, is_rough: bool = False) -> str:
    """Draw a home: filled in a group, ring not yet, half some of each, small grey not in transition."""
    parts = [_disc(radius + 1.5, "#fff")]
    if what == "other":
        return "".join([*parts, _disc(radius, OTHER)])
    if what == "grouped":
        parts.append(_disc(radius, GROUPED))
    else:
        parts.append(_ring(radius - 1, UNGROUPED, 2.2))
    if what == "mixed":
        r = number(radius)
        parts.append(element("path", {"d": f"M0 {r}A{r} {r} 0 0 1 0 -{r}z", "fill": GROUPED}))
    if is_rough:
        parts.append(_ring(radius + 4, GROUPED if what == "grouped" else UNGROUPED, 1.2, "2 3"))
    if label:
        look = {"font-size": 10, "font-weight": 600, "text-anchor": "middle", "y": 3.6}
        parts.append(words({**look, "fill": "#fff" if what == "grouped" else "#6e2a0e"}, label))
    return "".join(parts)


def draw_places(canvas: Canvas, places: Iterable[DrawnPlace]) -> set[tuple[str, str]]:
    """Draw hosts, then venues, those with room on top; return the kinds and states in sight."""
    zoom, seen = canvas.window.zoom, set[tuple[str, str]]()
    radius = 5.0 if zoom < 14 else 6.5 if zoom < 16 else 8.0  # noqa: PLR2004  # zooms of places.js
    for place in sorted(places, key=lambda one: (one.kind, _ORDER[one.state])):
        is_step_free = place.is_step_free and zoom >= STEP_FREE_FROM
        symbol = place_symbol(place.kind, place.state, radius, is_step_free=is_step_free)
        if canvas.put(symbol, place.lon, place.lat, radius):
            seen |= {(place.kind, place.state), *([(place.kind, "step_free")] if is_step_free else [])}
    return seen


def place_symbol(kind: str, state: str, radius: float, *, is_step_free: bool = False) -> str:
    """Draw a host (a house) or a venue (a square): filled free, hollow with a bar full, grey dashed not in use."""
    r, colour = radius, HOST if kind == "host" else VENUE
    corners = [(0, -1), (1, -0.1), (0.72, -0.1), (0.72, 0.8), (-0.72, 0.8), (-0.72, -0.1), (-1, -0.1)]
    square = [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]
    data = path_data([np.array(corners if kind == "host" else square) * r], 1, is_closed=True)
    edge = {"d": data, "stroke": "#fff", "stroke-width": 3.4, "stroke-linejoin": "round"}
    parts = [element("path", {**edge, "fill": "none" if state == FREE else "#fff"})]
    if state == FREE:
        parts.append(element("path", {"d": data, "fill": colour}))
        parts.append(_rect(0, 0, 0.7 * r * 0.8, 0.7 * r * 0.8, "#fff") if kind == "venue" else "")
    else:
        dash = {} if state == FULL else {"stroke-dasharray": "2.4 2"}
        tone = colour if state == FULL else OFF
        parts.append(element("path", {"d": data, "fill": "none", "stroke": tone, "stroke-width": 1.8, **dash}))
        parts.append(_rect(0, 0.35 * r if kind == "host" else 0, 0.84 * r, 0.32 * r, colour) if state == FULL else "")
    if is_step_free:
        moved = f"translate({number(0.85 * r)} {number(0.75 * r)})"
        parts.append(element("g", {"transform": moved}, step_free_symbol(4.2)))
    return "".join(parts)


def step_free_symbol(radius: float) -> str:
    """Draw a ramp."""
    ramp = path_data([np.array([(-0.6, 0.4), (0.6, 0.4), (0.6, -0.45)]) * radius], 1, is_closed=True)
    return _disc(radius + 1.2, "#fff") + _disc(radius, GROUPED) + element("path", {"d": ramp, "fill": "#fff"})


def draw_groups(
    canvas: Canvas, marks: Sequence[Mark], groups: Iterable[GroupPlace], chosen: int | None, *, is_all: bool
) -> tuple[str, set[str]]:
    """Draw where groups meet and the leaders' homes; return hulls and lines, for below the marks, and what is in sight.

    `is_all`: also groups none of whose members is drawn.
    """
    zoom = canvas.window.zoom
    homes: dict[int, list[tuple[float, float]]] = {}
    for mark in marks:
        if mark.group_id:
            homes.setdefault(mark.group_id, []).extend([(mark.lon, mark.lat)] if mark.at != "grid" else [])
    listed = [group for group in groups if is_all or group.group_id in homes]
    picked = chosen if any(group.group_id == chosen for group in listed) else None
    hulls, links, seen = [], [], set[str]()
    for group in listed:
        at, is_picked = homes.get(group.group_id, []), group.group_id == picked
        if at and (is_picked or zoom >= HULL_FROM):
            hulls.append(_hull(canvas.window, at, is_picked=is_picked, is_faint=picked is not None and not is_picked))
        links.append(_links(canvas.window, at, group, 0 if picked is None else 1 if is_picked else -1))
        if group.leader_at in at and (zoom >= LEADER_FROM or is_picked):
            radius = home_radius(zoom, 1)
            ends = canvas.window.to_px(np.array([group.leader_at, (group.lon, group.lat)]))
            is_covered = math.dist(*ends.tolist()) < PLACE_PX  # who lives at the place would be marked under its symbol
            if not is_covered and canvas.put(leader_symbol(radius), *group.leader_at, radius + 6):
                seen.add("leader")
    for group in listed:
        radius = (8.0 if zoom < 14 else PLACE_PX) * (1.3 if group.group_id == picked else 1.0)  # noqa: PLR2004  # as in groups.js
        if canvas.put(group_symbol(radius, is_picked=group.group_id == picked), group.lon, group.lat, radius):
            seen.add("group")
    return "".join([*hulls, *links]), seen | ({"hull"} if any(hulls) else set())


def _hull(window: MercatorWindow, at: Sequence[tuple[float, float]], *, is_picked: bool, is_faint: bool) -> str:
    """Draw the hull of members' homes with a soft margin: a capsule around two, a disc around one."""
    around = shapely.MultiPoint(window.to_px(np.array(at))).convex_hull.buffer(HULL_MARGIN_PX)
    west, north, east, south = around.bounds
    if east < 0 or south < 0 or west > window.width or north > window.height:
        return ""
    style = {
        "d": path_data([shapely.get_coordinates(around.exterior)], 1, is_closed=True),
        "fill": GROUPED if is_picked else "none",
        "fill-opacity": 0.16,
        "stroke": LINE,
        "stroke-width": 2.2 if is_picked else 1.4,
        "stroke-opacity": 0.95 if is_picked else 0.2 if is_faint else 0.75,
    }
    return element("path", style if is_picked else {**style, "stroke-dasharray": "5 4"})


def _links(window: MercatorWindow, at: Sequence[tuple[float, float]], group: GroupPlace, strength: int) -> str:
    if not at:
        return ""
    px = window.to_px(np.array([(group.lon, group.lat), *at]))
    box = shapely.box(0, 0, window.width, window.height)
    crossing = [line for line in px[1:] if shapely.LineString([px[0], line]).intersects(box)]
    data = path_data([np.array([px[0], line]) for line in crossing], 1)
    look = {
        "fill": "none",
        "stroke": LINE,
        "stroke-width": 2.8 if strength > 0 else 1.3,
        "stroke-opacity": 1.0 if strength > 0 else 0.25 if strength < 0 else 0.7,
    }
    return element("path", {"d": data, **look}) if data else ""


def group_symbol(radius: float, *, is_picked: bool = False) -> str:
    """Draw where a group meets."""
    around = _ring(radius + 5, "#fff", 5) + _ring(radius + 5, "#141a20", 2.4) if is_picked else ""
    return _disc(radius + 2, "#fff") + _disc(radius, GROUP) + _star(radius * 0.68, "#fff") + around


def leader_symbol(radius: float, *, is_alone: bool = False) -> str:
    """Draw the star at a leader's home; alone, with a home, for the legend."""
    moved = f"translate({number(radius * 0.95)} {number(-radius * 0.95)})"
    star = element("g", {"transform": moved}, _star(7.4, "#fff") + _star(5.6, GROUP))
    return (home_symbol("grouped", radius) if is_alone else "") + star


def _disc(radius: float, colour: str) -> str:
    return element("circle", {"r": float(radius), "fill": colour})


def _ring(radius: float, colour: str, width: float, dash: str = "") -> str:
    look = {"r": float(radius), "fill": "none", "stroke": colour, "stroke-width": width}
    return element("circle", {**look, "stroke-dasharray": dash} if dash else look)


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return element("rect", {"x": x - width / 2, "y": y - height / 2, "width": width, "height": height, "fill": colour})


def _star(radius: float, colour: str) -> str:
    turns = (math.pi * (k / 5 - 0.5) for k in range(10))
    reach = (radius, radius * 0.42) * 5
    points = np.array([(r * math.cos(a), r * math.sin(a)) for r, a in zip(reach, turns, strict=True)])
    return element("path", {"d": path_data([points], 1, is_closed=True), "fill": colour})
