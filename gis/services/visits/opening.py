"""A round with its teams, stops and members as one view, for a reader who may see what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.visits import ResultState, RoundState, VisitResult
from gis.services.org_checks import above
from gis.services.visits.places import StopPlace, read_places
from gis.services.visits.rights import phone_of, read_accounts
from gis.services.visits.view_model import LeftOutView, RoundView, StopView, TargetView, TeamView, carried

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import MemberId, OrgId, TargetId, TeamId
    from gis.model.people import Member
    from gis.model.visits import KeptResult, LastVisit, VisitRound, VisitSheet, VisitStop, VisitTarget, VisitTeam
    from gis.services.visits.places import Places
    from gis.services.visits.rights import Accounts
    from gis.store.reader import Reader

PAIR = 2  # domain.md section 4: two visitors
NO_MORE = "不再上门"
OPEN = (RoundState.DRAFT, RoundState.ISSUED)


@dataclass(frozen=True)
class Known:
    """What all rounds of one reading share."""

    places: Places
    accounts: Accounts
    last: Mapping[MemberId, LastVisit]
    orgs: Mapping[OrgId, str]
    today: date


@dataclass(frozen=True)
class _Round:
    """What came of one round so far."""

    known: Known
    org_id: OrgId
    is_planner: bool
    accepted: Mapping[TargetId, KeptResult]
    conflicts: Mapping[TargetId, int]
    sheets: Mapping[TeamId, tuple[VisitSheet, ...]]
    figures: Mapping[int, Mapping[str, float]]

    def team(self, team: VisitTeam) -> TeamView:
        stops = tuple(self._stop(team, stop) for stop in team.stops)
        start, lonlat = self.known.places.start(team)
        there = [self.known.places.members.get(one.target.member_id) for stop in stops for one in stop.targets]
        figures = self.figures.get(team.number, {})
        view = TeamView(
            team=team,
            stops=stops,
            start=start,
            start_lonlat=lonlat,
            minutes=figures.get("minutes") or minutes_of(team.stops),
            travel_min=figures.get("travel_min") or sum(one.travel_min for one in team.stops),
            walk_m=figures.get("walk_m") or sum(one.walk_m for one in team.stops),
            may_see_phone=all(one is not None and self.known.accounts.may_dial(team, one) for one in there),
            sheets=self.sheets.get(team.id, ()) if team.id is not None else (),
        )
        return view if self.is_planner else carried(view)

    def _stop(self, team: VisitTeam, stop: VisitStop) -> StopView:
        place, targets = self.known.places.of_stop(stop), tuple(self._target(team, one) for one in stop.targets)
        if not any(one.is_open for one in targets):  # where somebody lives to whom nobody goes is not told
            place = StopPlace(place.title, place=NO_MORE)
        return StopView(
            stop=stop,
            title=place.title,
            estate=place.estate,
            building=place.building,
            unit=place.unit,
            room=place.room,
            floor=place.floor,
            has_lift=place.has_lift,
            place=place.place,
            lonlat=place.lonlat,
            targets=targets,
        )

    def _target(self, team: VisitTeam, target: VisitTarget) -> TargetView:
        known, member = self.known, self.known.places.members.get(target.member_id)
        phone = phone_of(member) if member is not None else ""
        team_phone = phone if member is not None and known.accounts.may_dial(team, member) else ""
        return TargetView(
            target=target,
            name=member.name if member is not None else "",
            age=member.age_on(known.today) if member is not None else None,
            branch=known.orgs.get(member.branch_id, "") if member is not None else "",
            phone=phone if self.is_planner else team_phone,
            team_phone=team_phone,
            last_visit=known.last.get(target.member_id),
            result=self.accepted.get(target.id) if target.id is not None else None,
            n_conflicts=self.conflicts.get(target.id, 0) if target.id is not None else 0,
            is_open=member is not None and is_open(member, self.org_id, known.accounts),
        )


def read_known(reader: Reader, rounds: Sequence[VisitRound], today: date) -> Known:
    """Read what the rounds share, in a fixed number of queries."""
    places = read_places(reader, rounds)
    return Known(
        places=places,
        accounts=read_accounts(reader),
        last=reader.last_visits(places.members.keys()),
        orgs={org.id: org.name for org in reader.orgs() if org.id is not None},
        today=today,
    )


def opened_round(reader: Reader, actor: Actor, one: VisitRound, known: Known, *, is_planner: bool) -> RoundView:
    """Build the view of one round, which holds only what the actor may see."""
    accepted: dict[TargetId, KeptResult] = {}
    conflicts: dict[TargetId, int] = {}
    for result in reader.visit_results(one.id) if one.id is not None else ():
        if result.state is ResultState.ACCEPTED:
            accepted[result.target_id] = result
        elif result.state is ResultState.CONFLICT:
            conflicts[result.target_id] = conflicts.get(result.target_id, 0) + 1
    sheets: dict[TeamId, tuple[VisitSheet, ...]] = {}
    for sheet in reader.visit_sheets(one.id, user_id=actor.user_id) if one.id is not None else ():
        sheets[sheet.team_id] = (*sheets.get(sheet.team_id, ()), sheet)
    of_round = _Round(known, one.org_id, is_planner, accepted, conflicts, sheets, _planned_figures(one))
    teams = tuple(of_round.team(team) for team in one.teams)
    targets = [target for team in teams for stop in team.stops for target in stop.targets]
    return RoundView(
        round=one,
        org=known.orgs.get(one.org_id, ""),
        teams=teams,
        left_out=tuple(
            LeftOutView(tuple(known.places.name(number) for number in left.member_ids), left) for left in one.left_out
        ),
        n_targets=len(targets),
        n_done=sum(target.result is not None for target in targets),
        n_met=sum(target.result is not None and target.result.result is VisitResult.MET for target in targets),
        n_conflicts=sum(target.n_conflicts for target in targets),
        can_edit=is_planner and one.state in OPEN,
        warnings=warnings_of(one, known) if is_planner and one.state in OPEN else (),
    )


def is_open(member: Member, org_id: OrgId, accounts: Accounts) -> bool:
    """Whether a round of an organisation may still lead to a member."""
    is_there = member.left_on is None and member.restricted_on is None
    return is_there and org_id in above(member.branch_id, accounts.parents)


def _planned_figures(one: VisitRound) -> dict[int, dict[str, float]]:
    """Return by number what the planner says of each team's way: minutes out, on the road, metres, the way back in."""
    said = one.scores.get("teams")
    teams = [team for team in said if isinstance(team, dict) and "number" in team] if isinstance(said, list) else []
    names = ("minutes", "travel_min", "walk_m")
    return {int(team["number"]): {name: float(team[name]) for name in names if name in team} for team in teams}


