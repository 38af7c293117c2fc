"""Who is left out of a checked round: every reason must hold, and nobody who would fit may be left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gis.services.plan_facts import Violation
from gis.services.visits.check_reading import SaidStop
from gis.services.visits.check_times import home_hours, in_shift
from gis.services.visits.reasons import (
    DROPPED,
    EXCLUDED,
    FULL,
    NO_PLACE,
    NO_SESSION_PLACE,
    NO_TEAM,
    OWN_WINDOW,
    PLANNER_CODES,
    SESSION_TIME,
    TIME,
    TOO_LONG,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.services.visits.check_facts import VisitFacts
    from gis.services.visits.check_reading import SaidLeft, SaidRound, SaidTeam
    from gis.services.visits.check_walks import LonLat

MINUTE = 60
SLACK_S = 2


@dataclass(frozen=True)
class _Call:
    """One visit as the clock sees it: where, the span in which it may begin, and how long it takes; seconds."""

    at: LonLat
    earliest: float
    latest: float
    service: float


def _reasons(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    for one in said.left_out:
        if not one.members:
            yield Violation("NOBODY", one.where, "没有写明是谁")
        if not one.reason.strip() or not one.code.strip():
            yield Violation("NO_REASON", one.where, "没有写明原因")
        for number in one.members:
            if facts.member(number) is None:
                yield Violation("MEMBER_UNKNOWN", one.where, f"没有党员 {number}，或不在管理范围内")
        if not _holds(one, said, facts):
            yield Violation("REASON_WRONG", one.where, f"写的原因（{one.code}）与数据库不符")


def _holds(one: SaidLeft, said: SaidRound, facts: VisitFacts) -> bool:
    """Whether a reason is true today; of a list made on another day only what does not change is asked."""
    if one.code == EXCLUDED:
        return all(number in said.request.exclude for number in one.members)
    if one.code == DROPPED or not facts.is_today:
        return True
    if one.code not in PLANNER_CODES:
        return all(facts.barred.get(number) == one.code for number in one.members)
    return all(number in facts.due for number in one.members) and _TRUE[one.code](one, said, facts)


def _has_no_place(one: SaidLeft, _: SaidRound, facts: VisitFacts) -> bool:
    is_group = _as_stop(one, facts).group_id is not None
    return is_group == (one.code == NO_SESSION_PLACE) and _lonlat(one, facts) is None


def _session_is_outside(one: SaidLeft, said: SaidRound, facts: VisitFacts) -> bool:
    is_group = _as_stop(one, facts).group_id is not None
    return is_group and not any(_session_fits(one, team, k, facts) for team in said.teams for k in _shifts(team))


def _is_never_open(one: SaidLeft, said: SaidRound, facts: VisitFacts) -> bool:
    return not any(_meets(one, team, k, said, facts) for team in said.teams for k in _shifts(team))


def _has_no_team(one: SaidLeft, said: SaidRound, facts: VisitFacts) -> bool:
    mine = [team for team in said.teams if _may(one, team, said, facts)]
    is_group = _as_stop(one, facts).group_id is not None

    def is_possible(team: SaidTeam, number: int) -> bool:
        return _session_fits(one, team, number, facts) if is_group else _meets(one, team, number, said, facts)

    return not any(is_possible(team, k) for team in mine for k in _shifts(team))


def _is_tried(_one: SaidLeft, _said: SaidRound, _facts: VisitFacts) -> bool:
    """Too little time is tried by `_servable`."""
    return True


_TRUE: dict[str, Callable[[SaidLeft, SaidRound, VisitFacts], bool]] = {
    NO_PLACE: _has_no_place,
    NO_SESSION_PLACE: _has_no_place,
    SESSION_TIME: _session_is_outside,
    OWN_WINDOW: _is_never_open,
    NO_TEAM: _has_no_team,
    TOO_LONG: _is_tried,
    FULL: _is_tried,
    TIME: _is_tried,
}


def _shifts(team: SaidTeam) -> range:
    return range(len(team.shifts))


def _session_fits(one: SaidLeft, team: SaidTeam, number: int, facts: VisitFacts) -> bool:
    call, at, shift = _call(one, facts), _begins(one, facts), team.shifts[number]
    if call is None or at is None or at.date() != shift.day:
        return False
    return shift.from_min * 60 <= call.earliest and call.earliest + call.service <= shift.to_min * 60


def _meets(one: SaidLeft, team: SaidTeam, number: int, said: SaidRound, facts: VisitFacts) -> bool:
    """Whether the own time lets the visit begin and end within a half-day."""
    call, hours = _call(one, facts), home_hours(team.shifts[number], said, facts)
    if call is None or hours is None:
        return False
    begin = max(call.earliest, hours[0] * 60)
    return begin <= call.latest and begin + call.service <= hours[1] * 60


def _may(one: SaidLeft, team: SaidTeam, said: SaidRound, facts: VisitFacts) -> bool:
    asked = {said.request.must_with[number] for number in one.members if number in said.request.must_with}
    if asked and team.number not in asked:
        return False
    people = [facts.member(number) for number in one.members]
    known = [number for number in facts.accounts.known if number in team.user_ids]
    return all(facts.accounts.covers(user, who.branch_id) for user in known for who in people if who is not None)


def _servable(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    """Whoever is left out for lack of time fits nowhere: every place in every half-day is tried."""
    if not facts.is_today:
        return
    for one in said.left_out:
        if one.code not in (TIME, FULL, TOO_LONG) or not all(number in facts.due for number in one.members):
            continue
        call = _call(one, facts)
        if call is None:
            continue
        for team in said.teams:
            if _may(one, team, said, facts) and any(_fits(call, one, team, k, said, facts) for k in _shifts(team)):
                yield Violation("SERVABLE", one.where, f"说是时间不够，其实{team.where}排得下")
                break


def _fits(call: _Call, one: SaidLeft, team: SaidTeam, number: int, said: SaidRound, facts: VisitFacts) -> bool:
    stops, at = in_shift(team, number), _begins(one, facts)
    if len(stops) >= facts.options.visit_stops_per_half_day:
        return False
    if at is not None and at.date() != team.shifts[number].day:
        return False
    calls = [found for stop in stops if (found := _stop_call(stop, facts)) is not None]
    if any(call.at == other.at for other in calls):  # the order inside a building binds the planner, not this trial
        return False
    return any(_in_time([*calls[:k], call, *calls[k:]], team, number, said, facts) for k in range(len(calls) + 1))


def _in_time(calls: list[_Call], team: SaidTeam, number: int, said: SaidRound, facts: VisitFacts) -> bool:
    shift, here = team.shifts[number], facts.starts.get(team.number)
    hours = home_hours(shift, said, facts)
    now = float(shift.from_min * 60)
    for call in calls:
        if here is not None:
            now += facts.travel_s(team.way, facts.ways.leg(here, call.at).metres)
        now = max(now, call.earliest)
        is_session = call.earliest == call.latest
        if now > call.latest or (hours is not None and not is_session and now < hours[0] * 60):
            return False
        now, here = now + call.service, call.at
    start = facts.starts.get(team.number)
    if start is not None and here is not None and team.is_returning:
        now += facts.travel_s(team.way, facts.ways.leg(here, start).metres)
    return now + SLACK_S < shift.to_min * 60


def _as_stop(one: SaidLeft, facts: VisitFacts) -> SaidStop:
    """Return somebody left out as a stop that could have been: at home, or where the group meets."""
    due = facts.due.get(one.members[0]) if one.members else None
    return SaidStop(
        where=one.where,
        members=one.members,
        shift=0,
        position=0,
        arrive=datetime.min,  # noqa: DTZ901  # never looked at
        leave=datetime.min,  # noqa: DTZ901  # as above
        travel_min=0.0,
        walk_m=0.0,
        service_min=0.0,
        is_estimated=False,
        is_optional=False,
        window=None,
        group_id=due.group_id if due is not None else None,
        session_id=due.session_id if due is not None else None,
    )


def _begins(one: SaidLeft, facts: VisitFacts) -> datetime | None:
    stop = _as_stop(one, facts)
    return facts.begins_at(stop) if stop.group_id is not None else None


def _lonlat(one: SaidLeft, facts: VisitFacts) -> LonLat | None:
    stop = _as_stop(one, facts)
    if stop.group_id is not None and facts.begins_at(stop) is None:
        return None
    return facts.lonlat(stop)


def _call(one: SaidLeft, facts: VisitFacts) -> _Call | None:
    return _stop_call(_as_stop(one, facts), facts)


def _stop_call(stop: SaidStop, facts: VisitFacts) -> _Call | None:
    place, is_group = facts.place(stop), stop.group_id is not None
    if place is None:
        return None
    service = math.ceil(facts.service_min(stop.members, place, is_group=is_group) - 1e-9) * MINUTE
    if is_group:
        at = facts.begins_at(stop)
        second = 0 if at is None else (at.hour * 60 + at.minute) * MINUTE
        return _Call((place.lon, place.lat), second, second, service)
    window = facts.window(stop.members)
    if window is None:
        return _Call((place.lon, place.lat), 0, math.inf, service)
    return _Call((place.lon, place.lat), window[0] * 60, max(window[0] * 60, window[1] * 60 - service), service)


LEFT_RULES: tuple[Callable[[SaidRound, VisitFacts], Iterator[Violation]], ...] = (_reasons, _servable)
