"""Which figures of all matrices are shown together to who sees counts only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gis.model.dual import LIVES_HERE, RELATION_HERE, Cell
from gis.services.board_suppress import shown_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.dual import Matrix

EVERYBODY = "street"


def safe_together(found: Sequence[Matrix], cells: Sequence[Sequence[Cell]], below: int) -> tuple[Matrix, ...]:
    """Blank what tells small figures of other organisations.

    `cells[k]` says of everybody of the street, in one order, in which cell of `found[k]` each stands. What is blank
    already stays so.
    """
    figures = {}
    for number, (one, stands) in enumerate(zip(found, cells, strict=True)):
        in_cell = {cell: np.array([cell is at for at in stands], dtype=np.bool_) for cell in Cell}
        if one.street is not None:
            figures[EVERYBODY] = np.ones(len(stands), dtype=np.bool_)
        if one.registered is not None:
            figures[f"{number}/registered"] = np.any([in_cell[cell] for cell in RELATION_HERE], axis=0)
        if one.resident is not None:
            figures[f"{number}/resident"] = np.any([in_cell[cell] for cell in LIVES_HERE], axis=0)
        figures |= {f"{number}/{cell}": in_cell[cell] for cell in Cell if one.cells[cell] is not None}
    shown = shown_figures(figures, [], below)
    return tuple(
        replace(
            one,
            registered=one.registered if f"{number}/registered" in shown else None,
            resident=one.resident if f"{number}/resident" in shown else None,
            street=one.street if EVERYBODY in shown else None,
            cells={cell: one.cells[cell] if f"{number}/{cell}" in shown else None for cell in Cell},
        )
        for number, one in enumerate(found)
    )
