"""Territory and places: the stable keys of the product.

A `shape` is well-known binary in EPSG:4490 longitude, latitude; frames are made of it in the readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import BuildingStatus, DivisionLevel, GridKind, HostStatus, VenueKind

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import BuildingId, DivisionId, EstateId, GridId, HostId, MemberId, OrgId, RoadId, VenueId

MAIN_ROADS = frozenset({"motorway", "trunk", "primary", "secondary", "主干路", "快速路", "次干路", "干道", "主干道"})
FOOT_PATHS = frozenset({"footway", "path", "steps", "pedestrian", "cycleway", "步行道", "小路", "人行道", "步道"})


@dataclass(frozen=True, slots=True)
class Division:
    """行政区划: a street, a community or a village."""

    id: DivisionId | None
    code: str
    name: str
    level: DivisionLevel = DivisionLevel.VILLAGE
    parent_code: str = ""
    shape: bytes | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """网格: a polygon of one community."""

    id: GridId | None
    grid_code: str
    name: str
    community_code: str
    kind: GridKind = GridKind.BASE
    shape: bytes | None = None
    area_m2: float = 0.0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Estate:
    """小区, with the other names people write for it."""

    id: EstateId | None
    name: str
    aliases: tuple[str, ...] = ()
    division_code: str = ""
    shape: bytes | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Building:
    """楼栋: a footprint or a point."""

    id: BuildingId | None
    estate: str
    building_no: str
    shape: bytes | None = None
    estate_id: EstateId | None = None
    grid_id: GridId | None = None
    address: str = ""
    floors: int | None = None
    units: int | None = None
    households: int | None = None
    has_lift: bool | None = None
    status: BuildingStatus = BuildingStatus.STANDING
    source_id: str = ""
    source_crs: str = ""
    version: int = 1

    @property
    def label(self) -> str:
        """What people call it: `青竹苑 3幢`."""
        number = f"{self.building_no}幢" if self.building_no[-1:].isdecimal() else self.building_no
        return f"{self.estate} {number}".strip()


@dataclass(frozen=True, slots=True)
class Road:
    """道路: one line; `is_walkable` lines make the walking network."""

    id: RoadId | None
    name: str
    kind: str
    shape: bytes
    is_walkable: bool = True
    source_id: str = ""
    version: int = 1

    @property
    def rank(self) -> int:
        """How it is drawn: 0 a main road, 1 a street, 2 a path."""
        return 0 if self.kind in MAIN_ROADS else 2 if self.kind in FOOT_PATHS else 1


@dataclass(frozen=True, slots=True)
class Venue:
    """阵地/场所 that belongs to an organisation."""

    id: VenueId | None
    name: str
    kind: VenueKind
    capacity: int
    shape: bytes | None
    org_id: OrgId | None = None
    building_id: BuildingId | None = None
    floor: int | None = None
    has_lift: bool | None = None
    is_step_free: bool | None = None
    equipment: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class HostHousehold:
    """党员中心户. `name` is the householder's, blank where the reader's scope does not reach the branch."""

    id: HostId | None
    name: str
    branch_id: OrgId
    capacity: int
    shape: bytes | None
    address: str = ""
    member_id: MemberId | None = None
    building_id: BuildingId | None = None
    floor: int | None = None
    is_step_free: bool | None = None
    equipment: tuple[str, ...] = ()
    status: HostStatus = HostStatus.APPROVED
    applied_on: date | None = None
    recommended_on: date | None = None
    group_proposed_on: date | None = None
    approved_on: date | None = None
    agreement_signed_on: date | None = None
    responsible_member_id: MemberId | None = None
    suspended_on: date | None = None
    ended_on: date | None = None
    ended_reason: str = ""
    capacity_reason: str = ""
    note: str = ""
    version: int = 1
