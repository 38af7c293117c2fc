"""The screen 临时党小组, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.grouping import propose_groups
from gis.ui import session, waiting
from gis.ui.groups.ask import ask_grouping
from gis.ui.groups.plan import PLAN, SAID, show_plan

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

JOB = "groups_job"


def plan_on_request(actor: Actor, store: Store) -> None:
    """Ask, send the work off, show the plan when it is there."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    request = ask_grouping(actor, store)
    if request is not None:
        session.forget(PLAN)
        waiting.send(JOB, lambda: propose_groups(actor, store, request), expected_s=request.seconds)
    plan = waiting.result_of(JOB, "正在测算")
    if plan is not None:
        session.remember(PLAN, plan)
    plan = session.recall(PLAN)
    if plan is not None:
        show_plan(actor, store, plan)
