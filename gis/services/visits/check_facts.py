"""What the database says today about a round of visits: the ground on which its document is checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import shapely

from gis.errors import InputError
from gis.model.access import Action
from gis.model.ids import MemberId, OrgId
from gis.model.visits import DueKind
from gis.services.access import require, require_orgs
from gis.services.settings import office_settings
from gis.services.territory_sides import territory_of
from gis.services.visits.check_walks import Ways, measure_ways
from gis.services.visits.doors import Homes
from gis.services.visits.due import DueRequest, list_due
from gis.services.visits.rights import read_accounts
from gis.services.visits.sessions import read_meetings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.people import Member
    from gis.model.settings import OfficeSettings
    from gis.model.visits import DueVisit
    from gis.services.visits.check_reading import SaidRound, SaidStop, SaidTeam
    from gis.services.visits.check_walks import LonLat
    from gis.services.visits.doors import DoorPlace
    from gis.services.visits.rights import Accounts
    from gis.services.visits.sessions import Meetings
    from gis.store.database import Store
    from gis.store.reader import Reader

MINUTE = 60


@dataclass(frozen=True)
class VisitFacts:
    """What is true today.

    `below` are the organisation and all under it. `due` is by member, `barred` the code of who is due but cannot be
    planned; `is_today`: the document was made today, so that its list can be compared. `starts` are by team number.
    """

    options: OfficeSettings
    below: frozenset[OrgId]
    org_name: str | None
    homes: Homes
    meetings: Meetings
    due: Mapping[int, DueVisit]
    barred: Mapping[int, str]
    windows: Mapping[int, tuple[int, int]]
    accounts: Accounts
    starts: Mapping[int, LonLat | None]
    ways: Ways
    is_today: bool

    def member(self, number: int) -> Member | None:
        """Return a member of the scope."""
        return self.homes.members.get(MemberId(number))

    def place(self, stop: SaidStop) -> DoorPlace | None:
        """Return where a stop is."""
        return place_of(self.homes, self.meetings, stop)

    def lonlat(self, stop: SaidStop) -> LonLat | None:
        """Return the degrees of a stop."""
        place = self.place(stop)
        return None if place is None else (place.lon, place.lat)

    def window(self, members: tuple[int, ...]) -> tuple[int, int] | None:
        """Return the time that suits all of them; None: any."""
        own = [self.windows[one] for one in members if one in self.windows]
        return (max(one[0] for one in own), min(one[1] for one in own)) if own else None

    def begins_at(self, stop: SaidStop) -> datetime | None:
        """Return when the session of a stop begins: as planned, or the fixed study day at its usual hour."""
        session = next((one for number, one in self.meetings.sessions.items() if number == stop.session_id), None)
        if session is not None:
            return session.planned_at
        for member in stop.members:
            due = self.due.get(member)
            for why in due.reasons if due is not None else ():
                if why.kind is DueKind.GROUP_SESSION and why.due_on is not None:
                    return datetime.combine(why.due_on, time(self.options.session_hour))
        return None

    def service_min(self, members: tuple[int, ...], place: DoorPlace, *, is_group: bool) -> float:
        """Return how long a visit takes, stairs up and down included."""
        options = self.options
        floors = 0 if place.has_lift or place.floor is None else max(place.floor - 1, 0)
        visit = options.visit_minutes + options.visit_extra_minutes * (len(members) - 1)
        return (options.visit_group_minutes if is_group else visit) + 2 * floors * options.visit_floor_min

    def travel_s(self, way: str, metres: float) -> int:
        """Return the seconds that a way takes; two points within a centimetre are one."""
        options = self.options
        km_h, park_min = {
            "ebike": (options.visit_ebike_km_h, options.visit_ebike_park_min),
            "car": (options.visit_car_km_h, options.visit_car_park_min),
        }.get(way, (options.visit_walk_m_s * 3.6, 0.0))
        return 0 if metres <= 0.01 else round(metres / (km_h / 3.6)) + round(park_min * MINUTE)  # noqa: PLR2004  # a centimetre


def place_of(homes: Homes, meetings: Meetings, stop: SaidStop) -> DoorPlace | None:
    """Return where a stop is: the group's place, or the home, of several members that with a room number."""
    if stop.group_id is not None:
        session = next((number for number in meetings.sessions if number == stop.session_id), None)
        group = next((number for number in meetings.groups if number == stop.group_id), None)
        return meetings.place(group, session)
    known = [homes.place(MemberId(one)) for one in stop.members if MemberId(one) in homes.members]
    places = [one for one in known if one is not None]
    return next((one for one in places if one.room), places[0] if places else None)


