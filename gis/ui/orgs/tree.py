"""组织树: choose an organisation, see its ground on the map, its facts, its life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.access import Action
from gis.model.enums import OrgStatus
from gis.model.ids import GridId
from gis.services.org_life import history_of
from gis.services.org_territory import org_of_grid
from gis.services.org_tree import ORG, directory, org_card, org_tree
from gis.ui import session
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.map.host import show_map
from gis.ui.map.panel import side_view
from gis.ui.orgs import address
from gis.ui.orgs.ground import ground_address
from gis.ui.orgs.life import show_life
from gis.ui.orgs.org_form import show_add, show_edit
from gis.ui.orgs.saying import day, without_empty
from gis.ui.table import show_facts, show_table
from gis.ui.text import plain

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.services.org_tree import OrgCard, TreeLine
    from gis.store.database import Store
    from gis.ui.map.host import Pick

TREE_HEIGHT = 760
COLUMNS = (
    Column("组织", is_wide=True),
    Column("类别", is_tag=True),
    Column("党员", is_number=True),
    Column("地域", is_wide=True),
)
KIND = 1  # column with a tone
HIDDEN = "略"
TONES = {"党小组": "", "楼栋党小组": "good", "临时党小组": "good", "党员中心户": "warn"}


def show_tree(actor: Actor, store: Store) -> None:
    """Show the tree on the left, the chosen organisation on the right."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        lines = _tree(actor, store)
        if not lines:
            st.info(
                "还没有组织：请街道组织员先到“数据导入”页导入党组织"
                if not actor.may(Action.IMPORT_DATA)
                else "还没有组织：先到“数据导入”页导入党组织"
            )
            return
    orgs = [line for line in lines if line.level == ORG]
    chosen = address.chosen_org() or _first(orgs)
    with right, session.show_errors():
        _show_one(actor, store, chosen)


def _is_counting(actor: Actor) -> bool:
    """Whether a count that is not there is left out, and not just none of the role's business."""
    return actor.may(Action.VIEW_MATRIX) and not actor.scope.sees_people


def _first(orgs: list[TreeLine]) -> OrgId:
    line = next((line for line in orgs if line.is_mine), orgs[0])
    return line.org_id or 0  # type: ignore[return-value]  # organisations have an id


def _tree(actor: Actor, store: Store) -> list[TreeLine]:
    with st.container(horizontal=True, vertical_alignment="center"):
        is_all = st.toggle("含党小组和中心户", key="orgs_all_levels", value=True)
        is_mine = not actor.scope.whole_street and st.toggle("只看管理范围", key="orgs_only_mine")
        with_old = st.toggle("含已撤销", key="orgs_with_abolished")
    found = org_tree(actor, store, with_abolished=with_old)
    lines = [line for line in found.lines if (is_all or line.level == ORG) and (line.is_mine or not is_mine)]
    chosen = address.chosen_org() or _first([line for line in lines if line.level == ORG]) if lines else None
    current = next((at for at, line in enumerate(lines) if line.level == ORG and line.id == chosen), None)
    rows = [_row(at, line, HIDDEN if _is_counting(actor) else None) for at, line in enumerate(lines)]

    def opened(at: int) -> None:
        if at < len(lines):
            address.choose_org(lines[at].org_id or 0)

    if rows:
        show_choices("orgs_tree", Listing("组织树", COLUMNS, rows, current, TREE_HEIGHT, is_tree=True), on_open=opened)
        few = "；人数少的、能由其他数推算出来的从略" if _is_counting(actor) else ""
        st.caption(f"点名称看它的范围。党员数按组织关系，含下级，截至 {found.as_of.isoformat()}{few}")
    return lines


def _row(at: int, line: TreeLine, untold: str | None) -> Row:
    status = f"（{line.status}）" if line.status not in ("", OrgStatus.ACTIVE.label) else ""
    members = untold if line.members is None and line.level == ORG else line.members
    return Row(
        at,
        (line.name + status, line.kind, members, line.ground),
        {KIND: TONES.get(line.kind, "")},
        line.depth,
    )


