"""新的走访, third step: the teams — who goes, how, from where, in which half-days, whom they know."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import streamlit as st

from gis.model.visits import TravelWay, Visitor
from gis.services.visits.people import visit_options
from gis.services.visits.request import TeamRequest, VisitRequest, shifts_of
from gis.services.visits.views import possible_visitors
from gis.ui.text import distinct
from gis.ui.visits.words import half_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.delta_generator import DeltaGenerator

    from gis.model.access import Actor
    from gis.model.ids import MemberId, VenueId
    from gis.model.settings import OfficeSettings
    from gis.model.visits import Shift
    from gis.store.database import Store
    from gis.ui.visits.ask import Asked
    from gis.ui.visits.due import Chosen

MOST_TEAMS, MOST_SECONDS, SECONDS = 20, 120, 5
LONGEST_MATERIAL = 100
BETWEEN_MIN = 10  # a usual way between two doors of one village
OWN_PLACE, FIRST_DOOR = "own", "first"
STARTS = {OWN_PLACE: "本组织的活动地点", FIRST_DOOR: "从第一户开始"}
WAYS = {way.value: way for way in TravelWay}


def ask_teams(actor: Actor, store: Store, asked: Asked, chosen: Chosen) -> VisitRequest | None:
    """Ask for the teams; the request when 测算 has been pressed in this run."""
    options = visit_options(actor, store)
    shifts = shifts_of(asked.days, asked.halves, options)
    fit = _teams_for(len(chosen.due), shifts, options)
    count, material, seconds = st.columns([2, 5, 2], vertical_alignment="bottom")
    many = int(count.number_input("几个组", 1, MOST_TEAMS, min(fit, MOST_TEAMS), key="visits_teams"))
    brought = material.text_input(
        "带什么材料", max_chars=LONGEST_MATERIAL, key="visits_material", placeholder="例如：学习资料、大字版简报"
    )
    limit = seconds.number_input("最多计算几秒", 1, MOST_SECONDS, SECONDS, key="visits_seconds")
    st.caption(
        f"每户停留 {options.visit_minutes} 分钟，每组每半天至多走 {options.visit_stops_per_half_day} 户，"
        f"这份名单大约要 {fit} 个组。两人同行为宜；"
        "没有账号的走访人直接写名字，他们带纸质单。"
    )
    known = _visitors(actor, store, asked)
    teams: list[TeamRequest] = []
    must_with: dict[MemberId, int] = {}
    for number in range(1, many + 1):
        team, theirs = _ask_team(number, asked, chosen, known, shifts)
        teams.append(team)
        must_with |= dict.fromkeys(theirs, number)
    if not st.button("测算路线", type="primary", key="visits_go"):
        return None
    return VisitRequest(
        org_id=asked.org_id,
        days=asked.days,
        halves=asked.halves,
        teams=tuple(teams),
        kinds=asked.kinds,
        everyone=asked.everyone,
        member_ids=chosen.added,
        exclude=chosen.excluded,
        must_with=must_with,
        seconds=float(limit),
        material=brought.strip(),
    )


def _teams_for(count: int, shifts: tuple[Shift, ...], options: OfficeSettings) -> int:
    """Guess how many teams a list needs; the planning says it exactly."""
    each = options.visit_minutes + BETWEEN_MIN
    fit = sum(min(options.visit_stops_per_half_day, (one.to_min - one.from_min) // each) for one in shifts)
    return max(1, ceil(count / max(1, fit)))


def _visitors(actor: Actor, store: Store, asked: Asked) -> Mapping[str, Visitor]:
    """Return those with an account by what the list shows."""
    found = possible_visitors(actor, store, asked.org_id)
    shown = distinct({number: one.name for number, one in enumerate(found)})
    return {shown[number]: one for number, one in enumerate(found)}


def _ask_team(
    number: int, asked: Asked, chosen: Chosen, known: Mapping[str, Visitor], shifts: tuple[Shift, ...]
) -> tuple[TeamRequest, list[MemberId]]:
    with st.container(border=True, key=f"jj_visits_team_{number}"):
        who, how, where = st.columns([5, 2, 4], vertical_alignment="bottom")
        names = who.multiselect(
            f"第 {number} 组走访人",
            list(known),
            accept_new_options=True,
            select_all=False,
            placeholder="选人，或写名字后按回车",
            key=f"visits_who_{number}",
        )
        way = how.selectbox("怎样走", list(WAYS), format_func=lambda code: WAYS[code].label, key=f"visits_way_{number}")
        start = _ask_start(where, asked.venues, number)
        mine, theirs = _ask_rest(number, asked, chosen, shifts)
    team = TeamRequest(
        visitors=tuple(known.get(name) or Visitor(name.strip()) for name in names if name.strip()),
        way=WAYS[way],
        start_venue_id=start if not isinstance(start, str) else None,
        is_from_first_door=start == FIRST_DOOR,
        is_returning=start != FIRST_DOOR,
        shifts=mine,
    )
    return team, theirs


def _ask_start(place: DeltaGenerator, venues: Mapping[VenueId, str], number: int) -> VenueId | str:
    shown = distinct(dict(venues))
    names: dict[VenueId | str, str] = {}
    names.update(STARTS.items())
    names.update(shown.items())
    start: VenueId | str = place.selectbox(
        "从哪里出发", list(names), format_func=lambda one: names[one], key=f"visits_start_{number}"
    )
    return start


def _ask_rest(
    number: int, asked: Asked, chosen: Chosen, shifts: tuple[Shift, ...]
) -> tuple[tuple[Shift, ...] | None, list[MemberId]]:
    """Ask for what few teams need: fewer half-days, named buddies."""
    with st.expander("只走其中几个半天、指定由这组去的人"):
        halves, buddies = st.columns(2)
        stamp = "-".join(f"{day:%m%d}" for day in asked.days) + "".join(half.value for half in asked.halves)
        went = halves.multiselect(
            "这组走哪几个半天",
            list(range(len(shifts))),
            format_func=lambda index: half_of(shifts[index]),
            placeholder="全部半天",
            key=f"visits_shifts_{number}_{stamp}",
        )
        people = distinct(
            {
                one.member_id: f"{who.name}　{who.place}"
                for one in chosen.due
                if one.group_id is None and (who := chosen.people.get(one.member_id)) is not None
            }
        )
        theirs = buddies.multiselect(
            "指定由这组去看的人（结对、熟悉）",
            list(people),
            format_func=lambda one: people[one],
            placeholder="不指定",
            key=f"visits_with_{number}",
        )
    return (tuple(shifts[index] for index in sorted(went)) if went else None), list(theirs)
