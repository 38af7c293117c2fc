"""The screen 变动登记: find a member, register what has happened, see the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.enums import Labelled
from gis.services.leaving import list_left
from gis.services.life import view_life
from gis.services.member_search import MOST_FOUND, search_members
from gis.services.reviewing import list_reviews
from gis.ui import session
from gis.ui.cards import address
from gis.ui.cards.words import show_said
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.life.forms import ask_leave, ask_transfer, ask_undo
from gis.ui.life.history import show_history, show_reviews
from gis.ui.life.homes import ask_correction, ask_move, ask_return
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.services.life import LifeView
    from gis.store.database import Store


class Part(Labelled):
    """What is registered of a member."""

    HISTORY = "history", "经历"
    MOVE = "move", "迁居"
    RETURN = "return", "返迁"
    CORRECT = "correct", "更正住址"
    TRANSFER = "transfer", "转接组织关系"
    LEAVE = "leave", "去世、离开"


_SHOWS: dict[Part, Callable[[Store, LifeView], None]] = {
    Part.HISTORY: show_history,
    Part.MOVE: ask_move,
    Part.RETURN: ask_return,
    Part.CORRECT: ask_correction,
    Part.TRANSFER: ask_transfer,
    Part.LEAVE: ask_leave,
}
FOUND = (Column("姓名"), Column("支部"), Column("住处", is_wide=True), Column("电话"), Column("过渡期", is_tag=True))
WAITING = (Column("姓名"), Column("支部"), Column("变动"), Column("日期"), Column("待复核", is_wide=True))
LEFT = (Column("姓名"), Column("支部"), Column("情形"), Column("日期"))


def show_life(actor: Actor, store: Store) -> None:
    """Show one member, or the way to one."""
    number = address.opened()
    if number is None:
        _find(actor, store)
    else:
        _one(actor, store, number)


def _find(actor: Actor, store: Store) -> None:
    st.title("变动登记")
    show_said()
    text = st.text_input(
        "查找党员",
        key="life_search",
        placeholder="姓名、拼音首字母、电话末几位、小区、楼栋、支部",
        help="几个词用空格隔开，都符合才列出",
    )
    if text.strip():
        _show_found(actor, store, text)
        return
    waiting = list_reviews(actor, store)
    st.subheader("变动后待复核")
    if waiting:
        st.caption("系统没有改动他们的小组、学习方式和联系人。点姓名核对，照旧或另作安排后记下结论")
        rows = [
            Row(
                int(one.member_id),
                (
                    one.name,
                    one.branch,
                    one.event.label,
                    one.on_day.isoformat(),
                    "、".join(what.label for what in one.whats),
                ),
            )
            for one in waiting
        ]
        show_choices("life_waiting", Listing("待复核", WAITING, rows), on_open=address.open_one)
    else:
        st.info("没有待复核的变动。有人搬家、返迁或离开时，在上面找到本人登记")
    _show_left(actor, store)


def _show_found(actor: Actor, store: Store, text: str) -> None:
    found = search_members(actor, store, text)
    if not found:
        st.info("没有找到。可以只写姓氏、拼音首字母、电话末三位以上、小区或支部名称的一部分；已离开的见下方名单")
        _show_left(actor, store)
        return
    more = f"，只列前 {MOST_FOUND} 名，请再加一个词" if len(found) == MOST_FOUND else ""
    st.caption(f"找到 {len(found)} 名{more}。点姓名登记变动")
    rows = [
        Row(
            int(one.member_id),
            (one.name, one.branch, one.place, one.phone, "在过渡期" if one.is_in_transition else ""),
            {4: "good"},
        )
        for one in found
    ]
    show_choices(f"life_found_{text}", Listing("找到的党员", FOUND, rows), on_open=address.open_one)


def _show_left(actor: Actor, store: Store) -> None:
    left = list_left(actor, store)
    if not left:
        return
    with st.expander(f"已离开花名册的 {len(left)} 名（资料限制查看，到期清除）"):
        rows = [
            Row(int(one.member_id), (one.name, one.branch, one.kind.label, one.left_on.isoformat())) for one in left
        ]
        show_choices("life_left", Listing("已离开的党员", LEFT, rows), on_open=address.open_one)


def _one(actor: Actor, store: Store, number: MemberId) -> None:
    st.button("返回", icon=":material/arrow_back:", on_click=address.leave)
    view = view_life(actor, store, number)
    person = view.life.person
    st.title(plain(person.name or "（资料已清除）"))
    episode = view.life.open_episode
    state = "返迁过渡期" if episode is not None and person.left_on is None else ""
    st.caption(f"{plain(view.branch)}　{state}")
    show_said()
    if person.left_on is not None and person.left_kind is not None:
        st.warning(f"{person.left_on.isoformat()} {person.left_kind.label}，已不在花名册上，资料限制查看")
        ask_undo(view)
        show_history(store, view)
        return
    show_reviews(view)
    parts = {part.value: part for part in Part if part is not Part.RETURN or episode is not None}
    key = f"life_part_{int(number)}"
    code = st.segmented_control(
        "登记什么",
        list(parts),
        format_func=lambda code: parts[code].label,
        default=address.part(parts, Part.HISTORY.value),
        required=True,
        key=key,
        on_change=lambda: address.keep_part(str(session.recall(key))),
        label_visibility="collapsed",
    )
    _SHOWS[parts[code]](store, view)
