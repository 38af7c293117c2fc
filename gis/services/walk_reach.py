"""步行范围: how far one walks in 5, 10 and 15 minutes from one place, or from the nearest of all, and what lies within.

The area follows the roads. What is counted inside is measured door to door along them, so a door at the rim of the
drawn area may be a few metres too far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.enums import Labelled
from gis.services.access import require
from gis.services.coverage import on_wall_and_coverage
from gis.services.coverage_facts import MINUTE, centres_of, planner_settings
from gis.services.grouping_input import meeting_places
from gis.services.settings import office_settings
from gis.services.walk_reach_counts import beside, is_placed, safe_counts
from gis.services.walking import metric_xy, walking_network
from gis.spatial.crs import to_display
from gis.spatial.distances import WalkOptions
from gis.spatial.nearest_walks import nearest_walks
from gis.spatial.walk_areas import walk_areas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy.typing as npt

    from gis.model.access import Actor
    from gis.model.plan import Place
    from gis.model.settings import OfficeSettings
    from gis.services.coverage import ShownOnWall
    from gis.spatial.network import WalkNetwork
    from gis.store.database import Store
    from gis.store.reader import Reader

    FloatArray = npt.NDArray[np.float64]

MINUTES = (5, 10, 15)
SIMPLE_M = 2.0  # an outline is drawn within two metres of itself
GONE = "这个地点已不存在，请刷新页面"


class Pace(Labelled):
    """Who walks: the three speeds of the settings."""

    YOUNGER = "u60", "60 岁以下"
    ELDER = "60", "60–79 岁"
    AGED = "80", "80 岁以上或需要搀扶"

    def speed(self, options: OfficeSettings) -> float:
        """Return metres per second."""
        return {
            Pace.YOUNGER: options.walk_speed_m_s,
            Pace.ELDER: options.walk_speed_elder_m_s,
            Pace.AGED: options.walk_speed_aged_m_s,
        }[self]


@dataclass(frozen=True, slots=True)
class ReachRequest:
    """From where: a host `H12`, a venue `V3`, a building `B7`, or "" for the nearest of all places; and who walks."""

    place: str = ""
    pace: Pace = Pace.ELDER


@dataclass(frozen=True, slots=True)
class Start:
    """A place that one walks from; longitude and latitude."""

    key: str
    label: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class ReachRing:
    """Within so many minutes: `shape` is WKB in longitude and latitude.

    `members` are members in transition of the scope whose home is known, None where not shown; `free_seats` None
    where they would tell how many sit at one place.
    """

    minutes: int
    metres: float
    shape: bytes
    buildings: int
    places: int
    free_seats: int | None
    members: int | None


@dataclass(frozen=True, slots=True)
class WalkReach:
    """The areas of one request, the shortest time first; `members_of` are those whose home is known, None: not shown.

    `is_estimated`: there are no roads, or a place is far from all, and circles stand in.
    """

    as_of: date
    starts: tuple[Start, ...]
    speed_m_s: float
    rings: tuple[ReachRing, ...]
    buildings_of: int
    members_of: int | None
    has_roads: bool
    is_estimated: bool


def starts_on_map(actor: Actor, store: Store) -> tuple[Start, ...]:
    """List the places where groups can meet: approved hosts and agreed venues."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        found = meeting_places(reader, (), planner_settings(office_settings(reader)))
    return tuple(_start(place) for place in found)


def start_at(actor: Actor, store: Store, key: str) -> Start:
    """Return a building `B7` as a place to walk from; raises NotFoundError."""
    require(actor, Action.VIEW_MAP)
    with store.reading(actor.scope) as reader:
        return _building(reader, key)


def walk_reach(actor: Actor, store: Store, request: ReachRequest) -> WalkReach:
    """Measure the walking areas of 5, 10 and 15 minutes and count what lies within.

    Who sees counts only gets members for all places together, never for one: two places beside each other would tell
    the few who live between.

    Raises
    ------
    DeniedError
        The role may not see the map.
    NotFoundError
        There is no such place or building any more.
    """
    require(actor, Action.VIEW_MAP)
    is_counting = not actor.scope.sees_people and actor.may(Action.VIEW_MATRIX)
    known = on_wall_and_coverage(actor, store) if is_counting and not request.place else None
    with store.reading(actor.scope) as reader:
        return _Look(actor, reader, store.today(), known).answer(request)


