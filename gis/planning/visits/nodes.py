"""The round as the solvers see it: jobs tied to one another are one node, and what nobody can do is set aside."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.visits.problem import NOWHERE, UNLOCKED
from gis.planning.visits.timing import schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.planning.visits.problem import BoolArray, FloatArray, IntArray, VisitProblem


MOST_SHARES = 10  # greater differences between visits of one kind would make the search blind


@dataclass(frozen=True, eq=False)
class Nodes:
    """m nodes, each one job or several that directly follow one another.

    `jobs[i]` in order; `early_s`, `late_s` the first and last second at which the node may begin, `service_s` how long
    it lasts from there, ways and waits within included. `allowed` and `extra_s` have shape (m, r): locks are in
    `allowed`, travel within the node and strangeness in `extra_s`. `weight` is the priority of its jobs together.
    """

    jobs: tuple[tuple[int, ...], ...]
    first_point: IntArray
    last_point: IntArray
    early_s: IntArray
    late_s: IntArray
    service_s: IntArray
    demand: IntArray
    allowed: BoolArray
    extra_s: IntArray
    required: BoolArray
    weight: IntArray

    @property
    def count(self) -> int:
        """Number of nodes."""
        return len(self.jobs)

    def expand(self, route: Sequence[int]) -> list[int]:
        """Return the jobs of these nodes in order."""
        return [job for node in route for job in self.jobs[node]]


def shares(nodes: Nodes) -> FloatArray:
    """Say each weight as a multiple of the least of its kind, required or not, up to `MOST_SHARES`, shape (m,)."""
    found = np.ones(nodes.count)
    for kind in (nodes.required, ~nodes.required):
        least = max(1, int(nodes.weight[kind].min(initial=np.iinfo(np.int64).max)))
        found[kind] = np.clip(nodes.weight[kind] / least, 1, MOST_SHARES)
    return found


def make_nodes(problem: VisitProblem) -> Nodes:
    """Tie locked jobs together and leave out those that no route may do at any time."""
    may = may_do(problem)
    chains = [part for chain in _chains(problem) for part in _possible_parts(problem, may, chain)]
    allowed = np.array([_together(may, chain) for chain in chains], dtype=np.bool_).reshape(
        len(chains), problem.n_routes
    )
    spans = [_span(problem, np.flatnonzero(row), chain) for chain, row in zip(chains, allowed, strict=True)]
    early, late, service = (np.array([span[part] for span in spans], dtype=np.int64) for part in range(3))
    inner = np.array([_inner_s(problem, chain) for chain in chains], dtype=np.int64).reshape(
        len(chains), problem.n_routes
    )
    strange = [problem.strangeness_s[list(chain)].sum(axis=0) for chain in chains]
    return Nodes(
        jobs=tuple(chains),
        first_point=np.array([problem.point[chain[0]] for chain in chains], dtype=np.int64),
        last_point=np.array([problem.point[chain[-1]] for chain in chains], dtype=np.int64),
        early_s=early,
        late_s=late,
        service_s=service,
        demand=np.array([problem.demand[list(chain)].sum() for chain in chains], dtype=np.int64),
        allowed=allowed,
        extra_s=inner + np.array(strange, dtype=np.int64).reshape(len(chains), problem.n_routes),
        required=np.array([problem.required[list(chain)].any() for chain in chains], dtype=np.bool_),
        weight=np.array([problem.priority[list(chain)].sum() for chain in chains], dtype=np.int64),
    )


def may_do(problem: VisitProblem) -> BoolArray:
    """Tell which route could do which job, shape (n, r): rights, locks, room, and hours that meet its window at all."""
    routes = np.arange(problem.n_routes)
    tied = (problem.locked_route[:, None] == UNLOCKED) | (problem.locked_route[:, None] == routes)
    room = problem.demand[:, None] <= problem.capacity[None, :]
    opens, closes = problem.open_s[:, 0], problem.open_s[:, 1]
    begin = np.maximum(opens[None, :], problem.window_s[:, :1])
    timely = (begin <= problem.window_s[:, 1:]) & (begin + problem.service_s[:, None] <= closes[None, :])
    return np.asarray(problem.allowed & tied & room & timely, dtype=np.bool_)


def _chains(problem: VisitProblem) -> list[tuple[int, ...]]:
    """Follow `locked_after`; of two jobs behind one the first by order holds, the other cannot be done beside it."""
    after: dict[int, int] = {}
    tied: set[int] = set()
    for job in np.argsort(problem.order_key, kind="stable").tolist():
        before = int(problem.locked_after[job])
        if 0 <= before < problem.n_jobs and before != job and before not in after and not _leads(after, job, before):
            after[before] = job
            tied.add(job)
    chains = []
    for job in range(problem.n_jobs):
        if job in tied or problem.locked_after[job] != UNLOCKED:
            continue  # inside a chain, or behind a job that another follows, or in a circle
        chain = [job]
        while chain[-1] in after:
            chain.append(after[chain[-1]])
        chains.append(tuple(chain))
    return chains


def _leads(after: dict[int, int], job: int, to: int) -> bool:
    while job in after:
        job = after[job]
        if job == to:
            return True
    return False


def _possible_parts(problem: VisitProblem, may: BoolArray, chain: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Cut a chain where a job cannot be done at all; from what cannot be done in one go the last is left out."""
    if len(chain) == 1:
        return [chain] if may[chain[0]].any() else []
    parts: list[list[int]] = [[]]
    for job in chain:
        if may[job].any():
            parts[-1].append(job)
        else:
            parts.append([])
    found = []
    for part in parts:
        while len(part) > 1 and not any(
            schedule(problem, route, part).is_kept for route in np.flatnonzero(_together(may, tuple(part))).tolist()
        ):
            part.pop()
        if part:
            found.append(tuple(part))
    return found


