"""Who watches a search hears how it goes, and may end it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from gis.planning.grouping import Progress, solve_grouping
from gis.planning.problem import GroupingRules
from gis.planning.rules import check_plan
from gis.planning.scoring import score_plan
from tests.unit.planning.test_grouping_sizes import scattered

KINDS = {
    "apart": GroupingRules(),
    "closed": GroupingRules(one_branch=False, max_branches=2),
    "fair": GroupingRules(fair=True),
}


class Ticks:
    """A clock that goes on by a tenth of a second each time somebody looks."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 0.1
        return self.now


def small(kind):
    return replace(scattered(1, n=60, branches=4, hosts=14, places=5), rules=KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_progress_never_goes_back_and_ends_with_the_solution(kind):
    seen = []

    def watch(progress: Progress) -> bool:
        seen.append(progress)
        return True

    solution = solve_grouping(small(kind), seconds=1e6, seed=0, clock=Ticks(), watch=watch)
    assert len(seen) > 1
    assert all(a.score >= b.score and a.bound <= b.bound and a.seconds < b.seconds for a, b in pairwise(seen))
    assert all(one.bound <= solution.score for one in seen)
    assert (seen[-1].score, seen[-1].bound, seen[-1].gap) == (solution.score, solution.score_bound, solution.gap)
    assert not solution.is_cancelled


@pytest.mark.parametrize("kind", KINDS)
def test_to_be_watched_changes_nothing(kind):
    alone, watched = (
        solve_grouping(small(kind), seconds=1e6, seed=0, clock=Ticks(), watch=watch) for watch in (None, lambda _: True)
    )
    assert (alone.host == watched.host).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("after", [0, 2])
def test_a_search_told_to_end_ends_with_a_legal_plan(kind, after):
    told = []
    problem = small(kind)

    def watch(progress: Progress) -> bool:
        told.append(progress)
        return bool(len(told) <= after)

    solution = solve_grouping(problem, seconds=1e6, seed=0, clock=Ticks(), watch=watch)
    assert solution.is_cancelled
    assert len(told) == after + 1, "it is asked no more once it has said no"
    assert solution.score == score_plan(problem, solution.host) <= told[-1].score
    assert all(breach.is_tolerated for breach in check_plan(problem, solution.host, solution.leader))
    assert solution.score_bound <= solution.score
