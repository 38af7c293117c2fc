"""Whether every member in transition is in exactly one 片区, and who the contact of a member is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.services.access import require, require_orgs
from gis.services.areas import branches_below
from gis.services.org_checks import above, parents_of
from gis.services.phones import masked
from gis.spatial.display import centres

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.bodies import Area
    from gis.model.ids import AreaId, BuildingId, EstateId, GridId, MemberId, OrgId
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader


NO_HOME, OUTSIDE, COARSE, NOT_COVERED = (
    "住址还没有定位",
    "住在本街道以外",
    "住址没有定到楼栋",
    "所住楼栋不在任何片区",
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A member with the 片区 found; `why` says how, or why none was."""

    member_id: MemberId
    name: str
    branch: str
    areas: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class AreaFault:
    """A 片区 that is not as R06 wants it."""

    area_id: AreaId
    area: str
    message: str


@dataclass(frozen=True, slots=True)
class AreaReport:
    """How an organisation's ground is divided; `sizes` counts members in transition by 片区, `by_org` who divided it.

    `total` = in one + gaps + doubles.
    """

    org_id: OrgId
    org: str
    by_org: str
    total: int
    sizes: Mapping[str, int]
    gaps: tuple[Placed, ...]
    doubles: tuple[Placed, ...]
    faults: tuple[AreaFault, ...]
    people: tuple[Placed, ...]
    as_of: date


@dataclass(frozen=True, slots=True)
class MyContact:
    """Whom a member can turn to; telephones of persons are masked, the office's is in full."""

    member_id: MemberId
    name: str
    branch: str
    branch_phone: str
    area: str
    leader: str
    leader_phone: str
    group: str
    group_leader: str
    why: str


class Placing:
    """Finds the 片区 of members; asks the database once."""

    def __init__(self, reader: Reader) -> None:
        self.areas: Sequence[Area] = reader.areas()
        self.by_hand = reader.area_members()
        self.parents = parents_of(reader.orgs())
        self._of_building: dict[BuildingId, list[Area]] = {}
        for area in self.areas:
            for number in area.building_ids:
                self._of_building.setdefault(number, []).append(area)
        self._of_estate: dict[EstateId, set[BuildingId]] = {}
        self._of_grid: dict[GridId, set[BuildingId]] = {}
        for building in reader.buildings():
            if building.id is not None and building.estate_id is not None:
                self._of_estate.setdefault(building.estate_id, set()).add(building.id)
            if building.id is not None and building.grid_id is not None:
                self._of_grid.setdefault(building.grid_id, set()).add(building.id)

    def dividing(self, org_id: OrgId) -> OrgId | None:
        """Return the nearest organisation, from this one upwards, that has 片区."""
        owners = {area.org_id for area in self.areas}
        return next((org for org in above(org_id, self.parents) if org in owners), None)

    def find(self, member: Member, org_id: OrgId) -> tuple[tuple[Area, ...], str]:
        """Return the 片区 of `org_id` that a member is in, and how that is known or why there is none."""
        mine = [area for area in self.areas if area.org_id == org_id]
        chosen = [area for area in mine if area.id in self.by_hand.get(member.id, frozenset())] if member.id else []
        if chosen:
            return tuple(chosen), "由人指定"
        home = member.residence
        if home is None:
            return (), NO_HOME
        if home.building_id is not None:
            here = [area for area in self._of_building.get(home.building_id, []) if area.org_id == org_id]
            return (tuple(here), "按所住楼栋") if here else self._by_outline(mine, home.shape, NOT_COVERED)
        for ground, words in (
            (self._of_estate.get(home.estate_id) if home.estate_id else None, "按所住小区"),
            (self._of_grid.get(home.grid_id) if home.grid_id else None, "按所在网格"),
        ):
            whole = [area for area in mine if ground and ground <= area.building_ids]
            if whole:
                return tuple(whole), words
        if home.precision.value == "outside":
            return (), OUTSIDE
        return (), COARSE if home.grid_id or home.estate_id else NO_HOME

    def _by_outline(self, mine: Sequence[Area], shape: bytes | None, otherwise: str) -> tuple[tuple[Area, ...], str]:
        drawn = [area for area in mine if area.shape is not None]
        if shape is None or not drawn:
            return (), otherwise
        ((x, y),) = centres([shape])
        inside = [area for area in drawn if shapely.contains_xy(shapely.from_wkb(area.shape), x, y)]
        return (tuple(inside), "按片区范围") if inside else ((), otherwise)


