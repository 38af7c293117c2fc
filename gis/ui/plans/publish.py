"""Publishing: one more look at what it does, the reasons it asks for, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.model.plans import IssueLevel, PlanState
from gis.services import plan_life
from gis.services.groups_view import groups_to_close
from gis.ui import session
from gis.ui.plans import conflict
from gis.ui.plans.said import say
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plans import SavedPlan
    from gis.store.database import Store

ASKING = "plan_publishing"
LONGEST_REASON = 200


def show_publish_button(saved: SavedPlan) -> None:
    """Show the button; closed, it says why."""
    blocks = sum(issue.level is IssueLevel.BLOCK for issue in saved.issues)
    why = (
        f"还有 {blocks} 处问题，解决后才能发布"
        if blocks
        else "数据已有变动，先按最新数据核对或重新测算"
        if saved.head.is_stale
        else None
    )
    st.button(
        "发布…",
        type="primary" if saved.head.state is PlanState.REPORTED else "secondary",
        disabled=why is not None,
        help=why,
        on_click=session.remember,
        args=(ASKING, int(saved.head.id)),
    )


def is_publishing(saved: SavedPlan) -> bool:
    """Whether publishing was pressed, and is still possible."""
    head = saved.head
    return session.recall(ASKING) == int(head.id) and head.state.is_open and not head.is_stale and not saved.is_blocked


def ask_publishing(actor: Actor, store: Store, saved: SavedPlan) -> None:
    """Say in one line what publishing does, ask for reasons, and wait for a yes."""
    head = saved.head
    closed = groups_to_close(actor, store, head.branch_ids)
    stops = f"停止现行小组 **{closed}** 个，" if closed else ""
    left = len(saved.plan.unseated)
    without = f"，未安排的 **{left}** 名党员没有小组" if left else ""
    warnings = plan_life.publish_warnings(actor, store, head.id)
    key = f"plan_publish_{int(head.id)}_{head.version}"
    with st.container(border=True, key="jj_publish"):
        st.warning(
            f"发布后立即生效：{stops}新建小组 **{head.n_groups}** 个，编入党员 **{head.seated}** 名{without}。"
            "历史记录保留。",
            icon=":material/priority_high:",
        )
        if warnings:
            st.markdown("以下几点须写明理由：\n" + "\n".join(f"- {plain(one)}" for one in warnings))
            st.text_area("理由", max_chars=LONGEST_REASON, key=key)
        with st.container(horizontal=True):
            st.button("确定发布", type="primary", on_click=_publish, args=(saved, key))
            st.button("再想想", on_click=session.forget, args=(ASKING,))


def _publish(saved: SavedPlan, key: str) -> None:
    head = saved.head
    with session.show_errors():
        reason = str(session.recall(key) or "")
        try:
            plan_life.publish_plan(session.actor_now(), session.store(), head.id, head.version, reason)
        except StaleError:
            session.forget(ASKING)
            conflict.note(saved, "发布")
            return
        session.forget(ASKING)
        say(f"方案“{head.name}”已发布：建立 {head.n_groups} 个小组，编入 {head.seated} 名党员")
