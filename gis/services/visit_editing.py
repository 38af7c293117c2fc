"""A planned round changed by hand: every change says first what becomes of the times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.visits import Visitor

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import BuildingId, MemberId, RoundId, StopId, VenueId
    from gis.model.visits import VisitRound
    from gis.store.database import Store


@dataclass(frozen=True, slots=True)
class MoveStop:
    """Put a stop to another place, in its team or another one: `position` from 1 in the half-day `shift`."""

    stop_id: StopId
    team_number: int
    position: int
    shift: int = 0


@dataclass(frozen=True, slots=True)
class LockStop:
    """Tie a stop to its team and half-day, or free it."""

    stop_id: StopId
    is_locked: bool = True


@dataclass(frozen=True, slots=True)
class DropStop:
    """Take a stop out of the round; it stands among those left out, with the reason."""

    stop_id: StopId
    reason: str


@dataclass(frozen=True, slots=True)
class AddMember:
    """Visit one more member, at the best place in the team's day."""

    member_id: MemberId
    team_number: int


@dataclass(frozen=True, slots=True)
class SetVisitors:
    """Name who goes."""

    team_number: int
    visitors: tuple[Visitor, ...]


@dataclass(frozen=True, slots=True)
class ChangeStart:
    """Let a team start at a venue or a building; neither: at its first door."""

    team_number: int
    venue_id: VenueId | None = None
    building_id: BuildingId | None = None
    is_returning: bool = True


VisitEdit = MoveStop | LockStop | DropStop | AddMember | SetVisitors | ChangeStart


@dataclass(frozen=True, slots=True)
class TeamChange:
    """Minutes and stops of a team before and after."""

    team_number: int
    minutes_before: int
    minutes_after: int
    stops_before: int
    stops_after: int


@dataclass(frozen=True, slots=True)
class EditProblem:
    """Something the planner should know: `message` is a sentence, `code` says which rule."""

    code: str
    where: str
    message: str
    stop_id: StopId | None = None


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What an edit does: the round as it then is (all times anew), in words, and what is wrong with it.

    `version` is that of the round as saved: the next edit is based on it.
    """

    round: VisitRound
    text: str
    teams: tuple[TeamChange, ...]
    problems: tuple[EditProblem, ...]
    version: int


def preview_edit(actor: Actor, store: Store, round_id: RoundId, version: int, edit: VisitEdit) -> EditEffect:
    """Say what an edit would do; nothing is saved."""
    raise NotImplementedError


def apply_edit(actor: Actor, store: Store, round_id: RoundId, version: int, edit: VisitEdit) -> EditEffect:
    """Edit a draft or an issued round. A problem is named, not refused."""
    raise NotImplementedError


def replan_round(actor: Actor, store: Store, round_id: RoundId, version: int, seconds: float) -> EditEffect:
    """Plan the stops anew; locked stops stay, the order stays where it can."""
    raise NotImplementedError
