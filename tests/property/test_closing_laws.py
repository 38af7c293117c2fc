"""Laws of closing: cutting planes find what trying everything finds, and their bound holds at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.planning import closing
from gis.planning.candidates import find_candidates
from gis.planning.closing import ClosingSolver
from gis.planning.part import make_part
from gis.planning.problem import Score, sum_scores
from tests.property.grouping_cases import brute_force, problems, wished_problems

if TYPE_CHECKING:
    from gis.planning.problem import GroupingProblem

EASY = settings(max_examples=100, deadline=None)


def closed(problem: GroupingProblem, seconds: float) -> tuple[Score, Score]:
    """Score and bound of the whole problem, closed as one part."""
    candidates = find_candidates(problem)
    outside = set(range(problem.n_members)) - set(candidates.member.tolist())
    lost = sum(problem.comes_first[i] for i in outside) + problem.rules.min_groups - candidates.least_groups
    if problem.required is not None:
        lost += len(set(np.flatnonzero(problem.required)) - set(candidates.group_host))
    fixed = Score(int(lost), len(outside))
    if not len(candidates.group_team):
        return fixed, fixed
    solver = ClosingSolver(make_part(problem, candidates), 0)
    solver.run(0, lambda: seconds)
    return sum_scores([fixed, solver.part.score(solver.plan)]), sum_scores([fixed, solver.bound()])


@EASY
@given(st.one_of(problems(), wished_problems(fair=0)))
def test_closing_finds_the_best_of_all_plans(problem):
    score, bound = closed(problem, 30.0)
    assert score == bound == brute_force(problem)


@EASY
@given(st.one_of(problems(), wished_problems(fair=0)))
def test_seats_and_walks_at_once_end_at_the_same_plan(problem):
    with mock.patch.object(closing, "_LED", 0):
        score, bound = closed(problem, 30.0)
    assert score == bound == brute_force(problem)


@EASY
@given(st.one_of(problems(), wished_problems(fair=0)))
def test_the_bound_holds_without_time(problem):
    score, bound = closed(problem, 1e-9)
    assert bound <= brute_force(problem) <= score
