"""Rounds of visits as they are read: the list, one round with its teams, a sheet's team, and my own teams.

Phones: a planner of the scope sees them; a team only where every one of it has an account whose scope covers the
member. Units and rooms stand with the planner and the assigned team only (domain.md 2B).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.ids import RoundId
from gis.model.visits import ResultState, RoundState, Visitor, VisitResult
from gis.services.access import require, require_orgs
from gis.services.org_checks import above
from gis.services.settings import office_settings
from gis.services.visits.opening import opened_round, read_known
from gis.services.visits.rights import read_accounts
from gis.services.visits.view_model import LeftOutView, RoundLine, RoundView, StopView, TargetView, TeamView, carried

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.visits import KeptResult, VisitRound, VisitSheet
    from gis.store.database import Store
    from gis.store.reader import Reader

__all__ = [
    "LeftOutView",
    "RoundLine",
    "RoundView",
    "StopView",
    "TargetView",
    "TeamView",
    "carried",
    "is_met",
    "list_rounds",
    "my_teams",
    "open_round",
    "open_sheet_team",
    "plans_round",
    "possible_visitors",
    "sheet_fault",
    "visible_round",
]

A_YEAR = timedelta(days=366)
LONGEST_NUMBER = 32


def list_rounds(
    actor: Actor, store: Store, *, since: date | None = None, until: date | None = None
) -> tuple[RoundLine, ...]:
    """List the rounds of the scope, the latest first; to somebody of a team the issued ones they go in.

    Raises
    ------
    DeniedError
        The role has no part in visits.
    """
    require(actor, Action.MAKE_VISITS)
    with store.reading(actor.scope) as reader:
        orgs = {org.id: org.name for org in reader.orgs()}
        if not actor.may(Action.PLAN_VISITS):
            earliest = since or store.today() - A_YEAR
            mine = reader.my_visit_rounds(actor.user_id, earliest) if actor.user_id is not None else ()
            found = (one for one in mine if until is None or one.first_day <= until)
            lines = [_own_line(reader, one, orgs) for one in found]
            return tuple(sorted(lines, key=lambda one: (one.first_day, one.id), reverse=True))
        counts = reader.visit_counts()
        rounds = [(one.id, one) for one in reader.visit_rounds(since=since, until=until) if one.id is not None]
        return tuple(
            _line(
                one,
                orgs.get(one.org_id, ""),
                (count.n_teams, count.n_stops, count.n_targets),
                (count.n_done, count.n_met, count.n_conflicts),
            )
            for count, one in ((counts[number], one) for number, one in rounds)
        )


def _line(one: VisitRound, org: str, sizes: tuple[int, int, int], done: tuple[int, int, int]) -> RoundLine:
    return RoundLine(
        id=one.id,  # type: ignore[arg-type]  # rounds that were read have one
        name=one.name,
        org=org,
        org_id=one.org_id,
        state=one.state,
        first_day=one.first_day,
        last_day=one.last_day,
        n_teams=sizes[0],
        n_stops=sizes[1],
        n_targets=sizes[2],
        n_done=done[0],
        n_met=done[1],
        n_conflicts=done[2],
        n_left_out=sum(len(left.member_ids) for left in one.left_out),
        version=one.version,
    )


def _own_line(reader: Reader, one: VisitRound, orgs: Mapping[OrgId | None, str]) -> RoundLine:
    """Count only the teams that the reader goes in."""
    stops = [stop for team in one.teams for stop in team.stops]
    mine = {target.id for stop in stops for target in stop.targets}
    results = [result for result in reader.visit_results(one.id or RoundId(0)) if result.target_id in mine]
    accepted = [result for result in results if result.state is ResultState.ACCEPTED]
    done = (len(accepted), sum(map(is_met, accepted)), sum(one.state is ResultState.CONFLICT for one in results))
    return _line(one, orgs.get(one.org_id, ""), (len(one.teams), len(stops), len(mine)), done)


def open_round(actor: Actor, store: Store, round_id: RoundId) -> RoundView:
    """Open one round.

    Raises
    ------
    NotFoundError
        There is none within the scope, or the actor goes in none of its teams.
    """
    require(actor, Action.MAKE_VISITS)
    with store.reading(actor.scope) as reader:
        return _view(reader, actor, [visible_round(reader, actor, round_id)], store.today())[0]


def visible_round(reader: Reader, actor: Actor, round_id: RoundId) -> VisitRound:
    """Return a round as far as the actor may see it: planners their scope's, others the teams that they go in.

    Raises
    ------
    NotFoundError
        There is nothing of it that the actor may see.
    """
    found = reader.visit_round(round_id, user_id=actor.user_id)
    if found is not None and not plans_round(reader, actor, found):
        found = _own_teams(found, actor)
    if found is None:
        msg = f"没有编号为 {round_id} 的走访批次，或不在管理范围内"
        raise NotFoundError(msg)
    return found


def plans_round(reader: Reader, actor: Actor, one: VisitRound) -> bool:
    """Whether the actor plans this round, and so sees all of it."""
    return actor.may(Action.PLAN_VISITS) and one.org_id in reader.org_ids_in_scope


def _own_teams(
    one: VisitRound, actor: Actor, states: Collection[RoundState] = (RoundState.ISSUED, RoundState.CLOSED)
) -> VisitRound | None:
    """Return a round with only the teams in which the actor goes; None in another state, as before it is issued."""
    if actor.user_id is None or one.state not in states:
        return None
    mine = tuple(team for team in one.teams if any(who.user_id == actor.user_id for who in team.visitors))
    return replace(one, teams=mine, left_out=()) if mine else None


def open_sheet_team(actor: Actor, store: Store, sheet_number: str) -> tuple[RoundView, TeamView, VisitSheet]:
    """Open what a sheet stands for, without who is not called on any more; a planner also a void or expired one.

    Raises
    ------
    NotFoundError
        There is no such sheet for this actor.
    InputError
        It is void, returned or expired, or the round is over; the message says what to do.
    """
    require(actor, Action.MAKE_VISITS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        sheet = reader.visit_sheet(sheet_number.strip().upper(), user_id=actor.user_id)
        found = reader.round_of_team(sheet.team_id, user_id=actor.user_id) if sheet is not None else None
        if found is not None and not plans_round(reader, actor, found):
            found = _own_teams(found, actor, set(RoundState) - {RoundState.DRAFT})
        if sheet is None or found is None:
            msg = f"没有单号为 {sheet_number.strip()[:LONGEST_NUMBER]} 的走访单，或不是派给您的"
            raise NotFoundError(msg)
        fault = sheet_fault(sheet, found, today)
        if fault and not plans_round(reader, actor, found):
            raise InputError(fault)
        view = _view(reader, actor, [found], today)[0]
    team = next((one for one in view.teams if one.team.id == sheet.team_id), None)
    if team is None:
        msg = f"没有单号为 {sheet_number.strip()[:LONGEST_NUMBER]} 的走访单，或不是派给您的"
        raise NotFoundError(msg)
    return view, carried(team), sheet


def sheet_fault(sheet: VisitSheet, one: VisitRound, today: date) -> str:
    """Say why a sheet can no longer be used and what to do; "" while it can."""
    help_text = "如有结果没有登记，请交给支部录入"
    if sheet.voided_on is not None:
        return f"这张走访单已于 {sheet.voided_on.isoformat()} 作废，请用新的走访单；{help_text}"
    if one.state is RoundState.CANCELLED:
        return f"这批走访已取消，不用再去；{help_text}"
    if one.state is RoundState.CLOSED:
        return f"这批走访已结束；{help_text}"
    if sheet.returned_on is not None:
        return f"这张走访单已于 {sheet.returned_on.isoformat()} 交回；{help_text}"
    if sheet.expires_on < today:
        return f"这张走访单已于 {sheet.expires_on.isoformat()} 到期；{help_text}"
    return ""


def my_teams(actor: Actor, store: Store) -> tuple[tuple[RoundView, TeamView], ...]:
    """List the teams of issued rounds in which the actor goes, the earliest first; over no longer than sheets hold."""
    require(actor, Action.MAKE_VISITS)
    if actor.user_id is None:
        return ()
    today = store.today()
    with store.reading(actor.scope) as reader:
        since = today - timedelta(days=office_settings(reader).visit_sheet_days)
        rounds = reader.my_visit_rounds(actor.user_id, since)
        views = _view(reader, actor, [replace(one, left_out=()) for one in rounds], today) if rounds else ()
    return tuple((view, carried(team)) for view in views for team in view.teams)


def possible_visitors(actor: Actor, store: Store, org_id: OrgId) -> tuple[Visitor, ...]:
    """List the accounts that may visit and whose scope meets the organisation's subtree, by name.

    Raises
    ------
    DeniedError
        The role does not plan visits, or the organisation lies outside the scope.
    """
    require(actor, Action.PLAN_VISITS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [org_id])
        accounts = read_accounts(reader)
    below = [org for org in accounts.parents if org_id in above(org, accounts.parents)]
    found = [
        Visitor(name, number)
        for number, (name, _, _) in accounts.known.items()
        if any(accounts.covers(number, org) for org in below)
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.user_id or 0)))


def is_met(result: KeptResult | None) -> bool:
    """Whether the member was met."""
    return result is not None and result.result is VisitResult.MET


def _view(reader: Reader, actor: Actor, rounds: Sequence[VisitRound], today: date) -> tuple[RoundView, ...]:
    """Build the views of some rounds that hold only what the actor may see."""
    known = read_known(reader, rounds, today)
    return tuple(opened_round(reader, actor, one, known, is_planner=plans_round(reader, actor, one)) for one in rounds)
