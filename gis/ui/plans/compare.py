"""Plans side by side: figures, branches, age bands, what differs, and the map of each in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.ids import PlanId
from gis.model.plans import PlanVersion
from gis.services.plan_compare import compare_plans, diff_plans
from gis.services.plans import open_plan
from gis.ui.map.host import show_map
from gis.ui.map.panel import side_view
from gis.ui.plans import address
from gis.ui.plans.change import change_document
from gis.ui.plans.diff import show_diff
from gis.ui.plans.picture import Extras, put_once, put_plan_once
from gis.ui.plans.words import branches_of, who_when
from gis.ui.table import show_table
from gis.ui.text import distinct, metres, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.plans import PlanFigures, Slice
    from gis.store.database import Store
    from gis.ui.map.host import View

BASE, SHOWN = "compare_base", "compare_shown"
FIRST, LAST, CHANGE = "前", "后", "变化"


def show_comparison(actor: Actor, store: Store, plan_ids: Sequence[PlanId]) -> None:
    """Show the plans of the address side by side."""
    found = compare_plans(actor, store, plan_ids)
    names = distinct({int(one.head.id): one.head.name for one in found})
    columns = {names[int(one.head.id)]: one for one in found}
    show_table(_figures(columns))
    st.markdown("**按支部**　已安排 / 应安排，平均步行")
    show_table(_slices("支部", {name: one.by_branch for name, one in columns.items()}), height=420)
    st.markdown("**按年龄**　已安排 / 应安排，平均步行")
    show_table(_slices("年龄", {name: one.by_age for name, one in columns.items()}))
    with st.container(horizontal=True):
        for number, name in names.items():
            st.button(f"打开 {plain(name)}", key=f"compare_open_{number}", on_click=address.open_one, args=(number,))
    _show_pair(actor, store, names)


def _figures(columns: Mapping[str, PlanFigures]) -> list[dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for name, one in columns.items():
        for what, said in _column(one).items():
            rows.setdefault(what, {"": what})[name] = said
    return list(rows.values())


def _column(one: PlanFigures) -> dict[str, str]:
    sizes = one.sizes
    return {
        "状态": one.head.state.label,
        "支部": branches_of(one.head),
        "已安排": f"{one.scores.seated} 名（参加编组 {one.asked} 名）",
        "未安排": f"{one.unseated} 名",
        "平均步行": metres(one.scores.mean_walk_m),
        "九成不超过": metres(one.scores.p90_walk_m),
        "最远": metres(one.scores.longest_walk_m),
        "小组": f"{len(sizes)} 个",
        "每组人数": f"{min(sizes)} 至 {max(sizes)} 人，平均 {sum(sizes) / len(sizes):.1f} 人" if sizes else "",
        "活动地点": f"中心户 {one.n_hosts} 户，阵地 {one.n_venues} 处",
        "与现行小组比": f"新编入 {one.new}，换地点 {one.moved}，退出 {one.dropped}，不变 {one.kept} 名",
        "问题": f"不能发布 {one.n_blocks} 处，提醒 {one.n_warnings} 处",
        "保存": who_when(one.head.created_by, one.head.created_at),
    }


def _slices(what: str, columns: Mapping[str, Sequence[Slice]]) -> list[dict[str, str]]:
    labels = list(dict.fromkeys(one.label for slices in columns.values() for one in slices))
    found = {name: {one.label: one for one in slices} for name, slices in columns.items()}
    return [{what: label, **{name: _slice(found[name].get(label)) for name in columns}} for label in labels]


def _slice(one: Slice | None) -> str:
    if one is None:
        return ""
    walk = f"，{metres(one.mean_walk_m)}" if one.seated else ""
    return f"{one.seated} / {one.asked}{walk}"


def _show_pair(actor: Actor, store: Store, names: Mapping[int, str]) -> None:
    st.header("逐人对比")
    ids = list(names)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = st.selectbox("前：以哪个方案为准", ids, format_func=lambda one: names[one], key=BASE)
        others = [one for one in ids if one != base]
        other = st.selectbox("后：与哪个方案比", others, format_func=lambda one: names[one], key=SHOWN)
    shown = st.segmented_control(
        "图上显示",
        [FIRST, LAST, CHANGE],
        default=CHANGE,
        required=True,
        selection_mode="single",
        key=f"compare_map_{base}_{other}",
    )
    show_map("jj_compare_map", _view(actor, store, shown, (base, other), names), lambda _pick: None)
    diff = diff_plans(actor, store, PlanVersion(PlanId(base)), PlanVersion(PlanId(other)))
    show_diff(diff, before=names[base], after=names[other], key="jj_compare_diff")


def _view(actor: Actor, store: Store, shown: str, pair: tuple[int, int], names: Mapping[int, str]) -> View:
    """Return the map of the one, of the other, or of what changes; all seen from where one stands."""
    before, after = (open_plan(actor, store, PlanId(number)).plan for number in pair)
    stand, stamp = f"compare-{pair[0]}-{pair[1]}", (shown, pair, store.data_version())
    if shown == CHANGE:
        return side_view(
            actor,
            store,
            hidden=("people", "places"),
            draft=put_once(actor, store, lambda: change_document(actor, store, before, after, stand), stamp),
        )
    number, plan = (pair[0], before) if shown == FIRST else (pair[1], after)
    extras = Extras(title=f"{shown}：{names[number]}", stand=stand)
    return side_view(actor, store, draft=put_plan_once(actor, store, plan, extras, stamp))
