"""What a round of visits is asked for: days, half-days, teams, whom, and how long to compute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Labelled
from gis.model.visits import Shift, TravelWay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.ids import BuildingId, MemberId, OrgId, VenueId
    from gis.model.settings import OfficeSettings
    from gis.model.visits import DueKind, Visitor, VisitRound


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
