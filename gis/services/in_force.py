"""Groups in force as planning meets them: who sits where now, what stays frozen, who already leads another group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError
from gis.planning.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gis.model.ids import MemberId, OrgId
    from gis.model.people import PartyGroup
    from gis.model.plan import GroupingRequest
    from gis.store.reader import Reader

#: Why a seat in force cannot be kept, by the rule that it breaks today
WHY_LOST: dict[Rule, str] = {
    Rule.WALK_LIMIT: "原地点已超过步行上限",
    Rule.REACHABLE: "到原地点没有步行道路",
    Rule.STEP_FREE: "原地点没有无障碍通道",
    Rule.HOST_BRANCH: "原地点只供其他支部使用",
    Rule.FORBIDDEN: "原地点不能再去",
    Rule.LOCK: "支部已指定别处",
    Rule.MIN_SIZE: "原小组余下的人不足最低组员数",
    Rule.MIN_FULL: "原小组余下的人中没有正式党员",
    Rule.LEADER: "原小组余下的人中没有可任组长的",
    Rule.CAPACITY: "原地点座位不足",
    Rule.HARD_MAX: "原小组人数超过上限",
    Rule.MEMBERS_PER_LEADER: "原小组可任组长的人不够",
    Rule.GROUPS_PER_HOST: "原地点小组过多",
    Rule.TOGETHER: "要与同组的人在一起",
}
PLACE_GONE = "原地点已停用"
NOT_ASKED_NOW = "不再参加编组"
OTHER_BRANCH_NOW = "组织关系已不在原小组的支部"


@dataclass(frozen=True, slots=True)
class InForce:
    """The groups in force of the branches planned for.

    `seat` is the group of each member who has one; `place` the label of each group's place, by group id;
    `leading_elsewhere` are those who lead a group that the plan does not replace.
    """

    groups: tuple[PartyGroup, ...]
    frozen: tuple[PartyGroup, ...]
    seat: Mapping[MemberId, PartyGroup]
    place: Mapping[int, str]
    leading_elsewhere: frozenset[MemberId]

    @property
    def frozen_members(self) -> dict[MemberId, PartyGroup]:
        """The members of frozen groups with their group."""
        return {seat.member_id: group for group in self.frozen for seat in group.seats}

    @property
    def leaders(self) -> frozenset[MemberId]:
        """Who leads one of the groups."""
        return frozenset(group.leader_id for group in self.groups if group.leader_id is not None)


def read_in_force(reader: Reader, branch_ids: Collection[OrgId], request: GroupingRequest) -> InForce:
    """Read the groups in force that a plan for these branches would replace.

    Raises
    ------
    InputError
        A group to be frozen is not in force in these branches; or a group in force mixes their members with those of
        branches not planned for.
    """
    groups = reader.groups_in_force(branch_ids)
    _refuse_halves(reader, branch_ids)
    known = {group.id: group for group in groups}
    unknown = sorted(set(request.frozen_groups) - known.keys())
    if unknown:
        shown = "、".join(str(number) for number in known) or "无"
        msg = f"所选支部没有编号为 {'、'.join(map(str, unknown))} 的现行小组。现行小组：{shown}"
        raise InputError(msg)
    return InForce(
        groups=groups,
        frozen=tuple(known[number] for number in sorted(set(request.frozen_groups))),
        seat={seat.member_id: group for group in groups for seat in group.seats},
        place=place_labels(reader, groups),
        leading_elsewhere=reader.leading_elsewhere(branch_ids),
    )


def _refuse_halves(reader: Reader, branch_ids: Collection[OrgId]) -> None:
    others = reader.branches_mixed_with(branch_ids)
    if others:
        names = {org.id: org.name for org in reader.orgs()}
        shown = "、".join(sorted(names.get(other, "") for other in others))
        msg = f"现行小组中有与其他支部混编的，请把这些支部一并测算：{shown}"
        raise InputError(msg)


def place_key_of(group: PartyGroup) -> str:
    """Return the key of the group's place: `H12` or `V3`."""
    return f"H{group.host_id}" if group.host_id is not None else f"V{group.venue_id}"


def place_labels(reader: Reader, groups: Collection[PartyGroup]) -> dict[int, str]:
    """Name the place of each group, those in use no more as well, by group id."""
    if not groups:
        return {}
    hosts = {host.id: host for host in reader.hosts(with_ended=True)}
    venues = {venue.id: venue.name for venue in reader.venues()}
    buildings = {building.id: building.label for building in reader.buildings()}

    def label(group: PartyGroup) -> str:
        host = hosts.get(group.host_id) if group.host_id is not None else None
        if host is None:
            return next((name for number, name in venues.items() if number == group.venue_id), "")
        return f"{host.name}家" if host.name else f"{buildings.get(host.building_id, '')}党员中心户"

    return {group.id: label(group) for group in groups}
