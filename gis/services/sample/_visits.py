"""Visits of the made-up street: rounds of the last weeks as plans with doors and half-days, and what came of each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import shapely

from gis.model.enums import MobilityLevel, Precision
from gis.model.visits import (
    DueKind,
    DueReason,
    RoundState,
    SaidResult,
    Shift,
    VisitPurpose,
    VisitResult,
    VisitRound,
    VisitStop,
    VisitTarget,
    VisitTeam,
)
from gis.services.sample._chance import weighted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from gis.model.ids import MemberId, OrgId, RoundId
    from gis.model.people import Member
    from gis.model.visits import Visitor

MORNING, AFTERNOON = (510, 660), (870, 1020)
DOORS, MINUTES, SECOND_MINUTES = 5, 25, 10  # a half-day at an easy pace
METRES_PER_DEGREE, DETOUR, METRES_PER_MINUTE = 111_320.0, 1.35, 72.0
AGED = 80
MATERIALS = ("学习资料一份", "大字版学习资料", "党报合订本", "")
WINDOWS = ((540, 630), (570, 660), (870, 960), (900, 1020))
WINDOW_SHARE = 0.15
RESULTS = (
    (VisitResult.MET, 13.0),
    (VisitResult.NOT_HOME, 2.6),
    (VisitResult.PHONED, 1.6),
    (VisitResult.DECLINED, 0.5),
    (VisitResult.MOVED, 0.4),
    (VisitResult.IN_HOSPITAL, 0.4),
)
NOTES = ("希望材料字大一些", "下午在家的时候多", "门铃不响，先打电话", "愿意参加下次小组学习", "想知道回迁房进度")
NOTED_SHARE, PROMISED_SHARE = 0.35, 0.5


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round to make: who visits whom from which day on; the last half-days fall on the working days after it."""

    org_id: OrgId
    name: str
    first_day: date
    members: tuple[Member, ...]
    teams: tuple[tuple[Visitor, ...], ...]
    issued_at: datetime


def past_round(chance: Random, wanted: PastRound) -> VisitRound:
    """Plan the round as a person would on paper: from one door to the nearest next one; ways are estimated."""
    doors = _in_order(_doors(wanted.members))
    share = math.ceil(len(doors) / len(wanted.teams))
    teams: list[VisitTeam] = []
    for place, visitors in enumerate(wanted.teams):
        ours = doors[place * share : (place + 1) * share]
        shifts = _shifts(wanted.first_day, math.ceil(len(ours) / DOORS))
        stops = _stops(chance, ours, shifts, wanted.first_day)
        if stops:
            teams.append(VisitTeam(len(teams) + 1, visitors, shifts, stops))
    return VisitRound(
        id=None,
        org_id=wanted.org_id,
        name=wanted.name,
        first_day=wanted.first_day,
        last_day=max(shift.day for team in teams for shift in team.shifts),
        teams=tuple(teams),
        state=RoundState.ISSUED,
        issued_at=wanted.issued_at,
    )


def may_be_visited(member: Member) -> bool:
    """Whether the home is known well enough to knock at."""
    home = member.residence
    known = home is not None and home.precision is Precision.BUILDING and home.shape is not None
    return known and member.is_in_transition and member.restricted_on is None


