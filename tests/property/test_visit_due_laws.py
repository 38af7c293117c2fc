"""Laws of the due list: nobody twice, nobody without a reason, nobody lost between the list and those left out.

The declared domain: any facts of up to six members, any kinds, any days within a month of today.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from gis.model.enums import MobilityLevel, Precision
from gis.model.ids import GroupId, MemberId, OrgId, RoundId, SessionId
from gis.model.modes import StudyMode
from gis.model.people import Member, Residence, Transition
from gis.model.settings import OfficeSettings
from gis.model.visits import DueKind, LastVisit, VisitPurpose, VisitResult
from gis.services.visits.due import DueRequest, due_of
from gis.services.visits.due_facts import DueFacts
from gis.services.visits.due_rules import OPTIONAL, PURPOSES, DueTime, GroupDay, MemberFacts, SurveyDue

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.services.visits.due import DueList

TODAY = date(2026, 9, 13)
PAST = st.dates(TODAY - timedelta(days=800), TODAY)
NEAR = st.dates(TODAY, TODAY + timedelta(days=20))
MAYBE = st.none() | PAST


@st.composite
def members(draw: Callable[..., Any], number: int) -> MemberFacts:
    past = draw(MAYBE)
    met = draw(st.dictionaries(st.sampled_from(VisitPurpose), PAST, max_size=2))
    home = draw(st.none() | st.builds(Residence, st.just("青禾路"), st.sampled_from(Precision), valid_from=MAYBE))
    agreed = draw(st.none() | st.tuples(PAST, st.dates(TODAY - timedelta(days=60), TODAY + timedelta(days=60))))
    member = Member(
        MemberId(number),
        draw(st.sampled_from(("禾一", "禾二"))),
        OrgId(draw(st.integers(1, 2))),
        birth_ym=draw(st.sampled_from(("", "1940-01", "1960-05"))),
        mobility_level=draw(st.none() | st.sampled_from(MobilityLevel)),
        left_on=draw(st.none() | st.just(TODAY)),
        restricted_on=draw(st.none() | st.just(TODAY)),
        transition=draw(st.none() | st.just(Transition())),
        residence=home,
    )
    day = draw(st.none() | NEAR)
    return MemberFacts(
        member=member,
        mode=draw(st.none() | st.sampled_from(StudyMode)),
        mode_since=draw(MAYBE),
        last_visit=draw(st.none() | st.builds(LastVisit, PAST, st.sampled_from(VisitResult), st.just(("禾走访",)))),
        asked_on=max([*met.values(), *([past] if past else [])], default=None),
        met_for=met,
        last_contact=draw(MAYBE),
        last_seen=draw(MAYBE),
        last_attended=draw(MAYBE),
        promise=agreed,
        surveys=draw(st.sampled_from(((), (SurveyDue("秋季", TODAY),)))),
        group_day=GroupDay(
            GroupId(1), draw(st.sampled_from((None, SessionId(4)))), datetime.combine(day, time(14)), "组"
        )
        if day
        else None,
    )


@st.composite
def streets(draw: Callable[..., Any]) -> tuple[DueFacts, DueRequest]:
    found = tuple(draw(members(number)) for number in range(1, draw(st.integers(1, 6)) + 1))
    ids = [one.member.id for one in found]
    first = draw(NEAR)
    last = first + timedelta(days=draw(st.integers(0, 10)))
    some = st.frozensets(st.sampled_from(ids))
    facts = DueFacts(
        when=DueTime(TODAY, last, OfficeSettings()),
        members=found,
        refused=draw(some),
        planned=dict.fromkeys(draw(some), (RoundId(1), "上批")),
        branches={OrgId(1): "一支部", OrgId(2): "二支部"},
        estates=dict.fromkeys(draw(some), "青竹苑"),
    )
    kinds = draw(st.none() | st.lists(st.sampled_from(DueKind), min_size=1, max_size=4).map(tuple))
    named = tuple(draw(st.lists(st.sampled_from(ids), max_size=2)))
    return facts, DueRequest(OrgId(9), first, last, kinds, draw(st.booleans()), named)


@given(streets())
def test_nobody_is_in_it_twice_and_everybody_has_a_reason_and_a_purpose(given_: tuple[DueFacts, DueRequest]):
    facts, request = given_
    found = due_of(facts, request)
    left = [number for one in found.left_out for number in one.member_ids]
    named = [one.member_id for one in found.due] + left
    assert len(named) == len(set(named))
    for one in found.due:
        assert one.reasons
        assert all(why.text.strip() and "None" not in why.text for why in one.reasons)
        assert set(one.purposes) == {PURPOSES[why.kind] for why in one.reasons}
        assert one.overdue_days >= 0
        assert one.is_optional == (
            one.member_id not in request.member_ids and {w.kind for w in one.reasons} <= OPTIONAL
        )
        assert (one.group_id is not None) == any(why.kind is DueKind.GROUP_SESSION for why in one.reasons)
    assert all(one.reason for one in found.left_out)


@given(streets())
def test_whoever_is_asked_for_is_in_it_or_left_out_with_a_reason(given_: tuple[DueFacts, DueRequest]):
    facts, request = given_
    found = due_of(facts, request)
    named = {one.member_id for one in found.due} | {number for one in found.left_out for number in one.member_ids}
    there = {one.member.id for one in facts.members if one.member.left_on is None}
    assert set(request.member_ids) <= named
    assert not request.everyone or there <= named


@given(streets())
def test_who_left_is_restricted_or_lives_nowhere_known_is_never_planned(given_: tuple[DueFacts, DueRequest]):
    facts, request = given_
    known = {one.member.id: one.member for one in facts.members}
    for one in due_of(facts, request).due:
        member = known[one.member_id]
        assert member.left_on is None
        assert member.restricted_on is None
        assert one.group_id is not None or one.member_id not in facts.refused
        home = member.residence
        assert one.group_id is not None or (home and home.precision in (Precision.BUILDING, Precision.ESTATE))


@given(streets())
def test_who_was_visited_today_is_not_due_for_home_study(given_: tuple[DueFacts, DueRequest]):
    facts, request = given_
    for one in due_of(facts, request).due:
        known = next(member for member in facts.members if member.member.id == one.member_id)
        kinds = {why.kind for why in one.reasons}
        assert not (
            known.asked_on == TODAY and DueKind.HOME_STUDY in kinds and request.last_day < TODAY + timedelta(30)
        )


@given(streets())
def test_required_come_first_and_the_longest_overdue_before_others(given_: tuple[DueFacts, DueRequest]):
    facts, request = given_
    keys = [(one.is_optional, -one.overdue_days) for one in due_of(facts, request).due]
    assert keys == sorted(keys)


@given(streets())
def test_fewer_kinds_never_add_anybody(given_: tuple[DueFacts, DueRequest]):
    facts, request = given_
    every = DueRequest(request.org_id, request.first_day, request.last_day)
    some = DueRequest(request.org_id, request.first_day, request.last_day, request.kinds)
    all_due, some_due = due_of(facts, every), due_of(facts, some)

    def everybody(found: DueList) -> set[MemberId]:
        return {one.member_id for one in found.due} | {n for one in found.left_out for n in one.member_ids}

    assert everybody(some_due) <= everybody(all_due)
