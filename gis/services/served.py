"""本月服务率 (A12, 零掉队): who was reached by at least one of the three modes in a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.services.board_counts import BranchCount
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class Unserved:
    """A member in transition whom nothing reached in the month."""

    member_id: MemberId
    name: str
    branch: str
    last_met: date | None


@dataclass(frozen=True, slots=True)
class ServedView:
    """The figures of one month as of one day; None is not shown (small, or a small one would follow).

    `denominator` are the members in transition on `as_of`, `served` those of them who were reached by at least one
    way; `ways` how many by each (one member may count in several). `all_*`: the same over the whole roster.
    `unserved` is empty for who sees counts only.
    """

    month: str
    as_of: date
    definition: str
    denominator: int | None
    served: int | None
    branches: tuple[BranchCount, ...]
    ways: Mapping[str, int | None]
    all_denominator: int | None
    all_served: int | None
    unserved: tuple[Unserved, ...]


def served_in_month(actor: Actor, store: Store, month: str = "") -> ServedView:
    """Work out the figures of a month (`2026-11`; "": the present one) for the actor's scope.

    Raises
    ------
    InputError
        The month cannot be read, or lies in the future.
    """
    raise NotImplementedError
