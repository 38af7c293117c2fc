"""The search, by PyVRP: iterated local search from a plan that stands.

What the first plan serves stays served (`required`), so that forbidden ways cannot push a servable visit out
(engine.md, section B, second trap); only what is worth less than something left out may give way. Prizes are a few
detours and no more: large ones make the search blind for minutes.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, Route, Solution, VehicleType
from pyvrp import solve as search
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MaxRuntime, MultipleCriteria, NoImprovement

from gis.planning.visits.nodes import shares
from gis.planning.visits.profiles import detour_s, make_profiles
from gis.planning.watching import WALL_CLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.planning.visits.plans import Routes, Task
    from gis.planning.visits.problem import IntArray
from gis.planning.visits.profiles import Profiles

_LEAST_IDLE = 10_000  # iterations without gain that end a search, and how many more for each node
_IDLE_PER_NODE = 500
_REQUIRED = 10  # detours that a required visit is worth at the least; an optional one is worth one


class Staying(Enum):
    """Who must be visited in the end.

    SERVED: whom the start serves, but for those worth less than one it leaves out. NOBODY: anybody may be left out for
    others; with many rights the search then does so too lightly. EVERYBODY: finds nothing where that cannot be.
    """

    SERVED = "served"
    NOBODY = "nobody"
    EVERYBODY = "everybody"


@dataclass(frozen=True)
class Effort:
    """How long to search, wall-clock seconds, what chance begins with, and who must stay."""

    seconds: float
    seed: int
    staying: Staying = Staying.SERVED


@dataclass(frozen=True, eq=False)
class _Model:
    """PyVRP's problem; `routes_of[t]` are our routes that vehicle type t stands for."""

    data: ProblemData
    routes_of: list[list[int]]


def improved(task: Task, start: Routes, effort: Effort, *, longest_s: IntArray | None = None) -> tuple[Routes, int]:
    """Search from a plan; return the best found, which may visit where it may not, and how many iterations it took.

    `longest_s`, shape (r,), caps how long each route may be under way. From an empty plan PyVRP makes its own start.
    """
    if not task.nodes.count or not task.problem.n_routes or effort.seconds <= 0:
        return start, 0
    started = WALL_CLOCK()
    model = _model(task, start, longest_s, staying=effort.staying)
    left = max(0.0, effort.seconds - (WALL_CLOCK() - started))
    stop = MultipleCriteria([MaxRuntime(left), NoImprovement(_LEAST_IDLE + _IDLE_PER_NODE * task.nodes.count)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)  # it says that a round is too tight: left_out says it too
        result = search(
            model.data, stop, effort.seed, collect_stats=False, display=False, initial_solution=_begin(model, start)
        )
    return _routes(model, result.best, task.problem.n_routes), result.num_iterations


def _model(task: Task, start: Routes, longest_s: IntArray | None, *, staying: Staying) -> _Model:
    nodes, ground = task.nodes, task.ground
    profiles = make_profiles(task, with_rights=True)
    required, prize = _stakes(task, start, staying=staying)
    clients = [
        Client(
            location=node,
            delivery=[int(nodes.demand[node])],
            service_duration=int(nodes.service_s[node]),
            tw_early=int(nodes.early_s[node]),
            tw_late=int(nodes.late_s[node]),
            prize=int(prize[node]),
            required=bool(required[node]),
        )
        for node in range(nodes.count)
    ]
    size = ground.travel_s.shape[1]
    types, routes_of = _vehicles(task, profiles, longest_s)
    durations = {way: ground.travel_s[way] for way in set(profiles.way)}
    data = ProblemData(
        locations=[Location(0, 0)] * size,
        clients=clients,
        depots=[Depot(location) for location in range(nodes.count, size)],
        vehicle_types=types,
        distance_matrices=profiles.distance_s,  # type: ignore[arg-type]  # its stub gives a matrix one dimension
        duration_matrices=[durations[way] for way in profiles.way],
    )
    return _Model(data, routes_of)


def _stakes(task: Task, start: Routes, *, staying: Staying) -> tuple[np.ndarray, IntArray]:
    """Say which nodes must stay in and what the others are worth."""
    nodes = task.nodes
    served = np.zeros(nodes.count, dtype=np.bool_)
    served[[node for visits in start for node in visits]] = True
    prize = (shares(nodes) * np.where(nodes.required, _REQUIRED, 1) * detour_s(task)).astype(np.int64)
    if staying is Staying.EVERYBODY:
        return np.ones_like(served), prize
    return served & (prize >= prize[~served].max(initial=0)) & (staying is Staying.SERVED), prize


def _vehicles(task: Task, profiles: Profiles, longest_s: IntArray | None) -> tuple[list[VehicleType], list[list[int]]]:
    """Make one vehicle type of all routes that differ in nothing the search sees."""
    problem, ground = task.problem, task.ground
    alike: dict[tuple[int, ...], list[int]] = {}
    for route in range(problem.n_routes):
        opens, closes = (int(second) for second in problem.open_s[route])
        if opens <= closes:
            ends = int(ground.start[route]), int(ground.end[route])
            longest = closes - opens if longest_s is None else min(closes - opens, int(longest_s[route]))
            kind = int(profiles.of_route[route]), *ends, opens, closes, int(problem.capacity[route]), longest
            alike.setdefault(kind, []).append(route)
    types = [
        VehicleType(
            num_available=len(routes),
            capacity=[capacity],
            start_depot=start - task.nodes.count,
            end_depot=end - task.nodes.count,
            tw_early=opens,
            tw_late=closes,
            shift_duration=longest,
            profile=profile,
        )
        for (profile, start, end, opens, closes, capacity, longest), routes in alike.items()
    ]
    return types, list(alike.values())


def _begin(model: _Model, start: Routes) -> Solution | None:
    if not any(start):
        return None
    routes = [
        Route(model.data, list(start[route]), kind)
        for kind, members in enumerate(model.routes_of)
        for route in members
        if start[route]
    ]
    return Solution(model.data, routes)


def _routes(model: _Model, found: Solution, n_routes: int) -> Routes:
    """Hand the routes found to ours of the same kind, in the order found."""
    free: list[list[int]] = [list(reversed(members)) for members in model.routes_of]
    routes: list[Sequence[int]] = [()] * n_routes
    for each in found.routes():
        visits = tuple(activity.idx for activity in each if activity.is_client())
        routes[free[each.vehicle_type()].pop()] = visits
    return tuple(tuple(visits) for visits in routes)
