"""Counts of coverage by branch and community; who sees counts only gets none from which a small one follows.

Whole, branches and communities are shown together, so what is hidden in one table is hidden in all that tell it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.model.coverage import COVERED, CoverageCount, Reach
from gis.services.suppress import hidden_cells, is_sum_safe

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    BoolArray = NDArray[np.bool_]
    FigureKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CoverageCounts:
    """What is shown: the whole, its parts, and the two tables."""

    denominator: int | None
    count: int | None
    parts: dict[Reach, int | None]
    communities: tuple[CoverageCount, ...]
    branches: tuple[CoverageCount, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One member: the key of the community, of the branch, and where the member stands."""

    community: int
    branch: int
    state: Reach


def all_counts(
    placed: Sequence[Placed], communities: Mapping[int, tuple[str, str]], branches: Mapping[int, str]
) -> CoverageCounts:
    """Count everything, for who sees persons; `communities` are (code, name) by key."""
    states = Counter(one.state for one in placed)
    by_community = {key: Counter[Reach]() for key in communities}
    by_branch = {key: Counter[Reach]() for key in branches}
    for one in placed:
        by_community[one.community][one.state] += 1
        by_branch[one.branch][one.state] += 1
    return CoverageCounts(
        denominator=len(placed),
        count=sum(states[state] for state in COVERED),
        parts={state: states[state] for state in Reach},
        communities=tuple(_row(communities[key][0], communities[key][1], by_community[key]) for key in communities),
        branches=tuple(_row(str(key), branches[key], by_branch[key]) for key in branches),
    )


def _row(key: str, name: str, states: Counter[Reach]) -> CoverageCount:
    count = sum(states[state] for state in COVERED)
    return CoverageCount(key, name, sum(states.values()), count, {state: states[state] for state in Reach})


def safe_coverage(
    placed: Sequence[Placed],
    communities: Mapping[int, tuple[str, str]],
    branches: Mapping[int, str],
    below: int,
    withheld: Collection[str] = (),
) -> CoverageCounts:
    """Count for who sees counts only: without small ones, and without what tells one by subtraction.

    How many are grouped is shown on other screens too, so it counts as known: neither the covered without them nor the
    uncovered may be few. `withheld` are communities (codes) whose number would tell something shown elsewhere.
    """
    full = all_counts(placed, communities, branches)
    whole = _Figures.of(Counter(one.state for one in placed))
    if not whole.is_plain(below):
        is_known = not 0 < whole.denominator < below
        return CoverageCounts(whole.denominator if is_known else None, None, dict.fromkeys(Reach), (), ())
    return CoverageCounts(
        denominator=full.denominator,
        count=full.count,
        parts=_safe_parts(full.parts, below),
        communities=_safe_rows(full.communities, below, withheld),
        branches=_safe_rows(full.branches, below),
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """What a row tells: the grouped, the others covered, the uncovered."""

    grouped: int
    free: int
    uncovered: int

    @classmethod
    def of(cls, states: Mapping[Reach, int]) -> _Figures:
        """Take them from the counts of all states."""
        covered = sum(states[state] for state in COVERED)
        return cls(states[Reach.GROUPED], states[Reach.FREE], sum(states.values()) - covered)

    @property
    def denominator(self) -> int:
        """All together."""
        return self.grouped + self.free + self.uncovered

    def is_plain(self, least: int) -> bool:
        """Whether each is nobody, or enough."""
        return all(not figure or figure >= least for figure in (self.grouped, self.free, self.uncovered))

    def plus(self, other: _Figures) -> _Figures:
        """Add a row."""
        return _Figures(self.grouped + other.grouped, self.free + other.free, self.uncovered + other.uncovered)


def _safe_rows(rows: Sequence[CoverageCount], below: int, withheld: Collection[str] = ()) -> tuple[CoverageCount, ...]:
    """Blank rows with a small figure, and further ones until the blank ones do not follow from the whole.

    Together the blank rows must hold so many that their sum leaves open how they share it; no rows where they cannot.
    """
    figures = {row.key: _Figures.of(row.parts) for row in rows}
    blank = {row.key for row in rows if row.key in withheld or not figures[row.key].is_plain(below)}
    order = sorted(figures, key=lambda key: (figures[key].denominator, key))
    while blank:
        together = _Figures(0, 0, 0)
        for key in blank:
            together = together.plus(figures[key])
        if len(blank) > 1 and together.is_plain(2 * below - 1):
            break
        rest = [key for key in order if key not in blank]
        if not rest:
            return ()
        blank.add(rest[0])
    return tuple(
        CoverageCount(row.key, row.name, None, None, {})
        if row.key in blank
        else CoverageCount(row.key, row.name, row.denominator, row.count, {})
        for row in rows
    )


def _safe_parts(states: Mapping[Reach, int | None], below: int) -> dict[Reach, int | None]:
    """Return the states of the whole; covered and not covered are shown as sums, so each is a line of its own."""
    cells = {state: states[state] or 0 for state in Reach}
    lines = (COVERED, tuple(state for state in Reach if state not in COVERED))
    hidden = hidden_cells(cells, lines, below)
    if any(not is_sum_safe(line, hidden, cells, below) for line in lines):
        return dict.fromkeys(Reach)
    return {state: None if state in hidden else cells[state] for state in Reach}


def masks_of(
    found: CoverageCounts, placed: Sequence[Placed], communities: Mapping[str, int]
) -> dict[FigureKey, list[BoolArray]]:
    """Say who counts in what is shown, (n_placed,) each, the more important first; `communities` are keys by code."""
    state = np.array([one.state.value for one in placed], dtype=object)
    is_covered = np.isin(state, [one.value for one in COVERED])
    masks: dict[FigureKey, list[BoolArray]] = {}
    if found.denominator is not None:
        masks["", ""] = [np.ones(len(placed), dtype=np.bool_)]
    if found.count is not None:
        masks["count", ""] = [is_covered]
    branches, homes = [str(one.branch) for one in placed], [one.community for one in placed]
    for row in found.branches:
        if row.denominator is not None:
            inside = np.array([one == row.key for one in branches], dtype=np.bool_)
            masks["branch", row.key] = [inside, inside & is_covered]
    for row in found.communities:
        if row.denominator is not None:
            inside = np.array([one == communities.get(row.key) for one in homes], dtype=np.bool_)
            masks["community", row.key] = [inside, inside & is_covered]
    for one, count in found.parts.items():
        if count is not None:
            masks["part", one.value] = [np.asarray(state == one.value, dtype=np.bool_)]
    return masks


def only(found: CoverageCounts, kept: Collection[FigureKey]) -> CoverageCounts:
    """Blank what is not kept."""

    def rows(kind: str, some: tuple[CoverageCount, ...]) -> tuple[CoverageCount, ...]:
        return tuple(
            row
            if row.denominator is None or (kind, row.key) in kept
            else CoverageCount(row.key, row.name, None, None, {})
            for row in some
        )

    return CoverageCounts(
        denominator=found.denominator if ("", "") in kept else None,
        count=found.count if ("count", "") in kept else None,
        parts={one: count if ("part", one.value) in kept else None for one, count in found.parts.items()},
        communities=rows("community", found.communities),
        branches=rows("branch", found.branches),
    )
