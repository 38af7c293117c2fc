"""What is wrong with a round changed by hand, each as a sentence: named to the planner, never refused."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.planning.visits.timing import schedule
from gis.services.visits.reasons import clock, named_teams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.ids import StopId
    from gis.planning.visits.timing import Timing
    from gis.services.visits.doors import Door
    from gis.services.visits.draft import Opened, Timed

MINUTE = 60


@dataclass(frozen=True, slots=True)
class EditProblem:
    """Something the planner should know: `message` is a sentence, `code` says which rule."""

    code: str
    where: str
    message: str
    stop_id: StopId | None = None


def problems_of(opened: Opened, timed: Timed) -> tuple[EditProblem, ...]:
    """Name everything that the routes break."""
    return tuple(_problems(opened, timed))


def _problems(opened: Opened, timed: Timed) -> Iterator[EditProblem]:
    arrays = timed.arrays
    for route, jobs in enumerate(timed.routes):
        if not jobs:
            continue
        shift, team = arrays.shift(route), arrays.teams[arrays.routes[route].team]
        timing = schedule(arrays.problem, route, jobs)
        where = f"第 {team.number} 组 {shift.day.month} 月 {shift.day.day} 日"
        if timing.overrun_s:
            minutes = math.ceil(timing.overrun_s / MINUTE)
            yield EditProblem("HOURS", where, f"超出半天 {minutes} 分钟：{clock(shift.to_min)} 前走不完")
        if timing.demand_over:
            most = opened.options.visit_stops_per_half_day
            yield EditProblem("CAPACITY", where, f"超过户数：{len(jobs)} 户，每组每半天至多 {most} 户")
        for at, job in enumerate(jobs):
            door = arrays.doors[job]
            codes = arrays.barred_by(job, route)
            asked = arrays.asked[route]
            if door.fixed_at is None and timing.arrive_s[at] < asked.from_min * MINUTE:
                begin = clock(timing.arrive_s[at] // MINUTE)
                message = f"{begin} 还不到走访的半天（{clock(asked.from_min)} 起）"
                yield EditProblem("HALF_DAY", f"{where} {opened.name(door)}", message, door.stop_id)
            for code, message in _of_door(door, codes, timing, (at, job)):
                yield EditProblem(code, f"{where} {opened.name(door)}", message, door.stop_id)


def _of_door(door: Door, codes: tuple[str, ...], timing: Timing, at_job: tuple[int, int]) -> Iterator[tuple[str, str]]:
    at, job = at_job
    begin = clock(timing.arrive_s[at] // MINUTE)
    if "SCOPE" in codes:
        yield "NO_RIGHT", "该组无权走访：组内有走访人的账号管理范围不包括其所在支部"
    if "TEAM" in codes:
        yield "BUDDY", f"指定由{named_teams(door)}走访"
    if door.fixed_at is not None:
        if "SESSION" in codes:
            yield "SESSION", f"小组学习 {door.fixed_at:%m-%d %H:%M} 开始，不在这个半天之内"
        elif job in timing.late:
            yield "SESSION", f"小组学习 {door.fixed_at:%H:%M} 开始，{begin} 才到"
    elif door.window is not None and ("WINDOW" in codes or job in timing.late):
        own = f"{clock(door.window[0])}—{clock(door.window[1])}"
        yield "WINDOW", f"本人时段外：方便的时段是 {own}，安排在 {begin}"
