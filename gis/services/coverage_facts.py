"""What coverage is measured from: members, places with free seats, and the ways between them, on one day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.coverage import Reach
from gis.model.enums import Precision
from gis.model.plan import GroupingSettings
from gis.planning.seats import Seating, seat_all
from gis.services.abilities import needs_step_free, walking_pace
from gis.services.grouping_input import EXPLAIN_BEYOND_M, meeting_places, why_not_asked
from gis.services.settings import office_settings
from gis.services.walking import metric_xy, walking_network
from gis.spatial.distances import WalkOptions, walk_matrix
from gis.spatial.nearest_walks import nearest_walks

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    import numpy.typing as npt

    from gis.model.ids import OrgId
    from gis.model.people import Member
    from gis.model.plan import Place
    from gis.model.settings import OfficeSettings
    from gis.spatial.distances import WalkMatrix
    from gis.spatial.network import WalkNetwork
    from gis.store.reader import Reader

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]

MINUTE = 60


@dataclass(frozen=True, eq=False)
class CoverageFacts:
    """Members, places and the ways between them.

    `states[i]` is where member i stands. `waiting` (w,) are the rows of those who would take a seat; `walk_m` (w, m)
    the ways from their homes to the places, measured some way beyond their limits `limit_m` (w,), inf where none leads.
    """

    day: date
    members: tuple[Member, ...]
    states: tuple[Reach, ...]
    places: tuple[Place, ...]
    waiting: IntArray
    walk_m: FloatArray
    limit_m: FloatArray
    needs_step_free: BoolArray
    is_estimated: bool
    settings: GroupingSettings
    network: WalkNetwork | None
    epsg: int
    homes: FloatArray

    @property
    def free(self) -> IntArray:
        """Free seats of each place, shape (m,)."""
        return np.array([place.capacity for place in self.places], dtype=np.int64)

    def may_go(self, walk_m: FloatArray, *, is_step_free: BoolArray) -> BoolArray:
        """Tell which of the waiting may go to which places; `walk_m` of shape (w, k), `is_step_free` (k,)."""
        near = walk_m <= self.limit_m[:, None]
        return np.asarray(near & (is_step_free[None, :] | ~self.needs_step_free[:, None]), dtype=np.bool_)

    @cached_property
    def seating(self) -> Seating:
        """The waiting, as many seated at the same time as can be."""
        can = self.may_go(self.walk_m, is_step_free=_step_free(self.places))
        return seat_all(np.where(can, self.walk_m, np.inf), self.free)

    def walks_to(self, points: FloatArray) -> FloatArray:
        """Measure the ways of the waiting to other points (k, 2), longitude and latitude; shape (w, k)."""
        return _walks(self, self.homes, points).walk_m

    def nearest_m(self, points: FloatArray) -> FloatArray:
        """Measure the way from each point (k, 2) to the nearest place, inf beyond the common limit; shape (k,)."""
        if not len(points) or not self.places:
            return np.full(len(points), np.inf)
        options = WalkOptions(max_snap_m=self.settings.max_snap_m, detour=self.settings.detour_factor)
        places = metric_xy(_points_of(self.places), self.epsg)
        return nearest_walks(self.network, places, metric_xy(points, self.epsg), self.settings.limit_m, options)


def planner_settings(options: OfficeSettings) -> GroupingSettings:
    """Return the planner's settings with the ways and seats that the office has set."""
    seconds = options.group_walk_min * MINUTE
    return GroupingSettings(
        limit_m=options.walk_speed_m_s * seconds,
        limit_60_m=options.walk_speed_elder_m_s * seconds,
        limit_80_m=options.walk_speed_aged_m_s * seconds,
        speed_m_s=options.walk_speed_m_s,
        speed_60_m_s=options.walk_speed_elder_m_s,
        speed_80_m_s=options.walk_speed_aged_m_s,
        host_capacity_max=options.host_capacity,
    )


def definition(options: OfficeSettings) -> str:
    """Say what counts as covered."""
    by_age = "、".join(
        f"{who} {speed * options.group_walk_min * MINUTE:.0f} 米"
        for who, speed in (
            ("60 岁以下", options.walk_speed_m_s),
            ("60 至 79 岁", options.walk_speed_elder_m_s),
            ("80 岁以上或需要搀扶", options.walk_speed_aged_m_s),
        )
    )
    return (
        f"已编入党小组，或沿步行道路 {options.group_walk_min} 分钟内（{by_age}；本人另有约定的从约定）"
        "有一户已批准的中心户或一处阵地还有空座；需要搀扶的只算无障碍的地点"
    )


