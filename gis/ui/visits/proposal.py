"""新的走访, last step: the work sent off, its progress, and what came of it — nothing is saved yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import GisError, StaleError
from gis.services.visits.people import view_planned
from gis.services.visits.proposing import adopt_visits, propose_visits
from gis.ui import jobs, session, waiting
from gis.ui.plans.words import strip
from gis.ui.table import show_table
from gis.ui.text import plain
from gis.ui.visits import address
from gis.ui.visits.due import forget_choice
from gis.ui.visits.figures import figures_of
from gis.ui.visits.routes import show_routes
from gis.ui.visits.said import say
from gis.ui.visits.words import days_of

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.visits import VisitRound
    from gis.services.visits.request import ProposedRound, VisitRequest
    from gis.services.visits.views import RoundView
    from gis.store.database import Store

JOB, PROPOSED, VIEW = "visits_job", "visits_proposed", "visits_proposed_view"
ASKED, STALE, NAME, FAULT = "visits_asked", "visits_stale", "visits_name", "visits_fault"
LONGEST_NAME = 60
READING_S = 4.0  # reading and measuring before the search begins


def send(actor: Actor, store: Store, request: VisitRequest) -> None:
    """Send the work off; the account finds it again in another tab."""
    session.forget(PROPOSED, VIEW, STALE, NAME, FAULT)
    session.remember(ASKED, request)
    waiting.send(JOB, lambda: propose_visits(actor, store, request), expected_s=request.seconds + READING_S)
    jobs.keep(actor.name, JOB, session.recall(JOB))


def is_under_way() -> bool:
    """Whether this tab waits for a round, or looks at one that is not saved."""
    return session.recall(JOB) is not None or session.recall(PROPOSED) is not None


def show_proposal(actor: Actor, store: Store) -> None:
    """Show how the work goes, or what came of it."""
    if session.recall(JOB) is not None:
        st.button("不等了", on_click=_drop, args=(actor.name,))
    found = _result(actor)
    if found is not None:
        session.remember(PROPOSED, found)
        st.rerun()
    fault = session.recall(FAULT)
    if fault:
        st.error(plain(fault))
    proposed: ProposedRound | None = session.recall(PROPOSED)
    if proposed is not None:
        _show(actor, store, proposed)
    elif session.recall(JOB) is None:
        _offer_what_was_left(actor)


def _result(actor: Actor) -> ProposedRound | None:
    """Return the proposal once it is there; a refusal unfolds the form and stands below it."""
    try:
        found: ProposedRound | None = waiting.result_of(JOB, "正在排路线")
    except GisError as error:
        _drop(actor.name)
        session.remember(FAULT, str(error))
        st.rerun()
    return found


def _offer_what_was_left(actor: Actor) -> None:
    job = jobs.kept(actor.name, JOB)
    if job is None:
        return
    state = "已经算完" if job.is_done() else "还在计算"
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="jj_visits_left"):
        st.markdown(f"上次测算的路线没有保存，{state}")
        st.button("接着看", on_click=waiting.pick_up, args=(JOB, actor.name))
        st.button("不要了", on_click=jobs.let_go, args=(actor.name, JOB))


def _drop(owner: str) -> None:
    session.forget(JOB, PROPOSED, VIEW, STALE)
    jobs.let_go(owner, JOB)


def _show(actor: Actor, store: Store, proposed: ProposedRound) -> None:
    view = _viewed(actor, store, proposed)
    st.header("测算结果")
    st.html(strip(figures_of(view)))
    if proposed.warnings:
        st.warning("\n".join(f"- {plain(one)}" for one in proposed.warnings))
    if session.recall(STALE):
        st.warning(
            "测算之后，党员、场所或走访数据已有变动，没有保存。请按原条件重新测算，看过新结果再保存。",
            icon=":material/sync_problem:",
        )
        st.button("按原条件重新测算", type="primary", on_click=_again)
    _show_keeping(actor, proposed.round)
    _show_left_out(view)
    show_routes(actor, store, view)


def _viewed(actor: Actor, store: Store, proposed: ProposedRound) -> RoundView:
    """Name and place the stops, once for each proposal and state of the data."""
    key = (proposed, actor.scope.key, store.data_version())
    kept: tuple[object, RoundView] | None = session.recall(VIEW)
    if kept is None or kept[0] != key:
        kept = key, view_planned(actor, store, proposed.round)
        session.remember(VIEW, kept)
    return kept[1]


def _show_left_out(view: RoundView) -> None:
    count = sum(len(one.names) for one in view.left_out)
    if not count:
        return
    with st.expander(f"没排进的 {count} 名，和怎样可以排进"):
        show_table([{"姓名": "、".join(one.names), "原因和办法": one.left.reason} for one in view.left_out])


def _show_keeping(actor: Actor, planned: VisitRound) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="jj_visits_keep"):
        st.text_input("批次名称", planned.name, max_chars=LONGEST_NAME, key=NAME, width=360)
        st.button("保存为草案", type="primary", on_click=_save, args=(planned,))
        st.button("不要了", on_click=_drop, args=(actor.name,), key="visits_drop")
    st.caption(f"{days_of(planned.first_day, planned.last_day)}。保存以后看地图、手工调整，再下发给走访人。")


def _save(planned: VisitRound) -> None:
    with session.show_errors():
        actor = session.actor_now()
        name = str(session.recall(NAME) or "").strip() or planned.name
        try:
            round_id = adopt_visits(actor, session.store(), replace(planned, name=name))
        except StaleError:
            session.remember(STALE, value=True)
            return
        _drop(actor.name)
        forget_choice()
        session.forget(ASKED, NAME)
        say(f"“{name}”已存为草案。看过地图，需要时手工调整，再下发")
        address.open_one(int(round_id))


def _again() -> None:
    with session.show_errors():
        send(session.actor_now(), session.store(), session.recall(ASKED))
