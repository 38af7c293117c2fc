"""When time is short: who is left out for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.plans import cheapest_order, cheapest_place, filled
from gis.planning.watching import WALL_CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.planning.visits.plans import Routes, Task


def exchanged(task: Task, routes: Routes, seconds: float) -> Routes:
    """Take in whoever is worth more than one that gives way for it, while that lowers what is left out."""
    until = WALL_CLOCK() + seconds
    current = filled(task, routes)
    while WALL_CLOCK() < until:
        standing = task.worth(current)[:2]
        better = next((plan for plan in _exchanges(task, current, until) if task.worth(plan)[:2] < standing), None)
        if better is None:
            break
        current = filled(task, better)
    return current


def _exchanges(task: Task, routes: Routes, until: float) -> Iterator[Routes]:
    """Try everybody who is left out, the most urgent first, in the place of each who is less so."""
    nodes = task.nodes
    placed = {node for visits in routes for node in visits}
    out = [node for node in range(nodes.count) if node not in placed]
    for node in sorted(out, key=lambda node: _urgency(task, node), reverse=True):
        for route in np.flatnonzero(nodes.allowed[node]).tolist():
            for other in sorted(routes[route], key=lambda other: _urgency(task, other)):
                if WALL_CLOCK() > until:
                    return
                rest = tuple(each for each in routes[route] if each != other)
                longer = cheapest_order(task, route, rest, node)
                if longer is None:
                    continue
                plan = [*routes[:route], longer, *routes[route + 1 :]]
                again = cheapest_place(task, plan, other)
                if again is not None:
                    plan[again[0]] = again[1]
                elif _urgency(task, other) >= _urgency(task, node):
                    continue
                yield tuple(plan)


def _urgency(task: Task, node: int) -> tuple[bool, int]:
    return bool(task.nodes.required[node]), int(task.nodes.weight[node])
