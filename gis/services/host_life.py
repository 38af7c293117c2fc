"""The life of a 党员中心户: four dated steps, agreement, suspension, end; groups that meet there are named first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gis.errors import Fault, InputError, NotFoundError
from gis.model.access import Action
from gis.model.enums import GroupKind, HostStatus
from gis.services.access import require, require_orgs
from gis.services.host_checks import STEPS, HostStep
from gis.services.hosts import LONGEST_REASON, capacity_reason, check_householder, checked_day
from gis.services.rules import keep_rules

if TYPE_CHECKING:
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import HostId, MemberId
    from gis.model.people import Member
    from gis.model.territory import HostHousehold
    from gis.store.database import Store
    from gis.store.reader import Reader
    from gis.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Stop:
    """A suspension or an end: the day, why, and whether the groups that meet there have another place."""

    on: date
    reason: str = ""
    groups_settled: bool = False


def take_step(actor: Actor, store: Store, host_id: HostId, step: HostStep, on: date, version: int) -> HostStatus:
    """Set the day of a step, the steps in their order; the last one approves the host. Returns the status after it.

    The days of an approved host that a list did not carry can be filled in; they must not turn the order around.

    Raises
    ------
    InputError
        An earlier step has no day, the order is turned around, or the host is not a full member.
    """
    require(actor, Action.MANAGE_HOSTS)
    with store.writing(actor, Action.MANAGE_HOSTS) as writer:
        host, member = _host(actor, writer, host_id)
        if host.status is HostStatus.ENDED:
            msg = "该中心户已撤销，须重新报名"
            raise InputError(msg)
        _check_order(host, step, checked_day(on, writer.today, step.label))
        changes: dict[str, object] = {step.value: on}
        if step is HostStep.APPROVED and host.status is HostStatus.PROPOSED:
            check_householder(member)
            changes["status"] = HostStatus.APPROVED
        after = replace(host, **changes, version=version)  # type: ignore[arg-type]  # fields by name
        _save(writer, after)
        writer.say(f"中心户办理：{step.label}", host_id=host_id)
    return after.status


def sign_agreement(
    actor: Actor, store: Store, host_id: HostId, on: date, version: int, *, responsible_id: MemberId | None = None
) -> None:
    """Note the day of the agreement and who is responsible: the host unless another full member is named.

    Raises
    ------
    InputError
        The branch has not approved the host, or not yet on that day; the person is not a full member of the branch.
    """
    require(actor, Action.MANAGE_HOSTS)
    with store.writing(actor, Action.MANAGE_HOSTS) as writer:
        host, _ = _host(actor, writer, host_id)
        checked_day(on, writer.today, "协议签订")
        if host.status not in (HostStatus.APPROVED, HostStatus.SUSPENDED):
            msg = f"中心户现为“{host.status.label}”：支部审定后再签订协议"
            raise InputError(msg)
        if host.approved_on is not None and on < host.approved_on:
            msg = f"协议签订日期应不早于支部审定日期 {host.approved_on.isoformat()}"
            raise InputError(msg)
        chosen = responsible_id or host.responsible_member_id or host.member_id
        people = {member.id: member for member in writer.members([host.branch_id])}
        person = people.get(chosen)
        if person is None or not person.is_full:
            msg = "负责人须是本支部的正式党员，一般由党小组长或户主担任"
            raise InputError(msg)
        _save(writer, replace(host, agreement_signed_on=on, responsible_member_id=chosen, version=version))
        writer.say("登记中心户协议和负责人", host_id=host_id)


def suspend_host(actor: Actor, store: Store, host_id: HostId, stop: Stop, version: int) -> None:
    """Suspend an approved host; groups that meet there must have been thought of.

    Raises
    ------
    InputError
        It is not approved; groups in force meet there and `groups_settled` is not said: they are named.
    """
    require(actor, Action.MANAGE_HOSTS)
    with store.writing(actor, Action.MANAGE_HOSTS) as writer:
        host, _ = _host(actor, writer, host_id)
        if host.status is not HostStatus.APPROVED:
            msg = f"中心户现为“{host.status.label}”，不能暂停"
            raise InputError(msg)
        _ask_about_groups(writer, host, "暂停", groups_settled=stop.groups_settled)
        day = checked_day(stop.on, writer.today, "暂停")
        _save(writer, replace(host, status=HostStatus.SUSPENDED, suspended_on=day, version=version))
        writer.say("暂停一户中心户", host_id=host_id)


def resume_host(actor: Actor, store: Store, host_id: HostId, version: int) -> None:
    """Let a suspended host go on; it must still be a full member's.

    Raises
    ------
    InputError
        It is not suspended, or the host is no full member any more.
    """
    require(actor, Action.MANAGE_HOSTS)
    with store.writing(actor, Action.MANAGE_HOSTS) as writer:
        host, member = _host(actor, writer, host_id)
        if host.status is not HostStatus.SUSPENDED:
            msg = f"中心户现为“{host.status.label}”，没有暂停"
            raise InputError(msg)
        check_householder(member)
        _save(writer, replace(host, status=HostStatus.APPROVED, suspended_on=None, version=version))
        writer.say("恢复一户中心户", host_id=host_id)


def end_host(actor: Actor, store: Store, host_id: HostId, stop: Stop, version: int) -> None:
    """End a host with a reason; the row stays.

    Raises
    ------
    InputError
        No reason; it has ended; groups in force meet there and `groups_settled` is not said: they are named.
    """
    require(actor, Action.MANAGE_HOSTS)
    with store.writing(actor, Action.MANAGE_HOSTS) as writer:
        host, _ = _host(actor, writer, host_id)
        said = stop.reason.strip()
        if not said or len(said) > LONGEST_REASON:
            msg = "请填写撤销原因，例如：户主迁居" if not said else f"撤销原因不超过 {LONGEST_REASON} 字"
            raise InputError(msg)
        if host.status is HostStatus.ENDED:
            msg = "该中心户已撤销"
            raise InputError(msg)
        _ask_about_groups(writer, host, "撤销", groups_settled=stop.groups_settled)
        day = checked_day(stop.on, writer.today, "撤销")
        _save(writer, replace(host, status=HostStatus.ENDED, ended_on=day, ended_reason=said, version=version))
        writer.say("撤销一户中心户", host_id=host_id)


def set_capacity(actor: Actor, store: Store, host_id: HostId, capacity: int, version: int, *, reason: str = "") -> None:
    """Change how many a host seats; above the limit with a reason.

    Raises
    ------
    InputError
        The number is none, or asks for a reason.
    """
    require(actor, Action.MANAGE_HOSTS)
    with store.writing(actor, Action.MANAGE_HOSTS) as writer:
        host, _ = _host(actor, writer, host_id)
        why = capacity_reason(writer, capacity, reason)
        _save(writer, replace(host, capacity=capacity, capacity_reason=why, version=version))
        writer.say("修改中心户可容纳人数", host_id=host_id)


def _host(actor: Actor, reader: Reader, host_id: HostId) -> tuple[HostHousehold, Member | None]:
    host = next((one for one in reader.hosts(with_ended=True) if one.id == host_id), None)
    if host is None:
        msg = "该中心户已不存在，请刷新后重试"
        raise NotFoundError(msg)
    require_orgs(actor, reader, [host.branch_id])
    member = next((one for one in reader.members([host.branch_id]) if one.id == host.member_id), None)
    return host, member


def _save(writer: Writer, host: HostHousehold) -> None:
    with keep_rules(writer, (host.branch_id,)):
        writer.save_hosts([host])


def _check_order(host: HostHousehold, step: HostStep, on: date) -> None:
    at = STEPS.index(step)
    for earlier in STEPS[:at]:
        day = getattr(host, earlier.value)
        if day is None and host.status is HostStatus.PROPOSED:
            msg = f"先登记{earlier.label}日期，再登记{step.label}"
            raise InputError(msg)
        if day is not None and on < day:
            msg = f"{step.label}日期应不早于{earlier.label}日期 {day.isoformat()}"
            raise InputError(msg)
    for later in STEPS[at + 1 :]:
        day = getattr(host, later.value)
        if day is not None and on > day:
            msg = f"{step.label}日期应不晚于{later.label}日期 {day.isoformat()}"
            raise InputError(msg)


def _ask_about_groups(reader: Reader, host: HostHousehold, what: str, *, groups_settled: bool) -> None:
    groups = [group for group in reader.groups_in_force(kinds=tuple(GroupKind)) if group.host_id == host.id]
    seats = reader.seats_taken().get(("host", host.id or 0), 0) - sum(len(group.seats) for group in groups)
    if groups_settled or not (groups or seats > 0):
        return
    named = [Fault(f"{group.name}（{len(group.seats)} 人）") for group in groups]
    named += [Fault(f"其他支部的党小组（{seats} 人）")] if seats > 0 else []
    msg = f"还有党小组在此活动，{what}前请先定好新的活动地点，再确认{what}"
    raise InputError(msg, tuple(named))
