"""All that follows from figures of a tree of places and a board: an orthonormal basis, from the finest level up."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from gis.services.let_through import LetThrough
from gis.services.told import NEAR, directions, told_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.services.tree_suppress import Level, Tree

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Vectors:
    """Orthonormal vectors that span the figures of places, (n_vectors, n_persons), and which figure each is of.

    `measure` -1: of what stands beside the tree.
    """

    matrix: csr_array
    level: IntArray
    place: IntArray
    measure: IntArray


class Span:
    """All that follows from the figures of places and a board."""

    def __init__(self, places: Vectors, board: FloatArray, below: int) -> None:
        self.places, self.below = places.matrix.tocsc(), below
        self.shared = self.places @ board.T
        left = np.asarray(board - (self.places.T @ self.shared).T)
        self.rest, self.mixed = directions(left, np.linalg.norm(board, axis=1))

    def plus(self, figures: FloatArray) -> Span:
        """Return all that follows from these figures as well; what sets are made of, only the first one knows."""
        found = copy(self)
        more = directions(self._beyond(figures), np.linalg.norm(figures, axis=1))[0]
        found.rest = np.concatenate([self.rest, more])
        return found

    def letting(self, figures: FloatArray, tree: Tree) -> LetThrough:
        """Start to let figures through, (n_figures, n_kinds)."""
        weights = np.ones(len(tree.root), dtype=np.int64) if tree.weights is None else tree.weights
        few = np.nonzero(weights < self.below)[0]
        root, left, some = tree.root[few], self._beyond(figures), self.places[:, few]
        known = np.asarray((some.T @ some).todense()) + self.rest[:, few].T @ self.rest[:, few]
        return LetThrough(
            own=left @ left.T,
            shared=left[:, few] * root,
            left=np.outer(root, root) * (np.eye(len(few)) - known),
            weights=weights[few],
            square=(figures**2).sum(axis=1),
            below=self.below,
        )

    def _beyond(self, figures: FloatArray) -> FloatArray:
        """Return what does not follow of some figures."""
        left = figures
        for _ in range(2):  # twice is enough
            left = left - np.asarray((self.places.T @ (self.places @ left.T)).T)
            left = left - (left @ self.rest.T) @ self.rest
        return left

    def told(self, tree: Tree) -> list[IntArray]:
        """Return the small sets that follow."""
        root = tree.root
        squared = np.asarray(self.places.power(2).sum(axis=0)).ravel() + (self.rest**2).sum(axis=0)

        def products(rows: IntArray) -> FloatArray:
            some = self.places[:, rows]
            found = np.asarray((some.T @ some).todense()) + self.rest[:, rows].T @ self.rest[:, rows]
            return np.asarray(found / np.outer(root[rows], root[rows]))

        weights = np.ones(len(root)) if tree.weights is None else tree.weights
        return told_sets(squared / root**2, weights.astype(np.int64), products, self.below)

    def needed(self, rows: IntArray, root: FloatArray) -> BoolArray:
        """Say which vectors of places a set is made of, beside figures of the board."""
        of_board = self.rest[:, rows] @ root[rows] @ self.mixed
        along = self.places[:, rows] @ root[rows] - self.shared @ of_board
        return np.asarray(np.abs(along) > NEAR)


def vectors_of(tree: Tree, shown: list[BoolArray], parts: BoolArray) -> Vectors:
    """Make the vectors from the finest level up."""
    made: list[tuple[IntArray, int, FloatArray]] = []
    about: list[IntArray] = []
    for level in range(len(tree.levels) - 1, -1, -1):
        one = tree.levels[level]
        columns = [(-1, part) for part in parts] if level == 1 else []
        for measure, mask in enumerate(tree.measures):
            is_shown = np.append(shown[level][:, measure], False)  # for place -1
            columns.append((measure, mask & is_shown[one.at]))
        for measure, column in columns:
            vector = _orthonormal(np.where(column & (one.at >= 0), tree.root, 0), one, made)
            made.append((one.at, len(one.inside), vector))
            places = np.arange(len(one.inside))
            about.append(np.stack([np.full_like(places, level), places, np.full_like(places, measure)]))
    return Vectors(_stacked(made), *np.concatenate(about, axis=1))


def _orthonormal(values: FloatArray, level: Level, made: list[tuple[IntArray, int, FloatArray]]) -> FloatArray:
    """Return for each place of a level what a figure adds to what has been made, of length 1 or 0."""
    square = by_place(values**2, level.at, len(level.inside))
    for _ in range(2):  # twice is enough
        for at, n_places, other in made:
            values -= by_place(values * other, at, n_places)[at] * other
    left = by_place(values**2, level.at, len(level.inside))
    is_new = left > NEAR * np.maximum(square, 1)
    scale = np.zeros(len(left))
    scale[is_new] = 1 / np.sqrt(left[is_new])
    return values * scale[level.at]


def by_place(values: FloatArray, at: IntArray, n_places: int) -> FloatArray:
    """Sum by place; the last one is for those in none."""
    return np.bincount(np.where(at < 0, n_places, at), weights=values, minlength=n_places + 1).astype(np.float64)


def _stacked(made: list[tuple[IntArray, int, FloatArray]]) -> csr_array:
    first, rows, columns, values = 0, [], [], []
    for at, n_places, vector in made:
        used = np.nonzero(vector)[0]
        rows.append(first + at[used])
        columns.append(used)
        values.append(vector[used])
        first += n_places
    n_persons = len(made[0][0])
    place = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.concatenate(values), place), shape=(first, n_persons))
