"""The screen 双重管理: relation × residence of an organisation, the lists, and who invites to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import InputError
from gis.model.access import Action
from gis.model.dual import AFFAIRS, LISTED, RELATION_ELSEWHERE, RELATION_HERE, Cell
from gis.services.dual import dual_lists, dual_matrices, org_choices
from gis.ui.dates import read_day
from gis.ui.table import show_table, show_tiles
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.dual import DualLists, Matrix
    from gis.store.database import Store

FEW = "少于 3"
HIDDEN = "略"
LIST_HEIGHT = 560
WORDS = {
    Cell.SEEN_NOT_MANAGED: "住在这里、组织关系在别处。日常学习和社区活动由本组织通知；姓名只有本人同意提供后才看得到。",
    Cell.MANAGED_NOT_SEEN: "组织关系在本组织、住在别处。重大事项、换届和集体分配由本组织通知，日常学习请与居住地衔接。",
    Cell.BOTH: "组织关系和居住都在这里，全部由本组织通知。",
    Cell.MANAGED_UNKNOWN: "组织关系在本组织，不知道现在住哪里。请尽快核实住址；核实前一律由本组织通知。",
}


def show_dual(actor: Actor, store: Store) -> None:
    """Choose organisation and day, see the figures and the lists."""
    names = distinct(dict(org_choices(actor, store)))
    if not names:
        st.info("管理范围内还没有党组织：先到“数据导入”页导入组织和花名册")
        return
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    org_id = left.selectbox("组织", list(names), format_func=lambda one: names[one], key="dual_org")
    day = None
    if actor.scope.sees_people:  # from two days who sees counts only could work out single members
        typed = right.text_input("截止日期", key="dual_day", placeholder="年-月-日，空为现在")
        day = read_day(typed, "截止日期") if typed.strip() else None
    matrices = dual_matrices(actor, store, day)
    mine = next((one for one in matrices if one.org_id == org_id), None)
    if mine is None:
        msg = "这个组织在所选日期没有数据"
        raise InputError(msg)
    _figures(mine)
    parts = {"名单": actor.may(Action.VIEW_MEMBERS), "各组织数量": True, "哪类事务谁通知": True}
    shown = [name for name, is_there in parts.items() if is_there]
    part = st.segmented_control("内容", shown, default=shown[0], required=True, key="dual_part")
    if part == "名单":
        _lists(dual_lists(actor, store, org_id, day))
    elif part == "各组织数量":
        _everybody(matrices)
    else:
        _affairs()


def _figures(one: Matrix) -> None:
    show_tiles({"在册党员": said(one.registered), "居住地党员": said(one.resident)}, key="jj_dual_sums")
    left, right = st.columns([3, 2])
    with left:
        show_table(
            [
                _row("组织关系在此", one, RELATION_HERE, one.registered),
                _row("组织关系在别处", one, RELATION_ELSEWHERE, None),
            ]
        )
    with right:
        place = "" if one.place in ("", one.org) else f"本组织没有单独的辖区，“居住在此”按{plain(one.place)}的辖区算。"
        nowhere = "" if one.place else "本组织和上级都没有登记辖区，“居住在此”只算指定由本组织联系的。"
        st.caption(
            f"截至 {one.as_of.isoformat()}。{place}{nowhere}各格相加等于全街道在册 {said(one.street)} 名；"
            "居住地不明的单列，不算进任何一处。"
        )
        if None in one.cells.values():
            st.caption("人数少的从略；由合计或上下级相减能推出来的也从略。")


def _row(name: str, one: Matrix, cells: Sequence[Cell], total: int | None) -> dict[str, str | int | None]:
    here, elsewhere, unknown = cells
    whole = total if cells is RELATION_HERE else _sum(one, cells)
    return {
        "": name,
        "居住在此": said(one.cells[here]),
        "居住在别处": said(one.cells[elsewhere]),
        "居住地不明": said(one.cells[unknown]),
        "合计": said(whole),
    }


def _sum(one: Matrix, cells: Sequence[Cell]) -> int | None:
    if one.street is not None and one.registered is not None:
        return one.street - one.registered
    values = [one.cells[cell] for cell in cells]
    return None if None in values else sum(value for value in values if value is not None)


def said(value: int | None) -> str:
    """Say a count, or that it is left out."""
    return HIDDEN if value is None else str(value)


def _lists(found: DualLists) -> None:
    first = next((cell for cell in LISTED if found.matrix.cells[cell] != 0), LISTED[0])
    labels = {cell: f"{cell.label} {_total(found, cell)}" for cell in LISTED}
    cell = st.segmented_control(
        "名单",
        LISTED,
        format_func=lambda one: labels[one],
        default=first,
        required=True,
        key=f"dual_list_{found.matrix.org_id}",
    )
    st.caption(WORDS[cell])
    rows, unnamed = found.lists[cell], found.unnamed[cell]
    if unnamed != 0:
        count = f"{'另有 ' if rows else ''}{FEW if unnamed is None else unnamed} 名"
        st.info(f"{count}组织关系不在管理范围内，只计数；本人同意提供给本组织后列出姓名")
    if not rows and unnamed == 0:
        st.caption("没有")
        return
    show_table(
        [
            {
                "姓名": one.name,
                "组织关系所在支部": one.branch,
                "居住地": one.lives,
                "说明": "本人同意提供" if one.is_by_consent else "",
            }
            for one in rows
        ],
        height=LIST_HEIGHT,
    )


def _total(found: DualLists, cell: Cell) -> str:
    return said(found.matrix.cells[cell])


def _everybody(matrices: Sequence[Matrix]) -> None:
    st.caption(f"{len(matrices)} 个组织，两个口径：在册按组织关系，居住地按住址。上下级之间有包含，不能相加。")
    show_table([_line(one) for one in matrices], height=LIST_HEIGHT)


def _line(one: Matrix) -> dict[str, str | int | None]:
    return {
        "组织": one.org,
        "在册": _number(one.registered),
        "居住地": _number(one.resident),
        **{cell.label: _number(one.cells[cell]) for cell in LISTED},
    }


def _number(value: int | None) -> str | int:
    return HIDDEN if value is None else value


def _affairs() -> None:
    st.caption(
        "计划组织生活时，通知名单按这张表从正确的一侧生成。支部党员大会、支委会、党小组会、组织生活会和民主评议一律由组织关系一侧召开。"
    )
    show_table(
        [
            {
                "事务": one.affair.label,
                "由谁通知": one.side.label,
                "通知谁": one.who,
                "为什么": one.reason,
                "表决": "有" if one.has_votes else "",
                "依据": one.source,
            }
            for one in AFFAIRS
        ]
    )
