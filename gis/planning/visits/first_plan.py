"""The first plan, by VROOM: constructive heuristics and a short local search, with windows and skills of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import vroom

from gis.planning.visits.nodes import MOST_SHARES, shares
from gis.planning.visits.profiles import make_profiles

if TYPE_CHECKING:
    from gis.planning.visits.nodes import Nodes
    from gis.planning.visits.plans import Routes, Task
    from gis.planning.visits.problem import BoolArray, IntArray

LEVEL = 1  # deeper levels overrun their limit by far and are behind PyVRP in the same time (engine.md, section B)
_MOST_PRIORITY = 100  # of VROOM
_LEAST_MS = 50
_LARGEST = 2**31  # its matrices have 32 bits; with room for sums


def first_plan(task: Task, *, seconds: float, level: int = LEVEL) -> Routes:
    """Plan once; may break what VROOM cannot say, and may overrun `seconds`, at a level above the first by far."""
    problem = task.problem
    open_routes = np.flatnonzero(problem.open_s[:, 0] <= problem.open_s[:, 1]).tolist()
    nobody = ((),) * problem.n_routes
    if not task.nodes.count or not open_routes:
        return nobody
    asked = vroom.Input()
    profiles = make_profiles(task, with_rights=False)
    for number, distance in enumerate(profiles.distance_s):
        asked.set_durations_matrix(str(number), np.minimum(task.ground.travel_s[profiles.way[number]], _LARGEST))
        asked.set_costs_matrix(str(number), np.minimum(distance, _LARGEST))
    patterns, skill = np.unique(task.nodes.allowed, axis=0, return_inverse=True)
    for route in open_routes:
        asked.add_vehicle(_vehicle(task, route, int(profiles.of_route[route]), patterns[:, route]))
    for job in _jobs(task.nodes, skill.reshape(-1)):
        asked.add_job(job)
    limit = np.timedelta64(max(_LEAST_MS, int(seconds * 1000)), "ms").item()
    steps = asked.solve(exploration_level=level, nb_threads=1, timeout=limit).routes
    if "id" not in steps:  # nobody is visited at all
        return nobody
    routes: list[list[int]] = [[] for _ in nobody]
    jobs = steps[steps["type"] == "job"]
    for vehicle, number in zip(jobs["vehicle_id"].tolist(), jobs["id"].tolist(), strict=True):
        routes[vehicle - 1].append(int(number) - 1)
    return tuple(tuple(visits) for visits in routes)


def _vehicle(task: Task, route: int, profile: int, patterns: BoolArray) -> vroom.Vehicle:
    """Say a route; its skills are the patterns of rights that it is part of."""
    problem, ground = task.problem, task.ground
    return vroom.Vehicle(
        route + 1,
        start=int(ground.start[route]),
        end=int(ground.end[route]),
        profile=str(profile),
        capacity=[int(problem.capacity[route])],
        skills=set(np.flatnonzero(patterns).tolist()),
        time_window=vroom.TimeWindow(*(int(second) for second in problem.open_s[route])),
    )


def _jobs(nodes: Nodes, skill: IntArray) -> list[vroom.Job]:
    priority = _priorities(nodes)
    return [
        vroom.Job(
            node + 1,
            location=node,
            default_service=int(nodes.service_s[node]),
            delivery=[int(nodes.demand[node])],
            skills={int(skill[node])},
            priority=int(priority[node]),
            time_windows=[vroom.TimeWindow(int(nodes.early_s[node]), int(nodes.late_s[node]))],
        )
        for node in range(nodes.count)
    ]


def _priorities(nodes: Nodes) -> IntArray:
    """Say weights in VROOM's hundred steps: what may be left out in the lower half."""
    share = shares(nodes) / MOST_SHARES
    half = _MOST_PRIORITY / 2
    return np.ceil(np.where(nodes.required, half + half * share, half * share)).astype(np.int64)
