"""下一处建议 on the tab of hosts: where one more helps most, in one line, and the way to the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.services.next_host import NextHostRequest
from gis.services.next_map import next_on_map
from gis.ui.map.answers import answer
from gis.ui.map.themes.next_host import THEME, TOP, said
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store

MAP = "pages/map.py"
SHOWN = 3


def show_next_host(actor: Actor, store: Store) -> None:
    """Say where the next hosts would help most; for who plans."""
    if not actor.may(Action.PLAN_GROUPS):
        return
    request = NextHostRequest(top=TOP)
    found = answer(actor, store, request, lambda: next_on_map(actor, store, request))
    if not found.in_turn:
        st.caption(f"下一处建议　试设了 {found.answer.n_candidates} 处，座位够用，路也不远")
        return
    where = "、".join(f"{spot.number}. {spot.host.label}" for spot in found.in_turn[:SHOWN])
    words = f"下一处建议　{where}。{said(found, found.in_turn)}"
    with st.container(horizontal=True, vertical_alignment="center", key="jj_next_host"):
        st.caption(plain(words), help=plain(found.answer.definition), width="content")
        if st.button("在图上看", icon=":material/map:", type="tertiary", key="jj_next_on_map"):
            st.switch_page(MAP, query_params={"theme": THEME.label})
