"""What a planner has in hand on one round: the stop looked at, and the last change, as long as it can be taken back.

Only conveniences of the tab: everything that counts is committed in the database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.ui import session

if TYPE_CHECKING:
    from gis.model.ids import RoundId
    from gis.services.visits.editing import VisitEdit
    from gis.services.visits.views import RoundView, StopView, TeamView


@dataclass(frozen=True, slots=True)
class Desk:
    """One planner's desk; `back` undoes the last change while the round still has the version `back_at`."""

    stop: int | None = None
    turn: int = 0  # widgets of an earlier turn are gone
    back: VisitEdit | None = None
    back_at: int = 0
    back_text: str = ""


def desk_of(round_id: RoundId) -> Desk:
    """Return the desk."""
    kept: Desk = session.recall(_key(round_id)) or Desk()
    return kept


def keep(round_id: RoundId, desk: Desk) -> None:
    """Keep the desk for this tab."""
    session.remember(_key(round_id), desk)


def look_at(round_id: RoundId, stop_id: int | None) -> None:
    """Take a stop in hand, or none."""
    mine = desk_of(round_id)
    keep(round_id, replace(mine, stop=stop_id, turn=mine.turn + 1))


def done(round_id: RoundId, back: VisitEdit | None, version: int, text: str) -> None:
    """Note what was done and how to take it back."""
    mine = desk_of(round_id)
    keep(round_id, Desk(mine.stop, mine.turn + 1, back, version, text))


def stop_in_hand(view: RoundView, desk: Desk) -> tuple[TeamView, StopView] | None:
    """Return the stop in hand with its team, if the round still holds it."""
    if desk.stop is None:
        return None
    return next(
        ((team, stop) for team in view.teams for stop in team.stops if int(stop.stop.id or 0) == desk.stop), None
    )


def _key(round_id: RoundId) -> str:
    return f"visits_desk_{int(round_id)}"
