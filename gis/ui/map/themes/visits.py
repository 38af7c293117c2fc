"""专题图“走访”: the routes and stops of one day, with what came of each; chosen by day, team by team."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import streamlit as st

from gis.model.access import Action
from gis.model.visits import VisitResult
from gis.services.map_visits import CONFLICT, MIXED, WAITING, state_of, visit_days, visits_of_day
from gis.services.visits.listing import BRANCH_CALLS, is_group, said_walk
from gis.ui import session
from gis.ui.map.themes.theme import Drawn, Theme
from gis.ui.visits.mine import MY_PAGE
from gis.ui.visits.picture import MOST_WORDS, spans, walks_of
from gis.ui.visits.sheets import PHONE
from gis.ui.visits.words import at, day_of, purposes_of, result_of, team_name, visitors_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.services.map_visits import DayTeam, VisitDay
    from gis.services.visits.view_model import StopView, TargetView
    from gis.store.database import Store
    from gis.ui.map.filters import Filters
    from gis.ui.map.host import Pick

    Card = dict[str, Any]
    Place = tuple[float, float]

CODE, KEPT, DAY, TEAM, ADDRESS = "visits", "jj_map_visits", "visit_day", "visit_team", "day"
ALL_TEAMS = "全部组"
NOTHING_YET = "还没有下发的走访：在“上门送学”里排好并下发以后，这里按天显示"
NOTHING_MINE = "现在没有排给您的走访"
LABELS = {
    WAITING: "待访",
    MIXED: "几人结果不一",
    CONFLICT: "结果待核对",
    **{result.value: result.label for result in VisitResult},
}
TONES = {VisitResult.MET.value: "good", VisitResult.PHONED.value: "good", WAITING: "", MIXED: "good"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at: a day, and one of its teams or all."""

    found: VisitDay
    team: int | None


def show(actor: Actor, store: Store, filters: Filters) -> Drawn:  # noqa: ARG001  # the filters choose members, not visits
    """Ask for the day and the team; the routes of that day."""
    today = store.today()
    days = _days(actor, store)
    if not days:
        return Drawn(None, NOTHING_YET if actor.may(Action.PLAN_VISITS) else NOTHING_MINE)
    found = _found(actor, store, _ask_day(days, today))
    if not found.teams:
        return Drawn(None, f"{_said_day(found)}没有走访")
    return Drawn(day_document(found, _ask_team(found)), totals(found))


def card(actor: Actor, store: Store, pick: Pick) -> Card | None:
    """Say who is called on at the place that was clicked, by whom and with what result."""
    kept: VisitDay | None = (session.recall(KEPT) or (None, None))[1]
    if kept is None:
        return None
    found = _found(actor, store, kept.day)
    place = next((_place(stop) for one in found.teams for stop in one.team.stops if stop.stop.id == pick.id), None)
    here = [(one, stop) for one in found.teams for stop in one.team.stops if place and _place(stop) == place]
    return _card(found, here) if here else None


THEME = Theme(CODE, "走访", (Action.VIEW_MAP, Action.MAKE_VISITS), show, card)


def totals(found: VisitDay) -> str:
    """Return `今天 3 组 18 处，已完成 7 处`."""
    hidden = f"；{found.n_without_place} 处不在图上" if found.n_without_place else ""
    return f"{_said_day(found)} {len(found.teams)} 组 {found.n_stops} 处，已完成 {found.n_done} 处{hidden}"


def day_document(found: VisitDay, chosen: int | None) -> dict[str, Any]:
    """Encode the day: one pin for all stops of a team at one point, the ways between them, where each team starts."""
    pins = [pin for number, one in enumerate(found.teams) for pin in _pins(one, number, is_past=found.is_past)]
    states = {pin["s"] for pin in pins}
    return {
        "title": f"走访 {day_of(found.day)}",
        "place": f"{found.day.isoformat()} {chosen}",
        "chosen": chosen,
        "teams": [{"t": number, "name": _name(found, one)} for number, one in enumerate(found.teams)],
        "states": [[code, _label(code, is_past=found.is_past)] for code in LABELS if code in states],
        "pins": pins,
        "walks": [walk for number, one in enumerate(found.teams) for walk in walks_of(one.legs, number)],
        "starts": [
            {"x": round(at[0], 6), "y": round(at[1], 6), "name": one.team.start, "t": number}
            for number, one in enumerate(found.teams)
            if (at := one.team.start_lonlat) is not None
        ],
    }


