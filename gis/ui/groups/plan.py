"""A proposal on screen: figures, map, groups with their members and reasons, those left out, what would change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from gis.services.groups_view import Change, branches_to_plan, compare_with_force
from gis.services.plan_places import places_of_plan
from gis.services.plan_sheet import said_alternative
from gis.services.plan_wishes import unmet_wishes
from gis.ui import session
from gis.ui.groups.curve import show_curve
from gis.ui.groups.keep import show_buttons
from gis.ui.groups.why import show_why
from gis.ui.map.host import show_map
from gis.ui.map.panel import side_view
from gis.ui.plans.picture import put_plan
from gis.ui.table import show_table, show_tiles
from gis.ui.text import metres, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plan import GroupPlan, PlannedGroup, SeatPlan
    from gis.store.database import Store
    from gis.ui.map.host import View

CHOSEN = "groups_chosen"


def show_plan(actor: Actor, store: Store, plan: GroupPlan) -> None:
    """Show the whole proposal with its buttons."""
    st.header("测算方案")
    show_scores(plan)
    _show_unmet(actor, store, plan)
    show_buttons(actor, store, plan)
    left, right = st.columns([3, 2])
    with left:
        show_map("jj_plan_map", _view(actor, store, plan, _chosen(plan)), on_pick=lambda _pick: None)
    with right:
        _show_groups(plan)
    chosen = _chosen(plan)
    if plan.groups:
        _show_members(plan.groups[chosen or 0])
    show_why(actor, store, plan, plan.groups[chosen or 0] if plan.groups else None)
    _show_unseated(actor, store, plan)
    _show_moves(actor, store, plan)


def show_scores(plan: GroupPlan) -> None:
    """Show the figures and how good the plan is proven to be."""
    asked = plan.scores.seated + len(plan.unseated)
    values = {
        "已安排": f"{plan.scores.seated} / {asked} 名",
        "小组": f"{len(plan.groups)} 个",
        "平均步行": metres(plan.scores.mean_walk_m),
        "九成不超过": metres(plan.scores.p90_walk_m),
        "最远": metres(plan.scores.longest_walk_m),
    }
    show_tiles(values, key="jj_scores")
    proven = "已证明最优" if plan.status == "optimal" else f"与最优差距 ≤ {plan.gap:.1%}"
    estimated = "　含估算距离（无路网处按直线折算）" if plan.is_estimated else ""
    st.caption(f"**{proven}**　用时 {plan.seconds:.1f} 秒　数据日期 {plan.as_of.isoformat()}{estimated}")


def _show_unmet(actor: Actor, store: Store, plan: GroupPlan) -> None:
    if unmet_wishes(plan):
        labels = {place.key: place.label for place in places_of_plan(actor, store, plan)}
        st.warning(plain("；".join(unmet_wishes(plan, labels))))


def _chosen(plan: GroupPlan) -> int | None:
    """Return which group the table has picked; known before the table is shown, so that the map can follow."""
    state = session.recall(CHOSEN)
    rows = state.selection.rows if state is not None else []
    return rows[0] if rows and rows[0] < len(plan.groups) else None


def _view(actor: Actor, store: Store, plan: GroupPlan, chosen: int | None) -> View:
    return side_view(actor, store, draft=put_plan(actor, store, plan), chosen_group=chosen)


def _show_groups(plan: GroupPlan) -> None:
    rows = [
        {
            "小组": group.id,
            "支部": group.branch,
            "活动地点": group.place.label,
            "人数": len(group.seats),
            "平均步行（米）": round(sum(seat.walk_m for seat in group.seats) / len(group.seats)),
        }
        for group in plan.groups
    ]
    st.markdown(f"**小组 {len(rows)} 个**　勾选一行：图上突出这个小组，下面列出组员和理由")
    st.dataframe(rows, hide_index=True, height=505, on_select="rerun", selection_mode="single-row", key=CHOSEN)


def _show_members(group: PlannedGroup) -> None:
    leader = next((seat.name for seat in group.seats if seat.member_id == group.leader_id), "")
    st.markdown(
        f"**{plain(group.id)}**　{plain(group.branch)}　{plain(group.place.label)}　"
        f"{len(group.seats)} 人　组长 {plain(leader)}"
    )
    rows = [
        {
            "姓名": seat.name,
            "步行": _walk(seat),
            "为何在此": seat.why + ("（估算）" if seat.is_estimated else ""),
            "其他地点": "\n".join(said_alternative(one) for one in seat.alternatives) or "没有其他够得着的地点",
        }
        for seat in group.seats
    ]
    show_table(rows)


def _walk(seat: SeatPlan) -> str:
    return f"{round(seat.walk_m)} 米，{seat.minutes} 分钟" if seat.minutes else "就在本幢楼"


def _show_unseated(actor: Actor, store: Store, plan: GroupPlan) -> None:
    if not plan.unseated:
        st.success("所选范围内的党员全部安排了小组")
        return
    st.header(f"未安排 {len(plan.unseated)} 名")
    reasons = Counter(one.reason for one in plan.unseated)
    st.caption("　".join(f"{plain(reason)} {count} 名" for reason, count in reasons.most_common(6)))
    branches = {org.id: org.name for org in branches_to_plan(actor, store)}
    rows = [
        {
            "姓名": one.name,
            "支部": branches.get(one.branch_id, ""),
            "原因": one.reason,
            "怎样可以安排": one.smallest_change,
        }
        for one in plan.unseated
    ]
    show_table(rows, height=520)


def _show_moves(actor: Actor, store: Store, plan: GroupPlan) -> None:
    moves = compare_with_force(actor, store, plan)
    if not any(move.before for move in moves):
        return
    counts = Counter(move.change for move in moves)
    st.header("与现行小组对比")
    show_tiles({change.label: f"{counts[change]} 名" for change in Change}, key="jj_moves")
    rows = [
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
        show_table(rows, height=520)
    else:
        st.caption("与现行小组相同：没有人新编入、换地点或退出")
    show_curve(plan)
