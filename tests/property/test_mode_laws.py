"""Flips of the mode rules: what is listed changes the mode as announced, and nothing else does.

The declared domain: facts with a fixed list of values change to any of them; numbers to any in their range, to “none”
where there can be none. Nothing known becomes unknown.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from gis.model.enums import MobilityLevel, Preference
from gis.model.modes import FACT_LABELS, MemberFacts, ModeRule
from gis.model.settings import OfficeSettings
from gis.services.mode_flips import CHOICES, MAY_BE_NONE, RANGES, find_flips, propose_mode
from gis.services.mode_rules import decide_mode

if TYPE_CHECKING:
    from gis.model.modes import StudyMode

WALKS = st.none() | st.integers(0, 6000)
FACTS = st.builds(
    MemberFacts,
    preference=st.just(Preference.NONE) | st.sampled_from(Preference),
    mobility=st.none() | st.sampled_from(MobilityLevel),
    age=st.none() | st.integers(18, 110) | st.sampled_from((59, 60, 79, 80)),
    max_walk_m=st.none() | st.integers(50, 5000),
    return_walk_m=WALKS,
    is_suspended=st.booleans(),
    has_group=st.booleans(),
    group_walk_m=WALKS,
    step_free_walk_m=WALKS,
    circle_m=WALKS,
    can_use_smartphone=st.none() | st.booleans(),
    is_working=st.none() | st.booleans(),
)
SETTINGS = st.builds(
    OfficeSettings,
    elder_age=st.integers(55, 65),
    aged_age=st.integers(66, 90),
    walk_speed_m_s=st.sampled_from((1.0, 1.2, 1.37)),
    walk_speed_elder_m_s=st.sampled_from((0.9, 0.7)),
    walk_speed_aged_m_s=st.sampled_from((0.6, 0.33)),
    return_walk_min=st.integers(1, 40),
    return_ride_min=st.integers(1, 60),
    ride_speed_km_h=st.sampled_from((12.0, 15.0, 20.0)),
    ride_extra_min=st.integers(0, 20),
    group_walk_min=st.integers(1, 40),
    circle_walk_min=st.integers(1, 40),
    online_working_only=st.integers(0, 1),
)


def mode_with(facts: MemberFacts, settings: OfficeSettings, name: str, value: object) -> StudyMode | None:
    changed: dict[str, Any] = {name: value}
    return decide_mode(replace(facts, **changed), settings).mode


def test_every_fact_has_a_domain_and_a_name():
    names = {one.name for one in fields(MemberFacts)}
    assert names == {*CHOICES, *RANGES} == set(FACT_LABELS)


@given(FACTS, SETTINGS)
def test_what_is_listed_changes_the_mode_as_announced(facts: MemberFacts, settings: OfficeSettings):
    now = decide_mode(facts, settings).mode
    for flip in find_flips(facts, settings):
        assert flip.before == getattr(facts, flip.fact)
        assert flip.mode is not now
        assert mode_with(facts, settings, flip.fact, flip.after) is flip.mode


@given(FACTS, SETTINGS)
def test_of_a_fixed_list_every_value_that_is_not_listed_keeps_the_mode(facts: MemberFacts, settings: OfficeSettings):
    now, flips = decide_mode(facts, settings).mode, find_flips(facts, settings)
    listed = {(flip.fact, flip.after): flip.mode for flip in flips}
    for name, values in CHOICES.items():
        for value in values:
            assert mode_with(facts, settings, name, value) is listed.get((name, value), now)


@given(FACTS, SETTINGS, st.data())
def test_no_number_leads_to_a_mode_that_is_not_listed(
    facts: MemberFacts, settings: OfficeSettings, data: st.DataObject
):
    name = data.draw(st.sampled_from(sorted(RANGES)))
    least, most = RANGES[name]
    numbers = st.integers(least, min(most, 6000)) | st.integers(least, most)
    value = data.draw(numbers | st.none() if name in MAY_BE_NONE else numbers)
    then = mode_with(facts, settings, name, value)
    if then is decide_mode(facts, settings).mode:
        return
    before = getattr(facts, name)
    mine = [flip for flip in find_flips(facts, settings) if flip.fact == name and flip.mode is then]
    assert mine
    if before is not None and value is not None:  # the listed one is as near or nearer, in the same direction
        assert any(
            min(before, value) <= flip.after <= max(before, value) for flip in mine if isinstance(flip.after, int)
        )


@given(FACTS, SETTINGS)
def test_a_proposal_tells_of_every_rule_once(facts: MemberFacts, settings: OfficeSettings):
    proposal = propose_mode(facts, settings)
    assert proposal.mode is decide_mode(facts, settings).mode
    told = [proposal.rule, *(one.rule for one in proposal.rejected)]
    assert sorted(told) == sorted(ModeRule)
    order = list(ModeRule)
    before = [one for one in proposal.rejected if order.index(one.rule) < order.index(proposal.rule)]
    assert all(one.mode is None and one.why for one in before)


@given(FACTS, SETTINGS)
def test_a_wish_always_wins(facts: MemberFacts, settings: OfficeSettings):
    for wish, name in ((Preference.HOME_BRANCH, "就近参学"), (Preference.HOME_VISIT, "上门送学（入户）")):
        mode = mode_with(facts, settings, "preference", wish)
        assert mode is not None
        assert mode.label == name


@given(FACTS, SETTINGS)
def test_the_unknown_never_sends_anybody_out(facts: MemberFacts, settings: OfficeSettings):
    """What speaks for leaving the house is known: mobility for the way back, a smartphone for studying online."""
    unknown = replace(facts, preference=Preference.NONE, mobility=None, can_use_smartphone=None, age=None)
    assert decide_mode(unknown, settings).rule in (ModeRule.JOIN_GROUP, ModeRule.NEW_GROUP, ModeRule.HOME_VISIT)
