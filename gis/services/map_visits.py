"""走访 on the map: the planned routes of one day and what came of each stop, as far as the actor may see them.

Planned routes and results entered by hand only: nobody's position is known (domain.md 2B). Planners see the rounds of
their scope, without units and rooms and without the places of those who do not want to be on the map; whoever goes in
a team sees that team as it stands on the list that it carries. Roles that only count have no part in visits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.enums import MapPrecision
from gis.model.visits import RoundState
from gis.services.access import require
from gis.services.settings import office_settings
from gis.services.visits.listing import is_group
from gis.services.visits.opening import opened_round, read_known
from gis.services.visits.paths import team_paths
from gis.services.visits.views import A_YEAR, carried, plans_round

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.model.visits import VisitRound
    from gis.services.visits.opening import Known
    from gis.services.visits.paths import RouteLeg
    from gis.services.visits.view_model import RoundView, StopView, TeamView
    from gis.store.database import Store
    from gis.store.reader import Reader

#: States of a stop beside the results of a visit
WAITING, MIXED, CONFLICT = "waiting", "mixed", "conflict"
SHOWN = (RoundState.ISSUED, RoundState.CLOSED)
ON_MAP = (MapPrecision.EXACT, MapPrecision.BUILDING)
NOT_ON_MAP = "按本人意愿不在图上标出"


@dataclass(frozen=True, slots=True)
class DayTeam:
    """One team on one day: only the stops of that day, with the ways between them.

    `is_own`: the actor goes in it, and sees what stands on its list.
    """

    round: VisitRound
    org: str
    team: TeamView
    legs: tuple[RouteLeg, ...]
    is_own: bool

    @property
    def n_done(self) -> int:
        """Stops at which everybody has a result."""
        return sum(stop.n_done == len(stop.targets) for stop in self.team.stops)


@dataclass(frozen=True, slots=True)
class VisitDay:
    """The visits of one day; `is_past` for a day before today."""

    day: date
    today: date
    teams: tuple[DayTeam, ...]

    @property
    def is_past(self) -> bool:
        """Whether the day is over."""
        return self.day < self.today

    @property
    def n_stops(self) -> int:
        """All stops of the day."""
        return sum(len(one.team.stops) for one in self.teams)

    @property
    def n_done(self) -> int:
        """Stops at which everybody has a result."""
        return sum(one.n_done for one in self.teams)

    @property
    def n_without_place(self) -> int:
        """Stops that the map does not show."""
        return sum(stop.lonlat is None for one in self.teams for stop in one.team.stops)


def visit_days(actor: Actor, store: Store) -> Mapping[date, int]:
    """Count the stops of each day of the past year and ahead that has any, in the order of the days.

    Raises
    ------
    DeniedError
        The role has no part in visits.
    """
    require(actor, Action.MAKE_VISITS)
    today = store.today()
    counts: dict[date, int] = {}
    with store.reading(actor.scope) as reader:
        seen = set()
        if actor.may(Action.PLAN_VISITS):
            planned = reader.visit_stop_days(today - A_YEAR, SHOWN)
            seen = {number for number, _ in planned}
            for (_, day), many in planned.items():
                counts[day] = counts.get(day, 0) + many
        for one in _own_rounds(reader, actor, today):
            if one.id not in seen:
                for day in (stop.arrive.date() for team in one.teams for stop in team.stops):
                    counts[day] = counts.get(day, 0) + 1
    return dict(sorted(counts.items()))


def visits_of_day(actor: Actor, store: Store, day: date) -> VisitDay:
    """Return the teams that go on a day, in the order of their rounds.

    Raises
    ------
    DeniedError
        The role has no part in visits.
    """
    require(actor, Action.MAKE_VISITS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        rounds = _rounds_of(reader, actor, day, today)
        known = read_known(reader, rounds, today) if rounds else None
        found = [
            one for visit_round in rounds if known is not None for one in _teams_of(reader, actor, visit_round, known)
        ]
    teams = (replace(one, team=_on_day(one.team, day)) for one in found)
    return VisitDay(
        day, today, tuple(replace(one, legs=team_paths(actor, store, one.team)) for one in teams if one.team.stops)
    )


def state_of(stop: StopView) -> str:
    """Say how far a stop has come: WAITING, MIXED, CONFLICT, or the code of the result that all behind it have."""
    if any(one.n_conflicts for one in stop.targets):
        return CONFLICT
    results = {one.result.result if one.result is not None else None for one in stop.targets}
    if results == {None} or not results:
        return WAITING
    (first, *others) = results
    return MIXED if others or first is None else first.value


def _own_rounds(reader: Reader, actor: Actor, today: date) -> Sequence[VisitRound]:
    """List the issued rounds in which the actor goes with only those teams, over no longer than sheets hold."""
    if actor.user_id is None:
        return ()
    return reader.my_visit_rounds(actor.user_id, today - timedelta(days=office_settings(reader).visit_sheet_days))


def _rounds_of(reader: Reader, actor: Actor, day: date, today: date) -> list[VisitRound]:
    """List the rounds of a day: for planners the whole ones of their scope, then those in which they go."""
    found: dict[RoundId | None, VisitRound] = {}
    if actor.may(Action.PLAN_VISITS):
        for one in reader.visit_rounds(since=day, until=day):
            whole = reader.visit_round(one.id) if one.id is not None and one.state in SHOWN else None
            if whole is not None:
                found[whole.id] = whole
    for one in _own_rounds(reader, actor, today):
        if one.id not in found and one.first_day <= day <= one.last_day:
            found[one.id] = one
    return sorted(found.values(), key=lambda one: (one.first_day, one.id or 0))


def _teams_of(reader: Reader, actor: Actor, one: VisitRound, known: Known) -> Iterator[DayTeam]:
    view = opened_round(reader, actor, one, known, is_planner=plans_round(reader, actor, one))
    for team in view.teams:
        is_own = actor.user_id is not None and any(who.user_id == actor.user_id for who in team.team.visitors)
        yield _day_team(view, carried(team) if is_own else _discreet(team, known), is_own=is_own)


def _day_team(view: RoundView, team: TeamView, *, is_own: bool) -> DayTeam:
    return DayTeam(view.round, view.org, team, (), is_own)


def _on_day(team: TeamView, day: date) -> TeamView:
    return replace(team, stops=tuple(stop for stop in team.stops if stop.stop.arrive.date() == day))


def _discreet(team: TeamView, known: Known) -> TeamView:
    """Return a team as those see it who do not go: no telephone, unit or room, no place that is not to be shown."""
    return replace(team, stops=tuple(_without_room(stop, known) for stop in team.stops))


def _without_room(stop: StopView, known: Known) -> StopView:
    targets = tuple(replace(one, phone="", team_phone="") for one in stop.targets)
    if is_group(stop) or not any(one.is_open for one in targets):
        return replace(stop, targets=targets)
    members = (known.places.members.get(one.target.member_id) for one in targets)
    if not all(one is not None and one.map_precision in ON_MAP for one in members):
        return replace(stop, targets=targets, unit="", room="", floor=None, place=NOT_ON_MAP, lonlat=None)
    place = f"{stop.estate} {stop.building}".strip()
    return replace(stop, targets=targets, unit="", room="", floor=None, place=place or "地点已登记")
