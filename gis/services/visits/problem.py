"""Doors and teams → the arrays of the planner, with what every row and column stands for.

Planning, hand editing and explaining who is left out all use one `VisitArrays`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gis.model.visits import TravelWay
from gis.planning.visits.problem import NOWHERE, UNLOCKED, VisitProblem
from gis.services.visits.rights import read_accounts
from gis.services.visits.travel import Travel, measure_travel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from gis.model.settings import OfficeSettings
    from gis.model.visits import Shift, VisitTeam
    from gis.services.visits.doors import Door
    from gis.store.reader import Reader

    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.int64]

MINUTE = 60
DAY_S = 24 * 60 * MINUTE
STRANGE_S = 5 * MINUTE  # how long a way the same face as last time is worth
#: One door that has to be gone to is worth more than any number of optional ones, and than any delay
REQUIRED, MOST_DAYS, MOST_OPTIONAL = 1_000, 900, 9
MOST_COUNTED = 10  # members of one stop
MOST_EARLIER_MIN = 60  # how far outside the half-day a session may reach
SLOT_MIN = 5


@dataclass(frozen=True, slots=True)
class RouteKey:
    """One route: a half-day of a team, by position in `VisitArrays.teams` and in its shifts."""

    team: int
    shift: int


@dataclass(frozen=True, eq=False)
class VisitArrays:
    """The problem and what it stands for.

    Job i is `doors[i]`, route k is `routes[k]`; `teams` have no stops, and half-days that may be longer than asked
    for, where a session begins a little before or ends a little after. `bars` say by code why a job (row) may not be
    in a route (column): TEAM, SCOPE, SESSION, WINDOW. `asked[k]` are the hours that route k was asked with.
    """

    problem: VisitProblem
    doors: tuple[Door, ...]
    routes: tuple[RouteKey, ...]
    teams: tuple[VisitTeam, ...]
    travel: Travel
    bars: Mapping[str, BoolArray]
    options: OfficeSettings
    asked: tuple[Shift, ...]

    def route_of(self, team_number: int, shift: int) -> int | None:
        """Return the route of a team's half-day, None: there is none."""
        found = (
            k for k, key in enumerate(self.routes) if (self.teams[key.team].number, key.shift) == (team_number, shift)
        )
        return next(found, None)

    def shift(self, route: int) -> Shift:
        """Return the half-day of a route."""
        key = self.routes[route]
        return self.teams[key.team].shifts[key.shift]

    def barred_by(self, job: int, route: int) -> tuple[str, ...]:
        """Say by code what keeps a job out of a route."""
        return tuple(code for code, rows in self.bars.items() if rows[job, route])


def visit_arrays(
    reader: Reader,
    doors: Sequence[Door],
    teams: Sequence[VisitTeam],
    options: OfficeSettings,
    held: Mapping[int, tuple[int, int]] | None = None,
) -> VisitArrays:
    """Measure all ways and build the arrays.

    `held` says of jobs that are in a route already which team (by position) and half-day that is: a half-day is then
    lengthened for the sessions in it, else for the sessions that some team has to take.
    """
    travel = measure_travel(reader, [one.place for one in doors], teams, options)
    wide = _with_sessions(tuple(teams), doors, travel, held or {})
    routes = tuple(RouteKey(t, s) for t, team in enumerate(wide) for s in range(len(team.shifts)))
    shifts = [wide[key.team].shifts[key.shift] for key in routes]
    bars = {
        "TEAM": _team_bars(doors, wide, routes),
        "SCOPE": _scope_bars(reader, doors, wide, routes),
        "SESSION": _session_bars(doors, shifts),
        "WINDOW": _window_bars(doors, shifts),
    }
    return VisitArrays(
        problem=_problem(doors, wide, routes, travel, bars, options),
        doors=tuple(doors),
        routes=routes,
        teams=wide,
        travel=travel,
        bars=bars,
        options=options,
        asked=tuple(teams[key.team].shifts[key.shift] for key in routes),
    )


def with_shifts(arrays: VisitArrays, shifts: Mapping[int, Shift]) -> VisitArrays:
    """Return the arrays with other hours for some routes."""
    teams = list(arrays.teams)
    for route, shift in shifts.items():
        key = arrays.routes[route]
        own = list(teams[key.team].shifts)
        own[key.shift] = shift
        teams[key.team] = replace(teams[key.team], shifts=tuple(own))
    now = [teams[key.team].shifts[key.shift] for key in arrays.routes]
    bars = {
        **arrays.bars,
        "SESSION": _session_bars(arrays.doors, now),
        "WINDOW": _window_bars(arrays.doors, now),
    }
    problem = replace(
        arrays.problem,
        allowed=~np.logical_or.reduce(list(bars.values())),
        open_s=np.array([(one.from_min * MINUTE, one.to_min * MINUTE) for one in now], dtype=np.int64).reshape(-1, 2),
    )
    return replace(arrays, teams=tuple(teams), bars=bars, problem=problem)


