"""One change by hand: what is to be done, what it would do, and the button that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import GisError, StaleError
from gis.model.enums import Labelled
from gis.model.ids import MemberId
from gis.model.plans import ChangeLeader, ChangePlace, MergeGroups, MoveMembers, SplitGroup, SwapMembers
from gis.services.plan_editing import edit_plan, preview_edit
from gis.ui import session
from gis.ui.map.host import Trial
from gis.ui.plans import conflict, desk
from gis.ui.plans.said import say
from gis.ui.plans.targets import UNSEAT, said_group
from gis.ui.text import distinct, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.ids import PlanId
    from gis.model.plan import PlannedGroup
    from gis.model.plans import Edit, EditEffect, SavedPlan
    from gis.store.database import Store
    from gis.ui.plans.desk import Desk
    from gis.ui.plans.targets import Targets

MOST_NAMES = 6
PAIR = 2


class Work(Labelled):
    """What can be done by hand."""

    MOVE = "move", "移到"
    SWAP = "swap", "对调"
    SPLIT = "split", "拆出新组"
    MERGE = "merge", "合并小组"
    PLACE = "place", "换地点"
    LEADER = "leader", "换组长"


WORKS = {work.value: work for work in Work}


@dataclass(frozen=True, slots=True)
class Hand:
    """Everything a change needs to know."""

    saved: SavedPlan
    desk: Desk
    targets: Targets

    @property
    def plan_id(self) -> PlanId:
        """The plan."""
        return self.saved.head.id

    @property
    def chosen(self) -> tuple[MemberId, ...]:
        """Members chosen, in the order of their ids."""
        return tuple(MemberId(one) for one in sorted(self.desk.chosen))

    @property
    def group(self) -> PlannedGroup | None:
        """The group looked at."""
        number = desk.group_looked_at(self.saved.plan, self.desk)
        return None if number is None else self.saved.plan.groups[number]

    def key(self, what: str) -> str:
        """Return a widget's key; a change that is done or dropped makes new widgets."""
        return f"hand_{what}_{int(self.plan_id)}_{self.saved.head.version}_{self.desk.turn}"

    def names(self) -> str:
        """Return who is chosen, the first few by name."""
        names = [self.targets.names.get(int(one), "") for one in self.chosen]
        return "、".join(names[:MOST_NAMES]) + (f"等 {len(names)} 名" if len(names) > MOST_NAMES else "")


def ask_work(plan_id: PlanId) -> Work:
    """Show what can be done and return what is chosen."""
    code = st.segmented_control(
        "手工调整",
        list(WORKS),
        format_func=lambda code: WORKS[code].label,
        default=Work.MOVE.value,
        required=True,
        selection_mode="single",
        key=f"hand_work_{int(plan_id)}",
        label_visibility="collapsed",
    )
    return WORKS[code]


def ask_edit(hand: Hand, work: Work) -> Edit | None:
    """Show the choices of one kind of change; the change once it is whole."""
    asks = {
        Work.MOVE: _ask_move,
        Work.SWAP: _ask_swap,
        Work.SPLIT: _ask_split,
        Work.MERGE: _ask_merge,
        Work.PLACE: _ask_place,
        Work.LEADER: _ask_leader,
    }
    return asks[work](hand)


def _choose(hand: Hand, what: str, label: str, options: Mapping[str, str]) -> str | None:
    return st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda code: options[code],
        placeholder="请选择",
        key=hand.key(what),
    )


def _hint(words: str) -> None:
    st.caption(words)


def _ask_move(hand: Hand) -> Edit | None:
    if not hand.chosen:
        _hint("先选党员：在图上点选、圈选，或在组员名单里勾选")
        return None
    st.markdown(f"已选 **{len(hand.chosen)}** 名：{plain(hand.names())}")
    options = hand.targets.to_move(int(one) for one in hand.chosen)
    to = _choose(hand, "to", "移到哪个小组或地点（近的在前；也可在图上点小组或场所）", options)
    return None if to is None else MoveMembers(hand.chosen, "" if to == UNSEAT else to)


def _ask_swap(hand: Hand) -> Edit | None:
    groups = [hand.targets.group_of.get(int(one)) for one in hand.chosen]
    if len(groups) != PAIR or None in groups or groups[0] is groups[1]:
        _hint("选中两名不在同一小组的党员，让他们对调")
        return None
    one, other = hand.chosen
    st.markdown(f"对调 **{plain(hand.targets.names[int(one)])}** 与 **{plain(hand.targets.names[int(other)])}**")
    return SwapMembers(one, other)


