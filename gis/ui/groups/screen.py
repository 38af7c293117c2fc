"""The screen 临时党小组, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.grouping import propose_groups
from gis.services.groups_view import branches_to_plan
from gis.ui import session, waiting
from gis.ui.groups.ask import ask_grouping
from gis.ui.groups.keep import JOB, NAME, PLAN, saved_id
from gis.ui.groups.plan import show_plan

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
        st.info("管理范围内还没有支部和党员：先到“数据”页导入党组织、党员花名册和中心户，再来测算")
        return
    request = ask_grouping(actor, store)
    if request is not None:
        session.forget(PLAN, NAME)
        waiting.send(JOB, lambda: propose_groups(actor, store, request), expected_s=request.seconds)
    plan = waiting.result_of(JOB, "正在测算")
    if plan is not None:
        session.remember(PLAN, plan)
    plan = session.recall(PLAN)
    if plan is not None:
        show_plan(actor, store, plan)