def _problem(  # everything that an array is made of
    doors: Sequence[Door],
    teams: Sequence[VisitTeam],
    routes: Sequence[RouteKey],
    travel: Travel,
    bars: Mapping[str, BoolArray],
    options: OfficeSettings,
) -> VisitProblem:
    n, shape = len(doors), (len(doors), len(routes))
    ways = sorted({team.way for team in teams}, key=list(TravelWay).index) or [TravelWay.WALK]
    of_route = [teams[key.team] for key in routes]
    shifts = [teams[key.team].shifts[key.shift] for key in routes]
    starts = np.array([travel.start_of[key.team] for key in routes], dtype=np.int64)
    is_returning = np.array([team.is_returning for team in of_route], dtype=np.bool_)
    barred = np.zeros(shape, dtype=np.bool_)
    for rows in bars.values():
        barred |= rows
    return VisitProblem(
        travel_s=np.stack([travel.seconds(way, options) for way in ways]),
        point=np.array(travel.point_of[:n], dtype=np.int64),
        service_s=np.array([door.service_min * MINUTE for door in doors], dtype=np.int64),
        window_s=np.array([start_window_s(door) for door in doors], dtype=np.int64).reshape(-1, 2),
        allowed=~barred,
        strangeness_s=_strangeness(doors, of_route).reshape(shape),
        required=np.array([not door.is_optional for door in doors], dtype=np.bool_),
        priority=np.array([priority_of(door) for door in doors], dtype=np.int64),
        order_key=_order_keys(doors),
        locked_route=np.full(n, UNLOCKED, dtype=np.int64),
        locked_after=np.full(n, UNLOCKED, dtype=np.int64),
        demand=np.ones(n, dtype=np.int64),
        capacity=np.full(len(routes), options.visit_stops_per_half_day, dtype=np.int64),
        way=np.array([ways.index(team.way) for team in of_route], dtype=np.int64),
        start=starts,
        end=np.where(is_returning, starts, NOWHERE) if len(routes) else starts,
        open_s=np.array([(s.from_min * MINUTE, s.to_min * MINUTE) for s in shifts], dtype=np.int64).reshape(-1, 2),
        team=np.array([key.team for key in routes], dtype=np.int64),
    )


def priority_of(door: Door) -> int:
    """Return what leaving a door out costs: required before optional, each member counts, then the longest overdue."""
    if door.is_optional:
        return 1 + min(door.overdue_days, MOST_OPTIONAL)
    return REQUIRED * min(len(door.targets), MOST_COUNTED) + min(door.overdue_days, MOST_DAYS)


def start_window_s(door: Door) -> tuple[int, int]:
    """Return the earliest and the latest second of the day at which the visit may begin."""
    if door.fixed_at is not None:
        at = (door.fixed_at.hour * 60 + door.fixed_at.minute) * MINUTE
        return at, at
    if door.window is None:
        return 0, DAY_S
    earliest, end = door.window[0] * MINUTE, door.window[1] * MINUTE
    return earliest, max(earliest, end - door.service_min * MINUTE)


def _order_keys(doors: Sequence[Door]) -> npt.NDArray[np.float64]:
    order = sorted(range(len(doors)), key=lambda i: (doors[i].place.order, doors[i].member_ids))
    keys = np.zeros(len(doors))
    keys[order] = np.arange(len(doors))
    return keys


def _strangeness(doors: Sequence[Door], of_route: Sequence[VisitTeam]) -> IntArray:
    names = [frozenset(one.name for one in team.visitors) for team in of_route]
    return np.array(
        [[STRANGE_S if door.last_by and not door.last_by & known else 0 for known in names] for door in doors],
        dtype=np.int64,
    )


def _team_bars(doors: Sequence[Door], teams: Sequence[VisitTeam], routes: Sequence[RouteKey]) -> BoolArray:
    numbers = np.array([teams[key.team].number for key in routes], dtype=np.int64)
    bars = np.zeros((len(doors), len(routes)), dtype=np.bool_)
    for i, door in enumerate(doors):
        if door.teams:
            bars[i] = ~np.isin(numbers, sorted(door.teams))
    return bars


