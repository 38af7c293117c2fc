"""A plan as one team sees it: what is open, what is free, and whether somebody could sit down without moving others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import fits, may_sit, seat_cost
from gis.planning.problem import ALONE, UNSEATED, GroupingProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_ALL_OF = 2  # other branches of which every choice is tried


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
    n_elsewhere
        How many groups other teams have in all.
    """

    problem: GroupingProblem
    host: IntArray
    member: IntArray
    taken: IntArray
    groups_taken: IntArray
    n_elsewhere: int = 0

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
        seated = self.host != UNSEATED
        used = np.bincount(
            self.host[seated], weights=self.problem.demands[seated], minlength=max(self.problem.n_hosts, 1)
        )
        room = self.problem.capacity - self.taken - used[: self.problem.n_hosts].astype(np.int64)
        return np.asarray(np.clip(room, 0, np.maximum(self.problem.rules.hard_max - self.size, 0)), dtype=np.int64)

    @cached_property
    def may_open(self) -> BoolArray:
        """Shape (h,): hosts where the rules on numbers let this team open a group that it has not yet."""
        rules = self.problem.rules
        ok = (self.size == 0) & (self.seats_left >= rules.min_size)
        if rules.max_groups_per_host:
            ok &= self.groups_taken < rules.max_groups_per_host
        if rules.max_groups and self.n_elsewhere + int((self.size > 0).sum()) >= rules.max_groups:
            ok &= False
        return np.asarray(ok, dtype=np.bool_)

    @cached_property
    def cost(self) -> FloatArray:
        """Shape (n, h): weighted metres and what a change of host costs."""
        return seat_cost(self.problem)

    def unit(self, member: int) -> IntArray:
        """Return the member with those who must sit in the same group."""
        together = self.problem.together
        if together is None or together[member] == ALONE:
            return np.array([member], dtype=np.int64)
        return np.flatnonzero(together == together[member]).astype(np.int64)

    def takes(self, members: IntArray, host: int) -> bool:
        """Tell whether the rules on who shares a group let these meet at a host together with those who do already."""
        p, rules = self.problem, self.problem.rules
        group = np.union1d(np.flatnonzero(self.host == host), members)
        if rules.members_per_leader and len(group) > rules.members_per_leader * int(p.can_lead[group].sum()):
            return False
        return not rules.max_branches or rules.one_branch or len(np.unique(p.branch[group])) <= rules.max_branches

    def free_members(self, host: int) -> IntArray:
        """Unseated members who may sit at a host."""
        return np.flatnonzero((self.host == UNSEATED) & self.may_sit[:, host])

    @cached_property
    def _is_plain(self) -> bool:
        """No rule looks at who shares a group, and everybody takes one seat."""
        p, rules = self.problem, self.problem.rules
        mixed = rules.max_branches and not rules.one_branch
        return p.together is None and p.demand is None and not rules.members_per_leader and not mixed

    def can_join(self, member: int) -> IntArray:
        """Hosts of open groups that would take the member, and those who come along, now."""
        if self._is_plain:
            return np.flatnonzero(self.may_sit[member] & (self.size > 0) & (self.seats_left > 0))
        unit = self.unit(member)
        ok = self.may_sit[unit].all(axis=0) & (self.size > 0)
        ok &= self.seats_left >= self.problem.demands[unit].sum()
        return np.array([j for j in np.flatnonzero(ok) if self.takes(unit, int(j))], dtype=np.int64)

    def can_open(self, member: int) -> IntArray:
        """Hosts where unseated members, this one among them, could form a legal group."""
        hosts = np.flatnonzero(self.may_sit[member] & self.may_open)
        return np.array([j for j in hosts if self._forms(member, int(j))], dtype=np.int64)

    def _forms(self, member: int, host: int) -> bool:
        if self._is_plain:
            return self._forms_plain_group(member, host)
        if self.problem.together is None and self.problem.demand is None:
            return self._forms_counted_group(member, host)
        return self._forms_group(member, host)

    def _forms_counted_group(self, member: int, host: int) -> bool:
        """Look for branches, as many as may share a group, whose free members make one: by their numbers alone."""
        p, rules, free = self.problem, self.problem.rules, self.free_members(host)
        has_lead = not rules.needs_leader or p.can_lead[free].any()
        if len(free) < rules.min_size or not has_lead or p.is_full[free].sum() < rules.min_full:
            return False
        _, branch = np.unique(p.branch[free], return_inverse=True)
        kinds = (np.ones(len(free)), p.can_lead[free], p.is_full[free])
        count = np.array([np.bincount(branch, weights=kind) for kind in kinds], dtype=np.int64)
        own = int(branch[np.flatnonzero(free == member)[0]])
        if rules.one_branch or not rules.max_branches or rules.max_branches >= count.shape[1]:
            return self._is_enough(member, host, count.sum(axis=1))
        return any(
            self._is_enough(member, host, count[:, chosen].sum(axis=1))
            for chosen in _choices(count, own, rules.max_branches)
        )

    def _is_enough(self, member: int, host: int, count: IntArray) -> bool:
        """Tell whether so many free members, leaders and full members of them, make a legal group with this one."""
        p, rules, (there, lead, full) = self.problem, self.problem.rules, count
        leads, is_full = int(p.can_lead[member]), int(p.is_full[member])
        for size in range(rules.min_size, min(rules.hard_max, int(self.seats_left[host]), int(there)) + 1):
            least = -(-size // rules.members_per_leader) if rules.members_per_leader else 0
            leaders = max(least, int(rules.needs_leader), leads) - leads  # besides the member
            others = max(rules.min_full - is_full - leaders, 0)
            if leaders > lead - leads or others > full - is_full - leaders:
                return False  # a larger group needs no fewer
            if 1 + leaders + others <= size:
                return True
        return False

    def is_seatable_at(self, member: int, host: int) -> bool:
        """Tell whether an unseated member could sit down at one host without anybody else moving."""
        if self.size[host] > 0:
            return host in self.can_join(member)
        return bool(self.may_sit[member, host] and self.may_open[host] and self._forms(member, host))

    def _forms_plain_group(self, member: int, host: int) -> bool:
        rules, p = self.problem.rules, self.problem
        free, seats = self.free_members(host), int(self.seats_left[host])
        has_lead = not rules.needs_leader or p.can_lead[free].any()
        if len(free) < rules.min_size or not has_lead or p.is_full[free].sum() < rules.min_full:
            return False
        # the member, a leader and the missing full members must fit into the seats together
        leader = int(rules.needs_leader and not p.can_lead[member])
        full = int(p.is_full[member]) + leader
        return 1 + leader + max(rules.min_full - full, 0) <= seats

    def _forms_group(self, member: int, host: int) -> bool:
        """Try the member's own company, then add leaders, full members and others until the group is legal."""
        p, free, group = self.problem, self.free_members(host), self.unit(member)
        if not np.isin(group, free).all():
            return False
        order = np.lexsort((free, ~p.is_full[free], ~p.can_lead[free]))
        for other in [None, *free[order]]:
            if other is not None and other not in group:
                unit = self.unit(int(other))
                wider = np.union1d(group, unit)
                if not np.isin(unit, free).all() or not self._is_useful(group, wider, host):
                    continue
                group = wider
            if self._is_group(group, host):
                return True
        return False

    def _is_useful(self, group: IntArray, wider: IntArray, host: int) -> bool:
        """Tell whether a wider group still fits and lacks nothing more than the narrower one, or lacks it less."""
        p, rules = self.problem, self.problem.rules
        if p.demands[wider].sum() > self.seats_left[host] or len(wider) > rules.hard_max:
            return False
        has_lead = p.can_lead[group].any() or not rules.needs_leader
        enough_full = p.is_full[group].sum() >= rules.min_full
        if len(group) >= rules.min_size and has_lead and enough_full and not rules.members_per_leader:
            return False
        room = int(self.seats_left[host] - p.demands[wider].sum())
        short = max(rules.min_full - int(p.is_full[wider].sum()), 0)
        return room >= max(short, int(rules.needs_leader and not p.can_lead[wider].any()))

    def _is_group(self, members: IntArray, host: int) -> bool:
        p, rules = self.problem, self.problem.rules
        enough = rules.min_size <= len(members) <= rules.hard_max and p.demands[members].sum() <= self.seats_left[host]
        full = p.is_full[members].sum() >= rules.min_full
        leader = not rules.needs_leader or p.can_lead[members].any()
        return bool(enough and full and leader and self.takes(members, host))

    def is_seatable(self, member: int) -> bool:
        """Tell whether an unseated member could sit down without anybody else moving."""
        return bool(len(self.can_join(member)) or len(self.can_open(member)))


def _choices(count: IntArray, own: int, most: int) -> Iterator[list[int]]:
    """Name sets of branches to draw on with a member's own: all up to two others, beyond that the fullest."""
    others = [b for b in range(count.shape[1]) if b != own]
    yield [own]
    for number in range(1, min(most, _ALL_OF + 1)):
        yield from ([own, *chosen] for chosen in combinations(others, number))
    if most > _ALL_OF + 1:
        for kind in range(len(count)):
            yield [own, *sorted(others, key=lambda b: -int(count[kind, b]))[: most - 1]]


def standing_of(problem: GroupingProblem, host: IntArray, team: int) -> Standing:
    """Cut one team out of a plan."""
    mine = np.flatnonzero(problem.team == team)
    others = np.flatnonzero((problem.team != team) & (host != UNSEATED))
    keys = np.unique(problem.team[others] * max(problem.n_hosts, 1) + host[others])
    n_hosts = problem.n_hosts
    taken = np.bincount(host[others], weights=problem.demands[others], minlength=n_hosts).astype(np.int64)
    groups = np.bincount(keys % max(n_hosts, 1), minlength=n_hosts).astype(np.int64)
    return Standing(_without_split(problem, mine), host[mine], mine, taken, groups, len(keys))


def _without_split(problem: GroupingProblem, rows: IntArray) -> GroupingProblem:
    """Cut a team out; who must sit with somebody of another team can sit nowhere."""
    cut, together = problem.of_members(rows), problem.together
    if together is None:
        return cut
    others = np.setdiff1d(np.arange(problem.n_members), rows)
    split = np.isin(together[rows], together[others][together[others] != ALONE])
    if not split.any():
        return cut
    barred = np.zeros(cut.walk_m.shape, dtype=np.bool_) if cut.forbidden is None else cut.forbidden.copy()
    barred[split] = True
    return replace(cut, forbidden=barred)
