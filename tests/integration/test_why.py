"""Explanations of a plan on a street whose distances a reader can check in the head."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from unittest import mock

import openpyxl
import pytest

from gis.errors import NotFoundError, StaleError
from gis.model.access import Action
from gis.model.enums import VenueKind
from gis.model.ids import MemberId
from gis.model.plan import GroupingRequest
from gis.model.territory import Venue
from gis.services import costing
from gis.services.grouping import propose_groups
from gis.services.plan_check import check_plan
from gis.services.plan_check_deep import check_costs
from gis.services.plan_document import plan_document
from gis.services.plan_sheet import plan_workbook
from gis.services.why import explain_groups, explain_members, price_limits, rank_additions
from gis.services.why_document import Explained, why_document, why_lines
from gis.services.why_facts import seats_of_document, seats_of_plan
from tests.integration.tiny_street import CLERK, TinyStreet, at

if TYPE_CHECKING:
    from gis.store.database import Store


@pytest.fixture
def tiny(store: Store) -> TinyStreet:
    return TinyStreet(store)


def test_every_member_has_a_cost_a_rule_or_a_change(tiny):
    plan = propose_groups(CLERK, tiny.store, GroupingRequest())
    document = plan_document(plan)
    others = [other for group in plan.groups for seat in group.seats for other in seat.alternatives]
    assert others
    assert all(other.cost_known for other in others)
    assert all((other.cost_m is None) == bool(other.rule) for other in others)
    assert check_plan(CLERK, tiny.store, document) == ()
    assert check_costs(CLERK, tiny.store, document, seconds=30) == ((), 0)


def test_a_wrong_cost_is_found_out_when_solved_again(tiny):
    document = plan_document(propose_groups(CLERK, tiny.store, GroupingRequest()))
    document = json.loads(json.dumps(document))
    other = document["groups"][0]["members"][0]["alternatives"][0]
    other |= {"rule": None, "cost_known": True, "cost_seats": 0, "cost_m": 7}
    rules = {one.rule for one in check_plan(CLERK, tiny.store, document)}
    found, unchecked = check_costs(CLERK, tiny.store, document, seconds=30)
    assert rules | {one.rule for one in found} >= {"ALTERNATIVE_COST"}
    assert unchecked == 0


def test_a_plan_can_be_asked_about_as_a_document_and_as_a_plan(tiny):
    plan = propose_groups(CLERK, tiny.store, GroupingRequest())
    kept = json.loads(json.dumps(plan_document(plan)))
    assert seats_of_document(kept) == replace(seats_of_plan(plan), request=seats_of_document(kept).request)


def test_members_groups_limits_and_additions_are_explained(tiny):
    plan = propose_groups(CLERK, tiny.store, GroupingRequest())
    seats = seats_of_plan(plan)
    ids = [seat.member_id for group in plan.groups for seat in group.seats]
    members = explain_members(CLERK, tiny.store, seats, ids, seconds=10)
    groups = explain_groups(CLERK, tiny.store, seats, [group.id for group in plan.groups], seconds=10)
    limits = price_limits(CLERK, tiny.store, seats, seconds=10)
    additions = rank_additions(CLERK, tiny.store, seats, seconds=10)
    said = Explained(members=members, groups=groups, limits=limits, additions=additions)
    assert [one.member_id for one in members] == ids
    assert [group.leader_id for group in groups] == [group.leader_id for group in plan.groups]
    assert all(one.effect.is_known and one.effect.text for one in limits)
    assert additions.n_tried == additions.n_possible
    assert set(json.loads(json.dumps(why_document(said)))) == {"format", "members", "groups", "limits", "additions"}
    assert all("{" not in line and "None" not in line for line in why_lines(said))


OTHERS_STAY = "（其他人座位不变时）"


def test_a_change_tried_with_the_others_staying_says_so_everywhere(tiny):
    with mock.patch.object(costing, "MOST_ASKED", 0):  # as a large plan: nobody is explained unasked
        plan = propose_groups(CLERK, tiny.store, GroupingRequest())
    (left,) = [one for one in plan.unseated if one.name == "禾六"]
    said = f"近禾家有无障碍通道{OTHERS_STAY}"
    assert left.smallest_change == said
    changes = [change for one in plan.unseated for change in one.changes]
    assert all(change.others_stay and change.text.endswith(OTHERS_STAY) for change in changes)
    sheet = openpyxl.load_workbook(BytesIO(plan_workbook(CLERK, tiny.store, plan)))["未安排"]
    assert said in [row[2] for row in sheet.iter_rows(values_only=True)]
    late = explain_members(CLERK, tiny.store, seats_of_plan(plan), [left.member_id], seconds=0)
    assert f"  怎样可以安排：{said}" in list(why_lines(Explained(members=late)))


def test_the_smallest_change_of_all_has_no_such_condition(tiny):
    plan = propose_groups(CLERK, tiny.store, GroupingRequest())
    changes = [change for one in plan.unseated for change in one.changes]
    assert changes
    assert not any(change.others_stay or OTHERS_STAY in change.text for change in changes)


def test_a_candidate_venue_that_helps_is_named(tiny):
    before = propose_groups(CLERK, tiny.store, GroupingRequest())
    with tiny.store.writing(CLERK, Action.IMPORT_DATA) as writer:
        writer.save_venues([Venue(None, "河畔活动室", VenueKind.CANDIDATE, capacity=30, shape=at(150), floor=1)])
    plan = propose_groups(CLERK, tiny.store, GroupingRequest())
    assert plan.scores == before.scores
    found = rank_additions(CLERK, tiny.store, seats_of_plan(plan), seconds=10)
    assert found.n_tried == found.n_possible > 0
    at_home, venue = found.best[:2]  # both without steps: the member who cannot climb them could come
    assert (at_home.kind, at_home.effect.more_seated, at_home.text[:5]) == ("new_host", 1, "在禾六家设")
    assert (venue.text, venue.place_key) == ("启用候选场所河畔活动室", "V1")
    assert (venue.effect.more_seated, venue.effect.text) == (1, "可多安排 1 人")


def test_without_time_nothing_is_claimed(tiny):
    plan = propose_groups(CLERK, tiny.store, GroupingRequest())
    seats = seats_of_plan(plan)
    ids = [seat.member_id for group in plan.groups for seat in group.seats]
    members = explain_members(CLERK, tiny.store, seats, ids, seconds=0)
    groups = explain_groups(CLERK, tiny.store, seats, [plan.groups[0].id], seconds=0)
    limits = price_limits(CLERK, tiny.store, seats, seconds=0)
    additions = rank_additions(CLERK, tiny.store, seats, seconds=0)
    said = Explained(members=members, groups=groups, limits=limits, additions=additions)
    assert not any(other.cost_m is not None for one in members for other in one.alternatives)
    assert all(one.effect.is_known == bool(one.effect.text) for one in limits)
    assert all(one.effect.is_known for one in additions.best)
    assert "没有用" not in "".join(why_lines(said))


def test_data_that_changed_are_not_explained(tiny):
    seats = seats_of_plan(propose_groups(CLERK, tiny.store, GroupingRequest()))
    with pytest.raises(StaleError):
        explain_members(CLERK, tiny.store, replace(seats, data_version=-1), [], seconds=1)


def test_who_is_not_asked_is_not_explained(tiny):
    seats = seats_of_plan(propose_groups(CLERK, tiny.store, GroupingRequest()))
    with pytest.raises(NotFoundError):
        explain_members(CLERK, tiny.store, seats, [MemberId(999_999)], seconds=1)
    with pytest.raises(NotFoundError):
        explain_groups(CLERK, tiny.store, seats, ["G99"], seconds=1)
