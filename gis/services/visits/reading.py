"""What a round is planned from, read once: doors of who is due, or of the stops that there are, and the teams."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.model.visits import LeftOut, VisitTeam
from gis.planning.visits.timing import schedule
from gis.services.settings import office_settings
from gis.services.visits.doors import Door, DoorPlace, Homes, home_doors, service_minutes
from gis.services.visits.problem import VisitArrays, visit_arrays
from gis.services.visits.reasons import EXCLUDED, NO_PLACE, NO_SESSION_PLACE, SAYS
from gis.services.visits.request import shifts_of
from gis.services.visits.sessions import read_meetings, session_doors, stop_begins_at, with_teams
from gis.services.visits.travel import default_start

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gis.model.ids import BuildingId, MemberId, VenueId
    from gis.model.people import Member
    from gis.model.settings import OfficeSettings
    from gis.model.territory import Building
    from gis.model.visits import DueVisit, Shift, VisitStop
    from gis.services.visits.due import DueList
    from gis.services.visits.request import TeamRequest, VisitRequest
    from gis.services.visits.sessions import Meetings
    from gis.store.reader import Reader


@dataclass(frozen=True, eq=False)
class VisitRead:
    """The arrays of a request; `left_out` never become a job."""

    arrays: VisitArrays
    left_out: tuple[LeftOut, ...]
    org_name: str
    has_start: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What doors are made of."""

    homes: Homes
    meetings: Meetings
    options: OfficeSettings

    def doors(
        self, due: Sequence[DueVisit], must_with: Mapping[MemberId, int], material: str
    ) -> tuple[tuple[Door, ...], tuple[LeftOut, ...]]:
        """Gather who is due behind doors and at sessions; returns also who has no place to go to."""
        here = [one for one in due if one.member_id in self.homes.members]
        gone = [one for one in due if one.member_id not in self.homes.members]
        at_home = [one for one in here if one.group_id is None]
        in_group = [one for one in here if one.group_id is not None]
        doors, lost = home_doors(at_home, self.homes, self.options, must_with, material)
        members = self.homes.members
        sessions, unplaced = session_doors(in_group, members, self.meetings, self.options, material)
        left_out = (*_lost((*lost, *gone), NO_PLACE), *_lost(unplaced, NO_SESSION_PLACE))
        return (*doors, *(with_teams(one, must_with) for one in sessions)), left_out

    def door_of(
        self,
        stop: VisitStop,
        must_with: Mapping[MemberId, int],
        last_by: Mapping[MemberId, frozenset[str]],
        near: DoorPlace | None = None,
    ) -> Door | None:
        """Return the door of a stop as it is today; where its place is not known any more, as if it were at `near`."""
        here = [one for one in stop.targets if one.member_id in self.homes.members]
        is_group = stop.group_id is not None
        places = [self.homes.place(one.member_id) for one in here]
        known = [one for one in places if one is not None]
        place = self.meetings.place(stop.group_id, stop.session_id) if is_group else next(iter(known), None)
        if place is None:
            place = DoorPlace(near.lon, near.lat, is_exact=False) if near is not None else None
        if place is None:
            return None
        if not is_group:
            place = next((one for one in known if one.room), place)
        return Door(
            targets=stop.targets,
            place=place,
            service_min=service_minutes(place, len(stop.targets), self.options, is_group=is_group),
            branches=frozenset(self.homes.members[one.member_id].branch_id for one in here),
            window=stop.window,
            fixed_at=stop_begins_at(stop, self.meetings, self.options) if is_group else None,
            is_optional=stop.is_optional,
            last_by=frozenset(name for one in here for name in last_by.get(one.member_id, ())),
            teams=frozenset(must_with[one.member_id] for one in here if one.member_id in must_with),
            group_id=stop.group_id,
            session_id=stop.session_id,
            stop_id=stop.id,
            is_locked=stop.is_locked,
        )


def _lost(ones: Sequence[DueVisit], code: str) -> list[LeftOut]:
    return [LeftOut((one.member_id,), code, SAYS[code]) for one in ones]


