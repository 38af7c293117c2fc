"""The screen 编组方案: the list, one plan, or several side by side, as the address says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.ui import session
from gis.ui.plans import address
from gis.ui.plans.compare import show_comparison
from gis.ui.plans.listing import show_list
from gis.ui.plans.one import show_one
from gis.ui.plans.said import show_said

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store


def show_plans(actor: Actor, store: Store) -> None:
    """Show what the address asks for."""
    plan_id, compared = address.opened(), address.compared()
    may_compare = bool(compared) and actor.may(Action.PLAN_GROUPS)
    if plan_id is not None or may_compare:
        st.button("‹ 全部方案", type="tertiary", on_click=address.leave)
    with session.show_errors():
        if plan_id is not None:
            show_one(actor, store, plan_id)
            return
        st.title("方案对比" if may_compare else "编组方案")
        show_said()
        if may_compare:
            show_comparison(actor, store, compared)
        else:
            show_list(actor, store)
