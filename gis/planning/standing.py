"""A plan as one team sees it: what is open, what is free, and whether somebody could sit down without moving others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import fits, may_sit
from gis.planning.problem import UNSEATED, GroupingProblem

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Standing:
    """The members of one team in a plan; member numbers count within the team.

    Attributes
    ----------
    problem, host
        The problem and the plan, both of the team's members only.
    member
        Shape (n,), their numbers in the whole problem.
    taken, groups_taken
        Shape (h,), seats and groups that other teams have at each host.
    """

    problem: GroupingProblem
    host: IntArray
    member: IntArray
    taken: IntArray
    groups_taken: IntArray

    @cached_property
    def may_sit(self) -> BoolArray:
        """Shape (n, h): walk, steps, wish, branch, lock."""
        return may_sit(self.problem)

    @cached_property
    def fits(self) -> BoolArray:
        """Shape (n, h): steps, wish, branch; whatever the walk and the lock."""
        return fits(self.problem)

    @cached_property
    def size(self) -> IntArray:
        """Shape (h,): members of the team's group at each host."""
        return np.bincount(self.host[self.host != UNSEATED], minlength=self.problem.n_hosts).astype(np.int64)

    @cached_property
    def seats_left(self) -> IntArray:
        """Shape (h,): seats that nobody has, for a member of this team."""
        room = self.problem.capacity - self.taken - self.size
        return np.asarray(np.clip(room, 0, np.maximum(self.problem.rules.hard_max - self.size, 0)), dtype=np.int64)

    @cached_property
    def may_open(self) -> BoolArray:
        """Shape (h,): hosts where the rules on numbers let this team open a group that it has not yet."""
        rules = self.problem.rules
        ok = (self.size == 0) & (self.seats_left >= rules.min_size)
        if rules.max_groups_per_host:
            ok &= self.groups_taken < rules.max_groups_per_host
        return np.asarray(ok, dtype=np.bool_)

    def free_members(self, host: int) -> IntArray:
        """Unseated members who may sit at a host."""
        return np.flatnonzero((self.host == UNSEATED) & self.may_sit[:, host])

    def can_join(self, member: int) -> IntArray:
        """Hosts of open groups that would take the member now."""
        return np.flatnonzero(self.may_sit[member] & (self.size > 0) & (self.seats_left > 0))

    def can_open(self, member: int) -> IntArray:
        """Hosts where unseated members, this one among them, could form a legal group."""
        hosts = np.flatnonzero(self.may_sit[member] & self.may_open)
        return np.array([j for j in hosts if self._forms_group(member, int(j))], dtype=np.int64)

    def _forms_group(self, member: int, host: int) -> bool:
        rules, p = self.problem.rules, self.problem
        free, seats = self.free_members(host), int(self.seats_left[host])
        if len(free) < rules.min_size or not p.can_lead[free].any() or p.is_full[free].sum() < rules.min_full:
            return False
        # the member, a leader and the missing full members must fit into the seats together
        full = int(p.is_full[member]) + int(not p.can_lead[member])
        needed = 1 + int(not p.can_lead[member]) + max(rules.min_full - full, 0)
        return needed <= seats

    def is_seatable(self, member: int) -> bool:
        """Tell whether an unseated member could sit down without anybody else moving."""
        return bool(len(self.can_join(member)) or len(self.can_open(member)))


def standing_of(problem: GroupingProblem, host: IntArray, team: int) -> Standing:
    """Cut one team out of a plan."""
    mine = np.flatnonzero(problem.team == team)
    others = np.flatnonzero((problem.team != team) & (host != UNSEATED))
    keys = np.unique(problem.team[others] * max(problem.n_hosts, 1) + host[others])
    n_hosts = problem.n_hosts
    taken = np.bincount(host[others], minlength=n_hosts).astype(np.int64)
    groups = np.bincount(keys % max(n_hosts, 1), minlength=n_hosts).astype(np.int64)
    return Standing(problem.of_members(mine), host[mine], mine, taken, groups)
