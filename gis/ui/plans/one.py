"""One plan: how far it has come, what is wrong with it, its figures, and its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.model.access import Action
from gis.model.enums import Labelled
from gis.model.plans import IssueLevel, PlanState
from gis.services.plan_editing import redo_edit, refresh_plan, undo_edit
from gis.services.plan_sheet import plan_workbook
from gis.services.plans import open_plan
from gis.ui import session
from gis.ui.groups.papers import show_papers
from gis.ui.groups.why import show_why
from gis.ui.plans import address, conflict, repair, rerun
from gis.ui.plans.editor import show_editor
from gis.ui.plans.history import show_history
from gis.ui.plans.life import show_life
from gis.ui.plans.manage import show_manage
from gis.ui.plans.said import say, show_said
from gis.ui.plans.targets import said_group
from gis.ui.plans.versions import show_against_force, show_stale
from gis.ui.plans.words import branches_of, figures_of, issue_lines, strip, who_when
from gis.ui.table import show_table
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plans import EditEffect, SavedPlan
    from gis.store.database import Store

ISSUES_SHOWN = 6
KEPT = "plan_opened"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def slot() -> DeltaGenerator:
    """Return room for what is not always there: what follows keeps its place on the page, and the map its life."""
    return st.container()


class Part(Labelled):
    """What of a plan is looked at."""

    GROUPS = "groups", "小组与组员"
    LEFT = "left", "未安排"
    FORCE = "force", "与现行对比"
    WHY = "why", "说明"
    PAPERS = "papers", "打印"
    HISTORY = "history", "经过"


PARTS = {part.value: part for part in Part}


def show_one(actor: Actor, store: Store, plan_id: PlanId) -> None:
    """Show a plan to whoever may see it."""
    saved = _opened(actor, store, plan_id)
    head = saved.head
    st.title(plain(head.name))
    st.caption(
        f"{plain(branches_of(head))}　{plain(who_when(head.created_by, head.created_at))} 保存　"
        f"{plain(who_when(head.updated_by, head.updated_at))} 最近修改"
    )
    with slot():
        show_said()
        repair.show_progress(saved)
    with slot():
        show_life(actor, store, saved)
    if not actor.scope.sees_people:
        st.html(strip(figures_of(head, head.asked - head.seated)))
        st.info("当前角色只看数量，不显示小组名单和党员姓名")
        return
    with slot():
        _show_warnings(actor, store, saved)
    st.html(strip({**figures_of(head, len(saved.plan.unseated)), **_proof(saved)}))
    is_open = head.state is PlanState.DRAFT and actor.may(Action.PLAN_GROUPS)
    with st.container(horizontal=True, vertical_alignment="center", key="jj_tools"):
        part = _ask_part(saved)
        st.space("stretch")
        _show_tools(actor, store, saved, is_open=is_open)
    _show_part(actor, store, saved, part, is_open=is_open)


def _opened(actor: Actor, store: Store, plan_id: PlanId) -> SavedPlan:
    """Open the plan, once for each state of the data: judging it anew takes its time."""
    key = (plan_id, store.data_version(), store.today())
    kept: tuple[object, SavedPlan] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        kept = key, open_plan(actor, store, plan_id)
        session.remember(KEPT, kept)
    return kept[1]


def _show_warnings(actor: Actor, store: Store, saved: SavedPlan) -> None:
    """Show first what stands in the way."""
    conflict.show_conflict(actor, store, saved)
    if saved.head.is_stale:
        show_stale(actor, store, saved)
    rerun.show_rerun(saved)
    _show_issues(saved)


def _proof(saved: SavedPlan) -> dict[str, str]:
    plan = saved.plan
    if saved.head.n_steps:
        said = f"{saved.head.n_steps} 步"
        return {"手工调整": said, "数据日期": plan.as_of.isoformat()}
    proven = "已证明" if plan.status == "optimal" else f"差距 ≤ {plan.gap:.1%}"
    return {"与最优比": proven, "数据日期": plan.as_of.isoformat()}


def _show_issues(saved: SavedPlan) -> None:
    """Name what stands against publishing, and what people should know, above everything else."""
    if not saved.issues:
        return
    blocks = sum(issue.level is IssueLevel.BLOCK for issue in saved.issues)
    warns = len(saved.issues) - blocks
    words = "，".join([f"{blocks} 处不能发布"] * bool(blocks) + [f"{warns} 处提醒"] * bool(warns))
    lines = issue_lines(saved.issues)
    with st.expander(f"问题：{words}", expanded=len(saved.issues) <= ISSUES_SHOWN):
        st.html(f'<ul class="jj-issues jj-issues-all">{lines}</ul>')


def _show_tools(actor: Actor, store: Store, saved: SavedPlan, *, is_open: bool) -> None:
    head = saved.head
    if is_open:
        _undo_button(saved, "撤销", undo_edit, is_on=head.can_undo, icon=":material/undo:")
        _undo_button(saved, "重做", redo_edit, is_on=head.can_redo, icon=":material/redo:")
        repair.show_button(saved)
        if head.is_stale:
            st.button("按最新数据核对", on_click=_step, args=(saved, "按最新数据核对", refresh_plan))
    if actor.may(Action.PLAN_GROUPS):
        st.download_button(
            "下载方案表",
            lambda: plan_workbook(actor, store, saved.plan),
            file_name=f"编组方案-{int(head.id)}-{saved.plan.as_of.isoformat()}.xlsx",
            mime=XLSX,
            on_click="ignore",
        )
        show_manage(saved)


def _undo_button(saved: SavedPlan, label: str, work: Callable[..., EditEffect], *, is_on: bool, icon: str) -> None:
    steps = [step for step in saved.steps if step.is_applied is (label == "撤销")]
    step = (steps[-1] if label == "撤销" else steps[0]) if steps else None
    st.button(
        label,
        icon=icon,
        disabled=not is_on,
        key=f"plan_{label}",
        help=plain(f"{label}：{step.text}（{who_when(step.by, step.at)}）") if step else None,
        on_click=_step,
        args=(saved, label, work),
    )


def _step(saved: SavedPlan, wanted: str, work: Callable[..., EditEffect]) -> None:
    with session.show_errors():
        try:
            effect = work(session.actor_now(), session.store(), saved.head.id, saved.head.version)
        except StaleError:
            conflict.note(saved, wanted)
            return
        say(effect.text)


def _ask_part(saved: SavedPlan) -> Part:
    names = {part.value: _part_name(part, saved) for part in Part}
    key = f"plan_part_{int(saved.head.id)}"
    code = st.segmented_control(
        "看方案的哪一部分",
        list(PARTS),
        format_func=lambda code: names[code],
        default=address.part(PARTS, Part.GROUPS.value),
        required=True,
        selection_mode="single",
        key=key,
        on_change=lambda: address.keep_part(str(session.recall(key))),
        label_visibility="collapsed",
    )
    return PARTS[code]


def _show_part(actor: Actor, store: Store, saved: SavedPlan, part: Part, *, is_open: bool) -> None:
    if part is Part.GROUPS:
        show_editor(actor, store, saved, is_open=is_open)
    elif part is Part.LEFT:
        _show_left_out(saved)
    elif part is Part.FORCE:
        show_against_force(actor, store, saved)
    elif part is Part.WHY:
        _show_why(actor, store, saved)
    elif part is Part.PAPERS:
        show_papers(saved)
    else:
        show_history(saved)


def _part_name(part: Part, saved: SavedPlan) -> str:
    return f"{part.label} {len(saved.plan.unseated)} 名" if part is Part.LEFT else str(part.label)


def _show_why(actor: Actor, store: Store, saved: SavedPlan) -> None:
    if not actor.may(Action.PLAN_GROUPS):
        st.info("当前角色不测算方案，不作说明测算")
        return
    names = distinct({group.id: said_group(group) for group in saved.plan.groups})
    chosen = st.selectbox("小组", list(names), format_func=lambda number: names[number], key="plan_why_group")
    show_why(actor, store, saved.plan, next((group for group in saved.plan.groups if group.id == chosen), None))


def _show_left_out(saved: SavedPlan) -> None:
    if not saved.plan.unseated:
        st.success("方案范围内的党员全部安排了小组")
        return
    branches = dict(zip(saved.head.branch_ids, saved.head.branches, strict=False))
    rows = [
        {
            "姓名": one.name,
            "支部": branches.get(one.branch_id, ""),
            "原因": one.reason,
            "怎样可以安排": one.smallest_change,
        }
        for one in saved.plan.unseated
    ]
    show_table(rows)
