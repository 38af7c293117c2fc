"""R07–R10: how organisations are set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import OrgKind
from gis.model.meetings import AffairType
from gis.services.rules import making
from gis.services.rules.making import BLOCK, WARN
from gis.services.rules.periods import MONTHS_OF_YEAR, add_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.rule_facts import OrgFact, RuleFacts
    from gis.model.rules import Violation


def r07_branch_size(facts: RuleFacts) -> Iterator[Violation]:
    """Report branches of too few full members or too many members, and joint ones of too many units."""
    limits = facts.limits
    for org in facts.orgs:
        if not org.is_branch or not org.is_active or org.kind is OrgKind.TEMPORARY_BRANCH or not org.members:
            continue  # one without any member is being set up, or waits to be closed
        about = making.org(org)
        if org.full < limits.branch_full_min:
            text = f"正式党员 {org.full} 名，不足 {limits.branch_full_min} 名"
            todo = "与邻近单位联合成立党支部；正在撤并的，在“组织”页登记"
            yield about.breaks("R07", BLOCK, text, todo, org.full, ways=("few",))
        if org.members > limits.branch_most:
            text = f"在册党员 {org.members} 名，超过 {limits.branch_most} 名"
            yield about.breaks("R07", WARN, text, "分设支部，或说明理由", "many", ways=("many",))
        if org.kind is OrgKind.JOINT_BRANCH and (org.unit_count or 0) > limits.joint_units_most:
            text = f"由 {org.unit_count} 个单位联合，超过 {limits.joint_units_most} 个"
            yield about.breaks(
                "R07", WARN, text, "调整联合的单位，或说明理由", "units", org.unit_count, ways=("units",)
            )


def r08_branch_committee(facts: RuleFacts) -> Iterator[Violation]:
    """Report branches whose committee does not fit their number of full members, or whose term is over."""
    for org in facts.orgs:
        if not org.is_branch or not org.is_active or org.kind is OrgKind.TEMPORARY_BRANCH or not org.members:
            continue
        faults = [*_committee_faults(facts, org), *_term_faults(facts, org)]
        if faults:
            todo = "在“组织”页补登或更正，或说明理由"
            facts_now = (org.committee_size, org.term_ends_on)
            text, ways = "；".join(one for _, one in faults), [key for key, _ in faults]
            yield making.org(org).breaks("R08", WARN, text, todo, *facts_now, *ways, ways=ways)


def _committee_faults(facts: RuleFacts, org: OrgFact) -> Iterator[tuple[str, str]]:
    limits, size = facts.limits, org.committee_size
    if org.full < limits.committee_from:
        if size is not None and size >= limits.committee_least:
            text = f"正式党员 {org.full} 名，不足 {limits.committee_from} 名，登记的支委会却有 {size} 人"
            yield "no committee", text
    elif size is None:
        yield "unknown", f"正式党员 {org.full} 名，应设支部委员会，没有登记委员人数"
    elif size < limits.committee_least:
        yield "small", f"支委会 {size} 人，不足 {limits.committee_least} 人"
    elif size > limits.committee_most:
        yield "large", f"支委会 {size} 人，超过 {limits.committee_most} 人"


def _term_faults(facts: RuleFacts, org: OrgFact) -> Iterator[tuple[str, str]]:
    """Say what is wrong with a term; one that nobody registered cannot be judged."""
    ends = org.term_ends_on
    if ends is None:
        return
    if ends < facts.today:
        yield "over", f"任期 {ends.isoformat()} 已届满"
    elif ends > add_months(facts.today, facts.limits.term_years * MONTHS_OF_YEAR):
        yield "long", f"任期到 {ends.isoformat()}，超过 {facts.limits.term_years} 年"


def r09_village_organisation(facts: RuleFacts) -> Iterator[Violation]:
    """Report village organisations of the wrong kind, past their term, or set up or ended without approval."""
    for org in facts.orgs:
        faults = [*_kind_faults(facts, org), *_approval_faults(org)]
        if org.is_village and not org.is_branch and org.is_active:
            faults += _term_faults(facts, org)
        if faults:
            text = "；".join(one for _, one in faults)
            ways = [key for key, _ in faults]
            facts_now = (*ways, org.term_ends_on, org.ended_on)
            todo = "在“组织”页补登或更正，或说明理由"
            yield making.org(org).breaks("R09", WARN, text, todo, *facts_now, ways=ways)


def _kind_faults(facts: RuleFacts, org: OrgFact) -> Iterator[tuple[str, str]]:
    limits, count = facts.limits, org.members_below
    if not org.is_village or not org.is_active:
        return
    if org.is_branch and count > limits.general_branch_above:
        yield "general", f"党员 {count} 名，超过 {limits.general_branch_above} 名，应设党总支"
    if org.kind is OrgKind.COMMITTEE and count < limits.committee_members:
        yield "committee", f"党员 {count} 名，不足 {limits.committee_members} 名，却设了党委"


def _approval_faults(org: OrgFact) -> Iterator[tuple[str, str]]:
    is_above = org.kind is OrgKind.WORKING_COMMITTEE or (org.parent_id is None and not org.is_village)
    if is_above or (org.approved_by and org.approved_on is not None):
        return
    missing = "批准的组织和日期" if not org.approved_by else "批准日期"
    if org.ended_on is not None:
        yield "ended", f"{org.ended_on.isoformat()} 撤销，没有登记{missing}"
    elif org.founded_on is not None:
        yield "founded", f"{org.founded_on.isoformat()} 成立，没有登记{missing}"


def r10_temporary_branch(facts: RuleFacts) -> Iterator[Violation]:
    """Report temporary branches without the body they serve, and what they must not do."""
    for org in facts.orgs:
        if org.kind is not OrgKind.TEMPORARY_BRANCH or org.ended_on is not None:
            continue
        about = making.org(org)
        if not org.task_body.strip():
            todo = "过渡期编组用党小组，不用临时党支部；确为临时机构设立的，写明是哪个机构"
            yield about.breaks("R10", BLOCK, "没有写明所依托的临时机构", todo, "task", ways=("task",))
        if any(one.affair is AffairType.ELECTION for one in facts.sessions_of.get(org.id, ())):
            text = "登记了换届选举会议，临时党支部不选举"
            yield about.breaks("R10", BLOCK, text, "改由党员组织关系所在的支部召开", "election", ways=("election",))
        if not org.approved_by or org.approved_on is None:
            text = "没有登记批准的上级组织和日期"
            yield about.breaks("R10", WARN, text, "在“组织”页补登，或说明原因", "approval", ways=("approval",))
        if org.members:
            text = f"有 {org.members} 名党员的组织关系放在临时党支部"
            yield about.breaks(
                "R10", WARN, text, "组织关系应留在原支部，请核对", "members", org.members, ways=("members",)
            )
