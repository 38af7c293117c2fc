"""How a rule function says a breach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.rules import RuleLevel, Subject, SubjectKind, Violation, digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.model.ids import OrgId
    from gis.model.rule_facts import AreaFact, GroupFact, HostFact, MemberFact, OrgFact, SessionFact

BLOCK, WARN, INFO = RuleLevel.BLOCK, RuleLevel.WARN, RuleLevel.INFO
MAX_NAMES = 5


@dataclass(frozen=True, slots=True)
class About:
    """The subject of a breach: what it is, what people call it, who answers for it."""

    subject: Subject
    name: str
    org_id: OrgId

    def breaks(
        self, rule: str, level: RuleLevel, message: str, todo: str, *facts: object, ways: Iterable[str] = ()
    ) -> Violation:
        """Return the breach; `facts` are what would have to change for it to be said anew."""
        return Violation(
            rule=rule,
            level=level,
            subject=self.subject,
            name=self.name,
            org_id=self.org_id,
            message=message,
            todo=todo,
            facts=digest(rule, level.value, *facts),
            ways=frozenset(ways),
        )


def org(fact: OrgFact) -> About:
    """About an organisation."""
    return About(Subject(SubjectKind.ORG, fact.id), fact.name, fact.id)


def group(fact: GroupFact) -> About:
    """About a group, for which its branch answers."""
    return About(Subject(SubjectKind.GROUP, fact.id), fact.name, fact.branch_id)


def area(fact: AreaFact) -> About:
    """About a 片区."""
    return About(Subject(SubjectKind.AREA, fact.id), fact.name, fact.org_id)


def host(fact: HostFact) -> About:
    """About a host household."""
    return About(Subject(SubjectKind.HOST, fact.id), f"{fact.name}家" if fact.name else "党员中心户", fact.branch_id)


def session(fact: SessionFact) -> About:
    """About a session."""
    day = fact.held_on or fact.planned_on
    return About(Subject(SubjectKind.SESSION, fact.id), f"{day.isoformat()} {fact.kind.label}", fact.org_id)


def member(fact: MemberFact) -> About:
    """About a member, for whom the own branch answers."""
    return About(Subject(SubjectKind.MEMBER, fact.id), fact.name, fact.branch_id)


def named(names: Iterable[str], *, is_counted: bool = False) -> str:
    """List some names: `甲、乙、丙等 7 个`; `is_counted`: the sentence says how many already."""
    found = list(names)
    more = ("等" if is_counted else f"等 {len(found)} 个") if len(found) > MAX_NAMES else ""
    return "、".join(found[:MAX_NAMES]) + more
