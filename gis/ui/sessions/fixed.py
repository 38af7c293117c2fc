"""Fixed study and service days of a year, and the holiday table that shifts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.meetings import SessionKind
from gis.services.calendar import import_holidays, list_holidays
from gis.services.fixed_days import KINDS, FixedDaysRequest, plan_fixed_days, propose_fixed_days
from gis.services.session_views import plan_choices
from gis.ui import session
from gis.ui.sessions.words import SAID, WEEKDAYS
from gis.ui.table import show_table
from gis.ui.text import distinct

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.fixed_days import FixedDay, FixedDays
    from gis.store.database import Store

LIST_HEIGHT = 520


def show_fixed_days(actor: Actor, store: Store) -> None:
    """Choose organisations and a year, see the days, plan those that are not there yet."""
    orgs = distinct(dict(plan_choices(actor, store).orgs))
    year_now = store.today().year
    chosen = st.multiselect(
        "组织", list(orgs), format_func=lambda one: orgs[one], key="fixed_orgs", placeholder="选组织"
    )
    left, middle, right = st.columns([1, 2, 2], vertical_alignment="bottom")
    year = left.selectbox("年份", [year_now, year_now + 1], key="fixed_year")
    kinds = middle.multiselect(
        "哪种", list(KINDS), [SessionKind.STUDY_DAY], format_func=lambda one: str(one.label), key="fixed_kinds"
    )
    responsible = right.text_input("责任人", key="fixed_responsible", max_chars=100)
    if not chosen or not kinds:
        st.info("先选组织。固定日是几日、遇放假顺延还是提前，在“设置”的“组织生活”里调整")
        return
    request = FixedDaysRequest(tuple(chosen), year, kinds=tuple(kinds), responsible=responsible)
    found = propose_fixed_days(actor, store, request)
    for unknown in found.years_unknown:
        st.warning(f"{unknown} 年的放假安排还没有登记，下面只按周末推算；公布后先在“放假安排”里导入")
    if found.new:
        if st.button(f"把 {len(found.new)} 次存为计划", type="primary", key="fixed_save"):
            _save(request)
    else:
        st.caption("全年都已有计划")
    show_table([_line(one) for one in found.days], height=LIST_HEIGHT)


def _save(request: FixedDaysRequest) -> None:
    with session.show_errors():
        done: FixedDays = plan_fixed_days(session.actor_now(), session.store(), request)
        session.remember(SAID, f"已存为计划：{len(done.new)} 次，通知名单一并生成")
        st.rerun()


def _line(one: FixedDay) -> dict[str, str | int | None]:
    return {
        "日期": f"{one.day.isoformat()} 周{WEEKDAYS[one.day.weekday()]}",
        "组织": one.org,
        "类别": one.kind.label,
        "调整": f"原为 {one.nominal.isoformat()}" if one.is_shifted else "",
        "计划": "已有" if one.is_there else "未排",
    }


def show_holidays(actor: Actor, store: Store) -> None:
    """Show the table; who keeps settings may import a year."""
    days = list_holidays(actor, store)
    if actor.may(Action.CHANGE_SETTINGS):
        _import()
    if not days:
        st.info("还没有登记放假安排：每年公布后导入一次。没有登记的日子按周一至周五上班算")
        return
    show_table(
        [
            {
                "日期": f"{one.day.isoformat()} 周{WEEKDAYS[one.day.weekday()]}",
                "安排": "调休上班" if one.is_workday else "放假",
                "名称": one.name,
            }
            for one in days
        ],
        height=LIST_HEIGHT,
    )


def _import() -> None:
    given = st.file_uploader("导入一年的放假安排（CSV：日期、到、安排、名称）", type=["csv"], key="holidays_file")
    if given is not None and st.button("导入", type="primary", key="holidays_save"):
        with session.show_errors():
            done = import_holidays(session.actor_now(), session.store(), given.getvalue(), given.name)
            session.remember(SAID, f"放假安排：新增 {done.new} 天，更改 {done.changed} 天")
            st.rerun()
