"""Groups in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.services.groups_view import list_groups
from gis.services.map_overview import overview
from gis.ui.table import show_table, show_tiles
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.groups_view import GroupInForce
    from gis.store.database import Store


def _said(count: int | None) -> str:
    return "从略" if count is None else f"{count} 名"


def show_groups_in_force(actor: Actor, store: Store) -> None:
    """Show the groups in force of the actor's scope; figures only for roles that see counts only."""
    st.header("现行小组")
    found = overview(actor, store)
    moving, grouped = found.in_transition, found.grouped
    show_tiles(
        {
            "过渡期党员": _said(moving),
            "已编组": _said(grouped),
            "未编组": _said(None if moving is None or grouped is None else moving - grouped),
            "临时党小组": f"{found.groups} 个",
        },
        key="jj_force",
    )
    st.caption(f"按组织关系统计，截至 {found.as_of.isoformat()}")
    if not actor.scope.sees_people:
        st.info("当前角色只看数量，不显示小组名单和党员姓名")
        return
    groups = list_groups(actor, store)
    if not groups:
        st.info(
            "管理范围内还没有临时党小组"
            + ("：先在上面测算，经支部委员会讨论后采用" if actor.may(Action.PLAN_GROUPS) else "")
        )
        return
    rows = [
        {
            "小组": group.name,
            "支部": group.branch,
            "活动地点": group.place,
            "组长": group.leader,
            "人数": len(group.seats),
            "自": group.since,
        }
        for group in groups
    ]
    st.caption(f"小组 {len(rows)} 个，勾选一行看组员")
    chosen = st.dataframe(rows, hide_index=True, on_select="rerun", selection_mode="single-row", key="force_chosen")
    picked = chosen.selection.rows
    if picked and picked[0] < len(groups):
        _show_seats(groups[picked[0]])


def _show_seats(group: GroupInForce) -> None:
    st.markdown(f"**{plain(group.name)}**　{plain(group.place)}　组长 {plain(group.leader or '未定')}")
    rows = [
        {
            "姓名": seat.name,
            "职务": "组长" if seat.is_leader else "",
            "步行（米）": None if seat.walk_m is None else round(seat.walk_m),
            "编入原因": seat.reason,
        }
        for seat in group.seats
    ]
    show_table(rows)
