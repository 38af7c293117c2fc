"""Letting figures through one after another, as long as no small set follows: what is left of each set, updated.

The work for one figure does not grow with the number of persons but with that of those who could be told at all: who
counts like few others. Rounding adds up, so whoever asks works out once more what follows in the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.services.told import NEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

NOTHING = 1e-10  # of a figure's own square: it follows already


@dataclass(eq=False)
class LetThrough:
    """What is left of figures and of kinds of persons after what is known.

    `own` (m, m) are the products of what is left of the figures, `shared` (m, n) those with the kinds, `left` (n, n)
    those of what is left of the kinds among each other; a kind stands for `weights` (n,) persons, fewer than `below`.
    `square` (m,) is what a figure was before anything was taken off.
    """

    own: FloatArray
    shared: FloatArray
    left: FloatArray
    weights: IntArray
    square: FloatArray
    below: int

    def let(self, rows: range) -> bool:
        """Take some figures in together, unless a small set would follow."""
        before = self.own, self.shared, self.left
        for row in rows:
            if not self._let_one(row):
                self.own, self.shared, self.left = before
                return False
        return True

    def _let_one(self, row: int) -> bool:
        square = self.own[row, row]
        if square <= NOTHING * max(1.0, self.square[row]):
            return True
        along = self.shared[row] / np.sqrt(square)
        if self._tells(along):
            return False
        share = self.own[row] / square
        self.left = self.left - np.outer(along, along)
        self.shared = self.shared - np.outer(share, self.shared[row])
        self.own = self.own - np.outer(share, self.own[row])
        return True

    def _tells(self, along: FloatArray) -> bool:
        """Whether one or two kinds follow once a direction is known; `along` are its products with the kinds."""
        weights, most = self.weights, self.below - 1
        left = self.left.diagonal() - along**2
        if bool((left < NEAR).any()):
            return True
        near = np.nonzero(left <= weights - weights**2 / most + NEAR)[0]
        moved = near[np.abs(along[near]) > 0]
        if not len(moved):
            return False
        both = left[moved][:, None] + left[near][None, :]
        both += 2 * (self.left[np.ix_(moved, near)] - np.outer(along[moved], along[near]))
        is_two = (moved[:, None] != near[None, :]) & (weights[moved][:, None] + weights[near][None, :] < self.below)
        return bool(((both < NEAR) & is_two).any())
