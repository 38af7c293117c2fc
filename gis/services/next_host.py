"""再设一户中心户: where one more place seats most of those without a seat, and what it would bring exactly.

What is promised holds: when the place is there for real with these seats, `read_coverage` counts so many fewer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import InputError
from gis.model.access import Action
from gis.model.coverage import NextHost, NextHosts, Reach
from gis.model.enums import HostStatus, MapPrecision, Precision, VenueKind
from gis.model.ids import BuildingId, MemberId
from gis.planning.next_places import NewPlace, pick_in_turn, rank_places
from gis.services.access import require, require_orgs
from gis.services.coverage_facts import read_coverage_facts
from gis.services.grouping_input import venue_place
from gis.services.hosts import MOST_SEATS
from gis.services.map_cards import AT_HOME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.people import Member
    from gis.planning.next_places import PlaceGain
    from gis.services.coverage_facts import CoverageFacts
    from gis.store.database import Store
    from gis.store.reader import Reader

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class NextHostRequest:
    """For which branches (none: the whole scope), how many answers, how many seats (None: the office's usual number).

    `is_step_free`: whether a new host can be entered without steps; unknown counts as no, as for every host.
    """

    branch_ids: tuple[OrgId, ...] = ()
    top: int = 5
    seats: int | None = None
    is_step_free: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A building where full members live who could be hosts, or a candidate venue."""

    key: str
    label: str
    building_id: BuildingId | None
    lon: float
    lat: float
    seats: int
    is_step_free: bool
    hosts: tuple[tuple[MemberId, str], ...] = ()


def next_hosts(actor: Actor, store: Store, request: NextHostRequest | None = None) -> NextHosts:
    """Rank where one more host household or venue helps most; nothing is saved.

    Exact: every candidate is added and everybody seated anew, the most seated first, then the fewest metres.

    Raises
    ------
    DeniedError
        The role may not plan, or a branch lies outside the scope.
    InputError
        The number of answers or of seats is out of bounds.
    """
    require(actor, Action.PLAN_GROUPS)
    request = request or NextHostRequest()
    _refuse(request)
    today = store.today()
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, request.branch_ids)
        facts = read_coverage_facts(reader, request.branch_ids or None, today)
        found = [*_homes(reader, facts, request), *_venues(reader)]
    work = _Work(facts, {one.key: one for one in found})
    ways = facts.walks_to(np.array([(one.lon, one.lat) for one in found]).reshape(-1, 2))
    can = facts.may_go(ways, is_step_free=np.array([one.is_step_free for one in found], dtype=np.bool_))
    new = [
        NewPlace(one.key, np.where(can[:, k], ways[:, k], np.inf), one.seats)
        for k, one in enumerate(found)
        if can[:, k].any()
    ]
    ranked = rank_places(facts.seating, new, request.top)
    reach = {one.key: np.isfinite(one.walk_m) for one in new}
    return NextHosts(
        as_of=today,
        definition=DEFINITION,
        waiting=len(facts.waiting),
        without_seat=facts.seating.unseated,
        uncovered=sum(facts.states[row] is not Reach.FREE for row in facts.waiting),
        n_candidates=len(found),
        best=work.told(ranked, reach),
        in_turn=work.told(pick_in_turn(facts.seating, new, request.top), reach, is_in_turn=True),
    )


DEFINITION = (
    "还没有编组、可以就近参加的过渡期党员，按各人步行上限同时安排座位；逐一试设每幢有正式党员居住的楼（本人不愿在图上显示住处的不算）和每处候选场所，"
    "先比多坐下几人，再比步行总路程。只看座位和路程，不看组内人数和组长：设好后到“临时党小组”测算"
)


def _refuse(request: NextHostRequest) -> None:
    if not 1 <= request.top <= MOST_SHOWN:
        msg = f"列出几处请填 1 到 {MOST_SHOWN}"
        raise InputError(msg)
    if request.seats is not None and not 1 <= request.seats <= MOST_SEATS:
        msg = f"可容纳人数请填 1 到 {MOST_SEATS}"
        raise InputError(msg)


@dataclass(frozen=True, eq=False)
class _Work:
    """Turns gains into answers."""

    facts: CoverageFacts
    candidates: dict[str, _Candidate]

    def told(
        self, gains: Sequence[PlaceGain], reach: dict[str, np.ndarray], *, is_in_turn: bool = False
    ) -> tuple[NextHost, ...]:
        """Say what each brings: alone, or after those before it."""
        states = [self.facts.states[row] for row in self.facts.waiting]
        has_none = np.array([state is Reach.NONE for state in states], dtype=np.bool_)
        has_free = np.array([state is Reach.FREE for state in states], dtype=np.bool_)
        who = [MemberId(int(self.facts.members[row].id or 0)) for row in self.facts.waiting]
        found = []
        for gain in gains:
            one, near = self.candidates[gain.key], reach[gain.key]
            found.append(
                NextHost(
                    key=one.key,
                    label=one.label,
                    building_id=one.building_id,
                    lon=one.lon,
                    lat=one.lat,
                    seats=one.seats,
                    more_seated=gain.more_seated,
                    more_m=round(gain.more_m),
                    newly_reached=int((near & has_none).sum()),
                    fewer_uncovered=int((near & ~has_free).sum()),
                    hosts=one.hosts,
                    gained=tuple(who[row] for row in np.flatnonzero(near & ~has_free)),
                )
            )
            if is_in_turn:
                has_none, has_free = has_none & ~near, has_free | near
        return tuple(found)


def _homes(reader: Reader, facts: CoverageFacts, request: NextHostRequest) -> Iterator[_Candidate]:
    """Yield buildings where full members of the branches live who are not hosts already."""
    usual = facts.settings.host_capacity_max
    seats = usual if request.seats is None else min(request.seats, usual)
    ended = HostStatus.ENDED
    hosts = {one.member_id for one in reader.hosts(with_ended=True) if one.status is not ended}
    buildings = {one.id: one for one in reader.buildings()}
    at: dict[tuple[BuildingId, float, float], list[Member]] = defaultdict(list)
    for member in reader.members(request.branch_ids or None):
        home = member.residence
        if home is None or home.shape is None or home.building_id is None or member.id in hosts:
            continue
        if (
            member.is_full
            and member.restricted_on is None
            and member.map_precision in AT_HOME  # who keeps the home off the map will not open it to others
            and home.precision not in (Precision.QUEUE, Precision.OUTSIDE)
        ):
            shape, building = home.shape, buildings.get(home.building_id)
            if member.map_precision is not MapPrecision.EXACT and building is not None and building.shape is not None:
                shape = building.shape  # who allows the building is not drawn at the door
            point = shapely.from_wkb(shape).representative_point()
            at[home.building_id, point.x, point.y].append(member)
    for (number, lon, lat), members in sorted(at.items()):
        yield _Candidate(
            key=f"B{number}@{members[0].id}",
            label=buildings[number].label if number in buildings else "",
            building_id=number,
            lon=lon,
            lat=lat,
            seats=seats,
            is_step_free=request.is_step_free,
            hosts=tuple((MemberId(int(one.id or 0)), one.name) for one in members),
        )


def _venues(reader: Reader) -> Iterator[_Candidate]:
    for venue in reader.venues():
        place = venue_place(venue)
        if venue.kind is VenueKind.CANDIDATE and place is not None and place.capacity > 0:
            yield _Candidate(
                place.key, place.label, venue.building_id, place.lon, place.lat, place.capacity, place.is_step_free
            )
