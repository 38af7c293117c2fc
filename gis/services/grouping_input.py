"""From rows to arrays: who takes part, how far they may walk, where groups can meet, and the walks between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.model.enums import HostStatus, MembershipStatus, MobilityLevel, Precision, Preference, VenueKind
from gis.model.plan import Place
from gis.services.grouping_problem import Given, grouping_problem, refuse_unkept, refuse_unreasoned
from gis.services.in_force import read_in_force
from gis.services.walking import metric_xy, walking_network
from gis.spatial.distances import WalkMatrix, WalkOptions, walk_matrix

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    import numpy.typing as npt

    from gis.model.ids import BuildingId, MemberId, OrgId
    from gis.model.people import Member
    from gis.model.plan import GroupingRequest, GroupingSettings
    from gis.model.territory import HostHousehold, Venue
    from gis.planning.problem import GroupingProblem
    from gis.services.in_force import InForce
    from gis.store.reader import Reader

    FloatArray = npt.NDArray[np.float64]

EXPLAIN_BEYOND_M = 1_500.0  # how far past the limit walks are still measured, to say "so many metres more"
MANY_HOMES = 6_000  # 300 MB of walks between homes; a street has a fifth of it
LOCKED_WITHIN_M = 30_000.0  # across any city district

#: The member's own wish beats every proposal (domain.md A31).
WISHES: dict[Preference, str] = {
    Preference.HOME_BRANCH: "PREFERS_HOME_BRANCH",
    Preference.HOME_VISIT: "PREFERS_HOME_VISIT",
    Preference.ONLINE: "PREFERS_ONLINE",
}
#: Why a member takes no part in the seating, by code: (reason, the first thing to do); what a changed wish would do is
#: computed for each plan.
NOT_ASKED: dict[str, tuple[str, str]] = {
    "PREFERS_HOME_BRANCH": ("本人愿意回原支部参加学习，尊重本人意愿", ""),
    "PREFERS_HOME_VISIT": ("本人希望上门送学，尊重本人意愿", ""),
    "PREFERS_ONLINE": ("本人愿意网上学习，尊重本人意愿", ""),
    "CANNOT_LEAVE": ("不便出门，宜安排上门送学", "行动能力经核实好转，在“编组条件”更新后重新测算"),
    "SUSPENDED": ("已停止党籍，不参加编组", "恢复党籍后重新测算"),
    "OUTSIDE": ("住在街道辖区外，没有可用的位置", "在“定位”页为其住处标点后，重新测算"),
    "NOT_LOCATED": ("住址还没有核定到楼栋或小区", "在“定位”页核定住址后，重新测算"),
}


@dataclass(frozen=True, slots=True)
class GroupingInput:
    """The arrays and what their rows and columns stand for.

    `asked[i]` is row i of the problem, `places[j]` its column j; `not_asked` are members with the code why.
    `home_walk_m` has shape (n, n), from home to home, inf beyond the longest limit. `with_wishes` is the problem as it
    were if those who wish otherwise (`wishful`) were asked as well: its rows are the asked, then the wishful.
    `branch_ids` are the branches planned for; `problem.branch` holds positions in it. `everybody` are all members of
    these branches, `force` the groups that the plan would replace.
    """

    problem: GroupingProblem
    with_wishes: GroupingProblem
    asked: tuple[Member, ...]
    wishful: tuple[Member, ...]
    places: tuple[Place, ...]
    not_asked: tuple[tuple[Member, str], ...]
    walks: WalkMatrix
    home_walk_m: FloatArray
    branch_ids: tuple[OrgId, ...]
    force: InForce
    everybody: tuple[Member, ...]


def grouping_input(
    reader: Reader, branch_ids: Collection[OrgId], request: GroupingRequest, today: date
) -> GroupingInput:
    """Read the members of these branches, all places and the groups in force, and measure the walks between them.

    Raises
    ------
    InputError
        The request names places or groups that there are not, contradicts itself, or mixes branches without a reason.
    """
    refuse_unreasoned(request)
    settings, force = request.settings, read_in_force(reader, branch_ids, request)
    everybody = tuple(one for one in reader.members(branch_ids) if one.restricted_on is None)
    members = tuple(one for one in everybody if one.is_in_transition or request.is_all_members)
    asked = tuple(member for member in members if why_not_asked(member) is None)
    not_asked = tuple((member, code) for member in members if (code := why_not_asked(member)) is not None)
    places = meeting_places(reader, branch_ids, settings)
    wishful = tuple(member for member, code in not_asked if code in WISHES.values() and obstacle(member) is None)
    everyone = (*asked, *wishful)
    walks, home_walk_m = measure_walks(reader, everyone, places, settings, force.frozen_members.keys())
    branches = tuple(sorted(branch_ids))
    with_wishes = grouping_problem(Given(everyone, places, walks, branches, force), request, today)
    problem = with_wishes.of_members(np.arange(len(asked)))
    refuse_unkept(problem, asked, places, force)
    return GroupingInput(
        problem, with_wishes, asked, wishful, places, not_asked, walks, home_walk_m, branches, force, everybody
    )


def why_not_asked(member: Member) -> str | None:
    """Return the code why a member takes no part in the seating, or None; the member's own wish comes first."""
    if member.membership_status is MembershipStatus.SUSPENDED:
        return "SUSPENDED"
    return WISHES.get(member.preference) or obstacle(member)


