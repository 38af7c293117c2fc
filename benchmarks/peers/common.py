"""What every peer shares: its command line, the full model as a matrix, seats for given groups, and the repair step.

Runs in the peer's own environment: numpy and scipy only, nothing of the product.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.model import NOBODY, World, load

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]


@dataclass
class Answer:
    """What a solver says: a seating before and after repair, and what no plan can beat.

    `bound` is metres for a plan that seats `seats`; where `left_out_m` is given it is on metres and that much for each
    member left out.
    """

    host: IntArray
    raw: IntArray | None = None
    bound: float | None = None
    seats: int | None = None
    left_out_m: int = 0
    proven: bool = False
    note: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One world to solve within so many seconds.

    `groups` is how many to open, for solvers that must be told; with `by_cpu` our planner counts processor seconds.
    """

    world: World
    seconds: float
    seed: int
    groups: int
    by_cpu: bool = False


def serve(solve: Callable[[Task], Answer]) -> None:
    """Read a world, solve it, write the plan: `python -m benchmarks.peers.<peer> world.npz plan.npz --seconds 60`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("world", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--groups", type=int, default=0)
    parser.add_argument("--cpu-clock", action="store_true")
    given = parser.parse_args()
    task = Task(load(given.world), given.seconds, given.seed, given.groups, given.cpu_clock)
    wall, cpu = perf_counter(), cpu_seconds()
    answer = solve(task)
    answer.seconds |= {"wall": perf_counter() - wall, "cpu": cpu_seconds() - cpu}
    write(answer, given.plan)


def cpu_seconds() -> float:
    """Count the processor's seconds of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def write(answer: Answer, path: Path) -> None:
    """Write a plan and what its solver says of it."""
    raw = answer.host if answer.raw is None else answer.raw
    said = {name: value for name, value in asdict(answer).items() if name not in {"host", "raw"}}
    np.savez(path, host=answer.host, raw=raw, said=json.dumps(said))


def usable_arcs(world: World) -> IntArray:
    """Return the arcs on which somebody may be seated: without steps where they must not be."""
    return np.flatnonzero(world.is_step_free[world.arc_host] | ~world.needs_step_free[world.arc_member])


def seat_cost(world: World, arcs: IntArray) -> FloatArray:
    """Weighted metres, rounded, and what it costs to move away from the group in force."""
    member, host = world.arc_member[arcs], world.arc_host[arcs]
    moves = (world.present[member] != NOBODY) & (world.present[member] != host)
    return np.asarray(np.rint(world.arc_walk_m[arcs] * world.weight[member]) + world.rules.change_cost_m * moves)


def sorted_hosts(world: World) -> list[list[tuple[int, int]]]:
    """For each member the hosts within reach as (cost, host), cheapest first."""
    arcs = usable_arcs(world)
    cost = seat_cost(world, arcs).astype(np.int64)
    order = np.lexsort((cost, world.arc_member[arcs]))
    start = np.searchsorted(world.arc_member[arcs][order], np.arange(world.n_members + 1)).tolist()
    pairs = list(zip(cost[order].tolist(), world.arc_host[arcs][order].tolist(), strict=True))
    return [pairs[a:b] for a, b in pairwise(start)]


def repair(world: World, wished: IntArray) -> IntArray:
    """Make a legal plan of any wish: what a person would do by hand.

    Seats out of reach are given up; where a host is too full those who cost most go; a group that is too small, has
    too few full members or nobody to lead is closed; who is left sits down at the cheapest legal group with room.
    Closing and sitting down repeat until nothing is left to close.
    """
    rules, near = world.rules, sorted_hosts(world)
    room = np.minimum(world.capacity, rules.hard_max).tolist()
    host = wished.copy()
    for i, options in enumerate(near):
        if host[i] != NOBODY and host[i] not in {j for _, j in options}:
            host[i] = NOBODY
    groups: dict[int, list[int]] = defaultdict(list)
    for i in np.flatnonzero(host != NOBODY).tolist():
        groups[int(host[i])].append(i)
    price = {i: cost for i, options in enumerate(near) for cost, j in options if host[i] == j}
    for j, people in groups.items():
        people.sort(key=price.__getitem__)
        for i in people[room[j] :]:
            host[i] = NOBODY
        del people[room[j] :]
    while True:
        _sit_down(near, host, groups, room)
        bad = [j for j, people in groups.items() if people and not is_group(world, people)]
        if not bad:
            return host
        worst = sorted(bad, key=lambda j: len(groups[j]))[: max(1, len(bad) // 4)]
        for j in worst:
            host[groups.pop(j)] = NOBODY


def is_group(world: World, people: list[int]) -> bool:
    """Tell whether these may be a group."""
    rules = world.rules
    return (
        len(people) >= rules.min_size
        and int(world.is_full[people].sum()) >= rules.min_full
        and bool(world.can_lead[people].any())
    )


def _sit_down(near: list[list[tuple[int, int]]], host: IntArray, groups: dict[int, list[int]], room: list[int]) -> None:
    for i in np.flatnonzero(host == NOBODY).tolist():
        for _, j in near[i]:
            if j in groups and len(groups[j]) < room[j]:
                host[i] = j
                groups[j].append(i)
                break
