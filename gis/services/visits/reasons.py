"""Why somebody is not in a round, found by trying every place in every route; and placing whom the search forgot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gis.model.visits import LeftOut
from gis.planning.visits.timing import schedule
from gis.services.visits.problem import overlaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gis.planning.visits.timing import Timing
    from gis.services.visits.doors import Door
    from gis.services.visits.problem import VisitArrays

MINUTE = 60
BENT_S = 10 * MINUTE  # estimated ways need not obey the triangle: a detour may be shorter than the way itself
NO_PLACE, NO_SESSION_PLACE = "NO_PLACE", "NO_SESSION_PLACE"
SESSION_TIME, NO_TEAM, OWN_WINDOW, TOO_LONG, FULL, TIME = (
    "SESSION_TIME",
    "NO_TEAM",
    "OWN_WINDOW",
    "TOO_LONG",
    "FULL",
    "TIME",
)
EXCLUDED, DROPPED = "EXCLUDED", "DROPPED"
#: Codes that this module gives
PLANNER_CODES = (NO_PLACE, NO_SESSION_PLACE, SESSION_TIME, NO_TEAM, OWN_WINDOW, TOO_LONG, FULL, TIME)
SAYS = {
    NO_PLACE: "住处还没有核定到小区或楼栋，请电话约定，或到“定位”页核定住址后重新安排",
    NO_SESSION_PLACE: "小组学习的时间或地点还没有登记，请到“活动”页补上后重新安排",
    EXCLUDED: "安排人指定这次不走访",
}


def clock(minutes: int) -> str:
    """Write minutes after midnight as `08:30`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def named_teams(door: Door) -> str:
    """Say which teams were named for a door."""
    return "或".join(f"第 {number} 组" for number in sorted(door.teams))


def reason_for(arrays: VisitArrays, routes: Sequence[Sequence[int]], job: int) -> LeftOut:
    """Say what keeps a job out of these routes: the rule that bars it, or how much time is missing."""
    door = arrays.doors[job]
    code, text = _barred(arrays, job) or _too_little(arrays, routes, job)
    optional = "（时间不够时可以不走）" if door.is_optional and code in (TIME, FULL) else ""
    return LeftOut(door.member_ids, code, text + optional)


def _barred(arrays: VisitArrays, job: int) -> tuple[str, str] | None:
    door, left = arrays.doors[job], np.ones(len(arrays.routes), dtype=np.bool_)
    for code in ("SESSION", "TEAM", "SCOPE", "WINDOW"):
        left &= ~arrays.bars[code][job]
        if not left.any():
            return _barred_by(code, door, arrays)
    return None


def _barred_by(code: str, door: Door, arrays: VisitArrays) -> tuple[str, str]:
    if code == "SESSION" and door.fixed_at is not None:
        at = door.fixed_at
        when = f"{at.month} 月 {at.day} 日 {at:%H:%M} 起 {door.service_min} 分钟"
        if any(overlaps(door, shift) for shift in arrays.asked):
            return TIME, f"小组学习（{when}）时各组已另有安排，多一组就能走到，或由组长自行组织"
        return SESSION_TIME, f"小组学习（{when}）不在所选的半天之内，请加上这个半天，或调整学习时间"
    if code == "TEAM":
        return NO_TEAM, f"指定由{named_teams(door)}走访，没有合适的半天，请为这一组加半天"
    if code == "SCOPE":
        return NO_TEAM, "各组都有走访人的账号管理范围不包括其所在支部，请另派走访人"
    window = door.window or (0, 0)
    own = f"{clock(window[0])}—{clock(window[1])}"
    shifts = [shift for team in arrays.teams for shift in team.shifts]
    if any(window[0] < shift.to_min and window[1] > shift.from_min for shift in shifts):
        return (
            OWN_WINDOW,
            f"本人方便的时段（{own}）与所选半天只重叠一小段，走访需要 {door.service_min} 分钟，请另约时间",
        )
    return OWN_WINDOW, f"本人方便的时段（{own}）不在所选的半天之内，请另约时间，或加上合适的半天"


