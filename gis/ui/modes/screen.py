"""The screen 学习方式: the proposals of one branch at a glance, accepted together, changed one by one; the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.modes import ModePick, accept_modes, mode_branches, propose_modes
from gis.ui import session
from gis.ui.choices import Column, Listing, Picked, Row, show_choices
from gis.ui.modes.burden import show_burden
from gis.ui.modes.one import show_one
from gis.ui.table import show_tiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.services.modes import ModeLine, ModeSheet
    from gis.store.database import Store

SAID, PICKED, OPENED, KEPT = "modes_said", "modes_picked", "modes_opened", "modes_kept"
REVIEW, BURDEN = "逐支部核对", "回村参学负担"
DUE, ALL, WARNED = "待定", "全部", "有提醒"
LIST_HEIGHT = 640
COLUMNS = (
    Column("姓名"),
    Column("年龄", is_number=True),
    Column("本人意愿"),
    Column("提出的方式", is_tag=True),
    Column("依据", is_wide=True),
    Column("提醒", is_wide=True),
    Column("已确定", is_tag=True),
)
PROPOSED, DECIDED = 3, 6  # columns with a tone


def show_modes(actor: Actor, store: Store) -> None:
    """Choose what to look at."""
    said = session.recall(SAID)
    if said:
        st.success(said)
        session.forget(SAID)
    branches = mode_branches(actor, store)
    if not branches:
        st.info("管理范围内还没有过渡期党员：先到“数据”页导入党员花名册，或在联系卡登记过渡情况")
        return
    view = st.segmented_control(
        "内容", [REVIEW, BURDEN], default=REVIEW, required=True, key="modes_view", label_visibility="collapsed"
    )
    if view == BURDEN:
        show_burden(actor, store, branches)
    else:
        _review(actor, store, branches)


def _review(actor: Actor, store: Store, branches: Mapping[OrgId, str]) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    ids = sorted(branches)
    branch = left.selectbox("支部", ids, format_func=lambda number: branches[number], key="modes_branch")
    which = right.segmented_control("列出", [DUE, ALL, WARNED], default=DUE, required=True, key="modes_which")
    sheet = _sheet(actor, store, branch)
    due = [one for one in sheet.lines if not one.is_settled]
    warned = [one for one in sheet.lines if one.warnings]
    show_tiles(
        {
            "过渡期党员": f"{len(sheet.lines)} 名",
            "已确定": f"{len(sheet.lines) - len(due)} 名",
            "待定": f"{len(due)} 名",
            "有提醒": f"{len(warned)} 名",
        },
        key="jj_modes_tiles",
    )
    shown = {DUE: due, ALL: list(sheet.lines), WARNED: warned}[which]
    if not shown:
        st.info("本支部的学习方式都已确定；要看或改定，选“全部”" if which == DUE else "没有要列出的")
        return
    opened = next((one for one in shown if int(one.member_id) == session.recall(OPENED)), None)
    if opened is None:
        _list(shown, None)
        return
    with st.container(key="jj_modes_desk"):
        wide, side = st.columns([3, 2])
    with wide:
        _list(shown, opened)
    with side:
        show_one(opened, SAID)
        st.button("收起", key="modes_close", on_click=session.forget, args=(OPENED,))


def _sheet(actor: Actor, store: Store, branch: OrgId) -> ModeSheet:
    """Propose anew only where data, day, branch or scope are not those of the last run of this tab."""
    key = (actor.scope.key, branch, store.data_version(), store.today())
    kept: tuple[object, ModeSheet] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        kept = (key, propose_modes(actor, store, [branch]))
        session.remember(KEPT, kept)
    return kept[1]


def _list(shown: Sequence[ModeLine], opened: ModeLine | None) -> None:
    kept: Picked = session.recall(PICKED) or Picked()
    there = {int(one.member_id) for one in shown}
    picked = Picked(tuple(one for one in kept.ids if one in there), kept.stamp)
    st.caption("勾选后一起接受；点姓名看理由、改定")
    show_choices(
        "modes_list",
        Listing(
            "学习方式",
            COLUMNS,
            [_row(one) for one in shown],
            current=int(opened.member_id) if opened else None,
            height=LIST_HEIGHT,
        ),
        picked,
        on_pick=lambda chosen: session.remember(PICKED, chosen),
        on_open=lambda number: session.remember(OPENED, number),
    )
    count = len(picked.ids)
    with st.container(horizontal=True, vertical_alignment="center", key="jj_modes_tray"):
        label = f"接受选中的 {count} 名" if count else "接受选中的"
        if st.button(label, type="primary", disabled=not count, key="modes_accept"):
            _accept([one for one in shown if int(one.member_id) in picked.ids])
        warned = sum(bool(one.warnings) for one in shown if int(one.member_id) in picked.ids)
        if warned:
            st.caption(f"其中 {warned} 名有提醒，请先看过")


def _accept(lines: Sequence[ModeLine]) -> None:
    with session.show_errors():
        picks = [ModePick(one.member_id, one.proposal.mode, one.based_on) for one in lines]
        changed = accept_modes(session.actor_now(), session.store(), picks)
        session.forget(PICKED)
        session.remember(SAID, f"已确定 {changed} 名党员的学习方式")
        st.rerun()


def _row(one: ModeLine) -> Row:
    proposal = one.proposal
    return Row(
        int(one.member_id),
        (
            one.name,
            proposal.facts.age,
            proposal.facts.preference.label,
            proposal.mode.label,
            proposal.why,
            "；".join(one.warnings),
            _decided(one),
        ),
        {PROPOSED: "good", DECIDED: "" if one.is_settled else "warn"},
    )


def _decided(one: ModeLine) -> str:
    if one.decision is None:
        return "未定"
    label = one.decision.mode.label + ("（改定）" if one.decision.is_override else "")
    return label if one.is_settled else f"{label}，提议已变"