def read_known(reader: Reader, options: OfficeSettings, member_ids: Collection[MemberId]) -> Known:
    """Read homes and meetings of the scope; household files of the members asked for."""
    members: dict[MemberId, Member] = {one.id: one for one in reader.members() if one.id is not None}
    buildings: dict[BuildingId, Building] = {one.id: one for one in reader.buildings() if one.id is not None}
    homes = Homes(members, buildings, reader.household_files(member_ids))
    return Known(homes, read_meetings(reader, buildings), options)


def read_request(reader: Reader, request: VisitRequest, due: DueList) -> VisitRead:
    """Read what a request is planned from."""
    options = office_settings(reader)
    wanted = [one for one in due.due if one.member_id not in request.exclude]
    excluded = [one.member_id for one in due.due if one.member_id in request.exclude]
    known = read_known(reader, options, [one.member_id for one in wanted])
    doors, nowhere = known.doors(wanted, request.must_with, request.material)
    start = default_start(reader, request.org_id, [one.place for one in doors])
    shifts = shifts_of(request.days, request.halves, options)
    teams = tuple(team_of(number, one, shifts, start) for number, one in enumerate(request.teams, start=1))
    arrays, nearer = _within_reach(reader, visit_arrays(reader, doors, teams, options), request)
    return VisitRead(
        arrays=arrays,
        left_out=(*due.left_out, *(LeftOut((one,), EXCLUDED, SAYS[EXCLUDED]) for one in excluded), *nowhere),
        org_name=next((org.name for org in reader.orgs() if org.id == request.org_id), ""),
        has_start=start is not None,
        warnings=(nearer,) if nearer else (),
    )


def _within_reach(reader: Reader, arrays: VisitArrays, request: VisitRequest) -> tuple[VisitArrays, str]:
    """Let teams for which no start was said begin at their first door, where the usual place is too far from some.

    Returns the arrays to plan with, and what was changed in a sentence, "" where nothing was.
    """
    far = unreachable(arrays)
    usual = [has_usual_start(one) for one in request.teams]
    if not far or not any(usual):
        return arrays, ""
    pairs = zip(arrays.teams, usual, strict=True)
    teams = [replace(one, start_venue_id=None, start_building_id=None) if is_usual else one for one, is_usual in pairs]
    asked = [tuple(arrays.asked[k] for k, key in enumerate(arrays.routes) if key.team == t) for t in range(len(teams))]
    given = [replace(one, shifts=asked[t]) for t, one in enumerate(teams)]
    nearer = visit_arrays(reader, arrays.doors, given, arrays.options)
    reached = len(far) - len(unreachable(nearer))
    if reached <= 0:
        return arrays, ""
    return nearer, f"从通常的出发地点走，有 {reached} 处半天之内来不及往返：没有写明出发地点的小组改为从第一户出发"


def unreachable(arrays: VisitArrays) -> list[int]:
    """Return the homes that some half-day is open to and none has time for, even alone."""
    found = []
    for job, door in enumerate(arrays.doors):
        if door.fixed_at is not None:
            continue
        open_routes = [k for k in range(len(arrays.routes)) if arrays.problem.allowed[job, k]]
        if open_routes and not any(schedule(arrays.problem, k, [job]).is_kept for k in open_routes):
            found.append(job)
    return found


def has_usual_start(asked: TeamRequest) -> bool:
    """Whether nothing was said of where a team sets out."""
    return asked.start_venue_id is None and asked.start_building_id is None and not asked.is_from_first_door


def team_of(number: int, asked: TeamRequest, shifts: tuple[Shift, ...], start: VenueId | None) -> VisitTeam:
    """Return a team as asked for, setting out from the usual place where nothing else is said."""
    return VisitTeam(
        number=number,
        visitors=asked.visitors,
        shifts=shifts if asked.shifts is None else asked.shifts,
        way=asked.way,
        start_venue_id=start if has_usual_start(asked) else asked.start_venue_id,
        start_building_id=asked.start_building_id,
        is_returning=asked.is_returning,
    )