def _too_little(arrays: VisitArrays, routes: Sequence[Sequence[int]], job: int) -> tuple[str, str]:
    possible = [k for k in range(len(routes)) if arrays.problem.allowed[job, k]]
    alone = any(schedule(arrays.problem, k, [job]).is_kept for k in possible)
    at = arrays.doors[job].fixed_at
    if not alone and at is not None:
        return TIME, f"小组学习（{at:%m-%d %H:%M} 起）各组都来不及赶到；多一组就能走到，或由组长自行组织"
    if not alone:
        return TOO_LONG, "路太远：单独走这一处，半天之内也来不及往返，请改乘车，或改从近处出发"
    missing = _least_overrun(arrays, routes, possible, job)
    if missing == 0:
        most = arrays.options.visit_stops_per_half_day
        return FULL, f"每组每半天至多走 {most} 户，都已排满；多一组或多一个半天就能走到"
    if missing is not None:
        minutes = max(math.ceil(missing / MINUTE), 1)
        return TIME, f"时间已经排满，还差约 {minutes} 分钟；多一组或多一个半天就能走到"
    return TIME, "合适的时段已经排满；多一组或多一个半天就能走到"


def _least_overrun(
    arrays: VisitArrays, routes: Sequence[Sequence[int]], possible: Sequence[int], job: int
) -> int | None:
    """Return how many seconds are missing at the best place of all; None: everywhere somebody would be too late."""
    best: int | None = None
    lacks = sorted((_lack(arrays, k, routes[k], job), k) for k in possible)
    for lack, k in lacks:
        if best is not None and lack >= best:
            break
        found = [timing.overrun_s for _, timing in insertions(arrays, k, routes[k], job) if not timing.late]
        best = min([*found, *([] if best is None else [best])], default=None)
    return best


def _lack(arrays: VisitArrays, route: int, jobs: Sequence[int], job: int) -> int:
    """Return how many seconds are missing at least: the visit itself less all the time that the route has to spare."""
    opens, closes = (int(second) for second in arrays.problem.open_s[route])
    spare = closes - opens
    if jobs:
        timing = schedule(arrays.problem, route, jobs)
        spare = closes - timing.end_s + timing.wait_s + timing.depart_s - opens
    return int(arrays.problem.service_s[job]) - spare - BENT_S


def insertions(
    arrays: VisitArrays, route: int, jobs: Sequence[int], job: int
) -> Iterator[tuple[tuple[int, ...], Timing]]:
    """Try a job at every place of a route; the order inside a building is kept."""
    keys, point = arrays.problem.order_key, arrays.problem.point
    for at in range(len(jobs) + 1):
        before, after = (jobs[at - 1] if at else None), (jobs[at] if at < len(jobs) else None)
        if before is not None and point[before] == point[job] and keys[before] > keys[job]:
            continue
        if after is not None and point[after] == point[job] and keys[after] < keys[job]:
            continue
        if after is not None and arrays.problem.locked_after[after] == before:
            continue
        tried = (*jobs[:at], job, *jobs[at:])
        yield tried, schedule(arrays.problem, route, tried)


def place_forgotten(
    arrays: VisitArrays, routes: Sequence[Sequence[int]], unserved: Sequence[int]
) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """Put in whoever fits as the routes are, the most urgent first; returns routes and who is still out."""
    now = [tuple(jobs) for jobs in routes]
    left = []
    for job in sorted(unserved, key=lambda job: (-int(arrays.problem.priority[job]), job)):
        fits = [
            (timing.end_s - timing.depart_s - _length(arrays, k, now[k]), k, tried)
            for k in range(len(now))
            if arrays.problem.allowed[job, k] and arrays.problem.locked_route[job] in (-1, k)
            if _lack(arrays, k, now[k], job) <= 0
            for tried, timing in insertions(arrays, k, now[k], job)
            if timing.is_kept
        ]
        if fits:
            _, k, tried = min(fits)
            now[k] = tried
        else:
            left.append(job)
    return tuple(now), tuple(sorted(left))


def _length(arrays: VisitArrays, route: int, jobs: Sequence[int]) -> int:
    if not jobs:
        return 0
    timing = schedule(arrays.problem, route, jobs)
    return timing.end_s - timing.depart_s
