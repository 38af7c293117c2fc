"""Costs between places, one matrix for routes that see the round alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.plans import KEEP_NEXT_S, KEEP_ROUTE_S, NEW
from gis.planning.visits.problem import NOWHERE

if TYPE_CHECKING:
    from gis.planning.visits.plans import Task
    from gis.planning.visits.problem import IntArray


@dataclass(frozen=True, eq=False)
class Profiles:
    """`distance_s[p]` has shape (k, k): the cost of going from place to place and visiting there.

    `way[p]` is the row of the travel times that belongs to it, `of_route` the profile of each route; where rights are
    in it, a node that a route may not visit costs `forbidden_s` more.
    """

    distance_s: list[IntArray]
    way: list[int]
    of_route: IntArray
    forbidden_s: int


def make_profiles(task: Task, *, with_rights: bool) -> Profiles:
    """Write strangeness, changes against the previous plan and, if asked, rights into the way to each node."""
    problem, nodes, ground = task.problem, task.nodes, task.ground
    extra = nodes.extra_s + KEEP_ROUTE_S * _moves(task)
    forbidden = 10 * detour_s(task) if with_rights else 0
    extra = np.where(nodes.allowed, extra, forbidden)
    parted = _parted(task)
    number: dict[tuple[int, bytes], int] = {}
    found = Profiles([], [], np.zeros(problem.n_routes, dtype=np.int64), forbidden)
    for route in range(problem.n_routes):
        way = int(problem.way[route])
        key = way, extra[:, route].tobytes()
        if key not in number:
            number[key] = len(number)
            distance = ground.travel_s[way].copy()
            distance[:, : nodes.count] += extra[:, route]
            if parted is not None:
                distance[:, : nodes.count] += parted
            np.fill_diagonal(distance, 0)
            found.distance_s.append(distance)
            found.way.append(way)
        found.of_route[route] = number[key]
    return found


def detour_s(task: Task) -> int:
    """Return what one more visit can cost a route at the worst, seconds; at least 1."""
    nodes, used = task.nodes, np.unique(task.problem.way)
    extra = int(nodes.extra_s[nodes.allowed].max(initial=0))
    return 2 * int(task.ground.travel_s[used].max(initial=0)) + extra + KEEP_ROUTE_S + 2 * KEEP_NEXT_S + 1


def _moves(task: Task) -> IntArray:
    here = task.was_in[:, None]
    return np.asarray((here != NEW) & (here != np.arange(task.problem.n_routes)), dtype=np.int64)


def _parted(task: Task) -> IntArray | None:
    """Return what it costs that a node follows another than it did, shape (k, m); None where nothing stands."""
    known = np.flatnonzero(task.before != NEW)
    if not len(known):
        return None
    price = np.zeros((task.ground.travel_s.shape[1], task.nodes.count), dtype=np.int64)
    price[:, known] = KEEP_NEXT_S
    first = known[task.before[known] == NOWHERE]
    price[task.nodes.count :, first] = 0
    later = known[task.before[known] != NOWHERE]
    price[task.before[later], later] = 0
    return price
