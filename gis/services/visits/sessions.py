"""Group sessions as stops: where and when a study group meets, and who of it is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

import shapely

from gis.model.enums import GroupKind
from gis.model.visits import DueKind
from gis.services.visits.doors import Door, DoorPlace, lift_of, service_minutes, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.ids import BuildingId, GroupId, HostId, MemberId, SessionId, VenueId
    from gis.model.meetings import Session
    from gis.model.people import Member, PartyGroup
    from gis.model.settings import OfficeSettings
    from gis.model.territory import Building, HostHousehold, Venue
    from gis.model.visits import DueVisit, VisitStop
    from gis.store.reader import Reader


@dataclass(frozen=True)
class Meetings:
    """Where groups meet: groups and sessions of the scope, and the places."""

    groups: Mapping[GroupId, PartyGroup]
    sessions: Mapping[SessionId, Session]
    venues: Mapping[VenueId, Venue]
    hosts: Mapping[HostId, HostHousehold]
    buildings: Mapping[BuildingId, Building]

    def place(self, group_id: GroupId | None, session_id: SessionId | None) -> DoorPlace | None:
        """Return where the session is held: as it says, else where the group meets; None: that is not known."""
        session = self.sessions.get(session_id) if session_id is not None else None
        group = self.groups.get(group_id) if group_id is not None else None
        for one in (session, group):
            host = self.hosts.get(one.host_id) if one is not None and one.host_id is not None else None
            venue = self.venues.get(one.venue_id) if one is not None and one.venue_id is not None else None  # type: ignore[call-overload]  # a group's venue is a plain number
            found = self._at(host or venue)
            if found is not None:
                return found
        return None

    def begins_at(self, one: DueVisit, options: OfficeSettings) -> datetime | None:
        """Return when it begins, local: of a session as planned, of a fixed study day at the usual hour."""
        session = self.sessions.get(one.session_id) if one.session_id is not None else None
        if session is not None:
            return session.planned_at
        day = next((why.due_on for why in one.reasons if why.kind is DueKind.GROUP_SESSION and why.due_on), None)
        return None if day is None else datetime.combine(day, time(options.session_hour))

    def _at(self, place: HostHousehold | Venue | None) -> DoorPlace | None:
        if place is None or place.shape is None:
            return None
        point = shapely.from_wkb(place.shape).representative_point()
        building = self.buildings.get(place.building_id) if place.building_id is not None else None
        own = getattr(place, "has_lift", None)
        return DoorPlace(
            lon=point.x,
            lat=point.y,
            building_id=place.building_id,
            floor=place.floor,
            has_lift=own if own is not None else lift_of(None, building),
        )


def read_meetings(reader: Reader, buildings: Mapping[BuildingId, Building]) -> Meetings:
    """Read the groups, sessions and places of the scope."""
    groups: dict[GroupId, PartyGroup] = {}
    for group in reader.groups_in_force(kinds=tuple(GroupKind)):
        groups[group.id] = group  # type: ignore[index]  # a plain number in the model of groups
    return Meetings(
        groups=groups,
        sessions={one.id: one for one in reader.sessions() if one.id is not None},
        venues={one.id: one for one in reader.venues() if one.id is not None},
        hosts={one.id: one for one in reader.hosts(with_ended=True) if one.id is not None},
        buildings=buildings,
    )


def session_doors(
    due: Sequence[DueVisit],
    members: Mapping[MemberId, Member],
    meetings: Meetings,
    options: OfficeSettings,
    material: str = "",
) -> tuple[tuple[Door, ...], tuple[DueVisit, ...]]:
    """Make one stop of each session, with all who are due there; also returns who meets at no known place or time."""
    together: dict[tuple[GroupId | None, SessionId | None], list[DueVisit]] = {}
    for one in due:
        together.setdefault((one.group_id, one.session_id), []).append(one)
    doors, lost = [], []
    for (group_id, session_id), ones in together.items():
        place, begin = meetings.place(group_id, session_id), meetings.begins_at(ones[0], options)
        if place is None or begin is None:
            lost += ones
            continue
        first = Door(
            targets=tuple(target_of(one, material) for one in sorted(ones, key=lambda one: one.member_id)),
            place=place,
            service_min=service_minutes(place, len(ones), options, is_group=True),
            branches=frozenset(members[one.member_id].branch_id for one in ones),
            fixed_at=begin,
            is_optional=all(one.is_optional for one in ones),
            overdue_days=max(one.overdue_days for one in ones),
            last_by=frozenset(name for one in ones for name in one.last_by),
            group_id=group_id,
            session_id=session_id,
        )
        doors.append(first)
    return tuple(doors), tuple(lost)


def with_teams(door: Door, must_with: Mapping[MemberId, int]) -> Door:
    """Bind a group stop to the teams that were named for its members."""
    return replace(door, teams=frozenset(must_with[one] for one in door.member_ids if one in must_with))


def stop_begins_at(stop: VisitStop, meetings: Meetings, options: OfficeSettings) -> datetime | None:
    """Return when the session of a planned stop begins: as it stands today, else as it was planned."""
    session = meetings.sessions.get(stop.session_id) if stop.session_id is not None else None
    if session is not None:
        return session.planned_at
    found = (why.due_on for one in stop.targets for why in one.reasons if why.kind is DueKind.GROUP_SESSION)
    day = next((one for one in found if one), None)
    return stop.arrive if day is None else datetime.combine(day, time(options.session_hour))
