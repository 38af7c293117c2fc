"""One independent part of a grouping problem: what the solver works on, and how it judges a plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import UNSEATED, GroupingProblem, GroupingRules, Score

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.candidates import Candidates

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Part:
    """Candidates with what the rules need to know of their members; all numbers count within the part.

    A plan of a part is an array `group_of`, shape (n_members,): a group number or UNSEATED.
    """

    candidates: Candidates
    is_full: BoolArray
    can_lead: BoolArray
    is_locked: BoolArray
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
    def seat_weight(self) -> IntArray:
        """What leaving a member out costs before any walk counts: a lock outweighs all seats of the part."""
        return np.where(self.is_locked, self.n_members + 1, 1).astype(np.int64)

    def seat_score(self, group_of: IntArray) -> int:
        """Weight of the members left out."""
        return int(self.seat_weight[group_of == UNSEATED].sum())

    def walk_cost(self, group_of: IntArray) -> int:
        """Add up walks and penalties of a legal plan."""
        seated = np.flatnonzero(group_of != UNSEATED)
        size = np.bincount(group_of[seated], minlength=self.n_groups)
        size = size[size > 0]
        rules = self.rules
        groups = rules.open_cost_m * len(size)
        groups += rules.small_penalty_m * int(np.maximum(rules.target_low - size, 0).sum())
        groups += rules.large_penalty_m * int(np.maximum(size - rules.target_high, 0).sum())
        return int(self.cost[seated, group_of[seated]].sum()) + groups

    def score(self, group_of: IntArray) -> Score:
        """Judge a legal plan."""
        out = group_of == UNSEATED
        return Score(int((out & self.is_locked).sum()), int(out.sum()), cost_m=self.walk_cost(group_of))

    def is_legal(self, group_of: IntArray) -> bool:
        """Check every hard rule from the raw arrays; the solver trusts no number of its own."""
        c, g, rules = self.candidates, self.n_groups, self.rules
        seated = np.flatnonzero(group_of != UNSEATED)
        at = group_of[seated]
        if not np.isfinite(self.cost[seated, at]).all():
            return False
        size = np.bincount(at, minlength=g)
        full = np.bincount(at, weights=self.is_full[seated], minlength=g)
        lead = np.bincount(at, weights=self.can_lead[seated], minlength=g)
        is_open = size > 0
        here = np.bincount(c.venue_of, weights=size, minlength=len(c.venue_seats))
        groups = np.bincount(c.venue_of, weights=is_open, minlength=len(c.venue_seats))
        ok = (size <= c.group_seats) & (~is_open | ((size >= rules.min_size) & (full >= rules.min_full) & (lead >= 1)))
        return bool(ok.all() and (here <= c.venue_seats).all() and (groups <= c.venue_groups).all())


def make_part(problem: GroupingProblem, candidates: Candidates) -> Part:
    """Look up the members of a part in the problem."""
    member = candidates.member
    return Part(
        candidates,
        problem.is_full[member],
        problem.can_lead[member],
        problem.comes_first[member],
        problem.rules,
    )
