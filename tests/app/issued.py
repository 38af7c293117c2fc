"""A round of visits of today in the tiny street: the liaison goes to 甲, who was met, and to 乙; another team to 藏."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from gis.model.access import Action, Role, operator
from gis.model.office_day import local_day
from gis.model.visits import (
    ResultSource,
    ResultState,
    RoundState,
    SaidResult,
    SheetKind,
    Shift,
    Visitor,
    VisitPurpose,
    VisitResult,
    VisitRound,
    VisitSheet,
    VisitStop,
    VisitTarget,
    VisitTeam,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gis.model.ids import MemberId, TeamId
    from gis.store.database import Store
    from tests.app.tiny import Tiny

CLERK = operator()
SHEET = "SX20261122-1-1-1"


def issue_today(store: Store, tiny: Tiny) -> tuple[date, TeamId]:
    """Issue the round, with a sheet for the liaison's team; returns the day and that team."""
    day = local_day(store.clock())
    with store.reading(CLERK.scope) as reader:
        known = {one.name: one.id for one in reader.members() if one.id is not None}
        user = next(number for number, (_, role, _) in reader.visitor_accounts((Role.LIAISON,)).items())
    one = team(1, day, [known["甲"], known["乙"]], Visitor("禾走访", user))
    two = team(2, day, [known["藏"]], Visitor("禾同行"))
    with store.writing(CLERK, Action.PLAN_VISITS) as writer:
        visit_round = VisitRound(None, tiny.branch, "本周走访", day, day + timedelta(days=1), (one, two))
        number = writer.add_visit_round(visit_round)
        writer.set_round_state(number, 1, RoundState.ISSUED)
        made = writer.visit_round(number)
        assert made is not None
        first = made.teams[0]
        target = first.stops[0].targets[0].id
        assert target is not None
        assert first.id is not None
        met = SaidResult("k1", target, VisitResult.MET, day, "禾走访")
        writer.add_visit_result(met, source=ResultSource.DESK, state=ResultState.ACCEPTED)
        until = day + timedelta(days=7)
        writer.add_visit_sheet(VisitSheet(None, first.id, SHEET, SheetKind.PAPER, "禾走访", store.clock(), until))
        return day, first.id


def team(number: int, day: date, members: Sequence[MemberId], *visitors: Visitor) -> VisitTeam:
    """Make a team that calls at a door an hour for each member."""
    stops = []
    for place, member in enumerate(members):
        arrive = datetime.combine(day, time(9 + place))
        target = VisitTarget(member, (VisitPurpose.STUDY,))
        stops.append(VisitStop((target,), 0, place + 1, arrive, arrive + timedelta(minutes=25), 5, 300, 25))
    return VisitTeam(number, visitors, (Shift(day, 510, 660),), tuple(stops))
