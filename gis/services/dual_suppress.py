"""Who counts in the figures of all matrices, and the matrices without what is not shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gis.model.dual import LIVES_HERE, RELATION_HERE, Cell

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from gis.model.dual import Matrix

    Name = tuple[int, str]

EVERYBODY = (-1, "street")
ORDER = {cell: number for number, cell in enumerate(Cell)}


def figures_of(found: Sequence[Matrix], cells: Sequence[Sequence[Cell | None]]) -> dict[Name, list[NDArray[np.bool_]]]:
    """Say who counts in each figure that is not blank already.

    `cells[k]` says of everybody, in one order, in which cell of `found[k]` each stands, None: in none.
    """
    figures: dict[Name, list[NDArray[np.bool_]]] = {}
    for number, (one, stands) in enumerate(zip(found, cells, strict=True)):
        at = np.array([-1 if cell is None else ORDER[cell] for cell in stands], dtype=np.int64)
        if one.street is not None:
            figures[EVERYBODY] = [at >= 0]
        if one.registered is not None:
            figures[number, "registered"] = [np.isin(at, [ORDER[cell] for cell in RELATION_HERE])]
        if one.resident is not None:
            figures[number, "resident"] = [np.isin(at, [ORDER[cell] for cell in LIVES_HERE])]
        figures |= {(number, cell.value): [at == ORDER[cell]] for cell in Cell if one.cells[cell] is not None}
    return figures


def only(found: Sequence[Matrix], kept: Collection[Name]) -> tuple[Matrix, ...]:
    """Blank what is not kept."""
    return tuple(
        replace(
            one,
            registered=one.registered if (number, "registered") in kept else None,
            resident=one.resident if (number, "resident") in kept else None,
            street=one.street if EVERYBODY in kept else None,
            cells={cell: one.cells[cell] if (number, cell.value) in kept else None for cell in Cell},
        )
        for number, one in enumerate(found)
    )
