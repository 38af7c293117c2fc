"""The grouping problem of a district or a city: walks as a list of pairs, never as a table."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.errors import Fault, InputError
from gis.planning.problem import (
    ALONE,
    ANY_BRANCH,
    NO_LOCK,
    UNSEATED,
    WALK_SLACK_M,
    GroupingProblem,
    GroupingRules,
    GroupingSolution,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


_BASE_RULES = GroupingRules()


@dataclass(frozen=True, eq=False)
class WideProblem:
    """Members, hosts and the walks between them; n members, h hosts, m pairs.

    Attributes
    ----------
    arc_member, arc_host, arc_walk_m
        Shape (m,), each pair once, metres on foot. A pair that is not listed may not sit together: it is too far, or
        a wish or decision excludes it. Pairs beyond the limit may be listed; only a lock makes use of them.
    limit_m, weight, branch, is_full, can_lead, needs_step_free, locked_host, leader_rank, demand, mix_set, together
        Shape (n,), as in `GroupingProblem`; so are `current_host` and `must_seat`.
    is_step_free, capacity, host_branch, required, host_cost_m
        Shape (h,), as in `GroupingProblem`.
    """

    arc_member: IntArray
    arc_host: IntArray
    arc_walk_m: FloatArray
    limit_m: FloatArray
    weight: FloatArray
    branch: IntArray
    is_full: BoolArray
    can_lead: BoolArray
    needs_step_free: BoolArray
    is_step_free: BoolArray
    capacity: IntArray
    host_branch: IntArray
    locked_host: IntArray
    leader_rank: IntArray | None = None
    demand: IntArray | None = None
    mix_set: IntArray | None = None
    together: IntArray | None = None
    current_host: IntArray | None = None
    required: BoolArray | None = None
    host_cost_m: IntArray | None = None
    must_seat: BoolArray | None = None
    rules: GroupingRules = _BASE_RULES

    def __post_init__(self) -> None:
        """Take the arrays in their proper types and refuse shapes that do not fit; values are checked part by part."""
        for names, kind in _KINDS.items():
            for name in names.split():
                given = getattr(self, name)
                if given is not None:
                    object.__setattr__(self, name, np.asarray(given, dtype=kind))
        faults = _faults(self)
        if faults:
            msg = "编组问题不可用：" + "；".join(faults)
            raise InputError(msg, tuple(Fault(text) for text in faults))

    @property
    def n_members(self) -> int:
        """Count the members."""
        return len(self.branch)

    @property
    def n_hosts(self) -> int:
        """Count the hosts."""
        return len(self.capacity)

    @property
    def team(self) -> IntArray:
        """Who may share a group, as in `GroupingProblem`."""
        if self.rules.one_branch:
            return self.branch
        return np.zeros_like(self.branch) if self.mix_set is None else self.mix_set

    @property
    def comes_first(self) -> BoolArray:
        """Members whose seat counts before the number of seats; shape (n,)."""
        locked: BoolArray = self.locked_host != NO_LOCK
        return locked if self.must_seat is None else locked | self.must_seat

    def may_sit(self) -> BoolArray:
        """Tell of each pair whether the two agree: the way, steps, branch, locks, room for a group; shape (m,)."""
        i, j = self.arc_member, self.arc_host
        lock = self.locked_host[i]
        near = self.arc_walk_m <= self.limit_m[i] + WALK_SLACK_M
        ok = np.isfinite(self.arc_walk_m) & np.where(lock == NO_LOCK, near, lock == j)
        ok &= self.is_step_free[j] | ~self.needs_step_free[i]
        ok &= (self.host_branch[j] == ANY_BRANCH) | (self.host_branch[j] == self.branch[i])
        return np.asarray(ok & (self.capacity[j] >= self.rules.min_size), dtype=np.bool_)

    def of(self, members: IntArray, hosts: IntArray, arcs: IntArray) -> WideProblem:
        """Return the problem of some members, hosts and pairs, numbered in the order given.

        A member's host in force stays known when it is among the hosts; see `hosts_of`.
        """
        row, column = np.full(self.n_members, -1), np.full(self.n_hosts, -1)
        row[members], column[hosts] = np.arange(len(members)), np.arange(len(hosts))
        kept: dict[str, Any] = {}
        for names, chosen in ((_OF_MEMBERS, members), (_OF_HOSTS, hosts)):
            kept |= {name: array[chosen] for name in names if (array := getattr(self, name)) is not None}
        for name, none in (("locked_host", NO_LOCK), ("current_host", UNSEATED)):
            if name in kept:
                kept[name] = np.where(kept[name] >= 0, column[kept[name]], none)
        kept |= {"arc_member": row[self.arc_member[arcs]], "arc_host": column[self.arc_host[arcs]]}
        return replace(self, arc_walk_m=self.arc_walk_m[arcs], **kept)

    def dense(self) -> GroupingProblem:
        """Return the same problem with a table of walks."""
        walk = np.full((self.n_members, self.n_hosts), np.inf)
        walk[self.arc_member, self.arc_host] = self.arc_walk_m
        names = {field.name for field in fields(GroupingProblem)}
        same = {field.name: getattr(self, field.name) for field in fields(self) if field.name in names}
        return GroupingProblem(walk_m=walk, **same)


def widen(problem: GroupingProblem) -> WideProblem:
    """List the pairs of a table that matter for seats: those within the limit, or locked."""
    near = problem.walk_m <= problem.limit_m[:, None] + WALK_SLACK_M
    locked = np.flatnonzero(problem.locked_host != NO_LOCK)
    near[locked, problem.locked_host[locked]] = True
    near &= np.isfinite(problem.walk_m)
    if problem.forbidden is not None:
        near &= ~problem.forbidden
    member, host = np.nonzero(near)
    names = {field.name for field in fields(GroupingProblem)}
    same = {field.name: getattr(problem, field.name) for field in fields(WideProblem) if field.name in names}
    return WideProblem(arc_member=member, arc_host=host, arc_walk_m=problem.walk_m[member, host], **same)


@dataclass(frozen=True, eq=False)
class WideSolution(GroupingSolution):
    """A plan of many parts and how good it is.

    Attributes
    ----------
    parts, parts_proven
        How many parts have nothing to do with each other, and how many of them are solved to the proven optimum.
    """

    parts: int = 0
    parts_proven: int = 0


_KINDS: dict[str, type] = {
    "arc_member arc_host branch capacity host_branch locked_host leader_rank demand mix_set together": np.int64,
    "current_host host_cost_m": np.int64,
    "arc_walk_m limit_m weight": np.float64,
    "is_full can_lead needs_step_free is_step_free required must_seat": np.bool_,
}
_OF_HOSTS = ("is_step_free", "capacity", "host_branch", "required", "host_cost_m")
_OF_ARCS = ("arc_member", "arc_host", "arc_walk_m")
_OF_MEMBERS = tuple(f.name for f in fields(WideProblem) if f.name not in (*_OF_HOSTS, *_OF_ARCS, "rules"))


def _faults(problem: WideProblem) -> list[str]:
    n, h, m = problem.n_members, problem.n_hosts, len(problem.arc_member)
    faults = []
    for names, want in ((_OF_MEMBERS, n), (_OF_HOSTS, h), (_OF_ARCS, m)):
        shapes = {name: array.shape for name in names if (array := getattr(problem, name)) is not None}
        faults += [f"{name} 的形状是 {shape}，应为 {(want,)}" for name, shape in shapes.items() if shape != (want,)]
    if faults:
        return faults
    i, j, lock = problem.arc_member, problem.arc_host, problem.locked_host
    checks = {
        "步行数据里的党员编号不存在": ((i < 0) | (i >= n)).any(),
        "步行数据里的地点编号不存在": ((j < 0) | (j >= h)).any(),
        "同一党员到同一地点的步行距离给了两次": len(np.unique(i * max(h, 1) + j)) < m,
        "步行距离不能为负或缺失": np.isnan(problem.arc_walk_m).any() or (problem.arc_walk_m < 0).any(),
        "指定的中心户不存在": ((lock < NO_LOCK) | (lock >= h)).any(),
        "现行小组的地点不存在": problem.current_host is not None
        and ((problem.current_host < UNSEATED) | (problem.current_host >= h)).any(),
        "同组编号不能小于 -1": problem.together is not None and (problem.together < ALONE).any(),
    }
    return [text for text, wrong in checks.items() if wrong]
