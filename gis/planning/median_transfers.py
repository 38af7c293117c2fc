"""Close a group in one place and open one in another: the change that moves inside one region cannot make.

What each region would cost with one group less and with one more is found apart and kept until the region changes;
pairs that save are made at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.median_regions import Change, cut_out, near_hosts, with_one_less, with_one_more
from gis.planning.problem import UNSEATED

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.median import Median
    from gis.planning.median_regions import Cut

    IntArray = npt.NDArray[np.int64]
    Refine = Callable[[Cut, int, Change], Change]

_BEST = 60  # changes of each kind that are paired at least, and
_SHARE = 0.25  # of all


class Transfers:
    """Changes of regions known."""

    def __init__(self, median: Median, size: int) -> None:
        self._median, self._size = median, size
        self._known: dict[tuple[int, int], tuple[bytes, Change | None]] = {}
        self._refined: dict[tuple[int, bytes], Change] = {}

    def improve(self, plan: IntArray, overload: float, seconds_left: Callable[[], float]) -> IntArray:
        """Transfer groups as long as that saves."""
        while seconds_left() > 0:
            fewer, more = self._changes(plan, overload, seconds_left)
            found = self._paired(plan, [c for _, c in fewer], [c for _, c in more])
            if found is None:
                break
            plan = found
        return plan

    def refined(
        self, plan: IntArray, overload: float, count: int, refine: Refine, seconds_left: Callable[[], float]
    ) -> IntArray | None:
        """Look closer at the most promising changes of each kind; return a better plan or None."""
        fewer, more = self._changes(plan, overload, seconds_left)
        closer = [
            [self._closer(cut, step, change, refine, seconds_left) for cut, change in changes[:count]]
            for step, changes in ((-1, fewer), (1, more))
        ]
        return self._paired(plan, closer[0], closer[1])

    def _closer(self, cut: Cut, step: int, change: Change, refine: Refine, seconds_left: Callable[[], float]) -> Change:
        key = step, cut.key
        if key not in self._refined and seconds_left() > 0:
            self._refined[key] = refine(cut, step, change)
        return self._refined.get(key, change)

    def _changes(
        self, plan: IntArray, overload: float, seconds_left: Callable[[], float]
    ) -> tuple[list[tuple[Cut, Change]], list[tuple[Cut, Change]]]:
        """Find what one group less and one more would cost around every open host, the least first."""
        m = self._median
        fewer: list[tuple[Cut, Change]] = []
        more: list[tuple[Cut, Change]] = []
        for centre in np.unique(plan[plan != UNSEATED]).tolist():
            if seconds_left() <= 0:
                break
            cut = cut_out(m, plan, near_hosts(m, plan, centre, self._size))
            for step, found in ((-1, fewer), (1, more)):
                change = self._change(cut, centre, step, overload)
                if change is not None:
                    found.append((cut, change))
        for found in (fewer, more):
            found.sort(key=lambda each: each[1].more)
        best = max(_BEST, int(_SHARE * m.most))
        return fewer[:best], more[:best]

    def _change(self, cut: Cut, centre: int, step: int, overload: float) -> Change | None:
        key = cut.key
        known = self._known.get((centre, step))
        if known is None or known[0] != key:
            known = key, (with_one_less if step < 0 else with_one_more)(cut, overload)
            self._known[centre, step] = known
        return known[1]

    def _paired(self, plan: IntArray, fewer: list[Change], more: list[Change]) -> IntArray | None:
        """Make the pairs of changes that save the most and do not touch each other."""
        pairs = sorted(
            (one.more + other.more, a, b)
            for a, one in enumerate(fewer)
            for b, other in enumerate(more)
            if one.more + other.more < -1 / 2
        )
        touched = np.zeros(len(plan), dtype=np.bool_)
        opened: set[int] = set()
        changed = plan.copy()
        for _, a, b in pairs:
            both = np.concatenate([fewer[a].members, more[b].members])
            hosts = np.concatenate([fewer[a].hosts, more[b].hosts])
            is_apart = len(np.unique(both)) == len(both) and len(np.unique(hosts)) == len(hosts)
            if is_apart and not touched[both].any() and not opened & set(hosts.tolist()):
                touched[both] = True
                opened |= set(hosts.tolist())
                for change in (fewer[a], more[b]):
                    changed[change.members] = change.host
        return changed if touched.any() and self._median.value(changed) < self._median.value(plan) else None
