"""The wall's charts as ECharts options: plain data without scripts; a part that is not shown is said, never drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis.ui.wall import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.kpis import Flow, Partition, RankedOrg, TrendPoint
    from gis.model.wall import Wall

    Option = dict[str, Any]

TEXT, MUTED, LINE = "#e8f1fb", "#b4c8de", "#26456a"
#: Told apart by every kind of colour blindness, and at least 3:1 on the panel (Okabe and Ito, lightened)
BLUE, ORANGE, GREEN, RED, GREY = "#5ab4f0", "#f5b041", "#3fc9a0", "#ff8a65", "#8fa3b8"
COLOURS = (BLUE, ORANGE, GREEN, RED, "#c9a0f0")
FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif"
SMALL = 15
#: Heights of a chart in pixels of the design: three panels to a column on the left, two on the right; and of a bar
LOW, HIGH, ROW = 226, 369, 46
N_FLOWS = 9
RING = (80, 50, 74)  # middle from the left, inner and outer radius, in pixels of the design
#: A space without width: an original village and a community of one name stay two ends of a flow
APART = "\u200b"


def _text(size: int = SMALL, colour: str = TEXT) -> Option:
    return {"color": colour, "fontSize": size, "fontFamily": FONT}


def _base() -> Option:
    return {
        "backgroundColor": "transparent",
        "textStyle": _text(),
        "animationDurationUpdate": 600,
        "tooltip": {"backgroundColor": "#10263f", "borderColor": LINE, "textStyle": _text()},
    }


def _months(trend: Sequence[TrendPoint]) -> list[str]:
    """Name the months, the year with the first and with each January."""
    names = []
    for number, point in enumerate(trend):
        year, month = point.month.split("-")
        names.append(f"{int(month)}月\n{year}" if number == 0 or month == "01" else f"{int(month)}月")
    return names


def _month_axis(trend: Sequence[TrendPoint]) -> Option:
    return {
        "type": "category",
        "data": _months(trend),
        "axisLabel": {**_text(SMALL - 1, MUTED), "interval": 0 if len(trend) < 7 else 1, "lineHeight": 17},  # noqa: PLR2004  # room for so many
        "axisLine": {"lineStyle": {"color": LINE}},
        "axisTick": {"show": False},
    }


def _value_axis(**more: Any) -> Option:  # fields of an option
    return {
        "type": "value",
        "axisLabel": _text(SMALL - 1, MUTED),
        "splitLine": {"lineStyle": {"color": LINE}},
        "splitNumber": 4,
        **more,
    }


def trend(points: Sequence[TrendPoint]) -> Option:
    """Return who was on the roster and who in transition at the end of each month."""
    series = (
        ("在册", BLUE, [one.registered for one in points]),
        ("过渡期", ORANGE, [one.transition for one in points]),
    )
    return {
        **_base(),
        "tooltip": {**_base()["tooltip"], "trigger": "axis"},
        "legend": {"top": 0, "right": 0, "textStyle": _text(), "itemWidth": 22, "itemHeight": 10},
        "grid": {"left": 4, "right": 14, "top": 36, "bottom": 4, "containLabel": True},
        "xAxis": _month_axis(points),
        "yAxis": _value_axis(),
        "series": [
            {
                "type": "line",
                "name": name,
                "data": values,
                "symbol": "circle" if colour == BLUE else "diamond",
                "symbolSize": 8,
                "lineStyle": {"width": 3},
                "itemStyle": {"color": colour},
                "areaStyle": {"opacity": 0.12},
            }
            for name, colour, values in series
        ],
    }


def served_trend(points: Sequence[TrendPoint]) -> Option:
    """Return the share of the members in transition who were reached in each month."""
    shares = [words.share(one.served, one.transition) for one in points]
    return {
        **_base(),
        "grid": {"left": 4, "right": 8, "top": 26, "bottom": 4, "containLabel": True},
        "xAxis": _month_axis(points),
        "yAxis": _value_axis(max=100, interval=25, axisLabel={**_text(SMALL - 1, MUTED), "formatter": "{value}%"}),
        "series": [
            {
                "type": "bar",
                "name": "服务率",
                "data": shares,
                "barMaxWidth": 22,
                "itemStyle": {"color": GREEN, "borderRadius": [3, 3, 0, 0]},
                "label": {"show": True, "position": "top", "formatter": "{c}", **_text(13)},
                "labelLayout": {"hideOverlap": True},
            }
        ],
    }


def _parts(one: Partition) -> list[tuple[str, int, str]]:
    """Return the parts that are drawn with their colours; those not shown are one rest, so that all add up."""
    found = [
        (part.label, part.count, COLOURS[number % len(COLOURS)]) for number, part in enumerate(one.parts) if part.count
    ]
    return [*found, ("其余（略）", one.rest, GREY)] if one.rest else found


def split(one: Partition) -> Option:
    """Return a ring of the parts, each named with its count."""
    data = [
        {"name": f"{label}  {words.said(count)}", "value": count, "itemStyle": {"color": colour}}
        for label, count, colour in _parts(one)
    ]
    return {
        **_base(),
        "tooltip": {**_base()["tooltip"], "trigger": "item", "formatter": "{b} 人（{d}%）"},
        "legend": {
            "orient": "vertical",
            "right": 0,
            "top": "middle",
            "itemGap": 11,
            "itemWidth": 14,
            "itemHeight": 14,
            "textStyle": _text(16),
        },
        "title": {
            "text": words.said(one.whole),
            "subtext": "过渡期党员",
            "left": RING[0] - 1,
            "top": "37%",
            "textAlign": "center",
            "textStyle": {**_text(28), "fontWeight": 700},
            "subtextStyle": _text(14, MUTED),
        },
        "series": [
            {
                "type": "pie",
                "radius": [RING[1], RING[2]],
                "center": [RING[0], "50%"],
                "label": {"show": False},
                "itemStyle": {"borderColor": "#0d2540", "borderWidth": 2},
                "data": data,
            }
        ],
    }


def _bars(names: Sequence[str], data: Sequence[Option], *, most: float | None, height: int, room: int = 96) -> Option:
    """Return horizontal bars, the first on top; few of them do not fill the height."""
    tall = min(height - 8, ROW * len(names))
    return {
        **_base(),
        "grid": {"left": 4, "right": room, "top": 4, "height": tall, "containLabel": True},
        "xAxis": {"type": "value", "show": False, **({"max": most} if most else {})},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": list(names),
            "axisLabel": {**_text(16), "width": 128, "overflow": "truncate", "margin": 10},
            "axisLine": {"show": False},
            "axisTick": {"show": False},
        },
        "series": [{"type": "bar", "data": list(data), "barMaxWidth": 16, "barMinHeight": 1}],
    }


def _bar(value: float | None, said: str, colour: str) -> Option:
    return {
        "value": value or 0,
        "itemStyle": {"color": colour, "borderRadius": 4},
        "label": {"show": True, "position": "right", "formatter": said, **_text(15)},
    }


def _of_whole(count: int, whole: int | None) -> str:
    part = words.share(count, whole)
    return f"{words.said(count)} 人" + ("" if part is None else f"  {words.said(part)}%")


def ages(one: Partition) -> Option:
    """Return the ages as bars; what is not shown is one bar of its own, so that all add up."""
    parts = _parts(one)
    data = [_bar(count, _of_whole(count, one.whole), colour) for _, count, colour in parts]
    return _bars([label for label, _, _ in parts], data, most=None, height=LOW, room=110)


def ranking(orgs: Sequence[RankedOrg], measure: str, colour: str) -> Option:
    """Return organisations by the share of their members in transition who count in `measure`, the greatest first."""
    rows = [(one.org, getattr(one, measure), one.transition) for one in orgs]
    rows.sort(key=lambda row: -1.0 if (part := words.share(row[1], row[2])) is None else part, reverse=True)
    data = []
    for _, part, whole in rows:
        value = words.share(part, whole)
        said = words.HIDDEN if value is None else f"{words.said(value)}%  {part}/{whole}"
        data.append(_bar(value, said, colour))
    return _bars([name for name, _, _ in rows], data, most=100, height=HIGH, room=112)


def homes(wall: Wall, rows: int) -> Option:
    """Return where members in transition live: communities by count, then those of no community, then the rest."""
    found = [(node.name, node.counts.transition, BLUE) for node in wall.children("street")]
    listed = sorted((one for one in found if one[1]), key=lambda one: -(one[1] or 0))
    shown, more = listed[:rows], listed[rows:]
    extra: list[tuple[str, int | None, str]] = []
    if more:
        extra.append((f"另 {len(more)} 个社区", sum(count or 0 for _, count, _ in more), BLUE))
    extra += [(part.label, part.counts.transition, ORANGE) for part in wall.street.others if part.counts.transition]
    if wall.street.rest.transition:
        extra.append(("其余（略）", wall.street.rest.transition, GREY))
    rows_shown = [*shown, *extra]
    data = [_bar(count, f"{words.said(count)} 人", colour) for _, count, colour in rows_shown]
    return _bars([name for name, _, _ in rows_shown], data, most=None, height=HIGH, room=70)


def flows(found: Sequence[Flow]) -> Option:
    """Return the largest flows from original villages to communities."""
    listed = found[:N_FLOWS]
    villages = dict.fromkeys(one.village for one in listed)
    places = dict.fromkeys(one.community for one in listed)
    nodes = [{"name": name, "itemStyle": {"color": ORANGE}, "label": {"position": "right"}} for name in villages]
    nodes += [{"name": name + APART, "itemStyle": {"color": BLUE}, "label": {"position": "left"}} for name in places]
    links = [{"source": one.village, "target": one.community + APART, "value": one.count} for one in listed]
    return {
        **_base(),
        "series": [
            {
                "type": "sankey",
                "left": 2,
                "right": 2,
                "top": 6,
                "bottom": 6,
                "nodeWidth": 12,
                "nodeGap": 12,
                "draggable": False,
                "emphasis": {"focus": "adjacency"},
                "label": {**_text(15), "textBorderColor": "#0d2540", "textBorderWidth": 3},
                "lineStyle": {"color": "gradient", "opacity": 0.42, "curveness": 0.5},
                "data": nodes,
                "links": links,
            }
        ],
    }
