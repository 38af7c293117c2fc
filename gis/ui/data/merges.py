"""Rows of a roster that may be somebody already there: a person decides each, then the file is tried again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.imports import Decision
from gis.services.conditions import list_conditions
from gis.ui import session, waiting
from gis.ui.data.kinds import run_import
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.services.import_roster import MergeCase
    from gis.store.database import Store
    from gis.ui.data.kinds import Outcome

SKIP, NEW = 0, -1
MAX_AT_ONCE = 30  # more are decided in the next round


def ask_merges(actor: Actor, store: Store, found: Outcome, job: str, *, expected_s: float) -> bool:
    """Ask who the doubtful rows are; True when the file was sent off again with the answers."""
    cases = found.merges[:MAX_AT_ONCE]
    if not cases:
        return False
    people = {one.member_id: f"{one.branch}，{_age(one.age)}" for one in list_conditions(actor, store)}
    with st.form("merges", border=True):
        st.markdown(
            f"**需要人工认定 {len(found.merges)} 人**　可能与已有党员是同一人，不能自动判断；没有认定的行不导入"
        )
        answers = [_ask_one(number, case, people) for number, case in enumerate(cases)]
        is_sent = st.form_submit_button("按以上认定重新试运行")
    decided = [answer for answer in answers if answer is not None]
    if not is_sent or not decided:
        return False
    asked = replace(found.asked, decisions=(*found.asked.decisions, *decided))
    session.forget("import_found")
    waiting.send(job, lambda: run_import(actor, store, asked, is_applied=False), expected_s=expected_s)
    return True


def _ask_one(number: int, case: MergeCase, people: dict[MemberId, str]) -> Decision | None:
    shown = distinct({one: f"是已有党员 {case.name}（{people.get(one, '')}）" for one in case.candidates})
    options: dict[int, str] = {SKIP: "暂不认定", NEW: "是新的人"}
    options.update({int(one): label for one, label in shown.items()})
    st.markdown(
        f"{plain(case.sheet)} 第 {case.row} 行　**{plain(case.name)}**　{plain(case.branch)}：{plain(case.reason)}"
    )
    answer = st.selectbox(
        f"第 {case.row} 行的认定",
        list(options),
        format_func=lambda one: options[one],
        key=f"merge_{number}_{case.sheet}_{case.row}",
        label_visibility="collapsed",
    )
    if answer == SKIP:
        return None
    chosen = next((one for one in case.candidates if one == answer), None)
    return Decision(case.sheet, case.row, chosen)


def _age(age: int | None) -> str:
    return f"{age} 岁" if age is not None else "年龄未知"