def _days(actor: Actor, store: Store) -> Mapping[date, int]:
    key = (store.data_version(), actor.name, actor.scope.key, store.today())
    kept: tuple[object, Mapping[date, int]] | None = session.recall(f"{KEPT}_days")
    if kept is None or kept[0] != key:
        kept = key, visit_days(actor, store)
        session.remember(f"{KEPT}_days", kept)
    return kept[1]


def _found(actor: Actor, store: Store, day: date) -> VisitDay:
    """Return the day, read once for each state of the data; kept in the session, since visits are somebody's own."""
    key = (day, store.data_version(), actor.name, actor.scope.key, store.today())
    kept: tuple[object, VisitDay] | None = session.recall(KEPT)
    if kept is None or kept[0] != key:
        kept = key, visits_of_day(actor, store, day)
        session.remember(KEPT, kept)
    return kept[1]


def _ask_day(days: Mapping[date, int], today: date) -> date:
    """Choose among the days that have visits, and today; arrows go to the day before and after."""
    known = {day.isoformat(): day for day in sorted({*days, today})}
    first = next((day for day in known.values() if day >= today and day in days), today).isoformat()
    codes = list(known)
    asked = str(session.recall(DAY) or st.query_params.get(ADDRESS, ""))
    now = asked if asked in known else first
    session.remember(DAY, now)
    place = codes.index(now)
    _arrow("‹", "上一个有走访的日子", codes[place - 1] if place else None)
    st.selectbox(
        "哪一天的走访",
        codes,
        format_func=lambda code: _option(known[code], days, today),
        key=DAY,
        on_change=lambda: _go(str(session.recall(DAY))),
        label_visibility="collapsed",
        width=210,
    )
    _arrow("›", "下一个有走访的日子", codes[place + 1] if place + 1 < len(codes) else None)
    _arrow("今天", "回到今天", today.isoformat() if known[now] != today else None)
    return known[now]


def _arrow(label: str, told: str, code: str | None) -> None:
    st.button(label, key=f"visit_day_{label}", help=told, disabled=code is None, on_click=_go, args=(code,))


def _go(code: str) -> None:
    """Look at another day; it stands in the address, for a reload."""
    session.remember(DAY, code)
    st.query_params[ADDRESS] = code


def _option(day: date, days: Mapping[date, int], today: date) -> str:
    said = (
        f"今天 {day_of(day)}"
        if day == today
        else day_of(day)
        if day.year == today.year
        else f"{day.year}-{day_of(day)}"
    )
    return f"{said}　{days[day]} 处" if day in days else f"{said}　没有走访"


def _ask_team(found: VisitDay) -> int | None:
    if len(found.teams) < 2:  # noqa: PLR2004  # nothing to choose
        return None
    names = {str(number): _name(found, one) for number, one in enumerate(found.teams)}
    code = st.selectbox(
        "哪一组",
        list(names),
        index=None,
        format_func=lambda code: names[code],
        placeholder=ALL_TEAMS,
        key=f"{TEAM}_{found.day.isoformat()}",
        label_visibility="collapsed",
        width=240,
    )
    return int(code) if code is not None else None


def _said_day(found: VisitDay) -> str:
    return "今天" if found.day == found.today else day_of(found.day)


def _name(found: VisitDay, one: DayTeam) -> str:
    """Name a team; with its organisation where several organisations go on this day."""
    name = team_name(one.team.team.number, one.team.team.visitors)
    return name if len({other.round.id for other in found.teams}) == 1 else f"{one.org}　{name}"


def _label(state: str, *, is_past: bool) -> str:
    return "没有登记结果" if state == WAITING and is_past else LABELS[state]


