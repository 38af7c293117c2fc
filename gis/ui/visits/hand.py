"""One change by hand: what is to be done, what becomes of the minutes, and the button that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from gis.errors import GisError, StaleError
from gis.model.enums import Labelled
from gis.model.visits import RoundState, Visitor
from gis.services.session_views import plan_choices
from gis.services.visits.editing import (
    AddMember,
    ChangeStart,
    DropStop,
    LockStop,
    SetVisitors,
    apply_edit,
    preview_edit,
)
from gis.services.visits.views import possible_visitors
from gis.ui import session
from gis.ui.text import distinct, plain
from gis.ui.visits import desk
from gis.ui.visits.added import ask_member
from gis.ui.visits.back import inverse
from gis.ui.visits.effect import show_effect
from gis.ui.visits.moving import ask_move
from gis.ui.visits.rerun import show_rerun
from gis.ui.visits.said import say, say_late

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.visits.editing import VisitEdit
    from gis.services.visits.views import RoundView, StopView, TeamView
    from gis.store.database import Store

LONGEST_REASON = 60
FIRST_DOOR = "first"


class Work(Labelled):
    """What can be done by hand."""

    MOVE = "move", "移动"
    LOCK = "lock", "锁定"
    DROP = "drop", "不走这一处"
    ADD = "add", "加一名党员"
    WHO = "who", "换走访人"
    START = "start", "换出发地点"


WORKS = {work.value: work for work in Work}
ON_A_STOP = (Work.MOVE, Work.LOCK, Work.DROP)


@dataclass(frozen=True, slots=True)
class Hand:
    """Everything a change needs to know."""

    view: RoundView
    team: TeamView
    held: tuple[TeamView, StopView] | None
    turn: int

    def key(self, what: str) -> str:
        """Return a widget's key: what is done or dropped makes new widgets, what came too late keeps them."""
        return f"visits_hand_{what}_{self.view.round.id}_{self.turn}"


def show_tray(actor: Actor, store: Store, view: RoundView, team: TeamView) -> None:
    """Ask for one change; say beside it what it does, with the decision where the hand already is."""
    round_id = view.round.id
    if round_id is None:
        return
    mine = desk.desk_of(round_id)
    hand = Hand(view, team, desk.stop_in_hand(view, mine), mine.turn)
    asked, told = st.columns([2, 3])
    with asked:
        work = _ask_work(view)
        edit = _ask_edit(actor, store, hand, work)
    with told:
        if edit is None:
            _show_rest(view)
            show_rerun(actor, store, view)
        else:
            _show_trial(actor, store, hand, edit)
        _show_back(view, mine)


def _ask_work(view: RoundView) -> Work:
    code = st.segmented_control(
        "手工调整",
        list(WORKS),
        format_func=lambda code: WORKS[code].label,
        default=Work.MOVE.value,
        required=True,
        selection_mode="single",
        key=f"visits_work_{view.round.id}",
        label_visibility="collapsed",
        wrap=True,
    )
    return WORKS[code]


def _ask_edit(actor: Actor, store: Store, hand: Hand, work: Work) -> VisitEdit | None:
    """Show the choices of one kind of change; the change once it is whole."""
    if work in ON_A_STOP:
        if hand.held is None:
            st.caption("先点一处：在图上点编号，或在次序表里点序号")
            return None
        team, stop = hand.held
        if work is Work.MOVE:
            return ask_move(hand.view, team, stop, hand.key)
        st.markdown(f"**{stop.stop.position}　{plain(stop.title)}**　第 {team.team.number} 组　{plain(stop.place)}")
        return _ask_lock(stop) if work is Work.LOCK else _ask_drop(hand, stop)
    if work is Work.ADD:
        return _ask_add(actor, store, hand)
    if work is Work.WHO:
        return _ask_who(actor, store, hand)
    return _ask_start(actor, store, hand)


def _ask_lock(stop: StopView) -> VisitEdit | None:
    if stop.stop.id is None:
        return None
    st.caption(
        "现在是锁定的：重新排的时候留在这一组、这半天。"
        if stop.stop.is_locked
        else "锁定以后，重新排的时候留在这一组、这半天。"
    )
    return LockStop(stop.stop.id, is_locked=not stop.stop.is_locked)


