"""撤并: begin, hand over, abolish; each step shows what would happen and who decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.enums import OrgStatus
from gis.services.map_layers import orgs_on_map
from gis.services.org_life import Decision, abolish, hand_over, obstacles_of, resume, wind_down
from gis.ui import session
from gis.ui.dates import read_day
from gis.ui.orgs.saying import day, done
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.org_tree import OrgCard
    from gis.store.database import Store

BEGIN, STOP, HAND, ABOLISH = "开始撤并", "停止撤并", "整建制转接", "撤销"
EXPLAIN = {
    BEGIN: "登记接续组织和批准情况，党员、党小组暂时不动",
    STOP: "恢复正常，接续组织取消",
    HAND: "党员的组织关系、党小组、中心户、片区、阵地一并转入接续组织，各人保留原来的历史",
    ABOLISH: "全部转走以后才能撤销；名称、历史和旧的组织生活记录都保留",
}


def show_life(actor: Actor, store: Store, card: OrgCard) -> None:
    """Show the steps that are possible now."""
    org = card.org
    if org.status is OrgStatus.ABOLISHED or org.id is None:
        return
    steps = [BEGIN] if org.status is OrgStatus.ACTIVE else [HAND, ABOLISH, STOP]
    with st.expander("撤并" if org.status is OrgStatus.ACTIVE else f"撤并（{org.status.label}）"):
        step = st.segmented_control(
            "步骤", steps, default=steps[0], required=True, key=f"org_step_{org.id}_{org.version}"
        )
        if step is None:
            return
        st.caption(EXPLAIN[step])
        if step == ABOLISH:
            left = obstacles_of(actor, store, org.id)
            for text in left.obstacles:
                st.markdown(f"- {plain(text)}")
            for text in left.notices:
                st.info(plain(text))
            if left.obstacles:
                return
        _ask(actor, store, card, step)


def _ask(actor: Actor, store: Store, card: OrgCard, step: str) -> None:
    org = card.org
    others = {
        one.id: one.name
        for one in orgs_on_map(actor, store)
        if one.id is not None and one.id != org.id and one.status is OrgStatus.ACTIVE
    }
    shown = distinct(others)
    with st.form(f"org_life_{org.id}_{org.version}_{step}", border=False):
        heir = None
        if step in (BEGIN, HAND):
            known = list(others)
            at = known.index(org.successor_id) if org.successor_id in others else None
            heir = st.selectbox("接续组织", known, at, format_func=lambda one: shown[one], placeholder="请选择")
        left, right = st.columns(2)
        by = left.text_input("批准的组织", placeholder="乡镇（街道）党（工）委以上")
        on = right.text_input("批准日期", day(store.today()), placeholder="年-月-日")
        note = st.text_input("说明（不写个人信息）")
        is_sent = st.form_submit_button(f"登记{step}", type="primary")
    if not is_sent:
        return
    with session.show_errors():
        decision = Decision(by, read_day(on, "批准日期"), note)
        who, number = session.actor_now(), org.id or 0
        if step == BEGIN:
            wind_down(who, store, number, decision, successor_id=heir or 0, version=org.version)  # type: ignore[arg-type]  # 0: none chosen, which is refused
        elif step == STOP:
            resume(who, store, number, decision, version=org.version)  # type: ignore[arg-type]  # as above
        elif step == HAND:
            moved = hand_over(who, store, number, decision, successor_id=heir, version=org.version)  # type: ignore[arg-type]  # as above
            done(f"已转接：党员 {moved['members']} 名、党小组 {moved['groups']} 个、中心户 {moved['hosts']} 户")
        else:
            abolish(who, store, number, decision, version=org.version)  # type: ignore[arg-type]  # as above
        done(f"已登记：{org.name}{step}")
