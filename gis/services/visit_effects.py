"""What an accepted result changes elsewhere, and taking exactly that back when it is corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, RoundId
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class MovedToRegister:
    """A member who was found to have moved, while the address on record is still the old one."""

    member_id: MemberId
    name: str
    branch: str
    on_day: date
    by_name: str
    round_id: RoundId
    round_name: str


def moved_to_register(actor: Actor, store: Store) -> tuple[MovedToRegister, ...]:
    """List who was found to have moved away and whose move is not registered yet, the oldest first."""
    raise NotImplementedError
