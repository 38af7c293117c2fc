"""Where one more place would help most: exact for each candidate, the best ones alone and one after another."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
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
    """What a place brings: so many more have a seat; `more_m` metres that all the seated then walk more (or less)."""

    key: str
    more_seated: int
    more_m: float

    @property
    def is_help(self) -> bool:
        """Whether it seats somebody or shortens the ways."""
        return self.more_seated > 0 or self.more_m < 0

    @property
    def order(self) -> tuple[int, float, str]:
        """What places are ranked by: the most seated, then the fewest metres."""
        return -self.more_seated, self.more_m, self.key


def gain_of(seating: Seating, new: NewPlace) -> PlaceGain:
    """Add one place and seat anew."""
    after = with_place(seating, new.walk_m, new.seats)
    more_m = (after.walk_dm - seating.walk_dm) / UNIT_PER_M
    return PlaceGain(new.key, seating.unseated - after.unseated, more_m)


def rank_places(seating: Seating, candidates: Sequence[NewPlace]) -> tuple[PlaceGain, ...]:
    """Rank all candidates, each added alone, the best first; those that help."""
    found = sorted((gain_of(seating, one) for one in candidates), key=lambda gain: gain.order)
    return tuple(gain for gain in found if gain.is_help)


def pick_in_turn(
    seating: Seating, candidates: Sequence[NewPlace], most: int, known: Sequence[PlaceGain] = ()
) -> tuple[PlaceGain, ...]:
    """Pick the best candidate, add it, pick the best of the rest, and so on while one helps.

    A place never gains more after others have been added (the value of a seating is submodular in its places), so what
    it gained before bounds it: only the leading ones are computed anew. `known` are gains of all that help here.
    """
    by_key = {one.key: one for one in candidates}
    gains = known or rank_places(seating, candidates)
    heap = [(gain.order, 0, gain) for gain in gains]
    heapify(heap)
    picked: list[PlaceGain] = []
    while heap and len(picked) < most:
        _, asked_at, gain = heappop(heap)
        new = by_key[gain.key]
        if asked_at < len(picked):
            again = gain_of(seating, new)
            heappush(heap, (again.order, len(picked), again))
        elif gain.is_help:
            picked.append(gain)
            seating = with_place(seating, new.walk_m, new.seats)
        else:
            break
    return tuple(picked)
