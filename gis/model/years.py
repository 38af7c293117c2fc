"""历年变化: the members in transition on one day after another, from the histories that the store keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Step(Labelled):
    """How far apart the days are."""

    YEAR = "year", "按年"
    QUARTER = "quarter", "按季"
    MONTH = "month", "按月"


@dataclass(frozen=True, slots=True)
class Moment:
    """The figures of one day; None is not shown. `new` entered transition in the year of the day, up to it.

    `returned` are those on the roster who have returned so far; `left_out` says of whom no mark is drawn, and why.
    """

    day: date
    label: str
    in_transition: int | None
    grouped: int | None
    groups: int
    returned: int | None
    new: int | None
    assumed: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastMark:
    """Where one member lived from one moment to another (positions in the list), as precisely as is allowed today.

    No id, no name. `is_assumed`: there is no record so early, the first one is taken to have held already.
    """

    lon: float
    lat: float
    at: str
    grid_id: int | None
    building_id: int | None
    first: int
    last: int
    is_grouped: bool
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The moments, oldest first, the last one today.

    Whoever sees people gets `marks`, the others `by_community`: counts by code for each moment, None where hidden, ""
    are those in no community of the street. Before `recorded_from` nothing was recorded at the time: the figures are
    what is registered now, seen backwards.
    """

    step: Step
    moments: tuple[Moment, ...]
    recorded_from: date | None
    marks: tuple[PastMark, ...] | None = None
    by_community: Mapping[str, tuple[int | None, ...]] | None = None
