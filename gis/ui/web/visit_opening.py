"""Which team's list an address means, and whether whoever asks may open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.visits import RoundState
from gis.services.access import require
from gis.services.accounts import actor_of
from gis.services.visits.views import my_teams, open_sheet_team
from gis.ui import office

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request

    from gis.model.access import Actor
    from gis.model.visits import VisitSheet
    from gis.services.visits.views import RoundView, TeamView

LONGEST_NUMBER = 32
TEAM_MARK = "T"  # T12: the list of a team by itself, for those of the team, with or without a sheet


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A team's list that somebody opened: by a sheet, or, `sheet` None, as one of the team."""

    actor: Actor
    view: RoundView
    team: TeamView
    sheet: VisitSheet | None
    today: date

    @property
    def number(self) -> str:
        """What stands in the address."""
        return self.sheet.number if self.sheet else f"{TEAM_MARK}{self.team.team.id}"

    @property
    def sheet_number(self) -> str:
        """The number of the sheet, "" without one."""
        return self.sheet.number if self.sheet else ""

    @property
    def closed(self) -> str:
        """Why the list is no longer used on the way, for the planner who opens it all the same; empty: it is."""
        if self.view.round.state is RoundState.CANCELLED:
            return "这一批走访已经取消"
        if self.sheet is None:
            return ""
        if self.sheet.voided_on is not None:
            return f"这张走访单已于 {self.sheet.voided_on:%Y-%m-%d} 作废"
        if self.sheet.returned_on is not None:
            return f"这张走访单已于 {self.sheet.returned_on:%Y-%m-%d} 交回"
        if self.sheet.expires_on < self.today:
            return f"这张走访单用到 {self.sheet.expires_on:%Y-%m-%d} 为止，已经过期"
        return ""


@dataclass(frozen=True, slots=True)
class MyTeam:
    """One line of a list of teams."""

    view: RoundView
    team: TeamView
    today: date

    @property
    def address(self) -> str:
        """What its list is opened by."""
        return f"{TEAM_MARK}{self.team.team.id}"

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the team in order."""
        return tuple(sorted({shift.day for shift in self.team.team.shifts}))

    @property
    def is_today(self) -> bool:
        """Whether the team goes today."""
        return self.today in self.days

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed."""
        return bool(self.days) and self.days[-1] < self.today

    @property
    def order(self) -> tuple[int, int]:
        """Today's first, then those ahead, then the past from the latest."""
        first = self.days[0].toordinal() if self.days else 0
        return (0, first) if self.is_today else (2, -first) if self.is_over else (1, first)

    @property
    def latest_sheet(self) -> str:
        """The number of the newest sheet that is not void; empty: none was made."""
        made = [one for one in self.team.sheets if one.voided_on is None]
        return max(made, key=lambda one: one.issued_at).number if made else ""

    @property
    def done(self) -> int:
        """How many have a result."""
        return sum(stop.n_done for stop in self.team.stops)


def today_here() -> date:
    """Return the day in the office."""
    return office.store().today()


def open_sheet(request: Request) -> OpenSheet:
    """Open the list of the address for whoever asks.

    Raises
    ------
    DeniedError
        The role makes no visits.
    NotFoundError
        There is no such sheet, or it is another team's.
    InputError
        It is not to be used any more.
    """
    number = request.path_params["number"].strip().upper()
    if not number or len(number) > LONGEST_NUMBER or not number.isprintable():
        msg = "没有这样的走访单号"
        raise NotFoundError(msg)
    actor = actor_of(request.state.account)
    require(actor, Action.MAKE_VISITS)
    if number.startswith(TEAM_MARK):
        return _open_own(actor, number)
    view, team, sheet = open_sheet_team(actor, office.store(), number)
    return OpenSheet(actor, view, team, sheet, today_here())


def _open_own(actor: Actor, number: str) -> OpenSheet:
    for view, team in my_teams(actor, office.store()):
        if f"{TEAM_MARK}{team.team.id}" == number:
            return OpenSheet(actor, view, team, None, today_here())
    msg = "这份名单不是您所在的走访小组的，或这批走访已经结束"
    raise NotFoundError(msg)
