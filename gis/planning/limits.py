"""What each limit costs: the best plan without it, against the best plan with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.planning.problem import ANY_BRANCH, NO_LOCK, GroupingProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from gis.planning.problem import GroupingRules
    from gis.planning.resolve import Loss
    from gis.planning.worth import Worth

    Array = npt.NDArray[np.int64] | npt.NDArray[np.bool_]


class Limit(StrEnum):
    """What is lifted.

    WALK: everybody may walk as far as was measured. SEATS: places hold everybody. ONE_BRANCH: groups may mix.
    STEP_FREE: every place is step-free. MIN_SIZE: one member is a group. LEADER: every full member may lead.
    GROUPS_PER_HOST: any number of groups at a place. MAX_GROUPS, MIN_GROUPS: any number in all. HOST_BRANCH: no place
    is kept for a branch. LOCKS: nobody is fixed to a place. FORBIDDEN: no place is excluded for anybody.
    TOGETHER: nobody need sit with anybody. REQUIRED: no place need have a group. LEADER_LOAD: any number of members
    for a leader.
    """

    WALK = "walk"
    SEATS = "seats"
    ONE_BRANCH = "one_branch"
    STEP_FREE = "step_free"
    MIN_SIZE = "min_size"
    LEADER = "leader"
    GROUPS_PER_HOST = "groups_per_host"
    MAX_GROUPS = "max_groups"
    MIN_GROUPS = "min_groups"
    HOST_BRANCH = "host_branch"
    LOCKS = "locks"
    FORBIDDEN = "forbidden"
    TOGETHER = "together"
    REQUIRED = "required"
    LEADER_LOAD = "leader_load"


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """What lifting one limit changes (negative: better); None: the time did not reach to prove it."""

    limit: Limit
    loss: Loss | None


def price_limits(worth: Worth) -> tuple[LimitPrice, ...]:
    """Lift every limit that there is, one at a time, and solve again; the quickest first."""
    return tuple(LimitPrice(limit, worth.loss(changed)) for limit, changed in _lifted(worth.problem))


def _lifted(p: GroupingProblem) -> Iterator[tuple[Limit, GroupingProblem]]:
    """Yield the problem without each limit that there is."""
    rules = p.rules
    for limit, name, value in (
        (Limit.LEADER, "can_lead", p.is_full),
        (Limit.STEP_FREE, "is_step_free", np.ones_like(p.is_step_free)),
        (Limit.LOCKS, "locked_host", np.full_like(p.locked_host, NO_LOCK)),
        (Limit.FORBIDDEN, "forbidden", None),
        (Limit.HOST_BRANCH, "host_branch", np.full_like(p.host_branch, ANY_BRANCH)),
        (Limit.TOGETHER, "together", None),
        (Limit.REQUIRED, "required", None),
    ):
        if not _is_free(getattr(p, name), value):
            yield limit, _with(p, name, value)
    for limit, name, free in _RULES:
        if getattr(rules, name) > free:
            yield limit, replace(p, rules=_ruled(rules, name, free))
    if (p.capacity < p.n_members).any():
        yield Limit.SEATS, replace(p, capacity=np.maximum(p.capacity, p.n_members))
    if len(np.unique(p.branch)) > 1 and rules.one_branch:
        yield Limit.ONE_BRANCH, replace(p, mix_set=None, rules=replace(rules, one_branch=False, max_branches=0))
    if (np.isfinite(p.walk_m) & (p.walk_m > p.limit_m[:, None])).any():
        yield Limit.WALK, replace(p, limit_m=np.full(p.n_members, np.inf))


def _is_free(given: Array | None, value: Array | None) -> bool:
    """Tell whether a field limits nothing: it is not there, says no to all, or is as free as it can be."""
    if given is None:
        return True
    if value is not None:
        return bool(np.array_equal(given, value))
    return not (given if given.dtype == np.bool_ else given >= 0).any()


def _with(p: GroupingProblem, name: str, value: Array | None) -> GroupingProblem:
    changed: dict[str, Any] = {name: value}
    return replace(p, **changed)


def _ruled(rules: GroupingRules, name: str, value: int) -> GroupingRules:
    changed: dict[str, Any] = {name: value}
    return replace(rules, **changed)


_RULES = (
    (Limit.LEADER_LOAD, "members_per_leader", 0),
    (Limit.MAX_GROUPS, "max_groups", 0),
    (Limit.MIN_GROUPS, "min_groups", 0),
    (Limit.GROUPS_PER_HOST, "max_groups_per_host", 0),
    (Limit.MIN_SIZE, "min_size", 1),
)
