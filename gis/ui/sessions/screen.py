"""The screen 组织生活: the register, one session, a new plan, the fixed days, the holiday table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.session_ics import sessions_ics
from gis.services.session_views import SessionQuery, list_sessions
from gis.ui import session
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.dates import read_day
from gis.ui.sessions import address
from gis.ui.sessions.fixed import show_fixed_days, show_holidays
from gis.ui.sessions.plan import show_plan
from gis.ui.sessions.sheet import show_sheet
from gis.ui.sessions.words import SAID, first_day, when, where

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.services.session_views import SessionLine
    from gis.store.database import Store

PARTS = ("登记簿", "新计划", "固定日", "放假安排")
STATES = ("全部", "已计划", "待登记", "已召开", "五有不全", "受邀")
COLUMNS = (
    Column("主题", is_wide=True),
    Column("时间"),
    Column("召集的组织"),
    Column("类别", is_tag=True),
    Column("地点"),
    Column("到会", is_number=True),
    Column("通知", is_number=True),
    Column("五有", is_tag=True),
    Column("情况", is_tag=True),
)
FIVE, STATE = 7, 8
COMPLETE = 5


def show_sessions(actor: Actor, store: Store) -> None:
    """Show one session where the address names one, else the chosen part."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    opened = address.opened()
    if opened is not None:
        show_sheet(actor, store, opened)
        return
    part = st.segmented_control("内容", PARTS, default=PARTS[0], required=True, key="sessions_part")
    if part == "登记簿":
        _register(actor, store)
    elif part == "新计划":
        show_plan(actor, store)
    elif part == "固定日":
        show_fixed_days(actor, store)
    else:
        show_holidays(actor, store)


def _register(actor: Actor, store: Store) -> None:
    today = store.today()
    left, middle, right = st.columns([1, 1, 3], vertical_alignment="bottom")
    since = read_day(left.text_input("从", first_day(today, -2).isoformat(), key="sessions_since"), "从")
    until = read_day(middle.text_input("到", first_day(today, 3).isoformat(), key="sessions_until"), "到")
    state = right.segmented_control("情况", STATES, default=STATES[0], required=True, key="sessions_state")
    query = SessionQuery(since=since, until=until, with_cancelled=True)
    lines = [one for one in list_sessions(actor, store, query) if _is(one, state, today)]
    if not lines:
        st.info("这段时间没有：在“新计划”里计划一次，或在“固定日”里排全年学习日")
        return
    waiting = sum(_is(one, "待登记", today) for one in lines)
    note = f"，已过时间还没有登记的 {waiting} 次" if waiting else ""
    st.caption(f"{len(lines)} 次{note}。点主题打开")
    rows = [_row(one, today) for one in sorted(lines, key=lambda one: one.session.planned_at, reverse=True)]
    show_choices("sessions_list", Listing("组织生活", COLUMNS, rows, height=620), on_open=address.open_one)
    st.download_button(
        "导出日历文件",
        session.on_press(lambda actor: sessions_ics(actor, session.store(), query)),
        file_name="组织生活.ics",
        mime="text/calendar",
        on_click="ignore",
    )


def _is(line: SessionLine, state: str | None, today: date) -> bool:
    one = line.session
    answers = {
        "已计划": one.held_on is None and one.cancelled_on is None and one.planned_at.date() >= today,
        "待登记": one.planned_at.date() < today
        and one.held_on is None
        and one.cancelled_on is None
        and not line.is_guest,
        "已召开": one.is_held,
        "五有不全": bool(line.missing) and one.cancelled_on is None and not line.is_guest,
        "受邀": line.is_guest,
    }
    return answers.get(str(state), True)


def _row(line: SessionLine, today: date) -> Row:
    one = line.session
    text, tone = state_of(line, today)
    is_past = one.planned_at.date() < today
    five = f"{line.complete}/{COMPLETE}"
    return Row(
        int(one.id or 0),
        (
            one.theme or one.kind.label,
            when(one.planned_at),
            line.org,
            one.kind.label,
            where(line),
            line.count.attended if one.held_on and line.count.invited else None,
            line.count.invited or None,
            "" if line.is_guest else five,
            text,
        ),
        {FIVE: "good" if line.complete == COMPLETE else "warn" if line.missing and is_past else "", STATE: tone},
    )


def state_of(line: SessionLine, today: date) -> tuple[str, str]:
    """Say in a word how far a session is, with the tone of its tag."""
    if line.session.cancelled_on:
        return "已取消", ""
    if line.session.held_on:
        return "已召开", "good"
    if line.is_guest:
        return "受邀", ""
    return ("待登记", "warn") if line.session.planned_at.date() < today else ("已计划", "")
