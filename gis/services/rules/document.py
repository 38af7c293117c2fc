"""The standing report as a JSON document; what its fields mean stands in docs/guide/rules.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.rules import RuleLevel
from gis.services.rules.checking import FEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.ids import OrgId
    from gis.model.rules import Rule
    from gis.services.rules.checking import Finding, OrgCounts, RuleReport


def report_document(report: RuleReport) -> dict[str, object]:
    """Return the whole report."""
    return {
        "as_of": report.as_of.isoformat(),
        "org_id": report.org_id,
        "counts_only": report.is_counts_only,
        "totals": {level.value: report.totals[level] for level in RuleLevel} | {"settled": report.settled},
        "by_rule": {
            rule: {level.value: count for level, count in counts.items()} for rule, counts in report.by_rule.items()
        },
        "counts": [_counts(one) for one in report.counts],
        "violations": [_finding(one, report.names) for one in report.findings],
    }


def _counts(one: OrgCounts) -> dict[str, object]:
    return {
        "org_id": one.org_id,
        "org": one.org,
        "block": one.block,
        "warn": one.warn,
        "info": one.info,
        "persons": None if one.persons == FEW else one.persons,
        "settled": one.settled,
    }


def _finding(one: Finding, names: Mapping[OrgId, str]) -> dict[str, object]:
    violation, note = one.violation, one.note
    return {
        "rule": violation.rule,
        "level": violation.level.value,
        "title": one.rule.title,
        "subject": {"kind": violation.subject.kind.value, "id": violation.subject.id, "name": violation.name},
        "org_id": violation.org_id,
        "org": names.get(violation.org_id, ""),
        "message": violation.message,
        "todo": violation.todo,
        "source": one.rule.source,
        "basis": one.rule.basis,
        "facts": violation.facts,
        "settled": one.is_settled,
        "note": {"reason": note.reason, "by": note.by, "at": note.at.isoformat()} if note else None,
    }


def rule_document(rule: Rule) -> dict[str, object]:
    """Return one rule with its texts."""
    return {
        "id": rule.id,
        "title": rule.title,
        "levels": [level.value for level in rule.levels],
        "source": rule.source,
        "confidence": [mark.value for mark in rule.confidence],
        "basis": rule.basis,
        "how": rule.how,
        "cannot_see": rule.blind,
    }