def _together(may: BoolArray, chain: tuple[int, ...]) -> BoolArray:
    return np.asarray(may[list(chain)].all(axis=0), dtype=np.bool_)


def _span(problem: VisitProblem, routes: IntArray, chain: tuple[int, ...]) -> tuple[int, int, int]:
    """Return the earliest and latest begin of a chain without needless waits, and how long it then lasts.

    The slowest of the ways of its possible routes counts, so that it is in time by each of them (segments joined as
    in Vidal et al., 2013, A hybrid genetic algorithm with adaptive diversity management, section 4.4).
    """
    early, late = (int(second) for second in problem.window_s[chain[0]])
    lasts = int(problem.service_s[chain[0]])
    ways = np.unique(problem.way[routes])
    for before, job in pairwise(chain):
        way = int(problem.travel_s[ways, problem.point[before], problem.point[job]].max())
        opens, shuts = (int(second) for second in problem.window_s[job])
        reach = lasts + way
        wait = max(0, opens - reach - late)
        early = max(opens - reach, early) - wait
        late = min(shuts - reach, late)
        lasts = reach + wait + int(problem.service_s[job])
    return early, max(early, late), lasts


def _inner_s(problem: VisitProblem, chain: tuple[int, ...]) -> IntArray:
    """Travel from the first job of a chain to its last, for each route."""
    total = np.zeros(problem.n_routes, dtype=np.int64)
    for before, job in pairwise(chain):
        total += problem.travel_s[problem.way, problem.point[before], problem.point[job]]
    return total


@dataclass(frozen=True, eq=False)
class Ground:
    """Places by index: nodes first, then the points where routes start or end.

    `travel_s` has shape (w, k, k); a place NOWHERE is no way from anywhere. `start`, `end` have shape (r,).
    """

    travel_s: IntArray
    start: IntArray
    end: IntArray


def make_ground(problem: VisitProblem, nodes: Nodes) -> Ground:
    """Lay out the travel times between nodes and depots."""
    depots, where = np.unique(np.concatenate((problem.start, problem.end)), return_inverse=True)
    into = np.concatenate((nodes.first_point, depots))
    out = np.concatenate((nodes.last_point, depots))
    travel = problem.travel_s[:, out][:, :, into].astype(np.int64)
    travel[:, out == NOWHERE, :] = 0
    travel[:, :, into == NOWHERE] = 0
    each = np.arange(len(into))
    travel[:, each, each] = 0
    where = np.asarray(where, dtype=np.int64).reshape(-1) + nodes.count
    return Ground(travel, where[: problem.n_routes], where[problem.n_routes :])
