"""片区, posts in grids, joint bodies, and what has happened to an organisation (domain.md section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.enums import Labelled

if TYPE_CHECKING:
    from datetime import date

    from gis.model.ids import AreaId, AssignmentId, BodyId, BodySeatId, BuildingId, GridId, MemberId, OrgId


class GridPost(Labelled):
    """Posts of 一网多员."""

    GRID_CHIEF = "grid_chief", "网格长"
    GRID_WORKER = "grid_worker", "网格员"
    PARTY_WORKER = "party_worker", "党建指导员"
    BUILDING_HEAD = "building_head", "楼栋长"
    VOLUNTEER = "volunteer", "志愿者"


class BodyKind(Labelled):
    """Bodies whose members are organisations or people of several places."""

    JOINT_BODY = "joint_body", "党建联合委员会"
    ALLIANCE = "alliance", "党建联盟"
    ACTIVITY_GROUP = "activity_group", "活动小组"


class BodyRole(Labelled):
    """What a member of a body does there."""

    LEAD = "lead", "牵头"
    SECRETARY = "secretary", "秘书长"
    LIAISON = "liaison", "联络员"
    MEMBER = "member", "成员"


class OrgEventKind(Labelled):
    """What can happen to an organisation."""

    FOUNDED = "founded", "成立"
    CHANGED = "changed", "变更"
    WINDING_DOWN = "winding_down", "开始撤并"
    RESUMED = "resumed", "停止撤并"
    HANDED_OVER = "handed_over", "整建制转出"
    TAKEN_OVER = "taken_over", "整建制转入"
    ABOLISHED = "abolished", "撤销"


@dataclass(frozen=True, slots=True)
class OrgEvent:
    """One step in the life of an organisation; `note` names no person."""

    org_id: OrgId
    kind: OrgEventKind
    on: date
    approved_by: str = ""
    other_org_id: OrgId | None = None
    note: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """片区: buildings of an organisation under one leader; open while `valid_to` is None.

    `leader_id` is None where nobody has been named or the scope does not see the organisation's people. `shape` is a
    drawn outline (well-known binary, EPSG:4490), None where the area is its buildings.
    """

    id: AreaId | None
    name: str
    org_id: OrgId
    leader_id: MemberId | None = None
    building_ids: frozenset[BuildingId] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None
    shape: bytes | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class GridAssignment:
    """One person in one post of a grid; a 楼栋长 has a building."""

    id: AssignmentId | None
    grid_id: GridId
    post: GridPost
    name: str
    building_id: BuildingId | None = None
    member_id: MemberId | None = None
    phone: str = ""
    duties: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class BodySeat:
    """A member of a body: an organisation of the system, one outside by name, or a party member (activity group)."""

    id: BodySeatId | None
    body_id: BodyId
    role: BodyRole
    org_id: OrgId | None = None
    member_id: MemberId | None = None
    name: str = ""
    town: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Body:
    """党建联合委员会、党建联盟或活动小组; never a 党小组. `seats` are those that the scope may see."""

    id: BodyId | None
    name: str
    kind: BodyKind
    lead_org_id: OrgId
    founded_on: date | None = None
    valid_to: date | None = None
    note: str = ""
    seats: tuple[BodySeat, ...] = ()
    version: int = 1
