"""路线: the map with numbered pins, the teams, the turn list of the one looked at, and the tray for changes by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from gis.model.visits import NO_START
from gis.ui.choices import Column, Listing, Row, show_choices
from gis.ui.map.host import Pick, show_map
from gis.ui.map.panel import side_view
from gis.ui.text import metres, plain
from gis.ui.visits import address, desk
from gis.ui.visits.hand import show_tray
from gis.ui.visits.picture import put_round_once
from gis.ui.visits.words import (
    RESULT_TONES,
    at,
    duration,
    half_of,
    purposes_of,
    result_of,
    short_half,
    visitors_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from gis.model.access import Actor
    from gis.services.visits.views import RoundView, StopView, TeamView
    from gis.store.database import Store

TEAMS_HEIGHT, STOPS_HEIGHT = 210, 470  # pixels
FEW = 6  # teams that need no scrolling
TEAM_COLUMNS = (
    Column("组"),
    Column("走访人", is_wide=True),
    Column("处", is_number=True),
    Column("用时"),
    Column("其中路上", is_number=True),
    Column("路程", is_number=True),
    Column("结果", is_number=True),
)
STOP_COLUMNS = (
    Column("次序"),
    Column("到—离"),
    Column("姓名"),
    Column("住处"),
    Column("目的"),
    Column("", is_tag=True),
    Column("路上", is_number=True),
    Column("上次谁去的"),
    Column("结果", is_tag=True),
)
TAG, RESULT = 5, 8


def show_routes(actor: Actor, store: Store, view: RoundView) -> None:
    """Show the round on the map and as lists; with the tray where it is kept and may be changed."""
    if not view.teams:
        st.info("这个批次里没有组")
        return
    team = _team_looked_at(view)
    mine = desk.desk_of(view.round.id) if view.round.id is not None else desk.Desk()
    left, right = st.columns([2, 3])
    if view.can_edit and view.round.id is not None:
        with st.container(border=True, key="jj_tray"):
            show_tray(actor, store, view, team)
    with left:
        _show_map(actor, store, view, team, mine)
    with right:
        _show_teams(view, team)
        _show_stops(view, team, mine)


def _team_looked_at(view: RoundView) -> TeamView:
    asked = address.team()
    first = next((team for team in view.teams if team.stops), view.teams[0])
    return next((team for team in view.teams if team.team.number == asked), first)


def _show_map(actor: Actor, store: Store, view: RoundView, team: TeamView, mine: desk.Desk) -> None:
    stamp = (_picture_of(view), store.data_version(), actor.scope.key)
    show_map(
        f"jj_visits_map_{view.round.id}",
        side_view(
            actor,
            store,
            draft=put_round_once(actor, store, view, stamp),
            chosen_group=view.teams.index(team) if address.team() is not None else None,
            selected=Pick("stop", mine.stop) if mine.stop is not None else None,
        ),
        on_pick=_on_map(view),
    )


def _picture_of(view: RoundView) -> Hashable:
    """Return what tells one round from another; a proposal has no number yet."""
    if view.round.id is not None:
        return view.round.id
    return tuple(
        (team.team.number, stop.stop.arrive, stop.lonlat, stop.title) for team in view.teams for stop in team.stops
    )


def _on_map(view: RoundView) -> Callable[[Pick], None]:
    """Return what a click on a pin does: its team is looked at, the stop taken in hand."""

    def picked(pick: Pick) -> None:
        owner = next((one for one in view.teams for stop in one.stops if int(stop.stop.id or 0) == pick.id), None)
        if pick.kind == "stop" and pick.id and owner is not None and view.round.id is not None:
            address.keep_team(owner.team.number)
            desk.look_at(view.round.id, pick.id)

    return picked


def _show_teams(view: RoundView, team: TeamView) -> None:
    st.markdown(f"**{len(view.teams)} 个组**　点组号：图上突出，下面列出次序")
    rows = [
        Row(
            one.team.number,
            (
                f"第 {one.team.number} 组",
                visitors_of(one.team.visitors),
                len(one.stops),
                duration(one.minutes) if one.stops else "没有排人",
                f"{round(one.travel_min)} 分钟",
                metres(one.walk_m),
                f"{sum(stop.n_done for stop in one.stops)}/{one.n_targets}",
            ),
        )
        for one in view.teams
    ]
    show_choices(
        f"visits_teams_{view.round.id}",
        Listing("组", TEAM_COLUMNS, rows, current=team.team.number, height=TEAMS_HEIGHT if len(rows) > FEW else None),
        on_open=address.keep_team,
    )


def _show_stops(view: RoundView, team: TeamView, mine: desk.Desk) -> None:
    shifts = "、".join(half_of(shift) for shift in team.team.shifts)
    st.markdown(
        f"**第 {team.team.number} 组**　{plain(visitors_of(team.team.visitors))}　{team.team.way.label}　"
        f"{NO_START if team.start == NO_START else f'从{plain(team.start)}出发'}　{shifts}"
    )
    if not team.stops:
        st.info("这一组没有排到人：用下面的“移到”把别组的人移过来，或者“重新排一下”")
        return
    is_kept = view.round.id is not None
    numbers = {int(stop.stop.id or 0) for stop in team.stops}
    show_choices(
        f"visits_stops_{view.round.id}",
        Listing(
            "次序",
            STOP_COLUMNS,
            [_row(team, stop) for stop in team.stops],
            current=mine.stop if mine.stop in numbers else None,
            height=STOPS_HEIGHT,
        ),
        on_open=_take(view) if is_kept else None,
    )
    _show_phones(team)


def _take(view: RoundView) -> Callable[[int], None]:
    round_id = view.round.id

    def take(number: int) -> None:
        if round_id is not None:
            desk.look_at(round_id, number)

    return take


def _row(team: TeamView, stop: StopView) -> Row:
    one = stop.stop
    result = "、".join(dict.fromkeys(result_of(target.result) for target in stop.targets if target.result))
    waiting = sum(target.n_conflicts for target in stop.targets)
    kept = next((target.result for target in stop.targets if target.result), None)
    tone = "warn" if waiting else RESULT_TONES.get(kept.result, "") if kept else ""
    half = short_half(team.team.shifts[one.shift], team.team.shifts)
    return Row(
        int(one.id or one.position),
        (
            str(one.position),
            f"{half} {at(one.arrive)}—{at(one.leave)}".strip(),
            stop.title,
            stop.place,
            purposes_of(dict.fromkeys(purpose for target in one.targets for purpose in target.purposes)),
            _tag(stop),
            _way_to(stop),
            _last_by(stop),
            (f"{result}　待核对" if waiting else result),
        ),
        {TAG: "good" if one.is_locked else "", RESULT: tone},
    )


def _way_to(stop: StopView) -> str:
    """Return minutes and metres to a stop; nothing for the first door of a team that starts there."""
    one = stop.stop
    if not round(one.travel_min) and not round(one.walk_m):
        return ""
    return f"{round(one.travel_min)} 分 {metres(one.walk_m)}" + ("（估算）" if one.is_estimated else "")


def _last_by(stop: StopView) -> str:
    """Return who went last time, the first by name."""
    visits = [target.last_visit for target in stop.targets if target.last_visit is not None]
    names = list(dict.fromkeys(name for visit in visits for name in visit.by_names))
    return "" if not names else names[0] + (f"等 {len(names)} 人" if len(names) > 1 else "")


def _tag(stop: StopView) -> str:
    return "已锁定" if stop.stop.is_locked else "可不走" if stop.stop.is_optional else ""


def _show_phones(team: TeamView) -> None:
    """Say what the team's sheet will hold, so that nobody wonders at an empty column."""
    if team.may_see_phone:
        st.caption("这一组的走访单上印电话和门牌室号")
    else:
        st.caption("这一组有人没有账号，或者账号不管其中有的党员：走访单上不印这些电话，写“由支部联系”")
