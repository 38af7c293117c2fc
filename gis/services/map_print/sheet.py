"""Printing the map: what the screen shows as one sheet of A4 or A3, for use inside or, with a 审图号, outside."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gis.errors import InputError
from gis.model.access import Action
from gis.model.enums import Labelled
from gis.model.office_day import BEIJING
from gis.model.papers import PaperFormat
from gis.services.access import require
from gis.services.map_layers import AgeBand
from gis.services.map_print import ground, legend, marks
from gis.services.map_print.labels import draw_labels
from gis.services.map_print.scene import LAYERS, STATES, MapFilter, read_scene
from gis.services.notices import MIME, NoticeFile
from gis.services.visits.map_marks import FONT
from gis.spatial.display import bounds
from gis.spatial.mercator import MAX_LATITUDE, window_showing
from gis.spatial.picture import NICE_M
from gis.store.formats.map_sheet_pdf import MapSheet, write_map_pdf
from gis.store.formats.printable import printable
from gis.store.formats.svg import element, number, words

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.map_print.scene import Scene
    from gis.spatial.mercator import MercatorWindow
    from gis.spatial.picture import Box
    from gis.store.database import Store
    from gis.store.formats.map_sheet_pdf import LegendRow

LONGEST_TITLE = 40
MOST_CHOSEN = 5000
PX_PER_MM = 4.6
MAX_ZOOM = 19.0
MARGIN = 0.02  # of the street, beyond its borders
EDGE_MM, HEAD_MM, FOOT_MM, GAP_MM = 10.0, 12.0, 12.0, 3.0
LEGEND_WIDTH_MM, LEGEND_HEIGHT_MM = 46.0, 44.0
NO_NUMBER = (
    "对外使用的地图须有审图号，现在还没有填写，不能打印。"
    "取得审图号后，请系统管理员填入环境变量 JIUJIN_MAP_REVIEW_NO 并重启；只在单位内部使用的，请选“内部使用”"
)
NOT_PUBLIC = "内部工作用图，不得公开"
SKETCHED = "街道界线为示意"


class SheetSize(Labelled):
    """Sizes of paper."""

    A4 = "a4", "A4"
    A3 = "a3", "A3"


_LONG_MM = {SheetSize.A4: (297.0, 210.0), SheetSize.A3: (420.0, 297.0)}


@dataclass(frozen=True, slots=True)
class MapPrint:
    """What is to be printed: the rectangle (west, south, east, north) that must be in sight, and how."""

    box: Box
    title: str = ""
    size: SheetSize = SheetSize.A4
    is_upright: bool = False
    is_outside: bool = False
    hidden: frozenset[str] = frozenset()
    chosen: MapFilter = field(default_factory=MapFilter)
    group_id: int | None = None


def print_map(actor: Actor, store: Store, wanted: MapPrint, *, review_no: str = "", font_dir: str = "") -> NoticeFile:
    """Print the map for an account; who printed it and when stands at its foot and in the log.

    For use outside there is no member, no host and no count below three on it, and without a 审图号 there is no sheet.

    Raises
    ------
    InputError
        The rectangle, the title or the filter is none; or for use outside there is no 审图号.
    ConfigError
        There is no Chinese font on this machine.
    """
    require(actor, Action.VIEW_MAP)
    if wanted.is_outside and not review_no:
        raise InputError(NO_NUMBER)
    _check(wanted)
    sheet = map_sheet(actor, store, wanted, review_no=review_no)
    content = write_map_pdf(sheet, store.clock(), font_dir)
    use = "对外使用" if wanted.is_outside else "内部使用"
    with store.writing(actor, Action.VIEW_MAP) as writer:
        lying = "纵向" if wanted.is_upright else "横向"
        box = [round(degrees, 5) for degrees in wanted.box]
        writer.say(f"打印一张图（{use}，{wanted.size.label} {lying}）", box=box, hidden=sorted(wanted.hidden))
    day = store.today().isoformat()
    return NoticeFile(f"{_file_name(sheet.title)}-{use}-{day}.pdf", MIME[PaperFormat.PDF], content)


def _check(wanted: MapPrint) -> None:
    west, south, east, north = wanted.box
    is_box = all(map(math.isfinite, wanted.box)) and -180 <= west < east <= 180  # noqa: PLR2004  # degrees
    if not is_box or not -MAX_LATITUDE <= south < north <= MAX_LATITUDE:
        msg = "要打印的范围不对，请刷新地图后再试"
        raise InputError(msg)
    if len(wanted.title) > LONGEST_TITLE:
        msg = f"标题最多 {LONGEST_TITLE} 字，现在 {len(wanted.title)} 字"
        raise InputError(msg)
    chosen = wanted.chosen
    is_known = chosen.state in STATES and chosen.bands <= {band.value for band in AgeBand} and wanted.hidden <= LAYERS
    if not is_known or len(chosen.branches) + len(chosen.grids) > MOST_CHOSEN:
        msg = "筛选或图层不对，请刷新地图后再试"
        raise InputError(msg)


def map_sheet(actor: Actor, store: Store, wanted: MapPrint, *, review_no: str = "") -> MapSheet:
    """Draw the sheet that `print_map` sets; what is asked for has been checked."""
    require(actor, Action.VIEW_MAP)
    page, picture, key = _room(wanted)
    shown = LAYERS - wanted.hidden
    scene = read_scene(actor, store, shown, wanted.chosen, is_outside=wanted.is_outside)
    window = window_showing(_worth_showing(wanted.box, scene), picture[0] * PX_PER_MM, picture[1] * PX_PER_MM, MAX_ZOOM)
    drawing, rows = _draw(window, scene, shown, wanted)
    kept = (actor.display_name or actor.name, f"{store.clock() + BEIJING:%Y-%m-%d %H:%M}")
    return MapSheet(
        title=" ".join(printable(wanted.title).split()) or f"{scene.street}一张图",
        page_mm=page,
        map_mm=picture,
        map_svg=drawing,
        legend=tuple(rows),
        legend_mm=key,
        is_upright=wanted.is_upright,
        foot=_foot(scene, kept, review_no, is_outside=wanted.is_outside),
    )


def _worth_showing(box: Box, scene: Scene) -> Box:
    """Return the part of the rectangle that anything lies in, with a margin: a screen is wider than paper."""
    ground = bounds([*(grid.shape for grid in scene.grids), *(building.shape for building in scene.buildings)])
    spots = [(place.lon, place.lat) for place in scene.places] + [(mark.lon, mark.lat) for mark in scene.marks or ()]
    corners = np.array([*([ground[:2], ground[2:]] if ground else []), *spots]).reshape(-1, 2)
    if not len(corners):
        return box
    (west, south), (east, north) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    aside, above = MARGIN * (east - west), MARGIN * (north - south)
    part = (
        max(box[0], west - aside),
        max(box[1], south - above),
        min(box[2], east + aside),
        min(box[3], north + above),
    )
    return part if part[0] < part[2] and part[1] < part[3] else box


def _room(wanted: MapPrint) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]]:
    """Return the sizes of the page, of the picture and of the legend, mm."""
    long, short = _LONG_MM[wanted.size]
    page = (short, long) if wanted.is_upright else (long, short)
    wide, high = page[0] - 2 * EDGE_MM, page[1] - 2 * EDGE_MM - HEAD_MM - FOOT_MM
    if wanted.is_upright:
        return page, (wide, high - LEGEND_HEIGHT_MM - GAP_MM), (wide, LEGEND_HEIGHT_MM)
    return page, (wide - LEGEND_WIDTH_MM - GAP_MM, high), (LEGEND_WIDTH_MM, high)


def _foot(scene: Scene, printed: tuple[str, str], review_no: str, *, is_outside: bool) -> tuple[str, ...]:
    as_of = f"数据截至 {scene.as_of.isoformat()}"
    number_ = [f"审图号：{review_no}"] if review_no else []
    sources = [f"资料来源：{'；'.join(scene.sources)}"] if scene.sources else []
    if is_outside:
        return " · ".join([*number_, SKETCHED, as_of]), " · ".join([*sources, f"制图日期 {printed[1][:10]}"])
    first = " · ".join([NOT_PUBLIC, SKETCHED, as_of, *number_])
    return first, " · ".join([f"{printed[0]} 于 {printed[1]} 打印", *sources])


def _draw(window: MercatorWindow, scene: Scene, shown: frozenset[str], wanted: MapPrint) -> tuple[str, list[LegendRow]]:
    """Draw from the ground up, as the panes of the screen lie; return the SVG and the legend of what is in sight."""
    counts = scene.counts if "grids" in shown else {}
    canvas = marks.Canvas(window)
    places = marks.draw_places(canvas, scene.places)
    people = scene.marks or ()
    homes = marks.draw_homes(canvas, marks.gather(people)) if "people" in shown else set()
    is_all = wanted.chosen.state != "ungrouped" and not wanted.chosen.is_narrow
    below, groups = "", set[str]()
    if "groups" in shown:
        below, groups = marks.draw_groups(canvas, people, scene.groups, wanted.group_id, is_all=is_all)
    scale, kept = _scale(window)
    parts = [
        element("rect", {"width": window.width, "height": window.height, "fill": ground.PAPER}),
        ground.draw_grids(window, scene.grids, counts),
        ground.draw_roads(window, scene.roads),
        ground.draw_buildings(window, scene.buildings),
        ground.draw_edges(window, scene.grids),
        draw_labels(window, scene, canvas.room, kept) if "labels" in shown else "",
        below,
        element("g", {"font-family": FONT}, canvas.drawn()) if canvas.uses else "",
        scale,
        _north(window),
    ]
    size = {"width": window.width, "height": window.height}
    view = f"0 0 {number(window.width)} {number(window.height)}"
    svg = element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": view, **size}, "".join(parts))
    rows = [
        *legend.people_rows(scene, homes, groups),
        *legend.place_rows(places, is_outside=wanted.is_outside),
        *legend.grid_rows(counts, said=legend.said_of_shading(list(counts.values()), is_outside=wanted.is_outside)),
        *legend.ground_rows(
            shown,
            has_buildings=bool(scene.buildings),
            has_roads=bool(scene.roads),
            has_grids=bool(scene.grids),
        ),
    ]
    return svg, rows


def _scale(window: MercatorWindow) -> tuple[str, Box]:
    """Draw the scale bar at the lower left; return the box that names keep off as well."""
    metres = max((m for m in NICE_M if m * window.px_per_m <= window.width / 5), default=NICE_M[0])
    length, high = metres * window.px_per_m, window.height
    said = f"{metres} 米" if metres < 1000 else f"{metres // 1000} 公里"  # noqa: PLR2004  # a kilometre
    box = (8.0, high - 34.0, 8.0 + max(length, 30.0) + 20.0, high - 6.0)
    plate = {"x": box[0], "y": box[1], "width": box[2] - box[0], "height": box[3] - box[1], "rx": 3, "fill": "#fff"}
    bar = f"M18 {number(high - 18)}v6h{number(length)}v-6"
    text = {"x": 18 + length / 2, "y": high - 21, "font-size": 11, "text-anchor": "middle", "font-family": FONT}
    line = element("path", {"d": bar, "fill": "none", "stroke": "#222", "stroke-width": 1.6})
    return element("rect", {**plate, "fill-opacity": 0.9}) + line + words(text, said), box


def _north(window: MercatorWindow) -> str:
    x = window.width - 24.0
    plate = {"x": x - 14, "y": 8, "width": 28, "height": 46, "rx": 3, "fill": "#fff", "fill-opacity": 0.9}
    arrow = element("path", {"d": f"M{number(x)} 12l7 22-7-5-7 5z", "fill": "#222"})
    text = {"x": x, "y": 48, "font-size": 12, "font-weight": "bold", "text-anchor": "middle", "font-family": FONT}
    return element("rect", plate) + arrow + words(text, "北")


def _file_name(title: str) -> str:
    """Leave out what no file system takes."""
    kept = "".join("_" if letter in '\\/:*?"<>|' or not letter.isprintable() else letter for letter in title)
    return kept.strip(" .") or "一张图"
