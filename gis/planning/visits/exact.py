"""The best plan of a handful of visits, by dynamic programming over sets of nodes.

For each route the cheapest order of every set that it can do (labels of time and cost, the dominated ones dropped),
then the cheapest division of the sets among the routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gis.planning.visits.plans import Worth
from gis.planning.visits.problem import NOWHERE

if TYPE_CHECKING:
    from gis.planning.visits.plans import Routes, Task
    from gis.planning.visits.problem import IntArray

_MOST_NODES = 7
_MOST_ROUTES = 12


class _Label(NamedTuple):
    """A way to have done a set: when over, at which cost, how much of it work, in which order."""

    now_s: int
    cost_s: int
    work_s: int
    visits: tuple[int, ...]


def is_tiny(task: Task) -> bool:
    """Whether all plans can be weighed."""
    return task.nodes.count <= _MOST_NODES and task.problem.n_routes <= _MOST_ROUTES


def exact_plan(task: Task, *, longest_s: IntArray | None = None) -> Routes:
    """Return a plan of least worth; `longest_s`, shape (r,), caps the work of each route: travel and visits."""
    n_sets = 1 << task.nodes.count
    cost: list[int | None] = [0] + [None] * (n_sets - 1)
    chosen: list[Routes] = [()] * n_sets
    for route in range(task.problem.n_routes):
        own = _orders(task, route, None if longest_s is None else int(longest_s[route]))
        cost, chosen = _divided(cost, chosen, own)
    done = [each for each in range(n_sets) if cost[each] is not None]
    best = min(done, key=lambda each: _worth(task, each, cost[each] or 0), default=0)
    return chosen[best] or ((),) * task.problem.n_routes


def _divided(
    cost: list[int | None], chosen: list[Routes], own: dict[int, _Label]
) -> tuple[list[int | None], list[Routes]]:
    """Give each set in part to one more route."""
    more: list[int | None] = [None] * len(cost)
    plans: list[Routes] = [()] * len(cost)
    for given, label in own.items():
        for rest, before in enumerate(cost):
            if before is None or rest & given:
                continue
            total = before + label.cost_s
            known = more[rest | given]
            if known is None or total < known:
                more[rest | given] = total
                plans[rest | given] = (*chosen[rest], label.visits)
    return more, plans


def _worth(task: Task, done: int, cost: int) -> Worth:
    out = np.array([not done >> node & 1 for node in range(task.nodes.count)], dtype=np.bool_)
    weight, required = task.nodes.weight, task.nodes.required
    return Worth(int(weight[out & required].sum()), int(weight[out & ~required].sum()), cost)


def _orders(task: Task, route: int, longest: int | None) -> dict[int, _Label]:
    """Find the cheapest order of each set that a route can do, the empty one included."""
    best: dict[int, _Label] = {0: _Label(0, 0, 0, ())}
    opens, closes = (int(second) for second in task.problem.open_s[route])
    if opens > closes:
        return best
    front: dict[tuple[int, int], list[_Label]] = {(0, NOWHERE): [_Label(opens, 0, 0, ())]}
    for _ in range(task.nodes.count):
        following: dict[tuple[int, int], list[_Label]] = {}
        for (done, last), labels in front.items():
            for node in np.flatnonzero(task.nodes.allowed[:, route]).tolist():
                if not done >> node & 1:
                    kept = following.setdefault((done | 1 << node, node), [])
                    for label in labels:
                        _keep(kept, _after(task, route, last, label, node))
        front = following
        for (done, _), labels in front.items():
            for label in labels:
                ended = _ended(task, route, label)
                if ended is not None and (longest is None or ended.work_s <= longest):
                    best[done] = min(best.get(done, ended), ended, key=lambda each: each.cost_s)
    return best


def _after(task: Task, route: int, last: int, label: _Label, node: int) -> _Label | None:
    """Visit one more node; None where it is too late or too much."""
    visits = (*label.visits, node)
    here = int(task.ground.start[route]) if last == NOWHERE else last
    way = int(task.ground.travel_s[task.problem.way[route], here, node])
    begin = max(label.now_s + way, int(task.nodes.early_s[node]))
    load = int(task.nodes.demand[list(visits)].sum())
    if begin > task.nodes.late_s[node] or load > task.problem.capacity[route]:
        return None
    serves = int(task.nodes.service_s[node])
    cost = label.cost_s + way + task.price_s(route, NOWHERE if last == NOWHERE else last, node)
    return _Label(begin + serves, cost, label.work_s + way + serves, visits)


def _ended(task: Task, route: int, label: _Label) -> _Label | None:
    """Go back; None where that is after hours."""
    back = int(task.ground.travel_s[task.problem.way[route], label.visits[-1], task.ground.end[route]])
    if label.now_s + back > task.problem.open_s[route, 1]:
        return None
    return label._replace(cost_s=label.cost_s + back, work_s=label.work_s + back)


def _keep(labels: list[_Label], new: _Label | None) -> None:
    """Add a label unless another is as early and as cheap; drop those that it makes needless."""
    if new is None or any(old.now_s <= new.now_s and old.cost_s <= new.cost_s for old in labels):
        return
    labels[:] = [old for old in labels if not (new.now_s <= old.now_s and new.cost_s <= old.cost_s)]
    labels.append(new)
