"""重新排一下: the planner goes over the round again and keeps what is locked, and the order where it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.services.visits.editing import replan_round
from gis.ui import session, waiting
from gis.ui.visits import desk
from gis.ui.visits.said import say, say_late

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.visits.editing import EditEffect
    from gis.services.visits.views import RoundView
    from gis.store.database import Store

SECONDS, MOST_SECONDS = 5, 60
READING_S = 3.0


def show_rerun(actor: Actor, store: Store, view: RoundView) -> None:
    """Offer it, show how it goes, say what came of it."""
    round_id = view.round.id
    if round_id is None:
        return
    job = f"visits_rerun_{round_id}"
    with session.show_errors():
        try:
            done: EditEffect | None = waiting.result_of(job, "正在重新排")
        except StaleError:
            say_late("重新排一下")
            st.rerun()
        if done is not None:
            desk.done(round_id, None, done.version, done.text)
            say(done.text)
            st.rerun()
    if session.recall(job) is None:
        _offer(actor, store, view, job)


def _offer(actor: Actor, store: Store, view: RoundView, job: str) -> None:
    round_id, version = view.round.id, view.round.version
    with st.popover("重新排一下"):
        st.markdown("锁定的留在原来的组和半天，其余由系统重新排，能不动的次序不动。马上保存。")
        seconds = st.number_input("最多计算几秒", 1, MOST_SECONDS, SECONDS, key=f"{job}_seconds")
        if st.button("开始", type="primary", key=f"{job}_go") and round_id is not None:
            waiting.send(
                job,
                lambda: replan_round(actor, store, round_id, version, float(seconds)),
                expected_s=float(seconds) + READING_S,
            )
            st.rerun()
