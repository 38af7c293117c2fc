"""A plan worked out again with its own parameters: the same result, or what differs and who changed the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.plan_compare import rerun_plan
from gis.services.plans import save_plan
from gis.ui import session, waiting
from gis.ui.plans import address
from gis.ui.plans.diff import show_diff
from gis.ui.plans.said import say
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.plans import Rerun, SavedPlan

DONE = "plan_rerun"
MOST_CHANGES = 8


def _key(saved: SavedPlan) -> str:
    return f"plan_rerun_{int(saved.head.id)}"


def send(saved: SavedPlan) -> None:
    """Start it; for a button."""
    with session.show_errors():
        actor, store = session.actor_now(), session.store()
        session.forget(DONE)
        waiting.send(
            _key(saved),
            lambda: rerun_plan(actor, store, saved.head.id),
            expected_s=saved.plan.request.seconds,
        )


def show_rerun(saved: SavedPlan) -> None:
    """Show how it goes, then what came of it until it is kept or let go."""
    found: Rerun | None = waiting.result_of(_key(saved), "正在按原条件重新测算")
    if found is not None:
        session.remember(DONE, (saved.head.id, found))
    done = session.recall(DONE)
    if done is None or done[0] != saved.head.id:
        return
    found = done[1]
    with st.container(border=True, key="jj_rerun"):
        (st.success if found.is_same else st.info)(plain(found.text))
        if found.data_changes:
            st.markdown("保存之后的变动：" + "；".join(plain(one) for one in found.data_changes[:MOST_CHANGES]))
        if not found.is_same:
            show_diff(found.diff, before="原方案", after="重新测算", key="jj_rerun_diff")
        with st.container(horizontal=True):
            if not found.is_same:
                st.button("存为新方案", type="primary", on_click=_save, args=(saved, found))
            st.button("关闭", on_click=session.forget, args=(DONE,))


def _save(saved: SavedPlan, found: Rerun) -> None:
    with session.show_errors():
        name = f"{saved.head.name}（重新测算）"
        address.open_one(save_plan(session.actor_now(), session.store(), found.plan, name, based_on=saved.head.id))
        session.forget(DONE)
        say(f"已存为草案“{name}”，现在打开的就是它")
