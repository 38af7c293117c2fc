"""Groups in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.groups_view import list_groups
from gis.services.map_layers import overview
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.groups_view import GroupInForce
    from gis.store.database import Store


def show_groups_in_force(actor: Actor, store: Store) -> None:
    """Show the groups in force of the actor's scope; figures only for roles that see counts only."""
    st.header("现行小组")
    found = overview(actor, store)
    st.caption(
        f"过渡期党员 **{found.in_transition}** 名，已编组 **{found.grouped}** 名，"
        f"临时党小组 **{found.groups}** 个（按组织关系，截至 {found.as_of.isoformat()}）"
    )
    if not actor.scope.sees_people:
        st.info("当前角色只看数量，不显示小组名单和党员姓名")
        return
    groups = list_groups(actor, store)
    if not groups:
        st.info("管理范围内还没有临时党小组")
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
    chosen = st.dataframe(rows, hide_index=True, on_select="rerun", selection_mode="single-row", key="force_chosen")
    picked = chosen.selection.rows
    if picked and picked[0] < len(groups):
        _show_seats(groups[picked[0]])


def _show_seats(group: GroupInForce) -> None:
    st.markdown(f"**{plain(group.name)}**")
    rows = [
        {
            "姓名": seat.name,
            "职务": "组长" if seat.is_leader else "",
            "步行（米）": None if seat.walk_m is None else round(seat.walk_m),
            "编入原因": seat.reason,
        }
        for seat in group.seats
    ]
    st.dataframe(rows, hide_index=True)