def area_report(actor: Actor, store: Store, org_id: OrgId) -> AreaReport:
    """Name the gaps and doubles of an organisation in the actor's scope, and the 片区 without a proper leader."""
    require(actor, Action.VIEW_ORGS)
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        require_orgs(actor, reader, [org_id])
        names = {org.id: org.name for org in reader.orgs()}
        placing = Placing(reader)
        owner = placing.dividing(org_id)
        members = reader.members(branches_below(reader, org_id), in_transition_only=True)
        placed = [_placed(placing, member, owner, names) for member in members]
        everybody = {member.id: member for member in reader.members()}
        mine = [area for area in placing.areas if area.org_id == owner]
        leads = reader.area_leads()
    sizes = {area.name: 0 for area in mine}
    for one in placed:
        if len(one.areas) == 1:
            sizes[one.areas[0]] += 1
    return AreaReport(
        org_id=org_id,
        org=names.get(org_id, ""),
        by_org=names.get(owner, "") if owner is not None else "",
        total=len(placed),
        sizes=sizes,
        gaps=tuple(one for one in placed if not one.areas),
        doubles=tuple(one for one in placed if len(one.areas) > 1),
        faults=leader_faults(mine, everybody, leads),
        people=tuple(placed),
        as_of=store.today(),
    )


def leader_faults(
    areas: Sequence[Area], members: Mapping[MemberId | None, Member], leads: Mapping[AreaId, bool]
) -> tuple[AreaFault, ...]:
    """Return the 片区 without a leader, or with one who is no full member or has left (R06).

    `leads` says whether a leader is named at all: one outside the scope is not judged.
    """
    found = []
    for area in areas:
        if area.id is None:
            continue
        leader = members.get(area.leader_id) if area.leader_id is not None else None
        if not leads.get(area.id, False):
            found.append(AreaFault(area.id, area.name, "还没有负责人"))
        elif area.leader_id is not None and leader is None:
            found.append(AreaFault(area.id, area.name, "负责人已不在花名册，请另定一名"))
        elif leader is not None and not leader.is_full:
            found.append(AreaFault(area.id, area.name, "负责人不是正式党员，请另定一名"))
    return tuple(found)


def contact_of(actor: Actor, store: Store, member_id: MemberId) -> MyContact:
    """Answer “who is my contact” for a member of the actor's scope: 片区负责人, 组长, office of the branch."""
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        members = {member.id: member for member in reader.members()}
        member = members.get(member_id)
        if member is None:
            msg = "该党员已不在管理范围内，请刷新后重试"
            raise NotFoundError(msg)
        orgs = {org.id: org for org in reader.orgs()}
        placing = Placing(reader)
        owner = placing.dividing(member.branch_id)
        areas, why = placing.find(member, owner) if owner is not None else ((), "所在组织还没有划分片区")
        group = next(
            (g for g in reader.groups_in_force() if any(seat.member_id == member_id for seat in g.seats)), None
        )
    area = areas[0] if len(areas) == 1 else None
    leader = members.get(area.leader_id) if area else None
    head = members.get(group.leader_id) if group else None
    branch = orgs.get(member.branch_id)
    return MyContact(
        member_id=member_id,
        name=member.name,
        branch=branch.name if branch else "",
        branch_phone=office_phone(
            branch.id, {one: org.office_phone for one, org in orgs.items() if one}, placing.parents
        )
        if branch and branch.id
        else "",
        area=area.name if area else "、".join(one.name for one in areas),
        leader=leader.name if leader else "",
        leader_phone=masked(leader.phone) if leader else "",
        group=group.name if group else "",
        group_leader=head.name if head else "",
        why=why,
    )


def office_phone(org_id: OrgId, phones: Mapping[OrgId, str], parents: Mapping[OrgId, OrgId | None]) -> str:
    """Return the office telephone of an organisation, or of the nearest above it that has one."""
    return next((phones[org] for org in above(org_id, parents) if phones.get(org)), "")


def _placed(placing: Placing, member: Member, owner: OrgId | None, names: Mapping[OrgId | None, str]) -> Placed:
    areas, why = placing.find(member, owner) if owner is not None else ((), "还没有划分片区")
    return Placed(
        member.id or 0,  # type: ignore[arg-type]  # members of the database have an id
        member.name,
        names.get(member.branch_id, ""),
        tuple(area.name for area in areas),
        why,
    )
