"""Small counts that a viewer may not learn: hidden themselves, and so that they cannot be worked out from the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

KeyT = TypeVar("KeyT")


def hidden_cells(unseen: Mapping[KeyT, int], lines: Sequence[Collection[KeyT]], below: int) -> frozenset[KeyT]:
    """Choose the cells of a table that are not shown.

    Parameters
    ----------
    unseen
        Of each cell how many persons the viewer does not know by name.
    lines
        The rows and columns whose sums are shown.
    below
        1 to `below` - 1 persons are hidden; 0 is shown.

    Returns
    -------
    hidden
        Small cells, and in a line with one hidden cell the smallest other one that has persons the viewer does not
        know; where there is none the line's sum must not be shown, see `is_sum_safe`.
    """
    hidden = {cell for cell, count in unseen.items() if 0 < count < below}
    changed = bool(hidden)
    while changed:
        changed = False
        for line in lines:
            if len(hidden.intersection(line)) != 1:
                continue
            others = [cell for cell in line if cell not in hidden and unseen[cell] > 0]
            if others:
                hidden.add(min(others, key=lambda cell: unseen[cell]))
                changed = True
    return frozenset(hidden)


def is_sum_safe(line: Collection[KeyT], hidden: Collection[KeyT]) -> bool:
    """Whether the sum of a line tells nothing about a single hidden cell."""
    return len(frozenset(line).intersection(hidden)) != 1