def _place(stop: StopView) -> Place | None:
    return (round(stop.lonlat[0], 6), round(stop.lonlat[1], 6)) if stop.lonlat is not None else None


def _pins(one: DayTeam, number: int, *, is_past: bool) -> Iterator[dict[str, Any]]:
    there = [(place, stop) for stop in one.team.stops if (place := _place(stop)) is not None]
    for place, found in groupby(sorted(there, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        stops = [stop for _, stop in found]
        states = {state_of(stop) for stop in stops}
        state = CONFLICT if CONFLICT in states else states.pop() if len(states) == 1 else _of_several(states)
        heads = [f"第 {one.team.team.number} 组　{visitors_of(one.team.team.visitors)}"]
        yield {
            "x": place[0],
            "y": place[1],
            "t": number,
            "text": spans([stop.stop.position for stop in stops]),
            "s": state,
            "words": [*heads, *(_said(stop, is_past=is_past) for stop in stops)][:MOST_WORDS],
            "ids": [int(stop.stop.id or 0) for stop in stops],
        }


def _of_several(states: set[str]) -> str:
    """Return the state of a place with several stops: still to be visited while any of them is."""
    return WAITING if WAITING in states else MIXED


def _said(stop: StopView, *, is_past: bool) -> str:
    return f"{stop.stop.position}　{at(stop.stop.arrive)}　{stop.title}　{_label(state_of(stop), is_past=is_past)}"


def _card(found: VisitDay, here: Sequence[tuple[DayTeam, StopView]]) -> Card:
    (one, stop), *others = here
    return {
        "kind": f"走访 · {day_of(found.day)}",
        "title": stop.title if not others else f"{_place_of(stop)}　{len(here)} 处",
        "facts": [["走访", _name(found, one)], ["时间", _times(stop)], ["地点", stop.place]] if not others else [],
        "sections": [_section(one, stop, is_past=found.is_past, is_alone=not others) for one, stop in here],
        "links": list({link["href"]: link for one, _ in here for link in _links(one)}.values()),
        "note": "只有计划的路线和人工登记的结果，不记录走访人的位置",
    }


def _place_of(stop: StopView) -> str:
    return f"{stop.estate} {stop.building}".strip() or stop.place


def _times(stop: StopView) -> str:
    return f"{at(stop.stop.arrive)}—{at(stop.stop.leave)}"


def _section(one: DayTeam, stop: StopView, *, is_past: bool, is_alone: bool) -> Card:
    head = "走访对象" if is_alone else f"第 {one.team.team.number} 组第 {stop.stop.position} 处　{_times(stop)}"
    walk = said_walk(one.team.team, stop) if is_alone else ""
    title = f"{head}（{walk}）" if walk else head
    rows = [_row(one, stop, target, is_past=is_past) for target in stop.targets]
    return {"title": title, "rows": rows, "empty": "没有要走访的人"}


def _row(one: DayTeam, stop: StopView, target: TargetView, *, is_past: bool) -> Card:
    words = [f"{target.age} 岁" if target.age is not None else "", purposes_of(target.target.purposes)]
    if one.is_own and not is_group(stop):
        words += [stop.place, target.team_phone or BRANCH_CALLS]
    tag = result_of(target.result) or (LABELS[CONFLICT] if target.n_conflicts else _label(WAITING, is_past=is_past))
    tone = TONES.get(target.result.result.value, "warn") if target.result is not None else ""
    return {"main": target.name, "sub": " · ".join(word for word in words if word), "tag": tag, "tone": tone}


def _links(one: DayTeam) -> list[dict[str, str]]:
    """Return the way to the round for who plans it, to the list for who goes."""
    if not one.is_own:
        return [{"text": "打开这批走访", "href": f"/visits?round={one.round.id}&team={one.team.team.number}"}]
    sheets = [sheet for sheet in one.team.sheets if sheet.voided_on is None and sheet.returned_on is None]
    return [{"text": "打开走访单", "href": f"{PHONE}{sheets[-1].number}" if sheets else MY_PAGE}]
