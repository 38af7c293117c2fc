"""A legal plan at once: open the group that seats most, again and again, then let members move nearer.

A heuristic; the search starts from it and the deadline may leave it as the answer.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.part import Part

    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_PASSES = 3


def first_plan(part: Part, wanted: IntArray | None = None) -> IntArray:
    """Build a legal plan; possibly nobody is seated.

    Groups of `wanted` (a plan whose groups are legal one by one but may crowd a venue) are taken first, the largest
    first, as long as their venue has room.
    """
    state = _State(part)
    if wanted is not None:
        state.take_over(wanted)
    heap = [(-gain, cost, g) for g in range(part.n_groups) for gain, cost in [state.gain(g)] if gain]
    heapify(heap)
    while heap:  # gains only fall, so an old one is an upper bound: recompute the top only
        old, _, g = heappop(heap)
        gain, cost = state.gain(g)
        if not gain:
            continue
        if -gain == old or not heap or (-gain, cost, g) <= heap[0]:
            state.open(g)
        else:
            heappush(heap, (-gain, cost, g))
    for _ in range(_PASSES):
        if not state.improve():
            break
    return state.group_of


class _State:
    """A plan under construction with the counts that keep it legal."""

    def __init__(self, part: Part) -> None:
        self.part = part
        candidates = part.candidates
        self.group_of: IntArray = np.full(part.n_members, UNSEATED, dtype=np.int64)
        self.seats_left = candidates.venue_seats.copy()
        self.groups_left = candidates.venue_groups.copy()
        self.size = np.zeros(part.n_groups, dtype=np.int64)
        self.full = np.zeros(part.n_groups, dtype=np.int64)
        self.lead = np.zeros(part.n_groups, dtype=np.int64)
        self.members: list[IntArray] = []
        for g in range(part.n_groups):
            arcs = slice(part.group_start[g], part.group_start[g + 1])
            order = np.argsort(candidates.arc_cost[arcs], kind="stable")
            self.members.append(candidates.arc_member[arcs][order])

    def _choice(self, g: int) -> IntArray:
        """Members that group g would take if it opened now; empty when it may not."""
        part, rules = self.part, self.part.rules
        venue = part.candidates.venue_of[g]
        room = int(min(part.candidates.group_seats[g], self.seats_left[venue]))
        free: IntArray = self.members[g][self.group_of[self.members[g]] == UNSEATED]
        none = free[:0]
        if self.size[g] or not self.groups_left[venue] or min(room, len(free)) < rules.min_size:
            return none
        leaders = free[part.can_lead[free]]
        if not len(leaders):
            return none
        # first who must be there (a leader, locks, enough full members), then the nearest
        rank = np.full(len(free), 3)
        rank[part.is_full[free] & (np.cumsum(part.is_full[free]) <= rules.min_full)] = 2
        rank[part.is_locked[free]] = 1
        rank[free == leaders[0]] = 0
        chosen = free[np.argsort(rank, kind="stable")][:room]
        return chosen if int(part.is_full[chosen].sum()) >= rules.min_full else none

    def gain(self, g: int) -> tuple[int, float]:
        """Weight of the members that opening g would seat, and their mean cost."""
        chosen = self._choice(g)
        if not len(chosen):
            return 0, 0.0
        return int(self.part.seat_weight[chosen].sum()), float(self.part.cost[chosen, g].mean())

    def open(self, g: int) -> None:
        """Open g with the members of its choice."""
        chosen = self._choice(g)
        self.groups_left[self.part.candidates.venue_of[g]] -= 1
        for i in chosen:
            self._put(int(i), g)

    def take_over(self, wanted: IntArray) -> None:
        """Open the groups of another plan that fit, the largest first."""
        size = np.bincount(wanted[wanted != UNSEATED], minlength=self.part.n_groups)
        for g in np.argsort(-size, kind="stable")[: int((size > 0).sum())]:
            venue = self.part.candidates.venue_of[g]
            if self.groups_left[venue] and size[g] <= self.seats_left[venue]:
                self.groups_left[venue] -= 1
                for i in np.flatnonzero(wanted == g):
                    self._put(int(i), int(g))

    def _put(self, i: int, g: int) -> None:
        old = int(self.group_of[i])
        for group, step in ((old, -1), (g, 1)):
            if group != UNSEATED:
                self.size[group] += step
                self.full[group] += step * bool(self.part.is_full[i])
                self.lead[group] += step * bool(self.part.can_lead[i])
                self.seats_left[self.part.candidates.venue_of[group]] -= step
        self.group_of[i] = g

    def _may_leave(self, i: int) -> bool:
        g = int(self.group_of[i])
        if g == UNSEATED:
            return True
        part, rules = self.part, self.part.rules
        low = max(rules.min_size, min(rules.target_low, int(self.size[g])))
        enough = self.size[g] > low and self.full[g] - part.is_full[i] >= rules.min_full
        return bool(enough and self.lead[g] - part.can_lead[i] >= 1)

    def improve(self) -> bool:
        """Seat members in open groups with room, and move members to nearer ones; tell whether anything changed."""
        part, changed = self.part, False
        is_open = np.flatnonzero(self.size)
        for i in range(part.n_members):
            now = int(self.group_of[i])
            cost = part.cost[i, is_open]
            have = np.inf if now == UNSEATED else part.cost[i, now]
            for k in np.argsort(cost, kind="stable"):
                g = int(is_open[k])
                if not cost[k] < have or not self._may_leave(i):
                    break
                if self._has_room(g, now):
                    self._put(i, g)
                    changed = True
                    break
        return changed

    def _has_room(self, g: int, now: int) -> bool:
        candidates = self.part.candidates
        venue = candidates.venue_of[g]
        same = now != UNSEATED and candidates.venue_of[now] == venue
        high = max(self.part.rules.target_high, 1) if now != UNSEATED else self.part.rules.hard_max
        return bool(self.size[g] < min(int(candidates.group_seats[g]), high) and (same or self.seats_left[venue] > 0))
