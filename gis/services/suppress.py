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
        Small cells, and in a line from whose sum they would follow the smallest other ones that have persons the
        viewer does not know; where these do not suffice the line's sum must not be shown, see `is_sum_safe`.
    """
    hidden = {cell for cell, count in unseen.items() if 0 < count < below}
    changed = bool(hidden)
    while changed:
        changed = False
        for line in lines:
            others = [cell for cell in line if cell not in hidden and unseen[cell] > 0]
            if others and not is_sum_safe(line, hidden, unseen, below):
                hidden.add(min(others, key=lambda cell: unseen[cell]))
                changed = True
    return frozenset(hidden)


def is_sum_safe(line: Collection[KeyT], hidden: Collection[KeyT], unseen: Mapping[KeyT, int], below: int) -> bool:
    """Whether the sum of a line tells nothing about its hidden cells.

    One alone would follow. Several that are all small could follow from a small sum: 2 is 1 and 1.
    """
    found = frozenset(line).intersection(hidden)
    return not found or (len(found) > 1 and sum(unseen[cell] for cell in found) >= 2 * below - 1)
