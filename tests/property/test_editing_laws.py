"""Laws of hand editing: the rules say the same of an edited plan as of any other, and undoing loses nothing."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import InputError, NotFoundError
from gis.model.plan import GroupingRequest
from gis.model.plans import ChangeLeader, ChangePlace, MergeGroups, MoveMembers, SplitGroup, SwapMembers
from gis.model.seating import Seating, apply_delta, delta_of, seating_of
from gis.planning import editing
from gis.planning.grouping import solve_grouping
from gis.planning.problem import UNSEATED
from gis.planning.repairing import repair, solver
from gis.planning.rules import check_plan, groups_of
from gis.services.plan_judging import judge_seating, read_data
from gis.services.plan_steps import worked_out
from tests.fixtures.stores import open_store
from tests.integration.plan_street import CLERK, PlanStreet
from tests.property.grouping_cases import problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.planning.problem import GroupingProblem
    from gis.services.plan_judging import Data


def _drawn_edit(draw: Any, problem: GroupingProblem, draft: editing.Draft) -> editing.Edited:
    """Draw an edit and do it; what cannot be meant is refused with an InputError."""
    member, column = st.integers(0, problem.n_members - 1), st.integers(0, problem.n_hosts - 1)
    keys = sorted(groups_of(problem, draft.host))
    group = st.sampled_from(keys) if keys else st.just((0, 0))
    some = draw(st.lists(member, min_size=1, max_size=3))
    acts: dict[str, Callable[[], editing.Edited]] = {
        "move": lambda: editing.move_members(problem, draft, some, draw(column)),
        "out": lambda: editing.move_members(problem, draft, some, UNSEATED),
        "swap": lambda: editing.swap_members(problem, draft, draw(member), draw(member)),
        "split": lambda: editing.split_group(problem, draft, draw(group), some, draw(column)),
        "merge": lambda: editing.merge_groups(problem, draft, [draw(group), draw(group)], draw(column)),
        "place": lambda: editing.change_place(problem, draft, draw(group), draw(column)),
        "leader": lambda: editing.change_leader(problem, draft, draw(group), draw(member)),
    }
    return acts[draw(st.sampled_from(sorted(acts)))]()


@given(problems(), st.data())
def test_an_edit_is_judged_as_its_result_is(problem: GroupingProblem, data: st.DataObject):
    solution = solve_grouping(problem, seconds=0, seed=0)
    draft = editing.settle(problem, solution.host, solution.leader)
    for _ in range(3):
        try:
            edited = _drawn_edit(data.draw, problem, draft)
        except InputError:
            continue
        judged = editing.judge_edit(problem, draft, edited.draft)
        after = check_plan(problem, edited.draft.host, edited.draft.leader)
        before = check_plan(problem, draft.host, draft.leader)
        assert sorted(map(repr, judged.new + judged.kept)) == sorted(map(repr, after))
        assert len(judged.solved) == len(before) - len(judged.kept)
        others = np.setdiff1d(np.arange(problem.n_members), edited.members)
        assert (edited.draft.host[others] == draft.host[others]).all()
        for key, leader in edited.draft.leader.items():
            assert leader in groups_of(problem, edited.draft.host)[key]
        draft = edited.draft


@given(problems(), st.data())
def test_a_repair_keeps_what_was_set_by_hand(problem: GroupingProblem, data: st.DataObject):
    solution = solve_grouping(problem, seconds=0, seed=0)
    draft = editing.settle(problem, solution.host, solution.leader)
    rows = data.draw(st.lists(st.integers(0, problem.n_members - 1), max_size=3, unique=True))
    column = data.draw(st.integers(UNSEATED, problem.n_hosts - 1))
    if rows:
        draft = editing.move_members(problem, draft, rows, column).draft
    by_hand = np.zeros(problem.n_members, dtype=bool)
    by_hand[rows] = True
    done = repair(problem, draft, by_hand, frozenset(), change_cost_m=50, solve=solver(seconds=5, seed=0))
    assert (done.draft.host[by_hand] == draft.host[by_hand]).all()
    if not rows:
        assert not [one for one in check_plan(problem, done.draft.host, done.draft.leader) if not one.is_tolerated]


_MAPPINGS = {
    "seats": st.dictionaries(st.integers(1, 5), st.sampled_from(["G1", "G2", "G3"]), max_size=4),
    "places": st.dictionaries(st.sampled_from(["G1", "G2", "G3"]), st.sampled_from(["H1", "V2"]), max_size=3),
    "leaders": st.dictionaries(st.sampled_from(["G1", "G2"]), st.integers(1, 5), max_size=2),
    "hand": st.dictionaries(st.integers(1, 5), st.sampled_from(["a", "b"]), max_size=3),
    "hand_leaders": st.dictionaries(st.sampled_from(["G1", "G2"]), st.just("a"), max_size=1),
}
_SEATINGS = st.builds(Seating, **_MAPPINGS, n_named=st.integers(0, 9))


@given(st.lists(_SEATINGS, min_size=1, max_size=5))
def test_steps_lead_back_and_forth_through_json(seatings: list[Seating]):
    deltas = [json.loads(json.dumps(delta_of(a, b))) for a, b in pairwise(seatings)]
    for number in range(len(seatings)):
        found = seatings[0]
        for delta in deltas[:number]:
            found = apply_delta(found, delta)
        assert found == seatings[number]


@pytest.fixture(scope="module")
def street_data() -> Iterator[tuple[PlanStreet, Data, Seating]]:
    store = open_store("sqlite://")
    street = PlanStreet(store)
    plan = street.propose()
    with store.reading(CLERK.scope) as reader:
        data = read_data(reader, plan.branch_ids, GroupingRequest(), store.today())
    yield street, data, seating_of(plan)
    store.close()


def _edits(street: PlanStreet) -> st.SearchStrategy[Any]:
    member = st.sampled_from(street.members)
    members = st.lists(member, min_size=1, max_size=4, unique=True).map(tuple)
    group, place = st.sampled_from([f"G{n}" for n in range(1, 6)]), st.sampled_from([street.place(n) for n in range(4)])
    return st.one_of(
        st.builds(MoveMembers, members, st.one_of(group, place, st.just(""))),
        st.builds(SwapMembers, member, member),
        st.builds(SplitGroup, group, members, place),
        st.builds(MergeGroups, st.lists(group, min_size=2, max_size=3).map(tuple), st.one_of(place, st.just(""))),
        st.builds(ChangePlace, group, place),
        st.builds(ChangeLeader, group, member),
    )


@given(data=st.data())
def test_any_edits_undone_lead_back_to_the_same_plan(street_data: tuple[PlanStreet, Data, Seating], data: Any):
    street, facts, seating = street_data
    seen, deltas = [seating], []
    for edit in data.draw(st.lists(_edits(street), max_size=6)):
        judged = judge_seating(facts, seen[-1])
        try:
            outcome = worked_out(judged, edit, "甲")
        except (InputError, NotFoundError):
            continue
        deltas.append(json.loads(json.dumps(delta_of(seen[-1], outcome.seating))))
        seen.append(outcome.seating)
        now = judge_seating(facts, outcome.seating)
        assert now.seating == outcome.seating
        assert len(now.group_ids) == len(set(outcome.seating.seats.values())) == len(outcome.seating.places)
        assert set(now.violations) == set(check_plan(facts.given.problem, now.draft.host, now.draft.leader))
        assert {now.group_ids[key]: row for key, row in now.draft.leader.items()} == {
            group: facts.row_of[member] for group, member in outcome.seating.leaders.items()
        }
    for number, expected in enumerate(seen):
        found = seating
        for delta in deltas[:number]:
            found = apply_delta(found, delta)
        assert found == expected
