"""A calendar file for those who visit: one event a half-day; no member's name and no address stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.ids import RoundId
    from gis.services.notices import NoticeFile
    from gis.store.database import Store


def visits_ics(
    actor: Actor, store: Store, round_id: RoundId, team: int | None = None, *, address: str = ""
) -> NoticeFile:
    """Make the calendar of one team, by its number in the round, or of all teams.

    Parameters
    ----------
    address
        Where the screens are reached, e.g. "https://jiujin.example"; "" leaves the link out.

    Raises
    ------
    NotFoundError, DeniedError
        The round lies outside the scope, has no such team, or the role may not visit.
    """
    raise NotImplementedError
