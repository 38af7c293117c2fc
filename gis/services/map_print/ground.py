"""The ground of a printed map as SVG: grids by their counts, roads, buildings, as the screen draws them (tiles.js)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.spatial.display import lines, merged, rings
from gis.store.formats.svg import element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from gis.model.ids import GridId
    from gis.model.territory import Building, Grid, Road
    from gis.spatial.display import Paths
    from gis.spatial.mercator import MercatorWindow

    Ints = npt.NDArray[np.int64]

STEPS = ("#fcf3df", "#f8e4bd", "#f0cf93", "#e5b568", "#d29a48")
NONE, BLANK, PAPER = "#f8f6f1", "#e3e0da", "#f1eee7"
GRID_EDGE, COMMUNITY_EDGE = "#8d8371", "#7b6f5a"
TENTH = 10  # lengths of the ground are written as whole tenths of a pixel
BATCH = 200  # polygons in one path: a single huge one makes viewers slow
LEAST_HOUSE = 7  # tenths of a pixel: smaller in both directions is not drawn
OUTLINES_FROM, SPOTS_FROM = 15, 14  # zooms
SHARES = (0.3, 0.55, 0.8, 0.94)


@dataclass(frozen=True, slots=True)
class RoadLook:
    """How roads of a rank are drawn: from which zoom, edge and surface, widths for four ranges of zoom."""

    since: float
    casing: str
    fill: str
    width: tuple[float, float, float, float]
    dash: str = ""


ROADS = (
    RoadLook(0, "#d8d2c6", "#ffffff", (2.2, 5, 9, 14)),
    RoadLook(13, "#ddd8cd", "#ffffff", (1, 2.4, 5.5, 9)),
    RoadLook(15, "", "#cfc7b8", (0.6, 0.8, 1.4, 2), "4 4"),
)


def steps_of(counts: Iterable[int | None]) -> tuple[int, ...]:
    """Return the lowest count of each step, at most five, the first the smallest count (marks.js)."""
    ranked = sorted(count for count in counts if count)
    lows = ranked[:1]
    for share in SHARES if ranked else ():
        low = ranked[int(share * (len(ranked) - 1))]
        if low > lows[-1]:
            lows.append(low)
    return tuple(lows)


def step_colour(lows: Sequence[int], count: int | None) -> str:
    """Return the colour of a count; None is one that is not told."""
    if count is None:
        return BLANK
    step = sum(count >= low for low in lows) - 1
    if step < 0:
        return NONE
    return STEPS[1 if len(lows) == 1 else round(step * (len(STEPS) - 1) / (len(lows) - 1))]


def draw_grids(window: MercatorWindow, grids: Sequence[Grid], counts: Mapping[GridId, int | None]) -> str:
    """Fill the grids by their counts."""
    lows = steps_of(counts.values())
    found = _Courses(window, rings([grid.shape for grid in grids]))
    tones = [step_colour(lows, counts[grid.id]) if grid.id and grid.id in counts else NONE for grid in grids]
    by_tone: dict[str, list[int]] = {}
    for row in found.rows:
        by_tone.setdefault(tones[found.owner[row]], []).append(row)
    return _scaled("".join(element("path", {"d": found.data(rows), "fill": tone}) for tone, rows in by_tone.items()))


def draw_edges(window: MercatorWindow, grids: Sequence[Grid]) -> str:
    """Draw the edges of grids, dashed, and of the communities that they make up."""
    shapes = [grid.shape for grid in grids]
    found = _Courses(window, rings(shapes))
    whole = _Courses(window, rings(list(merged(shapes, [grid.community_code for grid in grids]).values())))
    look = {"fill": "none", "stroke-opacity": 0.8, "stroke-linejoin": "round"}
    thin = {"stroke": GRID_EDGE, "stroke-width": 9, "stroke-dasharray": "40 30"}
    thick = {"stroke": COMMUNITY_EDGE, "stroke-width": 18}
    drawn = [
        element("path", {"d": one.data(one.rows), **look, **style})
        for one, style in ((found, thin), (whole, thick))
        if len(one.rows)
    ]
    return _scaled("".join(drawn))


def draw_roads(window: MercatorWindow, roads: Sequence[Road]) -> str:
    """Draw roads, paths first, each rank's edges before its surfaces."""
    found = _Courses(window, lines([road.shape for road in roads]), margin=20, is_closed=False)
    rank = np.array([road.rank for road in roads], dtype=np.int64)[found.owner]
    zoom, parts = window.zoom, []
    for kind in (2, 1, 0):
        look = ROADS[kind]
        rows = found.rows[rank[found.rows] == kind]
        if zoom < look.since or not len(rows):
            continue
        width = look.width[0 if zoom < 14 else 1 if zoom < 16 else 2 if zoom < 18 else 3]  # noqa: PLR2004  # zooms of tiles.js
        has_casing = bool(look.casing) and zoom >= ROADS[1].since
        data = found.data(rows)
        if has_casing:
            parts.append(element("path", {"d": data, "stroke": look.casing, "stroke-width": (width + 1.6) * TENTH}))
        dash = {"stroke-dasharray": " ".join(str(10 * int(n)) for n in look.dash.split())} if look.dash else {}
        tone = look.casing if look.casing and not has_casing else look.fill
        parts.append(element("path", {"d": data, "stroke": tone, "stroke-width": width * TENTH, **dash}))
    style = {"fill": "none", "stroke-linecap": "round", "stroke-linejoin": "round"}
    return _scaled(element("g", style, "".join(parts))) if parts else ""


