"""The tree of organisations as an office reads it: 党委 → 党总支 → 支部 → 党小组 → 中心户, each with its ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.enums import GroupKind, HostStatus, MapPrecision, OrgStatus
from gis.services.access import require
from gis.services.org_checks import above, parents_of
from gis.services.org_counts import members_shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.people import Member, PartyGroup
    from gis.model.territory import HostHousehold
    from gis.store.database import Store
    from gis.store.reader import Reader

ORG, GROUP, HOST = "org", "group", "host"
SHOWN = 3  # names before “等”
AT_HOME = frozenset({MapPrecision.EXACT, MapPrecision.BUILDING})


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One line: an organisation, a group or a host. `depth` counts from 0; `members` None is not for the reader.

    `ground` says the territory in words; `phone` is the office's, never a person's.
    """

    level: str
    id: int
    depth: int
    name: str
    kind: str
    status: str
    ground: str
    members: int | None = None
    groups: int | None = None
    phone: str = ""
    is_mine: bool = False
    org_id: OrgId | None = None


@dataclass(frozen=True, slots=True)
class OrgTree:
    """The whole tree, parents before children; `left_out` are closed organisations that are not shown."""

    lines: tuple[TreeLine, ...]
    left_out: int
    as_of: date


@dataclass(frozen=True, slots=True)
class OrgCard:
    """One organisation in full; `members` None is suppressed for roles that see counts only."""

    org: PartyOrg
    parent: str
    successor: str
    path: tuple[str, ...]
    divisions: tuple[str, ...]
    ground: str
    phone: str
    phone_of: str
    members: int | None
    children: tuple[tuple[OrgId, str], ...]
    areas: tuple[str, ...]
    bodies: tuple[str, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One line of the directory: where a member reaches the branch."""

    org_id: OrgId
    name: str
    kind: str
    above: str
    phone: str
    phone_of: str
    term_ends_on: date | None


@dataclass
class _Walk:
    """What the walk down the tree needs."""

    reader: Reader
    orgs: Sequence[PartyOrg]
    counts: Mapping[OrgId, int | None]
    lines: list[TreeLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        reader = self.reader
        self.children: dict[OrgId | None, list[PartyOrg]] = {}
        known = {org.id for org in self.orgs}
        for org in self.orgs:
            self.children.setdefault(org.parent_id if org.parent_id in known else None, []).append(org)
        self.mine = reader.org_ids_in_scope
        self.group_counts = reader.group_counts_by_branch()
        self.divisions = {division.code: division.name for division in reader.divisions()}
        self.labels = {building.id: building.label for building in reader.buildings()}
        self.venues: dict[int | None, str] = {venue.id: venue.name for venue in reader.venues()}
        self.areas: dict[OrgId, list[str]] = {}
        for area in reader.areas():
            self.areas.setdefault(area.org_id, []).append(area.name)
        self.groups: dict[OrgId, list[PartyGroup]] = {}
        for group in reader.groups_in_force(kinds=tuple(GroupKind)):
            self.groups.setdefault(group.branch_id, []).append(group)
        self.hosts: dict[OrgId, list[HostHousehold]] = {}
        for host in reader.hosts():
            if host.branch_id in self.mine and host.status is HostStatus.APPROVED:
                self.hosts.setdefault(host.branch_id, []).append(host)
        self.members = {member.id: member for member in reader.members()}

    def add(self, org: PartyOrg, depth: int) -> None:
        """Add an organisation, its groups and hosts, and what is below it."""
        if org.id is None:
            return
        is_mine = org.id in self.mine
        self.lines.append(
            TreeLine(
                level=ORG,
                id=org.id,
                depth=depth,
                name=org.name,
                kind=org.kind.label,
                status=org.status.label,
                ground=self.ground(org),
                members=self.counts.get(org.id) if is_mine else None,
                groups=self.group_counts.get(org.id, 0) if is_mine and org.is_branch else None,
                phone=org.office_phone,
                is_mine=is_mine,
                org_id=org.id,
            )
        )
        for child in sorted(self.children.get(org.id, ()), key=lambda one: (one.code, one.id or 0)):
            self.add(child, depth + 1)
        self._add_groups(org.id, depth + 1)

    def ground(self, org: PartyOrg) -> str:
        """Say what an organisation covers: its divisions, its 片区, or nothing of its own."""
        names = [self.divisions.get(code, code) for code in org.division_codes]
        areas = self.areas.get(org.id, []) if org.id is not None else []
        parts = [_named(names)] if names else []
        if areas:
            parts.append(f"片区 {len(areas)} 个：{_named(sorted(areas))}")
        return "；".join(parts)

    def _add_groups(self, org_id: OrgId, depth: int) -> None:
        placed = set()
        for group in self.groups.get(org_id, ()):
            kind = GroupKind.from_label(group.kind)
            self.lines.append(
                TreeLine(
                    level=GROUP,
                    id=group.id,
                    depth=depth,
                    name=group.name,
                    kind=kind.label if kind else "",
                    status="",
                    ground=self._place(group),
                    members=len(group.seats),
                    is_mine=True,
                    org_id=org_id,
                )
            )
            for host in self.hosts.get(org_id, ()):
                if host.id == group.host_id:
                    placed.add(host.id)
                    self._add_host(host, depth + 1)
        for host in self.hosts.get(org_id, ()):
            if host.id not in placed:
                self._add_host(host, depth)

    def _add_host(self, host: HostHousehold, depth: int) -> None:
        place = self.labels.get(host.building_id, "") if host.building_id else ""
        name = f"{host.name}家" if host.name else "党员中心户"
        self.lines.append(
            TreeLine(
                level=HOST,
                id=host.id or 0,
                depth=depth,
                name=name,
                kind="党员中心户",
                status="",
                ground=f"{place}（可容纳 {host.capacity} 人）",
                is_mine=True,
                org_id=host.branch_id,
            )
        )

    def _place(self, group: PartyGroup) -> str:
        homes = {self._building(self.members.get(seat.member_id)) for seat in group.seats} - {None}
        labels = sorted(self.labels.get(one, "") for one in homes if one)
        meeting = self.venues.get(group.venue_id, "") if group.venue_id else ""
        if group.kind == GroupKind.BUILDING.value and labels:
            return _named(labels)
        return f"活动地点：{meeting}" if meeting else (f"组员住在 {len(labels)} 幢楼" if labels else "")

    def _building(self, member: Member | None) -> BuildingId | None:
        """Return the building where a member lives, as far as the member lets it be shown."""
        home = member.residence if member and member.map_precision in AT_HOME else None
        return home.building_id if home else None


def org_tree(actor: Actor, store: Store, *, with_abolished: bool = False) -> OrgTree:
    """Return the tree of all organisations; groups, hosts and counts only inside the actor's scope."""
    require(actor, Action.VIEW_ORGS)
    counts = members_shown(actor, store)
    with store.reading(actor.scope) as reader:
        everything = reader.orgs()
        orgs = [org for org in everything if with_abolished or org.status is not OrgStatus.ABOLISHED]
        walk = _Walk(reader, orgs, counts)
        for org in sorted(walk.children.get(None, ()), key=lambda one: (one.code, one.id or 0)):
            walk.add(org, 0)
    return OrgTree(tuple(walk.lines), len(everything) - len(orgs), store.today())


def org_card(actor: Actor, store: Store, org_id: OrgId) -> OrgCard:
    """Return one organisation in full; raises NotFoundError."""
    require(actor, Action.VIEW_ORGS)
    counts = members_shown(actor, store)
    with store.reading(actor.scope) as reader:
        orgs = reader.orgs()
        by_id = {org.id: org for org in orgs}
        org = by_id.get(org_id)
        if org is None:
            msg = "该组织已不存在，请刷新后重试"
            raise NotFoundError(msg)
        walk = _Walk(reader, orgs, counts)
        chain = above(org_id, parents_of(orgs))
        phone_of = next((by_id[one] for one in chain if by_id[one].office_phone), None)
        bodies = [body.name for body in reader.bodies() if any(seat.org_id == org_id for seat in body.seats)]
    successor = by_id.get(org.successor_id)
    return OrgCard(
        org=org,
        parent=by_id[org.parent_id].name if org.parent_id in by_id else "",
        successor=successor.name if successor else "",
        path=tuple(by_id[one].name for one in reversed(chain)),
        divisions=tuple(walk.divisions.get(code, code) for code in org.division_codes),
        ground=_ground_in_words(walk, [by_id[one] for one in chain]),
        phone=phone_of.office_phone if phone_of else "",
        phone_of=phone_of.name if phone_of else "",
        members=walk.counts.get(org_id) if org_id in walk.mine else None,
        children=tuple((child.id, child.name) for child in walk.children.get(org_id, ()) if child.id is not None),
        areas=tuple(sorted(walk.areas.get(org_id, ()))),
        bodies=tuple(bodies),
        may_edit=actor.may(Action.MANAGE_ORGS) and org_id in walk.mine,
    )


def directory(actor: Actor, store: Store) -> tuple[PhoneLine, ...]:
    """List where every organisation is reached: its own office telephone or that of the nearest above it."""
    require(actor, Action.VIEW_ORGS)
    with store.reading(actor.scope) as reader:
        orgs = [org for org in reader.orgs() if org.status is not OrgStatus.ABOLISHED]
    by_id: Mapping[OrgId | None, PartyOrg] = {org.id: org for org in orgs}
    parents = parents_of(orgs)
    found = []
    for org in orgs:
        chain = [by_id[one] for one in above(org.id, parents) if one in by_id]
        holder = next((one for one in chain if one.office_phone), None)
        found.append(
            PhoneLine(
                org.id or 0,  # type: ignore[arg-type]  # read from the database
                org.name,
                org.kind.label,
                chain[1].name if len(chain) > 1 else "",
                holder.office_phone if holder else "",
                holder.name if holder and holder is not org else "",
                org.term_ends_on,
            )
        )
    return tuple(sorted(found, key=lambda line: (by_id[line.org_id].code, line.org_id)))


def _ground_in_words(walk: _Walk, chain: Sequence[PartyOrg]) -> str:
    """Say an organisation's own ground, or whose it shares."""
    own = walk.ground(chain[0])
    if own:
        return own
    holder = next((org for org in chain[1:] if org.division_codes), None)
    return f"随{holder.name}：{walk.ground(holder)}" if holder else "未登记"


def _named(names: Sequence[str]) -> str:
    return "、".join(names[:SHOWN]) + (f" 等 {len(names)} 个" if len(names) > SHOWN else "")
