"""A round of visits as a JSON document: what `jiujin plan visits` writes and `jiujin plan check` reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require
from gis.services.visits.places import read_places
from gis.services.visits.request import unnamed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.model.ids import MemberId
    from gis.model.visits import LeftOut, VisitRound, VisitStop, VisitTarget, VisitTeam
    from gis.services.visits.places import Places
    from gis.store.database import Store

FORMAT = "jiujin-visits/1"


def visit_document(actor: Actor, store: Store, planned: VisitRound, status: str) -> dict[str, object]:
    """Return a round as plain values, with everybody named: for planners only."""
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        written = _Written(read_places(reader, [planned]), planned.scores)
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
        "teams": [written.team(team) for team in planned.teams],
        "left_out": [written.left_out(one) for one in planned.left_out],
        "scores": dict(planned.scores),
    }


@dataclass(frozen=True)
class _Written:
    """What everything in a document is called."""

    places: Places
    scores: Mapping[str, object]

    def team(self, team: VisitTeam) -> dict[str, object]:
        """Return a team with its stops."""
        visitors = team.visitors or (unnamed(team.number),)
        figures = self.scores.get("teams")
        mine = [one for one in figures if one["number"] == team.number] if isinstance(figures, list) else []
        return {
            "number": team.number,
            "visitors": [one.name for one in visitors],
            "user_ids": [one.user_id for one in visitors],
            "way": team.way.value,
            "start": self.places.start(team)[0],
            "start_venue": team.start_venue_id,
            "start_building": team.start_building_id,
            "returning": team.is_returning,
            "shifts": [
                {"day": one.day.isoformat(), "from_min": one.from_min, "to_min": one.to_min} for one in team.shifts
            ],
            "stops": [self._stop(one) for one in team.stops],
            "minutes": mine[0]["minutes"] if mine else 0,
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
        place = self.places.of_stop(stop)
        return {
            "member" if stop.group_id is None else "group": place.title,
            "members": [self._target(one) for one in stop.targets],
            "place": place.place,
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
        member = self.places.members.get(member_id)
        return member.name if member is not None else f"党员 {member_id}"
