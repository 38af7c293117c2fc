"""The list of plans: what there is, by whom, how good; one opens, several compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.plans import NOT_TOLD, PlanState
from gis.services.plans import list_plans
from gis.ui import session
from gis.ui.choices import Column, Listing, Picked, Row, show_choices
from gis.ui.plans import address
from gis.ui.plans.words import TONES, branches_of, who_when
from gis.ui.text import metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.plans import PlanHead
    from gis.store.database import Store

PICKED = "plans_picked"
COLUMNS = (
    Column("方案", is_wide=True),
    Column("状态", is_tag=True),
    Column("支部"),
    Column("已安排", is_number=True),
    Column("小组", is_number=True),
    Column("平均步行", is_number=True),
    Column("最远", is_number=True),
    Column("不能发布的问题", is_number=True),
    Column("数据", is_tag=True),
    Column("最近修改"),
)
HIDDEN = "略"
STATE, DATA = 1, 8  # columns with a tone


def show_list(actor: Actor, store: Store) -> None:
    """Show the plans of the actor's scope."""
    heads = list_plans(actor, store)
    if not heads:
        st.info("还没有方案" + ("：在“临时党小组”页测算，保存后列在这里" if actor.may(Action.PLAN_GROUPS) else ""))
        return
    stopped = [head for head in heads if head.state is PlanState.STOPPED]
    with_stopped = bool(stopped) and st.toggle(f"含已停止 {len(stopped)} 个", key="plans_with_stopped")
    shown = [head for head in heads if with_stopped or head.state is not PlanState.STOPPED]
    picked = _picked(shown)
    may_compare = actor.may(Action.PLAN_GROUPS) and len(shown) > 1
    st.caption(f"方案 {len(shown)} 个，点名称打开" + ("；勾选 2 至 4 个并排对比" if may_compare else ""))
    show_choices(
        "plans_list",
        Listing("方案", COLUMNS, [_row(head) for head in shown]),
        picked,
        on_pick=_keep if may_compare else None,
        on_open=address.open_one,
    )
    if may_compare:
        _show_compare(picked)


def _picked(heads: Sequence[PlanHead]) -> Picked:
    kept: Picked = session.recall(PICKED) or Picked()
    there = {int(head.id) for head in heads}
    return Picked(tuple(one for one in kept.ids if one in there), kept.stamp)


def _keep(picked: Picked) -> None:
    session.remember(PICKED, picked)


def _show_compare(picked: Picked) -> None:
    count = len(picked.ids)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"对比选中的 {count} 个" if count else "对比",
            type="primary",
            disabled=not 1 < count <= address.MOST_COMPARED,
            on_click=address.compare,
            args=(picked.ids,),
        )
        if count > address.MOST_COMPARED:
            st.caption(f"一次最多对比 {address.MOST_COMPARED} 个")


def _row(head: PlanHead) -> Row:
    return Row(
        int(head.id),
        (
            head.name,
            head.state.label,
            branches_of(head),
            HIDDEN if head.seated == NOT_TOLD else f"{head.seated} 名",
            head.n_groups,
            metres(head.scores.mean_walk_m),
            metres(head.scores.longest_walk_m),
            head.n_violations or None,
            "已有变动" if head.is_stale else "",
            who_when(head.updated_by, head.updated_at),
        ),
        {STATE: TONES.get(head.state, ""), DATA: "warn"},
    )
