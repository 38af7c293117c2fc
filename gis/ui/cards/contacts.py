"""The contact log: what happened, by whom, and when the next one is to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.contact import ContactChannel, ContactEntry
from gis.services.contacts import LONGEST_NOTE, log_contact
from gis.ui import session
from gis.ui.cards.words import day_of, day_or_none, iso, say
from gis.ui.table import show_table

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.cards import CardView


_CHANNELS: list[ContactChannel] = list(ContactChannel)


def show_contacts(actor: Actor, view: CardView) -> None:
    """Show the form and the log."""
    if actor.may(Action.LOG_CONTACTS):
        _ask(actor, view)
    if not view.contacts:
        st.info("还没有联系记录：打过电话、上过门，就在上面登记一次")
        return
    show_table(
        [
            {
                "日期": iso(one.on_day),
                "方式": one.channel.label,
                "联系人": one.by_name,
                "联系上": "是" if one.is_reached else "没有",
                "约定下次": iso(one.next_on),
                "备注": one.note,
            }
            for one in view.contacts
        ]
    )


def _ask(actor: Actor, view: CardView) -> None:
    today, channels = session.store().today(), _CHANNELS
    with st.form(f"card_contact_{view.member.id}_{len(view.contacts)}", border=True):
        first, second, third, fourth = st.columns(4)
        day = first.text_input("联系日期", iso(today), placeholder="年-月-日")
        channel = second.selectbox("方式", channels, format_func=lambda one: str(one.label))
        by = third.text_input("联系人", actor.display_name, max_chars=100)
        following = fourth.text_input("下次联系日期", placeholder="年-月-日，可不填")
        note = st.text_input("备注", max_chars=LONGEST_NOTE, placeholder="只记做了什么，不写对本人的看法，100 字以内")
        is_reached = st.checkbox("联系上了", value=True)
        is_saved = st.form_submit_button("登记", type="primary")
    if is_saved and view.member.id is not None:
        with session.show_errors():
            entry = ContactEntry(
                day_of(day, "联系日期"), channel, by, is_reached, day_or_none(following, "下次联系日期"), note
            )
            log_contact(session.actor_now(), session.store(), view.member.id, entry)
            say("已登记一次联系")