def read_visit_facts(actor: Actor, store: Store, said: SaidRound) -> VisitFacts:
    """Read what a document is checked against.

    Raises
    ------
    DeniedError
        The role may not see the members, or the organisation lies outside the scope.
    """
    require(actor, Action.PLAN_VISITS)
    org_id, request = OrgId(said.org_id), said.request
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [org_id] if any(one.id == org_id for one in reader.orgs()) else [])
        org_name = next((one.name for one in reader.orgs() if one.id == org_id), None)
        here = {one.id for one in reader.members(include_left=True)}
    kinds = None
    if request.kinds is not None:
        kinds = tuple(kind for kind in DueKind if kind.value in request.kinds)
    asked = tuple(MemberId(one) for one in request.member_ids if one in here)
    if org_name is None:
        msg = f"没有编号为 {said.org_id} 的组织，或不在管理范围内"
        raise InputError(msg)
    due = list_due(actor, store, DueRequest(org_id, said.first_day, said.last_day, kinds, request.everyone, asked))
    with store.reading(actor.scope) as reader:
        return _facts(
            reader,
            said,
            org_name,
            {int(one.member_id): one for one in due.due},
            {int(number): one.code for one in due.left_out for number in one.member_ids},
            is_today=request.as_of in ("", due.as_of.isoformat()),
        )


def _facts(
    reader: Reader,
    said: SaidRound,
    org_name: str,
    due: Mapping[int, DueVisit],
    barred: Mapping[int, str],
    *,
    is_today: bool,
) -> VisitFacts:
    options = office_settings(reader)
    members = {one.id: one for one in reader.members(include_left=True) if one.id is not None}
    buildings = {one.id: one for one in reader.buildings() if one.id is not None}
    homes = Homes(members, buildings, reader.household_files())
    meetings = read_meetings(reader, buildings)
    starts = _starts(reader, homes, said.teams)
    places = [place_of(homes, meetings, stop) for _, stop in said.stops]
    points = [(one.lon, one.lat) for one in places if one is not None]
    left = [homes.place(MemberId(one)) for left in said.left_out for one in left.members if MemberId(one) in members]
    groups = [meetings.place(one.group_id, one.session_id) for one in due.values() if one.group_id is not None]
    points += [(one.lon, one.lat) for one in (*left, *groups) if one is not None]
    return VisitFacts(
        options=options,
        below=territory_of(reader).subtree(OrgId(said.org_id)),
        org_name=org_name,
        homes=homes,
        meetings=meetings,
        due=due,
        barred=barred,
        windows=_windows(reader),
        accounts=read_accounts(reader),
        starts=starts,
        ways=measure_ways(
            reader, [*points, *(one for one in starts.values() if one is not None)], options.straight_detour_near
        ),
        is_today=is_today,
    )


def _windows(reader: Reader) -> dict[int, tuple[int, int]]:
    return {
        int(member): (card.visit_from_min, card.visit_to_min)
        for member, card in reader.cards().items()
        if card.visit_from_min is not None and card.visit_to_min is not None
    }


def _starts(reader: Reader, homes: Homes, teams: tuple[SaidTeam, ...]) -> dict[int, LonLat | None]:
    venues = {one.id: one.shape for one in reader.venues()}
    found: dict[int, LonLat | None] = {}
    for team in teams:
        shape = next((at for number, at in venues.items() if number == team.start_venue), None)
        if shape is None:
            shape = next((one.shape for number, one in homes.buildings.items() if number == team.start_building), None)
        point = shapely.from_wkb(shape).representative_point() if shape is not None else None
        found[team.number] = None if point is None else (point.x, point.y)
    return found


def days_of(said: SaidRound) -> frozenset[date]:
    """Return the days that were asked for."""
    return frozenset(said.request.days)
