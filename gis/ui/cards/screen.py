"""The screen 联系卡: the list, one card, or the surveys, as the address says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.enums import Labelled
from gis.ui import session
from gis.ui.cards import address
from gis.ui.cards.listing import show_list
from gis.ui.cards.one import show_one
from gis.ui.cards.one_survey import show_survey
from gis.ui.cards.surveys import show_surveys
from gis.ui.cards.words import show_said

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.store.database import Store


class View(Labelled):
    """What is listed."""

    CARDS = "cards", "联系卡"
    SURVEYS = "surveys", "走访摸排"


VIEWS = {view.value: view for view in View}


def show_cards(actor: Actor, store: Store) -> None:
    """Show what the address asks for."""
    member_id, survey_id = address.opened(), address.survey()
    if member_id is not None:
        st.button("‹ 全部联系卡", type="tertiary", on_click=address.leave)
        with session.show_errors():
            show_one(actor, store, member_id)
        return
    if survey_id is not None:
        st.button("‹ 全部摸排", type="tertiary", on_click=address.leave, args=(View.SURVEYS.value,))
        with session.show_errors():
            show_survey(actor, store, survey_id)
        return
    st.title("联系卡")
    show_said()
    view = _ask_view()
    with session.show_errors():
        if view is View.SURVEYS:
            show_surveys(actor, store)
        else:
            show_list(actor, store)


def _ask_view() -> View:
    key = "cards_view"
    code = st.segmented_control(
        "看什么",
        list(VIEWS),
        format_func=lambda code: VIEWS[code].label,
        default=address.part(VIEWS, View.CARDS.value),
        required=True,
        selection_mode="single",
        key=key,
        on_change=lambda: address.keep_part(str(session.recall(key))),
        label_visibility="collapsed",
    )
    return VIEWS[code]
