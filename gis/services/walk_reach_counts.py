"""How many members live within walking time, for who sees counts only: no small number, not by subtraction either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gis.model.enums import Precision
from gis.services.board_suppress import shown_figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from gis.model.people import Member
    from gis.services.on_wall import OnWall

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SafeCounts:
    """`within` by distance, `known` homes; None is not shown. `tells_seats`: the free seats of all places are."""

    within: Mapping[float, int | None]
    known: int | None
    tells_seats: bool = False


def is_placed(member: Member) -> bool:
    """Whether ways to the member's home can be measured; not of who has asked that nothing more be done."""
    home = member.residence
    return (
        member.restricted_on is None
        and home is not None
        and home.shape is not None
        and home.precision is not Precision.COMMUNITY
    )


def safe_counts(
    people: Sequence[tuple[Member, bool]],
    is_known: BoolArray,
    metres: FloatArray,
    limits: Sequence[float],
    below: int,
) -> SafeCounts:
    """Choose the counts that may be shown beside what the map shows anyway: all, the grouped, the members of each grid.

    Parameters
    ----------
    people
        Members and whether they are in a group, shape (n,), as `is_known` (home) and `metres` (way to the nearest
        place, inf where not known).
    limits
        Every distance that can be asked for: the counts of all of them are shown together, one choice after another.
    """
    grids = np.array([member.residence.grid_id or 0 if member.residence else 0 for member, _ in people], dtype=np.int64)
    figures: dict[str, BoolArray] = {
        "all": np.ones(len(people), dtype=np.bool_),
        "grouped": np.array([is_grouped for _, is_grouped in people], dtype=np.bool_),
        **{f"grid {grid}": grids == grid for grid in np.unique(grids).tolist()},
        "known": is_known,
        **{f"{limit}": metres <= limit for limit in sorted(limits, reverse=True)},
    }
    shown = shown_figures(figures, (), below)
    return SafeCounts(
        within={limit: int(figures[f"{limit}"].sum()) if f"{limit}" in shown else None for limit in limits},
        known=int(is_known.sum()) if "known" in shown else None,
    )


def beside(told: SafeCounts, is_known: BoolArray, metres: FloatArray, known: OnWall) -> tuple[SafeCounts, OnWall]:
    """Leave out what tells a small number together with what other screens show; and know the rest from then on."""
    masks: dict[float, list[BoolArray]] = {np.inf: [is_known]} if told.known is not None else {}
    masks |= {
        limit: [metres <= limit] for limit, count in sorted(told.within.items(), reverse=True) if count is not None
    }
    kept, known = known.choose(masks)
    within = {limit: count if limit in kept else None for limit, count in told.within.items()}
    return SafeCounts(within, told.known if np.inf in kept else None), known
