"""Hand editing: map, groups and members beside it, one change at a time with what it does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from gis.ui import session
from gis.ui.choices import Column, Listing, Picked, Row, show_choices
from gis.ui.map.host import View, show_map
from gis.ui.map.panel import side_view
from gis.ui.plans import desk
from gis.ui.plans.effect import show_effect
from gis.ui.plans.hand import Hand, ask_edit, ask_work, preview, show_decision, trial_of
from gis.ui.plans.picture import Extras, put_plan_once
from gis.ui.plans.targets import targets_of
from gis.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.plan import PlannedGroup, SeatPlan
    from gis.model.plans import SavedPlan
    from gis.store.database import Store
    from gis.ui.map.host import Pick, Trial

GROUPS_HEIGHT, MEMBERS_HEIGHT = 250, 300  # pixels
GROUP_COLUMNS = (
    Column("小组"),
    Column("问题", is_tag=True),
    Column("人数", is_number=True),
    Column("活动地点", is_wide=True),
    Column("支部"),
    Column("平均步行（米）", is_number=True),
)
MEMBER_COLUMNS = (
    Column("姓名"),
    Column("步行", is_number=True),
    Column("", is_tag=True),
    Column("为何在此", is_wide=True),
)
LEFT_COLUMNS = (Column("姓名"), Column("支部"), Column("原因", is_wide=True))
PROBLEM = 1  # the column of a group's issues


def show_editor(actor: Actor, store: Store, saved: SavedPlan, *, is_open: bool) -> None:
    """Show the plan on the map and as lists; `is_open`: it may be changed here and now."""
    mine = desk.desk_of(saved.head.id, saved.plan)
    left, right = st.columns([3, 2])
    trial = None
    if is_open:  # stands below, but is asked first: the map draws what it says
        with st.container(border=True, key="jj_tray"):
            trial = _show_tray(actor, store, Hand(saved, mine, targets_of(actor, store, saved)))
    with left:
        show_map(
            f"jj_plan_map_{int(saved.head.id)}",
            _view(actor, store, saved, mine, trial=trial, is_open=is_open),
            on_pick=_on_map(saved),
        )
    with right:
        _show_groups(saved, mine)
        _show_members(saved, mine, is_open=is_open)


def _show_tray(actor: Actor, store: Store, hand: Hand) -> Trial | None:
    """Ask for one change; say beside it what it does, with the decision where the hand already is."""
    asked, told = st.columns([2, 3])
    with asked:
        edit = ask_edit(hand, ask_work(hand.plan_id))
    if edit is None:
        told.caption("选定以后，这里立即写明步行、人数和规定的变化；确定之前不保存。")
        return None
    effect = preview(actor, store, hand, edit)
    if isinstance(effect, str):
        told.error(plain(effect))
        return None
    with asked:
        show_decision(hand, edit, effect)
    with told:
        show_effect(effect)
    return trial_of(hand, edit)


def _view(actor: Actor, store: Store, saved: SavedPlan, mine: desk.Desk, *, trial: Trial | None, is_open: bool) -> View:
    bad: dict[str, str] = {}
    for issue in saved.issues:
        if issue.group_id:
            bad.setdefault(issue.group_id, issue.message)
    title = f"方案（{saved.head.state.label}）"
    extras = Extras(title=title, stand=f"plan {int(saved.head.id)}", bad=bad, with_ids=is_open)
    stamp = (int(saved.head.id), store.data_version(), is_open)
    return side_view(
        actor,
        store,
        draft=put_plan_once(actor, store, saved.plan, extras, stamp),
        chosen_group=desk.group_looked_at(saved.plan, mine),
        mode="edit" if is_open else "look",
        picked=tuple(sorted(mine.chosen)),
        stamp=mine.map_stamp,
        trial=trial,
    )


def _on_map(saved: SavedPlan) -> Callable[[Pick], None]:
    """Return what a click on the map does: members are chosen; a group is looked at, or is where the chosen go."""
    plan_id = saved.head.id

    def picked(pick: Pick) -> None:
        mine = desk.desk_of(plan_id, saved.plan)  # as another click may have left it a moment ago
        if pick.kind == "members":
            desk.keep(plan_id, desk.choose_on_map(mine, pick))
            return
        if mine.chosen and pick.kind in ("group", "host", "venue"):
            _aim(saved, mine, pick)
        if pick.kind == "group":
            desk.keep(plan_id, desk.look_at(saved.plan, mine, pick.id))

    return picked


def _aim(saved: SavedPlan, mine: desk.Desk, pick: Pick) -> None:
    """Take what was clicked as where the chosen members go."""
    to = {"host": f"H{pick.id}", "venue": f"V{pick.id}"}.get(pick.kind)
    if pick.kind == "group" and pick.id < len(saved.plan.groups):
        to = saved.plan.groups[pick.id].id
    options = Hand(saved, mine, targets_of(session.actor_now(), session.store(), saved)).targets.to_move(mine.chosen)
    if to in options:
        session.remember(f"hand_to_{int(saved.head.id)}_{saved.head.version}_{mine.turn}", to)


def _show_groups(saved: SavedPlan, mine: desk.Desk) -> None:
    plan = saved.plan
    problems = _problems(saved)
    rows = [_group_row(number, group, problems.get(group.id, 0)) for number, group in enumerate(plan.groups)]
    if plan.unseated:
        rows.append(Row(desk.UNSEATED_ROWS, ("未安排", "", len(plan.unseated), "", "", None)))
    st.markdown(f"**小组 {len(plan.groups)} 个**　点编号：图上突出，下面列出组员")
    current = desk.UNSEATED_ROWS if mine.is_unseated else desk.group_looked_at(plan, mine)
    show_choices(
        f"plan_groups_{int(saved.head.id)}",
        Listing("小组", GROUP_COLUMNS, rows, current=current, height=GROUPS_HEIGHT),
        on_open=_on_open(saved),
    )


def _problems(saved: SavedPlan) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for issue in saved.issues:
        counts[issue.group_id] = counts.get(issue.group_id, 0) + 1
    return counts


def _group_row(number: int, group: PlannedGroup, problems: int) -> Row:
    walks = [seat.walk_m for seat in group.seats if math.isfinite(seat.walk_m)]
    mean = round(sum(walks) / len(walks)) if walks else None
    said = f"{problems} 处" if problems else ""
    return Row(number, (group.id, said, len(group.seats), group.place.label, group.branch, mean), {PROBLEM: "warn"})


def _show_members(saved: SavedPlan, mine: desk.Desk, *, is_open: bool) -> None:
    number = desk.group_looked_at(saved.plan, mine)
    if number is None and not mine.is_unseated:
        st.caption("还没有点小组")
        return
    if number is None:
        listing = _left_out(saved)
    else:
        group = saved.plan.groups[number]
        leader = next((seat.name for seat in group.seats if seat.member_id == group.leader_id), "未定")
        st.markdown(f"**{plain(group.id)}**　{plain(group.place.label)}　{len(group.seats)} 人　组长 {plain(leader)}")
        listing = _seats(group, dict(saved.hand_set))
    shown = frozenset(row.id for row in listing.rows)
    show_choices(
        f"plan_members_{int(saved.head.id)}",
        listing,
        Picked(tuple(sorted(mine.chosen & shown)), mine.list_stamp),
        on_pick=_on_tick(saved) if is_open else None,
    )


def _on_tick(saved: SavedPlan) -> Callable[[Picked], None]:
    plan_id, plan = saved.head.id, saved.plan
    return lambda picked: desk.keep(plan_id, desk.choose_in_list(desk.desk_of(plan_id, plan), picked))


def _on_open(saved: SavedPlan) -> Callable[[int], None]:
    plan_id, plan = saved.head.id, saved.plan
    return lambda number: desk.keep(plan_id, desk.look_at(plan, desk.desk_of(plan_id, plan), number))


def _seats(group: PlannedGroup, by_hand: Mapping[MemberId, str]) -> Listing:
    rows = []
    for seat in group.seats:
        who = by_hand.get(seat.member_id, "")
        tag = (
            "组长" if seat.member_id == group.leader_id else f"{who} 手工" if who else "指定" if seat.is_locked else ""
        )
        rows.append(Row(int(seat.member_id), (seat.name, _walk(seat), tag, seat.why)))
    return Listing("组员", MEMBER_COLUMNS, rows, height=MEMBERS_HEIGHT)


def _walk(seat: SeatPlan) -> str:
    if not math.isfinite(seat.walk_m):
        return "走不到"
    return f"{round(seat.walk_m)} 米" + ("（估算）" if seat.is_estimated else "")


def _left_out(saved: SavedPlan) -> Listing:
    branches = dict(zip(saved.head.branch_ids, saved.head.branches, strict=False))
    rows = [
        Row(int(one.member_id), (one.name, branches.get(one.branch_id, ""), one.reason)) for one in saved.plan.unseated
    ]
    return Listing("未安排的党员", LEFT_COLUMNS, rows, height=MEMBERS_HEIGHT)
