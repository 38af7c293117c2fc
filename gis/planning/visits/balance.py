"""Even out the working time of teams as far as that costs little.

The working time of a team is its travel and its visits, all half-days together, waits left out. Nobody is to work
much longer than the level at which the whole work would fill all teams alike (a team with few hours fills up first).
The round is searched again under a cap for each route, three times, each looser than the one before. Of the plans
that leave out no more and cost at most a tenth of the whole working time more, the one is taken that is worth most:
a second of travel more must take two off the spread between the teams. Rights, windows and long sessions can make
evenness impossible: then the round stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.exact import exact_plan, is_tiny
from gis.planning.visits.plans import mended
from gis.planning.visits.routing import improved

if TYPE_CHECKING:
    from gis.planning.visits.plans import Routes, Task
    from gis.planning.visits.problem import IntArray
    from gis.planning.visits.routing import Effort

ABOVE_LEVEL = (0.08, 0.2, 0.4)  # how far above the level a team may be, one attempt after the other
PRICE_SHARE = 0.1  # of the whole working time: what evenness may cost
WORTH_S = 2  # seconds of spread that a second of travel must take away
_LEAST_GAIN_S = 300  # of spread: less is not worth another plan


@dataclass(frozen=True)
class Balanced:
    """A plan with its spread: the working time of the longest team less that of the shortest, seconds."""

    routes: Routes
    cost_s: int
    spread_before_s: int
    spread_s: int


def balanced(task: Task, routes: Routes, effort: Effort) -> Balanced:
    """Find the evenest plan that costs little more."""
    before = spread_s(task, routes)
    best = Balanced(routes, 0, before, before)
    teams = _teams(task)
    if len(teams) < 2:  # noqa: PLR2004  # one team is even
        return best
    swapped = _dealt(task, routes)
    if task.worth(swapped) <= task.worth(routes) and spread_s(task, swapped) < before:
        best = replace(best, routes=swapped, spread_s=spread_s(task, swapped))
    standing, work = task.worth(routes), sum(_loads(task, best.routes).values())
    target = _targets(task, work)
    started = perf_counter()
    for attempt, above in enumerate(ABOVE_LEVEL):
        loads = _loads(task, best.routes)
        if all(loads[team] <= target[team] * (1 + above) for team in teams):
            break
        left = (effort.seconds - (perf_counter() - started)) / (len(ABOVE_LEVEL) - attempt)
        tried = _capped(task, best.routes, _caps(task, target, 1 + above), replace(effort, seconds=left))
        worth, spread = task.worth(tried), spread_s(task, tried)
        more = max(0, worth.cost_s - standing.cost_s)
        gain = (best.spread_s - spread) - WORTH_S * (more - best.cost_s)
        if worth[:2] <= standing[:2] and more <= PRICE_SHARE * work and gain > _LEAST_GAIN_S:
            best = Balanced(tried, more, before, spread)
    return best


def spread_s(task: Task, routes: Routes) -> int:
    """Measure how much longer the longest team works than the shortest of those that could work."""
    loads = _loads(task, routes)
    some = [loads[team] for team in _teams(task)]
    return max(some) - min(some) if some else 0


def _teams(task: Task) -> list[int]:
    """List the teams that could do any visit."""
    routes = np.flatnonzero(task.nodes.allowed.any(axis=0))
    return sorted(set(task.problem.team[routes].tolist()))


def _loads(task: Task, routes: Routes) -> dict[int, int]:
    loads = dict.fromkeys(task.problem.team.tolist(), 0)
    for route, visits in enumerate(routes):
        loads[int(task.problem.team[route])] += task.work_s(route, visits) if visits else 0
    return loads


def _hours(task: Task) -> IntArray:
    return np.asarray(np.maximum(0, task.problem.open_s[:, 1] - task.problem.open_s[:, 0]), dtype=np.int64)


def _targets(task: Task, work: int) -> dict[int, float]:
    """Fill all teams to one level, those with few hours only up to them."""
    hours = _hours(task)
    room = {team: int(hours[task.problem.team == team].sum()) for team in _teams(task)}
    left, teams = float(work), sorted(room, key=room.__getitem__)
    targets = {}
    for count, team in enumerate(teams):
        targets[team] = min(float(room[team]), left / (len(teams) - count))
        left -= targets[team]
    return targets


def _caps(task: Task, target: dict[int, float], factor: float) -> IntArray:
    """Divide a team's share among its half-days by their length; each has room for its longest visit."""
    problem, nodes, ground = task.problem, task.nodes, task.ground
    hours = _hours(task)
    caps = hours.copy()
    for route in range(problem.n_routes):
        team = int(problem.team[route])
        own = np.flatnonzero(nodes.allowed[:, route])
        if team in target and len(own):
            share = hours[route] / max(1, int(hours[problem.team == team].sum()))
            travel = ground.travel_s[problem.way[route]]
            alone = travel[ground.start[route], own] + nodes.service_s[own] + travel[own, ground.end[route]]
            caps[route] = max(int(alone.max()), int(target[team] * factor * share))
    return caps


def _capped(task: Task, routes: Routes, caps: IntArray, effort: Effort) -> Routes:
    if is_tiny(task):
        return exact_plan(task, longest_s=caps)
    return mended(task, improved(task, routes, effort, longest_s=caps)[0])


def _dealt(task: Task, routes: Routes) -> Routes:
    """Deal what alike routes do to the teams anew: the longest to whoever has least."""
    problem, nodes = task.problem, task.nodes
    alike: dict[bytes, list[int]] = {}
    for route in range(problem.n_routes):
        ends = (problem.way[route], problem.start[route], problem.end[route], problem.capacity[route])
        key = np.concatenate((ends, problem.open_s[route], nodes.allowed[:, route], nodes.extra_s[:, route]))
        alike.setdefault(key.tobytes(), []).append(route)
    dealt = list(routes)
    loads = dict.fromkeys(problem.team.tolist(), 0)
    for members in sorted(alike.values(), key=len):
        free = list(members)
        for visits in sorted((routes[route] for route in members), key=lambda each: -task.work_s(members[0], each)):
            taken = min(free, key=lambda route: loads[int(problem.team[route])])
            free.remove(taken)
            dealt[taken] = visits
            loads[int(problem.team[taken])] += task.work_s(taken, visits)
    return tuple(dealt)
