"""Rename, copy, work out again, discard: what is done with a plan as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.services.plans import copy_plan, discard_plan, rename_plan
from gis.ui import session
from gis.ui.plans import address, conflict, rerun
from gis.ui.plans.said import say

if TYPE_CHECKING:
    from gis.model.plans import SavedPlan

LONGEST_NAME = 60


def show_manage(saved: SavedPlan) -> None:
    """Show the small menu of a plan."""
    head = saved.head
    name_key = f"plan_name_{int(head.id)}_{head.version}"
    with st.popover("更多", width="content"):
        st.text_input("方案名称", value=head.name, max_chars=LONGEST_NAME, key=name_key)
        if head.state.is_open:
            st.button("改名", width="stretch", on_click=_rename, args=(saved, name_key))
        st.button("以此名称另存一份草案", width="stretch", on_click=_copy, args=(saved, name_key))
        st.button("按原条件重新测算", width="stretch", on_click=rerun.send, args=(saved,))
        if head.state.is_open:
            sure = st.checkbox("确认作废，从列表中去掉", key=f"plan_discard_{int(head.id)}_{head.version}")
            st.button("作废", width="stretch", disabled=not sure, on_click=_discard, args=(saved,))


def _rename(saved: SavedPlan, name_key: str) -> None:
    with session.show_errors():
        name = str(session.recall(name_key) or "")
        try:
            rename_plan(session.actor_now(), session.store(), saved.head.id, name, saved.head.version)
        except StaleError:
            conflict.note(saved, "改名")
            return
        say("已改名")


def _copy(saved: SavedPlan, name_key: str) -> None:
    with session.show_errors():
        name = str(session.recall(name_key) or "")
        address.open_one(copy_plan(session.actor_now(), session.store(), saved.head.id, name))
        say(f"已另存为草案“{name}”，现在打开的就是它")


def _discard(saved: SavedPlan) -> None:
    with session.show_errors():
        try:
            discard_plan(session.actor_now(), session.store(), saved.head.id, saved.head.version)
        except StaleError:
            conflict.note(saved, "作废")
            return
        address.leave()
        say(f"方案“{saved.head.name}”已作废")