def _ask_drop(hand: Hand, stop: StopView) -> VisitEdit | None:
    reason = st.text_input(
        "为什么不走", max_chars=LONGEST_REASON, key=hand.key("reason"), placeholder="例如：本人约到下周"
    ).strip()
    return DropStop(stop.stop.id, reason) if reason and stop.stop.id is not None else None


def _ask_add(actor: Actor, store: Store, hand: Hand) -> VisitEdit | None:
    member_id = ask_member(actor, store, hand.view, hand.key)
    numbers = [one.team.number for one in hand.view.teams]
    number = st.selectbox(
        "加到哪一组（排在最省路的位置）",
        numbers,
        index=numbers.index(hand.team.team.number),
        format_func=lambda one: f"第 {one} 组",
        key=hand.key("add_team"),
    )
    return AddMember(member_id, int(number)) if member_id is not None else None


def _ask_who(actor: Actor, store: Store, hand: Hand) -> VisitEdit | None:
    team = hand.team.team
    accounts = possible_visitors(actor, store, hand.view.round.org_id)
    shown = distinct({number: one.name for number, one in enumerate(accounts)})
    known = {shown[number]: one for number, one in enumerate(accounts)}
    known |= {one.name: one for one in team.visitors if one not in known.values()}
    default = [name for name, one in known.items() if one in team.visitors]
    names = st.multiselect(
        f"第 {team.number} 组走访人",
        list(known),
        default=default,
        accept_new_options=True,
        select_all=False,
        placeholder="选人，或写名字后按回车",
        key=f"{hand.key('who')}_{team.number}",
    )
    visitors = tuple(known.get(name) or Visitor(name.strip()) for name in names if name.strip())
    return SetVisitors(team.number, visitors) if set(visitors) != set(team.visitors) else None


def _ask_start(actor: Actor, store: Store, hand: Hand) -> VisitEdit | None:
    venues = plan_choices(actor, store).venues
    names: dict[str, str] = {FIRST_DOOR: "从第一户开始"}
    names |= {str(number): name for number, name in distinct(dict(venues)).items()}
    chosen = st.selectbox(
        f"第 {hand.team.team.number} 组从哪里出发",
        list(names),
        index=None,
        format_func=lambda one: names[one],
        placeholder=f"现在：{hand.team.start}",
        key=f"{hand.key('start')}_{hand.team.team.number}",
    )
    if chosen is None:
        return None
    number = hand.team.team.number
    if chosen == FIRST_DOOR:
        return ChangeStart(number, is_returning=False)
    return ChangeStart(number, venue_id=next(one for one in venues if str(one) == chosen))


def _show_trial(actor: Actor, store: Store, hand: Hand, edit: VisitEdit) -> None:
    """Say what the change would do, or why it cannot be done; decide."""
    round_id, version = hand.view.round.id, hand.view.round.version
    if round_id is None:
        return
    try:
        effect = preview_edit(actor, store, round_id, version, edit)
    except GisError as error:
        st.error(plain(str(error)))
        return
    show_effect(hand.view, effect)
    with st.container(horizontal=True):
        st.button("确定修改", type="primary", on_click=_commit, args=(hand.view, edit, effect.text))
        st.button("不改了", on_click=desk.look_at, args=(round_id, None))


def _show_rest(view: RoundView) -> None:
    """Say how it works."""
    if view.round.state is RoundState.ISSUED:
        st.caption("选定以后，这里立即写明各组用时怎样变。已经下发：改动以后请重做走访单，旧单交回或作废。")
    else:
        st.caption("选定以后，这里立即写明各组用时怎样变、有没有来不及的；确定之前不保存。")


def _show_back(view: RoundView, mine: desk.Desk) -> None:
    """Offer to take the last change back."""
    if mine.back is not None and mine.back_at == view.round.version:
        st.button(
            f"撤回：{plain(mine.back_text)}", icon=":material/undo:", on_click=_commit, args=(view, mine.back, "撤回")
        )


def _commit(view: RoundView, edit: VisitEdit, wanted: str) -> None:
    round_id = view.round.id
    if round_id is None:
        return
    with session.show_errors():
        try:
            effect = apply_edit(session.actor_now(), session.store(), round_id, view.round.version, edit)
        except StaleError:
            say_late(wanted)
            return
        is_back = wanted == "撤回"
        desk.done(round_id, None if is_back else inverse(view, edit), effect.version, effect.text)
        say(f"已撤回：{effect.text}" if is_back else effect.text)
