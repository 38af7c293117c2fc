"""Where one more place would help most: exact for each candidate, the best ones alone and one after another."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from gis.planning.seats import UNIT_PER_M, with_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from gis.planning.seats import Seating

    FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NewPlace:
    """A place that might be added; `walk_m` has shape (n_members,), inf where a member may not go."""

    key: str
    walk_m: FloatArray
    seats: int


@dataclass(frozen=True, slots=True)
class PlaceGain:
    """What a place brings: so many more have a seat; `more_m` metres that all the seated then walk more (or less).

    `change` of the seating's total ranks places: the most seated, then the fewest metres; below 0 it helps.
    """

    key: str
    more_seated: int
    more_m: float
    change: int


def gain_of(seating: Seating, new: NewPlace) -> PlaceGain:
    """Add one place and seat anew."""
    after = with_place(seating, new.walk_m, new.seats)
    more_m = (after.walk_dm - seating.walk_dm) / UNIT_PER_M
    return PlaceGain(new.key, seating.unseated - after.unseated, more_m, after.total - seating.total)


def rank_places(seating: Seating, candidates: Sequence[NewPlace], most: int) -> tuple[PlaceGain, ...]:
    """Return the best candidates, each added alone, the best first; those that help.

    What a place saves at most is known from the prices of the seating; only those that might be among the best are
    computed.
    """
    heap: list[tuple[int, str, NewPlace, PlaceGain | None]] = []
    for one in candidates:
        heappush(heap, (seating.bound(one.walk_m, one.seats), one.key, one, None))
    found: list[PlaceGain] = []
    while heap and heap[0][0] < 0 and len(found) < most:
        _, key, new, gain = heappop(heap)
        if gain is not None:
            found.append(gain)
        else:
            gain = gain_of(seating, new)
            heappush(heap, (gain.change, key, new, gain))
    return tuple(found)


def pick_in_turn(seating: Seating, candidates: Sequence[NewPlace], most: int) -> tuple[PlaceGain, ...]:
    """Pick the best candidate, add it, pick the best of the rest, and so on while one helps."""
    rest, picked = {one.key: one for one in candidates}, list[PlaceGain]()
    while len(picked) < most:
        best = rank_places(seating, tuple(rest.values()), 1)
        if not best:
            break
        new = rest.pop(best[0].key)
        seating = with_place(seating, new.walk_m, new.seats)
        picked.append(best[0])
    return tuple(picked)
