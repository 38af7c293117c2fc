"""Even out the working time of teams as far as that costs little.

The working time of a team is its travel and its visits, all half-days together, waits left out. It should be the level
at which the whole work would fill all teams alike; a team with few hours fills up first. Unevenness is how far the
teams are from it, added up. The plan found is evened by single moves; then the round is searched again under a cap for
each route, three times and each tighter than the one before, and evened as well. Of the plans that leave out no more
and cost at most a tenth of the whole working time more (half of it, where a team would otherwise have nothing to do),
the one with the least burden is taken: its cost, and a quarter of its unevenness. Rights, windows and long sessions
can make evenness impossible: then the round stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.evening import evened
from gis.planning.visits.exact import exact_plan, is_tiny
from gis.planning.visits.loads import burden_s, hours_s, loads_s, rooms_s, spread_s, targets_s, teams_of
from gis.planning.visits.plans import mended
from gis.planning.visits.routing import improved
from gis.planning.visits.timing import schedule
from gis.planning.watching import WALL_CLOCK

if TYPE_CHECKING:
    from gis.planning.visits.plans import Routes, Task
    from gis.planning.visits.problem import IntArray
    from gis.planning.visits.routing import Effort

ABOVE_LEVEL = (0.4, 0.2, 0.08)  # how far above the level a team may be, one attempt after the other
PRICE_SHARE = 0.1  # of the whole working time: what evenness may cost
PRICE_SHARE_IDLE = 0.5  # the same where a team that was asked for would otherwise have nothing to do
_LEAST_GAIN_S = 120  # of burden: less is not worth another plan
_EVENING_SHARE = 0.3  # of the time of each attempt, at most
_ROOM = 1.1  # how much longer a half-day may be than in the plan that stands


@dataclass(frozen=True)
class Balanced:
    """A plan with its spread: the working time of the longest team less that of the shortest, seconds."""

    routes: Routes
    cost_s: int
    spread_before_s: int
    spread_s: int


def balanced(task: Task, routes: Routes, effort: Effort) -> Balanced:
    """Find the plan of least burden that costs little more; the plan itself where teams are one or even."""
    standing = task.worth(routes)
    if len(teams_of(task)) < 2:  # noqa: PLR2004  # one team is even
        return Balanced(routes, 0, 0, 0)
    loads = loads_s(task, routes)
    share = PRICE_SHARE if all(loads[team] for team in teams_of(task)) else PRICE_SHARE_IDLE
    dearest = standing.cost_s + share * sum(loads.values())
    best, least = routes, burden_s(task, routes) - _LEAST_GAIN_S
    for tried in _attempts(task, routes, effort):
        worth = task.worth(tried)
        if worth[:2] <= standing[:2] and worth.cost_s <= dearest and burden_s(task, tried) < least:
            best, least = tried, burden_s(task, tried)
    more = max(0, task.worth(best).cost_s - standing.cost_s)
    return Balanced(best, more, spread_s(task, routes), spread_s(task, best))


def _attempts(task: Task, routes: Routes, effort: Effort) -> list[Routes]:
    until = WALL_CLOCK() + effort.seconds
    share = effort.seconds / (1 + len(ABOVE_LEVEL))
    tries = [evened(task, _dealt(task, routes), _EVENING_SHARE * share)]
    capped = tries[0]
    for attempt, above in enumerate(ABOVE_LEVEL):
        loads = loads_s(task, tries[-1])
        target = targets_s(rooms_s(task), sum(loads.values()))
        if all(loads[team] <= target[team] * (1 + ABOVE_LEVEL[-1]) for team in target):
            break
        left = max(0.0, until - WALL_CLOCK()) / (len(ABOVE_LEVEL) - attempt)
        again = replace(effort, seconds=left * (1 - _EVENING_SHARE))
        capped = _capped(task, capped, _caps(task, target, 1 + above), again)
        tries.append(evened(task, capped, _EVENING_SHARE * left))
    return tries


def caps_of(task: Task, routes: Routes) -> IntArray | None:
    """Cap half-days about as long as they are, so that planning on keeps the evenness; None for a single team."""
    if len(teams_of(task)) < 2:  # noqa: PLR2004
        return None
    caps = _caps(task, targets_s(rooms_s(task), sum(loads_s(task, routes).values())), 1.0)
    for route, visits in enumerate(routes):
        timing = schedule(task.problem, route, task.nodes.expand(visits))
        caps[route] = max(int(caps[route]), int(_ROOM * (timing.end_s - timing.depart_s)))
    return caps


def _caps(task: Task, target: dict[int, float], factor: float) -> IntArray:
    """Divide a team's share among its half-days by their length; each has room for its longest visit."""
    problem, nodes, ground = task.problem, task.nodes, task.ground
    hours = hours_s(task)
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
