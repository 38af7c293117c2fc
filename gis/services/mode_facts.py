"""The facts that the mode rules use, measured: the way to the old branch, to groups with seats, to fellow members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.enums import HostStatus, MembershipStatus, MobilityLevel, Precision, Preference, VenueKind
from gis.model.ids import MemberId
from gis.model.modes import CardAbilities, MemberFacts, Travel
from gis.model.plan import GroupingSettings
from gis.services.grouping_input import meeting_places
from gis.services.mode_rules import SECONDS, ride_minutes, walk_minutes
from gis.services.walking import metric_xy, walking_network
from gis.spatial.distances import WalkOptions, walk_matrix

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    import numpy.typing as npt

    from gis.model.ids import OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member
    from gis.model.plan import Place
    from gis.model.settings import OfficeSettings
    from gis.model.territory import Venue
    from gis.spatial.network import WalkNetwork
    from gis.store.reader import Reader

    FloatArray = npt.NDArray[np.float64]

RETURN_WITHIN_M = 100_000.0  # beyond any district; so far only the straight line is drawn
BEYOND_M = 1_500.0  # how far past the limit groups and fellows are still measured, to say “so many metres too far”
NOT_LOCATED = "住址还没有核定，到“定位”页核定"
NO_BASE = "原支部阵地没有登记位置，到“数据”页导入阵地"
#: Where the old branch meets, the first kind that it has
BASES = (VenueKind.HOME_BRANCH_BASE, VenueKind.SERVICE_CENTER, VenueKind.ACTIVITY_ROOM, VenueKind.RENTED)


@dataclass(frozen=True, slots=True)
class Measured:
    """One member with the facts, the way back, and what the nearest place to join is called."""

    member: Member
    facts: MemberFacts
    travel: Travel
    group: str = ""
    near_place: str = ""
    near_step_free: str = ""

    @property
    def member_id(self) -> MemberId:
        """The member's number; members that were read have one."""
        return MemberId(self.member.id or 0)

    @property
    def near_name(self) -> str:
        """The nearest place with a seat that the member can enter."""
        return self.near_step_free if self.facts.mobility is MobilityLevel.NEEDS_HELP else self.near_place


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all branches share: network and metric system (None, 0 without any position), places, bases, groups."""

    network: WalkNetwork | None
    epsg: int
    options: OfficeSettings
    places: Mapping[str, Place]
    open_of: Mapping[OrgId, tuple[str, ...]]
    bases_of: Mapping[OrgId, tuple[Venue, ...]]
    group_of: Mapping[MemberId, str]
    abilities: Mapping[MemberId, CardAbilities]
    today: date

    def walk(
        self, homes: FloatArray, targets: FloatArray, limit_m: float, detour: float
    ) -> tuple[FloatArray, FloatArray]:
        """Measure ways; returns metres (inf beyond the limit) and 1 where they are estimated."""
        found = walk_matrix(
            self.network,
            metric_xy(homes, self.epsg),
            metric_xy(targets, self.epsg),
            limit_m,
            WalkOptions(detour=detour),
        )
        return found.walk_m, found.estimated.astype(np.float64)


def measure_modes(
    reader: Reader, branch_ids: Collection[OrgId] | None, options: OfficeSettings, today: date
) -> tuple[Measured, ...]:
    """Measure every transition member of these branches, or of the scope, by branch and id.

    Whose data are restricted on their own request is neither measured nor counted as anybody's fellow.
    """
    known = reader.members(branch_ids, in_transition_only=True)
    members = [one for one in known if one.restricted_on is None]
    by_branch: dict[OrgId, list[Member]] = {}
    for member in members:
        by_branch.setdefault(member.branch_id, []).append(member)
    ground = _ground(reader, members, options, today)
    return tuple(one for branch in sorted(by_branch) for one in _measure_branch(ground, branch, by_branch[branch]))


def _ground(reader: Reader, members: Sequence[Member], options: OfficeSettings, today: date) -> _Ground:
    homes = np.array([point for one in members if (point := home_point(one)) is not None]).reshape(-1, 2)
    network, epsg = walking_network(reader, (homes,)) if len(homes) else (None, 0)
    planner = GroupingSettings(host_capacity_max=options.host_capacity, target_high=options.group_target_high)
    places = {place.key: place for place in meeting_places(reader, (), planner)}
    return _Ground(
        network=network,
        epsg=epsg,
        options=options,
        places=places,
        open_of=_open_places(reader, places, options),
        bases_of=_bases(reader.orgs(), reader.venues()),
        group_of=reader.seated_in(),
        abilities=reader.card_abilities(),
        today=today,
    )


def _open_places(reader: Reader, places: Mapping[str, Place], options: OfficeSettings) -> dict[OrgId, tuple[str, ...]]:
    """Return by branch the places of its groups and of its hosts that have a free seat."""
    keys: dict[OrgId, dict[str, bool]] = {}
    for group in reader.groups_in_force():
        key = f"H{group.host_id}" if group.host_id is not None else f"V{group.venue_id}"
        has_seat = len(group.seats) < options.group_target_high
        mine = keys.setdefault(group.branch_id, {})
        mine[key] = mine.get(key, False) or has_seat
    for host in reader.hosts():
        if host.status is HostStatus.APPROVED and host.id is not None:
            keys.setdefault(host.branch_id, {}).setdefault(f"H{host.id}", True)
    return {
        branch: tuple(key for key, has_seat in mine.items() if has_seat and key in places and places[key].capacity > 0)
        for branch, mine in keys.items()
    }


def _bases(orgs: Sequence[PartyOrg], venues: Sequence[Venue]) -> dict[OrgId, tuple[Venue, ...]]:
    """Return for every branch where it meets: its own place, else that of the organisation above it."""
    of_org: dict[OrgId, list[Venue]] = {}
    for venue in venues:
        if venue.org_id is not None and venue.shape is not None:
            of_org.setdefault(venue.org_id, []).append(venue)
    parent = {org.id: org.parent_id for org in orgs}
    found: dict[OrgId, tuple[Venue, ...]] = {}
    for org in orgs:
        if org.id is None or not org.is_branch:
            continue
        above: OrgId | None = org.id
        while above is not None and org.id not in found:
            mine = of_org.get(above, [])
            chosen = next((kind for kind in BASES if any(venue.kind is kind for venue in mine)), None)
            if chosen is not None:
                found[org.id] = tuple(venue for venue in mine if venue.kind is chosen)
            above = parent.get(above)
    return found


def home_point(member: Member) -> tuple[float, float] | None:
    """Return longitude and latitude of where the member lives, None where that is not known."""
    if member.residence is None or member.residence.shape is None:
        return None
    point = shapely.from_wkb(member.residence.shape).representative_point()
    return point.x, point.y


def _measure_branch(ground: _Ground, branch: OrgId, members: Sequence[Member]) -> list[Measured]:
    located = [one for one in members if home_point(one) is not None]
    homes = np.array([home_point(one) for one in located], dtype=np.float64).reshape(-1, 2)
    travel = _travels(ground, ground.bases_of.get(branch, ()), located, homes)
    keys = ground.open_of.get(branch, ())
    near = _near_places(ground, [ground.places[key] for key in keys], located, homes)
    circle = _circles(ground, located, homes)
    return [_one(ground, member, travel, near, circle) for member in members]


def _one(
    ground: _Ground,
    member: Member,
    travels: Mapping[MemberId | None, Travel],
    near: Mapping[MemberId | None, tuple[tuple[int, str] | None, tuple[int, str] | None]],
    circle: Mapping[MemberId | None, int],
) -> Measured:
    place, step_free = near.get(member.id, (None, None))
    travel = travels.get(member.id, Travel("", None, None, None, is_estimated=False, unknown_why=NOT_LOCATED))
    number = MemberId(member.id or 0)
    able = ground.abilities.get(number, CardAbilities(None, None))
    group = ground.group_of.get(number, "")
    facts = MemberFacts(
        preference=member.preference,
        mobility=member.mobility_level,
        age=member.age_on(ground.today),
        max_walk_m=member.max_walk_m,
        return_walk_m=travel.walk_m,
        is_suspended=member.membership_status is MembershipStatus.SUSPENDED,
        has_group=bool(group),
        group_walk_m=place[0] if place else None,
        step_free_walk_m=step_free[0] if step_free else None,
        circle_m=circle.get(member.id),
        can_use_smartphone=able.can_use_smartphone,
        is_working=able.is_working,
    )
    if travel.walk_m is not None:
        travel = with_minutes(travel, facts, ground.options)
    return Measured(member, facts, travel, group, place[1] if place else "", step_free[1] if step_free else "")


def with_minutes(travel: Travel, facts: MemberFacts, options: OfficeSettings) -> Travel:
    """Add the minutes on foot and by bus or e-bike to a measured way."""
    if travel.walk_m is None:
        return travel
    return Travel(
        travel.place,
        travel.walk_m,
        walk_minutes(facts, options, travel.walk_m),
        ride_minutes(options, travel.walk_m),
        travel.is_estimated,
    )


def _travels(
    ground: _Ground, bases: Sequence[Venue], located: Sequence[Member], homes: FloatArray
) -> dict[MemberId | None, Travel]:
    """Measure the way to the nearest base; where no path leads there the straight line is drawn, as an estimate."""
    if not bases:
        nowhere = Travel("", None, None, None, is_estimated=False, unknown_why=NO_BASE)
        return {one.id: nowhere for one in located}
    if not located:
        return {}
    points = shapely.from_wkb([base.shape for base in bases])
    targets = np.array([(p.x, p.y) for p in (point.representative_point() for point in points)])
    far = ground.options.straight_detour_far
    walk, estimated = ground.walk(homes, targets, RETURN_WITHIN_M, far)
    straight = _straight(ground, homes, targets) * far
    estimated = np.where(np.isfinite(walk), estimated, 1.0)
    walk = np.where(np.isfinite(walk), walk, straight)
    best = walk.argmin(axis=1)
    return {
        one.id: Travel(
            bases[j].name,
            round(float(walk[i, j])),
            None,
            None,
            is_estimated=bool(estimated[i, j]) or _is_coarse(one),
        )
        for i, (one, j) in enumerate(zip(located, best.tolist(), strict=True))
    }


def _is_coarse(member: Member) -> bool:
    return member.residence is None or member.residence.precision is not Precision.BUILDING


def _straight(ground: _Ground, homes: FloatArray, targets: FloatArray) -> FloatArray:
    one, other = metric_xy(homes, ground.epsg), metric_xy(targets, ground.epsg)
    away = one[:, None, :] - other[None, :, :]
    return np.asarray(np.hypot(away[..., 0], away[..., 1]), dtype=np.float64)


def _near_places(
    ground: _Ground, places: Sequence[Place], located: Sequence[Member], homes: FloatArray
) -> dict[MemberId | None, tuple[tuple[int, str] | None, tuple[int, str] | None]]:
    """Find for each member the nearest place with a seat, and the nearest of them without steps."""
    if not places or not located:
        return {}
    targets = np.array([(place.lon, place.lat) for place in places])
    walk, _ = ground.walk(homes, targets, _reach_m(ground, located), ground.options.straight_detour_near)
    is_free = np.array([place.is_step_free for place in places])
    even = np.where(is_free[None, :], walk, np.inf)
    return {one.id: (_nearest(walk[i], places), _nearest(even[i], places)) for i, one in enumerate(located)}


def _nearest(walk: FloatArray, places: Sequence[Place]) -> tuple[int, str] | None:
    j = int(walk.argmin())
    return (round(float(walk[j])), places[j].label) if np.isfinite(walk[j]) else None


def _reach_m(ground: _Ground, located: Sequence[Member]) -> float:
    """Return how far a member may be asked to walk at most, and some more."""
    options = ground.options
    minutes = max(options.group_walk_min, options.circle_walk_min)
    own = max((one.max_walk_m or 0 for one in located), default=0)
    return max(options.walk_speed_m_s * SECONDS * minutes, float(own)) + BEYOND_M


def _circles(ground: _Ground, located: Sequence[Member], homes: FloatArray) -> dict[MemberId | None, int]:
    """Return how far each must walk to gather enough ungrouped fellows, at least one full member among them."""
    rows = [i for i, one in enumerate(located) if _may_found(ground, one)]
    others = ground.options.new_group_members - 1
    if len(rows) < others:
        return {}
    walk, _ = ground.walk(homes, homes[rows], _reach_m(ground, located), ground.options.straight_detour_near)
    is_full = np.array([located[i].is_full for i in rows])
    found: dict[MemberId | None, int] = {}
    for i, one in enumerate(located):
        ways = np.where(np.array(rows) == i, np.inf, walk[i])
        order = np.argsort(ways, kind="stable")
        if len(order) < others or not np.isfinite(ways[order[others - 1]]):
            continue
        farthest = float(ways[order[others - 1]])
        if not one.is_full and not is_full[order[:others]].any():
            farthest = float(np.where(is_full, ways, np.inf).min())
        if np.isfinite(farthest):
            found[one.id] = round(farthest)
    return found


def _may_found(ground: _Ground, member: Member) -> bool:
    """Whether the member has no group yet and would join one."""
    return (
        member.id not in ground.group_of
        and member.membership_status is not MembershipStatus.SUSPENDED
        and member.mobility_level is not MobilityLevel.CANNOT_LEAVE
        and member.preference in (Preference.NONE, Preference.GROUP)
    )
