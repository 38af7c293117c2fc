"""The screen 临时党小组, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.grouping import propose_groups
from gis.ui import jobs, session
from gis.ui.groups.ask import ask_grouping
from gis.ui.groups.plan import PLAN, show_plan

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store
    from gis.ui.jobs import Job

JOB = "groups_job"
SAID = "groups_said"
MOMENT_S = 2.0  # plans for members in transition are ready within this, without a second run


def plan_on_request(actor: Actor, store: Store) -> None:
    """Ask, send the work off, show the plan when it is there."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    request = ask_grouping(actor, store)
    if request is not None:
        session.forget(PLAN, SAID)
        wanted = request
        work = jobs.send(lambda: propose_groups(actor, store, wanted), expected_s=request.seconds)
        session.remember(JOB, work)
    job: Job[object] | None = session.recall(JOB)
    if job is not None:
        if not job.is_done(MOMENT_S):
            _show_progress(job)
            return
        session.forget(JOB)
        session.remember(PLAN, job.result())
    plan = session.recall(PLAN)
    if plan is not None:
        show_plan(actor, store, plan)


@st.fragment(run_every=1.0)
def _show_progress(job: Job[object]) -> None:
    if job.is_done():
        st.rerun()
    share = min(job.elapsed_s / max(job.expected_s, 1.0), 0.99)
    st.progress(share, text=f"正在测算，已用 {job.elapsed_s:.0f} 秒，最多约 {job.expected_s:.0f} 秒；可以先看别的页面")
