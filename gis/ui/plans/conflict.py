"""Two people changed one plan: both versions stand side by side, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import StaleError
from gis.model.plans import ChangeLeader, ChangePlace, MergeGroups, MoveMembers, PlanVersion, SplitGroup
from gis.services.plan_compare import diff_plans
from gis.services.plan_editing import edit_plan, preview_edit
from gis.ui import session
from gis.ui.plans.desk import name_of
from gis.ui.plans.diff import show_diff
from gis.ui.plans.effect import show_effect
from gis.ui.plans.said import say
from gis.ui.plans.words import who_when
from gis.ui.table import show_table
from gis.ui.text import metres, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.plan import GroupPlan
    from gis.model.plans import Edit, PlanHead, SavedPlan
    from gis.store.database import Store

KEY = "plan_conflict"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What was about to be done (`edit` None: undo, redo, a step of the plan's life …), and on which version."""

    head: PlanHead
    wanted: str
    edit: Edit | None = None
    groups: Mapping[str, str] | None = None


def note(saved: SavedPlan, wanted: str, edit: Edit | None = None) -> None:
    """Keep what could not be done, for the run that follows."""
    groups = {group.id: name_of(group) for group in saved.plan.groups}
    session.remember(KEY, Conflict(saved.head, wanted, edit, groups))


def show_conflict(actor: Actor, store: Store, saved: SavedPlan) -> None:
    """Show both versions, what differs, and how to go on."""
    conflict: Conflict | None = session.recall(KEY)
    if conflict is None or conflict.head.id != saved.head.id:
        return
    mine, now = conflict.head, saved.head
    with st.container(border=True, key="jj_conflict"):
        st.warning(
            f"{plain(who_when(now.updated_by, now.updated_at))} 先改了这个方案，“{plain(conflict.wanted)}”没有保存。"
            "两个版本都在下面，请看过再定。",
            icon=":material/sync_problem:",
        )
        show_table([_line("我看到的版本", mine), _line("现在的版本", now)])
        _show_difference(actor, store, mine, now)
        edit = _rebased(conflict, saved.plan)
        if edit is not None:
            _offer(actor, store, saved, edit, conflict.wanted)
        elif conflict.edit is not None:
            st.caption("修改涉及的小组在现在的版本里已经没有了，不能直接照做")
        st.button("以现在的版本为准", on_click=session.forget, args=(KEY,))


def _line(name: str, head: PlanHead) -> dict[str, str]:
    return {
        "版本": name,
        "状态": head.state.label,
        "修改人与时间": who_when(head.updated_by, head.updated_at),
        "手工调整": f"{head.n_steps} 步",
        "已安排": f"{head.seated} 名",
        "小组": f"{head.n_groups} 个",
        "平均步行": metres(head.scores.mean_walk_m),
    }


def _show_difference(actor: Actor, store: Store, mine: PlanHead, now: PlanHead) -> None:
    with session.show_errors():
        show_diff(diff_plans(actor, store, PlanVersion(mine.id, mine.n_steps), PlanVersion(now.id)))


def _offer(actor: Actor, store: Store, saved: SavedPlan, edit: Edit, wanted: str) -> None:
    if not saved.head.state.is_open:
        return
    st.markdown("**在现在的版本上照做我的修改**")
    with session.show_errors():
        show_effect(preview_edit(actor, store, saved.head.id, edit, saved.head.version))
        st.button("照此修改", type="primary", on_click=_again, args=(saved, edit, wanted))


def _again(saved: SavedPlan, edit: Edit, wanted: str) -> None:
    with session.show_errors():
        try:
            effect = edit_plan(session.actor_now(), session.store(), saved.head.id, edit, saved.head.version)
        except StaleError:
            note(saved, wanted, edit)
            return
        session.forget(KEY)
        say(effect.text)


def _rebased(conflict: Conflict, plan: GroupPlan) -> Edit | None:
    """Return the edit with the groups' numbers of today; None where one of its groups has gone."""
    numbers = {name_of(group): group.id for group in plan.groups}
    old = conflict.groups or {}

    def now(group_id: str) -> str:
        return numbers.get(old.get(group_id, ""), "")

    edit = conflict.edit
    if isinstance(edit, MoveMembers) and edit.to in old:
        return replace(edit, to=now(edit.to)) if now(edit.to) else None
    if isinstance(edit, SplitGroup | ChangePlace | ChangeLeader):
        return replace(edit, group_id=now(edit.group_id)) if now(edit.group_id) else None
    if isinstance(edit, MergeGroups):
        ids = tuple(now(one) for one in edit.group_ids)
        return replace(edit, group_ids=ids) if all(ids) else None
    return edit
