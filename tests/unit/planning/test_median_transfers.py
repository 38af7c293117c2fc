"""A group too many in one quarter goes to the other; and everybody is seated even at no seconds."""

from __future__ import annotations

import numpy as np

from gis.planning.grouping import solve_grouping
from gis.planning.median import median_of
from gis.planning.median_regions import MEMBERS, cut_out, near_hosts, with_one_less, with_one_more
from gis.planning.median_seating import packed
from gis.planning.median_transfers import Transfers
from gis.planning.problem import UNSEATED
from tests.property.grouping_cases import make_problem
from tests.property.test_median_laws import rules_of

OVERLOAD = 1_000.0


def quarters(n_each, most, *, capacity=100):
    """Two quarters far apart, every member a host too."""
    random = np.random.default_rng(5)
    xy = random.uniform(0, 600, (2 * n_each, 2))
    xy[n_each:, 0] += 50_000
    walk = np.hypot(*(xy[:, None, :] - xy[None, :, :]).transpose(2, 0, 1)).round()
    n = 2 * n_each
    return make_problem(walk, capacity=[capacity] * n, demand=[1] * n, rules=rules_of(n, most))


def lopsided(median, n_each, here, there):
    """So many groups in the first quarter and so many in the second, each member at the nearest."""
    opened = np.concatenate([np.arange(here), n_each + np.arange(there)])
    return opened[median.cost[:, opened].argmin(axis=1)]


def test_groups_go_where_they_save_more():
    n_each = 120
    median = median_of(quarters(n_each, 12))
    plan = lopsided(median, n_each, 9, 3)
    better = Transfers(median, 40).improve(plan, OVERLOAD, lambda: 1.0)
    opened = np.unique(better)
    assert median.value(better) < median.value(plan)
    assert len(opened) <= 12
    assert 4 <= (opened < n_each).sum() <= 8


def test_one_group_less_and_one_more_cost_what_they_say():
    n_each = 40
    median = median_of(quarters(n_each, 8))
    plan = lopsided(median, n_each, 3, 3)
    cut = cut_out(median, plan, near_hosts(median, plan, 0, MEMBERS))
    for step, change in ((-1, with_one_less(cut, OVERLOAD)), (1, with_one_more(cut, OVERLOAD))):
        assert change is not None
        after = plan.copy()
        after[change.members] = change.host
        assert len(np.unique(after)) <= 6 + step
        assert abs(median.value(after) - median.value(plan) - change.more) < 1e-6


def test_no_group_less_where_there_is_no_room():
    n_each = 20
    median = median_of(quarters(n_each, 4, capacity=10))
    opened = np.array([0, 1, n_each, n_each + 1])
    plan = packed(median, opened)
    cut = cut_out(median, plan, opened)
    assert (plan != UNSEATED).all()
    assert with_one_less(cut, OVERLOAD) is None


def test_everybody_is_seated_at_no_seconds():
    solution = solve_grouping(quarters(100, 12, capacity=20), seconds=0, seed=0)
    assert (solution.host != UNSEATED).all()
    assert solution.score_bound <= solution.score