class _Look:
    """One look at the street: places, buildings, members and roads."""

    def __init__(self, actor: Actor, reader: Reader, today: date, known: ShownOnWall | None = None) -> None:
        self.actor, self.reader, self.today, self.known = actor, reader, today, known
        self.options = office_settings(reader)
        self.settings = planner_settings(self.options)
        self.places = meeting_places(reader, (), self.settings)
        self.buildings = centres_of([building.shape for building in reader.buildings()])

    def answer(self, request: ReachRequest) -> WalkReach:
        starts, speed = self._starts(request.place), request.pace.speed(self.options)
        at = _points([(start.lon, start.lat) for start in starts])
        if not len(at):
            return WalkReach(self.today, (), speed, (), len(self.buildings), None, has_roads=True, is_estimated=False)
        network, epsg = walking_network(self.reader, (at,))
        walks = _Walks(network, epsg, at, WalkOptions(self.settings.max_snap_m, self.settings.detour_factor))
        limits = [speed * MINUTE * minutes for minutes in MINUTES]
        areas = walk_areas(network, walks.places_xy, limits, walks.options)
        to_buildings = walks.to(self.buildings, limits[-1])
        to_places = walks.to(_points([(place.lon, place.lat) for place in self.places]), limits[-1])
        members, members_of = self._members(walks, limits)
        free = np.array([place.capacity for place in self.places], dtype=np.int64)
        tells_seats = self._tells_seats()
        rings = tuple(
            ReachRing(
                minutes=minutes,
                metres=limit,
                shape=outline(area.shape, epsg),
                buildings=int((to_buildings <= limit).sum()),
                places=int((to_places <= limit).sum()),
                free_seats=int(free[to_places <= limit].sum()) if tells_seats else None,
                members=inside,
            )
            for minutes, limit, area, inside in zip(MINUTES, limits, areas, members, strict=True)
        )
        return WalkReach(
            as_of=self.today,
            starts=starts,
            speed_m_s=speed,
            rings=rings,
            buildings_of=len(self.buildings),
            members_of=members_of,
            has_roads=network is not None,
            is_estimated=any(area.is_estimated for area in areas),
        )

    def _starts(self, key: str) -> tuple[Start, ...]:
        if not key:
            return tuple(_start(place) for place in self.places)
        if key.startswith("B"):
            return (_building(self.reader, key),)
        found = tuple(_start(place) for place in self.places if place.key == key)
        if not found:
            raise NotFoundError(GONE)
        return found

    def _tells_seats(self) -> bool:
        """Whether free seats may be told: capacities are known, so the rest is how many are in groups."""
        return self.actor.scope.sees_people or (self.known is not None and self.known.tells_grouped)

    def _members(self, walks: _Walks, limits: Sequence[float]) -> tuple[list[int | None], int | None]:
        """Count the members within each limit, and all whose home is known."""
        sees_people = self.actor.scope.sees_people
        if not sees_people and self.known is None:
            return [None] * len(limits), None
        people = self.reader.people_to_reach()
        homes = [member.residence.shape if member.residence and is_placed(member) else None for member, _ in people]
        is_known = np.array([home is not None for home in homes], dtype=np.bool_)
        metres = np.full(len(people), np.inf)
        metres[is_known] = walks.to(centres_of(homes), max(self._all_limits()))
        if sees_people:
            return [int((metres <= limit).sum()) for limit in limits], int(is_known.sum())
        told = safe_counts(people, is_known, metres, self._all_limits(), self.options.suppress_below)
        if self.known is not None:
            told = beside(told, is_known, metres, self.known.counted)
        return [told.within.get(limit) for limit in limits], told.known

    def _all_limits(self) -> tuple[float, ...]:
        """Every distance that this screen can be asked for, the shortest first."""
        return tuple(sorted({pace.speed(self.options) * MINUTE * minutes for pace in Pace for minutes in MINUTES}))


@dataclass(frozen=True, eq=False)
class _Walks:
    """Ways from the nearest of some places."""

    network: WalkNetwork | None
    epsg: int
    places: FloatArray
    options: WalkOptions

    @property
    def places_xy(self) -> FloatArray:
        """The places in metres."""
        return metric_xy(self.places, self.epsg)

    def to(self, points: FloatArray, limit_m: float) -> FloatArray:
        """Measure the ways to points in longitude and latitude, inf beyond the limit."""
        if not len(points):
            return np.zeros(0)
        return nearest_walks(self.network, self.places_xy, metric_xy(points, self.epsg), limit_m, self.options)


def outline(shape: shapely.Geometry, epsg: int) -> bytes:
    """Return a simpler outline as WKB in longitude and latitude."""
    simple = shapely.simplify(shape, SIMPLE_M)
    (shown,) = to_display(np.array([simple], dtype=object), epsg)
    return bytes(shapely.to_wkb(shown))


def _building(reader: Reader, key: str) -> Start:
    for building in reader.buildings():
        if f"B{building.id}" == key and building.shape is not None:
            ((lon, lat),) = centres_of([building.shape])
            return Start(key, building.label or "未编号楼栋", float(lon), float(lat))
    raise NotFoundError(GONE)


def _start(place: Place) -> Start:
    return Start(place.key, place.label, place.lon, place.lat)


def _points(points: Sequence[tuple[float, float]]) -> FloatArray:
    return np.array(points, dtype=np.float64).reshape(-1, 2)