def working_day(day: date) -> date:
    """Return the day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)  # noqa: PLR2004  # Friday


def _doors(members: Iterable[Member]) -> list[list[Member]]:
    """Put those of one flat behind one door."""
    found: dict[str, list[Member]] = {}
    for member in members:
        home = member.residence
        found.setdefault(home.address if home else "", []).append(member)
    return [found[key] for key in sorted(found)]


def _in_order(doors: list[list[Member]]) -> list[list[Member]]:
    left = list(doors)
    order: list[list[Member]] = []
    while left:
        last = order[-1][0] if order else left[0][0]
        nearest = min(left, key=lambda door: _metres(last, door[0]))
        left.remove(nearest)
        order.append(nearest)
    return order


def _metres(one: Member, other: Member) -> float:
    (x, y), (u, v) = (_point(one), _point(other))
    return METRES_PER_DEGREE * math.hypot((x - u) * math.cos(math.radians(y)), y - v)


def _point(member: Member) -> tuple[float, float]:
    home = member.residence
    x, y = shapely.get_coordinates(shapely.from_wkb(home.shape) if home is not None and home.shape else None)[0]
    return float(x), float(y)


def _shifts(first: date, count: int) -> tuple[Shift, ...]:
    shifts, day = [], first
    for number in range(count):
        shifts.append(Shift(day, *(AFTERNOON if number % 2 else MORNING)))
        if number % 2:
            day = working_day(day + timedelta(days=1))
    return tuple(shifts)


def _stops(chance: Random, doors: Sequence[list[Member]], shifts: Sequence[Shift], day: date) -> tuple[VisitStop, ...]:
    stops: list[VisitStop] = []
    now, before = datetime.combine(day, time()), None
    for number, door in enumerate(doors):
        place = number // DOORS
        if number % DOORS == 0:
            now = datetime.combine(shifts[place].day, time()) + timedelta(minutes=shifts[place].from_min)
            before = None
        walk = DETOUR * _metres(before[0], door[0]) if before else 0.0
        travel = walk / METRES_PER_MINUTE
        service = MINUTES + SECOND_MINUTES * (len(door) - 1)
        arrive = now + timedelta(minutes=round(travel))
        now, before = arrive + timedelta(minutes=service), door
        targets = tuple(_target(chance, member, day) for member in door)
        stops.append(
            VisitStop(
                targets, place, number + 1, arrive, now, round(travel, 1), round(walk), service, is_estimated=True
            )
        )
    return tuple(stops)


def _target(chance: Random, member: Member, day: date) -> VisitTarget:
    age = member.age_on(day) or 0
    is_housebound = member.mobility_level is MobilityLevel.CANNOT_LEAVE
    purposes = [VisitPurpose.STUDY if is_housebound or chance.random() < 0.6 else VisitPurpose.FOLLOW_UP]  # noqa: PLR2004
    reasons = [
        DueReason(DueKind.HOME_STUDY, "入户送学到期") if is_housebound else DueReason(DueKind.BY_HAND, "支部安排")
    ]
    if age >= AGED:
        purposes.append(VisitPurpose.CONDOLENCE)
        reasons.append(DueReason(DueKind.AGED, f"{age} 岁，按季度慰问"))
    return VisitTarget(member.id or _nobody(), tuple(purposes), tuple(reasons), chance.choice(MATERIALS))


def _nobody() -> MemberId:
    msg = "a member that was never saved is visited"
    raise ValueError(msg)


def results_of(chance: Random, made: VisitRound, until: date) -> list[SaidResult]:
    """Say what came of every visit up to a day; the keys are those of the round and the target."""
    said = []
    for team in made.teams:
        for stop in team.stops:
            day = stop.arrive.date()
            for target in stop.targets:
                result = weighted(chance, RESULTS)
                note = chance.choice(NOTES) if chance.random() < NOTED_SHARE else ""
                days, is_promised = chance.randint(6, 16), chance.random() < PROMISED_SHARE
                if target.id is None or day > until:
                    continue
                is_seen = result in (VisitResult.MET, VisitResult.PHONED)
                again = result is VisitResult.NOT_HOME and is_promised
                said.append(
                    SaidResult(
                        key=f"sample-{made.id}-{target.id}",
                        target_id=target.id,
                        result=result,
                        on_day=day,
                        by_name=team.visitors[0].name,
                        note=note if is_seen else "",
                        next_on=max(until, day) + timedelta(days=days) if again else None,
                        based_on=0,
                    )
                )
    return said


def promising(said: Sequence[SaidResult], day: date, count: int) -> list[SaidResult]:
    """Let the first `count` who were spoken with agree to a day on which somebody comes again."""
    seen = [one.key for one in said if one.result in (VisitResult.MET, VisitResult.PHONED)][:count]
    return [replace(one, next_on=day) if one.key in seen else one for one in said]


def contradicting(said: Sequence[SaidResult], round_id: RoundId) -> SaidResult | None:
    """Return one result that says otherwise than one of these, as from a second sheet."""
    first = next((one for one in said if one.result is VisitResult.NOT_HOME), None)
    first = first or next((one for one in said if one.result is VisitResult.MET), None)
    if first is None:
        return None
    other = VisitResult.PHONED if first.result is VisitResult.NOT_HOME else VisitResult.NOT_HOME
    return SaidResult(f"sample-{round_id}-second", first.target_id, other, first.on_day, first.by_name, "当天晚上补记")
