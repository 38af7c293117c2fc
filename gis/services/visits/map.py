"""The picture of a team's round as SVG: the same on paper, on the phone and in the offline file.

Legible without colours: streets are white with edges, houses light, the walk dark with arrows, pins dark with white
numbers. Attributes only, no style element and no script: it may stand inside any page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import shapely

from gis.config import settings
from gis.services.visits.ground import ground_of
from gis.services.visits.map_marks import (
    DARK,
    FONT,
    HALO,
    INK,
    SMALL_PX,
    Name,
    Pin,
    draw_arrows,
    draw_names,
    draw_pins,
    draw_start,
    draw_street_names,
    text_width,
)
from gis.services.visits.paths import Way, team_ways
from gis.spatial.picture import Window, bar_m, window_around
from gis.store.formats.svg import element, path_data, words

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.model.access import Actor
    from gis.services.visits.ground import Ground
    from gis.services.visits.views import TeamView
    from gis.spatial.picture import Box
    from gis.store.database import Store

    FloatArray = npt.NDArray[np.float64]
    GeometryArray = npt.NDArray[Any]

PHONE_BYTES = 12_000
PAPER_PX, PHONE_PX = (680, 425), (374, 420)
FOOT_PX, FOOT_TEXT_PX = {680: 20, 374: 33}, 9.5
NOT_PUBLIC = "内部工作用图，不得公开"
POINT_HOUSE_M = 5.0
MAIN = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
FOOT = frozenset({"footway", "path", "steps", "cycleway", "pedestrian", "track", "bridleway"})
EDGES_PX = 1.8
DASHED = {"stroke-dasharray": "5 4"}
WIDTH_PX = {"main": 6.0, "side": 3.4, "foot": 1.6}


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of the ground is drawn, `reach` in pixels around pins and ways."""

    digits: int = 1
    tolerance: float = 0.3
    house_reach: float = np.inf
    street_reach: float = np.inf
    has_foot: bool = True
    has_numbers: bool = True
    n_streets: int = 14


#: For the phone, the fullest first
DETAILS = (
    Detail(0, 0.6),
    Detail(0, 0.8, house_reach=90, n_streets=8),
    Detail(0, 1.0, house_reach=50, n_streets=6),
    Detail(0, 1.0, house_reach=25, street_reach=120, has_foot=False, n_streets=5),
    Detail(0, 1.2, house_reach=12, street_reach=60, has_foot=False, n_streets=4),
    Detail(0, 1.5, house_reach=1, street_reach=25, has_foot=False, n_streets=3),
    Detail(0, 2.0, house_reach=0, street_reach=20, has_foot=False, has_numbers=False, n_streets=2),
    Detail(0, 2.5, house_reach=0, street_reach=8, has_foot=False, has_numbers=False, n_streets=0),
    Detail(0, 2.0, house_reach=0, street_reach=0, has_foot=False, has_numbers=False, n_streets=0),
    Detail(0, 5.0, house_reach=0, street_reach=0, has_foot=False, has_numbers=False, n_streets=0),
)


@dataclass(frozen=True, eq=False)
class Scene:
    """What is in sight, in pixels: pins, ways, houses and streets with their rows in the ground."""

    team: TeamView
    ground: Ground
    window: Window
    pins: tuple[Pin, ...]
    ways: tuple[Way, ...]
    house_rows: npt.NDArray[np.int64]
    houses: GeometryArray
    street_rows: npt.NDArray[np.int64]
    streets: GeometryArray

    @property
    def within(self) -> Box:
        """The drawn part."""
        return (0.0, 0.0, float(self.window.width), float(self.window.height))


def team_map(
    actor: Actor, store: Store, team: TeamView, *, max_bytes: int | None = None, size: tuple[int, int] | None = None
) -> str:
    """Draw a team's round: roads, buildings, names of estates, numbered pins and the way, as one SVG without script.

    `max_bytes` (of UTF-8) makes it upright and simpler until it fits, for the phone `PHONE_BYTES`. `size` in pixels,
    of one of the two widths; None: upright with `max_bytes`, else that of the paper. Empty where no stop has a place.
    """
    places = [stop.lonlat for stop in team.stops if stop.lonlat is not None]
    if not places:
        return ""
    return draw_map(ground_of(actor, store, places[0][0]), team, max_bytes=max_bytes, size=size)


