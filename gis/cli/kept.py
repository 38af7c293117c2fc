"""Files that a command writes for people: below the exports folder they are recorded, and deleted in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.config import settings
from gis.model.access import operator
from gis.services.exports import keep_file, note_export

if TYPE_CHECKING:
    from gis.services.exports import Kept
    from gis.store.database import Store


def keep(store: Store, kept: Kept, content: bytes) -> bool:
    """Write a file; returns whether it was recorded.

    Raises
    ------
    InputError
        It cannot be written.
    """
    keep_file(kept.path, content)
    return note_export(operator(), store, kept, home=settings().home)
