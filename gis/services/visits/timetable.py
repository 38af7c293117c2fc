"""Routes of job numbers → teams with their stops by the clock, and the figures of a round."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from gis.model.visits import VisitStop
from gis.planning.visits.problem import NOWHERE
from gis.planning.visits.timing import schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.visits import VisitRound, VisitTeam
    from gis.services.visits.problem import VisitArrays

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What a team does, all its half-days together; seconds and metres, the ways out and back included."""

    total_s: int = 0
    travel_s: int = 0
    service_s: int = 0
    wait_s: int = 0
    walk_m: float = 0.0
    stops: int = 0

    @property
    def minutes(self) -> int:
        """From setting out to being back, whole minutes."""
        return round(self.total_s / MINUTE)


def planned_teams(arrays: VisitArrays, routes: Sequence[Sequence[int]]) -> tuple[VisitTeam, ...]:
    """Put the stops of each route into its team, with all times."""
    teams = []
    for t, team in enumerate(arrays.teams):
        stops: list[VisitStop] = []
        for k, key in enumerate(arrays.routes):
            if key.team == t:
                stops += _stops(arrays, k, routes[k], len(stops))
        teams.append(replace(team, stops=tuple(stops)))
    return tuple(teams)


def _stops(arrays: VisitArrays, route: int, jobs: Sequence[int], before: int) -> list[VisitStop]:
    timing, key = schedule(arrays.problem, route, jobs), arrays.routes[route]
    midnight = datetime.combine(arrays.shift(route).day, time())
    found = []
    for i, (job, (walk_m, seconds, is_estimated)) in enumerate(zip(jobs, legs(arrays, route, jobs), strict=False)):
        door = arrays.doors[job]
        found.append(
            VisitStop(
                targets=door.targets,
                shift=key.shift,
                position=before + i + 1,
                arrive=midnight + timedelta(seconds=timing.arrive_s[i]),
                leave=midnight + timedelta(seconds=timing.leave_s[i]),
                travel_min=round(seconds / MINUTE, 2),
                walk_m=round(walk_m, 1),
                service_min=door.service_min,
                is_estimated=is_estimated or not door.place.is_exact,
                is_locked=door.is_locked,
                is_optional=door.is_optional,
                group_id=door.group_id,
                session_id=door.session_id,
                window=door.window,
                id=door.stop_id,
            )
        )
    return found


def legs(arrays: VisitArrays, route: int, jobs: Sequence[int]) -> list[tuple[float, int, bool]]:
    """Return metres, seconds and whether it is estimated, of the way to each stop; last the way back, if any."""
    problem, travel = arrays.problem, arrays.travel
    seconds = problem.travel_s[problem.way[route]]
    points = [int(problem.start[route]), *(int(problem.point[job]) for job in jobs)]
    if jobs and problem.end[route] != NOWHERE:
        points.append(int(problem.end[route]))
    found = []
    for here, there in itertools.pairwise(points):
        if here == NOWHERE:
            found.append((0.0, 0, False))
        else:
            metres = float(travel.walk_m[here, there])
            found.append((metres, int(seconds[here, there]), bool(travel.estimated[here, there])))
    return found


def loads(arrays: VisitArrays, routes: Sequence[Sequence[int]]) -> tuple[Load, ...]:
    """Return what each team does."""
    found = [Load()] * len(arrays.teams)
    for k, jobs in enumerate(routes):
        if not jobs:
            continue
        timing, t = schedule(arrays.problem, k, jobs), arrays.routes[k].team
        one = found[t]
        found[t] = Load(
            total_s=one.total_s + timing.end_s - timing.depart_s,
            travel_s=one.travel_s + timing.travel_s,
            service_s=one.service_s + sum(int(arrays.problem.service_s[job]) for job in jobs),
            wait_s=one.wait_s + timing.wait_s,
            walk_m=one.walk_m + sum(metres for metres, _, _ in legs(arrays, k, jobs)),
            stops=one.stops + len(jobs),
        )
    return tuple(found)


def scores_of(arrays: VisitArrays, routes: Sequence[Sequence[int]], n_left: int) -> dict[str, object]:
    """Return the figures of a round; `n_left` members are left out."""
    team_loads = loads(arrays, routes)
    served = [(job, k) for k, jobs in enumerate(routes) for job in jobs]
    planned = sum(len(arrays.doors[job].targets) for job, _ in served)
    known = [(job, k) for job, k in served if arrays.doors[job].last_by]
    again = sum(int(arrays.problem.strangeness_s[job, k]) == 0 for job, k in known)
    estimated = sum(leg[2] for k, jobs in enumerate(routes) for leg in legs(arrays, k, jobs))
    return {
        "asked": planned + n_left,
        "planned": planned,
        "left_out": n_left,
        "stops": len(served),
        "minutes": sum(one.minutes for one in team_loads),
        "travel_min": round(sum(one.travel_s for one in team_loads) / MINUTE, 1),
        "service_min": sum(one.service_s for one in team_loads) // MINUTE,
        "wait_min": round(sum(one.wait_s for one in team_loads) / MINUTE, 1),
        "walk_m": round(sum(one.walk_m for one in team_loads)),
        "longest_team_min": max((one.minutes for one in team_loads), default=0),
        "shortest_team_min": min((one.minutes for one in team_loads), default=0),
        "same_visitor": again,
        "same_visitor_of": len(known),
        "estimated_legs": estimated,
        "teams": [
            {
                "number": team.number,
                "minutes": one.minutes,
                "travel_min": round(one.travel_s / MINUTE, 1),
                "walk_m": round(one.walk_m),
                "stops": one.stops,
            }
            for team, one in zip(arrays.teams, team_loads, strict=True)
        ],
    }


def team_minutes(planned: VisitRound) -> dict[int, int]:
    """Return the minutes of each team by number, as the scores of the round say."""
    teams = planned.scores.get("teams")
    if not isinstance(teams, list):
        return {team.number: 0 for team in planned.teams}
    return {one["number"]: one["minutes"] for one in teams}
