"""A calendar file for those who visit: one event a half-day; no member's name and no home stands in it.

Telephones show calendars on the locked screen: who is visited is told by the sheet alone (domain.md 2B).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.visits import RoundState
from gis.services.access import require
from gis.services.ics_text import calendar_file, escaped, times
from gis.services.notices import NoticeFile
from gis.services.visits.views import open_round

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.model.visits import Shift, VisitRound, VisitStop
    from gis.services.visits.views import RoundView, TeamView
    from gis.store.database import Store

MIME = "text/calendar"
MY_VISITS = "/visits/my"


def visits_ics(
    actor: Actor, store: Store, round_id: RoundId, team: int | None = None, *, address: str = ""
) -> NoticeFile:
    """Make the calendar of one team, by its number in the round, or of all teams that the actor sees.

    Parameters
    ----------
    address
        Where the screens are reached, e.g. "https://jiujin.example"; "" leaves the link out.

    Raises
    ------
    InputError
        The round is still a draft.
    NotFoundError, DeniedError
        The round lies outside the scope, has no such team, or the role may not visit.
    """
    require(actor, Action.MAKE_VISITS)
    view = open_round(actor, store, round_id)
    if view.round.state is RoundState.DRAFT:
        msg = "这批走访还是草案，时间还会变：下发以后再导出日历"
        raise InputError(msg)
    teams = [one for one in view.teams if team is None or one.team.number == team]
    if not teams:
        msg = f"这批走访没有第 {team} 组" if team is not None else "这批走访没有排给您的小组"
        raise NotFoundError(msg)
    events = (event for one in teams for event in _events(view, one, store.clock(), address.rstrip("/")))
    name = f"上门送学-{view.round.first_day:%Y%m%d}" + (f"-第{team}组" if team is not None else "")
    return NoticeFile(f"{name}.ics", MIME, calendar_file("visits", "上门送学", events))


def _events(view: RoundView, team: TeamView, made_at: datetime, address: str) -> Iterator[list[str]]:
    for place, shift in enumerate(team.team.shifts):
        stops = [one.stop for one in team.stops if one.stop.shift == place]
        if stops:
            yield _event(view.round, team, (place, shift, stops), (made_at, address))


def _event(
    visit_round: VisitRound,
    team: TeamView,
    half_day: tuple[int, Shift, Sequence[VisitStop]],
    made: tuple[datetime, str],
) -> list[str]:
    place, shift, stops = half_day
    made_at, address = made
    begins = datetime.combine(shift.day, time()) + timedelta(minutes=shift.from_min)
    ends = max(stop.leave for stop in stops) + timedelta(seconds=59)
    first, ends = min(stop.arrive for stop in stops).replace(second=0), ends.replace(second=0)
    said = [
        f"{first:%H:%M} 到第一户，{ends:%H:%M} 左右结束，路上共约 {sum(one.travel_min for one in stops):.0f} 分钟。"
    ]
    if address:
        said.append(f"名单和走访单登录后查看：{address}{MY_VISITS}")
    is_off = visit_round.state is RoundState.CANCELLED
    return [
        f"UID:visit-{visit_round.id}-{team.team.id}-{place}@jiujin",
        f"SEQUENCE:{visit_round.version}",
        *times(min(begins, first), max(ends, begins + timedelta(minutes=1)), made_at),
        f"SUMMARY:{escaped(f'上门送学 第{team.team.number}组 {_count(stops)}')}",
        f"LOCATION:{escaped(team.start)}",
        f"DESCRIPTION:{escaped(chr(10).join(said))}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
    ]


def _count(stops: Sequence[VisitStop]) -> str:
    groups = sum(one.group_id is not None or one.session_id is not None for one in stops)
    doors = len(stops) - groups
    return "、".join(text for count, text in ((doors, f"{doors} 户"), (groups, f"小组学习 {groups} 次")) if count)
