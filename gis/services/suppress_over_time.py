"""Small counts over time: what is shown of several days together tells no change of one or two persons either.

A cell is shown on a day where it is empty or large, and where it differs by nothing or by much from every other day on
which it is shown. What is hidden has a sum wherever the total is shown, and two days have the sums of what is hidden on
either: those must not be small or change by little either; more is hidden until that holds, of earlier days first.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

KeyT = TypeVar("KeyT")


def shown_days(counts: Sequence[int], below: int) -> tuple[bool, ...]:
    """Choose the days on which one count is shown, the last ones first."""
    kept: list[int] = []
    for day in reversed(range(len(counts))):
        if not _is_small(counts[day], below) and not any(_is_small(counts[day] - counts[k], below) for k in kept):
            kept.append(day)
    return tuple(day in kept for day in range(len(counts)))


def shown_cells(
    cells: Mapping[KeyT, Sequence[int]],
    is_total_shown: Sequence[bool],
    below: int,
    *,
    withheld: Collection[KeyT] = (),
) -> dict[KeyT, tuple[bool, ...]]:
    """Choose the days on which each cell of a whole is shown.

    Parameters
    ----------
    cells
        Of each cell the count on each day; together they are everybody.
    is_total_shown
        On which days the whole is known. On the others no cell is shown, since all of them would tell it.
    below
        1 to `below` - 1 persons are few, as a number and as a change.
    withheld
        Cells that are shown on no day.
    """
    table = _Table(cells, is_total_shown, below)
    for key in withheld:
        table.shown[key] = [False] * len(is_total_shown)
    while table.hides_more():
        pass
    return {key: tuple(table.shown[key]) for key in cells}


def _is_small(count: int, below: int) -> bool:
    return 0 < abs(count) < below


class _Table(Generic[KeyT]):
    def __init__(self, cells: Mapping[KeyT, Sequence[int]], is_total_shown: Sequence[bool], below: int) -> None:
        self.cells, self.below = cells, below
        self.days = [day for day, is_known in enumerate(is_total_shown) if is_known]
        self.shown = {key: list(self._alone(counts)) for key, counts in cells.items()}

    def _alone(self, counts: Sequence[int]) -> tuple[bool, ...]:
        found = shown_days([counts[day] for day in self.days], self.below)
        chosen = {day for day, is_shown in zip(self.days, found, strict=True) if is_shown}
        return tuple(day in chosen for day in range(len(counts)))

    def hides_more(self) -> bool:
        """Hide one more cell where something follows; False where nothing does."""
        for day in self.days:
            hidden = self._hidden(day)
            if hidden and not self._is_safe(hidden, day) and self._hide_one(day):
                return True
        for early, late in combinations(self.days, 2):
            either = self._hidden(early) | self._hidden(late)
            if len(either) < len(self.cells) and _is_small(
                self._sum(either, late) - self._sum(either, early), self.below
            ):
                return self._hide_one(early) or self._hide_one(late)
        return False

    def _hidden(self, day: int) -> frozenset[KeyT]:
        return frozenset(key for key, shown in self.shown.items() if not shown[day])

    def _sum(self, keys: Collection[KeyT], day: int) -> int:
        return sum(counts[day] for key, counts in self.cells.items() if key in keys)

    def _is_safe(self, hidden: Collection[KeyT], day: int) -> bool:
        """Two or more that could be anything: as in `gis.services.suppress`."""
        return len(hidden) > 1 and self._sum(hidden, day) >= 2 * self.below - 1

    def _hide_one(self, day: int) -> bool:
        """Hide the smallest cell that has persons, else an empty one."""
        found = [key for key, shown in self.shown.items() if shown[day]]
        if not found:
            return False
        key = min(found, key=lambda one: (self.cells[one][day] == 0, self.cells[one][day]))
        self.shown[key][day] = False
        return True
