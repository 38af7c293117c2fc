"""What a person says about a member before planning: how far, what they wish, who may lead, where, with whom.

None of it comes out of a file's free text (domain.md 2B): mobility is one of three levels set with the member, never a
diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import HostStatus
from gis.services.access import require
from gis.services.rules import keep_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gis.model.access import Actor
    from gis.model.enums import MobilityLevel, Preference
    from gis.model.ids import HostId, MemberId, OrgId
    from gis.model.people import Member
    from gis.model.territory import HostHousehold
    from gis.store.database import Store
    from gis.store.reader import Reader

LEAST_WALK_M, MOST_WALK_M = 50, 5000


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a person may set; `mobility_level` None: not yet looked into; `max_walk_m` None: by age."""

    mobility_level: MobilityLevel | None
    preference: Preference
    is_leader_eligible: bool
    locked_host_id: HostId | None
    max_walk_m: int | None = None
    companion_ids: tuple[MemberId, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberConditions:
    """One member with the conditions in force; `version` is to be given back with a change."""

    member_id: MemberId
    name: str
    branch_id: OrgId
    branch: str
    age: int | None
    is_full: bool
    is_in_transition: bool
    conditions: Conditions
    version: int


def list_conditions(
    actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None
) -> tuple[MemberConditions, ...]:
    """List the members in scope with what planning takes into account: transition members first, then by branch."""
    require(actor, Action.SET_CONDITIONS)
    today = store.today()
    with store.reading(actor.scope) as reader:
        branches = {org.id: org.name for org in reader.orgs()}
        found = [
            MemberConditions(
                member_id=member.id,
                name=member.name,
                branch_id=member.branch_id,
                branch=branches.get(member.branch_id, ""),
                age=member.age_on(today),
                is_full=member.is_full,
                is_in_transition=member.is_in_transition,
                conditions=conditions_of(member),
                version=member.version,
            )
            for member in reader.members(branch_ids)
            if member.id is not None and member.restricted_on is None
        ]
    return tuple(sorted(found, key=lambda one: (not one.is_in_transition, one.branch_id, one.member_id)))


def conditions_of(member: Member) -> Conditions:
    """Return what is set for a member."""
    return Conditions(
        mobility_level=member.mobility_level,
        preference=member.preference,
        is_leader_eligible=member.is_leader_eligible,
        locked_host_id=member.locked_host_id,
        max_walk_m=member.max_walk_m,
        companion_ids=member.companion_ids,
    )


def host_names(actor: Actor, store: Store) -> Mapping[HostId, str]:
    """Name the approved hosts that a member can be fixed to; of other branches' hosts only the building."""
    require(actor, Action.SET_CONDITIONS)
    with store.reading(actor.scope) as reader:
        return _host_names(reader)


def _host_names(reader: Reader) -> dict[HostId, str]:
    buildings = {building.id: building.label for building in reader.buildings()}
    branches = {org.id: org.name for org in reader.orgs()}

    def called(host: HostHousehold) -> str:
        return f"{host.name}家" if host.name else f"{buildings.get(host.building_id, '')}（{branches[host.branch_id]}）"

    return {
        host.id: called(host) for host in reader.hosts() if host.id is not None and host.status is HostStatus.APPROVED
    }


def set_conditions(actor: Actor, store: Store, member_id: MemberId, wanted: Conditions, version: int) -> None:
    """Set all conditions of one member; a companion gets the member as companion too.

    Raises
    ------
    InputError
        A member who is not full cannot lead (R05, R19); the host does not exist or is not approved; the limit is no
        walk; a companion is not of the same branch.
    NotFoundError
        The member is not there, or outside the scope.
    StaleError
        Somebody changed the member since `version`.
    """
    require(actor, Action.SET_CONDITIONS)
    with store.writing(actor, Action.SET_CONDITIONS) as writer:
        members = {one.id: one for one in writer.members()}
        member = members.get(member_id)
        if member is None:
            msg = "该党员已不在管理范围内，请刷新后重试"
            raise NotFoundError(msg)
        _check(writer, member, wanted, members)
        changed = replace(
            member,
            mobility_level=wanted.mobility_level,
            preference=wanted.preference,
            is_leader_eligible=wanted.is_leader_eligible,
            locked_host_id=wanted.locked_host_id,
            max_walk_m=wanted.max_walk_m,
            residence=None,
            transition=None,
            version=version,
        )
        with keep_rules(writer, (member.branch_id,)):
            writer.save_members([changed])
            writer.set_companions(member_id, wanted.companion_ids)
        writer.say("核定一名党员的编组条件", member_id=member_id)


def _check(reader: Reader, member: Member, wanted: Conditions, members: Mapping[MemberId | None, Member]) -> None:
    if wanted.is_leader_eligible and not member.is_full:
        msg = "预备党员或已停止党籍的不能担任组长"
        raise InputError(msg)
    if wanted.locked_host_id is not None and wanted.locked_host_id not in _host_names(reader):
        msg = "指定的中心户不存在或未批准，请重新选择"
        raise InputError(msg)
    if wanted.max_walk_m is not None and not LEAST_WALK_M <= wanted.max_walk_m <= MOST_WALK_M:
        msg = f"本人步行上限请填 {LEAST_WALK_M}–{MOST_WALK_M} 米；不填则按年龄"
        raise InputError(msg)
    for other in wanted.companion_ids:
        if other == member.id or other not in members or members[other].branch_id != member.branch_id:
            msg = "同组的人须是同一支部的其他党员，请重新选择"
            raise InputError(msg)
