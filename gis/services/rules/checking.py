"""The standing report: what breaks the rules, by organisation, with what people said about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gis.errors import DeniedError, InputError, NotFoundError, StaleError
from gis.model.access import Action
from gis.model.ids import HostId, MemberId
from gis.model.rule_book import RULES
from gis.model.rules import RuleLevel, SubjectKind
from gis.services.access import require, require_orgs
from gis.services.on_wall import kept_now
from gis.services.rules.catalogue import judge
from gis.services.rules.loading import Tree, load_facts
from gis.services.seats_shown import often
from gis.services.served import on_wall_and_served
from gis.services.suppress import hidden_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import OrgId
    from gis.model.rules import Rule, RuleNote, Violation
    from gis.services.on_wall import OnWall
    from gis.store.database import Store
    from gis.store.reader import Reader

LEAST_REASON, MAX_REASON = 4, 200
#: A count too small to be shown to who sees counts only: at least one, fewer than the office's limit
FEW = -1


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach with its rule, and what a person said about it while the facts are these."""

    violation: Violation
    rule: Rule
    note: RuleNote | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it has been explained (WARN) or read (INFO); a BLOCK never is."""
        return self.note is not None and self.violation.level is not RuleLevel.BLOCK


@dataclass(frozen=True, slots=True)
class OrgCounts:
    """How much is open in one organisation; `settled` counts what was explained or read.

    `persons` counts the open findings on single members or homes, whatever their level. For who sees counts only they
    are left out of the three levels, and a small number of them is `FEW`.
    """

    org_id: OrgId
    org: str
    block: int = 0
    warn: int = 0
    info: int = 0
    persons: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class RuleReport:
    """What breaks the rules on a day. `findings` is empty for who sees counts only; `counts` lists all organisations.

    `totals` counts open findings by level, `by_rule` by rule and level.
    """

    as_of: date
    org_id: OrgId | None
    counts: tuple[OrgCounts, ...]
    totals: Mapping[RuleLevel, int]
    by_rule: Mapping[str, Mapping[RuleLevel, int]]
    findings: tuple[Finding, ...] = ()
    is_counts_only: bool = False
    settled: int = 0
    names: Mapping[OrgId, str] = field(default_factory=dict)


def check_rules(actor: Actor, store: Store, org_id: OrgId | None = None) -> RuleReport:
    """Check R01–R21 for an organisation with all under it, or for the whole scope.

    Who sees counts only gets numbers: no names, no sentences, no small numbers of persons.

    Raises
    ------
    NotFoundError
        There is no such organisation.
    DeniedError
        It lies outside the scope, or the role may not check rules.
    """
    require(actor, Action.CHECK_RULES)
    report = _judged(actor, store, org_id)
    if actor.scope.sees_people:
        return report
    return _counted(report, _shown(actor, store, report if org_id is None else None)[0])


def _judged(actor: Actor, store: Store, org_id: OrgId | None) -> RuleReport:
    """Return everything, also for who sees counts only."""
    today = store.today()
    scope = replace(actor.scope, sees_people=True)  # persons are counted for everybody, and leave as numbers below
    with store.reading(scope) as reader:
        orgs = _asked(actor, reader, org_id)
        facts = load_facts(reader, today, orgs)
        violations = judge(facts)
        notes = {(note.rule, note.subject, note.facts): note for note in _notes(reader, violations)}
    findings = tuple(
        Finding(one, RULES[one.rule], notes.get((one.rule, one.subject.key, one.facts))) for one in violations
    )
    names = {org.id: org.name for org in facts.orgs}
    return _report(today, org_id, names, findings)


def org_named(actor: Actor, store: Store, name: str) -> OrgId:
    """Return the organisation with this name.

    Raises
    ------
    NotFoundError
        There is none.
    """
    require(actor, Action.CHECK_RULES)
    with store.reading(actor.scope) as reader:
        found = next((org.id for org in reader.orgs() if org.name == name.strip()), None)
    if found is None:
        msg = f"没有组织“{name}”"
        raise NotFoundError(msg)
    return found


def _asked(actor: Actor, reader: Reader, org_id: OrgId | None) -> frozenset[OrgId]:
    if org_id is None:
        return reader.org_ids_in_scope
    tree = Tree(reader.orgs())
    if org_id not in tree.by_id:
        msg = "没有这个组织，请刷新后重选"
        raise NotFoundError(msg)
    require_orgs(actor, reader, (org_id,))
    return tree.below(org_id)


def _notes(reader: Reader, violations: Sequence[Violation]) -> tuple[RuleNote, ...]:
    return reader.rule_notes({one.subject.key for one in violations})


def _report(today: date, org_id: OrgId | None, names: Mapping[OrgId, str], findings: tuple[Finding, ...]) -> RuleReport:
    found: dict[OrgId, Counter[str]] = {org: Counter() for org in names}
    by_rule: dict[str, Counter[RuleLevel]] = {}
    for one in findings:
        count = found.setdefault(one.violation.org_id, Counter())
        count["settled" if one.is_settled else one.violation.level.value] += 1
        if not one.is_settled:
            count["persons"] += one.violation.subject.is_person
            by_rule.setdefault(one.rule.id, Counter())[one.violation.level] += 1
    return RuleReport(
        as_of=today,
        org_id=org_id,
        counts=tuple(
            OrgCounts(org, names.get(org, ""), *(count[key] for key in ("block", "warn", "info", "persons", "settled")))
            for org, count in found.items()
        ),
        totals={level: sum(count[level.value] for count in found.values()) for level in RuleLevel},
        by_rule=dict(sorted(by_rule.items())),
        findings=findings,
        settled=sum(count["settled"] for count in found.values()),
        names=names,
    )


def on_wall_and_rules(actor: Actor, store: Store) -> OnWall:
    """Return what a role that sees counts only knows from this screen and those before it (`gis.services.on_wall`)."""
    require(actor, Action.CHECK_RULES)
    return _shown(actor, store)[1]


def _shown(actor: Actor, store: Store, report: RuleReport | None = None) -> tuple[Mapping[OrgId, int | None], OnWall]:
    return kept_now(actor, store, "rules", lambda: _choose(actor, store, report or _judged(actor, store, None)))


def _choose(actor: Actor, store: Store, report: RuleReport) -> tuple[Mapping[OrgId, int | None], OnWall]:
    """Choose of which organisations the findings on persons are counted; hosts are their householders."""
    known = on_wall_and_served(actor, store)
    open_ones = [one.violation for one in report.findings if one.violation.subject.is_person and not one.is_settled]
    with store.reading(replace(actor.scope, sees_people=True)) as reader:
        position = reader.positions()
        householder = {host.id: host.member_id for host in reader.hosts(with_ended=True)}
    rows: dict[OrgId, list[int | None]] = {}
    for one in open_ones:
        subject = one.subject
        person = householder.get(HostId(subject.id)) if subject.kind is SubjectKind.HOST else MemberId(subject.id)
        rows.setdefault(one.org_id, []).append(position.get(person) if person is not None else None)
    persons = {org: len(some) for org, some in rows.items()}
    hidden = hidden_cells(persons, [tuple(persons)], known.below) | {org for org, some in rows.items() if None in some}
    asked = sorted(persons.keys() - hidden, key=lambda org: (-persons[org], org))
    figures = {org: [often([at for at in rows[org] if at is not None], len(known.people))] for org in asked}
    kept, known = known.choose(figures)
    return {org: number if org in kept else None for org, number in persons.items()}, known


def _counted(report: RuleReport, persons: Mapping[OrgId, int | None]) -> RuleReport:
    """Keep numbers only, of findings on persons those that are shown."""
    plain = _report(
        report.as_of,
        report.org_id,
        report.names,
        tuple(one for one in report.findings if not one.violation.subject.is_person),
    )
    numbers = {org: FEW if number is None else number for org, number in persons.items()}
    counts = tuple(replace(one, persons=numbers.get(one.org_id, 0)) for one in plain.counts)
    return replace(plain, counts=counts, findings=(), is_counts_only=True)


def note_rule(actor: Actor, store: Store, violation: Violation, reason: str = "") -> None:
    """Give the reason for a WARN, or dismiss an INFO, of the facts as the actor saw them.

    Raises
    ------
    InputError
        A BLOCK cannot be confirmed; a WARN without a reason.
    StaleError
        The facts have changed, or the breach is gone.
    DeniedError
        Who sees counts only explains nothing; or it lies outside the scope.
    """
    note_rules(actor, store, (violation,), reason)


def note_rules(actor: Actor, store: Store, violations: Sequence[Violation], reason: str = "") -> None:
    """Do so for several at once, with one reason; all or none. Raises as `note_rule` does."""
    require(actor, Action.CHECK_RULES)
    if not actor.scope.sees_people:
        msg = f"{actor.role.label}只看数量，理由由组织书记填写"
        raise DeniedError(msg)
    text = _said(violations, reason)
    with store.writing(actor, Action.CHECK_RULES) as writer:
        orgs = {one.org_id for one in violations}
        require_orgs(actor, writer, orgs)
        judged = judge(load_facts(writer, writer.today, orgs))
        now = {(one.rule, one.subject.key, one.facts, one.level) for one in judged}
        if any((one.rule, one.subject.key, one.facts, one.level) not in now for one in violations):
            msg = "情况已经变化，请刷新后按最新情况填写"
            raise StaleError(msg)
        for one in violations:
            writer.note_rule(one, text)
        writer.say(f"规则检查：处理 {len(violations)} 条", rules=sorted({one.rule for one in violations}))


def _said(violations: Sequence[Violation], reason: str) -> str:
    text = " ".join(reason.split())
    for one in violations:
        if one.level is RuleLevel.BLOCK:
            rule = RULES[one.rule]
            msg = f"{rule.id}“{rule.title}”不能确认放行，只能改正：{one.todo}"
            raise InputError(msg)
        if one.level is RuleLevel.WARN and len(text) < LEAST_REASON:
            msg = f"{one.rule} 须写明理由（至少 {LEAST_REASON} 个字）：{one.name}{one.message}"
            raise InputError(msg)
    if len(text) > MAX_REASON:
        msg = f"理由请不超过 {MAX_REASON} 字"
        raise InputError(msg)
    return text
