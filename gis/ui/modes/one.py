"""One member's proposal in full: why, what each rule said, what would change it, what was decided; and the override."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.modes import ModeRule, StudyMode
from gis.services.mode_flips import said
from gis.services.mode_rules import near_group_m
from gis.services.modes import ModeOverride, mode_history, override_mode, warnings_for
from gis.ui import session
from gis.ui.table import show_facts, show_table
from gis.ui.text import metres, plain

if TYPE_CHECKING:
    from gis.services.modes import ModeLine


def show_one(one: ModeLine, said_key: str) -> None:
    """Show everything about one proposal, then the ways to decide otherwise."""
    proposal = one.proposal
    with st.container(border=True):
        st.markdown(f"**{plain(one.name)}**　提出：**{proposal.mode.label}**")
        st.markdown(f"依据“{proposal.rule.label}”：{plain(proposal.why)}")
        for warning in one.warnings:
            st.warning(plain(warning), icon=":material/priority_high:")
        _override(one, said_key)
    st.markdown("**什么变了结果会变**")
    if proposal.flips:
        show_table(
            [{"单独改动": flip.text.rpartition("，改为")[0], "改为": flip.mode.label} for flip in proposal.flips]
        )
    st.markdown("**各条规则**")
    show_table([{"规则": rule, "结论": why} for rule, why in _rules(one)])
    st.markdown("**所用事实**")
    show_facts(_facts(one))
    history = mode_history(session.actor_now(), session.store(), one.member_id)
    if history:
        st.markdown("**历次确定**")
        show_table(
            [
                {
                    "起": past.valid_from.isoformat(),
                    "止": past.valid_to.isoformat() if past.valid_to else "今",
                    "方式": past.mode.label,
                    "理由": past.reason or ("" if past.is_override else "按提出的方式"),
                    "谁定的": past.decided_by,
                }
                for past in reversed(history)
            ]
        )


def _rules(one: ModeLine) -> list[tuple[str, str]]:
    whys = {past.rule: past.why for past in one.proposal.rejected}
    whys[one.proposal.rule] = f"适用：{one.proposal.why}"
    return [(rule.label, whys[rule]) for rule in ModeRule]


def _facts(one: ModeLine) -> dict[str, str]:
    facts, travel = one.proposal.facts, one.travel
    way = travel.unknown_why
    if travel.walk_m is not None:
        guess = "（估算）" if travel.is_estimated else ""
        way = (
            f"{travel.place}，{metres(travel.walk_m)}{guess}，步行 {travel.walk_min} 分钟，"
            f"乘车约 {travel.ride_min} 分钟（估算）"
        )
    near = near_group_m(facts) if one.near_place else None
    return {
        "年龄": said("age", facts.age),
        "行动能力": "未核定" if facts.mobility is None else said("mobility", facts.mobility),
        "本人意愿": facts.preference.label,
        "本人步行上限": said("max_walk_m", facts.max_walk_m),
        "回原支部": way,
        "现在的小组": one.group or "没有编组",
        "最近有空位的": f"{one.near_place}，{metres(near)}" if near is not None else "附近没有",
        "会用智能手机": "没有登记" if facts.can_use_smartphone is None else said("", facts.can_use_smartphone),
        "在职": "没有登记" if facts.is_working is None else said("", facts.is_working),
    }


def _override(one: ModeLine, said_key: str) -> None:
    now = one.decision
    with st.expander("改定为另一种方式", expanded=False):
        modes = list(StudyMode)
        start = modes.index(now.mode if now else one.proposal.mode)
        key = f"{int(one.member_id)}_{one.based_on}"
        mode = st.radio("方式", modes, index=start, format_func=lambda mode: str(mode.label), key=f"modes_mode_{key}")
        for warning in warnings_for(session.actor_now(), session.store(), one.member_id, mode):
            st.caption(f"注意：{plain(warning)}")
        reason = st.text_input(
            "理由", max_chars=200, placeholder="例如：本人当面表示愿意来小组", key=f"modes_why_{key}"
        )
        if st.button("改定", key=f"modes_set_{key}"):
            with session.show_errors():
                override_mode(
                    session.actor_now(), session.store(), ModeOverride(one.member_id, mode, reason, one.based_on)
                )
                session.remember(said_key, f"已确定：{plain(one.name)}，{mode.label}")
                st.rerun()
