"""The screen 编组条件: what planning takes into account about a member, set by a person with the member."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.enums import MobilityLevel, Preference
from gis.services.conditions import LEAST_WALK_M, MOST_WALK_M, Conditions, host_names, list_conditions, set_conditions
from gis.ui import session
from gis.ui.table import show_table
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import HostId, MemberId
    from gis.services.conditions import MemberConditions
    from gis.store.database import Store

SAID = "conditions_said"
UNKNOWN = "未核定"
NO_HOST = "不指定"
EVERY_BRANCH = "全部支部"
LIST_HEIGHT = 520


def edit_conditions(actor: Actor, store: Store) -> None:
    """Choose a branch and a member, change what is set, see the list."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    found = list_conditions(actor, store)
    if not found:
        st.info("管理范围内还没有党员：先到“数据导入”页导入党员花名册")
        return
    hosts = host_names(actor, store)
    chosen = _choose_branch(found)
    left, right = st.columns([2, 3])
    with left:
        _edit(_choose_member(chosen), hosts, found)
    with right:
        names = {one.member_id: one.name for one in found}
        show_table([_line(one, hosts, names) for one in chosen], height=LIST_HEIGHT)


def _choose_branch(found: Sequence[MemberConditions]) -> list[MemberConditions]:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    branches = dict(sorted({one.branch_id: one.branch for one in found}.items()))
    options: dict[int, str] = {0: EVERY_BRANCH} if len(branches) > 1 else {}
    options.update({int(number): name for number, name in branches.items()})
    branch = left.selectbox("支部", list(options), format_func=lambda number: options[number], key="conditions_branch")
    is_all = right.toggle("含非过渡期党员", key="conditions_all")
    mine = [one for one in found if branch in (0, one.branch_id)]
    return [one for one in mine if is_all or one.is_in_transition] or mine


def _choose_member(found: Sequence[MemberConditions]) -> MemberConditions:
    by_id = {one.member_id: one for one in found}
    shown = distinct({number: f"{one.name}　{one.branch}" for number, one in by_id.items()})
    member_id = st.selectbox("党员", list(shown), format_func=lambda number: shown[number], key="conditions_member")
    return by_id[member_id]


def _edit(one: MemberConditions, hosts: Mapping[HostId, str], everybody: Sequence[MemberConditions]) -> None:
    now = one.conditions
    levels: list[MobilityLevel | None] = [None, *MobilityLevel]
    wishes = list(Preference)
    choices: list[HostId | None] = [None, *hosts]
    shown = distinct({number: hosts[number] for number in hosts})
    same_branch = [other for other in everybody if other.branch_id == one.branch_id and other is not one]
    others = distinct({other.member_id: other.name for other in same_branch})
    with st.form(f"conditions_{one.member_id}_{one.version}", border=True):
        age = f"{one.age} 岁" if one.age is not None else "年龄未知"
        st.markdown(f"**{plain(one.name)}**　{age}　{'正式党员' if one.is_full else '预备党员或停止党籍'}")
        level = st.selectbox(
            "行动能力（与本人核定，只分三级）",
            levels,
            index=levels.index(now.mobility_level),
            format_func=lambda one: one.label if one else UNKNOWN,
        )
        wish = st.selectbox(
            "本人意愿", wishes, index=wishes.index(now.preference), format_func=lambda one: str(one.label)
        )
        limit = st.number_input(
            "本人步行上限（米）", LEAST_WALK_M, MOST_WALK_M, now.max_walk_m, 50, placeholder="不填则按年龄"
        )
        together = st.multiselect(
            "同组的人（夫妻、结伴）",
            list(others),
            [number for number in now.companion_ids if number in others],
            format_func=lambda number: others[number],
            placeholder="不要求",
        )
        may_lead = st.checkbox("支部推荐可任组长", value=now.is_leader_eligible, disabled=not one.is_full)
        host = st.selectbox(
            "指定中心户",
            choices,
            index=choices.index(now.locked_host_id) if now.locked_host_id in choices else 0,
            format_func=lambda number: shown[number] if number is not None else NO_HOST,
        )
        is_saved = st.form_submit_button("保存", type="primary")
    if is_saved:
        _save(one, Conditions(level, wish, may_lead, host, limit, tuple(together)))


def _save(one: MemberConditions, wanted: Conditions) -> None:
    with session.show_errors():
        set_conditions(session.actor_now(), session.store(), one.member_id, wanted, one.version)
        session.remember(SAID, f"已核定：{plain(one.name)}。重新测算后生效")
        st.rerun()


def _line(
    one: MemberConditions, hosts: Mapping[HostId, str], names: Mapping[MemberId, str]
) -> dict[str, str | int | None]:
    now = one.conditions
    return {
        "姓名": one.name,
        "年龄": one.age,
        "行动能力": now.mobility_level.label if now.mobility_level else UNKNOWN,
        "本人意愿": now.preference.label,
        "可任组长": "可" if now.is_leader_eligible else "",
        "指定中心户": hosts.get(now.locked_host_id, "") if now.locked_host_id else "",
        "步行上限（米）": now.max_walk_m,
        "同组的人": "、".join(names.get(number, "") for number in now.companion_ids),
        "支部": one.branch,
    }
