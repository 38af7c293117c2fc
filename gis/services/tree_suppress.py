"""Which counts of a tree of places are shown beside a board of figures, so that no small one follows from both.

Each place first looks at what is inside it alone (`gis.services.suppress`); then what would follow from everything
that is shown together is worked out, and the finest counts that tell it are taken back until nothing small follows.
Places of one level have nobody in common, so the orthonormal vectors of the tree have one place's persons each and
twenty thousand persons take well under a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from gis.services.suppress import hidden_cells, is_sum_safe
from gis.services.told import NEAR, directions, told_sets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

GENTLE = 12  # rounds in which single places give way, before whole levels do


@dataclass(frozen=True, eq=False)
class Level:
    """Places that have nobody in common. `at` (n_persons,) is the place of each person, -1: in none of them.

    `inside` (n_places,) is the place one level up. The figures of a level that is `is_listed` stand beside each other
    also where they are blank; of one that is not, nobody sees which are left out.
    """

    at: IntArray
    inside: IntArray
    is_listed: bool = True


@dataclass(frozen=True, eq=False)
class Tree:
    """Levels from the top down, the first one place with everybody; `measures` (n_measures, n_persons), the first is
    everybody who counts and holds all others.
    """

    levels: tuple[Level, ...]
    measures: BoolArray

    def counts(self, level: int) -> IntArray:
        """Count each place, (n_places, n_measures)."""
        one = self.levels[level]
        is_in = one.at >= 0
        found = [
            np.bincount(one.at[is_in & mask], minlength=len(one.inside)).astype(np.int64) for mask in self.measures
        ]
        return np.stack(found, axis=1)


def shown_counts(tree: Tree, first: list[BoolArray], board: BoolArray, below: int) -> list[BoolArray]:
    """Choose the counts that are shown.

    Parameters
    ----------
    tree
        The places.
    first
        What the board has chosen already, of the highest levels: (n_places, n_measures); it is kept.
    board
        The figures that are shown beside it, (n_figures, n_persons), those of `first` among them.
    below
        1 to `below` - 1 persons are small.

    Returns
    -------
    shown
        Of each level, (n_places, n_measures).
    """
    counts = [tree.counts(level) for level in range(len(tree.levels))]
    if below <= 1:
        return [np.ones(one.shape, dtype=np.bool_) for one in counts]
    shown = [first[0].copy()]
    for level in range(1, len(tree.levels)):
        given = first[level] if level < len(first) else None
        shown.append(_level(tree.levels[level], counts[level - 1 : level + 1], shown[-1], given, below))
    fixed = [*(one.copy() for one in first), *(np.zeros(one.shape, dtype=np.bool_) for one in counts[len(first) :])]
    choice = _Choice(tree, [(count > 0) & ~kept for count, kept in zip(counts, fixed, strict=True)], shown)
    for turn in range(GENTLE + 3 * len(shown)):
        told = _told(tree, shown, board, below)
        if not told:
            return shown
        for persons in told:
            choice.take_back(persons, is_gentle=turn < GENTLE)
        choice.close()
    return fixed


@dataclass(frozen=True, eq=False)
class _Choice:
    """What is shown, and what of it may be taken back."""

    tree: Tree
    is_open: list[BoolArray]
    shown: list[BoolArray]

    def take_back(self, persons: IntArray, *, is_gentle: bool) -> None:
        """Hide the finest count of the places of these persons; else of all places that share one further up."""
        levels = self.tree.levels
        for wide in range(0 if is_gentle else 1, len(levels)):
            for level in range(len(levels) - 1, 0, -1):
                at, near = levels[level].at, levels[max(0, level - wide)].at
                places = np.unique(at[persons] if wide == 0 else at[np.isin(near, near[persons])])
                places = places[places >= 0]
                for measure in range(len(self.tree.measures) - 1, -1, -1):
                    given = places[self.shown[level][places, measure] & self.is_open[level][places, measure]]
                    if len(given):
                        self.shown[level][given, measure] = False
                        return

    def close(self) -> None:
        """Show nothing inside a place that is not shown itself, and no part of a count that is not."""
        for level in range(1, len(self.shown)):
            self.shown[level] &= self.shown[level - 1][self.tree.levels[level].inside] & self.shown[level][:, :1]


def _level(level: Level, counts: list[IntArray], above: BoolArray, given: BoolArray | None, below: int) -> BoolArray:
    """Choose what each place one level up shows of those inside it; `counts` of that level and of this one."""
    whole, parts = counts
    shown = np.zeros(parts.shape, dtype=np.bool_)
    order = np.argsort(level.inside, kind="stable")
    ends = np.searchsorted(level.inside[order], np.arange(len(whole) + 1))
    for place in np.nonzero(above[:, 0])[0]:
        inside = order[ends[place] : ends[place + 1]]
        if not len(inside):
            continue
        if given is not None:
            shown[inside, 0] = given[inside, 0]
        elif level.is_listed:
            shown[inside, 0] = _of_a_line(parts[inside, 0], below)
        else:
            shown[inside, 0] = _of_many(parts[inside, :1], whole[place, :1], below)
        for measure in (int(one) + 1 for one in np.nonzero(above[place, 1:])[0]):
            pair = _both(parts[inside], measure), _both(whole[place], measure)
            shown[inside, measure] = shown[inside, 0] & _of_many(*pair, below, among=shown[inside, 0])
    return shown


def _both(counts: IntArray, measure: int) -> IntArray:
    """Return those whom a measure counts and those whom it does not."""
    return np.stack([counts[..., measure], counts[..., 0] - counts[..., measure]], axis=-1)


def _of_a_line(counts: IntArray, below: int) -> BoolArray:
    cells = {int(number): int(count) for number, count in enumerate(counts)}
    hidden = hidden_cells(cells, [tuple(cells)], below)
    if not is_sum_safe(tuple(cells), hidden, cells, below):
        hidden = frozenset(cells)
    return np.array([number not in hidden for number in cells], dtype=np.bool_)


def _of_many(parts: IntArray, whole: IntArray, below: int, among: BoolArray | None = None) -> BoolArray:
    """Show the parts none of whose figures is small, less the smallest until what is left is not small either."""
    is_plain = ((parts == 0) | (parts >= below)).all(axis=1)
    shown = is_plain & (parts.sum(axis=1) > 0) if among is None else is_plain & among
    left = whole - parts[shown].sum(axis=0)
    for number in np.argsort(parts.sum(axis=1), kind="stable"):
        if not ((left > 0) & (left < below)).any():
            break
        if shown[number] and parts[number].any():
            shown[number] = False
            left = left + parts[number]
    return np.asarray(shown)


def _told(tree: Tree, shown: list[BoolArray], board: BoolArray, below: int) -> list[IntArray]:
    """Find the small sets of persons that follow from tree and board together."""
    columns = _vectors(tree, shown)
    board_rows = board.astype(np.float64)
    rest = directions(np.asarray(board_rows - (columns.T @ (columns @ board_rows.T)).T))
    squared = columns.power(2)
    leverage = np.asarray(squared.sum(axis=0)).ravel() + (rest**2).sum(axis=0)

    def products(rows: IntArray) -> FloatArray:
        some = columns.tocsc()[:, rows]
        return np.asarray((some.T @ some).todense()) + rest[:, rows].T @ rest[:, rows]

    return told_sets(leverage, np.ones(len(leverage), dtype=np.int64), products, below)


def _vectors(tree: Tree, shown: list[BoolArray]) -> csr_array:
    """Return orthonormal vectors that span the tree's figures, (n_vectors, n_persons), from the finest level up."""
    made: list[tuple[IntArray, int, FloatArray]] = []
    for level in range(len(tree.levels) - 1, -1, -1):
        one = tree.levels[level]
        for measure, mask in enumerate(tree.measures):
            is_shown = np.append(shown[level][:, measure], False)  # for place -1
            values = (mask & is_shown[one.at]).astype(np.float64)
            square = _by_place(values**2, one.at, len(one.inside))
            for _ in range(2):  # twice is enough
                for at, n_places, other in made:
                    along = _by_place(values * other, at, n_places)
                    values -= along[at] * other
            left = _by_place(values**2, one.at, len(one.inside))
            scale = np.zeros(len(left))
            is_new = left > NEAR * np.maximum(square, 1)
            scale[is_new] = 1 / np.sqrt(left[is_new])
            made.append((one.at, len(one.inside), values * scale[one.at]))
    return _stacked(made)


def _by_place(values: FloatArray, at: IntArray, n_places: int) -> FloatArray:
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
