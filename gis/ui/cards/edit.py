"""The form in which a card is filled in with the member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.model.contact import Employment, FamilyRelation, ManagementMode
from gis.model.enums import MapPrecision, MobilityLevel, Preference
from gis.services.card_editing import CardDetails, details_of, edit_card, versions_of
from gis.services.phones import masked
from gis.services.visits.window import read_window, window_said
from gis.ui import session
from gis.ui.cards.words import UNKNOWN, day_or_none, iso, label, of_three, say, three

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.enums import Labelled
    from gis.services.cards import CardView

Widget = dict[str, Any]
PHONES = ("phone", "phone2", "emergency_phone")
HIDDEN = "隐去了中间四位：不改就不要动它，要改就整个重写"


def show_edit(_actor: Actor, view: CardView) -> None:
    """Show the form; the household is on a page of its own, since it counts for everybody in it."""
    st.caption("与本人当面核对后登记；本人不愿登记的可以空着，不影响参加组织生活。楼层和电梯在“户档”里登记")
    now = details_of(view)
    with st.form(f"card_edit_{view.member.id}_{view.member.version}_{view.card.version}", border=True):
        left, right = st.columns(2)
        with left:
            given = _ask_left(now)
        with right:
            given |= _ask_right(now)
        st.markdown("**紧急联系人**　只登记一位，须先告诉其本人并得到同意")
        given |= _ask_emergency(now)
        verify = st.checkbox("全卡已与本人逐项核对，记为今天核实", key="card_verify")
        is_saved = st.form_submit_button("保存", type="primary")
    if is_saved:
        _save(view, given, verify=verify)


def _choice(name: str, options: Sequence[Labelled], now: Labelled | None, unknown: str = UNKNOWN) -> Labelled | None:
    every: list[Labelled | None] = [None, *options]
    chosen: Labelled | None = st.selectbox(
        name, every, index=every.index(now), format_func=lambda one: label(one, unknown)
    )
    return chosen


def _fact(name: str, now: bool | None, yes: str, no: str) -> bool | None:  # noqa: FBT001  # the value is what is shown
    words = (UNKNOWN, yes, no)
    place = st.selectbox(name, range(len(words)), index=three(now), format_func=lambda place: words[place])
    return of_three(place)


def _ask_left(now: CardDetails) -> Widget:
    precisions, wishes = list(MapPrecision), list(Preference)
    return {
        "phone": st.text_input("联系电话", masked(now.phone), max_chars=100, help=HIDDEN),
        "phone2": st.text_input("备用电话", masked(now.phone2), max_chars=100, help=HIDDEN),
        "original_village": st.text_input("原村（组）", now.original_village, max_chars=200),
        "expected_return": st.text_input("预计返迁（年或年-月）", now.expected_return, max_chars=7),
        "map_precision": st.selectbox(
            "地图上显示到", precisions, precisions.index(now.map_precision), format_func=lambda one: str(one.label)
        ),
        "preference": st.selectbox(
            "本人意愿", wishes, wishes.index(now.preference), format_func=lambda one: str(one.label)
        ),
        "mobility_level": _choice("行动能力（只分三级，不记原因）", list(MobilityLevel), now.mobility_level, "未核定"),
    }


def _ask_right(now: CardDetails) -> Widget:
    return {
        "employment": _choice("就业状况", list(Employment), now.employment),
        "lives_alone": _fact("是否独居", now.lives_alone, "独居", "与人同住"),
        "can_use_smartphone": _fact("智能手机", now.can_use_smartphone, "会用", "不会用"),
        "management_mode": _choice("管理方式", list(ManagementMode), now.management_mode),
        "mobile_card_no": st.text_input("流动党员活动证号", now.mobile_card_no, max_chars=64),
        "mobile_card_checked_on": st.text_input(
            "活动证查验日期", iso(now.mobile_card_checked_on), placeholder="年-月-日，没有就空着"
        ),
        "visit_window": st.text_input(
            "方便上门的时段",
            window_said(now.visit_from_min, now.visit_to_min),
            max_chars=20,
            placeholder="如 9:00-10:30，没有就空着",
            help="安排上门时只排在这个时段；空着的按工作时间排",
        ),
        "is_private": st.checkbox("本人不愿公开党员身份", now.is_private),
    }


def _ask_emergency(now: CardDetails) -> Widget:
    first, second, third, fourth = st.columns([2, 2, 2, 2], vertical_alignment="bottom")
    with third:
        relation = _choice("与本人关系", list(FamilyRelation), now.emergency_relation)
    return {
        "emergency_name": first.text_input("姓名", now.emergency_name, max_chars=100),
        "emergency_phone": second.text_input("电话", masked(now.emergency_phone), max_chars=64, help=HIDDEN),
        "emergency_relation": relation,
        "is_emergency_told": fourth.checkbox("其本人知情同意", now.is_emergency_told),
    }


def _save(view: CardView, given: Widget, *, verify: bool) -> None:
    with session.show_errors():
        checked = day_or_none(given["mobile_card_checked_on"], "活动证查验日期")
        window = read_window(given.pop("visit_window")) or (None, None)
        now = details_of(view)
        phones = {name: _typed(given[name], getattr(now, name)) for name in PHONES}
        times = {"visit_from_min": window[0], "visit_to_min": window[1]}
        wanted = CardDetails(**{**given, **phones, **times, "mobile_card_checked_on": checked})
        if view.member.id is not None:
            edit_card(session.actor_now(), session.store(), view.member.id, wanted, versions_of(view), verify=verify)
        say("已保存，全卡记为今天核实" if verify else "已保存")


def _typed(given: str, now: str) -> str:
    """Return the number that is meant: one that still shows as it was is the one on record."""
    return now if given.strip() == masked(now) else given
