"""Few moves: how many changes against the groups in force buy how much shorter walks; one point is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.services.replanning import change_curve
from gis.ui import session, waiting
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.groups.keep import JOB, NAME, PLAN
from gis.ui.groups.progress import send_planning, watching
from gis.ui.text import metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.plan import CurvePoint, GroupingRequest, GroupPlan

CURVE_JOB, CURVE = "groups_curve_job", "groups_curve"
COLUMNS = (
    Column("变动"),
    Column("其中不得不变", is_number=True),
    Column("平均步行", is_number=True),
    Column("已安排", is_number=True),
)
HEIGHT = 240  # pixels


def show_curve(plan: GroupPlan) -> None:
    """Offer to work the curve out, show it, and plan anew at the point that is chosen."""
    kept: tuple[GroupingRequest, tuple[CurvePoint, ...]] | None = session.recall(CURVE)
    request = _asked(plan)
    if kept is None or kept[0] != request:
        st.button("变动几名、近多少：算出可选的几种", on_click=_send, args=(request,))
    points = waiting.result_of(CURVE_JOB, "正在按不同的变动多少分别测算")
    if points is not None:
        session.remember(CURVE, (request, points))
        st.rerun()
    if kept is not None and kept[0] == request:
        _show_points(request, kept[1])


def _asked(plan: GroupPlan) -> GroupingRequest:
    """Return what the plan was asked for, whatever the price of a change was."""
    return replace(plan.request, settings=replace(plan.request.settings, change_cost_m=0))


def _send(request: GroupingRequest) -> None:
    with session.show_errors():
        actor, store = session.actor_now(), session.store()
        waiting.send_watched(
            CURVE_JOB,
            lambda progress: change_curve(actor, store, request, watch=watching(progress)),
            expected_s=request.seconds,
            owner=actor.name,
        )


def _show_points(request: GroupingRequest, points: Sequence[CurvePoint]) -> None:
    st.markdown("**变动与步行**　变动越多，平均步行越短；点一行，按它重新测算")
    left, right = st.columns([2, 3])
    rows = [
        Row(
            number,
            (f"{one.changes} 名", f"{one.forced_changes} 名", metres(one.mean_walk_m), f"{one.seated} 名"),
        )
        for number, one in enumerate(points)
    ]
    with left:
        show_choices(
            "groups_curve_points",
            Listing("变动与步行", COLUMNS, rows),
            on_open=lambda number: _plan_at(request, points[number]),
        )
    with right:
        st.echarts_chart(_chart(points), height=HEIGHT, key="groups_curve_chart", alt="变动人数与平均步行的曲线")


def _plan_at(request: GroupingRequest, point: CurvePoint) -> None:
    settings = replace(request.settings, change_cost_m=point.change_cost_m)
    with session.show_errors():
        actor = session.actor_now()
        session.forget(PLAN, NAME)
        send_planning(JOB, actor, session.store(), replace(request, settings=settings))


def _chart(points: Sequence[CurvePoint]) -> dict[str, Any]:
    return {
        "grid": {"left": 64, "right": 24, "top": 24, "bottom": 44},
        "xAxis": {"type": "value", "name": "变动（名）", "nameLocation": "middle", "nameGap": 28, "minInterval": 1},
        "yAxis": {"type": "value", "name": "平均步行（米）", "scale": True},
        "series": [
            {
                "type": "line",
                "data": [[one.changes, round(one.mean_walk_m)] for one in points],
                "symbolSize": 10,
                "lineStyle": {"color": "#1f5fa8"},
                "itemStyle": {"color": "#1f5fa8"},
            }
        ],
    }
