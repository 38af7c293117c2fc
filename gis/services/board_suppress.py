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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

#: Lengths are square roots of whole numbers of persons; far below the smallest that a projection can leave
_NOTHING = 1e-7


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
    span = _Span(matrix, _small_sets(matrix, weights, below))
    return frozenset(name for row, name in enumerate(names) if name not in withheld and span.let_through(row))


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
    kinds, weights = np.unique(masks, axis=1, return_counts=True)
    return kinds.astype(np.float64), weights.astype(np.int64)


def _small_sets(matrix: NDArray[np.float64], weights: NDArray[np.int64], below: int) -> NDArray[np.float64]:
    """Return the small figures and the small differences of a figure and another inside it, shape (n, n_kinds)."""
    sizes = matrix @ weights
    common = (matrix * weights) @ matrix.T
    left = sizes[:, None] - sizes[None, :]
    is_inside = common == sizes[None, :]
    outer, inner = np.nonzero(is_inside & (left > 0) & (left < below))
    single = np.nonzero((sizes > 0) & (sizes < below))[0]
    sets = np.concatenate([matrix[single], matrix[outer] - matrix[inner]])
    return np.unique(sets, axis=0) if len(sets) else sets


class _Span:
    """What follows from the figures that were let through; `left` is of each small set what does not."""

    def __init__(self, matrix: NDArray[np.float64], small: NDArray[np.float64]) -> None:
        self.matrix = matrix
        self.left = small.copy()
        self.basis = np.zeros((0, matrix.shape[1]))

    def let_through(self, row: int) -> bool:
        """Take a figure in, unless a small set would follow."""
        rest = self.matrix[row]
        for _ in range(2):  # the second time takes away what rounding left
            rest = rest - self.basis.T @ (self.basis @ rest)
        length = float(np.linalg.norm(rest))
        if length < _NOTHING:
            return True  # it follows already
        new = rest / length
        left = self.left - np.outer(self.left @ new, new)
        if len(left) and float(np.linalg.norm(left, axis=1).min()) < _NOTHING:
            return False
        self.basis, self.left = np.vstack([self.basis, new]), left
        return True
