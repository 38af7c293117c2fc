"""The list of surveys, and the form that starts one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.services.surveys import NewSurvey, create_survey, list_surveys, orgs_to_survey
from gis.ui import session
from gis.ui.cards import address
from gis.ui.cards.words import day_of, iso, say
from gis.ui.choices import Column, Listing, Row, show_choices

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.surveys import SurveyLine
    from gis.store.database import Store

USUAL = timedelta(days=30)
STATE = 3
COLUMNS = (
    Column("摸排", is_wide=True),
    Column("开展组织"),
    Column("应完成"),
    Column("状态", is_tag=True),
    Column("已核实", is_number=True),
    Column("其他结果", is_number=True),
    Column("未完成", is_number=True),
    Column("共", is_number=True),
)


def show_surveys(actor: Actor, store: Store) -> None:
    """Show the surveys with their progress."""
    if not actor.may(Action.LOG_CONTACTS):
        st.info("当前角色不参加走访摸排")
        return
    if actor.may(Action.RUN_SURVEYS):
        with st.popover("开展一次摸排"):
            _ask(actor, store)
    found = list_surveys(actor, store)
    if not found:
        st.info("还没有开展过走访摸排：定一个完成日期，名单自动列出管理范围内的返迁过渡期党员")
        return
    show_choices(
        "surveys_list", Listing("走访摸排", COLUMNS, [_row(one) for one in found]), on_open=address.open_survey
    )


def _row(one: SurveyLine) -> Row:
    progress = one.progress
    state, tone = ("已结束", "") if one.survey.closed_on else ("进行中", "good")
    if progress.overdue and not one.survey.closed_on:
        state, tone = f"超期 {progress.overdue} 名", "warn"
    cells = (one.survey.name, one.org, iso(one.survey.due_on), state)
    return Row(
        int(one.survey.id),
        (*cells, progress.verified, progress.other, progress.open, progress.targets),
        {STATE: tone},
    )


def _ask(actor: Actor, store: Store) -> None:
    orgs = orgs_to_survey(actor, store)
    today = store.today()
    with st.form("survey_new", border=False):
        name = st.text_input("名称", f"{today.year} 年走访摸排", max_chars=200)
        org = st.selectbox("开展摸排的组织（含下级）", list(orgs), format_func=lambda one: orgs[one])
        start = st.text_input("开始日期", iso(today))
        due = st.text_input("应完成日期", iso(today + USUAL))
        note = st.text_area("要求", max_chars=500, height=90)
        is_saved = st.form_submit_button("开展", type="primary")
    if is_saved:
        with session.show_errors():
            wanted = NewSurvey(name, org, day_of(due, "应完成日期"), day_of(start, "开始日期"), note)
            survey_id = create_survey(session.actor_now(), store, wanted)
            address.open_survey(survey_id)
            say("名单已经列好：安排走访人，上门后逐人登记结果")
