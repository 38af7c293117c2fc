"""Counts of a board by branch and part; who sees counts only gets no small ones, and none that tell a small one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.services.suppress import hidden_cells, is_sum_safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.ids import OrgId


@dataclass(frozen=True, slots=True)
class BranchCount:
    """How many of a branch's members are on a board, out of how many; None is not shown."""

    branch_id: OrgId
    branch: str
    denominator: int | None
    count: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """The whole scope and its branches."""

    denominator: int | None
    count: int | None
    branches: tuple[BranchCount, ...]


def branch_counts(
    total: Mapping[OrgId, int], inside: Mapping[OrgId, int], names: Mapping[int, str], below: int
) -> Counts:
    """Count by branch. Of each branch, those on the board, those not on it and their sum are hidden where small."""
    cells = {(branch, is_on): 0 for branch in total for is_on in (True, False)}
    for branch, count in total.items():
        cells[branch, True] = inside.get(branch, 0)
        cells[branch, False] = count - inside.get(branch, 0)
    rows = [((branch, True), (branch, False)) for branch in total]
    columns = [tuple((branch, is_on) for branch in total) for is_on in (True, False)]
    hidden = hidden_cells(cells, [*rows, *columns], below)

    def denominator(branch: OrgId) -> int | None:
        is_shown = (
            is_sum_safe(((branch, True), (branch, False)), hidden, cells, below) and not 0 < total[branch] < below
        )
        return total[branch] if is_shown else None

    found = tuple(
        BranchCount(
            branch_id=branch,
            branch=names.get(int(branch), ""),
            denominator=denominator(branch),
            count=None if (branch, True) in hidden else inside.get(branch, 0),
        )
        for branch in sorted(total)
    )
    whole, on_it = sum(total.values()), sum(inside.values())
    is_count_safe = is_sum_safe(columns[0], hidden, cells, below) and not 0 < on_it < below if columns[0] else True
    return Counts(whole if whole >= below or not whole else None, on_it if is_count_safe else None, found)


def safe_counts(
    parts: Mapping[str, int | None], whole: int, below: int, *, is_partition: bool
) -> dict[str, int | None]:
    """Return the parts without the small ones; where the parts make up the whole, with a second one hidden."""
    cells = {name: count or 0 for name, count in parts.items()}
    lines = [tuple(cells)] if is_partition and whole else []
    hidden = hidden_cells(cells, lines, below)
    return {name: None if name in hidden else count for name, count in cells.items()}
