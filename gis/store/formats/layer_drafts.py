"""Rows of a layer as drafts of what they describe: typed, complete but for what only the database knows."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from gis.model.enums import (
    BuildingStatus,
    CommunityKind,
    DivisionLevel,
    GridKind,
    HostStatus,
    OrgKind,
    OrgStatus,
    VenueKind,
)
from gis.model.ids import OrgId
from gis.model.layers import Draft, LayerKind
from gis.model.organisation import PartyOrg
from gis.model.territory import Building, Division, Estate, Grid, HostHousehold, Road, Venue
from gis.store.formats.layer_values import ADDRESS_CHARS, CODE_CHARS, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.errors import Fault
    from gis.spatial.crs import Geometries
    from gis.store.formats.layers import RawLayer

DIVISION_DIGITS, GRID_DIGITS = 12, 15
UNKNOWN_ORG = OrgId(0)  # replaced when the branch's name is looked up
_DIVISION_CODE = re.compile(r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$")
_GRID_CODE = re.compile(rf"^\d{{{GRID_DIGITS}}}$")
_LEVELS = {
    "社区": DivisionLevel.VILLAGE,
    "村": DivisionLevel.VILLAGE,
    "行政村": DivisionLevel.VILLAGE,
    "村社区": DivisionLevel.VILLAGE,
    "居委会": DivisionLevel.VILLAGE,
    "村委会": DivisionLevel.VILLAGE,
    "community": DivisionLevel.VILLAGE,
    "镇": DivisionLevel.STREET,
    "乡": DivisionLevel.STREET,
    "乡镇": DivisionLevel.STREET,
    "街道办事处": DivisionLevel.STREET,
    "区": DivisionLevel.COUNTY,
    "县": DivisionLevel.COUNTY,
    "地级市": DivisionLevel.CITY,
}
_ORG_KINDS = {
    "街道党工委": OrgKind.WORKING_COMMITTEE,
    "工委": OrgKind.WORKING_COMMITTEE,
    "社区党委": OrgKind.COMMITTEE,
    "村党委": OrgKind.COMMITTEE,
    "总支": OrgKind.GENERAL_BRANCH,
    "党总支部": OrgKind.GENERAL_BRANCH,
    "社区党总支": OrgKind.GENERAL_BRANCH,
    "村党总支": OrgKind.GENERAL_BRANCH,
    "支部": OrgKind.BRANCH,
    "普通党支部": OrgKind.BRANCH,
    "流动党支部": OrgKind.MOBILE_MEMBER_BRANCH,
    "流动党员支部": OrgKind.MOBILE_MEMBER_BRANCH,
    "网格支部": OrgKind.GRID_BRANCH,
    "两新党支部": OrgKind.ENTERPRISE_BRANCH,
    "非公企业党支部": OrgKind.ENTERPRISE_BRANCH,
}
_COMMUNITY_KINDS = {
    "城市社区": CommunityKind.URBAN,
    "城市": CommunityKind.URBAN,
    "动迁村": CommunityKind.DEMOLITION_VILLAGE,
    "拆迁村": CommunityKind.DEMOLITION_VILLAGE,
    "动迁社区": CommunityKind.DEMOLITION_VILLAGE,
    "动迁进程中": CommunityKind.DEMOLITION_VILLAGE,
    "安置社区": CommunityKind.RESETTLEMENT,
    "拆迁安置型": CommunityKind.RESETTLEMENT,
    "拆迁安置": CommunityKind.RESETTLEMENT,
    "安置型社区": CommunityKind.RESETTLEMENT,
}
_ORG_STATES = {"在用": OrgStatus.ACTIVE, "撤并": OrgStatus.WINDING_DOWN, "撤销": OrgStatus.ABOLISHED}
_GRID_KINDS = {
    "基础": GridKind.BASE,
    "一般网格": GridKind.BASE,
    "普通网格": GridKind.BASE,
    "综合网格": GridKind.BASE,
    "专属": GridKind.EXCLUSIVE,
    "专属区域": GridKind.EXCLUSIVE,
    "微": GridKind.MICRO,
}
_BUILDING_STATES = {
    "正常": BuildingStatus.STANDING,
    "使用中": BuildingStatus.STANDING,
    "已建成": BuildingStatus.STANDING,
    "现状": BuildingStatus.STANDING,
    "已拆": BuildingStatus.DEMOLISHED,
    "拆除": BuildingStatus.DEMOLISHED,
    "建设中": BuildingStatus.UNDER_CONSTRUCTION,
    "安置": BuildingStatus.RESETTLEMENT,
}
_VENUE_KINDS = {
    "主阵地": VenueKind.HOME_BRANCH_BASE,
    "支部阵地": VenueKind.HOME_BRANCH_BASE,
    "支部主阵地": VenueKind.HOME_BRANCH_BASE,
    "党支部主阵地": VenueKind.HOME_BRANCH_BASE,
    "服务中心": VenueKind.SERVICE_CENTER,
    "党员服务中心": VenueKind.SERVICE_CENTER,
    "党群服务站": VenueKind.SERVICE_CENTER,
    "活动室": VenueKind.ACTIVITY_ROOM,
    "会议室": VenueKind.ACTIVITY_ROOM,
    "党员之家": VenueKind.ACTIVITY_ROOM,
    "租用": VenueKind.RENTED,
    "租赁": VenueKind.RENTED,
    "其他": VenueKind.OTHER,
    "候选": VenueKind.CANDIDATE,
}
_HOST_STATES = {
    "正常": HostStatus.APPROVED,
    "批准": HostStatus.APPROVED,
    "在用": HostStatus.APPROVED,
    "撤销": HostStatus.ENDED,
}
#: OSM's and offices' words for roads that a person may not or cannot walk along.
_NOT_FOR_WALKING = {
    "motorway",
    "motorway_link",
    "高速公路",
    "高速",
    "高架",
    "快速路",
    "铁路",
    "platform",
    "construction",
}


@dataclass(frozen=True, slots=True)
class Drafted:
    """The drafts of a layer and every fault of its rows."""

    drafts: tuple[Draft, ...]
    faults: tuple[Fault, ...]


def draft_layer(raw: RawLayer, stored: Geometries, crs_name: str) -> Drafted:
    """Make a draft of every row; rows with faults make one too, so that all their faults are found.

    `stored` are the geometries in EPSG:4490, None where absent or at fault; `crs_name` is kept with buildings.
    """
    values = Values(raw)
    shapes = [None if shape is None else bytes(wkb) for shape, wkb in zip(stored, shapely.to_wkb(stored), strict=True)]
    make = _MAKERS[raw.kind]
    drafts = [make(values, at, shapes[at], crs_name) for at in range(len(raw.rows))]
    if raw.kind is LayerKind.ROADS:
        drafts = _numbered_parts(drafts)
    return Drafted(tuple(drafts), tuple(values.faults))


def pad_division_code(code: str) -> str:
    """Pad a division code of a higher level to 12 digits; "" when it is none."""
    return code.ljust(DIVISION_DIGITS, "0") if _DIVISION_CODE.match(code) else ""


def level_of_code(code: str) -> DivisionLevel:
    """Tell the level of a padded code by where its zeros begin."""
    ends = ((2, DivisionLevel.PROVINCE), (4, DivisionLevel.CITY), (6, DivisionLevel.COUNTY), (9, DivisionLevel.STREET))
    return next((level for end, level in ends if not code[end:].strip("0")), DivisionLevel.VILLAGE)


def _division_code(values: Values, at: int, field: str, *, is_required: bool) -> str:
    text = values.code(field, at, is_required=is_required)
    code = pad_division_code(text) if text else ""
    if text and not code:
        values.fault(at, field, f"“{text}”不是区划代码：应为 12 位数字（前 9 位到街道，后 3 位到社区、村）")
    return code


def _division(values: Values, at: int, shape: bytes | None, _: str) -> Draft:
    code = _division_code(values, at, "code", is_required=True)
    level = values.choice("level", at, DivisionLevel, other=_LEVELS, default=level_of_code(code))
    parent = _division_code(values, at, "parent", is_required=False)
    if not parent and level is DivisionLevel.VILLAGE and code:
        parent = code[:9] + "000"
    name = values.text("name", at, is_required=True)
    item = Division(None, code, name, level or DivisionLevel.VILLAGE, parent, shape)
    return Draft(values.raw.rows[at], item)


def _org(values: Values, at: int, shape: bytes | None, _: str) -> Draft:
    name = values.text("name", at, is_required=True)
    kind = values.choice("kind", at, OrgKind, other=_ORG_KINDS)
    community = None
    if values.text("community_kind", at):
        community = values.choice("community_kind", at, CommunityKind, other=_COMMUNITY_KINDS)
    item = PartyOrg(
        id=None,
        name=name,
        kind=kind or OrgKind.BRANCH,
        code=values.code("code", at),
        community_kind=community,
        status=values.choice("status", at, OrgStatus, other=_ORG_STATES, default=OrgStatus.ACTIVE) or OrgStatus.ACTIVE,
    )
    refs = {"parent": values.text("parent", at), "divisions": "、".join(values.names("divisions", at))}
    base = values.text("base", at)
    capacity = values.count("capacity", at, high=5000) or 0
    venue = None
    if shape is not None:
        venue = Venue(None, base or f"{name}主阵地", VenueKind.HOME_BRANCH_BASE, capacity, shape)
    return Draft(values.raw.rows[at], item, refs, venue)


def _grid(values: Values, at: int, shape: bytes | None, _: str) -> Draft:
    code = values.code("grid_code", at, is_required=True)
    if code and not _GRID_CODE.match(code):
        values.fault(at, "grid_code", f"“{code}”应为 15 位数字：12 位区划代码加 3 位顺序号")
    name = values.text("name", at, is_required=True)
    kind = values.choice("kind", at, GridKind, other=_GRID_KINDS, default=GridKind.BASE) or GridKind.BASE
    item = Grid(None, code, name, code[:DIVISION_DIGITS], kind, shape)
    return Draft(values.raw.rows[at], item, {"community": values.text("community", at)})


def _estate(values: Values, at: int, shape: bytes | None, _: str) -> Draft:
    name = values.text("name", at, is_required=True)
    aliases = tuple(alias for alias in values.names("aliases", at) if alias != name)
    return Draft(
        values.raw.rows[at], Estate(None, name, aliases, "", shape), {"community": values.text("community", at)}
    )


def _building(values: Values, at: int, shape: bytes | None, crs_name: str) -> Draft:
    estate, number = values.text("estate", at), values.text("building_no", at, limit=100)
    source = values.code("source_id", at)
    if not number and estate:
        values.fault(at, "building_no", "没有填写")
    named = bool(number)
    item = Building(
        id=None,
        estate=estate,
        building_no=number,
        shape=shape,
        address=values.text("address", at, limit=ADDRESS_CHARS),
        floors=values.count("floors", at, low=1, high=200),
        units=values.count("units", at, low=1, high=200),
        households=values.count("households", at, high=20_000),
        has_lift=values.flag("has_lift", at),
        status=values.choice("status", at, BuildingStatus, other=_BUILDING_STATES, default=BuildingStatus.STANDING)
        or BuildingStatus.STANDING,
        source_id=source if source or named or shape is None else shape_id(shape),
        source_crs=crs_name,
    )
    return Draft(values.raw.rows[at], item, {"grid": values.text("grid", at)})


def _road(values: Values, at: int, shape: bytes | None, _: str) -> Draft:
    kind = values.text("kind", at, limit=CODE_CHARS)
    walkable = values.flag("is_walkable", at)
    item = Road(
        id=None,
        name=values.text("name", at),
        kind=kind,
        shape=shape or b"",
        is_walkable=kind.lower() not in _NOT_FOR_WALKING if walkable is None else walkable,
        source_id=values.code("source_id", at) or shape_id(shape or b""),
    )
    return Draft(values.raw.rows[at], item)


def _numbered_parts(drafts: list[Draft]) -> list[Draft]:
    """Give the parts of a road that a clip has cut into several features of one id a number each."""
    parts: Counter[str] = Counter()
    numbered = []
    for draft in drafts:
        road = draft.item
        if isinstance(road, Road):
            parts[road.source_id] += 1
            if parts[road.source_id] > 1:
                road = replace(road, source_id=f"{road.source_id}#{parts[road.source_id]}")
            numbered.append(replace(draft, item=road))
    return numbered


def _venue(values: Values, at: int, shape: bytes | None, _: str) -> Draft:
    item = Venue(
        id=None,
        name=values.text("name", at, is_required=True),
        kind=values.choice("kind", at, VenueKind, other=_VENUE_KINDS) or VenueKind.OTHER,
        capacity=values.count("capacity", at, low=1, high=5000, is_required=True) or 0,
        shape=shape,
        floor=values.count("floor", at, low=-5, high=200),
        has_lift=values.flag("has_lift", at),
        is_step_free=values.flag("is_step_free", at),
        equipment=values.names("equipment", at),
    )
    refs = {field: values.text(field, at) for field in ("org", "estate", "building_no", "address")}
    return Draft(values.raw.rows[at], item, refs)


def _host(values: Values, at: int, shape: bytes | None, _: str) -> Draft:
    item = HostHousehold(
        id=None,
        name=values.text("name", at, is_required=True),
        branch_id=UNKNOWN_ORG,
        capacity=values.count("capacity", at, low=1, high=500, is_required=True) or 0,
        shape=shape,
        address=values.text("address", at, limit=ADDRESS_CHARS, is_required=shape is None),
        floor=values.count("floor", at, low=-5, high=200),
        is_step_free=values.flag("is_step_free", at),
        equipment=values.names("equipment", at),
        status=values.choice("status", at, HostStatus, other=_HOST_STATES, default=HostStatus.APPROVED)
        or HostStatus.APPROVED,
        approved_on=values.day("approved_on", at),
        note=values.text("note", at, limit=ADDRESS_CHARS),
    )
    return Draft(values.raw.rows[at], item, {"branch": values.text("branch", at, is_required=True)})


def shape_id(shape: bytes) -> str:
    """Name a shape by its own digest: the key of things that came without one."""
    return f"geom:{hashlib.sha256(shape).hexdigest()[:16]}"


_MAKERS: dict[LayerKind, Callable[[Values, int, bytes | None, str], Draft]] = {
    LayerKind.DIVISIONS: _division,
    LayerKind.ORGS: _org,
    LayerKind.GRIDS: _grid,
    LayerKind.ESTATES: _estate,
    LayerKind.BUILDINGS: _building,
    LayerKind.ROADS: _road,
    LayerKind.VENUES: _venue,
    LayerKind.HOSTS: _host,
}
