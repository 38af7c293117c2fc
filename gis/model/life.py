"""迁居、返迁、转接和离开: code lists, the dated rows of a member's life, and which row holds on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gis.model.enums import Precision
    from gis.model.ids import BuildingId, GridId, MemberId, OrgId, ResidenceId


class LifeKind(Labelled):
    """What was registered of a member."""

    MOVED = "moved", "迁居"
    CORRECTED = "corrected", "更正住址"
    RETURNED = "returned", "返迁"
    TRANSFERRED = "transferred", "转接组织关系"
    LEFT = "left", "离开花名册"
    CAME_BACK = "came_back", "撤销离开登记"


class ReviewKind(Labelled):
    """What a person should look at again after a change; nothing is changed by itself."""

    GROUP = "group", "所在党小组"
    MODE = "mode", "学习方式"
    CONTACT = "contact", "联系人"
    AREA = "area", "所在片区"


class OfficeKind(Labelled):
    """What a member may hold that somebody else must take over when they leave."""

    GROUP_LEADER = "group_leader", "党小组组长"
    HOST = "host", "党员中心户"
    HOST_KEEPER = "host_keeper", "中心户负责人"
    AREA_LEADER = "area_leader", "片区负责人"
    GRID_POST = "grid_post", "网格岗位"
    CONTACT_PERSON = "contact_person", "其他党员的联系人"
    HELPER = "helper", "结对帮扶人"


@dataclass(frozen=True, slots=True)
class Office:
    """Something that a member holds; `where` says which one, without naming other members."""

    member_id: MemberId
    kind: OfficeKind
    where: str


class Span(Protocol):
    """A dated row: it holds from `valid_from` on, to the day before `valid_to`."""

    @property
    def valid_from(self) -> date:
        """First day."""

    @property
    def valid_to(self) -> date | None:
        """The day after the last one; None while it holds."""


@dataclass(frozen=True, slots=True)
class PastAffiliation:
    """组织关系 of one stretch of time."""

    org_id: OrgId
    valid_from: date
    valid_to: date | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PastHome:
    """One address of a member's history; `version` is to be given back with a correction."""

    id: ResidenceId
    address: str
    precision: Precision
    valid_from: date
    valid_to: date | None
    building_id: BuildingId | None = None
    grid_id: GridId | None = None
    community_code: str = ""
    reason: str = ""
    verified_on: date | None = None
    verified_by: str = ""
    corrected_on: date | None = None
    correction: str = ""
    residence_org_id: OrgId | None = None
    version: int = 1

    @property
    def is_before_records(self) -> bool:
        """Whether the row only says where the member lived before the first move that is known."""
        return self.valid_to == self.valid_from


@dataclass(frozen=True, slots=True)
class Review:
    """Something to look at again after a change; `event` and `on_day` say after which."""

    id: int
    member_id: MemberId
    what: ReviewKind
    event: LifeKind
    on_day: date
    raised_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stood on one day: on whose roster, and where at home.

    `residence_org_id` is the organisation of the place of living that a person has named, None where it follows from
    `community_code`. `is_outside`: the home lies beyond the street. `is_assumed`: the day lies before the first
    registration, whose state is taken to have held. `home_id` is the row that says where, of present members alone.
    """

    member_id: MemberId
    name: str
    branch_id: OrgId
    address: str = ""
    grid_id: GridId | None = None
    community_code: str = ""
    residence_org_id: OrgId | None = None
    is_outside: bool = False
    is_assumed: bool = False
    is_restricted: bool = False
    is_home_assumed: bool = field(default=False, compare=False)
    home_id: ResidenceId | None = field(default=None, compare=False)

    @property
    def place(self) -> tuple[OrgId, OrgId | None, str, bool]:
        """Branch, named residence organisation, community, outside: what decides on the residence's side."""
        return self.branch_id, self.residence_org_id, self.community_code, self.is_outside


def holding_on(spans: Sequence[Span], day: date, earliest: date | None = None) -> tuple[int, bool] | None:
    """Return the index of the row that holds on `day` and whether that is assumed; None where nothing is known.

    `spans` are in the order of their first days. Before the first one its state is taken to have held already, but not
    before `earliest`: registration begins with a roster, lives do not.
    """
    found = [
        index
        for index, one in enumerate(spans)
        if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
    ]
    if found:
        return found[-1], False
    if spans and day < spans[0].valid_from and (earliest is None or day >= earliest):
        return 0, True
    return None
