"""The standing rules and the planner's rules say the same of the same group; facts decide, nothing else."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.model.ids import GroupId, MemberId, OrgId
from gis.model.rule_facts import GroupFact, RuleFacts, SeatFact
from gis.model.rules import RuleLevel
from gis.planning.rules import Rule, check_plan
from gis.services.rules.catalogue import judge
from tests.property.grouping_cases import make_problem

DAY = date(2026, 11, 22)
#: What the planner calls a broken R01, R03 or R05
SAME = {
    Rule.MIN_SIZE: "R01",
    Rule.MIN_FULL: "R01",
    Rule.HARD_MAX: "R03",
    Rule.LEADER: "R05",
}


@st.composite
def groups(draw: st.DrawFn) -> tuple[list[bool], int | None]:
    """Draw who is full, and who leads: one of the group, a stranger (-1) or nobody."""
    full = draw(st.lists(st.booleans(), min_size=1, max_size=60))
    leader = draw(st.one_of(st.none(), st.integers(-1, len(full) - 1)))
    return full, leader


@given(groups())
def test_the_planner_and_the_standing_rules_block_the_same_groups(drawn: tuple[list[bool], int | None]):
    full, leader = drawn
    problem = make_problem([[1.0]] * len(full), is_full=full, can_lead=full, capacity=[100])
    named = {} if leader is None or leader < 0 else {(0, 0): leader}
    planner = {
        SAME[one.rule] for one in check_plan(problem, np.zeros(len(full), dtype=np.int64), named) if one.rule in SAME
    }
    seats = tuple(SeatFact(MemberId(n), OrgId(1), is_full=is_full) for n, is_full in enumerate(full))
    group = GroupFact(
        GroupId(1), "组", OrgId(1), None if leader is None else MemberId(leader), "", DAY, DAY, seats=seats
    )
    found = judge(RuleFacts(DAY, groups=(group,)))
    assert {one.rule for one in found if one.level is RuleLevel.BLOCK} == planner


@given(groups())
def test_the_same_facts_have_the_same_digest_and_no_names_in_it(drawn: tuple[list[bool], int | None]):
    full, _ = drawn
    seats = tuple(SeatFact(MemberId(n), OrgId(1), is_full=is_full) for n, is_full in enumerate(full))
    one, other = (
        judge(RuleFacts(DAY, groups=(GroupFact(GroupId(1), name, OrgId(1), MemberId(0), "", DAY, DAY, seats=seats),)))
        for name in ("甲组", "乙组")
    )
    assert [each.facts for each in one] == [each.facts for each in other]
