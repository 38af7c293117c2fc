"""Tiny grouping problems and the brute force that settles them."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gis.planning.problem import NO_LOCK, UNSEATED, GroupingProblem, GroupingRules, Score


def make_problem(walk_m: Any, **given: Any) -> GroupingProblem:
    """Fill in what a fact does not care about: everybody full, able to lead, one branch, 15 seats."""
    walk = np.array(walk_m, dtype=float)
    n, h = walk.shape
    fields: dict[str, Any] = {
        "limit_m": [800.0] * n,
        "weight": [1.0] * n,
        "branch": [0] * n,
        "is_full": [True] * n,
        "can_lead": [True] * n,
        "needs_step_free": [False] * n,
        "is_step_free": [True] * h,
        "capacity": [15] * h,
        "host_branch": [-1] * h,
        "locked_host": [NO_LOCK] * n,
    }
    return GroupingProblem(walk_m=walk, **{**fields, **given})


def allowed(p: GroupingProblem, i: int, j: int) -> bool:
    locked = p.locked_host[i] != NO_LOCK
    if locked and p.locked_host[i] != j:
        return False
    near = np.isfinite(p.walk_m[i, j]) and (locked or p.walk_m[i, j] <= p.limit_m[i])
    steps = p.is_step_free[j] or not p.needs_step_free[i]
    wish = p.forbidden is None or not p.forbidden[i, j]
    return bool(near and steps and wish and p.host_branch[j] in (-1, p.branch[i]))


def score_of(p: GroupingProblem, host: Any) -> Score | None:
    """Score of a plan from the words of the rules, None when it breaks one; shares no code with the solver."""
    r = p.rules
    groups: dict[tuple[int, int], list[int]] = {}
    cost = 0
    for i, j in enumerate(host):
        if j == UNSEATED:
            continue
        if not allowed(p, i, j):
            return None
        groups.setdefault((int(p.branch[i]) if r.one_branch else 0, int(j)), []).append(i)
        cost += round(float(p.walk_m[i, j] * p.weight[i]))
    for j in range(p.n_hosts):
        here = [k for k in groups if k[1] == j]
        if sum(len(groups[k]) for k in here) > p.capacity[j]:
            return None
        if r.max_groups_per_host and len(here) > r.max_groups_per_host:
            return None
    for members in groups.values():
        k = len(members)
        if not r.min_size <= k <= r.hard_max or sum(p.is_full[members]) < r.min_full or not any(p.can_lead[members]):
            return None
        cost += r.open_cost_m + r.small_penalty_m * max(r.target_low - k, 0)
        cost += r.large_penalty_m * max(k - r.target_high, 0)
    out = [i for i, j in enumerate(host) if j == UNSEATED]
    return Score(sum(p.locked_host[i] != NO_LOCK for i in out), len(out), cost_m=cost)


def brute_force(p: GroupingProblem) -> Score:
    choices = [[UNSEATED, *(j for j in range(p.n_hosts) if allowed(p, i, j))] for i in range(p.n_members)]
    scores = (score_of(p, host) for host in product(*choices))
    return min(score for score in scores if score is not None)


@st.composite
def problems(draw: Any, members: int = 7, hosts: int = 3) -> GroupingProblem:
    n, h = draw(st.integers(1, members)), draw(st.integers(1, hosts))

    def some(element: Any, count: int) -> list[Any]:
        return list(draw(st.lists(element, min_size=count, max_size=count)))

    walk = np.array(some(st.sampled_from([*range(50, 900, 17), 1000, np.inf]), n * h), dtype=float).reshape(n, h)
    full = np.array(some(st.sampled_from([True, True, True, False]), n))
    rules = GroupingRules(
        min_size=draw(st.sampled_from([3, 3, 3, 2, 1])),
        min_full=draw(st.sampled_from([1, 1, 2])),
        target_low=draw(st.sampled_from([3, 4])),
        target_high=draw(st.sampled_from([4, 5])),
        hard_max=draw(st.sampled_from([5, 50])),
        open_cost_m=draw(st.sampled_from([0, 0, 300])),
        max_groups_per_host=draw(st.sampled_from([0, 1, 3])),
        one_branch=draw(st.sampled_from([True, True, False])),
    )
    return GroupingProblem(
        walk_m=walk,
        limit_m=np.array(some(st.sampled_from([300.0, 600.0, 900.0, 900.0]), n)),
        weight=np.array(some(st.sampled_from([1.0, 1.0, 1.5]), n)),
        branch=np.array(some(st.integers(0, 1), n)),
        is_full=full,
        can_lead=full & np.array(some(st.booleans(), n)),
        needs_step_free=np.array(some(st.sampled_from([False, False, False, True]), n)),
        is_step_free=np.array(some(st.sampled_from([True, True, False]), h)),
        capacity=np.array(some(st.sampled_from([0, 2, 3, 4, 6, 15]), h)),
        host_branch=np.array(some(st.sampled_from([-1, -1, -1, 0, 1]), h)),
        locked_host=np.array([min(k, h - 1) for k in some(st.sampled_from([-1, -1, -1, -1, -1, 0, 2]), n)]),
        forbidden=np.array(some(st.sampled_from([False] * 9 + [True]), n * h)).reshape(n, h),
        rules=rules,
    )
