"""步行范围: how far one walks in 5, 10 and 15 minutes from one place, or from the nearest of all, and what lies within.

The area follows the roads. What is counted inside is measured door to door along them, so a door at the rim of the
drawn area may be a few metres too far.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.enums import Labelled
from gis.services.access import require
from gis.services.coverage import shown_coverage
from gis.services.coverage_facts import MINUTE, centres_of, planner_settings
from gis.services.grouping_input import meeting_places
from gis.services.on_wall import kept_now
from gis.services.settings import office_settings
from gis.services.walk_reach_counts import SafeCounts, beside, is_placed, safe_counts
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
    from gis.model.people import Member
    from gis.model.plan import Place
    from gis.model.settings import OfficeSettings
    from gis.services.coverage import ShownCoverage
    from gis.services.on_wall import OnWall
    from gis.spatial.network import WalkNetwork
    from gis.store.database import Store
    from gis.store.reader import Reader

    BoolArray = npt.NDArray[np.bool_]
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
    told = _shown(actor, store)[0] if is_counting and not request.place else None
    with store.reading(actor.scope) as reader:
        return _Look(actor, reader, store.today(), told).answer(request)


def on_wall_and_reach(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from this screen and those before it (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_MATRIX)
    return _shown(actor, store)[1]


def _shown(actor: Actor, store: Store) -> tuple[SafeCounts, OnWall]:
    return kept_now(actor, store, "reach", lambda: _choose(actor, store))


def _choose(actor: Actor, store: Store) -> tuple[SafeCounts, OnWall]:
    coverage = shown_coverage(actor, store)
    with store.reading(actor.scope) as reader:
        return _Look(actor, reader, store.today()).choose(coverage)


class _Look:
    """One look at the street: places, buildings, members and roads."""

    def __init__(self, actor: Actor, reader: Reader, today: date, told: SafeCounts | None = None) -> None:
        self.actor, self.reader, self.today, self.told = actor, reader, today, told
        self.options = office_settings(reader)
        self.settings = planner_settings(self.options)
        self.places = meeting_places(reader, (), self.settings)
        self.buildings = centres_of([building.shape for building in reader.buildings()])

    def answer(self, request: ReachRequest) -> WalkReach:
        starts, speed = self._starts(request.place), request.pace.speed(self.options)
        at = _points([(start.lon, start.lat) for start in starts])
        if not len(at):
            return WalkReach(self.today, (), speed, (), len(self.buildings), None, has_roads=True, is_estimated=False)
        walks = self._walks(at)
        network, epsg = walks.network, walks.epsg
        limits = [speed * MINUTE * minutes for minutes in MINUTES]
        areas = walk_areas(network, walks.places_xy, limits, walks.options)
        to_buildings = walks.to(self.buildings, limits[-1])
        to_places = walks.to(_points([(place.lon, place.lat) for place in self.places]), limits[-1])
        members, members_of = self._members(walks, limits)
        free = np.array([place.capacity for place in self.places], dtype=np.int64)
        is_told = self.actor.scope.sees_people or self._tells_seats(to_places, limits)
        rings = tuple(
            ReachRing(
                minutes=minutes,
                metres=limit,
                shape=outline(area.shape, epsg),
                buildings=int((to_buildings <= limit).sum()),
                places=int((to_places <= limit).sum()),
                free_seats=int(free[to_places <= limit].sum()) if is_told else None,
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

    def _walks(self, at: FloatArray) -> _Walks:
        network, epsg = walking_network(self.reader, (at,))
        return _Walks(network, epsg, at, WalkOptions(self.settings.max_snap_m, self.settings.detour_factor))

    def _tells_seats(self, to_places: FloatArray, limits: Sequence[float]) -> bool:
        """Whether who sees counts only gets free seats: those of all places alone were chosen beside the rest."""
        return self.told is not None and self.told.tells_seats and bool((to_places <= min(limits)).all())

    def _members(self, walks: _Walks, limits: Sequence[float]) -> tuple[list[int | None], int | None]:
        """Count the members within each limit, and all whose home is known."""
        if self.told is not None:
            return [self.told.within.get(limit) for limit in limits], self.told.known
        if not self.actor.scope.sees_people:
            return [None] * len(limits), None
        _, is_known, metres = self._measured(walks)
        return [int((metres <= limit).sum()) for limit in limits], int(is_known.sum())

    def _measured(self, walks: _Walks) -> tuple[tuple[tuple[Member, bool], ...], BoolArray, FloatArray]:
        """Return all members in transition, whose home is known, and how far each walks to the nearest place."""
        people = self.reader.people_to_reach()
        homes = [member.residence.shape if member.residence and is_placed(member) else None for member, _ in people]
        is_known = np.array([home is not None for home in homes], dtype=np.bool_)
        metres = np.full(len(people), np.inf)
        metres[is_known] = walks.to(centres_of(homes), max(self._all_limits()))
        return people, is_known, metres

    def choose(self, coverage: ShownCoverage) -> tuple[SafeCounts, OnWall]:
        """Choose the members that who sees counts only is told of all places together, for every pace at once."""
        starts = self._starts("")
        if not starts:
            return SafeCounts({}, None), coverage.known
        walks = self._walks(_points([(start.lon, start.lat) for start in starts]))
        people, is_known, metres = self._measured(walks)
        told = safe_counts(people, is_known, metres, self._all_limits(), self.options.suppress_below)
        told, known = beside(told, is_known, metres, coverage.known)
        return replace(told, tells_seats=coverage.tells_seats), known

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
