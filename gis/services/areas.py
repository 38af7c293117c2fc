"""片区: an organisation's ground in named parts, each a set of buildings with exactly one leader."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.bodies import Area
from gis.services.access import require, require_orgs
from gis.services.org_checks import above, parents_of
from gis.services.rules import keep_rules
from gis.spatial.display import centres

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gis.model.access import Actor
    from gis.model.ids import AreaId, BuildingId, EstateId, GridId, MemberId, OrgId
    from gis.model.people import Member
    from gis.model.territory import Building
    from gis.store.database import Store
    from gis.store.reader import Reader

LONGEST_NAME = 200
SHOWN = 5


@dataclass(frozen=True, slots=True)
class AreaForm:
    """What a person sets about a 片区: its ground is the union of what is named here.

    `polygon` is an outline (well-known binary, EPSG:4490): buildings whose inner point lies in it belong to it.
    """

    name: str
    leader_id: MemberId | None = None
    building_ids: frozenset[BuildingId] = frozenset()
    estate_ids: frozenset[EstateId] = frozenset()
    grid_ids: frozenset[GridId] = frozenset()
    polygon: bytes | None = None


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One 片区 in a list; `leader` is blank for who may not see the organisation's people."""

    area: Area
    org: str
    leader: str
    has_leader: bool
    estates: tuple[str, ...]


def list_areas(actor: Actor, store: Store, org_id: OrgId | None = None) -> tuple[AreaLine, ...]:
    """List open 片区, of one organisation or of all, by organisation and name."""
    require(actor, Action.VIEW_ORGS)
    with store.reading(actor.scope) as reader:
        orgs = {org.id: org.name for org in reader.orgs()}
        buildings = {building.id: building for building in reader.buildings()}
        names = {member.id: member.name for member in reader.members()}
        leads = reader.area_leads()
        found = [area for area in reader.areas() if org_id is None or area.org_id == org_id]
    lines = [
        AreaLine(
            area=area,
            org=orgs.get(area.org_id, ""),
            leader=names.get(area.leader_id, "") if area.leader_id else "",
            has_leader=leads.get(area.id, False) if area.id else False,
            estates=tuple(sorted({buildings[one].estate for one in area.building_ids if one in buildings})),
        )
        for area in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.area.org_id, line.area.name)))


def save_area(
    actor: Actor, store: Store, org_id: OrgId, form: AreaForm, *, area_id: AreaId | None = None, version: int = 1
) -> AreaId:
    """Make or change a 片区 of an organisation in the actor's scope.

    Raises
    ------
    InputError
        There is no building, no leader, the leader is not a full member of the organisation, a building belongs to
        another 片区 of the same organisation, or the name is taken.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        require_orgs(actor, writer, [org_id])
        siblings = [area for area in writer.areas() if area.org_id == org_id and area.id != area_id]
        before = next((area for area in writer.areas() if area.id == area_id), None) if area_id else None
        if area_id is not None and (before is None or before.org_id != org_id):
            msg = "该片区已不存在，请刷新后重试"
            raise NotFoundError(msg)
        buildings = buildings_of(writer, form)
        _check(writer, org_id, form, buildings, siblings)
        area = replace(
            before or Area(None, "", org_id),
            name=form.name.strip(),
            leader_id=form.leader_id,
            building_ids=buildings,
            shape=form.polygon,
            version=version if before else 1,
        )
        with keep_rules(writer, (org_id,)):
            saved = writer.save_area(area)
        writer.say(f"{'修改' if before else '新设'}片区：{area.name}（{len(buildings)} 幢楼）", area_id=saved)
    return saved


def close_area(actor: Actor, store: Store, area_id: AreaId, version: int) -> None:
    """Close a 片区: its members are without one until they are in another; the rows stay.

    Raises
    ------
    NotFoundError
        It is not there, or closed already.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        area = _area(writer, area_id)
        require_orgs(actor, writer, [area.org_id])
        writer.save_area(replace(area, valid_to=writer.today, version=version))
        writer.say(f"停用片区：{area.name}", area_id=area_id)


def place_member(actor: Actor, store: Store, member_id: MemberId, area_id: AreaId | None) -> None:
    """Put a member into a 片区 by hand; None lets the building decide again.

    For members whose home is not known to the building, or who do not agree to an exact position: they have a contact
    person all the same.

    Raises
    ------
    NotFoundError
        The member or the 片区 is not there, or outside the scope.
    InputError
        The 片区 belongs to an organisation that is not the member's.
    """
    require(actor, Action.MANAGE_ORGS)
    with store.writing(actor, Action.MANAGE_ORGS) as writer:
        member = next((one for one in writer.members() if one.id == member_id), None)
        if member is None:
            msg = "该党员已不在管理范围内，请刷新后重试"
            raise NotFoundError(msg)
        chain = above(member.branch_id, parents_of(writer.orgs()))
        open_areas = writer.areas()
        if area_id is not None:
            area = _area(writer, area_id)
            require_orgs(actor, writer, [area.org_id])
            if area.org_id not in chain:
                msg = f"片区“{area.name}”不是该党员所在支部或其上级划分的"
                raise InputError(msg)
            chain = (area.org_id,)
        leaving = [one.id for one in open_areas if one.org_id in chain and one.id is not None]
        writer.place_in_area(member_id, area_id, leaving)
        writer.say("指定一名党员所在片区" if area_id else "一名党员改按住址归入片区", member_id=member_id)