def _show_one(actor: Actor, store: Store, org_id: OrgId) -> None:
    card = org_card(actor, store, org_id)
    org = card.org
    st.subheader(plain(org.name))
    st.caption(plain(" › ".join(card.path)))
    ground = ground_address(actor, store, org_id)
    if ground:
        show_map("orgs_map", side_view(actor, store, draft=ground), on_pick=_to_org)
        st.caption("点网格，转到负责这个网格的组织")
        st.page_link("pages/map.py", label="在一张图上看", query_params={"org": org.name}, icon=":material/map:")
    else:
        st.info("还没有地域：导入区划和党组织时填写“覆盖的区划”，或在“片区”里划分")
    show_facts(_facts(card, HIDDEN if _is_counting(actor) else ""))
    if actor.may(Action.MANAGE_ORGS) and card.may_edit:
        show_edit(actor, store, card)
        show_life(actor, store, card)
        if not org.is_branch and org.status is not OrgStatus.ABOLISHED:
            show_add(actor, store, org_id)
    _show_history(actor, store, org_id)


def _to_org(pick: Pick) -> None:
    if pick.kind == "grid":
        with session.show_errors():
            found = org_of_grid(session.actor_now(), session.store(), GridId(pick.id))
            if found is not None:
                address.choose_org(found)


def _facts(card: OrgCard, untold: str) -> dict[str, str]:
    org = card.org
    phone = card.phone + (f"（{card.phone_of}）" if card.phone_of != org.name else "") if card.phone else "未登记"
    facts = {
        "类别": org.kind.label,
        "状态": org.status.label + (f"，由{card.successor}接续" if card.successor else ""),
        "地域": card.ground,
        "党员": f"{card.members} 名（含下级）" if card.members is not None else untold,
        "办公电话": phone,
        "成立": day(org.founded_on),
        "任期届满": day(org.term_ends_on) or "未登记",
        "委员": f"{org.committee_size} 人" if org.committee_size else "未登记",
        "批准": "　".join(part for part in (org.approved_by, day(org.approved_on)) if part),
        "依托的机构": org.task_body,
        "联合单位": f"{org.unit_count} 个" if org.unit_count else "",
        "撤销日期": day(org.valid_to),
        "片区": "、".join(card.areas),
        "参加的联合体": "、".join(card.bodies),
    }
    return {name: value for name, value in facts.items() if value}


def _show_history(actor: Actor, store: Store, org_id: OrgId) -> None:
    found = history_of(actor, store, org_id)
    rows = [
        {"日期": day(line.on), "事项": line.what, "接续或转出": line.other, "批准": line.approved_by, "说明": line.note}
        for line in found.lines
    ]
    rows += [
        {
            "日期": day(first),
            "事项": f"覆盖{name}" + (f"，至 {day(last)}" if last else ""),
            "接续或转出": "",
            "批准": "",
            "说明": "",
        }
        for name, first, last in found.coverage
    ]
    with st.expander("历史"):
        if rows:
            show_table(without_empty(sorted(rows, key=lambda row: str(row["日期"]))))
        else:
            st.caption("还没有历史记录；以后的每次修改都记在这里")


def show_phones(actor: Actor, store: Store) -> None:
    """Show where every organisation is reached: “党员能联系每个支部”."""
    found = directory(actor, store)
    if not found:
        st.info("还没有组织")
        return
    text = st.text_input("找组织", placeholder="名称的一部分", key="orgs_phone_search").strip()
    shown = [line for line in found if text in line.name]
    missing = sum(not line.phone for line in shown)
    st.caption("没有登记办公电话的，给出上级的" + (f"；{missing} 个组织和它的上级都没有登记" if missing else ""))
    rows: list[dict[str, str | int | None]] = [
        {
            "组织": line.name,
            "类别": line.kind,
            "办公电话": line.phone or "未登记",
            "哪里的电话": line.phone_of or ("本组织" if line.phone else ""),
            "上级": line.above,
            "任期届满": day(line.term_ends_on),
        }
        for line in shown
    ]
    if rows:
        show_table(rows, height=TREE_HEIGHT)
    else:
        st.info("没有名称含这几个字的组织")
