"""The legend of a printed map: a row for what is in sight and nothing else (legend.js)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.services.map_print import ground, marks
from gis.services.map_print.scene import FREE, FULL, PROPOSED, SUSPENDED
from gis.store.formats.map_sheet_pdf import LegendRow
from gis.store.formats.svg import element

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.ids import GridId
    from gis.services.map_print.scene import Scene

SIZE = 22
_HOMES = {"grouped": "已编组", "ungrouped": "未编组", "mixed": "同楼有已编、未编", "other": "不在过渡期"}
_KINDS = {"host": "党员中心户", "venue": "阵地"}
_STATES = {
    ("host", FREE): "有空席",
    ("host", FULL): "已坐满",
    ("host", PROPOSED): "拟设，尚不能用",
    ("host", SUSPENDED): "暂停使用",
    ("venue", FREE): "有空席",
    ("venue", FULL): "已坐满",
    ("venue", PROPOSED): "候选，尚不能用",
}


def people_rows(scene: Scene, homes: set[str], groups: set[str]) -> list[LegendRow]:
    """Return the rows of members and groups; none where nobody may be seen."""
    if scene.marks is None:
        return []
    rows = [LegendRow(f"图上党员 {len(scene.marks)} 名")] if homes else []
    rows += [_row(text, marks.home_symbol(what, 5.5)) for what, text in _HOMES.items() if what in homes]
    if "rough" in homes:
        rows.append(_row("只到小区或网格", marks.home_symbol("grouped", 4.5, is_rough=True)))
    if "group" in groups:
        rows.append(_row("临时党小组活动地点", marks.group_symbol(8)))
        rows.append(_row("组员到活动地点", _line(marks.LINE, 1.6)))
    if "hull" in groups:
        rows.append(_row("同组党员的范围", _line(marks.LINE, 1.2, "4 3")))
    if "leader" in groups:
        rows.append(_row("组长住处", marks.leader_symbol(5, is_alone=True)))
    if homes and scene.left_out:
        said = "，".join(f"{why} {count} 名" for why, count in scene.left_out.items())
        rows.append(LegendRow(f"未上图：{said}"))
    return rows


def place_rows(seen: set[tuple[str, str]], *, is_outside: bool) -> list[LegendRow]:
    """Return the rows of hosts and venues; outside nothing is said of seats."""
    rows = []
    for kind, name in _KINDS.items():
        states = [state for state in (FREE, FULL, PROPOSED, SUSPENDED) if (kind, state) in seen]
        for state in states:
            said = _STATES[kind, state]
            text = name if is_outside else f"{name}：{said}"
            rows.append(_row(text, marks.place_symbol(kind, state, 7.5)))
    if any(state == "step_free" for _, state in seen):
        rows.append(_row("无障碍进出", marks.step_free_symbol(6)))
    return rows


def grid_rows(counts: Mapping[GridId, int | None], *, said: str) -> list[LegendRow]:
    """Return what the shading of the grids says, step by step."""
    lows = ground.steps_of(counts.values())
    if not lows and None not in counts.values():
        return []
    rows = [LegendRow(said)]
    for low, high in zip(lows, [*(nxt - 1 for nxt in lows[1:]), None] if lows else [], strict=True):
        text = f"{low} 及以上" if high is None else str(low) if high == low else f"{low}–{high}"
        rows.append(_row(text, _box(ground.step_colour(lows, low), ground.GRID_EDGE)))
    if None in counts.values():
        rows.append(_row("从略", _box(ground.BLANK, ground.GRID_EDGE)))
    return rows


def ground_rows(shown: frozenset[str], *, has_buildings: bool, has_roads: bool, has_grids: bool) -> list[LegendRow]:
    """Return the rows of borders, buildings and roads."""
    rows = []
    if has_grids:
        rows.append(_row("社区（村）界线（示意）", _line(ground.COMMUNITY_EDGE, 2.2)))
        rows.append(_row("网格界线（示意）", _line(ground.GRID_EDGE, 1.2, "4 3")))
    if has_buildings and "buildings" in shown:
        rows.append(_row("楼栋", _box("#cbc7c0", "#a8a399")))
    if has_roads and "roads" in shown:
        rows.append(_row("道路", _line("#cfc7b8", 5)))
    return rows


def _row(text: str, symbol: str) -> LegendRow:
    half = SIZE / 2
    head = {"xmlns": "http://www.w3.org/2000/svg", "width": SIZE, "height": SIZE}
    return LegendRow(text, element("svg", {**head, "viewBox": f"{-half} {-half} {SIZE} {SIZE}"}, symbol))


def _box(fill: str, edge: str) -> str:
    return element("rect", {"x": -8, "y": -6, "width": 16, "height": 12, "fill": fill, "stroke": edge})


def _line(colour: str, width: float, dash: str = "") -> str:
    look = {"d": "M-9 4L9 -4", "stroke": colour, "stroke-width": width, "fill": "none"}
    return element("path", {**look, "stroke-dasharray": dash} if dash else look)


def said_of_shading(shown_counts: Sequence[int | None], *, is_outside: bool) -> str:
    """Say what the shading counts."""
    said = "网格内过渡期党员数（名）" if is_outside else "网格内党员数（名）"
    return f"{said}，人数少的从略" if None in shown_counts else said
