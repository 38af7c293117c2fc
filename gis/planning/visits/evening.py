"""Even out a plan by hand's moves: one visit to another team, or two half-days exchanged between teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.planning.visits.loads import WORTH_S, loads_s, rooms_s, targets_s, unevenness_s
from gis.planning.visits.plans import cheapest_order
from gis.planning.watching import WALL_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.planning.visits.plans import Routes, Task

    Move = tuple[tuple[int, tuple[int, ...]], tuple[int, tuple[int, ...]]]  # two routes and what they do instead


def evened(task: Task, routes: Routes, seconds: float) -> Routes:
    """Move what takes most off the burden, again and again; nobody is left out by it."""
    until = WALL_CLOCK() + seconds
    current = list(routes)
    rooms, loads = rooms_s(task), loads_s(task, routes)
    while WALL_CLOCK() < until:
        uneven = unevenness_s(rooms, loads)
        best, most = None, 1.0  # a second of gain at the least
        for move in _moves(task, current, loads, rooms):
            after = _after(task, current, loads, move)
            gain = _gain(task, current, move) + (uneven - unevenness_s(rooms, after)) / WORTH_S
            if gain > most:
                best, most = move, gain
            if WALL_CLOCK() > until:
                break
        if best is None:
            break
        loads = _after(task, current, loads, best)
        for route, visits in best:
            current[route] = visits
    return tuple(current)


def _gain(task: Task, routes: list[tuple[int, ...]], move: Move) -> int:
    return sum(task.cost_s(route, routes[route]) - task.cost_s(route, visits) for route, visits in move)


def _after(task: Task, routes: list[tuple[int, ...]], loads: dict[int, int], move: Move) -> dict[int, int]:
    after = dict(loads)
    for route, visits in move:
        after[int(task.problem.team[route])] += task.work_s(route, visits) - task.work_s(route, routes[route])
    return after


def _moves(task: Task, routes: list[tuple[int, ...]], loads: dict[int, int], rooms: dict[int, int]) -> Iterator[Move]:
    targets = targets_s(rooms, sum(loads.values()))
    team = task.problem.team.tolist()
    busy = [route for route, visits in enumerate(routes) if visits and loads[team[route]] > targets.get(team[route], 0)]
    idle = [route for route in range(len(routes)) if loads[team[route]] < targets.get(team[route], 0)]
    for giver in busy:
        for at, node in enumerate(routes[giver]):
            rest = routes[giver][:at] + routes[giver][at + 1 :]
            if not task.is_kept(giver, rest):
                continue  # another way round a point may be slower
            for taker in idle:
                visits = cheapest_order(task, taker, routes[taker], node) if task.nodes.allowed[node, taker] else None
                if visits is not None:
                    yield (giver, rest), (taker, visits)
        for taker in idle:
            if _may_swap(task, giver, taker, routes):
                yield (giver, routes[taker]), (taker, routes[giver])


def _may_swap(task: Task, one: int, other: int, routes: list[tuple[int, ...]]) -> bool:
    return task.is_kept(one, routes[other]) and task.is_kept(other, routes[one])
