"""Who asks for data by address: whoever is signed in, else the screen on the wall whose token the gate has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.services.accounts import actor_of
from gis.services.displays import actor_of_display

if TYPE_CHECKING:
    from starlette.requests import Request

    from gis.model.access import Actor


def actor_asking(request: Request) -> Actor:
    """Return the acting side of a request that the gate let through."""
    account = getattr(request.state, "account", None)
    return actor_of_display(request.state.display) if account is None else actor_of(account)
