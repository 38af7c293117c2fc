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

from gis.services.suppress import hidden_cells, is_sum_safe
from gis.services.told import firsts
from gis.services.tree_span import Span, Vectors, by_place, vectors_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

GENTLE = 30  # rounds in which single places give way, before whole levels do
AT_ONCE = 200  # small sets that are looked into in one round


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
    everybody who counts and holds all others. `weights` (n_persons,) where one stands for several who count alike.
    """

    levels: tuple[Level, ...]
    measures: BoolArray
    weights: IntArray | None = None

    def counts(self, level: int) -> IntArray:
        """Count each place, (n_places, n_measures)."""
        one = self.levels[level]
        weights = np.ones(len(one.at)) if self.weights is None else self.weights
        found = [by_place(weights * mask, one.at, len(one.inside))[:-1] for mask in self.measures]
        return np.round(np.stack(found, axis=1)).astype(np.int64)

    @property
    def root(self) -> FloatArray:
        """What a person's place in a vector is worth."""
        return np.sqrt(np.ones(self.measures.shape[1]) if self.weights is None else self.weights)


@dataclass(frozen=True, eq=False)
class Beside:
    """What is shown beside a tree: `figures` (n_figures, n_persons), and `parts` (n, n_persons) of places.

    A row of `parts` has for each place of the second level a figure that lies inside it: many figures at the price of
    one. A figure says who counts in it, or how often.
    """

    figures: BoolArray | NDArray[np.uint8]
    parts: BoolArray


def shown_counts(tree: Tree, first: list[BoolArray], beside: BoolArray | Beside, below: int) -> list[BoolArray]:
    """Choose the counts that are shown.

    Parameters
    ----------
    tree
        The places.
    first
        What the board has chosen already, of the highest levels: (n_places, n_measures); it is kept.
    beside
        The figures that are shown beside it, (n_figures, n_persons), those of `first` among them.
    below
        1 to `below` - 1 persons are small.

    Returns
    -------
    shown
        Of each level, (n_places, n_measures).
    """
    counts = [tree.counts(level) for level in range(len(tree.levels))]
    beside = beside if isinstance(beside, Beside) else Beside(beside, beside[:0])
    if below <= 1:
        return [np.ones(one.shape, dtype=np.bool_) for one in counts]
    shown = [first[0].copy()]
    for level in range(1, len(tree.levels)):
        given = first[level] if level < len(first) else None
        shown.append(_level(tree.levels[level], counts[level - 1 : level + 1], shown[-1], given, below))
    fixed = [*(one.copy() for one in first), *(np.zeros(one.shape, dtype=np.bool_) for one in counts[len(first) :])]
    if not tree.measures.any():
        return shown
    choice = _Choice(*_alike(tree, beside), counts, [~one for one in fixed], shown, below)
    for turn in range(GENTLE + 2 * len(shown)):  # a level gives way in two turns, parts of counts before counts
        if not choice.take_back(is_gentle=turn < GENTLE):
            return shown
    return fixed


def shown_beside(
    tree: Tree, shown: list[BoolArray], beside: Beside, more: Sequence[BoolArray | NDArray[np.uint8]], below: int
) -> tuple[int, ...]:
    """Choose which further figures are shown beside a tree and its board, which stay as they are.

    Parameters
    ----------
    tree, shown, beside, below
        As of `shown_counts`, `shown` being its answer.
    more
        Each (n_figures, n_persons): figures that are shown together or not at all. The more important first.

    Returns
    -------
    numbers
        Of those of `more` that are shown, in their order.
    """
    if below <= 1 or not more or not tree.measures.size:
        return tuple(range(len(more)))
    n_known, ends = len(beside.figures), np.cumsum([0, *(len(one) for one in more)])
    fewer, every = _alike(tree, Beside(np.concatenate([beside.figures, *more]), beside.parts))
    figures = every.figures * fewer.root
    known, added = Span(vectors_of(fewer, shown, every.parts), figures[:n_known], below), figures[n_known:]
    letting = known.letting(added, fewer)
    safe = [one for one in range(len(more)) if letting.let(range(ends[one], ends[one + 1]))]
    return tuple(_checked(known, [added[ends[one] : ends[one + 1]] for one in range(len(more))], safe, fewer))


