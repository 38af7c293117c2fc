"""All rule functions by id: the order of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.model.rules import RuleLevel
from gis.services.rules import groups, members, organisations, sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.model.rule_facts import RuleFacts
    from gis.model.rules import Violation

CHECKS: dict[str, Callable[[RuleFacts], Iterator[Violation]]] = {
    "R01": groups.r01_enough_members,
    "R02": groups.r02_branch_is_divided,
    "R03": groups.r03_not_too_many,
    "R04": groups.r04_decided_and_reported,
    "R05": groups.r05_leader_is_full,
    "R06": groups.r06_area_has_one_leader,
    "R07": organisations.r07_branch_size,
    "R08": organisations.r08_branch_committee,
    "R09": organisations.r09_village_organisation,
    "R10": organisations.r10_temporary_branch,
    "R11": sessions.r11_held_in_time,
    "R12": sessions.r12_assembly_has_quorum,
    "R13": members.r13_study_at_home,
    "R14": members.r14_maybe_mobile,
    "R15": members.r15_not_reached,
    "R16": members.r16_relation_might_move,
    "R17": members.r17_one_relation,
    "R18": groups.r18_seated_where_they_live,
    "R19": members.r19_probationary,
    "R20": members.r20_card_is_checked,
    "R21": sessions.r21_record_is_whole,
}


def judge(facts: RuleFacts) -> tuple[Violation, ...]:
    """Return what breaks the rules, the gravest level first, then by rule."""
    grave = {level: number for number, level in enumerate(RuleLevel)}
    found = [one for check in CHECKS.values() for one in check(facts)]
    return tuple(sorted(found, key=lambda one: (grave[one.level], one.rule)))
