"""R11, R12 and R21: what is held, how often, with how many, and what is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.enums import OrgKind
from gis.model.meetings import SessionKind
from gis.services.rules import making
from gis.services.rules.making import INFO, WARN
from gis.services.rules.periods import MONTHS_OF_YEAR, add_months, last_complete

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gis.model.rule_facts import GroupFact, OrgFact, RuleFacts, SessionFact
    from gis.model.rules import Violation

#: Kind → months of the period in which it is due once; 党课 is due “regularly”, here once a year
DUE_MONTHS: dict[SessionKind, int] = {
    SessionKind.BRANCH_ASSEMBLY: 3,
    SessionKind.COMMITTEE_MEETING: 1,
    SessionKind.GROUP_MEETING: 1,
    SessionKind.THEME_DAY: 1,
    SessionKind.PARTY_LECTURE: MONTHS_OF_YEAR,
    SessionKind.ORG_LIFE_MEETING: MONTHS_OF_YEAR,
    SessionKind.DEMOCRATIC_REVIEW: MONTHS_OF_YEAR,
    SessionKind.HEART_TALK: MONTHS_OF_YEAR,
}
_EVERY = {1: "每月", 3: "每季度", MONTHS_OF_YEAR: "每年"}
_HALF = 6


def r11_held_in_time(facts: RuleFacts) -> Iterator[Violation]:
    """Report what was due in the last complete month, quarter or year and has not been held since."""
    for org in facts.orgs:
        if not org.is_branch or not org.is_active or not org.members or org.kind is OrgKind.TEMPORARY_BRANCH:
            continue
        sessions = facts.sessions_of.get(org.id, [])
        if not sessions:
            text = "还没有登记过组织生活，是否按期开展无从核对"
            todo = "从近期开始在“组织生活”页登记，或说明在哪里登记"
            yield making.org(org).breaks("R11", WARN, text, todo, "none")
            continue
        for kind, months in DUE_MONTHS.items():
            yield from _overdue(facts, org, kind, months)


def _overdue(facts: RuleFacts, org: OrgFact, kind: SessionKind, months: int) -> Iterator[Violation]:
    period = last_complete(facts.today, months)
    sessions = facts.sessions_of[org.id]
    began = min(one.held_on or one.planned_on for one in sessions)
    covers = add_months(period.start, _HALF) if months == MONTHS_OF_YEAR else period.start
    if began > covers or (kind is SessionKind.COMMITTEE_MEETING and not _has_committee(facts, org)):
        return
    if org.founded_on is not None and org.founded_on > period.start:
        return
    held = [one for one in sessions if one.kind is kind and one.held_on is not None and one.held_on >= period.start]
    about = making.org(org)
    if kind is SessionKind.GROUP_MEETING:
        missing = [group for group in facts.groups_of.get(org.id, ()) if _is_missing(group, held, period.start)]
        if missing:
            text = f"{period.label}起没有登记党小组会的小组：{making.named(group.name for group in missing)}"
            ids = sorted(group.id for group in missing)
            yield about.breaks("R11", WARN, text, "补开并登记，或说明原因", kind.value, period.start, *ids)
    elif not held:
        text = f"{period.label}起没有登记{kind.label}（{_EVERY[months]}至少一次）"
        yield about.breaks("R11", WARN, text, "补开并登记，或说明原因", kind.value, period.start)


def _is_missing(group: GroupFact, held: list[SessionFact], since: date) -> bool:
    """Whether a group that existed before the period has not met since; a meeting of no named group is of all."""
    is_new = group.valid_from is not None and group.valid_from > since
    return not is_new and not any(one.group_id in (None, group.id) for one in held)


def _has_committee(facts: RuleFacts, org: OrgFact) -> bool:
    return org.full >= facts.limits.committee_from or (org.committee_size or 0) >= facts.limits.committee_least


def r12_assembly_has_quorum(facts: RuleFacts) -> Iterator[Violation]:
    """Point at assemblies of the last year at which not more than half of those with a vote were present."""
    for session in _recent(facts):
        is_assembly = session.kind is SessionKind.BRANCH_ASSEMBLY and session.voters > 0
        if is_assembly and session.voters_present * 2 <= session.voters:
            text = f"有表决权的 {session.voters} 名，到会 {session.voters_present} 名，没有过半数"
            todo = "核对签到；确实不足的，表决事项须重新开会"
            yield making.session(session).breaks("R12", INFO, text, todo, session.voters, session.voters_present)


def r21_record_is_whole(facts: RuleFacts) -> Iterator[Violation]:
    """Report sessions of the last year whose record lacks one of the five."""
    for session in _recent(facts):
        parts = (
            ("计划", session.plan),
            ("主题", session.theme),
            ("形式", session.format),
            ("记录", session.record),
            ("责任人", session.responsible),
        )
        missing = [name for name, text in parts if not text.strip()]
        if missing:
            text = f"缺{'、'.join(missing)}"
            yield making.session(session).breaks(
                "R21", WARN, text, "在“组织生活”页补齐，或说明原因", *missing, ways=missing
            )


def _recent(facts: RuleFacts) -> Iterator[SessionFact]:
    """Yield what was held within a year: what is older is history."""
    since = add_months(facts.today, -facts.limits.sessions_months)
    for session in facts.sessions:
        if session.held_on is not None and since <= session.held_on <= facts.today:
            yield session
