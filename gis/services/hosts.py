"""党员中心户: who they are and who applies; their further life is in `host_life`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.errors import InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import GroupKind, HostStatus, Precision
from gis.model.territory import HostHousehold
from gis.services.access import require
from gis.services.host_checks import HostStep, host_faults, next_step
from gis.services.settings import office_settings

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import HostId, MemberId, OrgId
    from gis.model.people import Member
    from gis.store.database import Store
    from gis.store.reader import Reader

MOST_SEATS, LONGEST_REASON = 100, 200


@dataclass(frozen=True, slots=True)
class HostForm:
    """An application; `reason` answers a capacity above the usual one."""

    member_id: MemberId
    capacity: int
    applied_on: date | None = None
    floor: int | None = None
    is_step_free: bool | None = None
    equipment: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HostLine:
    """One host in a list. `next_step` is what is still to do; `groups` in force meet there; `faults` break the book."""

    host: HostHousehold
    branch: str
    building: str
    responsible: str
    next_step: HostStep | None
    groups: tuple[str, ...]
    faults: tuple[str, ...]


def list_hosts(actor: Actor, store: Store, branch_ids: Collection[OrgId] | None = None) -> tuple[HostLine, ...]:
    """List the hosts of the actor's branches, ended ones too, by branch and name."""
    require(actor, Action.VIEW_ORGS)
    require(actor, Action.VIEW_MEMBERS)
    with store.reading(actor.scope) as reader:
        mine = reader.org_ids_in_scope if branch_ids is None else reader.org_ids_in_scope & frozenset(branch_ids)
        orgs = {org.id: org.name for org in reader.orgs()}
        labels = {building.id: building.label for building in reader.buildings()}
        members = {member.id: member for member in reader.members(include_left=True)}
        groups = reader.groups_in_force(kinds=tuple(GroupKind))
        limit = seat_limit(reader)
        found = [host for host in reader.hosts(with_ended=True) if host.branch_id in mine]
    lines = [
        HostLine(
            host=host,
            branch=orgs.get(host.branch_id, ""),
            building=labels.get(host.building_id, "") if host.building_id else "",
            responsible=_name(members, host.responsible_member_id),
            next_step=next_step(host),
            groups=tuple(group.name for group in groups if group.host_id == host.id),
            faults=host_faults(host, members.get(host.member_id), limit),
        )
        for host in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.host.branch_id, line.host.name, line.host.id or 0)))


def seat_limit(reader: Reader) -> int:
    """Return above how many seats a reason is asked for."""
    return office_settings(reader).host_capacity


def apply_host(actor: Actor, store: Store, form: HostForm) -> HostId:
    """Register a member's application (个人报名); the place is the member's home.

    Raises
    ------
    InputError
        The member is not full or has no known home, is a host already, or the capacity asks for a reason.
    NotFoundError
        The member is not there, or outside the scope.
    """
    require(actor, Action.MANAGE_HOSTS)
    with store.writing(actor, Action.MANAGE_HOSTS) as writer:
        member = next((one for one in writer.members() if one.id == form.member_id), None)
        if member is None:
            msg = "该党员已不在管理范围内，请刷新后重试"
            raise NotFoundError(msg)
        check_householder(member)
        for host in writer.hosts(with_ended=True):
            if host.member_id == member.id and host.status is not HostStatus.ENDED:
                msg = f"该党员已是中心户（{host.status.label}），不必重复报名"
                raise InputError(msg)
        why = capacity_reason(writer, form.capacity, form.reason)
        home = member.residence
        on = checked_day(form.applied_on or writer.today, writer.today, HostStep.APPLIED.label)
        host = HostHousehold(
            None,
            member.name,
            member.branch_id,
            form.capacity,
            home.shape if home else None,
            address=home.address if home else "",
            member_id=member.id,
            building_id=home.building_id if home else None,
            floor=form.floor,
            is_step_free=form.is_step_free,
            equipment=form.equipment,
            status=HostStatus.PROPOSED,
            applied_on=on,
            capacity_reason=why,
        )
        (host_id,) = writer.save_hosts([host])
        writer.say("登记一户中心户报名", host_id=host_id)
    return host_id


def check_householder(member: Member | None) -> None:
    """Refuse a host who is no full member or whose home is not known."""
    if member is None:
        msg = "户主没有对应到本支部花名册里的党员，请先核对"
        raise InputError(msg)
    if not member.is_full:
        msg = "中心户的户主须是正式党员，党籍正常"
        raise InputError(msg)
    home = member.residence
    if home is None or home.precision in (Precision.QUEUE, Precision.OUTSIDE) or home.shape is None:
        msg = "该党员的住址还没有定位到本街道，请先在“定位”页核定"
        raise InputError(msg)


def capacity_reason(reader: Reader, capacity: int, reason: str) -> str:
    """Return why there are so many seats; a number above the limit asks for it, another needs none."""
    limit = seat_limit(reader)
    if not 1 <= capacity <= MOST_SEATS:
        msg = f"可容纳人数请填 1 到 {MOST_SEATS} 之间的整数"
        raise InputError(msg)
    if capacity <= limit:
        return ""
    if not reason.strip():
        msg = f"中心户一般不超过 {limit} 人，现填 {capacity} 人：确需如此，请填写理由"
        raise InputError(msg)
    return reason.strip()[:LONGEST_REASON]


def checked_day(on: date, today: date, what: str) -> date:
    """Return a day that is not in the future."""
    if on > today:
        msg = f"{what}日期 {on.isoformat()} 在今天之后，请核对"
        raise InputError(msg)
    return on


def _name(members: dict[MemberId | None, Member], member_id: MemberId | None) -> str:
    found = members.get(member_id)
    return found.name if found else ""
