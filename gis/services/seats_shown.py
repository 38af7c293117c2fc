"""How many seats are taken at each place where groups meet, as who sees counts only is shown it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gis.model.access import Action
from gis.services.access import require
from gis.services.on_wall import kept_now
from gis.services.suppress import hidden_cells
from gis.services.wall_counts import on_wall_now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gis.model.access import Actor
    from gis.services.on_wall import OnWall
    from gis.store.database import Store

    PlaceKey = tuple[str, int]
    Taken = Mapping[PlaceKey, int | None]


def seats_shown(actor: Actor, store: Store) -> Taken:
    """Count the seats in force of each place, by `host` or `venue` and its id; None is not shown, none: not there.

    Roles that look after the system and no members get no number.
    """
    require(actor, Action.VIEW_MAP)
    if not actor.scope.sees_people and actor.may(Action.VIEW_KPIS):
        return _shown(actor, store)[0]
    with store.reading(actor.scope) as reader:
        taken = reader.seats_taken()
    return taken if actor.scope.sees_people else dict.fromkeys(taken)


def on_wall_and_seats(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from the seats and the wall (`gis.services.on_wall`)."""
    require(actor, Action.VIEW_KPIS)
    return _shown(actor, store)[1]


def _shown(actor: Actor, store: Store) -> tuple[Taken, OnWall]:
    return kept_now(actor, store, "seats", lambda: _choose(actor, store))


def _choose(actor: Actor, store: Store) -> tuple[Taken, OnWall]:
    known = on_wall_now(actor, store)
    with store.reading(actor.scope) as reader:
        sitting = reader.sitting_at()
    taken = {place: len(rows) for place, rows in sitting.items()}
    hidden = hidden_cells(taken, [tuple(taken)], known.below)
    largest = sorted(set(taken) - hidden, key=lambda place: (-taken[place], place))
    kept, known = known.choose({place: [often(sitting[place], len(known.people))] for place in largest})
    return {place: count if place in kept else None for place, count in taken.items()}, known


def often(rows: Sequence[int], n_people: int) -> NDArray[np.uint8]:
    """Say of each of some people how often they are in `rows`, (n_people,)."""
    return np.bincount(np.array(rows, dtype=np.int64), minlength=n_people).astype(np.uint8)
