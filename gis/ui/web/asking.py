"""Who asks by address, and what they send: whoever is signed in, else the screen on the wall whose token was seen."""

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


async def body_of(request: Request, most: int) -> bytes | None:
    """Return the body, None where it is longer than `most` bytes; never more is held than that."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > most:
            return None
        parts.append(part)
    return b"".join(parts)
