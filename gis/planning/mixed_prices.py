"""The best group of several branches at each host when members pay for a seat, exact by a table over its branches.

With prices of members a group is worth what its seats cost less what its members pay. In each branch the cheapest
members are the best, so a branch gives a group its k cheapest, or its cheapest leader with the k - 1 cheapest others;
which branches give how many is a knapsack with one more rule, the number of branches. All hosts of about the same room
are worked out at once.
Source: Lagrangian relaxation with groups priced exactly, as in Pisinger and Sigurd 2007 for other packings; the gain of
a group that must hold a given member comes from the same table read from both ends (Irnich et al. 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from gis.planning.candidates import needs_lead

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.planning.part import Branches, Part

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]
    BoolArray = npt.NDArray[np.bool_]

NEVER = 1e12  # worth of what cannot be; sums of it stay above half of it
_ROOMS = (0, 16, 2**31)  # groups of seats up to each of these are worked out together
_NOBODY = -1
_FAR = 2**31


@dataclass(frozen=True, eq=False)
class Priced:
    """The best group at each host: what it costs less what its members pay, and its seats.

    `gain` has shape (n_groups,), NEVER where no group is possible; `arc` lists the seats of the best groups.
    """

    gain: FloatArray
    arc: IntArray


@dataclass(frozen=True, eq=False)
class _Offers:
    """What one branch offers each group of a block.

    The members from the cheapest on, `arc` and `cost` of shape (n, groups); `plain[k - 1]` is the cost of the k
    cheapest, `led[k - 1]` of the k cheapest with a leader; `leader_rank`, `leader_cost` and `leader_arc` belong to the
    cheapest leader.
    """

    arc: IntArray
    cost: FloatArray
    plain: FloatArray
    led: FloatArray
    leader_rank: IntArray
    leader_cost: FloatArray
    leader_arc: IntArray


class GroupPrices:
    """Prices the groups of a part, with all its seats or with those that are left.

    It knows the room, the least size, leaders, penalties of sizes and the rules of branches. What else may forbid a
    group (venues shared, companions, more than one full member) is left away, so gains are never too high.
    """

    def __init__(self, part: Part, branches: Branches, is_left: BoolArray | None = None) -> None:
        c = part.candidates
        self._part, self._cost = part, c.arc_cost.astype(np.float64)
        arcs = np.arange(len(c.arc_cost)) if is_left is None else np.flatnonzero(is_left)
        self._blocks = []
        for least, most in pairwise(_ROOMS):
            groups = np.flatnonzero((c.group_seats > least) & (c.group_seats <= most))
            mine = arcs[np.isin(c.arc_group[arcs], groups)]
            if len(mine):
                self._blocks.append(_Block(part, branches, groups, mine))

    def _reduced(self, price: FloatArray) -> FloatArray:
        """Return the cost of each seat less what its member pays; the last one is of nobody."""
        return np.append(self._cost - price[self._part.candidates.arc_member], NEVER)

    def best(self, price: FloatArray) -> Priced:
        """Find the best group at each host."""
        reduced, gain, arcs = self._reduced(price), np.full(self._part.n_groups, NEVER), []
        for block in self._blocks:
            gain[block.groups], arc = block.best(reduced)
            arcs.append(arc)
        return Priced(gain, np.concatenate(arcs) if arcs else np.zeros(0, dtype=np.int64))

    def with_each(self, price: FloatArray) -> FloatArray:
        """Return for each seat the gain of the best group that holds it; NEVER or more where there is none."""
        reduced, gain = self._reduced(price), np.full(len(self._cost), 2 * NEVER)
        for block in self._blocks:
            block.with_each(reduced, gain)
        return gain


def table_cells(part: Part, branches: Branches) -> int:
    """Count the numbers in the tables that pricing needs, at most."""
    slots = int(np.bincount(branches.group).max(initial=0)) + 1
    seats = int(part.candidates.group_seats.max(initial=0)) + 1
    return 2 * (part.rules.max_branches + 1) * seats * slots * part.n_groups


class _Block:
    """Groups of about the same room, and their branches from the largest on.

    Tables have the shape (leader counted, branches, members, groups); without a rule about the number of branches there
    is one row of these.
    """

    def __init__(self, part: Part, branches: Branches, groups: IntArray, arcs: IntArray) -> None:
        rules, c = part.rules, part.candidates
        self.groups = groups
        self._seats = int(c.group_seats[groups].max())
        self._counts = rules.max_branches > 0
        self._most = rules.max_branches
        self._mixing = float(rules.mix_cost_m)
        self._first = 0 if not needs_lead(rules) else 1
        self._can_lead = np.append(part.can_lead[c.arc_member], np.False_)
        self._spare = max(rules.min_size, rules.target_low) + 1
        size = np.arange(self._seats + 1)[:, None]
        penalty = rules.small_penalty_m * np.maximum(rules.target_low - size, 0)
        penalty = penalty + rules.large_penalty_m * np.maximum(size - rules.target_high, 0)
        is_wrong = (size < rules.min_size) | (size > c.group_seats[groups])
        self._size_cost = np.where(is_wrong, NEVER, penalty.astype(np.float64))
        self._open = c.group_cost[groups] - self._mixing  # the first branch of a group is free
        number = np.full(part.n_groups, _NOBODY)
        number[groups] = np.arange(len(groups))
        self._members = _lists(branches.of_arc[arcs], number[branches.group], arcs, len(groups))

    def best(self, reduced: FloatArray) -> tuple[FloatArray, IntArray]:
        """Return the gain of each group and the seats of them all."""
        offers = [self._offer(members, reduced, is_cut=True) for members in self._members]
        tables = self._forward(offers)
        total = tables[-1][self._first :] + self._size_cost
        flat = total.reshape(-1, len(self.groups))
        choice = flat.argmin(axis=0)
        gain = flat[choice, np.arange(len(self.groups))] + self._open
        led, count, size = np.unravel_index(choice, total.shape[:3])
        return gain, self._read(offers, tables, [led + self._first, count, size], gain < NEVER / 2)

    def _offer(self, members: IntArray, reduced: FloatArray, *, is_cut: bool) -> _Offers:
        """Sort the members of one branch of each group and add up what the cheapest cost.

        With `is_cut` only as many are added up as a best group may have: the size of no group asks for more members who
        do not pay for themselves than the least size and the least target.
        """
        cost = reduced[members]
        order = np.argsort(cost, axis=0, kind="stable")
        cost, arc = np.take_along_axis(cost, order, 0), np.take_along_axis(members, order, 0)
        most = min(len(cost), self._seats)
        if is_cut:
            most = min(most, int((cost < 0).sum(axis=0).max(initial=0)) + self._spare)
        leads = self._can_lead[arc]
        column = np.arange(cost.shape[1])
        first = leads.argmax(axis=0)
        has = leads[first, column]
        leader_cost = np.where(has, cost[first, column], NEVER)
        rank = np.where(has, first, _FAR)
        plain = np.minimum(np.cumsum(cost[:most], axis=0), NEVER) + self._mixing
        before = np.vstack([np.full((1, cost.shape[1]), self._mixing), plain[:-1]])
        led = np.where(np.arange(most)[:, None] >= rank, plain, np.minimum(before + leader_cost, NEVER))
        return _Offers(arc, cost, plain, led, rank, leader_cost, arc[first, column])

    def _forward(self, offers: list[_Offers]) -> list[FloatArray]:
        """Work out the least cost of each number of members and branches, from no branch on."""
        table = np.full((2, self._most + 1, self._seats + 1, len(self.groups)), NEVER)
        table[0, 0, 0] = 0.0
        tables = [table]
        for offer in offers:
            after = table.copy()
            to, of = (after[:, 1:], table[:, :-1]) if self._counts else (after, table)
            for k in range(1, len(offer.plain) + 1):
                here, there = to[:, :, k:], of[:, :, : self._seats + 1 - k]
                np.minimum(here, there + offer.plain[k - 1], out=here)
                np.minimum(here[1], there[0] + offer.led[k - 1], out=here[1])
            table = after
            tables.append(table)
        return tables

    def _backward(self, offers: list[_Offers]) -> list[FloatArray]:
        """Work out the least cost to the end from each number of members and branches, from the last branch on."""
        table = np.full((2, self._most + 1, self._seats + 1, len(self.groups)), NEVER)
        table[self._first :] = self._size_cost
        tables = [table]
        for offer in reversed(offers):
            before = table.copy()
            to, of = (before[:, :-1], table[:, 1:]) if self._counts else (before, table)
            for k in range(1, len(offer.plain) + 1):
                here, there = to[:, :, : self._seats + 1 - k], of[:, :, k:]
                np.minimum(here, there + offer.plain[k - 1], out=here)
                np.minimum(here[0], there[1] + offer.led[k - 1], out=here[0])
            table = before
            tables.append(table)
        return tables[::-1]

    def _read(
        self, offers: list[_Offers], tables: list[FloatArray], at: list[IntArray], is_possible: BoolArray
    ) -> IntArray:
        """Read the seats of the best groups off the tables, from the last branch to the first."""
        (led, count, size), arcs, column = at, [], np.arange(len(self.groups))
        for offer, table in zip(reversed(offers), reversed(tables[:-1]), strict=True):
            k = np.arange(1, len(offer.plain) + 1)[:, None]
            fewer = count - 1 if self._counts else count
            fits = (size >= k) & (fewer >= 0) & is_possible
            there = np.maximum(fewer, 0), np.maximum(size - k, 0)
            plain = np.where(fits, table[led, *there, column] + offer.plain, 4 * NEVER)
            with_leader = np.where(fits & (led == 1), table[0, *there, column] + offer.led, 4 * NEVER)
            cheapest, best_led = plain.min(axis=0), with_leader.min(axis=0)
            takes = np.minimum(cheapest, best_led) < table[led, count, size, column]
            is_led = takes & (best_led < cheapest)
            many = np.where(takes, np.where(is_led, with_leader.argmin(axis=0), plain.argmin(axis=0)) + 1, 0)
            comes_last = is_led & (offer.leader_rank >= many)
            sits = np.arange(len(offer.arc))[:, None] < many - comes_last
            arcs += [offer.arc[sits], offer.leader_arc[comes_last]]
            size, led = size - many, np.where(is_led, 0, led)
            count = np.where(takes, fewer, count)
        return np.concatenate(arcs) if arcs else np.zeros(0, dtype=np.int64)

    def with_each(self, reduced: FloatArray, gain: FloatArray) -> None:
        """Write the gain of the best group with each seat."""
        offers = [self._offer(members, reduced, is_cut=False) for members in self._members]
        before, after = self._forward(offers), self._backward(offers)
        for offer, table, rest in zip(offers, before[:-1], after[1:], strict=True):
            of, to = (table[:, :-1], rest[:, 1:]) if self._counts else (table, rest)
            best = np.full(offer.arc.shape, 4 * NEVER)
            for k in range(1, len(offer.plain) + 1):
                others = of[:, :, : self._seats + 1 - k] + to[:, :, k:]
                led = of[0, :, : self._seats + 1 - k] + to[1, :, k:]
                plain, with_leader = self._holding(offer, k)
                np.minimum(best, others.min(axis=(0, 1, 2)) + plain, out=best)
                np.minimum(best, led.min(axis=(0, 1)) + with_leader, out=best)
            is_seat = offer.arc != _NOBODY
            gain[offer.arc[is_seat]] = (best + self._open)[is_seat]

    def _holding(self, offer: _Offers, k: int) -> tuple[FloatArray, FloatArray]:
        """Return the cost of k members with each one among them, and with a leader too."""
        rank, first = np.arange(len(offer.cost))[:, None], offer.leader_rank
        sums = np.vstack([np.full((1, len(first)), self._mixing), offer.plain])
        plain = np.where(rank < k, sums[k], sums[k - 1] + offer.cost)
        is_later = rank > first
        low, high = np.where(is_later, first, rank), np.where(is_later, rank, first)
        cheap = np.where(is_later, offer.leader_cost, offer.cost)
        dear = np.where(is_later, offer.cost, offer.leader_cost)
        two = sums[k - 2] + cheap + dear if k > 1 else np.full(rank.shape, 4 * NEVER)
        led = np.where(high < k, sums[k], np.where(low < k - 1, sums[k - 1] + dear, two))
        return plain, np.where(self._can_lead[offer.arc], plain, led)


def _lists(entry: IntArray, number_of: IntArray, arcs: IntArray, n_groups: int) -> list[IntArray]:
    """List the seats of the largest branch of each group, of the second and so on, padded by NOBODY.

    `entry` says which branch of which group each seat belongs to, `number_of` the group of each such entry.
    """
    entries, of, many = np.unique(entry, return_inverse=True, return_counts=True)
    group = number_of[entries]
    order = np.lexsort((entries, -many, group))
    place = np.empty(len(entries), dtype=np.int64)
    place[order] = np.arange(len(entries)) - np.searchsorted(group[order], group[order])
    by_entry = np.argsort(of, kind="stable")
    rank = np.empty(len(arcs), dtype=np.int64)
    rank[by_entry] = np.arange(len(arcs)) - np.searchsorted(of[by_entry], of[by_entry])
    lists = []
    for k in range(int(place.max(initial=-1)) + 1):
        seats = np.flatnonzero(place[of] == k)
        members = np.full((int(many[place == k].max()), n_groups), _NOBODY)
        members[rank[seats], group[of[seats]]] = arcs[seats]
        lists.append(members)
    return lists
