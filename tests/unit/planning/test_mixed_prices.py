"""What a group of several branches is worth when its members pay, and a small street proven by such groups."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest

from gis.planning import mixed_search
from gis.planning.candidates import find_candidates
from gis.planning.grouping import solve_grouping
from gis.planning.mixed_bound import MixedBound
from gis.planning.mixed_prices import NEVER, GroupPrices, Priced
from gis.planning.part import Part, make_part
from gis.planning.problem import GroupingRules, Status
from tests.property.grouping_cases import make_problem

#: walks of six members to one host: branches 0, 0, 1, 1, 2, 2
WALKS = [[100], [110], [120], [130], [140], [150]]


def part_with(**rules: object) -> Part:
    """Six members of three branches at one host; only the last one can lead. Small groups cost nothing unless said."""
    given = {"one_branch": False, "min_size": 2, "target_low": 2, "small_penalty_m": 0, **rules}
    problem = make_problem(
        WALKS,
        branch=[0, 0, 1, 1, 2, 2],
        can_lead=[False] * 5 + [True],
        host_cost_m=[300],
        rules=GroupingRules(**given),  # type: ignore[arg-type]  # the facts name the rules
    )
    return make_part(problem, find_candidates(problem))


def best(part: Part, paid: float) -> Priced:
    assert part.branches is not None
    return GroupPrices(part, part.branches).best(np.full(part.n_members, paid))


def test_the_leader_comes_first_and_then_the_nearest_of_one_more_branch():
    found = best(part_with(max_branches=2), 200.0)
    # the leader's branch gains 50 + 60, branch 0 gains 100 + 90, opening costs 300
    assert found.gain == pytest.approx([300 - 50 - 60 - 100 - 90])
    assert sorted(found.arc.tolist()) == [0, 1, 4, 5]


def test_without_a_leader_the_nearest_branches_meet():
    found = best(part_with(max_branches=2, needs_leader=False), 200.0)
    assert found.gain == pytest.approx([300 - 100 - 90 - 80 - 70])
    assert sorted(found.arc.tolist()) == [0, 1, 2, 3]


def test_a_branch_that_gains_less_than_mixing_costs_stays_away():
    found = best(part_with(mix_cost_m=160), 200.0)
    # branch 0 gains 190 for 160, branch 1 only 150
    assert found.gain == pytest.approx([300 - 50 - 60 + 160 - 190])
    assert sorted(found.arc.tolist()) == [0, 1, 4, 5]


def test_a_member_who_does_not_pay_comes_where_a_small_group_costs_more():
    found = best(part_with(max_branches=1, target_low=2, small_penalty_m=200, min_size=1), 145.0)
    # the leader loses 5 and a second one gains 5, a group of one would cost 200
    assert found.gain == pytest.approx([300 + 5 - 5])
    assert sorted(found.arc.tolist()) == [4, 5]


def test_a_group_that_must_hold_somebody_is_worth_what_the_others_leave():
    part = part_with(max_branches=2)
    assert part.branches is not None
    gain = GroupPrices(part, part.branches).with_each(np.full(6, 200.0))
    # with anybody of branch 1 the leader's branch meets branch 1, which gains 150 and not 190
    assert gain == pytest.approx([0, 0, 40, 40, 0, 0])


def test_no_group_is_possible_where_the_leader_may_not_sit():
    part = part_with(max_branches=2)
    assert part.branches is not None
    found = GroupPrices(part, part.branches, np.array([True] * 5 + [False])).best(np.full(6, 200.0))
    assert found.gain[0] >= NEVER / 2
    assert len(found.arc) == 0


def test_the_bound_meets_the_cost_of_the_only_plan():
    part = part_with(mix_cost_m=10)
    assert part.branches is not None
    bound = MixedBound(part, GroupPrices(part, part.branches), (np.zeros(6), 0.0), 0)
    assert bound.best.bound == 0
    cost = 300 + 100 + 110 + 120 + 130 + 140 + 150 + 2 * 10
    bound.climb(lambda: 1.0, 100)
    bound.settle(lambda: 1.0, np.arange(6))
    assert cost - 2 <= bound.best.bound <= cost + 1e-6  # two metres are close enough


def test_a_small_street_has_the_same_optimum_by_whole_groups_as_by_branching():
    random = np.random.default_rng(3)
    home, host = random.uniform(0, 500, (40, 2)), random.uniform(0, 500, (6, 2))
    problem = make_problem(
        np.hypot(*(home[:, None] - host[None]).transpose(2, 0, 1)),
        branch=random.integers(0, 9, 40),
        can_lead=random.random(40) < 0.3,
        capacity=[8] * 6,
        rules=GroupingRules(one_branch=False, max_branches=3, open_cost_m=400),
    )
    alone = solve_grouping(problem, seconds=60, seed=0)
    with mock.patch.object(mixed_search, "_LEAST_SEATS", 0):
        priced = solve_grouping(problem, seconds=60, seed=0)
    assert alone.status is priced.status is Status.OPTIMAL
    assert alone.score == priced.score
