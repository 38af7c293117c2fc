"""Laws of closing: cutting planes find what trying everything finds, and their bound holds at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from gis.planning.candidates import find_candidates
from gis.planning.closing import ClosingSolver
from gis.planning.part import make_part
from gis.planning.problem import NO_LOCK, Score, sum_scores
from tests.property.grouping_cases import brute_force, problems

if TYPE_CHECKING:
    from gis.planning.problem import GroupingProblem

EASY = settings(max_examples=100, deadline=None)


def closed(problem: GroupingProblem, seconds: float) -> tuple[Score, Score]:
    """Score and bound of the whole problem, closed as one part."""
    candidates = find_candidates(problem)
    outside = set(range(problem.n_members)) - set(candidates.member.tolist())
    fixed = Score(sum(problem.locked_host[i] != NO_LOCK for i in outside), len(outside))
    if not len(candidates.group_team):
        return fixed, fixed
    solver = ClosingSolver(make_part(problem, candidates), 0)
    solver.run(0, lambda: seconds)
    return sum_scores([fixed, solver.part.score(solver.plan)]), sum_scores([fixed, solver.bound()])


@EASY
@given(problems())
def test_closing_finds_the_best_of_all_plans(problem):
    score, bound = closed(problem, 30.0)
    assert score == bound == brute_force(problem)


@EASY
@given(problems())
def test_the_bound_holds_without_time(problem):
    score, bound = closed(problem, 1e-9)
    assert bound <= brute_force(problem) <= score
