"""The forms for a move, a return and a correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.enums import Precision
from gis.services.moving import CorrectRequest, MoveRequest, correct_home, register_move
from gis.services.placing import building_choices
from gis.services.returning import ReturnRequest, register_return
from gis.ui import session
from gis.ui.cards.words import day_of, day_or_none, iso, say
from gis.ui.text import distinct

if TYPE_CHECKING:
    from gis.model.ids import BuildingId, OrgId, ResidenceId
    from gis.services.life import LifeView
    from gis.services.moving import Moved
    from gis.services.returning import Returned
    from gis.store.database import Store

BY_ADDRESS, BY_COMMUNITY = "按地址查找", "按所在社区推定"
ADDRESS_HINT = "小区、幢、单元、室，例如 葵岸苑3幢2单元501室"
DAY_HINT = "年-月-日"


def ask_move(store: Store, view: LifeView) -> None:
    """Ask where to and since when."""
    st.caption("搬了家才登记迁居；地址登记错了请用“更正住址”。原住址保留起止日期，小组和学习方式不会自动改动")
    building = _ask_building(store, "life_move")
    orgs = distinct(dict(view.org_names))
    with st.form(f"life_move_{view.life.person.id}_{len(view.life.homes)}", border=True):
        address = st.text_input("新住址", placeholder=ADDRESS_HINT, max_chars=500)
        left, right = st.columns(2)
        on = left.text_input("迁居日期", iso(store.today()), placeholder=DAY_HINT)
        reason = right.text_input("原因", placeholder="例如 租约到期；可不填", max_chars=200)
        named: list[OrgId | None] = [None, *orgs]
        org = st.selectbox("居住地党组织", named, format_func=lambda one: BY_COMMUNITY if one is None else orgs[one])
        is_past = st.checkbox("补登以前的住处，现住址不变")
        is_saved = st.form_submit_button("登记迁居", type="primary")
    if is_saved:
        with session.show_errors():
            request = MoveRequest(
                member_id=view.life.person.id,
                address=address,
                on=day_of(on, "迁居日期"),
                reason=reason,
                building_id=building,
                residence_org_id=org,
                is_past=is_past,
                seen=_seen(view),
            )
            say(_moved(register_move(session.actor_now(), session.store(), request), "已登记迁居"))


def ask_return(store: Store, view: LifeView) -> None:
    """Ask for the day and the new flat; what fits there is said afterwards."""
    st.caption("登记后过渡期结束、联系卡销卡。组织关系留在原支部，要转接的由支部与本人商定后另行登记")
    episode = view.life.open_episode
    building = _ask_building(store, "life_return")
    with st.form(f"life_return_{view.life.person.id}_{len(view.life.homes)}", border=True):
        left, right = st.columns(2)
        on = left.text_input("返迁日期", iso(store.today()), placeholder=DAY_HINT)
        community = right.text_input("安置小区", episode.return_community if episode else "", max_chars=200)
        address = st.text_input("新住址", placeholder=ADDRESS_HINT + "；不搬家的不填", max_chars=500)
        reason = st.text_input("备注", max_chars=200)
        is_saved = st.form_submit_button("登记返迁", type="primary")
    if is_saved:
        with session.show_errors():
            request = ReturnRequest(
                member_id=view.life.person.id,
                on=day_of(on, "返迁日期"),
                community=community,
                address=address,
                building_id=building,
                reason=reason,
                seen=_seen(view),
            )
            say(_returned(register_return(session.actor_now(), session.store(), request)))


def ask_correction(store: Store, view: LifeView) -> None:
    """Ask which address was wrong and what is right."""
    homes = {one.id: one for one in reversed(view.life.homes)}
    if not homes:
        st.info("还没有登记过住址，不用更正：到“迁居”里登记现住址")
        return
    st.caption("人没有搬家、只是登记错了时使用：就地改正，不增加住址")
    labels = distinct(
        {
            number: f"{'现住址' if one.valid_to is None else iso(one.valid_to) + ' 前'}　{one.address}"
            for number, one in homes.items()
        }
    )
    building = _ask_building(store, "life_correct")
    with st.form(f"life_correct_{view.life.person.id}", border=True):
        numbers: list[ResidenceId] = list(homes)
        number = st.selectbox("哪一条", numbers, format_func=lambda one: labels[one])
        address = st.text_input("正确的住址", placeholder="只改起始日期的不填", max_chars=500)
        left, right = st.columns(2)
        since = left.text_input("正确的起始日期", placeholder=f"{DAY_HINT}，不改的不填")
        reason = right.text_input("更正原因", placeholder="例如 抄错幢号", max_chars=200)
        is_saved = st.form_submit_button("更正", type="primary")
    if is_saved:
        with session.show_errors():
            request = CorrectRequest(
                member_id=view.life.person.id,
                residence_id=number,
                version=homes[number].version,
                reason=reason,
                address=address,
                building_id=building,
                since=day_or_none(since, "起始日期"),
            )
            say(_moved(correct_home(session.actor_now(), session.store(), request), "已更正"))


def _ask_building(store: Store, key: str) -> BuildingId | None:
    """Let a person name the building where the address alone would not tell."""
    with st.expander("指定楼栋（地址写得不全、或系统认不出时）"):
        estates = building_choices(session.actor_now(), store)
        left, right = st.columns(2)
        estate = left.selectbox("小区", [BY_ADDRESS, *estates], key=f"{key}_estate")
        if estate == BY_ADDRESS:
            return None
        numbers = estates[estate]
        return right.selectbox("幢", list(numbers), format_func=lambda one: numbers[one], key=f"{key}_building")


def _seen(view: LifeView) -> tuple[ResidenceId | None, int]:
    home = view.life.home
    return (home.id, home.version) if home is not None else (None, 0)


def _moved(moved: Moved, first: str) -> str:
    parts = [first]
    if moved.org_before != moved.org_after:
        parts.append(f"居住地党组织：{moved.org_before or '无'} → {moved.org_after or '无'}")
    if moved.home.precision in (Precision.QUEUE, Precision.COMMUNITY, Precision.ESTATE):
        parts.append("住址还没有定到楼栋，请到“定位”页核定")
    if moved.reviews:
        parts.append(f"请复核：{'、'.join(one.label for one in moved.reviews)}")
    return "。".join(parts)


def _returned(found: Returned) -> str:
    parts = ["已登记返迁，过渡期结束"]
    if found.moved is not None:
        parts.append(_moved(found.moved, f"新住址 {found.moved.home.address}"))
    one = found.proposal
    if one.branches:
        parts.append(f"可转入：{'、'.join(name for _, name in one.branches)}。{one.hint}")
    near = [*one.groups, *one.hosts]
    if near:
        parts.append("附近：" + "、".join(f"{place.name}（步行约 {place.walk_m:.0f} 米）" for place in near))
    if one.note:
        parts.append(one.note)
    return "。".join(parts)
