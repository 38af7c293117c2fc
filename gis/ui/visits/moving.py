"""Where a stop goes: which team and half-day, after whom; one step up or down by a press."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.services.visits.editing import MoveStop
from gis.ui import session
from gis.ui.text import plain
from gis.ui.visits.words import half_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.services.visits.views import RoundView, StopView, TeamView

Slot = tuple[int, int]  # team number, half-day


def ask_move(view: RoundView, team: TeamView, stop: StopView, key: Callable[[str], str]) -> MoveStop | None:
    """Ask for the new place; None while it is the old one."""
    if stop.stop.id is None:
        return None
    here: Slot = (team.team.number, stop.stop.shift)
    slots = {
        (one.team.number, index): f"第 {one.team.number} 组　{half_of(shift)}　{_count(one, index)} 处"
        for one in view.teams
        for index, shift in enumerate(one.team.shifts)
    }
    now = place_in(team, stop)
    _show_steps(team, stop, now, key)
    left, right = st.columns(2)
    to: Slot = left.selectbox(
        "移到哪一组、哪半天",
        list(slots),
        index=list(slots).index(here),
        format_func=lambda one: slots[one],
        key=key("to"),
    )
    others = [one for one in _in_slot(view, to) if one.stop.id != stop.stop.id]
    places = {position: _after(others, position) for position in range(1, len(others) + 2)}
    wanted = min(now, len(places)) if to == here else len(places)
    field = _field(key, to)
    if session.recall(field) not in places:
        session.remember(field, wanted)
    position = right.selectbox("排在", list(places), format_func=lambda one: places[one], key=field)
    if to == here and position == now:
        return None
    return MoveStop(stop.stop.id, to[0], int(position), to[1])


def place_in(team: TeamView, stop: StopView) -> int:
    """Return the place of a stop in its half-day, from 1."""
    mates = [one for one in team.stops if one.stop.shift == stop.stop.shift]
    return next(place for place, one in enumerate(mates, start=1) if one.stop.id == stop.stop.id)


def _in_slot(view: RoundView, slot: Slot) -> list[StopView]:
    team = next(one for one in view.teams if one.team.number == slot[0])
    return [one for one in team.stops if one.stop.shift == slot[1]]


def _count(team: TeamView, shift: int) -> int:
    return sum(one.stop.shift == shift for one in team.stops)


def _after(others: list[StopView], position: int) -> str:
    if position == 1:
        return "第一个" if others else "这半天还没有人，排第一个"
    before = others[position - 2]
    return f"{before.title}（{before.place}）之后"


def _show_steps(team: TeamView, stop: StopView, now: int, key: Callable[[str], str]) -> None:
    """Offer the two most frequent moves; they fill the fields below, and the effect is shown like any other."""
    field = _field(key, (team.team.number, stop.stop.shift))
    shown = int(session.recall(field) or now)
    last = _count(team, stop.stop.shift)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{stop.stop.position}　{plain(stop.title)}**　第 {team.team.number} 组　{plain(stop.place)}",
            width="content",
        )
        st.button(
            "提前一位",
            icon=":material/arrow_upward:",
            disabled=shown <= 1,
            on_click=session.remember,
            args=(field, shown - 1),
        )
        st.button(
            "推后一位",
            icon=":material/arrow_downward:",
            disabled=shown >= last,
            on_click=session.remember,
            args=(field, shown + 1),
        )


def _field(key: Callable[[str], str], slot: Slot) -> str:
    """Return the key of the field that holds the place in a half-day."""
    return f"{key('position')}_{slot[0]}_{slot[1]}"
