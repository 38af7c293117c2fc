"""Which figures of a whole board may be shown together, so that no small one follows from any of the others.

A figure is a set of persons. What is shown of all figures together tells every sum and difference of them: their span.
First each table is treated by itself as everywhere (`gis.services.suppress`), which also keeps two hidden figures
apart whose sum would tell both; then figures are let through one by one, in order of importance, as long as no small
set lies in the span of what has been let through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.services.suppress import hidden_cells, is_sum_safe
from gis.services.told import directions, firsts, told_sets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

#: Squares of lengths are persons: above what rounding leaves; a small set of which less is left counts as told
_NOTHING, _LITTLE = 1e-10, 1e-5


@dataclass(frozen=True, slots=True)
class Table:
    """Figures that stand together: `lines` are those that make up a whole, whose sum is shown or known elsewhere."""

    lines: tuple[tuple[str, ...], ...]


def shown_figures(
    figures: Mapping[str, NDArray[np.bool_]], tables: Sequence[Table], below: int, *, never: Sequence[str] = ()
) -> frozenset[str]:
    """Choose the figures that are shown.

    Parameters
    ----------
    figures
        Of each figure who counts in it, shape (n_persons,); the more important first.
    tables
        What adds up to what; every name is one of `figures`.
    below
        1 to `below` - 1 persons are small; 0 is shown.
    never
        Figures that are not asked for but are not to follow where they are small, such as the rest of a whole.
    """
    if below <= 1 or not figures:
        return frozenset(figures).difference(never)
    counts = {name: int(mask.sum()) for name, mask in figures.items()}
    withheld = {name for name, count in counts.items() if 0 < count < below} | set(never)
    for table in tables:
        withheld |= _withheld_in(table, counts, below)
    names = list(figures)
    matrix, weights = _by_kind(np.array([figures[name] for name in names], dtype=bool))
    common = (matrix * weights) @ matrix.T
    small = _small_sets(common, matrix, below)
    while True:
        span = _Span(common, matrix, weights, small)
        shown = [row for row, name in enumerate(names) if name not in withheld and span.let_through(row)]
        told = _told(matrix[shown], weights, below)
        if not len(told):
            return frozenset(names[row] for row in shown)
        small = np.concatenate([small, told])


def _told(shown: NDArray[np.float64], weights: NDArray[np.int64], below: int) -> NDArray[np.float64]:
    """Return the small sets that follow, (n, n_kinds)."""
    root = np.sqrt(weights)
    basis = directions(shown * root)[0] / root

    def products(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(basis[:, rows].T @ basis[:, rows])

    found = told_sets((basis**2).sum(axis=0), weights, products, below)
    told = np.zeros((len(found), shown.shape[1]))
    for row, kinds in enumerate(found):
        told[row, kinds] = 1
    return told


def _withheld_in(table: Table, counts: Mapping[str, int], below: int) -> set[str]:
    """Return what one table does not show; where its hidden figures are too few to keep each other, all of a line."""
    cells = {name: counts[name] for line in table.lines for name in line}
    hidden = set(hidden_cells(cells, table.lines, below))
    for line in table.lines:
        if not is_sum_safe(line, hidden, cells, below):
            hidden.update(line)
    return hidden


def _by_kind(masks: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Put persons together who count in the same figures: shape (n_figures, n_kinds), and how many of each kind."""
    one, weights = firsts(np.packbits(masks, axis=0).T)
    return masks[:, one].astype(np.float64), weights


def _small_sets(common: NDArray[np.float64], matrix: NDArray[np.float64], below: int) -> NDArray[np.float64]:
    """Return the small figures and the small differences of a figure and another inside it, shape (n, n_kinds).

    `common` is of each two figures how many persons they share.
    """
    sizes = np.diag(common)
    left = sizes[:, None] - sizes[None, :]
    outer, inner = np.nonzero((common == sizes[None, :]) & (left > 0) & (left < below))
    single = np.nonzero((sizes > 0) & (sizes < below))[0]
    sets = np.concatenate([matrix[single], matrix[outer] - matrix[inner]])
    return np.asarray(sets[firsts(np.packbits(sets > 0, axis=1))[0]])


class _Span:
    """What follows from the figures that were let through, by Gram-Schmidt on inner products alone.

    Row k of `on_figures` and `on_small` are the products of the k-th orthonormal vector with all figures and all small
    sets, so that the work does not grow with the number of persons; `left` is of each small set what does not follow.
    """

    def __init__(
        self,
        common: NDArray[np.float64],
        matrix: NDArray[np.float64],
        weights: NDArray[np.int64],
        small: NDArray[np.float64],
    ) -> None:
        self.common, self.shared = common, (small * weights) @ matrix.T
        self.left = small @ weights.astype(np.float64)
        self.on_figures = np.zeros((0, len(matrix)))
        self.on_small = np.zeros((0, len(small)))

    def let_through(self, row: int) -> bool:
        """Take a figure in, unless a small set would follow."""
        along = self.on_figures[:, row]
        square = self.common[row, row] - float(along @ along)
        if square <= _NOTHING * max(1.0, self.common[row, row]):
            return True  # it follows already
        length = square**0.5
        on_small = (self.shared[:, row] - along @ self.on_small) / length
        left = self.left - on_small**2
        if len(left) and float(left.min()) < _LITTLE:
            return False
        self.left = left
        self.on_figures = np.vstack([self.on_figures, (self.common[row] - along @ self.on_figures) / length])
        self.on_small = np.vstack([self.on_small, on_small])
        return True
