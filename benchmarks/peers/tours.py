"""Rounds of visits by OR-Tools: cheapest insertion, then guided local search. Runs in an environment of its own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

_LEFT_OUT_S = 60_000  # engine.md, section B: a thousand minutes for a visit left out


def solve(world: Any, seconds: float) -> list[list[int]]:  # noqa: ANN401  # an open file of numpy
    """Return the visits of each route in order; one office, one way of getting around."""
    travel, service, window = world["travel_s"][0], world["service_s"], world["window_s"]
    n, routes = world["allowed"].shape
    lasts = np.concatenate(([0], service))
    manager = pywrapcp.RoutingIndexManager(n + 1, routes, 0)
    model = pywrapcp.RoutingModel(manager)
    rows, spans = travel.tolist(), (travel + lasts[:, None]).tolist()

    def way(here: int, there: int) -> int:
        return int(rows[manager.IndexToNode(here)][manager.IndexToNode(there)])

    def span(here: int, there: int) -> int:
        return int(spans[manager.IndexToNode(here)][manager.IndexToNode(there)])

    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitCallback(way))
    closes = int(world["open_s"].max())
    model.AddDimension(model.RegisterTransitCallback(span), closes, closes, False, "time")  # noqa: FBT003  # its own form
    clock = model.GetDimensionOrDie("time")
    for job in range(n):
        index = manager.NodeToIndex(job + 1)
        model.AddDisjunction([index], _LEFT_OUT_S)
        clock.CumulVar(index).SetRange(*(int(second) for second in window[job]))
        may = np.flatnonzero(world["allowed"][job]).tolist()
        if len(may) < routes:
            model.VehicleVar(index).SetValues([-1, *may])  # -1: left out
    for route in range(routes):
        opens, shuts = (int(second) for second in world["open_s"][route])
        clock.CumulVar(model.Start(route)).SetRange(opens, shuts)
        clock.CumulVar(model.End(route)).SetRange(opens, shuts)
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(int(seconds * 1000))
    found = model.SolveWithParameters(asked)
    return [_route(manager, model, found, route) if found else [] for route in range(routes)]


def _route(manager: Any, model: Any, found: Any, route: int) -> list[int]:  # noqa: ANN401  # its classes carry no types
    jobs, index = [], model.Start(route)
    while not model.IsEnd(index):
        node = manager.IndexToNode(index)
        if node:
            jobs.append(node - 1)
        index = found.Value(model.NextVar(index))
    return jobs


def main() -> None:
    """Read a round, plan it, write for each job its route and its place in it, -1 where it has none."""
    parser = argparse.ArgumentParser()
    parser.add_argument("world", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    world = np.load(given.world)
    place = np.full((len(world["service_s"]), 2), -1, dtype=np.int64)
    for route, jobs in enumerate(solve(world, given.seconds)):
        for at, job in enumerate(jobs):
            place[job] = route, at
    np.save(given.plan, place)


if __name__ == "__main__":
    main()
