"""A legal plan at once: open the group that seats most, again and again, then let members move nearer.

A heuristic; the search starts from it and the deadline may leave it as the answer.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import needs_lead
from gis.planning.problem import ALONE, UNSEATED

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from gis.planning.part import Part

    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

_PASSES = 3


def first_plan(part: Part, wanted: IntArray | None = None) -> IntArray:
    """Build a legal plan; possibly nobody is seated.

    Groups of `wanted` (a plan whose groups are legal one by one but may crowd a venue, or be too many in all) are taken
    first, those at required venues and then the largest before others, as long as there is room.
    """
    state = _State(part)
    c = part.candidates
    required = np.flatnonzero(c.venue_required[c.venue_of])
    if wanted is not None:
        state.take_over(wanted, required)
    for venue in np.flatnonzero(c.venue_required):
        if not (state.size[c.venue_of == venue] > 0).any():
            _open_best(state, required[c.venue_of[required] == venue])
    if wanted is not None:
        state.take_over(wanted, np.arange(part.n_groups))
    _open_all(state, range(part.n_groups))
    for _ in range(_PASSES):
        if not state.improve():
            break
    return state.group_of


def _open_best(state: _State, groups: IntArray) -> None:
    gains = [(-gain, cost, int(g)) for g in groups for gain, cost in [state.gain(int(g))] if gain]
    if gains:
        state.open(min(gains)[2])


def _open_all(state: _State, groups: Iterable[int]) -> None:
    heap = [(-gain, cost, g) for g in groups for gain, cost in [state.gain(g)] if gain]
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


class _State:
    """A plan under construction with the counts that keep it legal."""

    def __init__(self, part: Part) -> None:
        self.part = part
        candidates = part.candidates
        self.group_of: IntArray = np.full(part.n_members, UNSEATED, dtype=np.int64)
        self.seats_left = candidates.venue_seats.copy()
        self.groups_left = candidates.venue_groups.copy()
        self.total_left = candidates.most_groups
        self.size = np.zeros(part.n_groups, dtype=np.int64)
        self.full = np.zeros(part.n_groups, dtype=np.int64)
        self.lead = np.zeros(part.n_groups, dtype=np.int64)
        self.members: list[IntArray] = []
        self._needs_lead = needs_lead(part.rules)
        # many groups are wanted: none takes more than its share at first
        self._share = max(part.n_members // max(candidates.least_groups, 1), part.rules.min_size)
        for g in range(part.n_groups):
            arcs = slice(part.group_start[g], part.group_start[g + 1])
            order = np.argsort(candidates.arc_cost[arcs], kind="stable")
            self.members.append(candidates.arc_member[arcs][order])

    def _choice(self, g: int) -> IntArray:
        """Members that group g would take if it opened now; empty when it may not."""
        part, rules = self.part, self.part.rules
        venue = part.candidates.venue_of[g]
        room = int(min(part.candidates.group_seats[g], self.seats_left[venue], self._share))
        free: IntArray = self.members[g][self.group_of[self.members[g]] == UNSEATED]
        none = free[:0]
        is_closed = self.size[g] or not self.groups_left[venue] or not self.total_left
        if is_closed or min(room, len(free)) < rules.min_size:
            return none
        leaders = free[part.can_lead[free]]
        if self._needs_lead and not len(leaders):
            return none
        # first who must be there (a leader, locks, enough full members), then the nearest
        rank = np.full(len(free), 3)
        rank[part.is_full[free] & (np.cumsum(part.is_full[free]) <= rules.min_full)] = 2
        rank[part.is_locked[free]] = 1
        if len(leaders):
            rank[free == leaders[0]] = 0
        order = free[np.argsort(rank, kind="stable")]
        chosen = order[:room] if part.is_plain else _Filling(part, room, int(self.seats_left[venue])).fill(order)
        able = int(part.can_lead[chosen].sum()) >= int(self._needs_lead)
        enough = len(chosen) >= rules.min_size and int(part.is_full[chosen].sum()) >= rules.min_full
        return chosen if able and enough else none

    def gain(self, g: int) -> tuple[int, float]:
        """Weight of the members that opening g would seat, and their mean cost."""
        chosen = self._choice(g)
        if not len(chosen):
            return 0, 0.0
        return int(self.part.seat_weight[chosen].sum()), float(self.part.cost[chosen, g].mean())

    def open(self, g: int) -> None:
        """Open g with the members of its choice."""
        self._fill(g, self._choice(g))

    def _fill(self, g: int, members: IntArray) -> None:
        self.groups_left[self.part.candidates.venue_of[g]] -= 1
        self.total_left -= 1
        for i in members:
            self._put(int(i), g)

    def take_over(self, wanted: IntArray, groups: IntArray) -> None:
        """Open those of some groups of another plan that fit, the largest first."""
        size = self.part.sizes(wanted)
        for g in groups[np.argsort(-size[groups], kind="stable")][: int((size[groups] > 0).sum())]:
            venue, members = self.part.candidates.venue_of[g], np.flatnonzero(wanted == g)
            is_open_to = self.groups_left[venue] and self.total_left and not self.size[g]
            if is_open_to and self.part.demand[members].sum() <= self.seats_left[venue]:
                self._fill(int(g), members)

    def _put(self, i: int, g: int) -> None:
        old = int(self.group_of[i])
        for group, step in ((old, -1), (g, 1)):
            if group != UNSEATED:
                self.size[group] += step
                self.full[group] += step * bool(self.part.is_full[i])
                self.lead[group] += step * bool(self.part.can_lead[i])
                self.seats_left[self.part.candidates.venue_of[group]] -= step * self.part.demand[i]
        self.group_of[i] = g

    def _may_leave(self, i: int) -> bool:
        g = int(self.group_of[i])
        if self.part.with_companions[i]:
            return False
        if g == UNSEATED:
            return True
        part, rules = self.part, self.part.rules
        low = max(rules.min_size, min(rules.target_low, int(self.size[g])))
        enough = self.size[g] > low and self.full[g] - part.is_full[i] >= rules.min_full
        return bool(enough and self._is_led(g, -1, -int(part.can_lead[i])))

    def _is_led(self, g: int, members: int, leaders: int) -> bool:
        """Tell whether a group has the leaders it needs after so many members came, so many leaders among them."""
        lead, most = int(self.lead[g]) + leaders, self.part.rules.members_per_leader
        return lead >= int(self._needs_lead) and (not most or self.size[g] + members <= most * lead)

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
                if self._has_room(i, g):
                    self._put(i, g)
                    changed = True
                    break
        return changed

    def _has_room(self, i: int, g: int) -> bool:
        part, candidates, now = self.part, self.part.candidates, int(self.group_of[i])
        venue = candidates.venue_of[g]
        same = now != UNSEATED and candidates.venue_of[now] == venue
        high = max(part.rules.target_high, 1) if now != UNSEATED else part.rules.hard_max
        if self.size[g] >= min(int(candidates.group_seats[g]), high):
            return False
        fits = same or self.seats_left[venue] >= part.demand[i]
        return bool(fits and self._is_led(g, 1, int(part.can_lead[i])) and self._may_mix(i, g))

    def _may_mix(self, i: int, g: int) -> bool:
        part, most = self.part, self.part.rules.max_branches
        if part.branches is None or not most:
            return True
        there = np.unique(part.branch[self.group_of == g])
        return bool(len(there) < most or part.branch[i] in there)


class _Filling:
    """Fills one group, member after member or companions at once, under rules that look at who sits with whom."""

    def __init__(self, part: Part, room: int, seats: int) -> None:
        self._part, self._room, self._seats = part, room, seats
        self._chosen: list[int] = []
        self._branches: set[int] = set()
        self._lead = 0

    def fill(self, order: IntArray) -> IntArray:
        """Take from an order whoever fits, leaders soon enough, companions at the turn of the first of them."""
        part, waiting = self._part, order.tolist()
        while True:
            left = []
            for i in waiting:
                if i in self._chosen:
                    continue
                company = [i] if part.together[i] == ALONE else np.flatnonzero(part.together == part.together[i])
                if not self._take(np.asarray(company, dtype=np.int64)):
                    left.append(i)
            if len(left) == len(waiting):
                return np.array(self._chosen, dtype=np.int64)
            waiting = left

    def _take(self, company: IntArray) -> bool:
        part, rules = self._part, self._part.rules
        size = len(self._chosen) + len(company)
        lead = self._lead + int(part.can_lead[company].sum())
        seats = self._seats - int(part.demand[company].sum())
        branches = self._branches | set(part.branch[company].tolist())
        too_mixed = part.branches is not None and rules.max_branches and len(branches) > rules.max_branches
        unled = rules.members_per_leader and size > rules.members_per_leader * lead
        if size > self._room or seats < 0 or too_mixed or unled:
            return False
        self._chosen.extend(company.tolist())
        self._lead, self._seats, self._branches = lead, seats, branches
        return True
