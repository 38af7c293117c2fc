"""本月服务率: how many were reached in a month by any of the three ways, and whom nothing has reached yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.served import served_in_month
from gis.ui import session
from gis.ui.table import show_table, show_tiles
from gis.ui.text import plain
from gis.ui.visits.words import share

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.served import ServedView
    from gis.store.database import Store

KEPT = "visits_served"
TABLE_HEIGHT = 420
MONTHS_BACK = 12


def show_served(actor: Actor, store: Store) -> None:
    """Show the figure of this month in one row, with what it means."""
    view = served_once(actor, store, "")
    tiles = {"本月已服务（名）": share(view.served, view.denominator)}
    tiles |= {way: "从略" if count is None else f"{count} 名" for way, count in view.ways.items()}
    show_tiles(tiles, key="jj_visits_served")
    st.caption(f"{plain(view.definition)}（截至 {view.as_of.isoformat()}）")


def show_month(actor: Actor, store: Store) -> None:
    """Show a month in full: the ways, the branches, and whom nothing has reached."""
    month = _asked(actor, store)
    view = served_once(actor, store, month)
    tiles = {
        "过渡期党员（名）": share(view.served, view.denominator),
        "全部在册党员（名）": share(view.all_served, view.all_denominator),
    }
    tiles |= {way: "从略" if count is None else f"{count} 名" for way, count in view.ways.items()}
    show_tiles(tiles, key="jj_visits_month")
    st.caption(f"{plain(view.definition)}（截至 {view.as_of.isoformat()}）")
    left, right = st.columns(2)
    with left:
        _show_branches(view)
    with right:
        _show_unserved(actor, view)


def _asked(actor: Actor, store: Store) -> str:
    """Ask for the month; two months beside each other would tell who sees counts only of single members."""
    if actor.scope.sees_people:
        return st.selectbox("月份", _months(store), key="visits_month", width=180)
    st.caption("本月；以前各月的合计见大屏")
    return ""


def served_once(actor: Actor, store: Store, month: str) -> ServedView:
    """Read the figures, once for each state of the data, scope, day and month."""
    key = (actor.scope.key, store.data_version(), store.today(), month)
    kept: tuple[object, ServedView] | None = session.recall(KEPT + month)
    if kept is None or kept[0] != key:
        kept = key, served_in_month(actor, store, month)
        session.remember(KEPT + month, kept)
    return kept[1]


def _months(store: Store) -> list[str]:
    today = store.today()
    first = today.year * 12 + today.month - 1
    return [f"{(first - back) // 12}-{(first - back) % 12 + 1:02d}" for back in range(MONTHS_BACK + 1)]


def _show_branches(view: ServedView) -> None:
    st.header("各支部")
    if not view.branches:
        st.info("管理范围内没有返迁过渡期党员")
        return
    show_table(
        [{"支部": one.branch, "已服务（名）": share(one.count, one.denominator)} for one in view.branches],
        height=TABLE_HEIGHT,
    )


def _show_unserved(actor: Actor, view: ServedView) -> None:
    if not actor.scope.sees_people:
        return
    st.header(f"还没有服务到 {len(view.unserved)} 名")
    if not view.unserved:
        st.success("过渡期党员都已经服务到")
        return
    show_table(
        [
            {
                "姓名": one.name,
                "支部": one.branch,
                "最近见面": one.last_met.isoformat() if one.last_met else "没有记录",
            }
            for one in view.unserved
        ],
        height=TABLE_HEIGHT,
    )
