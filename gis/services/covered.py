"""Who is covered, for the board of figures: as `gis.services.coverage` says, kept until something it rests on changes.

Walking distances cost more than all other figures together, so that they are measured again only for another day or
where territory, people, groups or settings have changed. Apart from `kept_answers`: asked in the middle of a reading by
its scope alone, so that the version is the one that this reading sees, whoever writes meanwhile.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from gis.model.coverage import COVERED
from gis.services.coverage_facts import read_coverage_facts
from gis.store.stamping import GROUPS, PEOPLE, SYSTEM, TERRITORY

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from gis.store.reader import Reader

KEPT = 16
_kept: dict[tuple[object, ...], NDArray[np.bool_]] = {}
_lock = Lock()


def covered_people(reader: Reader, today: date) -> NDArray[np.bool_]:
    """Return of each member in transition of the scope, by id, whether covered; shape (n_moving,)."""
    scope = reader.scope.key if reader.scope is not None else None
    key = (reader.session.get_bind(), scope, reader.data_version(TERRITORY, PEOPLE, GROUPS, SYSTEM), today)
    found = _kept.get(key)
    if found is None:
        states = read_coverage_facts(reader, None, today).states
        found = np.array([state in COVERED for state in states], dtype=np.bool_)
        with _lock:
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    return found