def _ask_split(hand: Hand) -> Edit | None:
    groups = {group.id: group for one in hand.chosen if (group := hand.targets.group_of.get(int(one)))}
    if len(groups) != 1 or any(int(one) not in hand.targets.group_of for one in hand.chosen):
        _hint("选中同一小组的几名党员，把他们拆成新的小组")
        return None
    group = next(iter(groups.values()))
    st.markdown(f"从 {plain(said_group(group))} 拆出 **{len(hand.chosen)}** 名：{plain(hand.names())}")
    to = _choose(hand, "split", "新小组的活动地点", hand.targets.to_meet(group))
    return None if to is None else SplitGroup(group.id, hand.chosen, to)


def _ask_merge(hand: Hand) -> Edit | None:
    groups = hand.targets.groups
    options = distinct({code: said_group(group) for code, group in groups.items()})
    chosen = st.multiselect(
        "合并哪几个小组",
        list(options),
        default=[hand.group.id] if hand.group else [],
        format_func=lambda code: options[code],
        placeholder="选两个以上小组",
        key=f"{hand.key('merge')}_{hand.desk.group}",
    )
    if len(chosen) < PAIR:
        _hint("选两个以上小组")
        return None
    places = distinct({groups[code].place.key: groups[code].place.label for code in chosen})
    where = st.radio(
        "合并后的活动地点", list(places), format_func=lambda key: plain(places[key]), key=hand.key("merge_place")
    )
    return MergeGroups(tuple(chosen), str(where))


def _ask_place(hand: Hand) -> Edit | None:
    group = hand.group
    if group is None:
        _hint("先点一个小组：在图上点活动地点，或在小组列表里点编号")
        return None
    st.markdown(plain(said_group(group)))
    to = _choose(hand, f"place_{group.id}", "改到哪个地点（近的在前）", hand.targets.to_meet(group))
    return None if to is None else ChangePlace(group.id, to)


def _ask_leader(hand: Hand) -> Edit | None:
    group = hand.group
    if group is None:
        _hint("先点一个小组：在图上点活动地点，或在小组列表里点编号")
        return None
    st.markdown(plain(said_group(group)))
    options = distinct(
        {str(int(seat.member_id)): seat.name for seat in group.seats if seat.member_id != group.leader_id}
    )
    who = _choose(hand, f"leader_{group.id}", "由谁任组长", options)
    return None if who is None else ChangeLeader(group.id, MemberId(int(who)))


def preview(actor: Actor, store: Store, hand: Hand, edit: Edit) -> EditEffect | str:
    """Return what the change would do, or why it cannot be done."""
    try:
        return preview_edit(actor, store, hand.plan_id, edit, hand.saved.head.version)
    except GisError as error:
        return str(error)


def show_decision(hand: Hand, edit: Edit, effect: EditEffect) -> None:
    """Offer to do it, or not."""
    with st.container(horizontal=True):
        st.button("确定修改", type="primary", on_click=_commit, args=(hand, edit, effect.text))
        st.button("不改了", on_click=desk.clear_choice, args=(hand.plan_id, hand.desk))


def _commit(hand: Hand, edit: Edit, wanted: str) -> None:
    with session.show_errors():
        try:
            effect = edit_plan(session.actor_now(), session.store(), hand.plan_id, edit, hand.saved.head.version)
        except StaleError:
            conflict.note(hand.saved, wanted, edit)
            return
        desk.clear_choice(hand.plan_id, hand.desk)
        say(effect.text)


def trial_of(hand: Hand, edit: Edit) -> Trial | None:
    """Return what the map draws of a change that is being looked at."""
    if isinstance(edit, MoveMembers):
        return _trial(hand, edit.member_ids, edit.to)
    if isinstance(edit, SplitGroup):
        return _trial(hand, edit.member_ids, edit.place_key)
    if isinstance(edit, ChangePlace):
        seats = hand.targets.groups[edit.group_id].seats
        return _trial(hand, tuple(seat.member_id for seat in seats), edit.place_key)
    return None


def _trial(hand: Hand, members: tuple[MemberId, ...], to: str) -> Trial:
    spot = hand.targets.spot_of(to)
    return Trial(tuple(int(one) for one in members), *(spot or (None, None)))
