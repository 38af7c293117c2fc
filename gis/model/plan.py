"""A plan of study groups as people read it: who meets where, why, and who is left out and what would help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import HostId, MemberId, OrgId, VenueId


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group can meet: a host household or a venue; `key` is `H12` or `V3`, `label` what people call it."""

    key: str
    label: str
    lon: float
    lat: float
    capacity: int
    is_step_free: bool
    host_id: HostId | None = None
    venue_id: VenueId | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another place a member could have been seated, and why not. `walk_m` None: nothing leads there."""

    place: Place
    walk_m: float | None
    why_not: str


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """One member of a proposed group."""

    member_id: MemberId
    name: str
    walk_m: float
    minutes: int
    why: str
    is_estimated: bool = False
    is_locked: bool = False
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """One proposed group of one original branch; `leader_id` None: set by hand, and nobody in it can lead."""

    id: str
    place: Place
    branch_id: OrgId
    branch: str
    leader_id: MemberId | None
    seats: tuple[SeatPlan, ...]


@dataclass(frozen=True, slots=True)
class Unseated:
    """A member without a seat: the reason and the smallest change that would give one.

    `code` is stable for programs; the two sentences are for people.
    """

    member_id: MemberId
    name: str
    branch_id: OrgId
    code: str
    reason: str
    smallest_change: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures a plan is compared by; walks of the seated members in metres, 0 where nobody is seated."""

    seated: int
    mean_walk_m: float
    p90_walk_m: float
    longest_walk_m: float


@dataclass(frozen=True, slots=True)
class GroupingSettings:
    """Every number of the planner that an office may change; defaults with their sources in docs/plan-json.md."""

    limit_m: float = 1080.0
    limit_60_m: float = 810.0
    limit_80_m: float = 540.0
    speed_m_s: float = 1.2
    speed_60_m_s: float = 0.9
    speed_80_m_s: float = 0.6
    frail_weight: float = 2.0
    min_size: int = 3
    target_low: int = 5
    target_high: int = 15
    host_capacity_max: int = 15
    groups_per_place: int = 3
    detour_factor: float = 1.5
    max_snap_m: float = 200.0


@dataclass(frozen=True, slots=True)
class GroupingRequest:
    """What is asked: no branches means the actor's whole scope."""

    branch_ids: tuple[OrgId, ...] = ()
    is_all_members: bool = False
    seconds: float = 20.0
    seed: int = 0
    settings: GroupingSettings = field(default_factory=GroupingSettings)


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A proposal. Nothing of it is saved until somebody adopts it; `data_version` says on which data it stands."""

    request: GroupingRequest
    branch_ids: tuple[OrgId, ...]
    as_of: date
    data_version: int
    status: str
    objective: float
    bound: float
    gap: float
    unseated_penalty: float
    seconds: float
    solver: str
    is_estimated: bool
    groups: tuple[PlannedGroup, ...]
    unseated: tuple[Unseated, ...]
    scores: Scores
