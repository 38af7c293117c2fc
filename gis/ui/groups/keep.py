"""What can be done with a proposal: save it under a name, take it along, work it out again, let it go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.adopting import PLAN_TOPICS
from gis.services.plan_sheet import plan_workbook
from gis.services.plans import save_plan
from gis.ui import jobs, session
from gis.ui.groups.progress import send_planning
from gis.ui.plans.said import say

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plan import GroupPlan
    from gis.store.database import Store

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAN, SAVED, JOB, NAME = "groups_plan", "groups_saved", "groups_job", "groups_name"
LONGEST_NAME = 60


def show_buttons(actor: Actor, store: Store, plan: GroupPlan) -> None:
    """Show what can be done with the proposal."""
    if store.data_version(*PLAN_TOPICS) != plan.data_version:
        _show_stale(plan)
    with st.container(horizontal=True, vertical_alignment="bottom", key="jj_keep"):
        st.text_input("方案名称", value=_suggested(plan), max_chars=LONGEST_NAME, key=NAME, width=320)
        st.button("保存为方案", type="primary", on_click=_save, args=(plan,))
        st.download_button(
            "下载方案表",
            lambda: plan_workbook(actor, store, plan),
            file_name=f"编组方案-{plan.as_of.isoformat()}.xlsx",
            mime=XLSX,
            on_click="ignore",
        )
        st.button("放弃", on_click=_let_go, args=(actor.name,))
        st.caption("还没有保存。保存后在“编组方案”页手工调整、并排对比、提交支委会审核和发布。")


def saved_id() -> PlanId | None:
    """Return the plan that the last press saved, once."""
    found: PlanId | None = session.recall(SAVED)
    session.forget(SAVED)
    return found


def _suggested(plan: GroupPlan) -> str:
    branches = {group.branch for group in plan.groups}
    where = next(iter(branches)) if len(branches) == 1 else f"{len(plan.branch_ids)} 个支部"
    return f"{where} {plan.as_of.isoformat()} 测算"[:LONGEST_NAME]


def _show_stale(plan: GroupPlan) -> None:
    st.warning(
        "测算之后，党员、场所或小组数据已有变动。请重新测算，看过新结果再保存。",
        icon=":material/sync_problem:",
    )
    st.button("按原条件重新测算", on_click=_ask_again, args=(plan,))


def _ask_again(plan: GroupPlan) -> None:
    with session.show_errors():
        actor, store = session.actor_now(), session.store()
        session.forget(PLAN, NAME)
        send_planning(JOB, actor, store, plan.request)


def _save(plan: GroupPlan) -> None:
    with session.show_errors():
        name = str(session.recall(NAME) or "")
        actor = session.actor_now()
        plan_id = save_plan(actor, session.store(), plan, name)
        _let_go(actor.name)
        session.remember(SAVED, plan_id)
        say(f"方案“{name}”已保存")


def _let_go(owner: str) -> None:
    session.forget(PLAN, NAME)
    jobs.let_go(owner, JOB)
