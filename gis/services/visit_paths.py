"""The walking route of a team as lines: along the network from stop to stop, straight where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.territory import Road
    from gis.services.visit_views import TeamView

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RouteLeg:
    """The way to one stop, or back.

    `lonlat` runs from the stop before (or the start) to the stop; `is_estimated`: a straight line, since one of the
    two ends is off the network or no way is known. `to_position` is that of the stop, None for the way back.
    """

    lonlat: tuple[LonLat, ...]
    shift: int
    to_position: int | None
    is_estimated: bool


def team_paths(roads: Sequence[Road], team: TeamView) -> tuple[RouteLeg, ...]:
    """Trace the ways of a team in order; stops without a place are passed over."""
    raise NotImplementedError
