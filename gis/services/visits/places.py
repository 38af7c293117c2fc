"""Where the stops and starts of a round are, in words and in degrees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from gis.model.visits import NO_START
from gis.services.visits.doors import floor_of, lift_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.contact import HouseholdFile
    from gis.model.ids import BuildingId, GroupId, HostId, MemberId, SessionId, VenueId
    from gis.model.meetings import Session
    from gis.model.people import Member, PartyGroup
    from gis.model.territory import Building, HostHousehold, Venue
    from gis.model.visits import VisitRound, VisitStop, VisitTeam
    from gis.store.reader import Reader

LonLat = tuple[float, float]
MOST_NAMED = 3  # names in a title


@dataclass(frozen=True, slots=True)
class StopPlace:
    """Where one stop is; the fields are those of `StopView`."""

    title: str
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    floor: int | None = None
    has_lift: bool | None = None
    place: str = ""
    lonlat: LonLat | None = None


@dataclass(frozen=True)
class Places:
    """What the stops of some rounds need: members, files, buildings, and where groups meet."""

    members: Mapping[MemberId, Member]
    files: Mapping[MemberId, HouseholdFile]
    buildings: Mapping[BuildingId, Building]
    venues: Mapping[VenueId, Venue]
    hosts: Mapping[HostId, HostHousehold]
    groups: Mapping[GroupId, PartyGroup]
    sessions: Mapping[SessionId, Session]

    def name(self, member_id: MemberId) -> str:
        """Name a member of the scope, "" for others."""
        member = self.members.get(member_id)
        return member.name if member is not None else ""

    def of_stop(self, stop: VisitStop) -> StopPlace:
        """Say where a stop is."""
        return self._group(stop) if stop.group_id is not None or stop.session_id is not None else self._door(stop)

    def start(self, team: VisitTeam) -> tuple[str, LonLat | None]:
        """Say where a team sets out."""
        venue = self.venues.get(team.start_venue_id) if team.start_venue_id is not None else None
        if venue is not None:
            return venue.name, lonlat_of(venue.shape)
        building = self.buildings.get(team.start_building_id) if team.start_building_id is not None else None
        if building is not None:
            return building.label, lonlat_of(building.shape)
        return NO_START, None

    def _door(self, stop: VisitStop) -> StopPlace:
        there = [self.members[one.member_id] for one in stop.targets if one.member_id in self.members]
        names = [one.name for one in there]
        title = "、".join(names[:MOST_NAMED]) + (f"等 {len(names)} 人" if len(names) > MOST_NAMED else "")
        homes = [one for one in there if one.residence is not None]
        best = next((one for one in homes if one.residence and one.residence.room_no), homes[0] if homes else None)
        if best is None or best.residence is None or best.id is None:
            return StopPlace(title)
        home, file = best.residence, self.files.get(best.id)
        building = self.buildings.get(home.building_id) if home.building_id is not None else None
        if building is None:
            return StopPlace(title, place=home.address, lonlat=lonlat_of(home.shape))
        unit, room = home.unit_no.strip(), home.room_no.strip()
        return StopPlace(
            title=title,
            estate=building.estate,
            building=building.label.removeprefix(building.estate).strip(),
            unit=unit,
            room=room,
            floor=floor_of(room, file, building),
            has_lift=lift_of(file, building),
            place=" ".join(part for part in (building.label, said(unit, "单元"), said(room, "室")) if part),
            lonlat=lonlat_of(building.shape) or lonlat_of(home.shape),
        )

    def _group(self, stop: VisitStop) -> StopPlace:
        group = self.groups.get(stop.group_id) if stop.group_id is not None else None
        session = self.sessions.get(stop.session_id) if stop.session_id is not None else None
        found = StopPlace(
            title=group.name if group is not None else session.theme if session is not None else "小组学习"
        )
        for one in (session, group):
            host = self.hosts.get(one.host_id) if one is not None and one.host_id is not None else None
            venue = self.venues.get(one.venue_id) if one is not None and one.venue_id is not None else None  # type: ignore[call-overload]  # a group's venue is a plain number
            if host is not None:
                name = f"{host.name}家（党员中心户）" if host.name else "党员中心户"
                return self._at(found, host, name)
            if venue is not None:
                return self._at(found, venue, venue.name)
        return found

    def _at(self, found: StopPlace, at: HostHousehold | Venue, name: str) -> StopPlace:
        building = self.buildings.get(at.building_id) if at.building_id is not None else None
        label = building.label if building is not None else getattr(at, "address", "")
        own = getattr(at, "has_lift", None)
        return replace(
            found,
            estate=building.estate if building is not None else "",
            building=building.label.removeprefix(building.estate).strip() if building is not None else "",
            floor=at.floor,
            has_lift=own if own is not None or building is None else lift_of(None, building),
            place=f"{label} {name}".strip(),
            lonlat=lonlat_of(at.shape) or lonlat_of(building.shape if building is not None else None),
        )


def read_places(reader: Reader, rounds: Sequence[VisitRound]) -> Places:
    """Read what the stops of these rounds need, in a fixed number of queries."""
    stops = [stop for one in rounds for team in one.teams for stop in team.stops]
    ids = {target.member_id for stop in stops for target in stop.targets}
    ids |= {member for one in rounds for left in one.left_out for member in left.member_ids}
    members = reader.visit_members(ids)
    meets = any(stop.group_id is not None or stop.session_id is not None for stop in stops)
    starts = any(team.start_venue_id is not None for one in rounds for team in one.teams)
    venues = reader.venues() if meets or starts else ()
    hosts = reader.hosts(with_ended=True) if meets else ()
    wanted = {one.residence.building_id for one in members.values() if one.residence is not None}
    wanted |= {team.start_building_id for one in rounds for team in one.teams}
    wanted |= {venue.building_id for venue in venues} | {host.building_id for host in hosts}
    return Places(
        members=members,
        files=reader.household_files(ids) if ids else {},
        buildings=reader.visit_buildings({one for one in wanted if one is not None}),
        venues={one.id: one for one in venues if one.id is not None},
        hosts={one.id: one for one in hosts if one.id is not None},
        groups={one.id: one for one in reader.meeting_groups()} if meets else {},  # type: ignore[misc]  # a plain number in the model of groups
        sessions=_sessions(reader, rounds) if meets else {},
    )


def _sessions(reader: Reader, rounds: Sequence[VisitRound]) -> dict[SessionId, Session]:
    first = min(one.first_day for one in rounds)
    last = max(one.last_day for one in rounds)
    found = reader.sessions(since=first, until=last, with_cancelled=True)
    return {one.id: one for one in found if one.id is not None}


def lonlat_of(shape: bytes | None) -> LonLat | None:
    """Return a point inside a shape in degrees, None for no shape."""
    point = shapely.from_wkb(shape).representative_point() if shape is not None else None
    return (point.x, point.y) if point is not None and not point.is_empty else None


def said(number: str, word: str) -> str:
    """Say a unit or room: `2` → `2单元`, `甲` → `甲单元`; what already says so stays."""
    return f"{number}{word}" if number and number[-1:] not in "元门梯座栋室号房" else number