def read_coverage_facts(reader: Reader, branch_ids: Collection[OrgId] | None, today: date) -> CoverageFacts:
    """Read and measure for the branches, or the whole scope; also for roles that see counts only."""
    settings = planner_settings(office_settings(reader))
    people = [
        pair for pair in reader.people_to_reach() if branch_ids is None or pair[0].branch_id in frozenset(branch_ids)
    ]
    members = tuple(member for member, _ in people)
    places = meeting_places(reader, (), settings)
    first = [_first_look(member, is_grouped=is_grouped) for member, is_grouped in people]
    waiting = np.array([row for row, state in enumerate(first) if state is None], dtype=np.int64)
    asked = [members[row] for row in waiting]
    homes = centres_of([member.residence.shape if member.residence else None for member in asked])
    at = _points_of(places)
    buildings = [building.shape for building in reader.buildings()] if not len(homes) and not len(at) else []
    known = (homes, at, centres_of(buildings))
    network, epsg = walking_network(reader, known) if any(len(some) for some in known) else (None, 0)
    facts = CoverageFacts(
        day=today,
        members=members,
        states=(),
        places=places,
        waiting=waiting,
        walk_m=np.zeros((len(waiting), len(places))),
        limit_m=np.array([walking_pace(member, settings, today)[0] for member in asked], dtype=np.float64),
        needs_step_free=np.array([needs_step_free(member) for member in asked], dtype=np.bool_),
        is_estimated=network is None,
        settings=settings,
        network=network,
        epsg=epsg,
        homes=homes,
    )
    walks = _walks(facts, homes, at)
    return _with_states(facts, first, walks)


def _first_look(member: Member, *, is_grouped: bool) -> Reach | None:
    """Return the state that needs no measuring, or None."""
    if is_grouped:
        return Reach.GROUPED
    if member.restricted_on is not None:
        return Reach.ELSEWHERE
    code = why_not_asked(member)
    if code is None and member.residence is not None and member.residence.precision is Precision.COMMUNITY:
        return Reach.UNKNOWN
    if code in ("OUTSIDE", "NOT_LOCATED"):
        return Reach.UNKNOWN
    return None if code is None else Reach.ELSEWHERE


def _with_states(facts: CoverageFacts, first: Sequence[Reach | None], walks: WalkMatrix) -> CoverageFacts:
    can = facts.may_go(walks.walk_m, is_step_free=_step_free(facts.places))
    has_free = np.asarray((can & (facts.free > 0)[None, :]).any(axis=1), dtype=np.bool_)
    states = list(first)
    for number, row in enumerate(facts.waiting):
        states[row] = Reach.FREE if has_free[number] else Reach.FULL if can[number].any() else Reach.NONE
    is_estimated = facts.network is None or bool((walks.estimated & np.isfinite(walks.walk_m)).any())
    given = {name: getattr(facts, name) for name in facts.__dataclass_fields__}
    told = tuple(state for state in states if state is not None)
    return CoverageFacts(**given | {"states": told, "walk_m": walks.walk_m, "is_estimated": is_estimated})


def _walks(facts: CoverageFacts, homes: FloatArray, points: FloatArray) -> WalkMatrix:
    longest = float(facts.limit_m.max(initial=facts.settings.limit_m)) + EXPLAIN_BEYOND_M
    options = WalkOptions(max_snap_m=facts.settings.max_snap_m, detour=facts.settings.detour_factor)
    if not len(homes) or not len(points):
        return walk_matrix(None, np.zeros((len(homes), 2)), np.zeros((len(points), 2)), longest, options)
    return walk_matrix(facts.network, metric_xy(homes, facts.epsg), metric_xy(points, facts.epsg), longest, options)


def _step_free(places: Sequence[Place]) -> BoolArray:
    return np.array([place.is_step_free for place in places], dtype=np.bool_)


def _points_of(places: Sequence[Place]) -> FloatArray:
    return np.array([(place.lon, place.lat) for place in places], dtype=np.float64).reshape(-1, 2)


def centres_of(shapes: Sequence[bytes | None]) -> FloatArray:
    """Return a point inside each shape that there is, (n, 2), longitude and latitude."""
    found = [shapely.from_wkb(shape).representative_point() for shape in shapes if shape is not None]
    return np.array([(point.x, point.y) for point in found], dtype=np.float64).reshape(-1, 2)
