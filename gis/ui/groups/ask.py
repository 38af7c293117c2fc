"""The form of 临时党小组: one form, one request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.ids import OrgId
from gis.model.plan import GroupingSettings
from gis.services.groups_view import branches_to_plan
from gis.ui import office
from gis.ui.groups.ask_options import ask_options, options_for
from gis.ui.text import distinct

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plan import GroupingRequest
    from gis.store.database import Store

MAX_SECONDS = 300


def ask_grouping(actor: Actor, store: Store) -> GroupingRequest | None:
    """Show the form; the request when it has been sent in this run."""
    names = distinct({org.id: org.name for org in branches_to_plan(actor, store) if org.id is not None})
    with st.form("grouping", border=True):
        left, right, last = st.columns([5, 3, 2], vertical_alignment="bottom")
        chosen = left.multiselect(
            "支部", list(names), format_func=lambda org: names[org], placeholder="管理范围内全部支部"
        )
        who = right.radio("对象", ["过渡期党员", "全部党员"], horizontal=True)
        is_sent = last.form_submit_button("测算", type="primary", width="stretch")
        with st.expander("限额与时间"):
            seconds, settings = _ask_settings()
        with st.expander("小组数、地点与现行小组"):
            wanted = ask_options(settings, *options_for(actor, store))
    if not is_sent:
        return None
    return replace(
        wanted,
        branch_ids=tuple(OrgId(org) for org in chosen),
        is_all_members=who == "全部党员",
        seconds=seconds,
    )


def _ask_settings() -> tuple[float, GroupingSettings]:
    default = GroupingSettings()
    walk, size, other = st.columns(3)
    walk.markdown("**最远步行（米）**")
    limit = walk.number_input("不满 60 岁", 100, 5000, int(default.limit_m), 50)
    limit_60 = walk.number_input("60–79 岁", 100, 5000, int(default.limit_60_m), 50)
    limit_80 = walk.number_input("80 岁以上或需搀扶", 100, 5000, int(default.limit_80_m), 50)
    size.markdown("**小组人数**")
    low = size.number_input("宜不少于", 3, 50, default.target_low)
    high = size.number_input("宜不超过", 3, 50, default.target_high)
    most = size.number_input("每户中心户最多接待", 3, 50, default.host_capacity_max)
    other.markdown("**其他**")
    groups = other.number_input("同一地点最多几个小组", 1, 10, default.groups_per_place)
    seconds = other.number_input("最多计算几秒", 1, MAX_SECONDS, 20)
    st.caption("每组至少 3 人，其中至少 1 名正式党员可任组长；一个小组只编同一原支部党员；本人意愿优先于测算。")
    settings = GroupingSettings(
        limit_m=float(limit),
        limit_60_m=float(limit_60),
        limit_80_m=float(limit_80),
        target_low=int(low),
        target_high=max(int(low), int(high)),
        host_capacity_max=int(most),
        groups_per_place=int(groups),
        detour_factor=office.options().detour_factor,
    )
    return float(seconds), settings
