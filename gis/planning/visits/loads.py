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


def targets_s(task: Task, work: int) -> dict[int, float]:
    """Fill all teams to one level, those with few hours only up to them."""
    hours = hours_s(task)
    room = {team: int(hours[task.problem.team == team].sum()) for team in teams_of(task)}
    left, teams = float(work), sorted(room, key=room.__getitem__)
    targets = {}
    for count, team in enumerate(teams):
        targets[team] = min(float(room[team]), left / (len(teams) - count))
        left -= targets[team]
    return targets


def unevenness_s(task: Task, loads: dict[int, int]) -> float:
    """Add up how far each team is from the level; for two teams this is what one works longer than the other."""
    targets = targets_s(task, sum(loads.values()))
    return sum(abs(loads[team] - targets[team]) for team in targets)


def spread_s(task: Task, routes: Routes) -> int:
    """Measure how much longer the longest team works than the shortest of those that could work."""
    loads = loads_s(task, routes)
    some = [loads[team] for team in teams_of(task)]
    return max(some) - min(some) if some else 0


def burden_s(task: Task, routes: Routes) -> float:
    """Cost of a plan and its unevenness as the travel that it is worth."""
    return task.worth(routes).cost_s + unevenness_s(task, loads_s(task, routes)) / WORTH_S
