"""Members and where they live. Never stored: ID number, health, ethnicity, education, opinions (domain.md 2B)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.model.enums import (
    Gender,
    HousingKind,
    MapPrecision,
    MembershipStatus,
    MemberStatus,
    MobilityLevel,
    PositionSource,
    Precision,
    Preference,
)

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import BuildingId, EstateId, GridId, HostId, MemberId, OrgId, ResidenceId
    from gis.model.rights import LeftKind


@dataclass(frozen=True, slots=True)
class Residence:
    """One address of a member with its position; dated, never overwritten.

    `shape` is a point (well-known binary, EPSG:4490) or None; `confidence` is 1 for a building, 0.5 for an
    estate, 0.2 for a community (domain.md 3.4).
    """

    address: str
    precision: Precision = Precision.QUEUE
    source: PositionSource = PositionSource.NONE
    confidence: float = 0.0
    building_id: BuildingId | None = None
    estate_id: EstateId | None = None
    grid_id: GridId | None = None
    unit_no: str = ""
    room_no: str = ""
    shape: bytes | None = None
    candidates: tuple[BuildingId, ...] = ()
    reason: str = ""
    valid_from: date | None = None
    located_on: date | None = None
    id: ResidenceId | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Transition:
    """返迁过渡期: open while `returned_on` is None."""

    started_on: date | None = None
    expected_return: str = ""
    returned_on: date | None = None
    project: str = ""
    return_community: str = ""
    housing_kind: HousingKind | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """党员. `birth_ym` and the other dates are `YYYY-MM` (or `YYYY-MM-DD`), "" where unknown.

    `max_walk_m` is the member's own limit, None: by age. `companion_ids` are those who sit in the same group or not at
    all: of each pair both name the other.
    """

    id: MemberId | None
    name: str
    branch_id: OrgId
    birth_ym: str = ""
    gender: Gender = Gender.UNKNOWN
    phone: str = ""
    phone2: str = ""
    member_status: MemberStatus = MemberStatus.FULL
    membership_status: MembershipStatus = MembershipStatus.NORMAL
    joined_on: str = ""
    confirmed_on: str = ""
    post: str = ""
    original_village: str = ""
    categories: tuple[str, ...] = ()
    preference: Preference = Preference.NONE
    mobility_level: MobilityLevel | None = None
    lives_alone: bool | None = None
    is_leader_eligible: bool = False
    locked_host_id: HostId | None = None
    max_walk_m: int | None = None
    companion_ids: tuple[MemberId, ...] = ()
    map_precision: MapPrecision = MapPrecision.BUILDING
    roster_source: str = ""
    residence_org_id: OrgId | None = None
    left_on: date | None = None
    left_kind: LeftKind | None = None
    restricted_on: date | None = None
    residence: Residence | None = None
    transition: Transition | None = None
    version: int = 1

    @property
    def is_full(self) -> bool:
        """Whether the member is a full member with normal membership."""
        return self.member_status is MemberStatus.FULL and self.membership_status is MembershipStatus.NORMAL

    @property
    def is_in_transition(self) -> bool:
        """Whether a transition episode is open."""
        return self.transition is not None and self.transition.returned_on is None

    def age_on(self, day: date) -> int | None:
        """Full years on `day` counted by month, or None where the birth month is unknown."""
        if not self.birth_ym:
            return None
        year, month = int(self.birth_ym[:4]), int(self.birth_ym[5:7] or 1)
        return day.year - year - (1 if day.month < month else 0)


@dataclass(frozen=True, slots=True)
class Seat:
    """A member's open place in a group."""

    member_id: MemberId
    group_id: int
    role: str
    valid_from: date
    valid_to: date | None = None
    walk_m: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PartyGroup:
    """党小组 with its open seats."""

    id: int
    branch_id: OrgId
    name: str
    kind: str
    status: str
    leader_id: MemberId | None
    host_id: HostId | None
    venue_id: int | None
    decided_on: date | None
    valid_from: date
    valid_to: date | None
    seats: tuple[Seat, ...] = field(default=())
    version: int = 1
