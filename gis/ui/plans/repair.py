"""Keep what was set by hand and let the solver do the rest; runs beside the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.services.plan_editing import repair_plan
from gis.ui import session, waiting
from gis.ui.plans import conflict
from gis.ui.plans.effect import show_effect

if TYPE_CHECKING:
    from gis.model.plans import EditEffect, SavedPlan

SECONDS = 20.0
DONE = "plan_repaired"


def show_button(saved: SavedPlan) -> None:
    """Offer to fix the rest."""
    st.button(
        "其余自动调整，保留我定的",
        icon=":material/build:",
        help="手工定下的组员、地点、组长不动，其余党员重新安排，改动尽量少；结果作为一步，可以撤销",
        on_click=_send,
        args=(saved,),
    )


def _key(saved: SavedPlan) -> str:
    return f"plan_repair_{int(saved.head.id)}"


def _send(saved: SavedPlan) -> None:
    with session.show_errors():
        actor, store, head = session.actor_now(), session.store(), saved.head
        session.forget(DONE)
        waiting.send(
            _key(saved),
            lambda: repair_plan(actor, store, head.id, head.version, seconds=SECONDS),
            expected_s=SECONDS,
        )


def show_progress(saved: SavedPlan) -> None:
    """Show how it goes, then once what it did."""
    try:
        effect: EditEffect | None = waiting.result_of(_key(saved), "正在调整其余部分")
    except StaleError:
        conflict.note(saved, "其余自动调整")
        st.rerun()
    if effect is not None:
        session.remember(DONE, (saved.head.id, effect))
        st.rerun()  # the plan shown above is the one before
    done = session.recall(DONE)
    if done is not None and done[0] == saved.head.id:
        session.forget(DONE)
        st.success("已调整，作为一步保存，可以撤销")
        show_effect(done[1], is_done=True)