def draw_map(
    ground: Ground, team: TeamView, *, max_bytes: int | None = None, size: tuple[int, int] | None = None
) -> str:
    """Draw a team's round on the ground, as `team_map`; at least one stop has a place."""
    scene = _scene(ground, team, size or (PAPER_PX if max_bytes is None else PHONE_PX))
    if max_bytes is None:
        return _drawn(scene, Detail())
    fullest, barest = 0, len(DETAILS) - 1
    drawing = ""
    while fullest < barest:  # each is smaller than the one before
        middle = (fullest + barest) // 2
        tried = _drawn(scene, DETAILS[middle])
        if len(tried.encode()) <= max_bytes:
            barest, drawing = middle, tried
        else:
            fullest = middle + 1
    return drawing or _drawn(scene, DETAILS[-1])


def _scene(ground: Ground, team: TeamView, size: tuple[int, int]) -> Scene:
    ways = team_ways(ground, team)
    stops = [stop for stop in team.stops if stop.lonlat is not None]
    at = ground.to_metres([stop.lonlat for stop in stops if stop.lonlat is not None])
    seen = np.concatenate([at, *(way.xy for way in ways)])
    window = window_around(seen, size[0], size[1] - FOOT_PX[size[0]])
    numbers: dict[tuple[float, float], list[int]] = {}
    for stop, (x, y) in zip(stops, window.to_px(at), strict=True):
        numbers.setdefault((round(float(x), 1), round(float(y), 1)), []).append(stop.stop.position)
    drawn = tuple(Way(window.to_px(way.xy), way.shift, way.to_position, way.is_estimated) for way in ways)
    house_rows, houses = _in_sight(window, ground.building_shapes)
    is_point = shapely.get_type_id(houses) == shapely.GeometryType.POINT
    houses[is_point] = shapely.buffer(houses[is_point], POINT_HOUSE_M * window.px_per_m, cap_style="square")
    street_rows, streets = _in_sight(window, ground.road_shapes)
    pins = tuple(Pin(tuple(found), place) for place, found in numbers.items())
    return Scene(team, ground, window, pins, drawn, house_rows, houses, street_rows, streets)


def _in_sight(window: Window, shapes: GeometryArray) -> tuple[npt.NDArray[np.int64], GeometryArray]:
    rows = np.flatnonzero(window.in_sight(shapes)) if len(shapes) else np.zeros(0, dtype=np.int64)
    return rows, window.shapes_to_px(shapes[rows])


def _drawn(scene: Scene, detail: Detail) -> str:
    window = scene.window
    total = window.height + FOOT_PX[window.width]
    north, north_box = _north(scene)
    parts = [element("rect", {"width": window.width, "height": window.height, "fill": "#f7f6f2"})]
    parts += [_houses(scene, detail), _streets(scene, detail), _route(scene, detail)]
    start, taken = "", [north_box]
    if scene.team.start_lonlat is not None:
        x, y = window.to_px(scene.ground.to_metres([scene.team.start_lonlat]))[0]
        start, box = draw_start((float(x), float(y)))
        taken.append(box)
    room = (1.0, 1.0, window.width - 1.0, window.height - 1.0)
    pins, boxes = draw_pins(scene.pins, room, taken)
    names = draw_names(_names(scene, has_numbers=detail.has_numbers), room, boxes)
    street_names = draw_street_names(_street_names(scene)[: detail.n_streets], room, boxes, _walk(scene))
    strip = {"y": window.height, "width": window.width, "height": total - window.height, "fill": "#fff"}
    parts += [street_names, names, start, pins, north, element("rect", strip), _foot(scene)]
    frame = {"width": window.width, "height": window.height, "fill": "none", "stroke": "#777"}
    said = f"第 {scene.team.team.number} 组走访路线图，共 {len(scene.team.stops)} 站"
    head = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {window.width} {total}", "role": "img"}
    inside = "".join(parts) + element("rect", frame)
    return element(
        "svg", {**head, "width": window.width, "height": total, "aria-label": said, "font-family": FONT}, inside
    )


def _near(scene: Scene, shapes: GeometryArray, reach: float) -> npt.NDArray[np.bool_]:
    if np.isinf(reach):
        return np.ones(len(shapes), dtype=np.bool_)
    if not reach:
        return np.zeros(len(shapes), dtype=np.bool_)
    marks = [shapely.Point(pin.at) for pin in scene.pins] + [shapely.LineString(way.xy) for way in scene.ways]
    return np.asarray(shapely.dwithin(shapes, shapely.GeometryCollection(marks), reach), dtype=np.bool_)


