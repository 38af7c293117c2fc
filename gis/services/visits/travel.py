"""The ways of a round: metres between all doors and starts on the walking network, and how long each takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.enums import VenueKind
from gis.model.visits import TravelWay
from gis.planning.visits.problem import NOWHERE
from gis.services.territory_sides import territory_of
from gis.services.walking import metric_xy, walking_network
from gis.spatial.distances import SAME_PLACE_M, WalkOptions, walk_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from gis.model.ids import BuildingId, OrgId, VenueId
    from gis.model.settings import OfficeSettings
    from gis.model.territory import Venue
    from gis.model.visits import VisitTeam
    from gis.services.visits.doors import DoorPlace
    from gis.store.reader import Reader

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]

MINUTE = 60
M_PER_KM = 1_000.0
S_PER_HOUR = 3_600.0
DEGREE_M = 111_320.0  # of latitude
_DECIMALS = 2  # points closer than a centimetre are one


@dataclass(frozen=True, eq=False)
class Travel:
    """Ways between points.

    `point_of[i]` is the point of door i, `start_of[t]` that of team t, NOWHERE where it starts at its first door.
    `walk_m` and `estimated` have shape (p, p); what no road reaches is estimated as straight line times detour.
    """

    point_of: tuple[int, ...]
    start_of: tuple[int, ...]
    walk_m: FloatArray
    estimated: BoolArray
    options: OfficeSettings

    def seconds(self, way: TravelWay, options: OfficeSettings) -> IntArray:
        """Return whole seconds between all points, with parking wherever one gets somewhere."""
        speed, park_s = pace(way, options)
        took = np.rint(self.walk_m / speed).astype(np.int64)
        took[self.walk_m > SAME_PLACE_M] += park_s
        return took

    def minutes_from_start(self, team: int, door: int, way: TravelWay) -> int:
        """Return whole minutes, rounded up, from where a team starts to a door; 0 where it starts at its first door."""
        if self.start_of[team] == NOWHERE:
            return 0
        speed, park_s = pace(way, self.options)
        metres = float(self.walk_m[self.start_of[team], self.point_of[door]])
        return math.ceil((round(metres / speed) + (park_s if metres > SAME_PLACE_M else 0)) / MINUTE)


def pace(way: TravelWay, options: OfficeSettings) -> tuple[float, int]:
    """Return metres per second, and the seconds that each parking takes."""
    if way is TravelWay.EBIKE:
        return options.visit_ebike_km_h * M_PER_KM / S_PER_HOUR, round(options.visit_ebike_park_min * MINUTE)
    if way is TravelWay.CAR:
        return options.visit_car_km_h * M_PER_KM / S_PER_HOUR, round(options.visit_car_park_min * MINUTE)
    return options.visit_walk_m_s, 0


def start_points(reader: Reader, teams: Sequence[VisitTeam]) -> tuple[tuple[float, float] | None, ...]:
    """Return longitude and latitude of where each team starts, None: nowhere in particular."""
    venues: dict[VenueId | None, bytes | None] = {one.id: one.shape for one in reader.venues()}
    buildings: dict[BuildingId | None, bytes | None] = {}
    if any(team.start_building_id is not None for team in teams):
        buildings = {one.id: one.shape for one in reader.buildings()}
    found: list[tuple[float, float] | None] = []
    for team in teams:
        shape = venues.get(team.start_venue_id) if team.start_venue_id is not None else None
        if shape is None and team.start_building_id is not None:
            shape = buildings.get(team.start_building_id)
        point = shapely.from_wkb(shape).representative_point() if shape is not None else None
        found.append(None if point is None else (point.x, point.y))
    return tuple(found)


def measure_travel(
    reader: Reader, places: Sequence[DoorPlace], teams: Sequence[VisitTeam], options: OfficeSettings
) -> Travel:
    """Measure the ways between all doors and all starts, however long."""
    starts = start_points(reader, teams)
    known = [start for start in starts if start is not None]
    lonlat = np.array([*((one.lon, one.lat) for one in places), *known], dtype=np.float64).reshape(-1, 2)
    if not len(lonlat):
        nothing = np.zeros((0, 0))
        return Travel((), (NOWHERE,) * len(teams), nothing, nothing.astype(np.bool_), options)
    network, epsg = walking_network(reader, (lonlat,))
    exact = metric_xy(lonlat, epsg)
    _, first, point = np.unique(exact.round(_DECIMALS), axis=0, return_index=True, return_inverse=True)
    xy, number = exact[first], np.asarray(point).reshape(-1)
    detour = options.straight_detour_near
    ways = walk_matrix(network, xy, xy, math.inf, WalkOptions(detour=detour))
    gap = xy[:, None, :] - xy[None, :, :]
    straight = np.hypot(gap[..., 0], gap[..., 1]) * detour
    no_way = ~np.isfinite(ways.walk_m)
    walk = np.where(no_way, straight, ways.walk_m)
    walk = np.maximum(walk, walk.T)  # both directions alike to the last digit
    taken = iter(number[len(places) :].tolist())
    return Travel(
        point_of=tuple(number[: len(places)].tolist()),
        start_of=tuple(NOWHERE if start is None else next(taken) for start in starts),
        walk_m=walk,
        estimated=(ways.estimated | no_way) & (walk > SAME_PLACE_M),
        options=options,
    )


#: Where a team sets out, the first kind that there is
STARTS = (VenueKind.SERVICE_CENTER, VenueKind.HOME_BRANCH_BASE, VenueKind.ACTIVITY_ROOM, VenueKind.RENTED)
FAR_M = 1_500.0  # as the crow flies: half an hour on foot


def default_start(reader: Reader, org_id: OrgId, places: Sequence[DoorPlace]) -> VenueId | None:
    """Return where teams of an organisation set out when nothing is said: its own place, else that of the next above.

    An organisation with a place neither of its own nor above it takes one below it; of several alike the nearest to
    the doors is taken. Where that is far from the doors, as the base of a village that was pulled down, and a service
    centre is nearer, they set out there. None: there is no place at all.
    """
    territory = territory_of(reader)
    venues = [one for one in reader.venues() if one.shape is not None and one.kind in STARTS]
    centres = [one for one in venues if one.kind is VenueKind.SERVICE_CENTER]
    for level in (*({one} for one in territory.above(org_id)), territory.subtree(org_id)):
        mine = [one for one in venues if one.org_id in level]
        if mine:
            first = min(STARTS.index(one.kind) for one in mine)
            own = _nearest([one for one in mine if STARTS.index(one.kind) == first], places)
            is_far = _away_m(own, places) > FAR_M
            return _nearest([own, *centres], places).id if is_far else own.id
    return _nearest(centres, places).id if centres else None


def _nearest(venues: Sequence[Venue], places: Sequence[DoorPlace]) -> Venue:
    return min(venues, key=lambda one: (_away_m(one, places), one.id or 0))


def _away_m(venue: Venue, places: Sequence[DoorPlace]) -> float:
    """Return about how far a venue is from the middle of the doors, as the crow flies."""
    if not places or venue.shape is None:
        return 0.0
    point = shapely.from_wkb(venue.shape).representative_point()
    lon, lat = (float(np.median([getattr(one, name) for one in places])) for name in ("lon", "lat"))
    return math.hypot((point.x - lon) * math.cos(math.radians(lat)), point.y - lat) * DEGREE_M
