"""Coverage: which transition members have a place to meet within reach, and what is missing where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import BuildingId, EstateId, MemberId, OrgId


class Reach(Labelled):
    """Where a transition member stands; each member counts once."""

    GROUPED = "grouped", "已编入党小组"
    FREE = "free", "走得到的地点有空座"
    FULL = "full", "走得到的地点都没有空座"
    NONE = "none", "走得到的范围内没有地点"
    UNKNOWN = "unknown", "住址未核定或在辖区外"
    ELSEWHERE = "elsewhere", "本人另有意愿、不便出门等"


COVERED = (Reach.GROUPED, Reach.FREE)
#: Who would take a seat, were there one
WAITING = (Reach.FREE, Reach.FULL, Reach.NONE)


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """A community or a branch: how many are covered out of how many; None is not shown.

    `parts` are the counts of all states, empty where counts only are seen.
    """

    key: str
    name: str
    denominator: int | None
    count: int | None
    parts: dict[Reach, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """A building or an estate with members who have no place within reach; `nearest_m` None: none far around."""

    label: str
    building_id: BuildingId | None
    estate_id: EstateId | None
    community: str
    members: int
    nearest_m: int | None


@dataclass(frozen=True, slots=True)
class OrgGap:
    """A branch without a group, or without a session in so many months; `last_held` None: none on record."""

    branch_id: OrgId
    branch: str
    has_no_group: bool
    is_without_session: bool
    last_held: date | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of one scope on one day.

    `count` of `denominator` members are covered, `parts` say how. `without_seat` of those who would take a seat cannot
    all sit at the same time. `buildings` of `buildings_of` have a place within `building_limit_m`. None: not shown.
    """

    as_of: date
    definition: str
    of: str
    denominator: int | None
    count: int | None
    parts: dict[Reach, int | None]
    communities: tuple[CoverageCount, ...]
    branches: tuple[CoverageCount, ...]
    without_seat: int | None
    places: int
    free_seats: int | None
    buildings: int
    buildings_of: int
    building_limit_m: int
    gaps: tuple[Gap, ...]
    org_gaps: tuple[OrgGap, ...]
    months: int
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class NextHost:
    """One more place and what it brings.

    So many more (`more_seated`) of those who would take a seat have one; all the seated together walk `more_m` metres
    more. Of those without a place within reach `newly_reached` get one; `fewer_uncovered` more count as covered.
    `hosts` are the full members who live there, or none for a candidate venue; `gained` who comes to be covered.
    """

    key: str
    label: str
    building_id: BuildingId | None
    lon: float
    lat: float
    seats: int
    more_seated: int
    more_m: int
    newly_reached: int
    fewer_uncovered: int
    hosts: tuple[tuple[MemberId, str], ...]
    gained: tuple[MemberId, ...] = ()


@dataclass(frozen=True, slots=True)
class NextHosts:
    """The best places alone, and the best one after another; `without_seat` before any of them is added."""

    as_of: date
    definition: str
    waiting: int
    without_seat: int
    uncovered: int
    n_candidates: int
    best: tuple[NextHost, ...]
    in_turn: tuple[NextHost, ...]