def _houses(scene: Scene, detail: Detail) -> str:
    """Draw the houses, those that are called at darker."""
    keep = _near(scene, scene.houses, detail.house_reach)
    marks = shapely.MultiPoint([pin.at for pin in scene.pins])
    is_called = shapely.dwithin(scene.houses, marks, 1.0)
    parts = []
    for chosen, style in (
        (keep & ~is_called, {"fill": "#e6e3db", "stroke": "#a5a096", "stroke-width": 0.6}),
        (is_called, {"fill": "#c9c3b4", "stroke": INK, "stroke-width": 1.2}),
    ):
        data = path_data(_rings(scene, scene.houses[chosen], detail.tolerance), detail.digits, is_closed=True)
        parts.append(element("path", {"d": data, **style}) if data else "")
    return "".join(parts)


def _rings(scene: Scene, shapes: GeometryArray, tolerance: float) -> list[FloatArray]:
    """Return shells and holes turned opposite ways, so that a filling rule that counts turns leaves holes open."""
    clipped = shapely.clip_by_rect(shapely.simplify(shapes, tolerance), *scene.within)
    parts = shapely.get_parts(clipped)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    found, owner = shapely.get_rings(parts, return_index=True)
    is_shell = np.ones(len(found), dtype=np.bool_)
    is_shell[1:] = owner[1:] != owner[:-1]
    turned = np.where(shapely.is_ccw(found) == is_shell, found, shapely.reverse(found))
    return [shapely.get_coordinates(ring) for ring in turned]


def _class_of(kind: str) -> str:
    plain = kind.removesuffix("_link")
    return "main" if plain in MAIN else "foot" if plain in FOOT else "side"


def _streets(scene: Scene, detail: Detail) -> str:
    """Draw all edges first, then all surfaces, so that crossings are open."""
    keep = _near(scene, scene.streets, detail.street_reach)
    rows, shapes = scene.street_rows[keep], scene.streets[keep]
    kinds = np.array([_class_of(scene.ground.roads[row].kind) for row in rows], dtype=object)
    edges, surfaces = [], []
    for kind, width in reversed(WIDTH_PX.items()):
        if kind == "foot" and not detail.has_foot:
            continue
        lines = _lines(scene, shapes[kinds == kind], detail.tolerance)
        data = path_data(lines, detail.digits)
        if data and kind == "foot":
            edges.append(element("path", {"d": data, "stroke": "#a8a8a8", "stroke-width": 1.1}))
        elif data:
            name = f"jv{crc32(data.encode()):x}"  # several pictures may stand on one page
            edges.append(element("g", {"stroke-width": width + EDGES_PX}, element("path", {"id": name, "d": data})))
            surfaces.append(element("use", {"href": f"#{name}", "stroke": "#fff", "stroke-width": width}))
    style = {"fill": "none", "stroke-linejoin": "round", "stroke-linecap": "round"}
    return element("g", {**style, "stroke": "#8f8f8f"}, "".join(edges)) + element("g", style, "".join(surfaces))


def _lines(scene: Scene, shapes: GeometryArray, tolerance: float) -> list[FloatArray]:
    if not len(shapes):
        return []
    joined = shapely.line_merge(shapely.union_all(shapely.clip_by_rect(shapes, *scene.within)))
    parts = shapely.get_parts(shapely.simplify(joined, tolerance))
    return [
        shapely.get_coordinates(line) for line in parts if shapely.get_type_id(line) == shapely.GeometryType.LINESTRING
    ]


def _route(scene: Scene, detail: Detail) -> str:
    """Draw the walk: solid along the streets, dashed where it is estimated; every second half-day lighter."""
    shifts = sorted({way.shift for way in scene.ways})
    by_style: dict[tuple[bool, bool], list[FloatArray]] = {}
    for way in scene.ways:
        course = shapely.get_coordinates(shapely.simplify(shapely.LineString(way.xy), detail.tolerance))
        by_style.setdefault((shifts.index(way.shift) % 2 == 1, way.is_estimated), []).append(course)
    data = {style: path_data(courses, detail.digits) for style, courses in by_style.items()}
    style = {"fill": "none", "stroke-linejoin": "round", "stroke-linecap": "round"}
    whole = "".join(data.values())
    under = (
        element("path", {"d": whole, **style, "stroke": "#fff", "stroke-width": 5}) if whole and detail.digits else ""
    )
    over = [
        element("path", {"d": found, **({"stroke": "#666"} if is_light else {}), **(DASHED if is_straight else {})})
        for (is_light, is_straight), found in sorted(data.items(), reverse=True)
        if found
    ]
    lines = element("g", {**style, "stroke": INK, "stroke-width": 2.6}, "".join(over)) if over else ""
    return under + lines + draw_arrows([way.xy for way in scene.ways])


