"""Which small sets of persons follow from figures shown together, in whatever way these are added and subtracted.

Figures are sets of persons; what follows from them is their span. A set S lies in it exactly if its vector equals its
own projection. Then every person of S has a leverage (the square of what the projection keeps of that person alone) of
at least 1/|S|, and leverages sum up to the rank: so only few persons need to be looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

#: Of a projection's error, in persons; of a direction that figures span, as a share of a figure's own length squared
NEAR, NO_DIRECTION = 1e-6, 1e-9


def told_sets(
    leverage: FloatArray, weights: IntArray, products: Callable[[IntArray], FloatArray], below: int
) -> list[IntArray]:
    """Find the sets of fewer than `below` persons that follow, each as the rows of those who are in it.

    Parameters
    ----------
    leverage
        Of one person of each row; shape (n,).
    weights
        How many persons a row stands for.
    products
        Gives the projection among some rows: of one person of each with one person of each other.
    below
        The least number of persons that may be told.

    Notes
    -----
    Persons who count in the same figures cannot be told apart. All sets of one or two such kinds are found, so for
    `below` up to 3 every set there is.
    """
    heavy = np.nonzero(leverage >= 1 / (below - 1) - NEAR)[0] if below > 1 else np.zeros(0, dtype=np.int64)
    if not len(heavy):
        return []
    among = products(heavy)
    own = np.diag(among)
    is_same = own[:, None] + own[None, :] - 2 * among < NEAR
    first = is_same.argmax(axis=1)
    size = np.bincount(first, weights=weights[heavy], minlength=len(heavy))
    kinds = np.nonzero((size > 0) & (size < below))[0]
    size, own, among = size[kinds], own[kinds], among[np.ix_(kinds, kinds)]
    left = size * (1 - size * own)
    of_two = left[:, None] + left[None, :] - 2 * np.outer(size, size) * among
    alone = np.nonzero(left < NEAR)[0]
    one, other = np.nonzero(np.triu((of_two < NEAR) & (size[:, None] + size[None, :] < below), 1))
    is_new = ~np.isin(one, alone) & ~np.isin(other, alone)
    found = [(k,) for k in alone] + list(zip(one[is_new], other[is_new], strict=True))
    return [heavy[np.isin(first, kinds[list(some)])] for some in found]


def directions(figures: FloatArray, lengths: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Return orthonormal vectors that span the figures, (rank, n) from (n_figures, n), and how they are mixed of them.

    Vectors are `mixed` (rank, n_figures) times figures. Where `figures` are what is left of others, `lengths` are those
    of the others: what is left by rounding alone is no direction.
    """
    length = np.linalg.norm(figures, axis=1)
    is_some = length > 0 if lengths is None else length > NEAR * lengths
    scale = np.divide(1, length, out=np.zeros_like(length), where=is_some)
    rows = figures * scale[:, None]
    squares, mixed = np.linalg.eigh(rows @ rows.T)
    is_used = squares > NO_DIRECTION
    mix = (mixed[:, is_used] / np.sqrt(squares[is_used])).T
    return np.asarray(mix @ rows), np.asarray(mix * scale)


def firsts(rows: NDArray[np.uint8]) -> tuple[IntArray, IntArray]:
    """Return the first of each kind of rows, (n_kinds,), and how many there are of it."""
    number: dict[bytes, int] = {}
    kind = [number.setdefault(row.tobytes(), len(number)) for row in np.ascontiguousarray(rows)]
    _, one, weights = np.unique(np.array(kind, dtype=np.int64), return_index=True, return_counts=True)
    return one.astype(np.int64), weights.astype(np.int64)
