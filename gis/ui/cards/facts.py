"""What stands on a card, to read; telephone numbers in full for a reason, for one minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.contact import ContactSide
from gis.services.cards import show_phones
from gis.services.phones import masked
from gis.services.visits.window import window_said
from gis.ui import session
from gis.ui.cards.words import UNKNOWN, iso, label
from gis.ui.table import show_facts, show_table
from gis.ui.text import plain, yes_no

if TYPE_CHECKING:
    from datetime import datetime

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.services.cards import CardView, Phones

PHONES = "card_phones"
SHOWN_FOR = timedelta(seconds=60)
OTHER = "其他（写明）"
_SIDES = {ContactSide.HOME: "原支部", ContactSide.RESIDENCE: "居住地"}
REASONS = ("通知开会", "上门前联系", "核实信息", "紧急情况", OTHER)


@dataclass(frozen=True, slots=True)
class _Shown:
    member_id: MemberId
    phones: Phones
    until: datetime


def show_card_facts(_actor: Actor, view: CardView) -> None:
    """Show the facts in two columns, then the history of addresses."""
    shown = _shown(view)
    left, right = st.columns(2)
    with left:
        st.subheader("从哪里来，到哪里去")
        show_facts(_whereabouts(view))
        st.subheader("居住")
        show_facts(_housing(view))
    with right:
        st.subheader("怎么联系")
        show_facts(_contact(view, shown))
        _show_phone_box(view, shown)
        st.subheader("学习")
        show_facts(_study(view))
        st.subheader("家庭")
        if view.sees_family:
            show_facts(_family(view, shown))
        else:
            show_facts({"独居": yes_no(view.member.lives_alone, "是", "否"), "紧急联系人": "由支部书记掌握"})
    if len(view.addresses) > 1:
        st.subheader("住过的地方")
        show_table(
            [
                {
                    "住址": one.address,
                    "从": "此前" if one.valid_from == one.valid_to else iso(one.valid_from),
                    "到": iso(one.valid_to, "现在"),
                    "定位": one.precision.label,
                    "核实": f"{iso(one.verified_on)} {one.verified_by}".strip(),
                }
                for one in view.addresses
            ]
        )


def _whereabouts(view: CardView) -> dict[str, str]:
    member, episode = view.member, view.member.transition
    home = next((one for one in view.addresses if one.valid_to is None), None)
    verified = f"{iso(home.verified_on)} {home.verified_by}" if home and home.verified_on else "尚未核实"
    years = f"（已 {view.years_in_transition} 年）" if view.years_in_transition is not None else ""
    return {
        "原村（组）": member.original_village or UNKNOWN,
        "拆迁项目": (episode.project if episode else "") or UNKNOWN,
        "过渡开始": (iso(episode.started_on, UNKNOWN) + years) if episode else UNKNOWN,
        "现住址": member.residence.address if member.residence else UNKNOWN,
        "定位": f"{member.residence.precision.label}" if member.residence else UNKNOWN,
        "地图上显示到": member.map_precision.label,
        "住址核实": verified,
        "预计返迁": (episode.expected_return if episode else "") or UNKNOWN,
        "安置小区": (episode.return_community if episode else "") or UNKNOWN,
    }


def _housing(view: CardView) -> dict[str, str]:
    file = view.household
    if file is None:
        return {"户档": "没有户档，先登记现住址"}
    return {
        "居住情况": label(file.housing_kind),
        "楼层": f"{file.floor_no} 楼" if file.floor_no is not None else UNKNOWN,
        "电梯": yes_no(file.has_lift),
        "户档号": file.file_no,
    }


def _contact(view: CardView, shown: _Shown | None) -> dict[str, str]:
    member, card = view.member, view.card
    phone, phone2 = (
        (shown.phones.phone, shown.phones.phone2) if shown else (masked(member.phone), masked(member.phone2))
    )
    persons = {f"{_SIDES[one.side]}联系人": f"{one.name}　{masked(one.phone)}".strip() for one in view.persons}
    return {
        "联系电话": phone or UNKNOWN,
        "备用电话": phone2 or "无",
        "智能手机": yes_no(card.can_use_smartphone, "会用", "不会用"),
        **(persons or {"双联双管": "两侧联系人都没有确定"}),
        "最近联系上": iso(view.last_contact, "没有记录"),
        "方便上门": window_said(card.visit_from_min, card.visit_to_min, "没有说明"),
        "约定下次": iso(view.next_contact, "没有约定"),
        "全卡核实": f"{iso(view.card.verified_on)} {view.card.verified_by}".strip() or "尚未核实",
    }


def _study(view: CardView) -> dict[str, str]:
    return {
        "本人意愿": view.member.preference.label,
        "学习方式": label(view.mode, "未确定"),
        "临时党小组": view.group or "未编组",
        "行动能力": label(view.member.mobility_level, "未核定"),
        "就业状况": label(view.card.employment),
        "管理方式": label(view.card.management_mode),
        "流动党员活动证": view.card.mobile_card_no or "无",
    }


def _family(view: CardView, shown: _Shown | None) -> dict[str, str]:
    card = view.card
    phone = shown.phones.emergency_phone if shown else masked(card.emergency_phone)
    relation = f"（{card.emergency_relation.label}）" if card.emergency_relation else ""
    return {
        "独居": yes_no(view.member.lives_alone, "是", "否"),
        "紧急联系人": f"{card.emergency_name}{relation}　{phone}" if card.emergency_name else UNKNOWN,
        "联系人知情": ("已告知" if card.is_emergency_told else "还没有告知") if card.emergency_name else "",
        "同户党员": "、".join(view.household_names) if len(view.household_names) > 1 else "没有",
    }


def _shown(view: CardView) -> _Shown | None:
    """Return the numbers in full while their minute lasts."""
    kept: _Shown | None = session.recall(PHONES)
    if kept is None or kept.member_id != view.member.id or session.store().clock() >= kept.until:
        session.forget(PHONES)
        return None
    return kept


def _show_phone_box(view: CardView, shown: _Shown | None) -> None:
    if shown is not None:
        _hide_in_time()
        return
    if not any((view.member.phone, view.member.phone2, view.card.emergency_phone)):
        return
    with st.popover("显示完整电话"):
        reason = st.selectbox("用途（记入操作日志）", REASONS, key="card_phone_reason")
        other = st.text_input("写明用途", max_chars=50, key="card_phone_other") if reason == OTHER else ""
        st.button("显示一分钟", type="primary", on_click=_reveal, args=(view.member.id, reason, other))


def _reveal(member_id: MemberId, reason: str, other: str) -> None:
    with session.show_errors():
        store = session.store()
        phones = show_phones(session.actor_now(), store, member_id, other if reason == OTHER else reason)
        session.remember(PHONES, _Shown(member_id, phones, store.clock() + SHOWN_FOR))


@st.fragment(run_every=5)
def _hide_in_time() -> None:
    """Say how long the numbers stay, and take them away when the minute is over."""
    kept: _Shown | None = session.recall(PHONES)
    if kept is None:
        return
    left = int((kept.until - session.store().clock()).total_seconds())
    if left <= 0:
        session.forget(PHONES)
        st.rerun()
    st.caption(plain(f"完整电话再显示 {left} 秒；用途已记入操作日志"))
