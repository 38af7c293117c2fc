"""Tiny grouping problems and the brute force that settles them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gis.planning.problem import ALONE, NO_LOCK, UNSEATED, GroupingProblem, GroupingRules, Score


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


def groups_in(p: GroupingProblem, host: Any) -> dict[tuple[int, int], list[int]]:
    """Members of each group, from the words of the rules."""
    groups: dict[tuple[int, int], list[int]] = {}
    for i, j in enumerate(host):
        if j != UNSEATED:
            mixed = 0 if p.mix_set is None else int(p.mix_set[i])
            groups.setdefault((int(p.branch[i]) if p.rules.one_branch else mixed, int(j)), []).append(i)
    return groups


def is_legal_group(p: GroupingProblem, members: list[int]) -> bool:
    r, k = p.rules, len(members)
    leaders = sum(p.can_lead[members])
    led = (leaders or not r.needs_leader) and (not r.members_per_leader or k <= r.members_per_leader * leaders)
    mixed = r.max_branches and len({int(p.branch[i]) for i in members}) > r.max_branches
    numbers = [] if p.together is None else p.together.tolist()
    together = [numbers[i] for i in members if numbers and numbers[i] != ALONE]
    whole = all(numbers.count(k) == together.count(k) for k in together)
    return bool(r.min_size <= k <= r.hard_max and sum(p.is_full[members]) >= r.min_full and led and not mixed and whole)


def fits_hosts(p: GroupingProblem, host: Any, groups: dict[tuple[int, int], list[int]]) -> bool:
    for j in range(p.n_hosts):
        taken = sum(1 if p.demand is None else int(p.demand[i]) for i, at in enumerate(host) if at == j)
        here = sum(1 for _, at in groups if at == j)
        if taken > p.capacity[j] or (p.rules.max_groups_per_host and here > p.rules.max_groups_per_host):
            return False
    return not p.rules.max_groups or len(groups) <= p.rules.max_groups


def cost_of(p: GroupingProblem, host: Any, groups: dict[tuple[int, int], list[int]]) -> int:
    r, cost = p.rules, 0
    for i, j in enumerate(host):
        if j != UNSEATED:
            cost += round(float(p.walk_m[i, j] * p.weight[i]))
            if p.current_host is not None and p.current_host[i] not in (UNSEATED, j):
                cost += r.change_cost_m
    for (_, j), members in groups.items():
        k = len(members)
        cost += r.open_cost_m + (0 if p.host_cost_m is None else int(p.host_cost_m[j]))
        cost += r.small_penalty_m * max(r.target_low - k, 0) + r.large_penalty_m * max(k - r.target_high, 0)
        cost += r.mix_cost_m * (len({int(p.branch[i]) for i in members}) - 1)
    return cost


def score_of(p: GroupingProblem, host: Any) -> Score | None:
    """Score of a plan from the words of the rules, None when it breaks one; shares no code with the solver."""
    if not all(j == UNSEATED or allowed(p, i, j) for i, j in enumerate(host)):
        return None
    groups = groups_in(p, host)
    if not fits_hosts(p, host, groups) or not all(is_legal_group(p, members) for members in groups.values()):
        return None
    out = [i for i, j in enumerate(host) if j == UNSEATED]
    broken = sum(p.locked_host[i] != NO_LOCK or (p.must_seat is not None and p.must_seat[i]) for i in out)
    broken += max(p.rules.min_groups - len(groups), 0)
    broken += sum(j not in host for j in range(p.n_hosts) if p.required is not None and p.required[j])
    walks = [int(np.ceil(p.walk_m[i, j])) for i, j in enumerate(host) if j != UNSEATED and p.locked_host[i] == NO_LOCK]
    return Score(
        decisions_broken=int(broken),
        unseated=len(out),
        n_groups=len(groups) if p.rules.fewest_groups else 0,
        longest_m=max(walks, default=0) if p.rules.fair else 0,
        cost_m=cost_of(p, host, groups),
    )


def brute_force(p: GroupingProblem) -> Score:
    choices = [[UNSEATED, *(j for j in range(p.n_hosts) if allowed(p, i, j))] for i in range(p.n_members)]
    scores = (score_of(p, host) for host in product(*choices))
    return min(score for score in scores if score is not None)


@st.composite
def problems(draw: Any, members: int = 7, hosts: int = 3) -> GroupingProblem:
    """Draw a problem of the rules that always count; `wished_problems` draws all that may be asked for besides."""
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


@st.composite
def wished_problems(draw: Any, members: int = 7, hosts: int = 3, fair: int = 1) -> GroupingProblem:
    """Draw a problem in which each of the wishes is asked for now and then; `fair=0`: fairness is not."""
    plain = draw(problems(members, hosts))
    n, h = plain.n_members, plain.n_hosts

    def maybe(values: list[Any], count: int) -> Any:
        one = st.one_of(st.none(), st.none(), st.lists(st.sampled_from(values), min_size=count, max_size=count))
        return draw(one)

    def seldom(*given: int) -> int:
        return int(draw(st.sampled_from([0, 0, 0, *given])))

    least, most = seldom(1, 2, 3), seldom(1, 2)
    rules = replace(
        plain.rules,
        needs_leader=draw(st.sampled_from([True, True, True, False])),
        min_groups=min(least, most) if most else least,
        max_groups=most,
        fewest_groups=bool(seldom(1)),
        fair=bool(seldom(fair)),
        mix_cost_m=seldom(60, 400),
        max_branches=seldom(1, 2),
        members_per_leader=seldom(2, 3),
        change_cost_m=draw(st.sampled_from([0, 150])),
    )
    wished: GroupingProblem = replace(
        plain,
        branch=np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))),
        demand=maybe([1, 1, 2, 3], n),
        mix_set=maybe([0, 0, 1], n),
        together=maybe([ALONE, ALONE, 0, 1], n),
        current_host=maybe([UNSEATED, *range(h)], n),
        required=maybe([False, False, True], h),
        host_cost_m=maybe([0, 0, 250, 700], h),
        must_seat=maybe([False, False, True], n),
        rules=rules,
    )
    return wished
