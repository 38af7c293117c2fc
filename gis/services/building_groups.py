"""楼栋党小组: the level between branch and host in settled communities, founded and closed by the branch committee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import GroupKind, SeatSource
from gis.services.access import require, require_orgs
from gis.services.rules import keep_rules
from gis.store.writers.groups import NewGroup, NewSeat

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import BuildingId, HostId, MemberId, OrgId
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class BuildingGroupForm:
    """A group to be founded: its members are named, or all members of the branch in some buildings join."""

    branch_id: OrgId
    name: str
    leader_id: MemberId
    decided_on: date
    member_ids: frozenset[MemberId] = frozenset()
    building_ids: frozenset[BuildingId] = frozenset()
    host_id: HostId | None = None
    reported_on: date | None = None


def found_building_group(actor: Actor, store: Store, form: BuildingGroupForm, *, reason: str = "") -> int:
    """Found a group of a branch by buildings; who sits in another group stays there and is refused here.

    Raises
    ------
    InputError
        Name, days or members are wrong, or a rule stops it (R01, R05) or asks for a reason (R03, R04).
    """
    require(actor, Action.ADOPT_GROUPS)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        require_orgs(actor, writer, [form.branch_id])
        members = _members(writer, form)
        _check(writer, form, members)
        seats = tuple(NewSeat(one.id, 0.0, "按所住楼栋", SeatSource.MANUAL) for one in members if one.id is not None)
        group = NewGroup(
            form.branch_id,
            form.name.strip(),
            form.leader_id,
            form.host_id,
            None,
            seats,
            (),
            form.decided_on,
            form.reported_on,
        )
        with keep_rules(writer, (form.branch_id,), reason):
            number = writer.found_group(group, GroupKind.BUILDING)
        writer.say(f"设立楼栋党小组（{len(seats)} 人）", group_id=number)
    return number


def close_building_group(actor: Actor, store: Store, group_id: int) -> None:
    """Close a 楼栋党小组 today; the rows stay. Raises NotFoundError."""
    require(actor, Action.ADOPT_GROUPS)
    with store.writing(actor, Action.ADOPT_GROUPS) as writer:
        found = next((one for one in writer.groups_in_force(kinds=(GroupKind.BUILDING,)) if one.id == group_id), None)
        if found is None:
            msg = "没有这个楼栋党小组，或不在管理范围内"
            raise NotFoundError(msg)
        writer.close_group(group_id, writer.today)
        writer.say("停止一个楼栋党小组", group_id=group_id)


def _members(reader: Reader, form: BuildingGroupForm) -> list[Member]:
    everybody = reader.members([form.branch_id])
    unknown = form.member_ids - {one.id for one in everybody}
    if unknown:
        msg = f"有 {len(unknown)} 名不是本支部的党员，请重新选择"
        raise InputError(msg)
    wanted = {*form.member_ids, form.leader_id}
    return [
        one
        for one in everybody
        if one.id in wanted or (one.residence and one.residence.building_id in form.building_ids)
    ]


def _check(writer: Writer, form: BuildingGroupForm, members: list[Member]) -> None:
    name = form.name.strip()
    if not name or len(name) > LONGEST_NAME:
        msg = "请填写小组名称" if not name else f"小组名称不超过 {LONGEST_NAME} 字"
        raise InputError(msg)
    if form.decided_on > writer.today or (form.reported_on and form.reported_on < form.decided_on):
        msg = "支委会决定日期应不晚于今天，报上级日期应不早于决定日期"
        raise InputError(msg)
    if form.leader_id not in {one.id for one in members}:
        msg = "组长须是本支部的党员"
        raise InputError(msg)
    hosts = {host.id for host in writer.hosts() if host.status.value == "approved"}
    if form.host_id is not None and form.host_id not in hosts:
        msg = "中心户不存在或未批准，请重新选择"
        raise InputError(msg)
    taken = writer.seated_anywhere([one.id for one in members if one.id is not None])
    if taken:
        names = "、".join(one.name for one in members if one.id in taken)
        msg = f"{names}已在别的党小组，一名党员只编入一个党小组"
        raise InputError(msg)