def obstacle(member: Member) -> str | None:
    """Return the code of what keeps a member from a seat whatever the wish, or None."""
    home = member.residence
    if member.membership_status is MembershipStatus.SUSPENDED:
        return "SUSPENDED"
    if member.mobility_level is MobilityLevel.CANNOT_LEAVE:
        return "CANNOT_LEAVE"
    if home is None or home.shape is None:
        return "OUTSIDE" if home is not None and home.precision is Precision.OUTSIDE else "NOT_LOCATED"
    return None


def meeting_places(reader: Reader, branch_ids: Collection[OrgId], settings: GroupingSettings) -> tuple[Place, ...]:
    """List approved hosts and agreed venues with the seats that other branches' groups leave free."""
    names = {org.id: org.name for org in reader.orgs()}
    estates = {building.id: f"{building.estate}{building.building_no}幢" for building in reader.buildings()}
    taken = reader.seats_taken(except_branches=branch_ids)
    places = [_host_place(host, names, estates, settings) for host in reader.hosts() if _is_open(host)]
    places += [venue_place(venue) for venue in reader.venues() if venue.kind is not VenueKind.CANDIDATE]
    located = (place for place in places if place is not None)
    return tuple(replace(one, capacity=max(0, one.capacity - taken.get(_seat_key(one), 0))) for one in located)


def taken_of(reader: Reader, places: Sequence[Place]) -> tuple[list[int], list[int]]:
    """Say who has a seat at those of these places that have one free, and who at any: free seats tell how many.

    People are positions as in `Reader.sitting_at`.
    """
    sitting = reader.sitting_at()
    seated = [(place.capacity > 0, sitting.get(_seat_key(place), ())) for place in places]
    return [one for is_free, some in seated if is_free for one in some], [one for _, some in seated for one in some]


def _seat_key(place: Place) -> tuple[str, int]:
    return ("host", place.host_id) if place.host_id is not None else ("venue", place.venue_id or 0)


def _is_open(host: HostHousehold) -> bool:
    return host.status is HostStatus.APPROVED


def _host_place(
    host: HostHousehold,
    names: Mapping[OrgId | None, str],
    estates: Mapping[BuildingId | None, str],
    settings: GroupingSettings,
) -> Place | None:
    if host.shape is None or host.id is None:
        return None
    point = shapely.from_wkb(host.shape).representative_point()
    where = estates.get(host.building_id, "")
    label = f"{host.name}家" if host.name else f"{where or names.get(host.branch_id, '')}党员中心户"
    return Place(
        key=f"H{host.id}",
        label=label,
        lon=point.x,
        lat=point.y,
        capacity=min(host.capacity, settings.host_capacity_max),
        is_step_free=_is_step_free(said=host.is_step_free, floor=host.floor, has_lift=None),
        host_id=host.id,
    )


def venue_place(venue: Venue) -> Place | None:
    """Return a venue as a place, or None when it has no position."""
    if venue.shape is None or venue.id is None:
        return None
    point = shapely.from_wkb(venue.shape).representative_point()
    return Place(
        key=f"V{venue.id}",
        label=venue.name,
        lon=point.x,
        lat=point.y,
        capacity=venue.capacity,
        is_step_free=_is_step_free(said=venue.is_step_free, floor=venue.floor, has_lift=venue.has_lift),
        venue_id=venue.id,
    )


def _is_step_free(*, said: bool | None, floor: int | None, has_lift: bool | None) -> bool:
    """Take what the file says; where it is silent, a ground floor or a lift counts, and an unknown floor does not."""
    if said is not None:
        return said
    return bool(has_lift) or floor == 1


def measure_walks(
    reader: Reader,
    members: Sequence[Member],
    places: Sequence[Place],
    settings: GroupingSettings,
    far_ids: Collection[MemberId] = (),
) -> tuple[WalkMatrix, FloatArray]:
    """Measure the walk of every member to every place and to every other member's home, on the network if any.

    Walks are measured some way beyond the longest limit; of members with a fixed host, and of `far_ids`, much farther.
    Among more than MANY_HOMES members the walks from home to home are inf, and no new hosts are proposed.
    """
    homes = np.array([_point(member) for member in members], dtype=np.float64).reshape(-1, 2)
    meets = np.array([(place.lon, place.lat) for place in places], dtype=np.float64).reshape(-1, 2)
    if not len(homes):
        return WalkMatrix(np.zeros((0, len(meets))), np.zeros((0, len(meets)), dtype=np.bool_)), np.zeros((0, 0))
    network, epsg = walking_network(reader, (homes, meets))
    own = max((member.max_walk_m or 0 for member in members), default=0)
    longest = max(settings.limit_m, settings.limit_60_m, settings.limit_80_m, float(own))
    options = WalkOptions(max_snap_m=settings.max_snap_m, detour=settings.detour_factor)
    homes_xy = metric_xy(homes, epsg)
    meets_xy = metric_xy(meets, epsg)
    to_places = walk_matrix(network, homes_xy, meets_xy, longest + EXPLAIN_BEYOND_M, options)
    locked = np.array([member.locked_host_id is not None or member.id in far_ids for member in members], dtype=np.bool_)
    if locked.any():  # a host named by the branch counts however far it is
        to_places.walk_m[locked] = walk_matrix(network, homes_xy[locked], meets_xy, LOCKED_WITHIN_M, options).walk_m
    if len(homes) > MANY_HOMES:
        return to_places, np.broadcast_to(np.inf, (len(homes), len(homes)))
    return to_places, walk_matrix(network, homes_xy, homes_xy, longest, options).walk_m


def _point(member: Member) -> tuple[float, float]:
    if member.residence is None or member.residence.shape is None:
        return (np.nan, np.nan)
    point = shapely.from_wkb(member.residence.shape).representative_point()
    return point.x, point.y
