"""Everybody on every day: tables of members × days from which the figures over the years are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.model.years import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from gis.store.readers.years import PersonOverTime

    Bools = NDArray[np.bool_]


class Whole:
    """Everybody on every day as tables of people × days."""

    def __init__(self, people: Sequence[PersonOverTime], days: Sequence[date], groups: Sequence[int]) -> None:
        self.people, self.days, self.groups = people, days, groups
        self.moving = self._table(lambda one: one.is_moving)
        self.grouped = self.moving & self._table(lambda one: [seat is not None for seat in one.seats])
        self.returned = self._table(lambda one: one.has_returned)
        self.new = self._table(lambda one: one.is_new)

    def _table(self, of: Callable[[PersonOverTime], Sequence[bool]]) -> Bools:
        return np.array([of(one) for one in self.people], dtype=bool).reshape(len(self.people), len(self.days))

    def moments(self, labels: Sequence[str]) -> tuple[Moment, ...]:
        """Return all figures, none held back."""
        counts = [table.sum(axis=0).tolist() for table in (self.moving, self.grouped, self.returned, self.new)]
        rows = zip(self.days, labels, *counts, self.groups, strict=True)
        return tuple(
            Moment(day, label, moving, grouped, groups, returned, new)
            for day, label, moving, grouped, returned, new, groups in rows
        )
