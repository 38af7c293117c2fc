"""一户一档: what the members of one household share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.enums import HousingKind
from gis.services.card_editing import HIGHEST_FLOOR, LOWEST_FLOOR, HouseholdDetails, edit_household
from gis.ui import session
from gis.ui.cards.words import UNKNOWN, label, of_three, say, three
from gis.ui.table import show_facts
from gis.ui.text import yes_no

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.contact import HouseholdFile
    from gis.services.cards import CardView

REFUSED = "户内有人不同意登记精确位置，不登记"
LIFTS = (UNKNOWN, "有", "无")


def show_household(actor: Actor, view: CardView) -> None:
    """Show the file, and the form where the role may fill it in."""
    file = view.household
    if file is None:
        st.info("还没有户档：先登记现住址。迁居在“待办与名单”页登记")
        return
    others = f"；另有 {file.n_others} 名由其他支部管理" if file.n_others else ""
    show_facts(
        {
            "户档号": file.file_no,
            "户主": file.head_name or UNKNOWN,
            "现住址": file.current_address or UNKNOWN,
            "居住情况": label(file.housing_kind),
            "楼层": f"{file.floor_no} 楼" if file.floor_no is not None else REFUSED if file.is_rough else UNKNOWN,
            "电梯": yes_no(file.has_lift),
            "同户党员": "、".join(view.household_names) + others,
        }
    )
    if actor.may(Action.EDIT_CARDS):
        _ask(view, file)


def _ask(view: CardView, file: HouseholdFile) -> None:
    kinds: list[HousingKind | None] = [None, *HousingKind]
    with st.form(f"card_household_{int(file.id)}_{file.version}", border=True):
        st.caption("登记对同户各人都有效；除党员本人外，不登记其他家庭成员")
        first, second, third, fourth = st.columns(4)
        head = first.text_input("户主", file.head_name, max_chars=100)
        kind = second.selectbox("居住情况", kinds, kinds.index(file.housing_kind), format_func=label)
        floor = third.number_input("楼层", LOWEST_FLOOR, HIGHEST_FLOOR, file.floor_no, 1, placeholder=UNKNOWN)
        lift = fourth.selectbox("电梯", range(len(LIFTS)), three(file.has_lift), format_func=lambda place: LIFTS[place])
        is_saved = st.form_submit_button("保存", type="primary")
    if is_saved and view.member.id is not None:
        with session.show_errors():
            wanted = HouseholdDetails(head, kind, None if floor is None else int(floor), of_three(lift))
            edit_household(session.actor_now(), session.store(), view.member.id, wanted, file.version)
            say("户档已保存")
