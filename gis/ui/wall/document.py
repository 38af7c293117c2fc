"""What the wall's component is given: the line at the top, the cards, and the counts of the map; no geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis.model.office_day import BEIJING
from gis.model.wall import WallLevel
from gis.ui.wall import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.kpis import Kpi, KpiBoard
    from gis.model.wall import Wall, WallCounts, WallNode

WEEKDAYS = "一二三四五六日"


def head(wall: Wall, *, street: str, foot: str, is_display: bool) -> dict[str, Any]:
    """Return the texts at the top and at the foot; the time is Beijing's."""
    local = wall.as_of + BEIJING
    limit = wall.suppress_below
    hushed = f"少于 {limit} 人、能由此推出的数写作“略”" if limit > 1 else "按本人管理范围统计"
    return {
        "street": street,
        "title": words.TITLE,
        "day": f"{local.year}年{local.month}月{local.day}日 星期{WEEKDAYS[local.weekday()]}",
        "time": f"数据截至 {local:%H:%M}",
        "note": hushed,
        "foot": foot,
        "leave": not is_display,
    }


def cards(board: KpiBoard, link_of: Callable[[Kpi], str | None]) -> list[dict[str, Any]]:
    """Return the cards; a link only where `link_of` knows one that is open to whoever looks."""
    made = (board.as_of + BEIJING).strftime("%Y-%m-%d %H:%M")
    return [
        {
            "key": one.key.value,
            "name": one.key.label,
            "value": one.value,
            "unit": one.unit,
            "of": words.briefly(one),
            "short": words.SHORT.get(one.key, words.SHORT_OTHERS),
            "definition": one.definition,
            "as_of": f"截至 {made}" + (f"；{words.out_of(one)}" if one.denominator is not None else ""),
            "link": link_of(one),
        }
        for one in board.kpis
    ]


def counts(wall: Wall, *, whole: str) -> dict[str, Any]:
    """Return the counts of the map: transition, grouped, served of each place, what lies beside it, and the rest."""
    by_level: dict[WallLevel, list[WallNode]] = {level: [] for level in WallLevel}
    for node in wall.nodes.values():
        by_level[node.level].append(node)
    buildings: dict[str, list[list[Any]]] = {}
    for node in by_level[WallLevel.BUILDING]:
        grid = (node.parent or "").partition("/")[2]
        buildings.setdefault(grid, []).append([node.number, *_three(node.counts), node.name])
    return {
        "definition": wall.definition,
        "street": {**_node(wall.street), "n": whole},
        "communities": [{**_node(node), "code": node.code} for node in by_level[WallLevel.COMMUNITY]],
        "grids": [{**_node(node), "code": node.code, "id": node.number} for node in by_level[WallLevel.GRID]],
        "buildings": buildings,
    }


def _node(node: WallNode) -> dict[str, Any]:
    beside = [[part.label, part.counts.transition] for part in node.others]
    return {"n": node.name, "c": _three(node.counts), "o": beside, "r": node.rest.transition}


def _three(found: WallCounts) -> list[int | None]:
    return [found.transition, found.grouped, found.served]
