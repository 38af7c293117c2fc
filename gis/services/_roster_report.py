"""What importing a roster comes to: counts, faults, rows for a person, how exactly homes are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Precision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.errors import Fault
    from gis.model.ids import MemberId
    from gis.model.people import Member


@dataclass(frozen=True, slots=True)
class MergeCase:
    """A row that could be one of several members; a person decides, nothing was imported of it."""

    sheet: str
    row: int
    name: str
    branch: str
    reason: str
    candidates: tuple[MemberId, ...] = ()


@dataclass(frozen=True, slots=True)
class Located:
    """How many addressed members are known to the building, to the estate, not yet, or live elsewhere."""

    exact: int = 0
    estate: int = 0
    queue: int = 0
    outside: int = 0


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What a roster would change (`applied` False) or has changed.

    `preview` holds the points of the homes that were found, well-known binary in EPSG:4490, without any name.
    """

    file: str
    layouts: tuple[str, ...]
    rows: int
    new: int
    changed: int
    unchanged: int
    missing: int
    missing_members: tuple[MemberId, ...]
    applied: bool
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    merges: tuple[MergeCase, ...]
    located: Located
    preview: tuple[bytes, ...] = field(default=(), repr=False)


def located_of(members: Iterable[Member]) -> Located:
    """Count the addressed members by how exactly their homes are known."""
    counts = Counter(m.residence.precision for m in members if m.residence is not None and m.residence.address)
    return Located(
        counts[Precision.BUILDING],
        counts[Precision.ESTATE],
        counts[Precision.QUEUE] + counts[Precision.COMMUNITY],
        counts[Precision.OUTSIDE],
    )
