"""The forms for a transfer, for leaving and for undoing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.rights import LeftKind
from gis.services.leaving import LeaveRequest, register_leaving, undo_leaving
from gis.services.returning import propose_after_return
from gis.services.transferring import TransferRequest, receiving_branches, register_transfer
from gis.ui import session
from gis.ui.cards.words import day_of, iso, say
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from gis.services.life import LifeView
    from gis.store.database import Store

DAY_HINT = "年-月-日"


def ask_transfer(store: Store, view: LifeView) -> None:
    """Ask for the branch that has received the relation."""
    actor = session.actor_now()
    person = view.life.person
    proposal = propose_after_return(actor, store, person.id)
    if proposal.branches:
        names = "、".join(name for _, name in proposal.branches)
        st.info(plain(f"现住址属{proposal.residence_org}，可转入：{names}。{proposal.hint}"))
    st.caption("转入支部已经接收后登记；接收前由原支部负责（R16）。一名党员只有一个组织关系（R17）")
    branches = distinct(
        {one: name for one, name in receiving_branches(actor, store).items() if one != person.branch_id}
    )
    if not branches:
        st.info("管理范围内没有别的支部可转入：请由街道或上级党组织登记；转出本街道的用“去世、离开”")
        return
    with st.form(f"life_transfer_{person.id}_{len(view.life.affiliations)}", border=True):
        branch = st.selectbox("转入支部", list(branches), format_func=lambda one: branches[one])
        left, right = st.columns(2)
        on = left.text_input("转接日期", iso(store.today()), placeholder=DAY_HINT)
        reason = right.text_input("原因", placeholder="例如 已返迁，长期居住", max_chars=200)
        is_saved = st.form_submit_button("登记转接", type="primary")
    if is_saved:
        with session.show_errors():
            request = TransferRequest(person.id, branch, day_of(on, "转接日期"), reason, person.branch_id)
            found = register_transfer(session.actor_now(), session.store(), request)
            more = f"。请复核：{'、'.join(one.label for one in found.reviews)}" if found.reviews else ""
            say(f"组织关系已转到{found.branch_after}{more}")


def ask_leave(store: Store, view: LifeView) -> None:
    """Ask how and when; offices stand in the way until somebody hands them over."""
    person = view.life.person
    st.caption(
        "登记后结束小组席位、同组约定、联系人、学习方式和未办结的诉求；资料限制查看，保留期满清除。登记错了可以撤销"
    )
    offices = [f"{one.kind.label}（{one.where}）" if one.where else one.kind.label for one in view.offices]
    if offices:
        st.warning(plain(f"还担任：{'、'.join(offices)}。请先由支部另定人选；去世的可以先登记"))
    kinds: list[LeftKind] = list(LeftKind)
    with st.form(f"life_leave_{person.id}", border=True):
        kind = st.selectbox("情形", kinds, format_func=lambda one: str(one.label))
        left, right = st.columns(2)
        on = left.text_input("日期", iso(store.today()), placeholder=DAY_HINT)
        reason = right.text_input("备注", placeholder="转出的写转往哪里；可不填", max_chars=200)
        is_later = bool(offices) and st.checkbox("先登记去世，所任职务由支部另定")
        is_sure = st.checkbox(f"确认是{person.name}本人")
        is_saved = st.form_submit_button("登记", type="primary")
    if is_saved:
        with session.show_errors():
            if not is_sure:
                st.warning("请先勾选确认本人，避免登记到同名的人")
                return
            request = LeaveRequest(person.id, kind, day_of(on, "日期"), reason, offices_later=is_later)
            register_leaving(session.actor_now(), session.store(), request)
            say(f"已登记{kind.label}。其联系卡已销卡，资料限制查看")


def ask_undo(view: LifeView) -> None:
    """Ask why the registration was wrong."""
    person = view.life.person
    with st.form(f"life_undo_{person.id}", border=True):
        reason = st.text_input("登记错了的原因", placeholder="例如 登记到了同名的人", max_chars=200)
        is_saved = st.form_submit_button("撤销离开登记")
    if is_saved:
        with session.show_errors():
            undo_leaving(session.actor_now(), session.store(), person.id, reason)
            say("已撤销，原来的安排已恢复；请核对小组和联系人")