def draw_buildings(window: MercatorWindow, buildings: Sequence[Building]) -> str:
    """Draw footprints, and points from a zoom on; what would be smaller than a dot is left out."""
    shapes = [building.shape for building in buildings]
    found = _Courses(window, rings(shapes), least=LEAST_HOUSE)
    zoom = window.zoom
    style: dict[str, object] = {"fill": "#c3beb6" if zoom < OUTLINES_FROM else "#cbc7c0"}
    if zoom >= OUTLINES_FROM:
        style |= {"stroke": "#a8a399", "stroke-width": 6 if zoom < 17 else 10}  # noqa: PLR2004  # as in tiles.js
    batches = (found.rows[k : k + BATCH] for k in range(0, len(found.rows), BATCH))
    parts = [element("path", {"d": found.data(rows)}) for rows in batches]
    parts.append(_spots(window, [shape for shape in shapes if shape is not None]) if zoom >= SPOTS_FROM else "")
    return _scaled(element("g", style, "".join(parts)))


def _spots(window: MercatorWindow, shapes: Sequence[bytes]) -> str:
    """Draw buildings that are points as small squares."""
    points = lines([shape for shape in shapes if _is_point(shape)]).points
    px = window.to_px(points)
    half = 25 if window.zoom < 17 else 50  # noqa: PLR2004  # as in tiles.js
    spots = np.rint(px[window.is_inside(px, half / TENTH)] * TENTH).astype(int).tolist()
    data = "".join(f"M{x - half} {y - half}h{2 * half}v{2 * half}h{-2 * half}z" for x, y in spots)
    return element("path", {"d": data}) if data else ""


def _is_point(shape: bytes) -> bool:
    """Read the kind of shape from its second to fifth byte (well-known binary)."""
    return int.from_bytes(shape[1:5], "little" if shape[0] == 1 else "big") & 0xFF == 1


def _scaled(inside: str) -> str:
    return element("g", {"transform": f"scale({1 / TENTH})"}, inside) if inside else ""


class _Courses:
    """Paths in tenths of a pixel; `rows` are those that touch the picture, each of them belongs to shape `owner`."""

    def __init__(
        self, window: MercatorWindow, paths: Paths, *, margin: float = 3, least: int = 0, is_closed: bool = True
    ) -> None:
        self.owner, self.is_closed = paths.owner, is_closed
        points: Ints = np.rint(window.to_px(paths.points) * TENTH).astype(np.int64)
        self.ends = np.cumsum(paths.size)
        self.starts = self.ends - paths.size
        self.rows: Ints = np.zeros(0, dtype=np.int64)
        if not len(points):
            return
        low = np.minimum.reduceat(points, self.starts, axis=0)
        high = np.maximum.reduceat(points, self.starts, axis=0)
        far = np.array([window.width + margin, window.height + margin]) * TENTH
        is_seen = (low <= far).all(axis=1) & (high >= -margin * TENTH).all(axis=1)
        is_seen &= ((high - low) >= least).any(axis=1)
        self.rows = np.flatnonzero(is_seen)
        self._points = points

    def data(self, rows: Iterable[int]) -> str:
        """Return the data of one SVG path: each course from its first point on in steps."""
        parts, end = [], "z" if self.is_closed else ""
        for row in rows:
            points = self._points[self.starts[row] : self.ends[row]]
            steps = np.diff(points, axis=0)
            steps = steps[steps.any(axis=1)]
            if len(steps):
                first = points[0].tolist()
                parts.append(f"M{first[0]} {first[1]}l{' '.join(map(str, steps.ravel().tolist()))}{end}")
        return "".join(parts)
