"""The walking route of a team as lines: along the network from stop to stop, straight where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.services.visits.ground import ground_of
from gis.spatial.crs import points_to_display
from gis.spatial.paths import walk_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from gis.model.access import Actor
    from gis.services.visits.ground import Ground
    from gis.services.visits.views import TeamView
    from gis.store.database import Store

    FloatArray = npt.NDArray[np.float64]

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


@dataclass(frozen=True, slots=True)
class Way:
    """A leg in metres: `xy` has shape (k, 2)."""

    xy: FloatArray
    shift: int
    to_position: int | None
    is_estimated: bool


def team_paths(actor: Actor, store: Store, team: TeamView) -> tuple[RouteLeg, ...]:
    """Trace the ways of a team in order; stops without a place are passed over. For the screen's map."""
    places = [stop.lonlat for stop in team.stops if stop.lonlat is not None]
    if not places:
        return ()
    ground = ground_of(actor, store, places[0][0])
    return tuple(
        RouteLeg(_pairs(points_to_display(way.xy, ground.epsg)), way.shift, way.to_position, way.is_estimated)
        for way in team_ways(ground, team)
    )


def _pairs(lonlat: FloatArray) -> tuple[LonLat, ...]:
    return tuple((round(float(x), 7), round(float(y), 7)) for x, y in lonlat)


def team_ways(ground: Ground, team: TeamView) -> tuple[Way, ...]:
    """Trace the ways of a team in the metres of the ground."""
    legs = list(_legs(team))
    if not legs:
        return ()
    starts, goals = ground.to_metres([leg[0] for leg in legs]), ground.to_metres([leg[1] for leg in legs])
    paths = walk_paths(ground.network, starts, goals)
    return tuple(
        Way(path.xy, shift, position, path.is_estimated)
        for path, (_, _, shift, position) in zip(paths, legs, strict=True)
    )


def _legs(team: TeamView) -> Iterator[tuple[LonLat, LonLat, int, int | None]]:
    """Yield from, to, half-day and stop of every leg; each half-day begins and may end at the start."""
    shifts = sorted({stop.stop.shift for stop in team.stops})
    for shift in shifts:
        at = team.start_lonlat
        for stop in team.stops:
            if stop.stop.shift == shift and stop.lonlat is not None:
                if at is not None:
                    yield at, stop.lonlat, shift, stop.stop.position
                at = stop.lonlat
        back = team.start_lonlat if team.team.is_returning else None
        if at is not None and back is not None and at != back:
            yield at, back, shift, None
