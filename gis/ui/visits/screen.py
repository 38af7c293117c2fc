"""The screen 上门送学: the rounds, a new one, one round, or what is mine, as role and address say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.services.session_views import plan_choices
from gis.ui import session
from gis.ui.visits import address
from gis.ui.visits.ask import ask_round
from gis.ui.visits.due import choose_due
from gis.ui.visits.listing import show_list
from gis.ui.visits.mine import show_mine
from gis.ui.visits.one import show_one
from gis.ui.visits.proposal import is_under_way, send, show_proposal
from gis.ui.visits.records import show_record_book
from gis.ui.visits.said import show_said
from gis.ui.visits.served import show_month, show_served
from gis.ui.visits.teams import ask_teams

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

PARTS = {"rounds": "走访批次", "new": "新的走访", "served": "每月服务", "book": "台账"}


def show_visits(actor: Actor, store: Store) -> None:
    """Show what the role and the address ask for."""
    round_id = address.opened()
    is_planner = actor.may(Action.PLAN_VISITS)
    if is_planner and round_id is not None:
        st.button("‹ 全部走访批次", type="tertiary", on_click=address.leave)
        with session.show_errors():
            show_one(actor, store, round_id)
        return
    st.title("上门送学")
    show_said()
    with session.show_errors():
        if is_planner:
            _show_planning(actor, store)
        else:
            show_mine(actor, store, is_whole_page=True)


def _show_planning(actor: Actor, store: Store) -> None:
    code = st.segmented_control(
        "内容",
        list(PARTS),
        format_func=lambda code: PARTS[code],
        default=address.part(PARTS, "rounds"),
        required=True,
        selection_mode="single",
        key="visits_part",
        on_change=lambda: address.keep_part(str(session.recall("visits_part"))),
        label_visibility="collapsed",
    )
    if code == "new":
        _show_new(actor, store)
    elif code == "served":
        show_month(actor, store)
    elif code == "book":
        show_record_book(store, plan_choices(actor, store).orgs)
    else:
        with session.show_errors():
            show_served(actor, store)
        show_mine(actor, store, is_whole_page=False)
        show_list(actor, store)


def _show_new(actor: Actor, store: Store) -> None:
    """Ask, send the work off, show what came of it; what was asked folds away meanwhile."""
    if not is_under_way():
        _ask_new(actor, store)
        show_proposal(actor, store)
        return
    with st.expander("改条件，重新测算"):
        _ask_new(actor, store)
    show_proposal(actor, store)


def _ask_new(actor: Actor, store: Store) -> None:
    """Ask step by step; each step opens once the one before is answered."""
    st.header("1　哪个组织，哪几天")
    asked = ask_round(actor, store)
    if asked is not None:
        st.header("2　该走访谁")
        chosen = choose_due(actor, store, asked)
        if chosen is not None:
            st.header("3　谁去走")
            request = ask_teams(actor, store, asked, chosen)
            if request is not None:
                send(actor, store, request)
                st.rerun()
