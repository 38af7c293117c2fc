"""The screen 临时党小组, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.groups_view import branches_to_plan
from gis.ui import jobs, session, waiting
from gis.ui.groups.ask import ask_grouping
from gis.ui.groups.keep import JOB, NAME, PLAN, saved_id
from gis.ui.groups.plan import show_plan
from gis.ui.groups.progress import send_planning

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

PLANS_PAGE = "pages/plans.py"


def plan_on_request(actor: Actor, store: Store) -> None:
    """Ask, send the work off, show the plan when it is there; once it is saved, go to it."""
    plan_id = saved_id()
    if plan_id is not None:
        st.switch_page(PLANS_PAGE, query_params={"plan": str(plan_id)})
    if not branches_to_plan(actor, store):
        st.info("管理范围内还没有支部和党员：先到“数据导入”页导入党组织、党员花名册和中心户，再来测算")
        return
    request = ask_grouping(actor, store)
    if request is not None:
        session.forget(PLAN, NAME)
        send_planning(JOB, actor, store, request)
    plan = waiting.result_of(JOB, "正在测算")
    if plan is not None:
        session.remember(PLAN, plan)
    plan = session.recall(PLAN)
    if plan is not None:
        show_plan(actor, store, plan)
    elif session.recall(JOB) is None:
        _offer_what_was_left(actor)


def _offer_what_was_left(actor: Actor) -> None:
    """Offer the planning that the account sent off in a tab that is gone."""
    job = jobs.kept(actor.name, JOB)
    if job is None:
        return
    state = "已经算完" if job.is_done() else "还在计算"
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="jj_left"):
        st.markdown(f"上次的测算没有保存，{state}")
        st.button("接着看", on_click=waiting.pick_up, args=(JOB, actor.name))
        st.button("不要了", on_click=jobs.let_go, args=(actor.name, JOB))
