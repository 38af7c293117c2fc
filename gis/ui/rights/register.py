"""权利请求: register what a member asks for, see what is due, close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.rights import RightKind, RightStatus
from gis.services.consent import list_consents
from gis.services.rights import RightAnswer, RightEntry, answer_request, list_requests, open_request
from gis.ui import session
from gis.ui.rights.members import choose_member, done
from gis.ui.table import show_table
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.services.rights import RightLine
    from gis.store.database import Store

KINDS = list(RightKind)


def show_register(actor: Actor, store: Store) -> None:
    """Register on the left, the list with due dates on the right."""
    members = list_consents(actor, store)
    if not members:
        st.info("管理范围内还没有党员")
        return
    lines = list_requests(actor, store)
    left, right = st.columns([2, 3])
    with left:
        one = choose_member(members, "right")
        with st.form("right_new", border=True, clear_on_submit=True):
            kind = st.selectbox("本人要求", KINDS, format_func=lambda one: str(one.label))
            detail = st.text_area("具体内容（不超过 200 字）", max_chars=200, height=90)
            is_saved = st.form_submit_button("登记请求", type="primary")
        if is_saved:
            with session.show_errors():
                entry = RightEntry(kind, detail)
                made = open_request(session.actor_now(), session.store(), one.member_id, entry)
                done(f"已登记：{plain(one.name)}，{kind.label}。请在 {made.due_on} 前办结")
        _close([line for line in lines if line.request.status is RightStatus.OPEN])
    with right:
        if not lines:
            st.info("还没有本人权利请求：收到后在左侧登记，系统按工作日算出应办结日期")
        overdue = sum(line.is_overdue for line in lines)
        if overdue:
            st.error(f"有 {overdue} 件已超期，请尽快办结并向本人说明")
        show_table([_line(line) for line in lines])


def _close(lines: Sequence[RightLine]) -> None:
    if not lines:
        return
    by_id = {line.request.id: line for line in lines}

    def shown(number: int | None) -> str:
        line = by_id[number]
        return f"{line.name}　{line.request.kind.label}　{line.request.due_on} 前"

    with st.form("right_answer", border=True, clear_on_submit=True):
        number = st.selectbox("办结哪一件", list(by_id), format_func=shown)
        closing = [RightStatus.DONE, RightStatus.DECLINED]
        status = st.radio("结果", closing, format_func=lambda one: str(one.label), horizontal=True)
        text = st.text_area("答复（未予办理须写理由）", max_chars=200, height=90)
        is_saved = st.form_submit_button("登记结果")
    if is_saved and number is not None:
        with session.show_errors():
            answer = RightAnswer(status, text, by_id[number].request.version)
            effects = answer_request(session.actor_now(), session.store(), number, answer)
            done("；".join(("已登记办理结果", *effects)))


def _line(line: RightLine) -> dict[str, str | int | None]:
    request = line.request
    left = "" if line.days_left is None else "已超期" if line.is_overdue else f"还有 {line.days_left} 天"
    return {
        "编号": request.id,
        "姓名": line.name,
        "要求": request.kind.label,
        "内容": request.detail,
        "收到": request.received_on.isoformat(),
        "应办结": request.due_on.isoformat(),
        "状态": f"{request.status.label}{f'（{left}）' if left else ''}",
        "答复": request.answer,
        "支部": line.branch,
    }
