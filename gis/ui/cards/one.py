"""One card: what is clear and what is missing, and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.enums import Labelled
from gis.services.cards import open_card
from gis.ui import session
from gis.ui.cards import address
from gis.ui.cards.contacts import show_contacts
from gis.ui.cards.edit import show_edit
from gis.ui.cards.facts import show_card_facts
from gis.ui.cards.household import show_household
from gis.ui.cards.papers import show_card_papers
from gis.ui.cards.persons import show_persons
from gis.ui.cards.requests import show_requests
from gis.ui.cards.words import meter, show_said
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.services.cards import CardView
    from gis.store.database import Store


class Part(Labelled):
    """What of a card is looked at."""

    FACTS = "facts", "资料"
    EDIT = "edit", "登记"
    CONTACTS = "contacts", "联系记录"
    REQUESTS = "requests", "诉求与关切"
    PERSONS = "persons", "双联双管"
    HOUSEHOLD = "household", "户档"
    PAPERS = "papers", "打印"


_NEEDS = {Part.EDIT: Action.EDIT_CARDS, Part.PAPERS: Action.EDIT_CARDS, Part.REQUESTS: Action.LOG_CONTACTS}
_SHOWS: dict[Part, Callable[[Actor, CardView], None]] = {
    Part.FACTS: show_card_facts,
    Part.EDIT: show_edit,
    Part.CONTACTS: show_contacts,
    Part.REQUESTS: show_requests,
    Part.PERSONS: show_persons,
    Part.HOUSEHOLD: show_household,
    Part.PAPERS: show_card_papers,
}


def show_one(actor: Actor, store: Store, member_id: MemberId) -> None:
    """Show a card to whoever may see it."""
    view = open_card(actor, store, member_id)
    st.title(plain(view.member.name))
    age = f"{view.age} 岁　" if view.age is not None else ""
    st.caption(f"{plain(view.branch)}　{age}卡号 {plain(view.card.card_no)}")
    show_said()
    _show_notes(view)
    if actor.may(Action.MOVE_MEMBERS):
        st.html(f'<a href="/life?member={int(member_id)}">登记迁居、返迁、转接、离开</a>')
    st.html(meter(view.completeness))
    part = _ask_part(actor, member_id)
    _SHOWS[part](actor, view)


def _show_notes(view: CardView) -> None:
    """Say first what must be known before anything is done with the card."""
    if view.member.restricted_on is not None:
        st.warning("本人已要求限制处理：资料只保存，不再登记和使用")
    if view.member.left_on is not None or view.card.closed_on is not None:
        st.info("联系卡已销卡，资料保留到期后删除")
    if view.card.is_private:
        st.info("本人不愿公开党员身份：不张贴、不在群里点名，材料当面交接")


def _ask_part(actor: Actor, member_id: MemberId) -> Part:
    parts = {part.value: part for part in Part if part not in _NEEDS or actor.may(_NEEDS[part])}
    key = f"card_part_{int(member_id)}"
    code = st.segmented_control(
        "看联系卡的哪一部分",
        list(parts),
        format_func=lambda code: parts[code].label,
        default=address.part(parts, Part.FACTS.value),
        required=True,
        selection_mode="single",
        key=key,
        on_change=lambda: address.keep_part(str(session.recall(key))),
        label_visibility="collapsed",
    )
    return parts[code]
