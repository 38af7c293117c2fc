"""The panels beside the map: which there are, what each says, and where it stands in the two arrangements."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.ui.wall import charts, words
from gis.ui.wall.charts import HIGH, LOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.wall import Wall

N_ORGS, N_HOMES = 13, 11
BY_HOME = "过渡期党员按现住址计；本人不愿在楼栋上显示的，只计到网格"
TALL = 512  # the height of the terms, in the room of two panels


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its code names its place in wall.css; `text` stands where there is no chart."""

    code: str
    title: str
    said: str
    alt: str
    option: dict[str, Any] | None
    height: int = LOW
    text: str = ""


def panels_of(wall: Wall) -> tuple[Panel, ...]:
    """Return all panels; a screen of ordinary shape shows them in two turns."""
    board = wall.board
    orgs = board.orgs[:N_ORGS]
    of_orgs = f"共 {len(board.orgs)} 个" + (f"，前 {N_ORGS} 个" if len(board.orgs) > N_ORGS else "")
    untold = "" if board.flows_rest is None else _flows_said(wall)
    return (
        Panel("trend", "近十二个月", _since(wall), "各月末在册党员和过渡期党员人数", charts.trend(board.trend)),
        Panel("served", "各月服务率", "占过渡期党员 %", "各月服务率", charts.served_trend(board.trend)),
        Panel("modes", "学习方式", words.of_whole(board.modes), "过渡期党员的学习方式", charts.split(board.modes)),
        Panel("ages", "年龄结构", words.of_whole(board.ages), "过渡期党员的年龄", charts.ages(board.ages)),
        Panel("terms", "口径", f"截至 {board.day.isoformat()}", "", None, TALL, _terms(wall)),
        Panel("grouped", "各党组织已编组率", of_orgs, "各党组织已编组率", _ranked(orgs, "grouped", charts.BLUE), HIGH),
        Panel("flows", "原村到现居住社区", untold, "从原村到现居住社区的流向", charts.flows(board.flows), HIGH),
        Panel(
            "reached", "各党组织本月服务率", of_orgs, "各党组织本月服务率", _ranked(orgs, "served", charts.GREEN), HIGH
        ),
        Panel("homes", "现居住社区", "过渡期党员人数", "过渡期党员现居住社区", charts.homes(wall, N_HOMES), HIGH),
    )


def _since(wall: Wall) -> str:
    """Say from when on there are figures, where that is less than the whole of the trend."""
    trend, since = wall.board.trend, wall.board.trend_from
    if since is None or trend[0].registered is not None or trend[0].as_of > since:
        return "各月末人数"
    return f"{since.year}年{since.month}月起有记录"


def _ranked(orgs: Sequence[Any], measure: str, colour: str) -> dict[str, Any] | None:
    return charts.ranking(orgs, measure, colour) if orgs else None


def _flows_said(wall: Wall) -> str:
    board = wall.board
    listed = board.flows[: charts.N_FLOWS]
    total, shown = wall.street.counts.transition, sum(one.count for one in listed)
    return f"{shown} 人" + ("" if total is None else f"；其余 {total - shown} 人")


def _terms(wall: Wall) -> str:
    rows = [*((one.key.label, one.definition) for one in wall.board.kpis), ("地图", BY_HOME)]
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows)


def show_panels(panels: Sequence[Panel]) -> None:
    """Show the panels; each keeps its place and its chart from one refresh to the next."""
    for panel in panels:
        with st.container(key=f"jj_wall_{panel.code}"):
            title, said = escape(panel.title), escape(panel.said)
            st.html(f'<div class="jjw-panel-head"><h2>{title}</h2><span>{said}</span></div>')
            _draw(panel)


def _draw(panel: Panel) -> None:
    if panel.text:
        st.html(f'<dl class="jjw-terms" style="height:{panel.height}px">{panel.text}</dl>')
    elif panel.option is None or not _has_data(panel.option):
        st.html('<p class="jjw-nothing">还没有可以显示的数</p>')
    else:
        st.echarts_chart(
            panel.option,
            height=panel.height,
            theme=None,
            key=f"jj_wall_chart_{panel.code}",
            renderer="svg",  # sharp at every scale
            alt=panel.alt,
        )


def _has_data(option: dict[str, Any]) -> bool:
    return any(value is not None for series in option["series"] for value in series["data"])
