"""The mode rules at every threshold: on it, and one step beyond."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gis.model.enums import MobilityLevel, Preference
from gis.model.modes import MemberFacts, ModeRule, StudyMode
from gis.model.settings import OfficeSettings
from gis.services.mode_flips import find_flips, propose_mode
from gis.services.mode_rules import decide_mode, ride_limit_m, ride_minutes, walk_limit_m, walk_minutes
from gis.services.travel import season_note

USUAL = OfficeSettings()
FREE = MemberFacts(mobility=MobilityLevel.FREE, age=50)
FAR = 9_999


def rule_for(facts: MemberFacts, settings: OfficeSettings = USUAL, **changes: Any) -> ModeRule:
    return decide_mode(replace(facts, **changes), settings).rule


@pytest.mark.parametrize(
    ("age", "mobility", "limit"),
    [
        (59, MobilityLevel.FREE, 1080),
        (60, MobilityLevel.FREE, 810),
        (79, MobilityLevel.FREE, 810),
        (80, MobilityLevel.FREE, 540),
        (None, MobilityLevel.FREE, 810),
        (50, MobilityLevel.NEEDS_HELP, 540),
        (50, None, 1080),
    ],
)
def test_fifteen_minutes_on_foot(age: int | None, mobility: MobilityLevel | None, limit: int):
    assert walk_limit_m(MemberFacts(age=age, mobility=mobility), USUAL, 15) == limit


def test_a_limit_of_ones_own_beats_the_age():
    assert walk_limit_m(replace(FREE, max_walk_m=300), USUAL, 15) == 300


@pytest.mark.parametrize(("age", "limit"), [(50, 1080), (60, 810), (80, 540)])
def test_the_way_back_on_foot_at_its_limit(age: int, limit: int):
    settings = OfficeSettings(return_ride_min=1)  # no ride is that short
    assert rule_for(FREE, settings, age=age, return_walk_m=limit) is ModeRule.RETURN_HOME
    assert rule_for(FREE, settings, age=age, return_walk_m=limit + 1) is ModeRule.HOME_VISIT


def test_the_way_back_by_bus_at_its_limit():
    limit = ride_limit_m(USUAL, 30)
    assert limit == 4583  # 22 minutes at 15 km/h are 5,500 m of road, 1.2 times the walk
    assert (ride_minutes(USUAL, limit), ride_minutes(USUAL, limit + 1)) == (30, 31)
    assert rule_for(FREE, return_walk_m=limit) is ModeRule.RETURN_HOME
    assert rule_for(FREE, return_walk_m=limit + 1) is ModeRule.HOME_VISIT


def test_from_eighty_no_ride_is_proposed_but_a_short_walk_is():
    assert rule_for(FREE, age=79, return_walk_m=2000) is ModeRule.RETURN_HOME
    assert rule_for(FREE, age=80, return_walk_m=2000) is ModeRule.HOME_VISIT
    assert rule_for(FREE, age=None, return_walk_m=2000) is ModeRule.HOME_VISIT
    assert rule_for(FREE, age=80, return_walk_m=540) is ModeRule.RETURN_HOME


@pytest.mark.parametrize("mobility", [None, MobilityLevel.NEEDS_HELP])
def test_only_who_walks_freely_is_sent_back(mobility: MobilityLevel | None):
    assert rule_for(FREE, mobility=mobility, return_walk_m=10) is ModeRule.HOME_VISIT


def test_an_unknown_way_is_not_a_short_one():
    assert rule_for(FREE, return_walk_m=None) is ModeRule.HOME_VISIT


def test_a_group_within_reach_at_its_limit():
    assert rule_for(FREE, group_walk_m=1080) is ModeRule.JOIN_GROUP
    assert rule_for(FREE, group_walk_m=1081) is ModeRule.HOME_VISIT
    assert rule_for(FREE, group_walk_m=301, max_walk_m=300) is ModeRule.HOME_VISIT


def test_who_needs_help_needs_a_place_without_steps():
    frail = replace(FREE, mobility=MobilityLevel.NEEDS_HELP)
    assert rule_for(frail, group_walk_m=10) is ModeRule.HOME_VISIT
    assert rule_for(frail, group_walk_m=10, step_free_walk_m=540) is ModeRule.JOIN_GROUP
    assert rule_for(frail, group_walk_m=10, step_free_walk_m=541) is ModeRule.HOME_VISIT


def test_a_new_group_at_the_edge_of_its_circle():
    assert rule_for(FREE, circle_m=1080) is ModeRule.NEW_GROUP
    assert rule_for(FREE, circle_m=1081) is ModeRule.HOME_VISIT


def test_who_has_a_group_stays_in_it_however_far():
    assert rule_for(FREE, has_group=True, group_walk_m=FAR) is ModeRule.JOIN_GROUP


def test_a_suspended_member_is_put_into_no_group():
    facts = replace(FREE, is_suspended=True, has_group=True, group_walk_m=1, circle_m=1)
    assert rule_for(facts) is ModeRule.HOME_VISIT


def test_online_study_at_its_limits():
    able = replace(FREE, can_use_smartphone=True)
    assert rule_for(able) is ModeRule.ONLINE
    assert rule_for(able, age=79) is ModeRule.ONLINE
    assert rule_for(able, age=80) is ModeRule.HOME_VISIT
    assert rule_for(able, age=None) is ModeRule.HOME_VISIT
    assert rule_for(FREE, can_use_smartphone=None) is ModeRule.HOME_VISIT
    assert rule_for(FREE, can_use_smartphone=False) is ModeRule.HOME_VISIT


def test_online_study_may_be_kept_for_those_at_work():
    strict = OfficeSettings(online_working_only=1)
    able = replace(FREE, can_use_smartphone=True)
    assert rule_for(able, strict, is_working=True) is ModeRule.ONLINE
    assert rule_for(able, strict, is_working=None) is ModeRule.HOME_VISIT


def test_who_cannot_leave_home_is_visited_unless_they_wish_otherwise():
    bound = replace(FREE, mobility=MobilityLevel.CANNOT_LEAVE, has_group=True, return_walk_m=1)
    assert rule_for(bound) is ModeRule.CANNOT_LEAVE
    wishing = decide_mode(replace(bound, preference=Preference.HOME_BRANCH), USUAL)
    assert (wishing.rule, wishing.mode) == (ModeRule.PREFERENCE, StudyMode.ATTEND_HOME_BRANCH)


def test_the_flips_of_a_plain_case_read_well():
    facts = replace(FREE, return_walk_m=2000, group_walk_m=500)
    texts = [flip.text for flip in find_flips(facts, USUAL)]
    assert "年龄：50 岁 → 80 岁，改为上门送学（小组）" in texts
    assert "到原支部阵地：2000 米 → 4584 米，改为上门送学（小组）" in texts
    assert "行动能力：行动自如 → 不便出门，改为上门送学（入户）" in texts
    assert not any("有空位" in text for text in texts)  # the group is not asked before the way back


def test_a_rule_behind_the_one_that_fired_says_that_it_had_no_turn():
    proposal = propose_mode(replace(FREE, return_walk_m=500, group_walk_m=400), USUAL)
    joined = next(one for one in proposal.rejected if one.rule is ModeRule.JOIN_GROUP)
    assert joined.why.startswith("前面“就近回原支部”已经适用，没有轮到；单看这一条会提出上门送学（小组）")


def test_minutes_are_rounded_up():
    assert (walk_minutes(FREE, USUAL, 1080), walk_minutes(FREE, USUAL, 1081)) == (15, 16)


@pytest.mark.parametrize(
    ("month", "word"),
    [(5, ""), (6, "高温"), (9, "高温"), (10, ""), (11, ""), (12, "冰冻"), (1, "冰冻"), (2, "冰冻"), (3, "")],
)
def test_seasons_run_over_the_turn_of_the_year(month: int, word: str):
    note = season_note(month, USUAL)
    assert (word in note) if word else note == ""
