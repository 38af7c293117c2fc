"""双联双管: who is responsible for a member on the branch's side and where the member lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.contact import ContactSide
from gis.services.contacts import NewContactPerson, name_contact_person
from gis.services.phones import masked
from gis.ui import session
from gis.ui.cards.words import iso, say
from gis.ui.table import show_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gis.model.access import Actor
    from gis.model.contact import ContactPerson
    from gis.model.ids import OrgId
    from gis.services.cards import CardView

NO_ORG = "不填"


def show_persons(actor: Actor, view: CardView) -> None:
    """Show who is responsible today, the form, and who was before."""
    open_sides = {one.side for one in view.persons}
    missing = [side.label for side in ContactSide if side not in open_sides]
    if missing:
        st.info(f"还没有确定：{'、'.join(missing)}联系人")
    show_table(_rows(view.persons, view.org_names))
    if actor.may(Action.EDIT_CARDS):
        _ask(view)
    if view.past_persons:
        st.subheader("以前的联系人")
        show_table(_rows(view.past_persons, view.org_names))


def _rows(persons: Iterable[ContactPerson], names: Mapping[OrgId, str]) -> list[dict[str, str | int | float | None]]:
    return [
        {
            "哪一侧": one.side.label,
            "联系人": one.name,
            "电话": masked(one.phone),
            "所在组织": names.get(one.org_id, "") if one.org_id else "",
            "从": iso(one.valid_from),
            "到": iso(one.valid_to, "现在"),
        }
        for one in persons
    ]


def _ask(view: CardView) -> None:
    sides: list[ContactSide] = list(ContactSide)
    ids: list[OrgId | None] = [None, *view.org_names]
    with st.form(f"card_person_{view.member.id}_{len(view.persons) + len(view.past_persons)}", border=True):
        st.markdown("**确定或更换联系人**　更换后，原来的留在下面")
        first, second, third, fourth = st.columns(4)
        side = first.selectbox("哪一侧", sides, format_func=lambda one: str(one.label))
        name = second.text_input("姓名", max_chars=100)
        phone = third.text_input("电话", max_chars=64)
        org = fourth.selectbox("所在组织", ids, format_func=lambda one: view.org_names[one] if one else NO_ORG)
        is_saved = st.form_submit_button("保存", type="primary")
    if is_saved and view.member.id is not None:
        with session.show_errors():
            person = NewContactPerson(side, name, phone, org)
            name_contact_person(session.actor_now(), session.store(), view.member.id, person)
            say(f"已确定{side.label}联系人")
