"""How a change by hand is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.services.visits.editing import AddMember, ChangeStart, DropStop, LockStop, MoveStop, SetVisitors
from gis.ui.visits.moving import place_in

if TYPE_CHECKING:
    from gis.model.ids import StopId
    from gis.model.visits import VisitTeam
    from gis.services.visits.editing import VisitEdit
    from gis.services.visits.views import RoundView, StopView, TeamView


def inverse(view: RoundView, edit: VisitEdit) -> VisitEdit | None:
    """Return the edit that undoes `edit` on the round as it was (`view`); None where one edit cannot."""
    if isinstance(edit, MoveStop | LockStop | DropStop):
        found = _stop(view, edit.stop_id)
        return None if found is None else _of_stop(edit, *found)
    if isinstance(edit, AddMember):
        return None  # the stop has no number before it is saved
    team = next((one.team for one in view.teams if one.team.number == edit.team_number), None)
    return None if team is None else _of_team(edit, team)


def _of_stop(edit: MoveStop | LockStop | DropStop, team: TeamView, stop: StopView) -> VisitEdit | None:
    if isinstance(edit, MoveStop):
        return MoveStop(edit.stop_id, team.team.number, place_in(team, stop), stop.stop.shift)
    if isinstance(edit, LockStop):
        return LockStop(edit.stop_id, is_locked=not edit.is_locked)
    # Several members behind one door come back one by one
    return AddMember(stop.targets[0].target.member_id, team.team.number) if len(stop.targets) == 1 else None


def _of_team(edit: SetVisitors | ChangeStart, team: VisitTeam) -> VisitEdit:
    if isinstance(edit, SetVisitors):
        return SetVisitors(team.number, team.visitors)
    return ChangeStart(team.number, team.start_venue_id, team.start_building_id, is_returning=team.is_returning)


def _stop(view: RoundView, stop_id: StopId) -> tuple[TeamView, StopView] | None:
    return next(((team, stop) for team in view.teams for stop in team.stops if stop.stop.id == stop_id), None)
