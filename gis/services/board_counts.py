"""Counts of lists by branch and part; who sees counts only gets no small ones, and none that tell a small one.

All lists of one screen are treated together (`gis.services.board_suppress`): the same members stand in several, so
that what one of them hides could follow from another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gis.services.board_suppress import Table, shown_figures

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.ids import OrgId

    BoolArray = NDArray[np.bool_]
    #: Returns which figures are shown beside other screens; the more important first
    Choose = Callable[[Mapping[str, BoolArray]], Collection[str]]

WHOLE = "all"


@dataclass(frozen=True, slots=True)
class BranchCount:
    """How many of a branch's members are on a board, out of how many; None is not shown."""

    branch_id: OrgId
    branch: str
    denominator: int | None
    count: int | None


@dataclass(frozen=True, eq=False)
class Lists:
    """Lists over the same people, each a column of shape (n_people,).

    `whole` are those whom the lists choose from, `branch_of` says to which branch each belongs. `parts` are groups of
    people by list and label; of the lists in `splits` they make up the whole. `beside` are other figures of the
    screen, each with the one it is a part of.
    """

    branch_of: Sequence[OrgId]
    whole: BoolArray
    lists: Mapping[str, BoolArray]
    parts: Mapping[str, Mapping[str, BoolArray]] = field(default_factory=dict)
    splits: frozenset[str] = frozenset()
    beside: Mapping[str, tuple[BoolArray, str | None]] = field(default_factory=dict)

    def shown(self, below: int, choose: Choose | None = None) -> Shown:
        """Count what is shown where 1 to `below` - 1 persons are not; `choose` may leave out more of it."""
        made = _Figures({WHOLE: self.whole})
        branches = {
            branch: self.whole & np.array([one == branch for one in self.branch_of], dtype=np.bool_)
            for branch in sorted({one for one, is_in in zip(self.branch_of, self.whole, strict=True) if is_in})
        }
        for key, mask in self.lists.items():
            made.add(key, mask, WHOLE)
        made.add_line({_of_branch(WHOLE, branch): members for branch, members in branches.items()})
        for key, mask in self.lists.items():
            made.add_split(key, mask, branches)
        for key, parts in self.parts.items():
            named = {_part(key, label): mask for label, mask in parts.items()}
            if key in self.splits:
                made.add_line(named)
            else:
                made.found.update(named)
        for name, (mask, of) in self.beside.items():
            made.add(name, mask, of)
        names: Collection[str] = shown_figures(made.found, made.tables, below, never=made.never)
        if choose is not None:
            names = choose({name: mask for name, mask in made.found.items() if name in names})
        counts = {name: int(mask.sum()) if name in names else None for name, mask in made.found.items()}
        return Shown(tuple(branches), counts)


@dataclass(frozen=True, eq=False)
class _Figures:
    """Figures in order of importance, what adds up to what, and the rests that nobody asked for."""

    found: dict[str, BoolArray]
    tables: list[Table] = field(default_factory=list)
    never: list[str] = field(default_factory=list)

    def add(self, name: str, mask: BoolArray, of: str | None) -> None:
        """Add a figure that is part of another one."""
        self.found[name] = mask
        if of is not None:
            self.tables.append(Table(((name, self._rest(name, self.found[of] & ~mask)),)))

    def add_line(self, parts: Mapping[str, BoolArray]) -> None:
        """Add figures that make up a whole."""
        self.found.update(parts)
        if parts:
            self.tables.append(Table((tuple(parts),)))

    def add_split(self, key: str, mask: BoolArray, branches: Mapping[OrgId, BoolArray]) -> None:
        """Add a list's count in each branch; rows and columns add up."""
        rows = []
        for branch, members in branches.items():
            name = _of_branch(key, branch)
            self.found[name] = members & mask
            rows.append((name, self._rest(name, members & ~mask)))
        self.tables.append(Table((*rows, *zip(*rows, strict=True))))

    def _rest(self, name: str, mask: BoolArray) -> str:
        rest = f"{name}/not"
        self.found[rest] = mask
        self.never.append(rest)
        return rest


@dataclass(frozen=True, eq=False)
class Shown:
    """The counts by figure, None where not shown."""

    branches: tuple[OrgId, ...]
    counts: Mapping[str, int | None]

    def __getitem__(self, name: str) -> int | None:
        """Return the count of the whole, a list, or what stands beside it."""
        return self.counts[name]

    def part(self, key: str, label: str) -> int | None:
        """Return the count of a part of a list."""
        return self.counts[_part(key, label)]

    def by_branch(self, key: str, names: Mapping[int, str]) -> tuple[BranchCount, ...]:
        """Return a list's counts by branch."""
        return tuple(
            BranchCount(
                branch_id=branch,
                branch=names.get(int(branch), ""),
                denominator=self.counts[_of_branch(WHOLE, branch)],
                count=self.counts[_of_branch(key, branch)],
            )
            for branch in self.branches
        )


def _of_branch(key: str, branch: OrgId) -> str:
    return f"{key}/branch/{int(branch)}"


def _part(key: str, label: str) -> str:
    return f"{key}/part/{label}"