def _scope_bars(
    reader: Reader, doors: Sequence[Door], teams: Sequence[VisitTeam], routes: Sequence[RouteKey]
) -> BoolArray:
    """Keep a member from a team in which somebody has an account that may not see the member.

    Who has no account carries what the planner hands out on paper.
    """
    bars = np.zeros((len(doors), len(routes)), dtype=np.bool_)
    if not any(one.user_id is not None for team in teams for one in team.visitors):
        return bars
    accounts = read_accounts(reader)
    for t, team in enumerate(teams):
        known = [one.user_id for one in team.visitors if one.user_id in accounts.known]
        columns = [k for k, key in enumerate(routes) if key.team == t]
        for i, door in enumerate(doors):
            bars[i, columns] = not all(accounts.covers(one, branch) for one in known for branch in door.branches)
    return bars


def _session_bars(doors: Sequence[Door], shifts: Sequence[Shift]) -> BoolArray:
    bars = np.zeros((len(doors), len(shifts)), dtype=np.bool_)
    for i, door in enumerate(doors):
        if door.fixed_at is not None:
            bars[i] = [not fits(door, shift) for shift in shifts]
    return bars


def fits(door: Door, shift: Shift) -> bool:
    """Whether a session lies within a half-day."""
    if door.fixed_at is None or door.fixed_at.date() != shift.day:
        return False
    begin, _ = start_window_s(door)
    return shift.from_min * MINUTE <= begin and begin // MINUTE + door.service_min <= shift.to_min


def _window_bars(doors: Sequence[Door], shifts: Sequence[Shift]) -> BoolArray:
    bars = np.zeros((len(doors), len(shifts)), dtype=np.bool_)
    for i, door in enumerate(doors):
        if door.fixed_at is None and door.window is not None:
            bars[i] = [not meets(door, shift) for shift in shifts]
    return bars


def meets(door: Door, shift: Shift) -> bool:
    """Whether the visit can begin at a time that suits the member and end within the half-day."""
    earliest, latest = start_window_s(door)
    begin = max(earliest, shift.from_min * MINUTE)
    return begin <= latest and begin + door.service_min * MINUTE <= shift.to_min * MINUTE


def _with_sessions(
    teams: tuple[VisitTeam, ...], doors: Sequence[Door], travel: Travel, held: Mapping[int, tuple[int, int]]
) -> tuple[VisitTeam, ...]:
    """Lengthen a half-day for a session that begins a little before it or ends a little after it.

    Homes are called on within the half-day only: what is added lies wholly inside the session and the way to it. A
    half-day is lengthened for one session, of several at one time first for the largest, by the team nearest to it.
    """
    wide = [list(team.shifts) for team in teams]
    taken: set[tuple[int, int]] = set()
    waiting = [i for i, door in enumerate(doors) if door.fixed_at is not None]
    for i in sorted(waiting, key=lambda i: (-len(doors[i].targets), doors[i].fixed_at, doors[i].member_ids)):
        door = doors[i]
        here = [held[i]] if i in held else [(t, s) for t, team in enumerate(teams) for s in range(len(team.shifts))]
        if any(fits(door, teams[t].shifts[s]) for t, s in here):
            continue
        choices = [
            (travel.minutes_from_start(t, i, teams[t].way), t, s)
            for t, s in here
            if (t, s) not in taken
            and (not door.teams or teams[t].number in door.teams)
            and overlaps(door, teams[t].shifts[s])
        ]
        if choices:
            way_min, t, s = min(choices)
            taken.add((t, s))
            wide[t][s] = longer(teams[t].shifts[s], door, way_min, is_returning=teams[t].is_returning)
    return tuple(replace(team, shifts=tuple(wide[t])) for t, team in enumerate(teams))


def overlaps(door: Door, shift: Shift) -> bool:
    """Whether a session lies partly in a half-day and not too far out of it."""
    if door.fixed_at is None or door.fixed_at.date() != shift.day:
        return False
    begin = start_window_s(door)[0] // MINUTE
    end = begin + door.service_min
    before, after = shift.from_min - begin, end - shift.to_min
    return begin < shift.to_min and end > shift.from_min and max(before, after) <= MOST_EARLIER_MIN


def longer(shift: Shift, door: Door, way_min: int, *, is_returning: bool) -> Shift:
    """Return a half-day that begins early enough to be at a session in time, and ends when one is back from it."""
    begin = start_window_s(door)[0] // MINUTE
    end = begin + door.service_min
    low, high = shift.from_min, shift.to_min
    if begin < low:
        low = (begin - way_min) // SLOT_MIN * SLOT_MIN
    if end > high:
        high = -(-(end + (way_min if is_returning else 0)) // SLOT_MIN) * SLOT_MIN
    return replace(shift, from_min=max(low, 0), to_min=min(high, 24 * 60 - 1))
