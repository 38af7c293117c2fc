"""What can be done with a proposal: adopt it after one more look, take it along, ask again, let it go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.model.access import Action
from gis.services.adopting import PLAN_TOPICS, adopt_groups
from gis.services.grouping import propose_groups
from gis.services.groups_view import groups_to_close
from gis.services.plan_sheet import plan_workbook
from gis.ui import session, waiting

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plan import GroupPlan
    from gis.store.database import Store

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAN, SAID, JOB, ASKING = "groups_plan", "groups_said", "groups_job", "groups_asking"


def show_buttons(actor: Actor, store: Store, plan: GroupPlan) -> None:
    """Show the buttons, or the question that adopting asks first."""
    is_stale = store.data_version(*PLAN_TOPICS) != plan.data_version
    if is_stale:
        _show_stale(plan)
    elif session.recall(ASKING):
        _ask_once_more(actor, store, plan)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if actor.may(Action.ADOPT_GROUPS):
            st.button(
                "采用…",
                type="primary",
                disabled=is_stale or not plan.groups,
                on_click=lambda: session.remember(ASKING, value=True),
            )
        st.download_button(
            "下载方案表",
            lambda: plan_workbook(actor, store, plan),
            file_name=f"编组方案-{plan.as_of.isoformat()}.xlsx",
            mime=XLSX,
            on_click="ignore",
        )
        st.button("放弃", on_click=lambda: session.forget(PLAN, ASKING))


def _show_stale(plan: GroupPlan) -> None:
    st.warning(
        "测算之后，党员、场所或小组数据已有变动，这个方案不能采用。请重新测算，看过新方案再采用。",
        icon=":material/sync_problem:",
    )
    st.button("按原条件重新测算", type="primary", on_click=_ask_again, args=(plan,))


def _ask_once_more(actor: Actor, store: Store, plan: GroupPlan) -> None:
    """Say in one line what adopting does, and wait for a yes."""
    closed = groups_to_close(actor, store, plan.branch_ids)
    stops = f"停止现行小组 **{closed}** 个，" if closed else ""
    left = f"，未安排的 **{len(plan.unseated)}** 名党员没有小组" if plan.unseated else ""
    st.warning(
        f"采用后立即生效：{stops}新建小组 **{len(plan.groups)}** 个，编入党员 **{plan.scores.seated}** 名{left}。"
        "历史记录保留。方案须先经支部委员会讨论决定。",
        icon=":material/priority_high:",
    )
    with st.container(horizontal=True):
        st.button("确定采用", type="primary", on_click=_adopt, args=(plan,))
        st.button("再想想", on_click=lambda: session.forget(ASKING))


def _ask_again(plan: GroupPlan) -> None:
    with session.show_errors():
        actor, store = session.actor_now(), session.store()
        session.forget(PLAN, ASKING)
        waiting.send(JOB, lambda: propose_groups(actor, store, plan.request), expected_s=plan.request.seconds)


def _adopt(plan: GroupPlan) -> None:
    session.forget(ASKING)
    with session.show_errors():
        try:
            run_id = adopt_groups(session.actor_now(), session.store(), plan)
        except StaleError:
            return  # the page runs next, sees the same and says what to do
        session.forget(PLAN)
        session.remember(
            SAID, f"方案 {run_id} 已采用：建立 {len(plan.groups)} 个小组，编入 {plan.scores.seated} 名党员"
        )