def _walk(scene: Scene) -> shapely.Geometry:
    """Return all ways as one shape."""
    return shapely.union_all([shapely.LineString(way.xy) for way in scene.ways])


def _names(scene: Scene, *, has_numbers: bool) -> list[Name]:
    """List estates by the middle of their houses in sight, those of the list first, then the houses called at."""
    wanted = {stop.estate for stop in scene.team.stops if stop.estate}
    middles = shapely.get_coordinates(shapely.centroid(scene.houses))
    by_estate: dict[str, list[int]] = {}
    for k, row in enumerate(scene.house_rows):
        by_estate.setdefault(scene.ground.buildings[row].estate, []).append(k)
    count = Counter({name: len(rows) for name, rows in by_estate.items() if name})
    names = [_name(name, middles[by_estate[name]], is_wanted=name in wanted) for name, _ in count.most_common()]
    marks = shapely.MultiPoint([pin.at for pin in scene.pins])
    for called in np.flatnonzero(shapely.dwithin(scene.houses, marks, 1.0)) if has_numbers else ():
        building = scene.ground.buildings[scene.house_rows[called]]
        label = building.label.removeprefix(building.estate).strip()
        if label and label != building.estate:
            names.append(_name(label, middles[[called]]))
    return names


def _name(text: str, places: FloatArray, *, is_wanted: bool = False) -> Name:
    x, y = places.mean(axis=0)
    return Name(text, (float(x), float(y)), is_wanted)


def _street_names(scene: Scene) -> list[Name]:
    """List named streets by their longest stretch in sight."""
    by_name: dict[str, list[int]] = {}
    for k, row in enumerate(scene.street_rows):
        by_name.setdefault(scene.ground.roads[row].name, []).append(k)
    found: list[tuple[float, str, FloatArray]] = []
    for name, rows in by_name.items():
        lines = _lines(scene, scene.streets[rows], 1.0) if name else []
        longest = max(lines, key=lambda line: shapely.LineString(line).length, default=None)
        if longest is not None:
            found.append((shapely.LineString(longest).length, name, longest))
    found.sort(key=lambda one: (-one[0], one[1]))
    return [Name(name, (0.0, 0.0), course=course) for _, name, course in found]


def _north(scene: Scene) -> tuple[str, Box]:
    x = scene.window.width - 18.0
    arrow = element("path", {"d": f"M{x:.0f} 6l6 18-6-4-6 4z", "fill": INK, "stroke": "#fff"})
    text = {**HALO, "x": x, "y": 36, "font-size": SMALL_PX, "text-anchor": "middle", "font-weight": "bold"}
    return arrow + words(text, "北"), (x - 12, 2.0, x + 16, 40.0)


def _foot(scene: Scene) -> str:
    """Write the scale, what the lines mean, who must be named, and that this is no public map."""
    window, small = scene.window, {"font-size": FOOT_TEXT_PX, "fill": DARK}
    metres = bar_m(window, window.width / 5)
    length, y = metres * window.px_per_m, window.height + 13.0
    bar = element(
        "path", {"d": f"M6 {y - 5:.0f}v5h{length:.1f}v-5", "fill": "none", "stroke": INK, "stroke-width": 1.5}
    )
    said = f"{metres} 米" if metres < 1000 else f"{metres // 1000} 千米"  # noqa: PLR2004  # a kilometre
    number = settings().map_review_no
    means = ["虚线：直线估算"] if any(way.is_estimated for way in scene.ways) else []
    means += ["深浅线：不同半天"] if len({way.shift for way in scene.ways}) > 1 else []
    rights = [NOT_PUBLIC, *([f"审图号：{number}"] if number else [])]
    rights += [source.split(",")[0].split("(")[0].strip() for source in scene.ground.sources]
    is_narrow = window.width < PAPER_PX[0]
    lines = [" · ".join(means), " · ".join(rights)] if is_narrow else ["", " · ".join(means + rights)]
    parts = [bar, words({"x": length + 11, "y": y, **small}, said)]
    for k, line in enumerate(lines):
        room = window.width - 10 - (0 if k and is_narrow else length + text_width(said, FOOT_TEXT_PX) + 16)
        size = FOOT_TEXT_PX * min(1.0, room / max(text_width(line, FOOT_TEXT_PX), 1.0))
        at = {"x": window.width - 4, "y": y + (13 * k if is_narrow else 0), "text-anchor": "end"}
        parts.append(words({**at, **small, "font-size": size}, line))
    return "".join(parts)
