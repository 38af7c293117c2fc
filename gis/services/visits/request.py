"""What a round of visits is asked for: days, half-days, teams, whom, and how long to compute."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.model.enums import Labelled
from gis.model.visits import Shift, TravelWay, Visitor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from gis.model.ids import BuildingId, MemberId, OrgId, VenueId
    from gis.model.settings import OfficeSettings
    from gis.model.visits import DueKind, VisitRound, VisitTeam

MOST_TEAMS, MOST_DAYS, LEAST_VISITORS = 60, 31, 2
MAX_SECONDS = 3600.0
LONGEST_VISITOR = 100


class HalfDay(Labelled):
    """The two times of a day at which people are called on; hours from the settings."""

    AM = "am", "上午"
    PM = "pm", "下午"


@dataclass(frozen=True, slots=True)
class TeamRequest:
    """One team as asked for.

    Without a start it begins at the organisation's own place; `is_from_first_door`: at its first door, and ends at its
    last. `shifts` None: all half-days of the request.
    """

    visitors: tuple[Visitor, ...] = ()
    way: TravelWay = TravelWay.WALK
    start_venue_id: VenueId | None = None
    start_building_id: BuildingId | None = None
    is_from_first_door: bool = False
    is_returning: bool = True
    shifts: tuple[Shift, ...] | None = None


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """A round as asked for.

    `kinds` None: every kind that is due. `everyone` asks for all members of the subtree, due or not. `member_ids` are
    visited in any case, `exclude` in none. `must_with` maps a member to the number of the team, from 1.
    """

    org_id: OrgId
    days: tuple[date, ...]
    halves: tuple[HalfDay, ...] = (HalfDay.AM, HalfDay.PM)
    teams: tuple[TeamRequest, ...] = (TeamRequest(),)
    kinds: tuple[DueKind, ...] | None = None
    everyone: bool = False
    member_ids: tuple[MemberId, ...] = ()
    exclude: frozenset[MemberId] = frozenset()
    must_with: Mapping[MemberId, int] = field(default_factory=dict)
    seconds: float = 5.0
    seed: int = 0
    name: str = ""
    material: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProposedRound:
    """A planned round that nobody has saved.

    `status`: "planned": everybody due is in it; "partial": somebody is left out; "nobody_due". `warnings` are
    sentences for the planner, such as a team of one.
    """

    round: VisitRound
    status: str
    scores: Mapping[str, object]
    warnings: tuple[str, ...] = ()


def shifts_of(days: tuple[date, ...], halves: tuple[HalfDay, ...], options: OfficeSettings) -> tuple[Shift, ...]:
    """Return the half-days of some days in order of time, with the hours of the settings."""
    hours = {
        HalfDay.AM: (options.visit_am_from, options.visit_am_to),
        HalfDay.PM: (options.visit_pm_from, options.visit_pm_to),
    }
    return tuple(
        Shift(day, round(60 * hours[half][0]), round(60 * hours[half][1]))
        for day in sorted(set(days))
        for half in HalfDay
        if half in halves
    )


def check_request(request: VisitRequest) -> None:
    """Refuse what cannot be meant.

    Raises
    ------
    InputError
        With the first fault found.
    """
    if not request.days or not request.halves:
        msg = "请至少选一天和一个半天"
        raise InputError(msg)
    if (max(request.days) - min(request.days)).days >= MOST_DAYS:
        msg = f"一次至多安排 {MOST_DAYS} 天，请分几次安排"
        raise InputError(msg)
    if not 1 <= len(request.teams) <= MOST_TEAMS:
        msg = f"走访小组请填 1 到 {MOST_TEAMS} 组"
        raise InputError(msg)
    check_seconds(request.seconds)
    _check_texts(request)
    wrong = sorted({number for number in request.must_with.values() if not 1 <= number <= len(request.teams)})
    if wrong:
        msg = f"指定的组号不对：{'、'.join(map(str, wrong))}，现有 {len(request.teams)} 组"
        raise InputError(msg)
    both = sorted(request.exclude.intersection(request.member_ids))
    if both:
        msg = "同一名党员既指定走访又指定不走访，请改一处"
        raise InputError(msg)
    refuse_double([(number, team.visitors, team.shifts) for number, team in enumerate(request.teams, start=1)])


def _check_texts(request: VisitRequest) -> None:
    said = [("批次名称", request.name, 200), ("带去的材料", request.material, 200), ("备注", request.note, 500)]
    said += [("走访人", who.name, LONGEST_VISITOR) for team in request.teams for who in team.visitors]
    for what, text, longest in said:
        if len(text) > longest:
            msg = f"{what}不超过 {longest} 字，现在 {len(text)} 字"
            raise InputError(msg)
        if not "".join(text.split()).isprintable():
            msg = f"{what}里有不能显示的字符，请重新填写"
            raise InputError(msg)


def check_seconds(seconds: float) -> None:
    """Refuse what is no time to compute; raises InputError."""
    if not math.isfinite(seconds) or not 0 <= seconds <= MAX_SECONDS:
        msg = f"计算时间请填 0 到 {MAX_SECONDS:.0f} 秒"
        raise InputError(msg)


def refuse_double(teams: Iterable[tuple[int, tuple[Visitor, ...], tuple[Shift, ...] | None]]) -> None:
    """Refuse somebody who is in two teams at once; raises InputError."""
    seen: dict[str, list[tuple[int, tuple[Shift, ...] | None]]] = {}
    for number, visitors, shifts in teams:
        for one in visitors:
            for other, theirs in seen.get(one.name, ()):
                if shifts is None or theirs is None or set(shifts) & set(theirs):
                    again = "两次" if other == number else f"，又在第 {number} 组"
                    msg = f"{one.name}在第 {other} 组{again}，同一时间只能在一组，请改一处"
                    raise InputError(msg)
            seen.setdefault(one.name, []).append((number, shifts))


def unnamed(number: int) -> Visitor:
    """Return who stands in a document for a team that nobody was named for."""
    return Visitor(f"第 {number} 组")


def team_warnings(teams: Iterable[VisitTeam]) -> tuple[str, ...]:
    """Say which teams have nobody named, or fewer than two: going in pairs is the rule of the house, not a bar."""
    found = []
    for team in teams:
        if not team.visitors:
            found.append(f"第 {team.number} 组还没有写明走访人：上门宜两人同行")
        elif len(team.visitors) < LEAST_VISITORS:
            found.append(f"第 {team.number} 组只有{team.visitors[0].name}一人：上门宜两人同行")
    return tuple(found)


def options_of(request: VisitRequest) -> dict[str, object]:
    """Return the parameters of a round as plain values, as they are kept with it and stand in its document."""
    return {
        "days": [day.isoformat() for day in sorted(set(request.days))],
        "halves": [half.value for half in HalfDay if half in request.halves],
        "kinds": None if request.kinds is None else [kind.value for kind in request.kinds],
        "everyone": request.everyone,
        "member_ids": sorted(request.member_ids),
        "exclude": sorted(request.exclude),
        "must_with": [[member, number] for member, number in sorted(request.must_with.items())],
        "seconds": request.seconds,
        "seed": request.seed,
        "material": request.material,
    }
