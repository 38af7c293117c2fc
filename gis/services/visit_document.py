"""A round of visits as a JSON document: what `jiujin plan visits` writes and `jiujin plan check` reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.enums import GroupKind
from gis.services.access import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, GroupId, HostId, MemberId, SessionId, VenueId
    from gis.model.meetings import Session
    from gis.model.people import Member, PartyGroup
    from gis.model.territory import Building
    from gis.model.visits import LeftOut, VisitRound, VisitStop, VisitTarget, VisitTeam
    from gis.store.database import Store
    from gis.store.reader import Reader

FORMAT = "jiujin-visits/1"
MINUTE = 60


def visit_document(actor: Actor, store: Store, planned: VisitRound, status: str) -> dict[str, object]:
    """Return a round as plain values, with everybody named: for planners only."""
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        names = _read_names(reader, planned)
        org = next((one.name for one in reader.orgs() if one.id == planned.org_id), "")
    return {
        "format": FORMAT,
        "status": status,
        "round": planned.id,
        "name": planned.name,
        "org_id": planned.org_id,
        "org": org,
        "first_day": planned.first_day.isoformat(),
        "last_day": planned.last_day.isoformat(),
        "data_version": planned.data_version,
        "request": dict(planned.options),
        "teams": [names.team(team) for team in planned.teams],
        "left_out": [names.left_out(one) for one in planned.left_out],
        "scores": dict(planned.scores),
    }


@dataclass(frozen=True)
class _Names:
    """What everything in a document is called."""

    members: Mapping[MemberId, Member]
    buildings: Mapping[BuildingId, Building]
    venues: Mapping[VenueId, str]
    hosts: Mapping[HostId, str]
    groups: Mapping[GroupId, PartyGroup]
    sessions: Mapping[SessionId, Session]

    def team(self, team: VisitTeam) -> dict[str, object]:
        """Return a team with its stops."""
        return {
            "number": team.number,
            "visitors": [one.name for one in team.visitors],
            "user_ids": [one.user_id for one in team.visitors],
            "way": team.way.value,
            "start": self._start(team),
            "start_venue": team.start_venue_id,
            "start_building": team.start_building_id,
            "returning": team.is_returning,
            "shifts": [
                {"day": one.day.isoformat(), "from_min": one.from_min, "to_min": one.to_min} for one in team.shifts
            ],
            "stops": [self._stop(one) for one in team.stops],
            "minutes": team_minutes(team),
        }

    def left_out(self, one: LeftOut) -> dict[str, object]:
        """Return somebody left out."""
        return {
            "who": "、".join(self._name(member) for member in one.member_ids),
            "member_ids": list(one.member_ids),
            "code": one.code,
            "reason": one.reason,
        }

    def _stop(self, stop: VisitStop) -> dict[str, object]:
        names = "、".join(self._name(one.member_id) for one in stop.targets)
        group = self.groups.get(stop.group_id) if stop.group_id is not None else None
        what = {"member": names} if stop.group_id is None else {"group": group.name if group is not None else names}
        return what | {
            "members": [self._target(one) for one in stop.targets],
            "place": self._place(stop),
            "shift": stop.shift,
            "position": stop.position,
            "arrive": stop.arrive.isoformat(),
            "leave": stop.leave.isoformat(),
            "travel_min": stop.travel_min,
            "walk_m": stop.walk_m,
            "service_min": stop.service_min,
            "estimated": stop.is_estimated,
            "locked": stop.is_locked,
            "optional": stop.is_optional,
            "window": list(stop.window) if stop.window is not None else None,
            "group_id": stop.group_id,
            "session_id": stop.session_id,
        }

    def _target(self, one: VisitTarget) -> dict[str, object]:
        return {
            "id": one.member_id,
            "name": self._name(one.member_id),
            "purposes": [purpose.label for purpose in one.purposes],
            "reasons": [{"kind": why.kind.value, "text": why.text} for why in one.reasons],
        }

    def _name(self, member_id: MemberId) -> str:
        member = self.members.get(member_id)
        return member.name if member is not None else f"党员 {member_id}"

    def _start(self, team: VisitTeam) -> str:
        if team.start_venue_id is not None:
            return self.venues.get(team.start_venue_id, "")
        building = self.buildings.get(team.start_building_id) if team.start_building_id is not None else None
        return building.label if building is not None else ""

    def _place(self, stop: VisitStop) -> str:
        if stop.group_id is not None:
            return self._meeting_place(stop)
        homes = [self.members[one.member_id].residence for one in stop.targets if one.member_id in self.members]
        home = next((one for one in homes if one is not None), None)
        if home is None:
            return ""
        building = self.buildings.get(home.building_id) if home.building_id is not None else None
        if building is None:
            return home.address
        unit = f"{home.unit_no}单元" if home.unit_no else ""
        return f"{building.label}{unit}{home.room_no and home.room_no + '室'}"

    def _meeting_place(self, stop: VisitStop) -> str:
        session = self.sessions.get(stop.session_id) if stop.session_id is not None else None
        group = self.groups.get(stop.group_id) if stop.group_id is not None else None
        for one in (session, group):
            if one is not None and one.host_id in self.hosts:
                return self.hosts[one.host_id]
            if one is not None and one.venue_id in self.venues:
                return self.venues[one.venue_id]  # type: ignore[index]  # a group's venue is a plain number
        return ""


def team_minutes(team: VisitTeam) -> int:
    """Return the minutes of a team from its first setting out to its last leaving, half-day by half-day.

    The way out to the first stop counts, the way back does not: it is no stop. `scores` have it.
    """
    total = 0.0
    for shift in {stop.shift for stop in team.stops}:
        stops = [stop for stop in team.stops if stop.shift == shift]
        total += (stops[-1].leave - stops[0].arrive).total_seconds() / MINUTE + stops[0].travel_min
    return round(total)


def _read_names(reader: Reader, planned: VisitRound) -> _Names:
    stops = [stop for team in planned.teams for stop in team.stops]
    asked = {one.member_id for stop in stops for one in stop.targets}
    asked.update(member for one in planned.left_out for member in one.member_ids)
    groups: dict[GroupId, PartyGroup] = {}
    for group in reader.groups_in_force(kinds=tuple(GroupKind)):
        groups[group.id] = group  # type: ignore[index]  # a plain number in the model of groups
    return _Names(
        members={one.id: one for one in reader.members(include_left=True) if one.id in asked},
        buildings={one.id: one for one in reader.buildings() if one.id is not None},
        venues={one.id: one.name for one in reader.venues() if one.id is not None},
        hosts={
            one.id: f"{one.name}家" if one.name else "党员中心户"
            for one in reader.hosts(with_ended=True)
            if one.id is not None
        },
        groups=groups,
        sessions={one.id: one for one in reader.sessions() if one.id is not None},
    )
