"""A proposal on screen: figures, map, groups with their members and reasons, those left out, what would change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from gis.model.access import Action
from gis.services import map_layers
from gis.services.adopting import PLAN_TOPICS, adopt_groups
from gis.services.groups_view import Change, compare_with_force
from gis.services.plan_sheet import plan_workbook, said_alternative
from gis.ui import drafts, encoding, session
from gis.ui.map.host import show_map
from gis.ui.map.panel import side_view
from gis.ui.text import metres, plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.plan import GroupPlan, PlannedGroup
    from gis.store.database import Store
    from gis.ui.map.host import View

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAN, SAID = "groups_plan", "groups_said"


def show_plan(actor: Actor, store: Store, plan: GroupPlan) -> None:
    """Show the whole proposal with its buttons."""
    st.header("测算方案")
    show_scores(plan)
    _show_buttons(actor, store, plan)
    left, right = st.columns([3, 2])
    with left:
        show_map("jj_plan_map", _view(actor, store, plan), on_pick=lambda _pick: None)
    with right:
        _show_groups(plan)
    _show_unseated(plan)
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
    with st.container(key="jj_scores"):
        for column, (label, value) in zip(st.columns(len(values)), values.items(), strict=True):
            column.metric(label, value, border=True)
    proven = "已证明最优" if plan.status == "optimal" else f"与最优差距 ≤ {plan.gap:.1%}"
    estimated = "　含估算距离（无路网处按直线折算）" if plan.is_estimated else ""
    st.caption(f"**{proven}**　用时 {plan.seconds:.1f} 秒　数据日期 {plan.as_of.isoformat()}{estimated}")


def _show_buttons(actor: Actor, store: Store, plan: GroupPlan) -> None:
    is_stale = store.data_version(*PLAN_TOPICS) != plan.data_version
    if is_stale:
        st.warning("测算之后数据已有变动，请重新测算后再采用", icon="🔄")
    with st.container(horizontal=True, vertical_alignment="center"):
        if actor.may(Action.ADOPT_GROUPS):
            st.button(
                "采用",
                type="primary",
                disabled=is_stale or not plan.groups,
                on_click=_adopt,
                args=(plan,),
                help="方案须先经支部委员会讨论决定。采用后立即生效：这些支部原有的临时党小组停止，按本方案建立",
            )
        st.download_button(
            "下载方案表",
            lambda: plan_workbook(actor, store, plan),
            file_name=f"编组方案-{plan.as_of.isoformat()}.xlsx",
            mime=XLSX,
            on_click="ignore",
        )
        st.button("放弃", on_click=lambda: session.forget(PLAN))


def _adopt(plan: GroupPlan) -> None:
    with session.show_errors():
        run_id = adopt_groups(session.actor_now(), session.store(), plan)
        session.forget(PLAN)
        session.remember(
            SAID, f"方案 {run_id} 已采用：建立 {len(plan.groups)} 个小组，编入 {plan.scores.seated} 名党员"
        )


def _view(actor: Actor, store: Store, plan: GroupPlan) -> View:
    address = drafts.put(actor.name, encoding.as_json(plan_document(actor, store, plan)))
    return side_view(actor, store, draft=address)


def plan_document(actor: Actor, store: Store, plan: GroupPlan) -> dict[str, Any]:
    """Encode the proposal for the map: homes at the precision each member allows, places, and a line for each seat."""
    at = map_layers.positions_of(actor, store, plan.branch_ids)
    points: list[tuple[float, float]] = []
    what: list[str] = []
    lines: list[list[int]] = []
    for number, group in enumerate(plan.groups):
        for seat in group.seats:
            if seat.member_id in at:
                lines.append([len(points), number])
                points.append(at[seat.member_id])
                what.append("grouped")
    for one in plan.unseated:
        if one.member_id in at:
            points.append(at[one.member_id])
            what.append("ungrouped")
    return {
        "kind": "plan",
        "at": encoding.deltas(np.array(points, dtype=float).reshape(-1, 2)),
        "what": what,
        "lines": lines,
        "places": [_place(group) for group in plan.groups],
    }


def _place(group: PlannedGroup) -> dict[str, Any]:
    return {
        "x": round(group.place.lon, 6),
        "y": round(group.place.lat, 6),
        "n": len(group.seats),
        "name": group.place.label,
        "host": group.place.host_id or 0,
        "venue": group.place.venue_id or 0,
    }


def _show_groups(plan: GroupPlan) -> None:
    rows = [
        {
            "小组": group.id,
            "支部": group.branch,
            "活动地点": group.place.label,
            "人数": len(group.seats),
            "平均米": round(sum(seat.walk_m for seat in group.seats) / len(group.seats)),
        }
        for group in plan.groups
    ]
    st.markdown(f"**小组 {len(rows)} 个**　点一行看组员和理由")
    chosen = st.dataframe(
        rows, hide_index=True, height=250, on_select="rerun", selection_mode="single-row", key="groups_chosen"
    )
    picked = chosen.selection.rows
    if plan.groups:
        _show_members(plan.groups[picked[0] if picked and picked[0] < len(plan.groups) else 0])


def _show_members(group: PlannedGroup) -> None:
    leader = next((seat.name for seat in group.seats if seat.member_id == group.leader_id), "")
    st.markdown(f"**{plain(group.id)}** {plain(group.place.label)}　组长 {plain(leader)}")
    rows = [
        {
            "姓名": seat.name,
            "米": round(seat.walk_m),
            "分钟": seat.minutes,
            "为何在此": seat.why + ("（估算）" if seat.is_estimated else ""),
            "其他地点": "；".join(said_alternative(one) for one in seat.alternatives) or "没有其他够得着的地点",
        }
        for seat in group.seats
    ]
    st.dataframe(rows, hide_index=True, height=250)


def _show_unseated(plan: GroupPlan) -> None:
    if not plan.unseated:
        st.success("所选范围内的党员全部安排了小组")
        return
    st.header(f"未安排 {len(plan.unseated)} 名")
    reasons = Counter(one.reason for one in plan.unseated)
    st.caption("　".join(f"{plain(reason)} {count} 名" for reason, count in reasons.most_common(6)))
    branches = {group.branch_id: group.branch for group in plan.groups}
    rows = [
        {
            "姓名": one.name,
            "支部": branches.get(one.branch_id, ""),
            "原因": one.reason,
            "怎样可以安排": one.smallest_change,
        }
        for one in plan.unseated
    ]
    st.dataframe(rows, hide_index=True)


def _show_moves(actor: Actor, store: Store, plan: GroupPlan) -> None:
    moves = compare_with_force(actor, store, plan)
    if not any(move.before for move in moves):
        return
    counts = Counter(move.change for move in moves)
    st.header("与现行小组对比")
    st.caption("　".join(f"{change.label} {counts[change]} 名" for change in Change))
    rows = [
        {"姓名": move.name, "支部": move.branch, "变化": move.change.label, "现在": move.before, "方案": move.after}
        for move in moves
        if move.change is not Change.KEPT
    ]
    if rows:
        st.dataframe(rows, hide_index=True)
