"""R01–R21: for every rule one picture that keeps it, one that breaks it, and one at the edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gis.model.enums import HostStatus, MobilityLevel, OrgKind, OrgStatus, Preference
from gis.model.ids import GroupId, MemberId, OrgId
from gis.model.meetings import AffairType, SessionKind
from gis.model.rule_book import RULES
from gis.model.rule_facts import MemberFact, SeatFact
from gis.model.rules import Confidence, RuleLevel
from gis.planning.problem import GroupingRules
from gis.services.rules.catalogue import CHECKS
from gis.services.rules.periods import Period, add_months, last_complete
from tests.fixtures.components import ROOT
from tests.unit.services.rule_cases import (
    BRANCH,
    OTHER,
    TODAY,
    all_held,
    area,
    branch,
    broken,
    group,
    host,
    levels,
    member,
    probationary,
    session,
    suspended,
    without,
)

ELSEWHERE = {"is_away": True, "away_since": date(2025, 1, 1)}
ASSEMBLY, LECTURE, THEME = SessionKind.BRANCH_ASSEMBLY, SessionKind.PARTY_LECTURE, SessionKind.THEME_DAY


def one(**picture: Any) -> dict[str, Any]:
    """Return a picture with tuples for its parts."""
    return {name: tuple(part) if isinstance(part, list) else (part,) for name, part in picture.items()}


def away(**more: Any) -> MemberFact:
    """Return a member in transition."""
    return member(is_in_transition=True, **more)


def stranger(*, is_local: bool | None = None) -> SeatFact:
    """Return the seat of a member of another branch."""
    return SeatFact(MemberId(1), OTHER, is_full=True, is_local=is_local)


#: rule, what the picture shows, the picture, the levels found
CASES: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("R01", "keeps: five members", one(groups=group(5)), []),
    ("R01", "edge: three members, one of them full", one(groups=group(3, full=1)), []),
    ("R01", "breaks: two members", one(groups=group(2)), ["block"]),
    ("R01", "breaks: nobody is full", one(groups=group(4, full=0)), ["block"]),
    ("R02", "keeps: twenty members in a group", one(orgs=branch(20), groups=group(5)), []),
    ("R02", "edge: nineteen members need no group", one(orgs=branch(19)), []),
    ("R02", "breaks: twenty members without a group", one(orgs=branch(20)), ["warn"]),
    ("R03", "edge: fifteen", one(groups=group(15)), []),
    ("R03", "breaks: sixteen", one(groups=group(16)), ["warn"]),
    ("R03", "edge: fifty are many, not too many", one(groups=group(50)), ["warn"]),
    ("R03", "breaks: fifty-one", one(groups=group(51)), ["block"]),
    ("R03", "keeps: eight", one(groups=group(8)), []),
    ("R04", "keeps: decided and reported", one(groups=group(5)), []),
    ("R04", "edge: decided, not reported", one(groups=group(5, reported_on=None)), ["warn"]),
    ("R04", "breaks: neither", one(groups=group(5, decided_on=None, reported_on=None)), ["warn"]),
    ("R05", "keeps: a full member leads", one(groups=group(5)), []),
    ("R05", "edge: the only full member leads", one(groups=group(5, full=1)), []),
    ("R05", "breaks: a probationary member leads", one(groups=group(5, leader_id=MemberId(5), full=4)), ["block"]),
    ("R05", "breaks: nobody leads", one(groups=group(5, leader_id=None)), ["block"]),
    ("R05", "breaks: the leader sits elsewhere", one(groups=group(5, leader_id=MemberId(9))), ["block"]),
    ("R06", "keeps: an area with its leader", one(areas=area()), []),
    ("R06", "edge: the leader has left the roster", one(areas=area(1, has_leader=False)), ["block"]),
    ("R06", "breaks: nobody leads", one(areas=area(None, has_leader=False)), ["block"]),
    ("R07", "keeps: a branch of ten", one(orgs=branch(10)), []),
    ("R07", "edge: three full members", one(orgs=branch(3)), []),
    ("R07", "breaks: two full members of three", one(orgs=branch(3, full=2)), ["block"]),
    ("R07", "keeps: a branch being set up", one(orgs=branch(0)), []),
    ("R07", "edge: fifty", one(orgs=branch(50)), []),
    ("R07", "breaks: fifty-one", one(orgs=branch(51)), ["warn"]),
    ("R07", "edge: five units", one(orgs=branch(9, kind=OrgKind.JOINT_BRANCH, unit_count=5)), []),
    ("R07", "breaks: six units", one(orgs=branch(9, kind=OrgKind.JOINT_BRANCH, unit_count=6)), ["warn"]),
    ("R07", "keeps: a branch being merged", one(orgs=branch(2, status=OrgStatus.WINDING_DOWN)), []),
    ("R08", "keeps: a committee of five", one(orgs=branch(30, committee_size=5, term_ends_on=date(2029, 1, 1))), []),
    ("R08", "edge: six full members need no committee", one(orgs=branch(6)), []),
    ("R08", "breaks: seven need one", one(orgs=branch(7)), ["warn"]),
    ("R08", "edge: seven in the committee", one(orgs=branch(30, committee_size=7)), []),
    ("R08", "breaks: eight in the committee", one(orgs=branch(30, committee_size=8)), ["warn"]),
    ("R08", "breaks: two in the committee", one(orgs=branch(30, committee_size=2)), ["warn"]),
    ("R08", "breaks: six members with a committee", one(orgs=branch(6, committee_size=3)), ["warn"]),
    ("R08", "edge: the term ends today", one(orgs=branch(8, committee_size=3, term_ends_on=TODAY)), []),
    ("R08", "breaks: it ended", one(orgs=branch(8, committee_size=3, term_ends_on=date(2026, 11, 21))), ["warn"]),
    ("R08", "breaks: a long term", one(orgs=branch(8, committee_size=3, term_ends_on=date(2031, 11, 23))), ["warn"]),
    ("R09", "keeps: a branch under a village", one(orgs=branch(60, members_below=60)), []),
    ("R09", "edge: a village of fifty", one(orgs=branch(50, is_village=True, members_below=50)), []),
    ("R09", "breaks: of fifty-one", one(orgs=branch(51, is_village=True, members_below=51)), ["warn"]),
    (
        "R09",
        "edge: a village committee of a hundred",
        one(orgs=branch(0, kind=OrgKind.COMMITTEE, is_village=True, members_below=100)),
        [],
    ),
    (
        "R09",
        "breaks: of ninety-nine",
        one(orgs=branch(0, kind=OrgKind.COMMITTEE, is_village=True, members_below=99)),
        ["warn"],
    ),
    ("R09", "breaks: founded by nobody", one(orgs=branch(9, parent_id=OTHER, founded_on=TODAY)), ["warn"]),
    (
        "R09",
        "keeps: founded with approval",
        one(orgs=branch(9, parent_id=OTHER, founded_on=TODAY, approved_by="街道党工委", approved_on=TODAY)),
        [],
    ),
    ("R09", "breaks: ended by nobody", one(orgs=branch(0, parent_id=OTHER, ended_on=TODAY)), ["warn"]),
    ("R10", "keeps: a branch", one(orgs=branch(9)), []),
    (
        "R10",
        "edge: a temporary branch of a body, approved",
        one(
            orgs=branch(
                0, kind=OrgKind.TEMPORARY_BRANCH, task_body="征迁指挥部", approved_by="党工委", approved_on=TODAY
            )
        ),
        [],
    ),
    (
        "R10",
        "breaks: a temporary branch of no body",
        one(orgs=branch(0, kind=OrgKind.TEMPORARY_BRANCH, approved_by="党工委", approved_on=TODAY)),
        ["block"],
    ),
    (
        "R10",
        "breaks: it elects",
        one(
            orgs=branch(0, kind=OrgKind.TEMPORARY_BRANCH, task_body="部", approved_by="党工委", approved_on=TODAY),
            sessions=session(ASSEMBLY, TODAY, affair=AffairType.ELECTION),
        ),
        ["block"],
    ),
    (
        "R10",
        "breaks: nobody approved it, and members belong to it",
        one(orgs=branch(4, kind=OrgKind.TEMPORARY_BRANCH, task_body="部")),
        ["warn", "warn"],
    ),
    ("R11", "keeps: everything in time", one(orgs=branch(), groups=group(5), sessions=all_held()), []),
    ("R11", "breaks: nothing on record is one sentence", one(orgs=branch(), groups=group(5)), ["warn"]),
    (
        "R11",
        "breaks: no assembly since June",
        one(orgs=branch(), sessions=list(without(all_held(), ASSEMBLY, date(2026, 7, 1)))),
        ["warn"],
    ),
    (
        "R11",
        "edge: one in the last complete quarter is enough",
        one(orgs=branch(), sessions=list(without(all_held(), ASSEMBLY, date(2026, 7, 6)))),
        [],
    ),
    (
        "R11",
        "edge: made up for in this quarter",
        one(
            orgs=branch(),
            sessions=[*without(all_held(), ASSEMBLY, date(2026, 7, 1)), session(ASSEMBLY, date(2026, 10, 9))],
        ),
        [],
    ),
    (
        "R11",
        "breaks: no lecture in the last complete year, nor since",
        one(orgs=branch(), sessions=list(without(all_held(), LECTURE, date(2025, 1, 1)))),
        ["warn"],
    ),
    (
        "R11",
        "edge: a register begun last month is not blamed for what was before",
        one(orgs=branch(), sessions=[session(THEME, date(2026, 10, 5))]),
        [],
    ),
    ("R11", "keeps: nobody there to meet", one(orgs=branch(0)), []),
    ("R12", "keeps: six of ten", one(sessions=session(ASSEMBLY, TODAY, voters=10, voters_present=6)), []),
    (
        "R12",
        "edge: five of ten are not more than half",
        one(sessions=session(ASSEMBLY, TODAY, voters=10, voters_present=5)),
        ["info"],
    ),
    ("R12", "breaks: four of ten", one(sessions=session(ASSEMBLY, TODAY, voters=10, voters_present=4)), ["info"]),
    ("R12", "keeps: no list, no judgement", one(sessions=session(ASSEMBLY, TODAY)), []),
    ("R13", "keeps: walks freely", one(members=member(mobility=MobilityLevel.FREE, age=90)), []),
    ("R13", "breaks: cannot leave home", one(members=member(mobility=MobilityLevel.CANNOT_LEAVE)), ["info"]),
    ("R13", "edge: eighty with help", one(members=member(mobility=MobilityLevel.NEEDS_HELP, age=80)), ["info"]),
    ("R13", "edge: seventy-nine with help", one(members=member(mobility=MobilityLevel.NEEDS_HELP, age=79)), []),
    (
        "R13",
        "keeps: the member wishes otherwise",
        one(members=member(mobility=MobilityLevel.CANNOT_LEAVE, preference=Preference.ONLINE)),
        [],
    ),
    ("R13", "keeps: settled", one(members=member(mobility=MobilityLevel.CANNOT_LEAVE, has_mode=True)), []),
    ("R16", "keeps: lives at home", one(members=member(is_away=False, away_since=date(2020, 1, 1))), []),
    ("R16", "breaks: away for years", one(members=member(**ELSEWHERE)), ["info"]),
    ("R16", "edge: six months to the day", one(members=member(is_away=True, away_since=date(2026, 5, 22))), ["info"]),
    ("R16", "edge: a day less", one(members=member(is_away=True, away_since=date(2026, 5, 23))), []),
    ("R16", "keeps: nobody knows where", one(members=member(is_away=None, away_since=date(2020, 1, 1))), []),
    ("R15", "keeps: reached last month", one(members=away(reached_on=date(2026, 10, 22))), []),
    ("R15", "edge: a day less than three months", one(members=away(reached_on=date(2026, 8, 23))), []),
    ("R15", "edge: three months to the day", one(members=away(reached_on=date(2026, 8, 22))), ["warn"]),
    ("R15", "breaks: half a year", one(members=away(attended_on=date(2026, 5, 22))), ["warn"]),
    ("R15", "keeps: at home, and nothing was held since", one(members=member(attended_on=date(2026, 5, 22))), []),
    (
        "R15",
        "breaks: at home, and missed what was held since",
        one(members=member(attended_on=date(2026, 5, 22), missed_on=date(2026, 6, 5))),
        ["warn"],
    ),
    (
        "R15",
        "edge: missed before the last time",
        one(members=member(attended_on=date(2026, 5, 22), missed_on=date(2026, 5, 5))),
        [],
    ),
    ("R15", "breaks: never reached in four months", one(members=member(tried_on=date(2026, 7, 22))), ["warn"]),
    ("R15", "keeps: nothing on record says nothing", one(members=member()), []),
    ("R15", "keeps: people are looking", one(members=member(reached_on=date(2025, 1, 1), has_lost_case=True)), []),
    ("R17", "keeps: one relation", one(members=member(affiliations=(BRANCH,))), []),
    ("R17", "edge: no history is no second relation", one(members=member(affiliations=())), []),
    ("R17", "breaks: two relations", one(members=member(affiliations=(BRANCH, OTHER))), ["block"]),
    ("R17", "breaks: away without a contact", one(orgs=branch(), members=member(is_in_transition=True)), ["warn"]),
    (
        "R17",
        "keeps: away with a contact",
        one(orgs=branch(), members=member(is_in_transition=True, has_home_contact=True)),
        [],
    ),
    ("R18", "keeps: all of one branch", one(groups=group(5)), []),
    ("R18", "keeps: lives there", one(groups=group(1, seats=(stranger(is_local=True),))), []),
    ("R18", "edge: nobody knows where", one(groups=group(1, seats=(stranger(),))), []),
    (
        "R18",
        "breaks: neither of the branch nor of the place",
        one(groups=group(1, seats=(stranger(is_local=False),))),
        ["info"],
    ),
    (
        "R18",
        "keeps: the upper organisation decided",
        one(groups=group(1, mixed_reason="决定", seats=(stranger(is_local=False),))),
        [],
    ),
    (
        "R19",
        "keeps: a full member leads and hosts",
        one(groups=group(5), members=member(may_lead=True), hosts=host()),
        [],
    ),
    ("R19", "edge: a probationary member takes part", one(groups=group(5), members=probationary(id=2)), []),
    ("R19", "breaks: leads", one(groups=group(5), members=probationary()), ["block"]),
    ("R19", "breaks: may lead", one(members=suspended(may_lead=True)), ["block"]),
    (
        "R19",
        "breaks: votes",
        one(members=probationary(), sessions=session(ASSEMBLY, TODAY, voting_without_right=(MemberId(1),))),
        ["block"],
    ),
    ("R19", "breaks: hosts", one(hosts=host(is_full=False)), ["block"]),
    ("R19", "edge: a host nobody matched", one(hosts=host(is_full=None)), []),
    ("R19", "edge: suspended as a host", one(hosts=host(is_full=False, status=HostStatus.SUSPENDED)), []),
    ("R20", "keeps: no card", one(members=member()), []),
    (
        "R20",
        "keeps: checked in summer",
        one(members=member(mobile_card_no="L1", mobile_card_checked_on=date(2026, 7, 1))),
        [],
    ),
    (
        "R20",
        "edge: a year to the day",
        one(members=member(mobile_card_no="L1", mobile_card_checked_on=date(2025, 11, 22))),
        [],
    ),
    (
        "R20",
        "breaks: a year and a day",
        one(members=member(mobile_card_no="L1", mobile_card_checked_on=date(2025, 11, 21))),
        ["info"],
    ),
    ("R20", "breaks: never checked", one(members=member(mobile_card_no="L1")), ["info"]),
    ("R21", "keeps: all five", one(sessions=session(THEME, TODAY)), []),
    ("R21", "edge: blanks are no record", one(sessions=session(THEME, TODAY, theme="  ")), ["warn"]),
    ("R21", "breaks: two are missing", one(sessions=session(THEME, TODAY, plan="", responsible="")), ["warn"]),
    ("R21", "edge: a year ago to the day", one(sessions=session(THEME, date(2025, 11, 22), plan="")), ["warn"]),
    ("R21", "keeps: older is history", one(sessions=session(THEME, date(2025, 11, 21), plan="")), []),
    ("R21", "keeps: not held yet", one(sessions=session(THEME, None, plan="")), []),
]


@pytest.mark.parametrize(("rule", "what", "picture", "found"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES])
def test_a_rule_finds(rule: str, what: str, picture: dict[str, Any], found: list[str]):
    assert levels(rule, **picture) == found


MAYBE_MOBILE = [
    ("breaks: never came", {**ELSEWHERE}, date(2026, 1, 1), ["info"]),
    ("breaks: not since May", {**ELSEWHERE, "attended_on": date(2026, 5, 22)}, date(2026, 1, 1), ["info"]),
    ("edge: came a day later", {**ELSEWHERE, "attended_on": date(2026, 5, 23)}, date(2026, 1, 1), []),
    ("edge: the register is too young", {**ELSEWHERE}, date(2026, 5, 23), []),
    ("keeps: no register", {**ELSEWHERE}, None, []),
    ("keeps: still comes", {**ELSEWHERE, "attended_on": date(2026, 11, 5)}, date(2026, 1, 1), []),
    ("keeps: lives at home", {"is_away": False, "away_since": date(2020, 1, 1)}, date(2026, 1, 1), []),
    ("keeps: registered as mobile", {**ELSEWHERE, "mobile_card_no": "L1"}, date(2026, 1, 1), []),
]


@pytest.mark.parametrize(("what", "values", "since", "found"), MAYBE_MOBILE, ids=[case[0] for case in MAYBE_MOBILE])
def test_r14_finds(what: str, values: dict[str, Any], since: date | None, found: list[str]):
    known = {BRANCH: (since, date(2026, 11, 5))} if since else {}
    assert levels("R14", members=(member(**values),), attendance=known) == found


def test_r14_blames_nobody_for_what_was_not_held():
    away_for_long = member(**ELSEWHERE)
    for last, found in ((date(2026, 5, 22), []), (date(2026, 5, 23), ["info"])):
        known = {BRANCH: (date(2026, 1, 1), last)}
        assert levels("R14", members=(away_for_long,), attendance=known) == found


def test_every_rule_has_its_text_its_source_and_cases_that_keep_break_and_touch_it():
    assert list(RULES) == list(CHECKS) == [f"R{number:02d}" for number in range(1, 22)]
    tried = {rule: {what.partition(":")[0] for name, what, _, _ in CASES if name == rule} for rule in RULES}
    tried["R14"] = {what.partition(":")[0] for what, *_ in MAYBE_MOBILE}
    assert {rule: kinds for rule, kinds in tried.items() if kinds != {"keeps", "breaks", "edge"}} == {}
    for rule in RULES.values():
        assert all((rule.title, rule.basis, rule.source, rule.how, rule.blind))
        assert rule.confidence, rule.id


def test_the_levels_found_are_those_the_book_names():
    found = {rule: set[str]() for rule in RULES}
    for rule, _, _, kinds in CASES:
        found[rule] |= set(kinds)
    found["R14"] |= {"info"}
    assert found == {rule.id: {level.value for level in rule.levels} for rule in RULES.values()}


def test_the_marks_of_a_source_are_read():
    assert RULES["R01"].confidence == (Confidence.SEEN, Confidence.MENTIONED)
    assert RULES["R19"].confidence == (Confidence.MENTIONED, Confidence.KNOWN)


def test_the_planner_blocks_what_r01_r03_and_r05_block():
    rules = GroupingRules()
    limits = one(groups=group(1))
    assert rules.min_size == 3
    assert rules.min_full == 1
    assert rules.target_high == 15
    assert rules.hard_max <= 50
    assert rules.needs_leader
    assert levels("R01", **limits) == ["block"]


def test_a_group_whose_reason_was_given_is_named_again_when_it_grows():
    (before,) = broken("R03", groups=(group(16),))
    (same,) = broken("R03", groups=(group(16),))
    (after,) = broken("R03", groups=(group(17),))
    assert before.facts == same.facts != after.facts


def test_half_a_year_is_said_anew_after_three_months():
    (early,) = broken("R15", members=(away(reached_on=date(2026, 8, 1)),))
    (late,) = broken("R15", members=(away(reached_on=date(2026, 6, 22)),))
    assert "满 3 个月" in early.message
    assert "满 5 个月" in late.message
    assert "报告上级" in late.todo


def test_a_hint_to_visit_says_nothing_of_health():
    (found,) = broken("R13", members=(member(mobility=MobilityLevel.CANNOT_LEAVE),))
    assert not any(word in found.message + found.todo for word in ("不便", "出门", "搀扶", "身体", "健康"))


def test_who_asked_that_the_data_rest_gets_no_hint():
    known = {
        "mobility": MobilityLevel.CANNOT_LEAVE,
        "reached_on": date(2026, 1, 1),
        "mobile_card_no": "L1",
        **ELSEWHERE,
    }
    resting = member(is_restricted=True, **known)
    for rule in ("R13", "R15", "R16", "R20"):
        assert levels(rule, members=(member(**known),)) != []
        assert levels(rule, members=(resting,)) == []
    assert levels("R17", members=(member(is_restricted=True, affiliations=(BRANCH, OTHER)),)) == ["block"]


def test_groups_without_a_meeting_are_one_sentence():
    groups = tuple(replace(group(5), id=GroupId(n), name=f"{n}组") for n in range(1, 8))
    sessions = without(all_held(), SessionKind.GROUP_MEETING, date(2026, 10, 1))
    (found,) = broken("R11", orgs=(branch(),), groups=groups, sessions=sessions)
    assert found.message == "2026 年 10 月起没有登记党小组会的小组：1组、2组、3组、4组、5组等 7 个"
    assert found.level is RuleLevel.WARN


def test_a_group_that_met_is_not_named():
    groups = (group(5), replace(group(5), id=GroupId(2), name="二组"))
    sessions = (
        *without(all_held(), SessionKind.GROUP_MEETING, date(2026, 10, 1)),
        session(SessionKind.GROUP_MEETING, date(2026, 10, 20), group_id=GroupId(2)),
    )
    (found,) = broken("R11", orgs=(branch(),), groups=groups, sessions=sessions)
    assert found.message.endswith("：一组")


def test_months_are_those_of_the_calendar():
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2026, 1, 15), -2) == date(2025, 11, 15)
    assert last_complete(date(2026, 1, 9), 1) == Period(date(2025, 12, 1), 1)
    assert last_complete(date(2026, 2, 9), 3).label == "2025 年第 4 季度"
    assert last_complete(date(2026, 2, 9), 12).label == "2025 年"
    assert Period(date(2026, 3, 1), 1).label == "2026 年 3 月"


def test_an_organisation_knows_its_own_only():
    other = replace(branch(), id=OrgId(7), name="东风二支部")
    found = broken("R11", orgs=(branch(), other), sessions=tuple(all_held()))
    assert [one.name for one in found] == ["东风二支部"]


def test_the_guide_says_of_every_rule_what_the_book_says():
    guide = (ROOT / "docs/guide/rules.md").read_text(encoding="utf-8")
    for rule in RULES.values():
        section = guide.partition(f"## {rule.id} {rule.title}\n")[2].partition("\n## ")[0]
        assert all(text in section for text in (rule.basis, rule.source, rule.how, rule.blind)), rule.id