def _checked(known: Span, more: Sequence[FloatArray], safe: Sequence[int], tree: Tree) -> list[int]:
    """Return those of the safe ones from which nothing follows, with all digits: but for rounding, all of them."""
    kept: list[int] = []
    waiting = [safe] if safe else []
    while waiting:
        some = waiting.pop()
        tried = known.plus(np.concatenate([more[one] for one in some]))
        if not tried.told(tree):
            known = tried
            kept += some
        elif len(some) > 1:
            waiting += [some[len(some) // 2 :], some[: len(some) // 2]]
    return kept


def _alike(tree: Tree, beside: Beside) -> tuple[Tree, Beside]:
    """Let one stand for all who count in the same figures."""
    often = beside.figures if beside.figures.dtype == np.uint8 else np.packbits(beside.figures, axis=0)
    bits = np.concatenate([np.packbits(np.concatenate([tree.measures, beside.parts]), axis=0), often])
    places = np.stack([level.at for level in tree.levels]).astype(np.int64)
    keys = np.concatenate(
        [bits, places.view(np.uint8).reshape(len(places), -1, 8).transpose(0, 2, 1).reshape(-1, bits.shape[1])]
    )
    one, weights = firsts(keys.T)
    levels = tuple(Level(level.at[one], level.inside, level.is_listed) for level in tree.levels)
    fewer = Tree(levels, tree.measures[:, one], weights)
    return fewer, Beside(beside.figures[:, one], beside.parts[:, one])


@dataclass(frozen=True, eq=False)
class _Choice:
    """What is shown, and what of it may be taken back."""

    tree: Tree
    beside: Beside
    counts: list[IntArray]
    is_open: list[BoolArray]
    shown: list[BoolArray]
    below: int

    def take_back(self, *, is_gentle: bool) -> bool:
        """Hide what tells small sets; False: nothing does."""
        figures = vectors_of(self.tree, self.shown, self.beside.parts)
        span = Span(figures, self.beside.figures * self.tree.root, self.below)
        told = span.told(self.tree)
        if not told:
            return False
        is_used = [
            self.is_open[level][place, measure] and measure >= 0
            for level, place, measure in zip(figures.level, figures.place, figures.measure, strict=True)
        ]
        taken = np.zeros(len(is_used), dtype=np.bool_)
        is_less = False
        for rows in told[:AT_ONCE]:
            of_these = span.needed(rows, self.tree.root)
            needed = of_these & np.array(is_used)
            if needed.any():
                worst = self._nearest(figures, np.nonzero(needed)[0], rows)
                taken |= needed & (figures.level == figures.level[worst]) & (figures.place == figures.place[worst])
            else:
                is_less |= self._take_inside(figures, np.nonzero(of_these)[0]) or self._take_around(rows)
        for row in np.nonzero(taken)[0]:
            self.shown[figures.level[row]][figures.place[row], figures.measure[row]] = False
        if not is_gentle or not (taken.any() or is_less):
            self._take_level()
        self._close()
        return True

    def _take_inside(self, figures: Vectors, needed: IntArray) -> bool:
        """Hide one more figure inside those that are fixed: what is left of them after what is shown was too small.

        The smallest one, and parts of counts before counts; False: nothing inside is shown.
        """
        order = np.lexsort((figures.level[needed], figures.measure[needed] == 0))
        for row in needed[order]:
            level, measure = figures.level[row] + 1, figures.measure[row]
            if measure < 0 or level == len(self.shown):
                continue
            given = self.shown[level][:, measure] & self.is_open[level][:, measure]
            given &= (self.tree.levels[level].inside == figures.place[row]) & (self.counts[level][:, measure] > 0)
            if given.any():
                places = np.nonzero(given)[0]
                self.shown[level][places[self.counts[level][places, measure].argmin()], measure] = False
                return True
        return False

    def _take_around(self, rows: IntArray) -> bool:
        """Hide the finest figures of the places of these persons, parts of counts before counts; False: none is shown.

        What tells them is fixed, or stands for a figure of theirs that follows from the others.
        """
        for first in (1, 0):
            for level in range(len(self.shown) - 1, 0, -1):
                at = self.tree.levels[level].at[rows]
                places = np.unique(at[at >= 0])
                given = self.shown[level][places, first:] & self.is_open[level][places, first:]
                if given.any():
                    self.shown[level][places, first:] &= ~given
                    return True
        return False

    def _nearest(self, figures: Vectors, rows: IntArray, persons: IntArray) -> int:
        """Return the figure of the place nearest to these persons; of several the finest, and of those the smallest.

        Somewhere else everybody counts alike: without that place's figure the same would follow from the others.
        """
        level, place = figures.level[rows], figures.place[rows].copy()
        near = np.full(len(rows), -1)
        count = np.zeros(len(rows), dtype=np.int64)
        for number in range(len(self.shown) - 1, -1, -1):
            is_here = level == number
            count[is_here] = self.counts[number][place[is_here], 0]
        at = level.copy()
        for number in range(len(self.shown) - 1, -1, -1):
            is_here = at == number
            is_own = is_here & (near < 0) & np.isin(place, self.tree.levels[number].at[persons])
            near[is_own] = number
            place[is_here] = self.tree.levels[number].inside[place[is_here]]
            at[is_here] = number - 1
        order = np.lexsort((count, -level, -near))
        return int(rows[order[0]])

    def _take_level(self) -> None:
        """Hide a whole level, parts of counts before counts."""
        for first in (1, 0):
            for level in range(len(self.shown) - 1, 0, -1):
                given = self.shown[level] & self.is_open[level] & (self.counts[level][:, :1] > 0)
                given[:, :first] = False
                if given.any():
                    self.shown[level][given] = False
                    return

    def _close(self) -> None:
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
