"""Coverage for who sees counts only: whatever the street, no small figure stands there or follows by subtraction."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gis.model.coverage import COVERED, Reach
from gis.services.coverage_counts import Placed, all_counts, safe_coverage

streets = st.lists(st.builds(Placed, st.integers(0, 4), st.integers(10, 14), st.sampled_from(list(Reach))), max_size=80)


def tables(placed):
    communities = {key: (f"c{key}", f"社区{key}") for key in sorted({one.community for one in placed})}
    branches = {key: f"支部{key}" for key in sorted({one.branch for one in placed})}
    return communities, branches


def truth(placed, key):
    counts = Counter((key(one), one.state) for one in placed)
    return lambda name, states: sum(counts[name, state] for state in states)


@given(streets)
def test_both_tables_and_the_parts_sum_to_the_whole(placed):
    communities, branches = tables(placed)
    found = all_counts(placed, communities, branches)
    assert sum(count or 0 for count in found.parts.values()) == found.denominator == len(placed)
    for table in (found.communities, found.branches):
        assert sum(one.denominator or 0 for one in table) == found.denominator
        assert sum(one.count or 0 for one in table) == found.count


@given(streets, st.integers(1, 5))
def test_no_small_figure_is_shown_or_follows(placed, below):
    communities, branches = tables(placed)
    found = safe_coverage(placed, communities, branches, below)
    uncovered = tuple(state for state in Reach if state not in COVERED)
    figures = (COVERED, uncovered, (Reach.GROUPED,), (Reach.FREE,), tuple(Reach))
    for table, key in (
        (found.communities, lambda one: f"c{one.community}"),
        (found.branches, lambda one: f"{one.branch}"),
    ):
        real = truth(placed, key)
        blank = [one.key for one in table if one.denominator is None]
        assert all(one.count is None for one in table if one.denominator is None)
        for one in table:
            if one.denominator is not None:
                assert (one.denominator, one.count) == (real(one.key, Reach), real(one.key, COVERED))
                assert not [states for states in figures if 0 < real(one.key, states) < below]
        assert len(blank) != 1
        for states in figures:  # what is left of the whole for the blank rows tells none of them
            left = sum(real(name, states) for name in blank)
            assert left == 0 or left >= 2 * below - 1
    if found.count is not None:
        assert not 0 < found.count < below
        assert not 0 < len(placed) - found.count < below
        for line in (COVERED, uncovered):
            hidden = [state for state in line if found.parts[state] is None]
            assert len(hidden) != 1
    assert not [count for count in found.parts.values() if count is not None and 0 < count < below]