def minutes_of(stops: Sequence[VisitStop]) -> float:
    """Return the minutes from setting out to the end of the last visit, half-day by half-day."""
    found = 0.0
    for shift in sorted({one.shift for one in stops}):
        mine = [one for one in stops if one.shift == shift]
        found += (mine[-1].leave - mine[0].arrive).total_seconds() / 60 + mine[0].travel_min
    return found


def warnings_of(visit_round: VisitRound, known: Known) -> tuple[str, ...]:
    """Say what a planner should look after; nothing of it stops anybody."""
    found = [said for team in visit_round.teams for said in _team_warnings(team, known)]
    members = _members(visit_round.teams, known)
    here = [one for one in members if one.left_on is None and one.restricted_on is None]
    gone = [one.name for one in here if not is_open(one, visit_round.org_id, known.accounts)]
    for reason, names in (
        ("已离开本支部名册", [one.name for one in members if one.left_on is not None]),
        ("已申请限制处理", [one.name for one in members if one.restricted_on is not None and one.left_on is None]),
        ("已转到别的支部", gone),
    ):
        if names:
            found.append(f"{'、'.join(names)}{reason}，请从这批走访中去掉")
    return tuple(found)


def _members(teams: Sequence[VisitTeam], known: Known) -> list[Member]:
    there = (target.member_id for team in teams for stop in team.stops for target in stop.targets)
    return [known.places.members[number] for number in there if number in known.places.members]


def _team_warnings(team: VisitTeam, known: Known) -> Iterator[str]:
    if len(team.visitors) < PAIR:
        said = "还没有写明走访人" if not team.visitors else f"只有{team.visitors[0].name}一人"
        yield f"第 {team.number} 组{said}：上门宜两人同行"
    without = [one.name for one in team.visitors if one.user_id not in known.accounts.known]
    if without and team.stops:
        yield f"第 {team.number} 组的{'、'.join(without)}没有可用的账号：走访单上不写电话，由支部先联系"
        return
    unseen = _not_covered(team, known)
    if unseen:
        names = "、".join(dict.fromkeys(name for name, _ in unseen))
        count = len({member.id for _, member in unseen})
        yield f"第 {team.number} 组的{names}，账号的管理范围不包括其中 {count} 名党员：这几户不写电话，由支部先联系"


def _not_covered(team: VisitTeam, known: Known) -> list[tuple[str, Member]]:
    return [
        (who.name, member)
        for member in _members([team], known)
        for who in team.visitors
        if not known.accounts.covers(who.user_id, member.branch_id)
    ]
