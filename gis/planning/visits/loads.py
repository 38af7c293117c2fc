"""How long each team works, how long it should, and what unevenness is worth in travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gis.planning.visits.plans import Routes, Task
    from gis.planning.visits.problem import IntArray

WORTH_S = 4  # seconds of unevenness that a second of travel must take away


def teams_of(task: Task) -> list[int]:
    """List the teams that could do any visit."""
    routes = np.flatnonzero(task.nodes.allowed.any(axis=0))
    return sorted(set(task.problem.team[routes].tolist()))


def hours_s(task: Task) -> IntArray:
    """Return how long each route is open."""
    return np.asarray(np.maximum(0, task.problem.open_s[:, 1] - task.problem.open_s[:, 0]), dtype=np.int64)


def loads_s(task: Task, routes: Routes) -> dict[int, int]:
    """Add up the working time of each team: travel and visits, waits left out."""
    loads = dict.fromkeys(task.problem.team.tolist(), 0)
    for route, visits in enumerate(routes):
        loads[int(task.problem.team[route])] += task.work_s(route, visits)
    return loads


def rooms_s(task: Task) -> dict[int, int]:
    """Return how long each team that could do any visit is there in all, the shortest first."""
    hours = hours_s(task)
    rooms = {team: int(hours[task.problem.team == team].sum()) for team in teams_of(task)}
    return dict(sorted(rooms.items(), key=lambda room: room[1]))


def targets_s(rooms: dict[int, int], work: int) -> dict[int, float]:
    """Fill all teams to one level, those with few hours only up to them."""
    left, targets = float(work), {}
    for count, (team, room) in enumerate(rooms.items()):
        targets[team] = min(float(room), left / (len(rooms) - count))
        left -= targets[team]
    return targets


def unevenness_s(rooms: dict[int, int], loads: dict[int, int]) -> float:
    """Add up how far each team is from the level; for two teams this is what one works longer than the other."""
    targets = targets_s(rooms, sum(loads.values()))
    return sum(abs(loads[team] - targets[team]) for team in targets)


def spread_s(task: Task, routes: Routes) -> int:
    """Measure how much longer the longest team works than the shortest of those that could work."""
    loads = loads_s(task, routes)
    some = [loads[team] for team in teams_of(task)]
    return max(some) - min(some) if some else 0


def burden_s(task: Task, routes: Routes) -> float:
    """Cost of a plan and its unevenness as the travel that it is worth."""
    return task.worth(routes).cost_s + unevenness_s(rooms_s(task), loads_s(task, routes)) / WORTH_S
