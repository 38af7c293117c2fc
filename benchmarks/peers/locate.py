"""The capacitated location models of spopt with CBC, then the repair step."""

from __future__ import annotations

import sys

import numpy as np
import pulp
from spopt.locate import LSCP, PMedian

from benchmarks.model import NOBODY, World
from benchmarks.peers.common import Answer, Task, repair, seat_cost, serve, usable_arcs

FAR_M = 10_000.0  # spopt knows no pair that cannot be: it is only dear


def solve_median(task: Task) -> Answer:
    """Solve p-median with seats: the number of hosts to open is given, everybody must be seated."""
    world, rows = task.world, np.unique(task.world.arc_member[usable_arcs(task.world)])
    seats = np.minimum(world.capacity, world.rules.hard_max)
    most = np.sort(seats)[::-1].cumsum()
    p = int(np.clip(task.groups, 1 + int((most < len(rows)).sum()), world.n_hosts))
    model = PMedian.from_cost_matrix(_matrix(world)[rows], np.ones(len(rows)), p, facility_capacities=seats)
    return _run(model, task, rows, f"told to open {p} hosts")


def solve_cover(task: Task) -> Answer:
    """Solve set covering with seats: the fewest hosts that have everybody within reach."""
    world, rows = task.world, np.unique(task.world.arc_member[usable_arcs(task.world)])
    model = LSCP.from_cost_matrix(
        _matrix(world)[rows],
        max(1.0, float(world.limit_m.max())),
        facility_capacity_arr=np.minimum(world.capacity, world.rules.hard_max),
        demand_quantity_arr=np.ones(len(rows)),
    )
    return _run(model, task, rows, "")


def _matrix(world: World) -> np.ndarray:
    arcs = usable_arcs(world)
    matrix = np.full((world.n_members, world.n_hosts), FAR_M)
    matrix[world.arc_member[arcs], world.arc_host[arcs]] = np.minimum(seat_cost(world, arcs), world.limit_m.max())
    return matrix


def _run(model: PMedian | LSCP, task: Task, rows: np.ndarray, note: str) -> Answer:
    host = np.full(task.world.n_members, NOBODY, dtype=np.int64)
    model.problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=task.seconds))
    problem = model.problem
    if problem.sol_status in {pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible}:
        model.facility_client_array()
        for j, clients in enumerate(model.fac2cli):
            for i in clients:
                host[rows[i]] = j
    else:
        note = f"{note}; no plan: {pulp.LpSolution[problem.sol_status].lower()}".lstrip("; ")
    return Answer(repair(task.world, host), raw=host, note=note)


if __name__ == "__main__":
    which = sys.argv.pop(1)
    serve(solve_median if which == "median" else solve_cover)
