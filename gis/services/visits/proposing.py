"""Propose a round of visits: whom, by which team, when and in which order. Nothing is saved before it is adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import InputError, StaleError
from gis.model.access import Action
from gis.model.visits import VisitRound
from gis.services.access import require, require_orgs
from gis.services.visits.due import DueRequest, list_due
from gis.services.visits.reading import read_request
from gis.services.visits.reasons import reason_for
from gis.services.visits.request import (
    HalfDay,
    ProposedRound,
    TeamRequest,
    VisitRequest,
    check_request,
    options_of,
    team_warnings,
)
from gis.services.visits.solving import solve_visits
from gis.services.visits.timetable import planned_teams, scores_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.services.visits.reading import VisitRead
    from gis.store.database import Store

__all__ = ["HalfDay", "ProposedRound", "TeamRequest", "VisitRequest", "adopt_visits", "propose_visits"]

#: What a proposal stands on: when these have moved, it is made anew
VISIT_TOPICS = ("people", "visits")


def propose_visits(actor: Actor, store: Store, request: VisitRequest) -> ProposedRound:
    """Plan a round; nothing is saved.

    Raises
    ------
    DeniedError
        The role does not plan visits, or the organisation lies outside the scope.
    InputError
        The request contradicts itself.
    """
    require(actor, Action.PLAN_VISITS)
    check_request(request)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [request.org_id])
        data_version = reader.data_version(*VISIT_TOPICS)
    first, last = min(request.days), max(request.days)
    asked = DueRequest(request.org_id, first, last, request.kinds, request.everyone, request.member_ids)
    due = list_due(actor, store, asked)
    with store.reading(actor.scope) as reader:
        read = read_request(reader, request, due)
    arrays, routes, left = solve_visits(read.arrays, seconds=request.seconds, seed=request.seed)
    left_out = (*read.left_out, *(reason_for(arrays, routes, job) for job in left))
    scores = scores_of(arrays, routes, sum(len(one.member_ids) for one in left_out))
    planned = VisitRound(
        id=None,
        org_id=request.org_id,
        name=request.name.strip() or _name(read.org_name, request),
        first_day=first,
        last_day=last,
        teams=planned_teams(arrays, routes),
        left_out=left_out,
        options=options_of(request) | {"as_of": due.as_of.isoformat()},
        scores=scores,
        data_version=data_version,
        note=request.note.strip(),
    )
    return ProposedRound(planned, status_of(planned), scores, tuple(_warnings(planned, request, read)))


def status_of(planned: VisitRound) -> str:
    """Return "planned", "partial" where somebody is left out, "nobody_due" where nobody was asked for."""
    if planned.left_out:
        return "partial"
    return "planned" if any(team.stops for team in planned.teams) else "nobody_due"


def adopt_visits(actor: Actor, store: Store, planned: VisitRound) -> RoundId:
    """Save a proposed round as a draft.

    Raises
    ------
    StaleError
        People or visits have changed since it was planned.
    InputError
        There is nobody to visit in it.
    """
    require(actor, Action.PLAN_VISITS)
    n_stops = sum(len(team.stops) for team in planned.teams)
    if not n_stops:
        msg = "这次安排里没有要走访的人，没有保存"
        raise InputError(msg)
    with store.writing(actor, Action.PLAN_VISITS) as writer:
        require_orgs(actor, writer, [planned.org_id])
        now = writer.data_version(*VISIT_TOPICS)
        if now != planned.data_version:
            msg = "测算之后党员或走访资料有了变化，请重新测算后再保存"
            raise StaleError(msg, mine=planned.data_version, theirs=now)
        number = writer.add_visit_round(planned)
        writer.say(f"保存上门送学安排：{len(planned.teams)} 组 {n_stops} 站", round=number)
    return number


def _name(org_name: str, request: VisitRequest) -> str:
    first, last = min(request.days), max(request.days)
    days = f"{first.month}月{first.day}日" + (f"至{last.month}月{last.day}日" if last != first else "")
    return f"{org_name}{days}上门送学"


def _warnings(planned: VisitRound, request: VisitRequest, read: VisitRead) -> Iterator[str]:
    yield from team_warnings(planned.teams)
    idle = [f"第 {team.number} 组" for team in planned.teams if not team.stops]
    if idle and len(idle) < len(planned.teams):
        yield f"{'、'.join(idle)}没有排到：再分给这些组，路上要多走很多，或者时段、指定的走访人不合；可以少设几组"
    yield from read.warnings
    if not read.has_start and any(
        team.start_venue_id is None and team.start_building_id is None for team in planned.teams
    ):
        yield "没有登记可以出发的场所，按从第一户出发、到最后一户为止安排"
    known = {one for team in planned.teams for stop in team.stops for one in (t.member_id for t in stop.targets)}
    known.update(member for one in planned.left_out for member in one.member_ids)
    away = [member for member in request.must_with if member not in known]
    if away:
        yield f"指定了小组的党员有 {len(away)} 名这次不在走访名单里；要走访的请另外指定"
    if planned.scores["estimated_legs"]:
        yield f"有 {planned.scores['estimated_legs']} 段路没有路网，按直线距离估算"
