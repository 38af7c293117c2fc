"""The first plan, by VROOM: constructive heuristics and a short local search, with windows and skills of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import vroom

from gis.planning.visits.nodes import MOST_SHARES, shares
from gis.planning.visits.profiles import make_profiles

if TYPE_CHECKING:
    from gis.planning.visits.nodes import Nodes
    from gis.planning.visits.plans import Routes, Task

LEVEL = 1  # deeper levels overrun their limit by far and are behind PyVRP in the same time (engine.md, section B)
_MOST_PRIORITY = 100  # of VROOM
_LARGEST = 2**31  # its matrices have 32 bits; with room for sums


def first_plan(task: Task, *, seconds: float, level: int = LEVEL) -> Routes:
    """Plan once; may break what VROOM cannot say, and may overrun `seconds`, at a level above the first by far."""
    problem, nodes, ground = task.problem, task.nodes, task.ground
    routes: list[tuple[int, ...]] = [()] * problem.n_routes
    open_routes = np.flatnonzero(problem.open_s[:, 0] <= problem.open_s[:, 1]).tolist()
    if not nodes.count or not open_routes:
        return tuple(routes)
    asked = vroom.Input()
    profiles = make_profiles(task, with_rights=False)
    for number, distance in enumerate(profiles.distance_s):
        asked.set_durations_matrix(str(number), np.minimum(ground.travel_s[profiles.way[number]], _LARGEST))
        asked.set_costs_matrix(str(number), np.minimum(distance, _LARGEST))
    patterns, skill = np.unique(nodes.allowed, axis=0, return_inverse=True)
    for route in open_routes:
        asked.add_vehicle(
            vroom.Vehicle(
                route + 1,
                start=int(ground.start[route]),
                end=int(ground.end[route]),
                profile=str(int(profiles.of_route[route])),
                capacity=[int(problem.capacity[route])],
                skills=set(np.flatnonzero(patterns[:, route]).tolist()),
                time_window=vroom.TimeWindow(*(int(second) for second in problem.open_s[route])),
            )
        )
    priority = _priorities(nodes)
    for node in range(nodes.count):
        asked.add_job(
            vroom.Job(
                node + 1,
                location=node,
                default_service=int(nodes.service_s[node]),
                delivery=[int(nodes.demand[node])],
                skills={int(skill.reshape(-1)[node])},
                priority=int(priority[node]),
                time_windows=[vroom.TimeWindow(int(nodes.early_s[node]), int(nodes.late_s[node]))],
            )
        )
    answer = asked.solve(exploration_level=level, nb_threads=1, timeout=timedelta(seconds=max(0.05, seconds)))
    steps = answer.routes
    if "id" not in steps:  # nobody is visited at all
        return tuple(routes)
    jobs = steps[steps["type"] == "job"]
    for vehicle, job in zip(jobs["vehicle_id"].tolist(), jobs["id"].tolist(), strict=True):
        routes[vehicle - 1] = (*routes[vehicle - 1], int(job) - 1)
    return tuple(routes)


def _priorities(nodes: Nodes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Say weights in VROOM's hundred steps: what may be left out in the lower half."""
    share = shares(nodes) / MOST_SHARES
    half = _MOST_PRIORITY / 2
    return np.ceil(np.where(nodes.required, half + half * share, half * share)).astype(np.int64)
