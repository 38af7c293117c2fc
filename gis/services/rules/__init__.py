"""Rules R01–R21: checked as a standing report for each organisation, and on every change."""

from gis.services.rules.changes import keep_rules, refuse, violations_for_change
from gis.services.rules.checking import RuleReport, check_rules, note_rule, note_rules, org_named

__all__ = [
    "RuleReport",
    "check_rules",
    "keep_rules",
    "note_rule",
    "note_rules",
    "org_named",
    "refuse",
    "violations_for_change",
]
