"""One session: what is planned, what is missing, who came; recorded on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.config import settings
from gis.errors import NotFoundError
from gis.model.meetings import AttendanceState
from gis.model.papers import PaperFormat
from gis.services.notices import MIME, why_not
from gis.services.session_papers import SessionPaper, session_paper
from gis.services.session_views import open_session
from gis.services.sessions import SessionRecord, cancel_session, invite_session, record_guests, record_session
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.sessions import address
from gis.ui.sessions.words import SAID, when, where
from gis.ui.table import show_facts, show_table, show_tiles
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import MemberId, SessionId
    from gis.services.session_views import Attendee, SessionSheet
    from gis.store.database import Store

LIST_HEIGHT = 520
CHOSEN = (
    AttendanceState.ATTENDED,
    AttendanceState.EXCUSED,
    AttendanceState.ABSENT,
    AttendanceState.SERVED_LATER,
)
KEEP = "先不登记"
ABOUT_RECORD = "议题、发言要点、决定和落实"
REST = {
    "到会": AttendanceState.ATTENDED,
    "缺席": AttendanceState.ABSENT,
    "请假": AttendanceState.EXCUSED,
    KEEP: AttendanceState.INVITED,
}


def show_sheet(actor: Actor, store: Store, session_id: SessionId) -> None:
    """Show the session that the address names, or say that it is not there."""
    st.button("返回登记簿", icon=":material/arrow_back:", on_click=address.leave)
    try:
        sheet = open_session(actor, store, session_id)
    except NotFoundError as error:
        st.warning(plain(str(error)))
        return
    line = sheet.line
    st.subheader(plain(line.session.theme or line.session.kind.label))
    left, right = st.columns([2, 3])
    with left:
        _facts(sheet)
        _papers(sheet, session_id)
    with right:
        _figures(sheet)
        if line.session.cancelled_on is None:
            _record(sheet, session_id)
    _attendees(sheet)


def _facts(sheet: SessionSheet) -> None:
    line, one = sheet.line, sheet.line.session
    facts = {
        "召集": line.org,
        "类别": f"{one.kind.label}，{one.affair.label}",
        "计划时间": when(one.planned_at),
        "地点": where(line),
        "形式": one.format.label if one.format else "未定",
        "责任人": one.responsible or "未定",
        "计划安排": one.plan or "未写",
    }
    if sheet.group:
        facts["党小组"] = sheet.group
    if one.held_on:
        facts["召开"] = one.held_on.isoformat()
    if one.cancelled_on:
        facts["取消"] = one.cancelled_on.isoformat()
    show_facts(facts)
    if line.is_guest:
        st.caption("由其他组织召集；下面是本支部受邀的党员，请转告本人并登记到会情况")
        return
    if one.record:
        with st.expander("记录", expanded=True):
            st.text(one.record)
    missing = line.missing
    if missing and one.cancelled_on is None:
        st.warning(f"五有还缺：{'、'.join(missing)}（R21）")


def _figures(sheet: SessionSheet) -> None:
    count = sheet.line.count
    tiles = {"通知": f"{count.invited} 名", "到会": f"{count.attended} 名"}
    if sheet.quorum:
        tiles |= {
            "有表决权到会": f"{count.votes_present}/{sheet.quorum.votes}",
            "须到会": f"{sheet.quorum.needed} 名",
        }
    show_tiles(tiles, key="jj_sessions_count")
    if sheet.quorum:
        st.caption(plain(sheet.quorum.rule))
        if sheet.line.session.held_on and count.votes_present < sheet.quorum.needed:
            st.warning(f"到会有表决权的 {count.votes_present} 名，不足 {sheet.quorum.needed} 名，不能表决")
    if sheet.unnamed != 0:
        said = "少数几" if sheet.unnamed is None else f"{sheet.unnamed} "
        st.caption(f"其中{said}名组织关系在别处，由其所在支部转告和登记")


def _record(sheet: SessionSheet, session_id: SessionId) -> None:
    """Ask for the exceptions; the rest are set at once."""
    is_mixed = len({one.branch for one in sheet.attendees}) > 1
    shown = {one.member_id: f"{one.name}　{one.branch}" if is_mixed else one.name for one in sheet.attendees}
    names = distinct(shown)
    one = sheet.line.session
    is_guest = sheet.line.is_guest
    with st.form(f"sessions_record_{session_id}_{one.version}", border=True):
        held = "" if is_guest else st.text_input("召开日期", (one.held_on or one.planned_at.date()).isoformat())
        is_partly = _is_partly(sheet)
        marked = {state: _ask_state(sheet.attendees, names, state, is_partly=is_partly) for state in CHOSEN}
        rest = st.radio("其余的人算", list(REST), index=len(REST) - 1 if is_partly else 0, horizontal=True)
        text = "" if is_guest else st.text_area("记录", one.record, height=140, placeholder=ABOUT_RECORD)
        is_saved = st.form_submit_button("登记", type="primary")
    _more(sheet, session_id)
    if is_saved:
        states = _states(sheet, marked, REST[str(rest)])
        with session.show_errors():
            if is_guest:
                record_guests(session.actor_now(), session.store(), session_id, states)
            else:
                wanted = SessionRecord(read_day(held, "召开日期"), text, states)
                record_session(session.actor_now(), session.store(), session_id, wanted, one.version)
            session.remember(SAID, "已登记")
            st.rerun()


def _is_partly(sheet: SessionSheet) -> bool:
    """Whether some are recorded and some not."""
    waiting = sum(one.state is AttendanceState.INVITED for one in sheet.attendees)
    return 0 < waiting < len(sheet.attendees)


def _ask_state(
    people: tuple[Attendee, ...], names: dict[MemberId, str], state: AttendanceState, *, is_partly: bool
) -> list[MemberId]:
    """Ask who is in a state; who came need not be named where the rest counts as having come."""
    is_rest = state is AttendanceState.ATTENDED and not is_partly
    now = [one.member_id for one in people if one.state is state and not is_rest]
    return st.multiselect(
        state.label, list(names), now, format_func=lambda one: names[one], placeholder=f"选{state.label}的人"
    )


def _states(
    sheet: SessionSheet, marked: dict[AttendanceState, list[MemberId]], rest: AttendanceState
) -> dict[MemberId, AttendanceState]:
    """Return the state of everybody; who is named under two states counts under the later one of the list."""
    states = dict.fromkeys((one.member_id for one in sheet.attendees), rest)
    for state, numbers in marked.items():
        states.update(dict.fromkeys(numbers, state))
    return states


def _more(sheet: SessionSheet, session_id: SessionId) -> None:
    if sheet.line.is_guest:
        return
    with st.container(horizontal=True):
        if st.button("更新通知名单", help="按现在的组织关系、住处和学习方式重新生成；已登记的不动"):
            with session.show_errors():
                done = invite_session(session.actor_now(), session.store(), session_id)
                session.remember(SAID, f"通知 {done.invited} 名，新增 {done.added} 名，减少 {done.removed} 名")
                st.rerun()
        if sheet.line.session.held_on is None and st.button("取消这一次"):
            with session.show_errors():
                cancel_session(session.actor_now(), session.store(), session_id)
                session.remember(SAID, "已取消，登记簿里仍留有这一次")
                st.rerun()


def _papers(sheet: SessionSheet, session_id: SessionId) -> None:
    if not sheet.attendees:
        return
    forms: list[PaperFormat] = list(PaperFormat)
    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    kinds: list[SessionPaper] = list(SessionPaper)
    kind = left.selectbox("打印", kinds, format_func=lambda one: one.label, key="sessions_paper")
    form = middle.selectbox("格式", forms, format_func=lambda one: one.label, key="sessions_form")
    obstacle = why_not(form, settings().font_dir)
    right.download_button(
        "下载",
        session.on_press(lambda actor: _content(actor, session_id, kind, form)),
        file_name=f"{kind.label}.{form.value}",
        mime=MIME[form],
        on_click="ignore",
        width="stretch",
        disabled=bool(obstacle),
    )
    if obstacle:
        st.warning(obstacle)


def _content(actor: Actor, session_id: SessionId, kind: SessionPaper, form: PaperFormat) -> bytes:
    return session_paper(actor, session.store(), session_id, kind, form, font_dir=settings().font_dir).content


def _attendees(sheet: SessionSheet) -> None:
    if not sheet.attendees:
        st.info("还没有通知任何人：点“更新通知名单”")
        return
    st.subheader("通知与到会")
    show_table(
        [
            {
                "姓名": one.name,
                "支部": one.branch,
                "情况": one.state.label,
                "电话": one.phone,
                **({"表决权": "有" if one.has_vote else "无"} if sheet.quorum else {}),
            }
            for one in sheet.attendees
        ],
        height=LIST_HEIGHT,
    )
