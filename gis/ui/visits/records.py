"""台账: the record book that is retyped into the city's platform, the report of a round, the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from gis.services.visits.exports import RecordQuery, record_book
from gis.services.visits.ics import visits_ics
from gis.services.visits.report import round_names, round_report
from gis.services.visits.result_checks import DAYS_BEFORE
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.text import distinct
from gis.ui.visits import address
from gis.ui.visits.files import offer_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.ids import OrgId
    from gis.services.visits.views import RoundView
    from gis.store.database import Store

LONGEST_REASON = 50
ALL_TEAMS = "全部组"
NO_REASON = "写明用途后可以生成"


def show_record_book(store: Store, orgs: Mapping[OrgId, str]) -> None:
    """Ask for the days and what it is for; the workbook."""
    st.caption("走访台账按基层现行版式，每月一张工作表（8月、9月…），可以照着录入市级平台")
    today = store.today()
    with st.container(border=True):
        org, first, last = st.columns([3, 2, 2], vertical_alignment="bottom")
        names = distinct(dict(orgs))
        chosen: OrgId | None = org.selectbox(
            "组织",
            [None, *names],
            format_func=lambda one: "管理范围内全部" if one is None else names[one],
            key="visits_book_org",
        )
        since = first.text_input("从", today.replace(day=1).isoformat(), key="visits_book_first")
        until = last.text_input("到", _month_end(today).isoformat(), key="visits_book_last")
        reason = _ask_reason("visits_book_reason")
        with session.show_errors():
            query = RecordQuery(read_day(since, "从"), read_day(until, "到"), reason, chosen)
            _offer_book("visits_book", query)


def show_round_records(store: Store, view: RoundView) -> None:
    """Offer the papers of one round."""
    report, calendar, book = st.columns(3)
    with report.container(border=True):
        _report(view)
    with calendar.container(border=True):
        _calendar(view)
    with book.container(border=True):
        st.markdown("**走访台账**")
        last_day = max(view.round.last_day, store.today())
        since = view.round.first_day - timedelta(days=DAYS_BEFORE)  # a visit of the day before counts
        st.caption(f"{since.isoformat()} 以来本组织有结果的走访，可以照着录入市级平台")
        query = RecordQuery(since, last_day, _ask_reason("visits_round_reason"), view.round.org_id)
        _offer_book("visits_round_book", query)


def _report(view: RoundView) -> None:
    round_id = view.round.id
    st.markdown("**走访情况报告**")
    st.caption("只有数量，没有姓名，可以报上级；名单是单独一份，留在支部")
    if round_id is None:
        return
    offer_file(
        "visits_report",
        "生成报告（Word）",
        lambda: round_report(session.actor_now(), session.store(), round_id),
    )
    reason = _ask_reason("visits_names_reason")
    offer_file(
        "visits_names",
        "生成名单（Word）",
        lambda: round_names(session.actor_now(), session.store(), round_id, reason),
        why_not="" if reason else NO_REASON,
    )


def _calendar(view: RoundView) -> None:
    round_id = view.round.id
    st.markdown("**走访日历**")
    st.caption("每半天一项，不写党员姓名和住址，可以发给走访人")
    numbers = [one.team.number for one in view.teams]
    team: int | None = st.selectbox(
        "哪一组",
        [None, *numbers],
        format_func=lambda one: ALL_TEAMS if one is None else f"第 {one} 组",
        key="visits_ics_team",
    )
    if round_id is not None:
        offer_file(
            "visits_ics",
            "生成日历（ICS）",
            lambda: visits_ics(session.actor_now(), session.store(), round_id, team, address=address.origin()),
        )


def _ask_reason(key: str) -> str:
    return st.text_input(
        "用途（记入操作日志）", max_chars=LONGEST_REASON, key=key, placeholder="例如：报市级平台"
    ).strip()


def _offer_book(key: str, query: RecordQuery) -> None:
    offer_file(
        key,
        "生成台账（Excel）",
        lambda: record_book(session.actor_now(), session.store(), query),
        why_not="" if query.reason else NO_REASON,
    )


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
