"""What has been imported so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services.access import require

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.imports import ImportBatch
    from gis.store.database import Store


def list_batches(actor: Actor, store: Store, *, newest: int = 50) -> tuple[ImportBatch, ...]:
    """List the newest imports first; whoever does not manage the whole street sees their own."""
    require(actor, Action.IMPORT_DATA)
    with store.reading(actor.scope) as reader:
        found = reader.batches(newest=newest)
    return found if actor.scope.whole_street else tuple(one for one in found if one.applied_by == actor.name)
