"""One independent part of a grouping problem: what the solver works on, and how it judges a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import needs_lead
from gis.planning.problem import ALONE, UNSEATED, GroupingProblem, GroupingRules, Score

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.candidates import Candidates

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


class Goal(Enum):
    """What is minimised, one after the other, each held when the next comes."""

    SEATS = auto()
    GROUPS = auto()
    WALKS = auto()


@dataclass(frozen=True, eq=False)
class Branches:
    """The branches that may meet in groups, where it matters how many; one entry per (group, branch).

    `of_arc` is the entry of each arc, `group` and `branch` belong to an entry.
    """

    group: IntArray
    branch: IntArray
    of_arc: IntArray


@dataclass(frozen=True, eq=False)
class Part:
    """Candidates with what the rules need to know of their members; all numbers count within the part.

    A plan of a part is an array `group_of`, shape (n_members,): a group number or UNSEATED.
    """

    candidates: Candidates
    is_full: BoolArray
    can_lead: BoolArray
    is_locked: BoolArray
    branch: IntArray
    together: IntArray
    demand: IntArray
    rules: GroupingRules

    @property
    def n_members(self) -> int:
        """Count the members of the part."""
        return len(self.candidates.member)

    @property
    def n_groups(self) -> int:
        """Count the groups that could open."""
        return len(self.candidates.group_team)

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """What to minimise, first things first."""
        return (Goal.SEATS, Goal.GROUPS, Goal.WALKS) if self.rules.fewest_groups else (Goal.SEATS, Goal.WALKS)

    @cached_property
    def group_start(self) -> IntArray:
        """Arcs of group g are `group_start[g]` to `group_start[g + 1]`."""
        return np.searchsorted(self.candidates.arc_group, np.arange(self.n_groups + 1)).astype(np.int64)

    @cached_property
    def cost(self) -> FloatArray:
        """Cost of each member in each group, inf where the member may not sit; shape (n_members, n_groups)."""
        table = np.full((self.n_members, self.n_groups), np.inf)
        table[self.candidates.arc_member, self.candidates.arc_group] = self.candidates.arc_cost
        return table

    @cached_property
    def nearest(self) -> FloatArray:
        """Cost of the nearest seat of each member, the least first; shape (n_members,)."""
        return np.sort(self.cost.min(axis=1, initial=np.inf))

    @cached_property
    def branches(self) -> Branches | None:
        """The branches of each group; None where no rule or price looks at them."""
        rules, c = self.rules, self.candidates
        if rules.one_branch or not (rules.mix_cost_m or rules.max_branches):
            return None
        width = int(self.branch.max(initial=0)) + 1
        keys, of_arc = np.unique(c.arc_group * width + self.branch[c.arc_member], return_inverse=True)
        group = keys // width
        many = np.bincount(group, minlength=self.n_groups)
        if (many <= 1).all() or (not rules.mix_cost_m and (many <= rules.max_branches).all()):
            return None
        return Branches(group, keys % width, np.asarray(of_arc, dtype=np.int64).reshape(-1))

    @cached_property
    def counts_leaders(self) -> bool:
        """Tell whether a group could have more members than its leaders may have."""
        most = self.rules.members_per_leader
        return bool(most and (self.candidates.group_seats > most).any())

    @cached_property
    def with_companions(self) -> BoolArray:
        """Tell who has companions; shape (n_members,)."""
        return np.asarray(self.together != ALONE, dtype=np.bool_)

    @cached_property
    def is_plain(self) -> bool:
        """Tell whether the seats are whole by themselves once the openings are decided."""
        special = self.counts_leaders or self.branches is not None or self.with_companions.any()
        return not special and bool((self.demand == 1).all())

    @property
    def decision_weight(self) -> int:
        """What breaking a decision costs before any walk counts, in members left out: more than there are."""
        return self.n_members + 1

    @cached_property
    def seat_weight(self) -> IntArray:
        """What leaving a member out costs before any walk counts."""
        return np.where(self.is_locked, self.decision_weight + 1, 1).astype(np.int64)

    def missing(self, size: IntArray) -> int:
        """Count required venues without a group and groups missing to the least number."""
        c = self.candidates
        met = np.bincount(c.venue_of, weights=size > 0, minlength=len(c.venue_seats))
        return int((c.venue_required & (met == 0)).sum()) + max(c.least_groups - int((size > 0).sum()), 0)

    def sizes(self, group_of: IntArray) -> IntArray:
        """Count the members of each group."""
        return np.bincount(group_of[group_of != UNSEATED], minlength=self.n_groups).astype(np.int64)

    def value(self, goal: Goal, group_of: IntArray) -> int:
        """Judge a legal plan by one goal."""
        if goal is Goal.SEATS:
            return self.seat_score(group_of)
        return int((self.sizes(group_of) > 0).sum()) if goal is Goal.GROUPS else self.walk_cost(group_of)

    def seat_score(self, group_of: IntArray) -> int:
        """Weight of the members left out and of other decisions broken."""
        left_out = int(self.seat_weight[group_of == UNSEATED].sum())
        return left_out + self.decision_weight * self.missing(self.sizes(group_of))

    def walk_cost(self, group_of: IntArray) -> int:
        """Add up walks and penalties of a legal plan."""
        seated = np.flatnonzero(group_of != UNSEATED)
        size = self.sizes(group_of)
        groups = int(self.candidates.group_cost[size > 0].sum())
        size = size[size > 0]
        rules = self.rules
        groups += rules.small_penalty_m * int(np.maximum(rules.target_low - size, 0).sum())
        groups += rules.large_penalty_m * int(np.maximum(size - rules.target_high, 0).sum())
        if rules.mix_cost_m and self.branches is not None:
            groups += rules.mix_cost_m * (int(self.branch_counts(group_of).sum()) - len(size))
        return int(self.cost[seated, group_of[seated]].sum()) + groups

    def branch_counts(self, group_of: IntArray) -> IntArray:
        """Count the branches that meet in each group."""
        seated = np.flatnonzero(group_of != UNSEATED)
        width = int(self.branch.max(initial=0)) + 1
        met = np.unique(group_of[seated] * width + self.branch[seated])
        return np.bincount(met // width, minlength=self.n_groups).astype(np.int64)

    def score(self, group_of: IntArray) -> Score:
        """Judge a legal plan."""
        out = group_of == UNSEATED
        size = self.sizes(group_of)
        return Score(
            decisions_broken=int((out & self.is_locked).sum()) + self.missing(size),
            unseated=int(out.sum()),
            n_groups=int((size > 0).sum()) if self.rules.fewest_groups else 0,
            cost_m=self.walk_cost(group_of),
        )

    def is_legal(self, group_of: IntArray) -> bool:
        """Check every hard rule from the raw arrays; the solver trusts no number of its own."""
        c = self.candidates
        seated = np.flatnonzero(group_of != UNSEATED)
        at = group_of[seated]
        if not np.isfinite(self.cost[seated, at]).all() or not self._groups_are_legal(seated, at):
            return False
        size = self.sizes(group_of)
        here = np.bincount(c.venue_of[at], weights=self.demand[seated], minlength=len(c.venue_seats))
        groups = np.bincount(c.venue_of, weights=size > 0, minlength=len(c.venue_seats))
        fits = (here <= c.venue_seats).all() and (groups <= c.venue_groups).all() and groups.sum() <= c.most_groups
        return bool(fits and self._companions_meet(group_of))

    def _groups_are_legal(self, seated: IntArray, at: IntArray) -> bool:
        g, rules = self.n_groups, self.rules
        size = np.bincount(at, minlength=g)
        full = np.bincount(at, weights=self.is_full[seated], minlength=g)
        lead = np.bincount(at, weights=self.can_lead[seated], minlength=g)
        enough = (size >= rules.min_size) & (full >= rules.min_full) & ((lead >= 1) | (not needs_lead(rules)))
        ok = (size <= self.candidates.group_seats) & ((size == 0) | enough)
        if rules.members_per_leader:
            ok &= size <= rules.members_per_leader * lead
        if self.branches is not None and rules.max_branches:
            group_of = np.full(self.n_members, UNSEATED)
            group_of[seated] = at
            ok &= self.branch_counts(group_of) <= rules.max_branches
        return bool(ok.all())

    def _companions_meet(self, group_of: IntArray) -> bool:
        one, other = self.companions
        return bool((group_of[one] == group_of[other]).all())

    @cached_property
    def companions(self) -> tuple[IntArray, IntArray]:
        """Pairs of members who share a group: each with the next of the same number."""
        rows = np.flatnonzero(self.with_companions)
        rows = rows[np.argsort(self.together[rows], kind="stable")]
        same = self.together[rows[1:]] == self.together[rows[:-1]]
        return rows[:-1][same], rows[1:][same]

    def load(self, plan: IntArray) -> tuple[IntArray, IntArray]:
        """Count seats taken and groups of a plan at each venue."""
        seated, venue_of = np.flatnonzero(plan != UNSEATED), self.candidates.venue_of
        n = len(self.candidates.venue_seats)
        seats = np.bincount(venue_of[plan[seated]], weights=self.demand[seated], minlength=n)
        groups = np.bincount(venue_of, weights=self.sizes(plan) > 0, minlength=n)
        return seats.astype(np.int64), groups.astype(np.int64)


def share_of(part: Part, candidates: Candidates) -> Part:
    """Look up the members of some of a part's candidates in the part."""
    row = np.searchsorted(part.candidates.member, candidates.member)
    return Part(
        candidates,
        part.is_full[row],
        part.can_lead[row],
        part.is_locked[row],
        part.branch[row],
        part.together[row],
        part.demand[row],
        part.rules,
    )


def make_part(problem: GroupingProblem, candidates: Candidates) -> Part:
    """Look up the members of a part in the problem."""
    member = candidates.member
    return Part(
        candidates,
        problem.is_full[member],
        problem.can_lead[member],
        problem.comes_first[member],
        problem.branch[member],
        np.full(len(member), ALONE) if problem.together is None else problem.together[member],
        problem.demands[member],
        problem.rules,
    )
