"""片区: who is in which, who in none, and the form that divides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.ids import AreaId
from gis.services.area_report import area_report, contact_of
from gis.services.areas import AreaForm, close_area, leaders_for, list_areas, place_member, save_area
from gis.services.map_layers import buildings_on_map, estates_on_map
from gis.services.org_tree import ORG, org_tree
from gis.ui import session
from gis.ui.map.host import show_map
from gis.ui.map.panel import side_view
from gis.ui.orgs import address
from gis.ui.orgs.ground import ground_address
from gis.ui.orgs.saying import done
from gis.ui.table import show_facts, show_table, show_tiles
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId
    from gis.services.area_report import AreaReport
    from gis.services.areas import AreaLine
    from gis.store.database import Store

NEW = 0
BY_HOME = "按住址"


def show_areas(actor: Actor, store: Store) -> None:
    """Choose an organisation; show how it is divided and what is missing."""
    org_id = _choose_org(actor, store)
    if org_id is None:
        st.info("管理范围内还没有组织")
        return
    report = area_report(actor, store, org_id)
    lines = [line for line in list_areas(actor, store) if line.org == report.by_org] if report.by_org else []
    ones = report.total - len(report.gaps) - len(report.doubles)
    show_tiles(
        {
            "片区": f"{len(lines)} 个",
            "过渡期党员": f"{report.total} 名",
            "在且只在一个片区": f"{ones} 名",
            "不在任何片区": f"{len(report.gaps)} 名",
            "在几个片区": f"{len(report.doubles)} 名",
        },
        key="jj_area_tiles",
    )
    if report.by_org and report.by_org != report.org:
        st.caption(f"片区由上级“{plain(report.by_org)}”划分；过渡期党员按组织关系，截至 {report.as_of.isoformat()}")
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _show_lines(report, lines)
        _show_faults(actor, store, report, lines)
    with right:
        ground = ground_address(actor, store, org_id)
        if ground and lines:
            show_map("areas_map", side_view(actor, store, draft=ground), on_pick=lambda _pick: None)
        _show_contact(actor, store, report)
        if actor.may(Action.MANAGE_ORGS):
            _edit(actor, store, org_id, [line for line in lines if line.area.org_id == org_id])


def _choose_org(actor: Actor, store: Store) -> OrgId | None:
    mine = [line for line in org_tree(actor, store).lines if line.level == ORG and line.is_mine]
    divided = {line.area.org_id for line in list_areas(actor, store)}
    names = distinct({line.id: line.name for line in mine})
    if not names:
        return None
    asked = address.chosen_org()
    first = next((line.id for line in mine if line.org_id in divided), mine[0].id)
    at = list(names).index(asked if asked in names else first)
    chosen = st.selectbox("组织", list(names), at, format_func=lambda number: names[number], key=f"areas_org_{asked}")
    if chosen != asked:
        address.choose_org(chosen)
    return next(line.org_id for line in mine if line.id == chosen)


def _show_lines(report: AreaReport, lines: Sequence[AreaLine]) -> None:
    if not lines:
        st.info("还没有划分片区：选小区、楼栋和负责人，在“新设或修改片区”里保存")
        return
    show_table(
        [
            {
                "片区": line.area.name,
                "负责人": line.leader or ("已定" if line.has_leader else "没有"),
                "过渡期党员": report.sizes.get(line.area.name, 0),
                "楼栋": len(line.area.building_ids),
                "小区": "、".join(line.estates),
            }
            for line in lines
        ]
    )


def _show_faults(actor: Actor, store: Store, report: AreaReport, lines: Sequence[AreaLine]) -> None:
    for fault in report.faults:
        st.error(f"片区“{plain(fault.area)}”{plain(fault.message)}（R06）")
    if report.doubles:
        st.markdown(f"**在几个片区 {len(report.doubles)} 名**　一名党员只在一个片区，请指定一个")
        show_table([{"姓名": o.name, "支部": o.branch, "片区": "、".join(o.areas)} for o in report.doubles])
    if report.gaps:
        st.markdown(f"**不在任何片区 {len(report.gaps)} 名**")
        show_table([{"姓名": o.name, "支部": o.branch, "原因": o.why} for o in report.gaps], height=420)
    if actor.may(Action.MANAGE_ORGS) and lines and (report.gaps or report.doubles):
        _place(store, report, lines)


def _place(store: Store, report: AreaReport, lines: Sequence[AreaLine]) -> None:
    people = distinct({one.member_id: f"{one.name}　{one.branch}" for one in (*report.gaps, *report.doubles)})
    areas: dict[AreaId | None, str] = {line.area.id: line.area.name for line in lines}
    with st.form("area_place"):
        left, right = st.columns(2)
        member = left.selectbox("党员", list(people), format_func=lambda one: people[one])
        area = right.selectbox("放到片区", list(areas), format_func=lambda one: areas[one])
        is_saved = st.form_submit_button("指定片区")
    st.caption("住址没有定到楼栋、或本人不同意精确定位的党员，由人指定片区，同样有联系人")
    if is_saved:
        with session.show_errors():
            place_member(session.actor_now(), store, member, area)
            done(f"已指定：{people[member]}在{areas[area]}")


def _show_contact(actor: Actor, store: Store, report: AreaReport) -> None:
    people = {one.member_id: f"{one.name}　{one.branch}" for one in report.people}
    if not people:
        return
    shown = distinct(people)
    with st.expander("谁是我的联系人"):
        chosen: MemberId | None = st.selectbox(
            "党员", list(shown), None, format_func=lambda one: shown[one], placeholder="选一名党员", key="area_contact"
        )
        if chosen is None:
            return
        found = contact_of(actor, store, chosen)
        show_facts(
            {
                "片区": f"{found.area or '没有'}（{found.why}）",
                "片区负责人": "　".join(part for part in (found.leader, found.leader_phone) if part) or "没有",
                "小组、组长": "　".join(part for part in (found.group, found.group_leader) if part) or "还没有编组",
                "支部办公电话": found.branch_phone or "未登记",
            }
        )


def _edit(actor: Actor, store: Store, org_id: OrgId, lines: Sequence[AreaLine]) -> None:
    with st.expander("新设或修改片区", expanded=not lines):
        options = {NEW: "新设片区", **{int(line.area.id or 0): line.area.name for line in lines}}
        chosen = st.selectbox("片区", list(options), format_func=lambda one: options[one], key=f"area_edit_{org_id}")
        line = next((line for line in lines if line.area.id == chosen), None)
        version = line.area.version if line else 1
        with st.form(f"area_{org_id}_{chosen}_{version}", border=False):
            form = _ask(actor, store, org_id, line)
            with st.container(horizontal=True):
                is_saved = st.form_submit_button("保存片区", type="primary")
                is_closed = line is not None and st.form_submit_button("停用")
    with session.show_errors():
        if is_saved:
            number = AreaId(chosen) if line else None
            save_area(session.actor_now(), store, org_id, form, area_id=number, version=version)
            done(f"已保存片区：{form.name}")
        if is_closed and line is not None and line.area.id is not None:
            close_area(session.actor_now(), store, line.area.id, version)
            done(f"已停用片区：{line.area.name}")


def _ask(actor: Actor, store: Store, org_id: OrgId, line: AreaLine | None) -> AreaForm:
    leaders = distinct(leaders_for(actor, store, org_id))
    estates = distinct({one.id: one.name for one in estates_on_map(actor, store) if one.id is not None})
    labels = distinct({one.id: one.label for one in buildings_on_map(actor, store) if one.id is not None})
    before = line.area.building_ids if line else frozenset()
    name = st.text_input("名称", line.area.name if line else "", placeholder="例如 东片")
    known = list(leaders)
    leader = st.selectbox(
        "负责人（只有一名，正式党员）",
        known,
        known.index(line.area.leader_id) if line and line.area.leader_id in leaders else None,
        format_func=lambda one: leaders[one],
        placeholder="请选择" if known else "本组织还没有正式党员，先导入花名册",
    )
    keep = bool(before) and st.checkbox(f"保留现有 {len(before)} 幢楼", value=True)
    whole = st.multiselect(
        "加小区（整个小区）", list(estates), format_func=lambda one: estates[one], placeholder="选小区"
    )
    single = st.multiselect("加楼栋", list(labels), format_func=lambda one: labels[one], placeholder="选楼栋")
    less = st.multiselect(
        "减楼栋",
        [one for one in labels if one in before],
        format_func=lambda one: labels[one],
        placeholder="不减",
    )
    shape = line.area.shape if line and keep and not less else None
    chosen = ((before if keep else frozenset()) | frozenset(single)) - frozenset(less)
    return AreaForm(name, leader, chosen, frozenset(whole), polygon=shape)