def buildings_of(reader: Reader, form: AreaForm) -> frozenset[BuildingId]:
    """Return the buildings that a form names, one by one, by estate, by grid, or by outline."""
    found = set(form.building_ids)
    everything = reader.buildings()
    known = {building.id for building in everything}
    if found - known:
        msg = f"有 {len(found - known)} 幢楼不在系统里，请重新选择"
        raise InputError(msg)
    for building in everything:
        if building.id is not None and (building.estate_id in form.estate_ids or building.grid_id in form.grid_ids):
            found.add(building.id)
    if form.polygon is not None:
        found |= buildings_inside(everything, form.polygon)
    return frozenset(found)


def buildings_inside(buildings: Sequence[Building], polygon: bytes) -> frozenset[BuildingId]:
    """Return the buildings whose inner point lies in an outline."""
    outline = shapely.from_wkb(polygon)
    if outline.is_empty or shapely.get_dimensions(outline) != 2:  # noqa: PLR2004  # an area
        msg = "片区的范围须是面（多边形）"
        raise InputError(msg)
    points = centres([building.shape for building in buildings])
    is_inside = shapely.contains_xy(shapely.make_valid(outline), points) if len(points) else np.zeros(0, dtype=bool)
    return frozenset(b.id for b, hit in zip(buildings, is_inside.tolist(), strict=True) if hit and b.id is not None)


def leaders_for(actor: Actor, store: Store, org_id: OrgId) -> dict[MemberId, str]:
    """Name who may lead a 片区 of an organisation: its full members, the branch with each name."""
    require(actor, Action.MANAGE_ORGS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [org_id])
        names = {org.id: org.name for org in reader.orgs()}
        return {
            member.id: f"{member.name}　{names.get(member.branch_id, '')}"
            for member in reader.members(branches_below(reader, org_id))
            if member.id is not None and member.is_full
        }


def branches_below(reader: Reader, org_id: OrgId) -> frozenset[OrgId]:
    """Return an organisation and all below it."""
    parents = parents_of(reader.orgs())
    return frozenset(org for org in parents if org_id in above(org, parents))


def _area(reader: Reader, area_id: AreaId) -> Area:
    area = next((one for one in reader.areas() if one.id == area_id), None)
    if area is None:
        msg = "该片区已不存在或已停用，请刷新后重试"
        raise NotFoundError(msg)
    return area


def _check(
    reader: Reader, org_id: OrgId, form: AreaForm, buildings: Collection[BuildingId], siblings: Sequence[Area]
) -> None:
    name = form.name.strip()
    if not name or len(name) > LONGEST_NAME:
        msg = "请填写片区名称" if not name else f"片区名称不超过 {LONGEST_NAME} 字"
        raise InputError(msg)
    if any(area.name == name for area in siblings):
        msg = f"本组织已有片区“{name}”，请换一个名称"
        raise InputError(msg)
    if not buildings:
        msg = "片区里还没有楼栋：请选小区、网格或楼栋，或画出范围"
        raise InputError(msg)
    _check_leader(reader.members(branches_below(reader, org_id)), form.leader_id)
    taken = [area for area in siblings if area.building_ids & frozenset(buildings)]
    if taken:
        labels = {building.id: building.label for building in reader.buildings()}
        both = sorted(labels.get(one, "") for area in taken for one in area.building_ids & frozenset(buildings))
        shown = "、".join(both[:SHOWN]) + (f" 等 {len(both)} 幢" if len(both) > SHOWN else "")
        msg = f"一幢楼只能在一个片区：{shown}已在片区“{'”“'.join(area.name for area in taken)}”"
        raise InputError(msg)


def _check_leader(members: Sequence[Member], leader_id: MemberId | None) -> None:
    if leader_id is None:
        msg = "每个片区须有且只有一名负责人，请选择（R06）"
        raise InputError(msg)
    leader = next((one for one in members if one.id == leader_id), None)
    if leader is None:
        msg = "负责人须是本组织的党员"
        raise InputError(msg)
    if not leader.is_full:
        msg = "负责人须是正式党员，党籍正常"
        raise InputError(msg)
