"""What the rule book of 党员中心户 asks of a host, as data: steps in order, a full member, no more seats than usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import HostStatus, Labelled

if TYPE_CHECKING:
    from gis.model.people import Member
    from gis.model.territory import HostHousehold


class HostStep(Labelled):
    """The four steps in their order; the value is the field that holds the day."""

    APPLIED = "applied_on", "个人报名"
    RECOMMENDED = "recommended_on", "党员推荐"
    GROUP_PROPOSED = "group_proposed_on", "党小组建议"
    APPROVED = "approved_on", "支部审定"


STEPS = tuple(HostStep)


def host_faults(host: HostHousehold, member: Member | None, limit: int) -> tuple[str, ...]:
    """Return what is not as the rule book of host households wants it; an ended host has no faults.

    `member` is the householder in the roster, those who have left too; `limit` the usual number of seats.
    """
    if host.status is HostStatus.ENDED:
        return ()
    found = [text for text in (_householder(host, member),) if text]
    if host.capacity > limit and not host.capacity_reason:
        found.append(f"可容纳 {host.capacity} 人，一般不超过 {limit} 人，请说明理由")
    if host.status in (HostStatus.APPROVED, HostStatus.SUSPENDED):
        lacking = [step.label for step in STEPS if getattr(host, step.value) is None]
        if lacking:
            found.append(f"缺{'、'.join(lacking)}日期")
        if host.agreement_signed_on is None:
            found.append("没有签订中心户协议的日期")
        if host.responsible_member_id is None:
            found.append("没有指定负责人")
    days = [day for step in STEPS if (day := getattr(host, step.value)) is not None]
    if days != sorted(days):
        found.append("四个步骤的日期先后颠倒")
    return tuple(found)


def _householder(host: HostHousehold, member: Member | None) -> str:
    if host.member_id is None or member is None:
        return "户主没有对应到花名册里的党员"
    if member.left_on is not None:
        return "户主已不在花名册，请撤销或另设"
    if not member.is_full:
        return "户主不是正式党员（党籍正常），不能作中心户"
    home = member.residence.building_id if member.residence else None
    return "户主已迁居，与登记的楼栋不同" if host.building_id and home not in (None, host.building_id) else ""


def next_step(host: HostHousehold) -> HostStep | None:
    """Return the first step without a day; None when all are done or it is no application any more."""
    if host.status is not HostStatus.PROPOSED:
        return None
    return next((step for step in STEPS if getattr(host, step.value) is None), None)
