"""As many seated within reach as can be at the same time, then the fewest metres: kept exact while places are added.

A minimum-cost flow by shortest augmenting paths over the places (Ford and Fulkerson 1962): each seat of a new place is
taken by the chain of moves that gains most, and the seating stays optimal after each. Costs are whole decimetres, so
nothing is lost to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.int64]

OUTSIDE = 0  # the column of those without a seat
UNIT_PER_M = 10
_NO_SEAT = 10**11  # dearer than the ways of 300,000 members of 30 km each
_NO_WAY = 10**16


@dataclass(frozen=True, eq=False)
class Seating:
    """An optimal seating. `cost` has shape (n, 1 + places), `place` (n,) holds columns of it, OUTSIDE: no seat."""

    cost: IntArray
    place: IntArray

    @property
    def unseated(self) -> int:
        """How many have no seat."""
        return int((self.place == OUTSIDE).sum())

    @property
    def walk_dm(self) -> int:
        """Decimetres that the seated walk in all."""
        seated = np.flatnonzero(self.place != OUTSIDE)
        return int(self.cost[seated, self.place[seated]].sum())

    @property
    def total(self) -> int:
        """What the seating costs: a missing seat is dearer than all ways together."""
        return int(self.cost[np.arange(len(self.place)), self.place].sum())

    @cached_property
    def moves(self) -> IntArray:
        """What the cheapest move from each column to each other one costs."""
        size = self.cost.shape[1]
        arcs = np.full((size, size), _NO_WAY, dtype=np.int64)
        for start in np.unique(self.place):
            _measure_moves(arcs, self.cost, self.place, int(start))
        return arcs

    @cached_property
    def price(self) -> IntArray:
        """What each member costs at most before another place is worth while: an optimal dual solution, shape (n,).

        A seat is as dear as the cheapest chain of moves that ends in it saves.
        """
        chain = np.full(self.cost.shape[1], _NO_WAY, dtype=np.int64)
        chain[np.unique(self.place)] = 0
        for _ in range(len(chain)):
            shorter = np.minimum(chain, (chain[:, None] + self.moves).min(axis=0))
            if (shorter == chain).all():
                break
            chain = shorter
        seat = np.minimum(chain, 0)[self.place]
        return np.asarray(self.cost[np.arange(len(self.place)), self.place] - seat, dtype=np.int64)

    def bound(self, walk_m: FloatArray, seats: int) -> int:
        """Return what another place saves at most (0 or below): no more than its seats save at the members' prices."""
        rows = np.flatnonzero(np.isfinite(walk_m))
        saved = np.minimum(np.rint(walk_m[rows] * UNIT_PER_M).astype(np.int64) - self.price[rows], 0)
        return int(np.sort(saved)[:seats].sum())


def nobody_seated(n_members: int) -> Seating:
    """Return the seating without any place."""
    return Seating(np.full((n_members, 1), _NO_SEAT, dtype=np.int64), np.zeros(n_members, dtype=np.int64))


def seat_all(walk_m: FloatArray, seats: IntArray) -> Seating:
    """Seat everybody who can be.

    Parameters
    ----------
    walk_m
        Shape (n_members, n_places), metres, inf where a member may not go.
    seats
        Shape (n_places,), free seats.
    """
    seating = nobody_seated(len(walk_m))
    for j in range(walk_m.shape[1]):
        seating = with_place(seating, walk_m[:, j], int(seats[j]))
    return seating


def with_place(seating: Seating, walk_m: FloatArray, seats: int) -> Seating:
    """Add a place with so many free seats and seat anew where that gains; `walk_m` has shape (n_members,)."""
    can = np.isfinite(walk_m)
    column = np.full(len(walk_m), _NO_WAY, dtype=np.int64)
    column[can] = np.rint(walk_m[can] * UNIT_PER_M).astype(np.int64)
    cost, place = np.column_stack([seating.cost, column]), seating.place.copy()
    if not can.any():
        return Seating(cost, place)
    last = cost.shape[1] - 1
    arcs = np.full((last + 1, last + 1), _NO_WAY, dtype=np.int64)
    arcs[:last, :last] = seating.moves
    onto = np.full(last + 1, _NO_WAY, dtype=np.int64)
    np.minimum.at(onto, place, column - cost[np.arange(len(place)), place])
    arcs[:, last] = onto
    for _ in range(min(seats, int(can.sum()))):
        gain, onward = _shortest_to(arcs, last)
        gain[last] = 0  # a chain that starts at the new place moves nobody
        start = int(np.argmin(gain))
        if gain[start] >= 0:
            break
        for here, there in _chain(onward, start, last):
            rows = np.flatnonzero(place == here)
            place[rows[np.argmin(cost[rows, there] - cost[rows, here])]] = there
        for touched in {last, *(here for here, _ in _chain(onward, start, last))}:
            _measure_moves(arcs, cost, place, touched)
    return Seating(cost, place)


def _measure_moves(arcs: IntArray, cost: IntArray, place: IntArray, start: int) -> None:
    """Set what the cheapest move from a place to each other one costs."""
    rows = np.flatnonzero(place == start)
    arcs[start] = (cost[rows] - cost[rows, start][:, None]).min(axis=0) if len(rows) else _NO_WAY
    arcs[start, OUTSIDE] = _NO_WAY  # nobody loses a seat: more seats never need it
    arcs[start, start] = _NO_WAY


def _shortest_to(arcs: IntArray, goal: int) -> tuple[IntArray, IntArray]:
    """Return the cheapest chain of moves from each place to `goal` and its first step (Bellman and Ford)."""
    far = arcs.copy()
    best, onward = far[:, goal].copy(), np.full(len(arcs), goal, dtype=np.int64)
    for _ in range(len(arcs)):
        through = np.minimum(far + best[None, :], _NO_WAY)
        step = np.argmin(through, axis=1)
        cheaper = through[np.arange(len(arcs)), step]
        better = (cheaper < best) & (np.arange(len(arcs)) != goal)
        if not better.any():
            break
        best, onward = np.where(better, cheaper, best), np.where(better, step, onward)
    return best, onward


def _chain(onward: IntArray, start: int, goal: int) -> Iterator[tuple[int, int]]:
    """Yield the moves of a chain, the first one first."""
    here = start
    while here != goal:
        yield here, int(onward[here])
        here = int(onward[here])
