"""R13–R17, R19 and R20: members. Hints only point; none of these functions sets anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import HostStatus, MobilityLevel, Preference
from gis.services.rules import making
from gis.services.rules.making import BLOCK, INFO, WARN
from gis.services.rules.periods import add_months

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gis.model.rule_facts import MemberFact, RuleFacts
    from gis.model.rules import Violation

OLD = 80  # with “needs help”; domain.md section 4, defaults


def r13_study_at_home(facts: RuleFacts) -> Iterator[Violation]:
    """Point at who may be visited and whose study mode nobody has settled; says nothing of why (domain.md 2B)."""
    for member in facts.hinted:
        if member.has_mode or member.preference not in (Preference.NONE, Preference.HOME_VISIT):
            continue
        if _may_be_visited(member):
            todo = "与本人商量，在“学习方式”页确定"
            text = "符合送学上门的条件，还没有确定学习方式"
            yield making.member(member).breaks("R13", INFO, text, todo, member.preference.value)


def _may_be_visited(member: MemberFact) -> bool:
    if member.mobility is MobilityLevel.CANNOT_LEAVE:
        return True
    return member.mobility is MobilityLevel.NEEDS_HELP and member.age is not None and member.age >= OLD


def r14_maybe_mobile(facts: RuleFacts) -> Iterator[Violation]:
    """Hint at members who live elsewhere and, by the register of their branch, came to nothing for six months."""
    for member in facts.hinted:
        first, last = facts.attendance.get(member.branch_id, (None, None))
        if not _is_past(first, facts) or _is_past(last, facts):
            continue  # the register does not cover the six months, or nothing was held in them
        if not _is_away(member, facts) or member.mobile_card_no:
            continue
        if member.attended_on is None or _is_past(member.attended_on, facts):
            seen = f"最近一次到会 {member.attended_on.isoformat()}" if member.attended_on else "签到记录中没有本人"
            text = f"住在本组织范围以外，{seen}，已满 {facts.limits.away_months} 个月"
            todo = "与本人核实：确属流动党员的，两边登记；不是的，点“知道了”"
            yield making.member(member).breaks("R14", INFO, text, todo, member.away_since, member.attended_on)


def r15_not_reached(facts: RuleFacts) -> Iterator[Violation]:
    """Ask to look for members not seen or reached for months; never says that anybody is lost."""
    limits = facts.limits
    for member in facts.hinted:
        last = max((day for day in (member.attended_on, member.reached_on) if day is not None), default=None)
        start = last or member.tried_on
        if start is None or member.has_lost_case or add_months(start, limits.lost_warn_months) > facts.today:
            continue
        if not _is_missed(member, last):
            continue  # no meeting and no call since: the organisation was silent, not the member
        is_alert = add_months(start, limits.lost_alert_months) <= facts.today
        months = limits.lost_alert_months if is_alert else limits.lost_warn_months
        what = "最后一次到会或联系上是" if last else "从未联系上，第一次尝试是"
        text = f"{what} {start.isoformat()}，已满 {months} 个月"
        todo = "报告上级并组织查找，必要时由人提出、第二人确认" if is_alert else "先通过家属、邻居和居住地组织查找"
        yield making.member(member).breaks("R15", WARN, text, todo, start, months)


def _is_missed(member: MemberFact, last: date | None) -> bool:
    """Whether silence says anything: the member is dispersed and due to be called, or did not answer or come since."""
    is_dispersed = member.is_in_transition or bool(member.is_away)
    return is_dispersed or last is None or (member.missed_on is not None and member.missed_on > last)


def r16_relation_might_move(facts: RuleFacts) -> Iterator[Violation]:
    """Hint once that a relation might be moved; who keeps it in the old village says so in a word."""
    for member in facts.hinted:
        if _is_away(member, facts) and member.away_since is not None:
            why = "；过渡期保留在原支部的，可写明理由" if member.is_in_transition else ""
            text = f"{member.away_since.isoformat()} 起住在本组织范围以外，已满 {facts.limits.away_months} 个月"
            todo = f"问本人是否愿意转接组织关系{why}"
            yield making.member(member).breaks("R16", INFO, text, todo, member.away_since)


def _is_away(member: MemberFact, facts: RuleFacts) -> bool:
    """Whether the member has lived elsewhere for six months; not known is no."""
    return bool(member.is_away) and _is_past(member.away_since, facts)


def _is_past(day: date | None, facts: RuleFacts) -> bool:
    """Whether a day lies six months back or more; a day that nobody knows does not."""
    return day is not None and add_months(day, facts.limits.away_months) <= facts.today


def r17_one_relation(facts: RuleFacts) -> Iterator[Violation]:
    """Report members with a second relation; and, once a branch, those away whom nobody there keeps contact with."""
    for member in facts.members:
        others = sorted(set(member.affiliations) - {member.branch_id})
        if others:
            names = "、".join(facts.org_name(one) or f"组织 {one}" for one in others)
            text = f"除在册支部外，另有现行组织关系：{names}"
            yield making.member(member).breaks(
                "R17", BLOCK, text, "核实后只保留一个", member.branch_id, *others, ways=map(str, others)
            )
    for branch, members in facts.members_of.items():
        alone = [one for one in members if (one.is_in_transition or one.is_away) and not one.has_home_contact]
        org = facts.org_of.get(branch)
        if alone and org is not None:
            names = making.named((one.name for one in alone), is_counted=True)
            text = f"{len(alone)} 名外住党员没有原支部一侧的联系人：{names}"
            ids = sorted(one.id for one in alone)
            yield making.org(org).breaks("R17", WARN, text, "在“联系卡”页确定联系人，或说明理由", *ids)


def r19_probationary(facts: RuleFacts) -> Iterator[Violation]:
    """Report who is no full member and yet leads, may lead, hosts or votes."""
    leads = {group.leader_id: group.name for group in facts.groups if group.leader_id is not None}
    voting = {one: session for session in facts.sessions for one in session.voting_without_right}
    for member in facts.members:
        if member.is_full:
            continue
        about = making.member(member)
        if member.id in leads or member.may_lead:
            where = f"任组长：{leads[member.id]}" if member.id in leads else "列为组长人选"
            yield about.breaks("R19", BLOCK, f"不是正式党员，却{where}", "另选正式党员", "leads", ways=("leads",))
        if member.id in voting:
            day = voting[member.id].planned_on.isoformat()
            text = f"不是正式党员，{day} 的签到表却记为有表决权"
            yield about.breaks("R19", BLOCK, text, "更正签到表", "votes", voting[member.id].id, ways=("votes",))
    for host in facts.hosts:
        if host.is_full is False and host.status is HostStatus.APPROVED:
            text = "户主不是党籍正常的正式党员"
            yield making.host(host).breaks("R19", BLOCK, text, "暂停或更换中心户", host.member_id)


def r20_card_is_checked(facts: RuleFacts) -> Iterator[Violation]:
    """Point at 活动证 that have not been checked for a year."""
    for member in facts.hinted:
        checked = member.mobile_card_checked_on
        if not member.mobile_card_no or (
            checked is not None and add_months(checked, facts.limits.mobile_card_months) >= facts.today
        ):
            continue
        text = f"流动党员活动证{f' {checked.isoformat()} 查验后已满一年' if checked else '没有登记查验日期'}"
        yield making.member(member).breaks("R20", INFO, text, "查验后在“联系卡”页登记日期", checked)
