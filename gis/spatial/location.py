"""What looking an address up comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Precision

if TYPE_CHECKING:
    from gis.model.ids import BuildingId, EstateId

CONFIDENCE = {Precision.BUILDING: 1.0, Precision.ESTATE: 0.5, Precision.COMMUNITY: 0.2}


@dataclass(frozen=True, slots=True)
class Location:
    """Where an address is, how sure that is, and what a person should look at."""

    precision: Precision
    building_id: BuildingId | None = None
    estate_id: EstateId | None = None
    unit: str = ""
    room: str = ""
    shape: bytes | None = None
    candidates: tuple[BuildingId, ...] = ()
    reason: str = ""
    is_range: bool = False

    @property
    def confidence(self) -> float:
        """1 for a building, 0.5 for an estate, 0.2 for a community, else 0."""
        return CONFIDENCE.get(self.precision, 0.0)
