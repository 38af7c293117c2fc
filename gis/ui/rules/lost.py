"""The part 失联: cases and their steps; start a search, propose, confirm as the second person, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.lost import OPEN_STAGES
from gis.model.office_day import local_day
from gis.model.rights import LostBasis, LostReason, LostStage
from gis.services import lost_contact
from gis.ui import session
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.dates import read_day
from gis.ui.rules.findings import SAID
from gis.ui.table import show_facts, show_table
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.services.lost_contact import LostView
    from gis.store.database import Store

OPENED = "lost_opened"
MAX_TEXT = lost_contact.MAX_TEXT
BASES: list[LostBasis] = list(LostBasis)
CODES: list[LostReason] = list(LostReason)
COLUMNS = (
    Column("姓名"),
    Column("进展", is_tag=True),
    Column("失去联系日期"),
    Column("最后到会"),
    Column("最后联系上"),
    Column("支部"),
)
TONES = {LostStage.SEARCHING: "", LostStage.PROPOSED: "warn", LostStage.CONFIRMED: "bad"}


def show_lost(actor: Actor, store: Store) -> None:
    """Show the cases, one of them with what can be done next, and the way to start a search."""
    st.caption("由人提出、第二人确认，可随时结束；每一步留痕。不改变党籍、组织关系和任何登记。")
    with_closed = st.toggle("含已结束的", key="lost_closed")
    found = lost_contact.list_lost(actor, store, with_closed=with_closed)
    opened = next((one for one in found if one.case.id == session.recall(OPENED)), None)
    wide, side = st.columns([3, 2])
    with wide:
        if found:
            _list(found)
        else:
            st.info("没有在办的失联记录。长时间没有联系上的党员，见“规则检查”R15")
    with side:
        if opened is None:
            _start(actor, store)
        else:
            _show_one(actor, opened)


def _list(found: Sequence[LostView]) -> None:
    rows = [
        Row(
            one.case.id,
            (
                one.seen.name,
                one.case.stage.label,
                one.case.last_on.isoformat(),
                _day(one.seen.attended_on),
                _day(one.seen.reached_on),
                one.seen.branch,
            ),
            {1: TONES.get(one.case.stage, "good")},
        )
        for one in found
    ]
    listing = Listing("失联记录", COLUMNS, rows, current=session.recall(OPENED), height=520)
    show_choices("lost_list", listing, on_open=lambda number: session.remember(OPENED, number))


def _day(day: date | None) -> str:
    return day.isoformat() if day else "没有记录"


def _start(actor: Actor, store: Store) -> None:
    seen = {int(one.member_id): one for one in lost_contact.list_last_seen(actor, store)}
    names = distinct({number: f"{one.name}　{one.branch}" for number, one in seen.items()})
    st.markdown("**开始查找**")
    chosen = st.selectbox(
        "党员", list(names), index=None, format_func=lambda one: names[one], placeholder="选一名党员", key="lost_member"
    )
    if chosen is None:
        return
    one = seen[chosen]
    st.caption(f"最后到会 {_day(one.attended_on)}；最后联系上 {_day(one.reached_on)}")
    with st.form(f"lost_start_{chosen}"):
        day = st.text_input(
            "失去联系日期", value=one.last_on.isoformat() if one.last_on else "", placeholder="年-月-日"
        )
        basis = st.selectbox("日期依据", BASES, format_func=lambda each: str(each.label))
        tried = st.text_area("已经怎样查找", max_chars=MAX_TEXT, placeholder="例如：电话三次无人接听，问过原邻居")
        is_sent = st.form_submit_button("开始查找", type="primary")
    if is_sent:
        with session.show_errors():
            start = lost_contact.SearchStart(read_day(day, "失去联系日期"), basis, tried)
            case = lost_contact.open_search(session.actor_now(), session.store(), one.member_id, start)
            _done(f"已开始查找：{plain(one.name)}", case)


def _show_one(actor: Actor, one: LostView) -> None:
    case, seen = one.case, one.seen
    with st.container(border=True):
        st.markdown(f"**{plain(seen.name)}**　{case.stage.label}")
        show_facts(_facts(one))
        st.markdown("**经过**")
        show_table(
            [
                {"日期": local_day(step.at).isoformat(), "进展": step.stage.label, "谁": step.by, "说明": step.reason}
                for step in case.events
            ]
        )
        if case.stage is LostStage.SEARCHING:
            _propose(one)
        elif case.stage is LostStage.PROPOSED:
            _confirm(actor, one)
        if case.stage in OPEN_STAGES:
            _close(one)
        if st.button("收起", key="lost_fold"):
            session.forget(OPENED)
            st.rerun()


def _facts(one: LostView) -> dict[str, str]:
    case, seen = one.case, one.seen
    facts = {
        "支部": seen.branch,
        "失去联系日期": f"{case.last_on.isoformat()}（{case.basis.label}）",
        "最后到会": _day(seen.attended_on),
        "最后联系上": _day(seen.reached_on),
        "原因": case.reason_code.label if case.reason_code else "",
        "查找经过": case.reason,
        "提出": case.proposed_by,
        "确认": case.confirmed_by,
        "结束": f"{_day(case.closed_on)} {case.close_reason}" if case.closed_on else "",
    }
    return {name: text for name, text in facts.items() if text}


def _code(code: LostReason) -> str:
    return f"{code.value} {code.label}"


def _propose(one: LostView) -> None:
    with st.form(f"lost_propose_{one.case.id}_{one.case.version}"):
        code = st.selectbox("原因代码", CODES, format_func=_code)
        tried = st.text_area("查找经过", value=one.case.reason, max_chars=MAX_TEXT)
        is_sent = st.form_submit_button("查找无果，提出失联", type="primary")
    if is_sent:
        with session.show_errors():
            proposal = lost_contact.Proposal(code, tried)
            lost_contact.propose_lost(session.actor_now(), session.store(), one.case.id, one.case.version, proposal)
            _done("已提出，请另一名有权限的人确认", one.case.id)


def _confirm(actor: Actor, one: LostView) -> None:
    if actor.name == one.case.proposed_by:
        st.info("由您提出，须由另一名有权限的人确认")
        return
    with st.form(f"lost_confirm_{one.case.id}_{one.case.version}"):
        reason = st.text_input("说明（可不填）", max_chars=MAX_TEXT)
        is_sent = st.form_submit_button("核对无误，确认失联", type="primary")
    if is_sent:
        with session.show_errors():
            lost_contact.confirm_lost(session.actor_now(), session.store(), one.case.id, one.case.version, reason)
            _done("已确认；党籍和组织关系不因此改变", one.case.id)


def _close(one: LostView) -> None:
    with st.form(f"lost_close_{one.case.id}_{one.case.version}"):
        reason = st.text_input("怎样联系上的，或为何不予认定", max_chars=MAX_TEXT)
        left, right = st.columns(2)
        is_found = left.form_submit_button("已联系上")
        is_withdrawn = right.form_submit_button("不予认定")
    if is_found or is_withdrawn:
        with session.show_errors():
            lost_contact.close_lost(
                session.actor_now(),
                session.store(),
                one.case.id,
                one.case.version,
                reason,
                is_found=is_found,
            )
            session.forget(OPENED)
            _done("已结束，经过保留", None)


def _done(text: str, case: int | None) -> None:
    if case is not None:
        session.remember(OPENED, case)
    session.remember(SAID, text)
    st.rerun()
