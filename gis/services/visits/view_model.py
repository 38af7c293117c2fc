"""What screens, phones, sheets and commands read of a round of visits; made by `visit_views`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import OrgId, RoundId
    from gis.model.visits import (
        KeptResult,
        LastVisit,
        LeftOut,
        RoundState,
        VisitRound,
        VisitSheet,
        VisitStop,
        VisitTarget,
        VisitTeam,
    )


@dataclass(frozen=True, slots=True)
class TargetView:
    """One member to visit.

    `phone` is what the reader of this view may dial, `team_phone` what may stand on the sheet of the team; both ""
    where the branch calls (由支部联系). `result` is the accepted one; `n_conflicts` others wait for a decision.
    `is_open` False: has left, gone to another branch or asked for restriction since, and is on no list that is carried.
    """

    target: VisitTarget
    name: str
    age: int | None
    branch: str
    phone: str
    team_phone: str
    last_visit: LastVisit | None
    result: KeptResult | None
    n_conflicts: int
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class StopView:
    """One door or one group session.

    `title`: who, or which group; `place`: where, as one reads it aloud; `lonlat`: EPSG:4490 degrees, None where no
    place is known. `floor` None: unknown; `has_lift` None: unknown.
    """

    stop: VisitStop
    title: str
    estate: str
    building: str
    unit: str
    room: str
    floor: int | None
    has_lift: bool | None
    place: str
    lonlat: tuple[float, float] | None
    targets: tuple[TargetView, ...]

    @property
    def n_done(self) -> int:
        """How many members have a result."""
        return sum(one.result is not None for one in self.targets)


@dataclass(frozen=True, slots=True)
class TeamView:
    """One team with its stops in order.

    `minutes`: how long it is out, all half-days together, with the way back as planned (without, where no plan says);
    `may_see_phone`: every one of the team has an account that covers every member behind its stops. `sheets` are all
    that were ever made, the voided ones too.
    """

    team: VisitTeam
    stops: tuple[StopView, ...]
    start: str
    start_lonlat: tuple[float, float] | None
    minutes: float
    travel_min: float
    walk_m: float
    may_see_phone: bool
    sheets: tuple[VisitSheet, ...]

    @property
    def visitors(self) -> str:
        """Who goes, as one reads it: `王某、李某`."""
        return "、".join(one.name for one in self.team.visitors)

    @property
    def n_targets(self) -> int:
        """Number of members."""
        return sum(len(one.targets) for one in self.stops)


def carried(team: TeamView) -> TeamView:
    """Return a team with the list that it carries: without whoever is not to be called on any more."""
    found = []
    for stop in team.stops:
        targets = tuple(one for one in stop.targets if one.is_open)
        is_door = stop.stop.group_id is None and stop.stop.session_id is None
        title = "、".join(one.name for one in targets) if is_door and targets != stop.targets else stop.title
        found += [replace(stop, title=title, targets=targets)] if targets else []
    return replace(team, stops=tuple(found))


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """Those left out for one reason, by name."""

    names: tuple[str, ...]
    left: LeftOut


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round; for somebody of a team only their teams, without those left out.

    `can_edit`: the actor plans visits and the round is neither over nor cancelled.
    """

    round: VisitRound
    org: str
    teams: tuple[TeamView, ...]
    left_out: tuple[LeftOutView, ...]
    n_targets: int
    n_done: int
    n_met: int
    n_conflicts: int
    can_edit: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round on the list."""

    id: RoundId
    name: str
    org: str
    org_id: OrgId
    state: RoundState
    first_day: date
    last_day: date
    n_teams: int
    n_stops: int
    n_targets: int
    n_done: int
    n_met: int
    n_conflicts: int
    n_left_out: int
    version: int
