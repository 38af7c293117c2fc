"""A saved round taken apart for changes by hand: doors in routes, put together again with all times anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError, StaleError
from gis.model.visits import ResultState, RoundState, Shift
from gis.services.settings import office_settings
from gis.services.visits.problem import VisitArrays, visit_arrays
from gis.services.visits.reading import Known, read_known
from gis.services.visits.request import HalfDay
from gis.services.visits.timetable import planned_teams, scores_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.model.ids import MemberId, RoundId, StopId
    from gis.model.settings import OfficeSettings
    from gis.model.visits import LeftOut, VisitRound, VisitTeam
    from gis.services.visits.doors import Door
    from gis.store.reader import Reader

#: A route of a draft: number of the team, and which of its half-days
Key = tuple[int, int]


@dataclass(frozen=True)
class Draft:
    """A round in parts; `routes` hold the doors of each half-day in order, `teams` no stops."""

    round: VisitRound
    teams: tuple[VisitTeam, ...]
    routes: Mapping[Key, tuple[Door, ...]]
    left_out: tuple[LeftOut, ...]

    def team(self, number: int) -> VisitTeam:
        """Return a team by its number; raises NotFoundError."""
        found = next((one for one in self.teams if one.number == number), None)
        if found is None:
            msg = f"没有第 {number} 组，请刷新后重新选择"
            raise NotFoundError(msg)
        return found

    def find(self, stop_id: StopId) -> tuple[Key, int]:
        """Return the route of a stop and its place in it; raises NotFoundError."""
        for key, doors in self.routes.items():
            for at, door in enumerate(doors):
                if door.stop_id == stop_id:
                    return key, at
        msg = "这一处已不在这批走访里，请刷新后重新选择"
        raise NotFoundError(msg)

    def with_route(self, key: Key, doors: Sequence[Door]) -> Draft:
        """Return the draft with other doors in a route."""
        return replace(self, routes={**self.routes, key: tuple(doors)})

    def with_team(self, team: VisitTeam) -> Draft:
        """Return the draft with a team changed."""
        return replace(self, teams=tuple(team if one.number == team.number else one for one in self.teams))


@dataclass(frozen=True)
class Opened:
    """A round open for changes.

    `done` are the stops for which a result has come in. `seen` names members.
    """

    draft: Draft
    known: Known
    options: OfficeSettings
    must_with: Mapping[MemberId, int]
    done: frozenset[StopId]

    def name(self, door: Door) -> str:
        """Name who is behind a door."""
        members = self.known.homes.members
        return "、".join(members[one].name if one in members else f"党员 {one}" for one in door.member_ids)


@dataclass(frozen=True)
class Timed:
    """A draft by the clock."""

    draft: Draft
    arrays: VisitArrays
    routes: tuple[tuple[int, ...], ...]

    def round(self) -> VisitRound:
        """Return the round as it then is."""
        left = sum(len(one.member_ids) for one in self.draft.left_out)
        scores = scores_of(self.arrays, self.routes, left)
        teams = planned_teams(self.arrays, self.routes)
        return replace(self.draft.round, teams=teams, left_out=self.draft.left_out, scores=scores)


def open_draft(reader: Reader, round_id: RoundId, version: int) -> Opened:
    """Read a round for changes.

    Raises
    ------
    NotFoundError
        It is not there, or outside the scope.
    StaleError
        Somebody changed it since `version`.
    InputError
        It is over, or nobody in it has a place to go to any more.
    """
    found = reader.visit_round(round_id)
    if found is None:
        msg = f"没有编号为 {round_id} 的走访批次，或不在管理范围内"
        raise NotFoundError(msg)
    if found.version != version:
        msg = f"这批走访已被修改：您看到的是第 {version} 版，现在是第 {found.version} 版。请刷新后再操作"
        raise StaleError(msg, mine=version, theirs=found.version)
    if found.state not in (RoundState.DRAFT, RoundState.ISSUED):
        msg = f"这批走访{found.state.label}，不能再改"
        raise InputError(msg)
    options = office_settings(reader)
    members = [one.member_id for team in found.teams for stop in team.stops for one in stop.targets]
    known, must_with = read_known(reader, options, members), must_with_of(found)
    last_by = {member: frozenset(one.by_names) for member, one in reader.last_visits(members).items()}
    live = (ResultState.ACCEPTED, ResultState.CONFLICT)
    results = {one.target_id for one in reader.visit_results(round_id) if one.state in live}
    stops = [stop for team in found.teams for stop in team.stops]
    done = {one.id for one in stops if one.id is not None and any(target.id in results for target in one.targets)}
    return Opened(_parts(found, known, must_with, last_by), known, options, must_with, frozenset(done))


def must_with_of(found: VisitRound) -> dict[MemberId, int]:
    """Return which team was named for whom when the round was planned."""
    pairs = found.options.get("must_with")
    return dict(pairs) if isinstance(pairs, list) else {}


def _parts(
    found: VisitRound, known: Known, must_with: Mapping[MemberId, int], last_by: Mapping[MemberId, frozenset[str]]
) -> Draft:
    routes: dict[Key, tuple[Door, ...]] = {}
    stops = [stop for team in found.teams for stop in team.stops]
    doors = (known.door_of(stop, must_with, last_by) for stop in stops)
    near = next((door.place for door in doors if door is not None), None)
    for team in found.teams:
        for shift in range(len(team.shifts)):
            routes[team.number, shift] = ()
        for stop in team.stops:
            door = known.door_of(stop, must_with, last_by, near)  # who has left, or moved, stays to be taken out
            if door is not None:
                near = door.place
                routes[team.number, stop.shift] = (*routes.get((team.number, stop.shift), ()), door)
            else:
                names = known.homes.members
                who = "、".join(names[one.member_id].name for one in stop.targets if one.member_id in names)
                msg = f"第 {team.number} 组第 {stop.position} 站（{who}）的住处已不能确定，请先到“定位”核定住址"
                raise InputError(msg)
    teams = tuple(replace(team, stops=(), shifts=_office_hours(team.shifts, known.options)) for team in found.teams)
    return Draft(found, teams, routes, found.left_out)


def _office_hours(shifts: Sequence[Shift], options: OfficeSettings) -> tuple[Shift, ...]:
    """Return half-days that were lengthened for a session as they are without it."""
    hours = {
        HalfDay.AM: (round(60 * options.visit_am_from), round(60 * options.visit_am_to)),
        HalfDay.PM: (round(60 * options.visit_pm_from), round(60 * options.visit_pm_to)),
    }
    found = []
    for one in shifts:
        inside = [pair for pair in hours.values() if one.from_min <= pair[0] and pair[1] <= one.to_min]
        found.append(Shift(one.day, *inside[0]) if len(inside) == 1 else one)
    return tuple(found)


def timed(reader: Reader, draft: Draft, options: OfficeSettings, extra: Sequence[Door] = ()) -> Timed:
    """Measure and time a draft; `extra` doors are measured too and in no route, the last of the jobs."""
    doors: list[Door] = []
    held: dict[int, tuple[int, int]] = {}
    jobs: dict[Key, tuple[int, ...]] = {}
    for t, team in enumerate(draft.teams):
        for shift in range(len(team.shifts)):
            mine = draft.routes.get((team.number, shift), ())
            jobs[team.number, shift] = tuple(range(len(doors), len(doors) + len(mine)))
            held.update(dict.fromkeys(jobs[team.number, shift], (t, shift)))
            doors += mine
    arrays = visit_arrays(reader, [*doors, *extra], draft.teams, options, held)
    routes = tuple(jobs[arrays.teams[key.team].number, key.shift] for key in arrays.routes)
    return Timed(draft, arrays, routes)
