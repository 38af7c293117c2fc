"""The clock of a checked round: half-days, ways, visits, own times, sessions, order inside a building."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from gis.services.plan_facts import Violation
from gis.services.visits.request import HalfDay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.services.visits.check_facts import VisitFacts
    from gis.services.visits.check_reading import SaidRound, SaidShift, SaidStop, SaidTeam

WALK_TOLERANCE_M = 1.0  # documents round to 0.1 m; a street is not known better than a metre
CLOCK_TOLERANCE_S = 2.0
MINUTES_TOLERANCE = 1.0
SLOT_MIN = 5  # a half-day lengthened for a session begins at a full five minutes
MINUTE = 60


def half_days(facts: VisitFacts) -> dict[str, tuple[int, int]]:
    """Return the hours of the half-days in minutes after midnight."""
    options = facts.options
    return {
        HalfDay.AM.value: (round(options.visit_am_from * 60), round(options.visit_am_to * 60)),
        HalfDay.PM.value: (round(options.visit_pm_from * 60), round(options.visit_pm_to * 60)),
    }


def home_hours(shift: SaidShift, said: SaidRound, facts: VisitFacts) -> tuple[int, int] | None:
    """Return the hours of the asked half-day that a shift is or holds, None: of none."""
    hours = [half_days(facts)[half] for half in said.request.halves if half in half_days(facts)]
    return next((one for one in hours if shift.from_min <= one[0] and one[1] <= shift.to_min), None)


def in_shift(team: SaidTeam, number: int) -> list[SaidStop]:
    """Return the stops of one half-day in the order of the document."""
    return [stop for stop in team.stops if stop.shift == number]


def _shifts(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    for team in said.teams:
        if len(set(team.shifts)) < len(team.shifts):
            yield Violation("SHIFT_TWICE", team.where, "同一个半天出现两次")
        for number, shift in enumerate(team.shifts):
            where = f"{team.where} {shift.day} 第 {number + 1} 个半天"
            if shift.day not in said.request.days:
                yield Violation("SHIFT_DAY", where, "不在所选的日期之内")
            hours = home_hours(shift, said, facts)
            if hours is None:
                yield Violation("SHIFT_HOURS", where, "不是所选的半天，时间与设置不符")
            elif hours != (shift.from_min, shift.to_min):
                yield from _longer(team, number, hours, where, facts)
        for stop in team.stops:
            if not 0 <= stop.shift < len(team.shifts):
                yield Violation("SHIFT_UNKNOWN", stop.where, "写的半天不存在")
            elif stop.arrive.date() != team.shifts[stop.shift].day:
                yield Violation("SHIFT_DAY", stop.where, "到达的日期与半天不符")


def _longer(team: SaidTeam, number: int, hours: tuple[int, int], where: str, facts: VisitFacts) -> Iterator[Violation]:
    """Let a half-day be longer only for a session that begins before it or ends after it."""
    shift, stops = team.shifts[number], in_shift(team, number)
    start = facts.starts.get(team.number)
    begins = [facts.begins_at(stop) for stop in stops if stop.group_id is not None]
    sessions = [(stop, at) for stop, at in zip((s for s in stops if s.group_id is not None), begins, strict=True) if at]

    def way_min(stop: SaidStop) -> float:
        there = facts.lonlat(stop)
        return (
            0.0
            if start is None or there is None
            else facts.travel_s(team.way, facts.ways.leg(start, there).metres) / 60
        )

    before = [at.hour * 60 + at.minute - way_min(stop) for stop, at in sessions if at.hour * 60 + at.minute < hours[0]]
    after = [
        at.hour * 60 + at.minute + stop.service_min + way_min(stop)
        for stop, at in sessions
        if at.hour * 60 + at.minute + stop.service_min > hours[1]
    ]
    if shift.from_min < min(before, default=hours[0]) - 2 * SLOT_MIN:
        yield Violation("SHIFT_HOURS", where, "比设置的半天开始得早，也没有要赶的小组学习")
    if shift.to_min > max(after, default=hours[1]) + 2 * SLOT_MIN:
        yield Violation("SHIFT_HOURS", where, "比设置的半天结束得晚，也没有这样的小组学习")


def _ways(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    for team in said.teams:
        for number in range(len(team.shifts)):
            here = facts.starts.get(team.number)
            for stop in in_shift(team, number):
                there, place = facts.lonlat(stop), facts.place(stop)
                if there is None or place is None:
                    yield Violation("NO_PLACE", stop.where, "住处或学习地点没有位置")
                    continue
                metres, is_estimated = 0.0, not place.is_exact
                if here is not None:
                    leg = facts.ways.leg(here, there)
                    metres, is_estimated = leg.metres, is_estimated or leg.is_estimated
                if abs(stop.walk_m - metres) > WALK_TOLERANCE_M:
                    yield Violation(
                        "WALK_WRONG", stop.where, f"路程写 {stop.walk_m:.1f} 米，重新测量为 {metres:.1f} 米"
                    )
                minutes = facts.travel_s(team.way, metres) / 60
                if abs(stop.travel_min - minutes) * 60 > CLOCK_TOLERANCE_S:
                    yield Violation(
                        "TRAVEL_WRONG", stop.where, f"路上写 {stop.travel_min:.1f} 分钟，重新计算为 {minutes:.1f} 分钟"
                    )
                if stop.is_estimated != is_estimated:
                    yield Violation("ESTIMATED", stop.where, "是否估算与重新测量的不符")
                here = there


def _clock(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    """Every visit begins as early as the way, the own time and the session allow."""
    for team in said.teams:
        for number, shift in enumerate(team.shifts):
            midnight = datetime.combine(shift.day, time())
            free, here = midnight + timedelta(minutes=shift.from_min), facts.starts.get(team.number)
            for stop in in_shift(team, number):
                there = facts.lonlat(stop)
                metres = facts.ways.leg(here, there).metres if here is not None and there is not None else 0.0
                ready = free + timedelta(seconds=facts.travel_s(team.way, metres))
                begin = max(ready, _earliest(stop, midnight, facts))
                if abs((stop.arrive - begin).total_seconds()) > CLOCK_TOLERANCE_S:
                    yield Violation("ARRIVE_WRONG", stop.where, f"到达写 {stop.arrive:%H:%M:%S}，应为 {begin:%H:%M:%S}")
                if stop.arrive < ready - timedelta(seconds=CLOCK_TOLERANCE_S):
                    yield Violation("TOO_EARLY", stop.where, "上一处还没有走完，或路上来不及")
                free, here = stop.leave, there


def _earliest(stop: SaidStop, midnight: datetime, facts: VisitFacts) -> datetime:
    if stop.group_id is not None:
        return facts.begins_at(stop) or midnight
    window = facts.window(stop.members)
    return midnight + timedelta(minutes=window[0]) if window is not None else midnight


def _services(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    for _, stop in said.stops:
        place = facts.place(stop)
        if place is None:
            continue
        minutes = math.ceil(facts.service_min(stop.members, place, is_group=stop.group_id is not None) - 1e-9)
        if stop.service_min != minutes:
            yield Violation("SERVICE_WRONG", stop.where, f"停留写 {stop.service_min:g} 分钟，应为 {minutes} 分钟")
        if abs((stop.leave - stop.arrive).total_seconds() - minutes * 60) > CLOCK_TOLERANCE_S:
            yield Violation("LEAVE_WRONG", stop.where, f"离开写 {stop.leave:%H:%M:%S}，应是到达后 {minutes} 分钟")


def _own_times(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    for team, stop in said.stops:
        midnight = datetime.combine(stop.arrive.date(), time())
        begin, end = ((one - midnight).total_seconds() / MINUTE for one in (stop.arrive, stop.leave))
        slack = CLOCK_TOLERANCE_S / MINUTE
        if stop.group_id is not None:
            at = facts.begins_at(stop)
            if at is not None and abs((stop.arrive - at).total_seconds()) > CLOCK_TOLERANCE_S:
                yield Violation(
                    "SESSION_TIME", stop.where, f"小组学习 {at:%m-%d %H:%M} 开始，安排为 {stop.arrive:%m-%d %H:%M}"
                )
            continue
        window = facts.window(stop.members)
        if window != stop.window:
            yield Violation("WINDOW_WRONG", stop.where, "本人方便的时段与联系卡不符")
        if window is not None:
            latest = max(window[0], window[1] - stop.service_min)
            if begin < window[0] - slack or begin > latest + slack:
                yield Violation("WINDOW", stop.where, "不在本人方便的时段之内")
        hours = home_hours(team.shifts[stop.shift], said, facts) if 0 <= stop.shift < len(team.shifts) else None
        if hours is not None and (begin < hours[0] - slack or end > hours[1] + slack):
            yield Violation("HALF_DAY", stop.where, "不在走访的半天之内")


def _ends(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    """Every half-day is over in time, the way back included, and the minutes add up."""
    for team in said.teams:
        total, start = 0.0, facts.starts.get(team.number)
        for number, shift in enumerate(team.shifts):
            stops = in_shift(team, number)
            if not stops:
                continue
            last, first = facts.lonlat(stops[-1]), facts.lonlat(stops[0])
            out = facts.travel_s(team.way, facts.ways.leg(start, first).metres) if start and first else 0
            back = facts.travel_s(team.way, facts.ways.leg(last, start).metres) if start and last else 0
            end = stops[-1].leave + timedelta(seconds=back if team.is_returning else 0)
            total += (end - stops[0].arrive).total_seconds() / 60 + out / 60
            closes = datetime.combine(shift.day, time()) + timedelta(minutes=shift.to_min)
            if end > closes + timedelta(seconds=CLOCK_TOLERANCE_S):
                yield Violation("HOURS", f"{team.where} {shift.day}", f"{end:%H:%M} 才能走完，晚于 {closes:%H:%M}")
            if len(stops) > facts.options.visit_stops_per_half_day:
                most = facts.options.visit_stops_per_half_day
                yield Violation("CAPACITY", f"{team.where} {shift.day}", f"半天走 {len(stops)} 处，至多 {most} 处")
        if abs(team.minutes - total) > MINUTES_TOLERANCE:
            yield Violation("MINUTES_WRONG", team.where, f"总时间写 {team.minutes:g} 分钟，重新计算为 {total:.0f} 分钟")


def _order(said: SaidRound, facts: VisitFacts) -> Iterator[Violation]:
    """Doors of one building stand in its order where nobody has a time of their own: unit, then floor by floor."""
    for team in said.teams:
        for number in range(len(team.shifts)):
            stops = in_shift(team, number)
            free = Counter(stop.where for stop in stops if stop.group_id is None and stop.window is None)
            for one, other in itertools.pairwise(stops):
                here, there = facts.place(one), facts.place(other)
                if here is None or there is None or not (free[one.where] and free[other.where]):
                    continue
                if here.building_id is not None and here.building_id == there.building_id and here.order > there.order:
                    yield Violation("ORDER", other.where, f"与{one.where}在同一幢楼，应先走这一处")


TIME_RULES: tuple[Callable[[SaidRound, VisitFacts], Iterator[Violation]], ...] = (
    _shifts,
    _ways,
    _clock,
    _services,
    _own_times,
    _ends,
    _order,
)
