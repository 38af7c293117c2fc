"""诉求与关切: what the member asked for, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.contact import RequestCategory, RequestStatus
from gis.services.requests import (
    LONGEST_TEXT,
    NewRequest,
    RequestStep,
    handle_request,
    note_no_concerns,
    raise_request,
)
from gis.ui import session
from gis.ui.cards.words import iso, say
from gis.ui.table import show_facts
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.contact import MemberRequest
    from gis.services.cards import CardView


def show_requests(_actor: Actor, view: CardView) -> None:
    """Show the form, then every request with what was done."""
    st.caption("只登记本人自己提出的事，用一句话写清；不记思想状况，不作评价。本人可以查阅，办结满期限后自动删除")
    _ask(view)
    if not view.requests:
        asked = view.card.no_concerns_on
        st.info(
            f"{iso(asked)} 问过本人，暂无诉求" if asked else "还没有登记：问过本人而没有诉求的，点“问过本人，暂无诉求”"
        )
    for one in view.requests:
        _show(one)


def _ask(view: CardView) -> None:
    categories: list[RequestCategory] = list(RequestCategory)
    with st.form(f"card_request_{view.member.id}_{len(view.requests)}", border=True):
        left, right = st.columns(2)
        category = left.selectbox("类别", categories, format_func=lambda one: str(one.label))
        handler = right.text_input("办理人", max_chars=100)
        text = st.text_area("本人提出了什么", max_chars=LONGEST_TEXT, height=90)
        is_saved = st.form_submit_button("登记诉求", type="primary")
    is_none = st.button("问过本人，暂无诉求", key="card_no_concerns")
    if view.member.id is None:
        return
    with session.show_errors():
        if is_saved:
            raise_request(session.actor_now(), session.store(), view.member.id, NewRequest(category, text, handler))
            say("已登记一项诉求")
        if is_none:
            note_no_concerns(session.actor_now(), session.store(), view.member.id)
            say("已登记：今天问过本人，暂无诉求")


def _show(one: MemberRequest) -> None:
    with st.container(border=True):
        facts = {
            "本人所提": one.text,
            "类别": one.category.label,
            "提出日期": iso(one.raised_on),
            "状态": one.status.label + (f"（{iso(one.closed_on)}）" if one.closed_on else ""),
            "办理人": one.handler or "未确定",
        }
        show_facts(facts | ({"结果": one.result} if one.result else {}))
        if one.status is not RequestStatus.CLOSED and one.id is not None:
            with st.popover("办理"):
                _handle(one, one.id)


def _handle(one: MemberRequest, number: int) -> None:
    steps: list[RequestStatus] = [status for status in RequestStatus if status is not RequestStatus.OPEN]
    with st.form(f"card_handle_{number}_{one.version}", border=False):
        status = st.selectbox("进展", steps, format_func=lambda step: str(step.label))
        handler = st.text_input("办理人", one.handler, max_chars=100)
        result = st.text_area("结果（办结时必填，并告诉本人）", one.result, max_chars=LONGEST_TEXT, height=90)
        is_saved = st.form_submit_button("保存", type="primary")
    if is_saved:
        with session.show_errors():
            step = RequestStep(status, handler, result, one.version)
            handle_request(session.actor_now(), session.store(), number, step)
            say(f"诉求已记为{plain(status.label)}")
