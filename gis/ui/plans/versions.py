"""My plan and what is in force now, side by side; what to do when the data have moved on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.services.groups_view import Change, compare_with_force
from gis.services.plans import list_plans
from gis.ui.plans import rerun
from gis.ui.plans.words import moment, who_when
from gis.ui.table import show_table, show_tiles
from gis.ui.text import metres

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.plans import PlanHead, SavedPlan
    from gis.store.database import Store

TALL = 520  # pixels


def show_stale(actor: Actor, store: Store, saved: SavedPlan) -> None:
    """Say that people, places or groups have changed since, and show both versions."""
    with st.container(border=True, key="jj_stale"):
        st.warning(
            "保存之后，党员、场所或现行小组已有变动，这个方案不能直接发布。"
            "可以按最新数据核对（保留手工调整），或按原条件重新测算，看过再定。",
            icon=":material/sync_problem:",
        )
        _show_both(actor, store, saved)
        if actor.may(Action.PLAN_GROUPS):
            st.button("按原条件重新测算", type="primary", key="stale_rerun", on_click=rerun.send, args=(saved,))


def _show_both(actor: Actor, store: Store, saved: SavedPlan) -> None:
    rows = [_line("这个方案", saved.head)]
    rows += [_line("现行", head) for head in _in_force(actor, store, saved.head)]
    show_table(rows)


def _in_force(actor: Actor, store: Store, head: PlanHead) -> list[PlanHead]:
    """Return the plans in force of any of the same branches."""
    mine = set(head.branch_ids)
    return [
        one
        for one in list_plans(actor, store)
        if one.state.is_in_force and one.id != head.id and mine & (set(one.branch_ids) - set(one.stopped_branch_ids))
    ]


def _line(what: str, head: PlanHead) -> dict[str, str]:
    return {
        "版本": what,
        "方案": head.name,
        "状态": head.state.label,
        "最近修改": who_when(head.updated_by, head.updated_at),
        "发布": moment(head.published_at) if head.published_at else "未发布",
        "小组": f"{head.n_groups} 个",
        "已安排": f"{head.seated} 名",
        "平均步行": metres(head.scores.mean_walk_m),
    }


def show_against_force(actor: Actor, store: Store, saved: SavedPlan) -> None:
    """Show what publishing the plan would change for each member."""
    if not actor.may(Action.PLAN_GROUPS):
        st.info("当前角色不测算方案，不显示与现行小组的对比")
        return
    _show_both(actor, store, saved)
    moves = compare_with_force(actor, store, saved.plan)
    counts = Counter(move.change for move in moves)
    show_tiles({change.label: f"{counts[change]} 名" for change in Change}, key="jj_moves")
    rows: list[Mapping[str, str]] = [
        {
            "变化": move.change.label,
            "姓名": move.name,
            "支部": move.branch,
            "现在": move.before or "无小组",
            "本方案": move.after or "无小组",
        }
        for move in moves
        if move.change is not Change.KEPT
    ]
    if rows:
        show_table(rows, height=TALL)
    else:
        st.caption("与现行小组相同：没有人新编入、换地点或退出")
