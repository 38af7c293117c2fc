"""Solve a small median problem, or a region of a large one, to its end where that is quick.

Groups are made until prices settle; a covering by these groups is tried, then closing with the seats that the prices
leave. With groups of a few members the first is nearly always enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.planning.covering import Pool
from gis.planning.median_closing import close, seats_left
from gis.planning.median_columns import Columns

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gis.planning.median import Median
    from gis.planning.median_prices import Prices

    IntArray = npt.NDArray[np.int64]

_ROUNDS = 10  # of prices before groups are made
_COVER_SECONDS, _CLOSE_SECONDS = 1.0, 0.5
_CLOSABLE = 5  # seats a member; closing takes longer than it is worth with more

Groups = list[tuple["IntArray", int]]


def solve_part(
    part: Median, prices: Prices, now: IntArray, seconds_left: Callable[[], float], known: Groups
) -> IntArray | None:
    """Look for a plan better than `now`, a legal one; None when there is none or none was found in time.

    `known` are legal groups to begin with: the better, the sooner the prices settle.
    """
    before = part.value(now)
    prices.restart()
    prices.run(_ROUNDS, seconds_left, is_whole=True)
    columns = settled_columns(part, prices, now, seconds_left, known, before - 1)
    if prices.bound > before - 1 or seconds_left() <= 0:
        return None
    pool = Pool(part)
    for members, host in columns.groups:
        pool.add(members, host)
    best = None
    found = pool.combine(prices.price, prices.host_value, before - prices.bound, min(_COVER_SECONDS, seconds_left()))
    if found is not None and part.value(found) < before:
        best, before = found, part.value(found)
    if prices.bound > before - 1 or seconds_left() <= 0:
        return best
    kept = seats_left(prices, before - 1)
    if kept.sum() > _CLOSABLE * part.n_members:
        return best
    found, _ = close(part, kept, before - 1, min(_CLOSE_SECONDS, seconds_left()))
    return found if found is not None and part.value(found) < before else best


def settled_columns(
    part: Median,
    prices: Prices,
    now: IntArray,
    seconds_left: Callable[[], float],
    known: Groups,
    enough: float = np.inf,
) -> Columns:
    """Make groups until prices settle or bound enough, a plan's and `known` first; `prices` get the better bound."""
    columns = Columns(part, prices.price)
    columns.add([(np.flatnonzero(now == j), int(j)) for j in np.unique(now[now >= 0])])
    columns.add(known)
    columns.settle(seconds_left, enough)
    prices.take(columns.bound, columns.price, columns.host_value)
    return columns
