"""The picture of a team's round as SVG: the same on paper, on the phone and in the offline file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.services.visit_views import TeamView
    from gis.store.database import Store

PHONE_BYTES = 12_000


def team_map(actor: Actor, store: Store, team: TeamView, *, max_bytes: int | None = None) -> str:
    """Draw a team's round: roads, buildings, names of estates, numbered pins and the way, as one SVG without script.

    `max_bytes` (of UTF-8) makes it simpler until it fits, for the phone `PHONE_BYTES`. Empty where no stop has a
    place.
    """
    raise NotImplementedError
