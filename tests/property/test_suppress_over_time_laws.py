"""Laws of counts over time: neither a figure nor a change of what is shown, nor of the rest, is about few persons."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from gis.services.suppress_over_time import shown_cells, shown_days

BELOW = 3
N_DAYS = 4
tables = st.lists(st.lists(st.integers(0, 14), min_size=N_DAYS, max_size=N_DAYS), min_size=2, max_size=5)


def is_small(count: int) -> bool:
    return 0 < abs(count) < BELOW


def shown_of(rows: list[list[int]]) -> tuple[dict[int, list[int]], list[int], dict[int, tuple[bool, ...]]]:
    """Return cells, the days of which the total is shown, and what is shown."""
    cells = dict(enumerate(rows))
    is_total = shown_days([sum(row[day] for row in rows) for day in range(N_DAYS)], BELOW)
    return cells, [day for day in range(N_DAYS) if is_total[day]], shown_cells(cells, is_total, BELOW)


@given(tables)
def test_no_figure_and_no_change_of_one_is_small(rows: list[list[int]]):
    cells, days, shown = shown_of(rows)
    for key, counts in cells.items():
        seen = [counts[day] for day in range(N_DAYS) if shown[key][day]]
        assert not any(map(is_small, seen))
        assert not any(is_small(one - other) for one, other in combinations(seen, 2))
        assert not any(shown[key][day] for day in range(N_DAYS) if day not in days)


@given(tables)
def test_what_is_left_of_the_whole_is_nothing_or_much(rows: list[list[int]]):
    cells, days, shown = shown_of(rows)
    for day in days:
        hidden = [key for key in cells if not shown[key][day]]
        assert len(hidden) in {0, len(cells)} or (
            len(hidden) > 1 and sum(cells[key][day] for key in hidden) >= 2 * BELOW - 1
        )


@given(tables)
def test_the_rest_of_two_days_differs_by_nothing_or_much(rows: list[list[int]]):
    """Whatever cells are added to what is hidden on either day: the smallest such rest is what can be worked out."""
    cells, days, shown = shown_of(rows)
    for early, late in combinations(days, 2):
        either = [key for key in cells if not (shown[key][early] and shown[key][late])]
        if len(either) < len(cells):
            assert not is_small(sum(cells[key][late] - cells[key][early] for key in either))


@given(tables)
def test_totals_are_shown_on_the_last_day_first(rows: list[list[int]]):
    totals = [sum(row[day] for row in rows) for day in range(N_DAYS)]
    shown = shown_days(totals, BELOW)
    assert shown[-1] is not is_small(totals[-1])
    kept = [count for count, is_shown in zip(totals, shown, strict=True) if is_shown]
    assert not any(is_small(one - other) for one, other in combinations(kept, 2))


@given(tables)
def test_who_may_see_all_sees_all(rows: list[list[int]]):
    shown = shown_cells(dict(enumerate(rows)), [True] * N_DAYS, 1)
    assert all(all(row) for row in shown.values())


def test_large_counts_that_change_by_much_are_shown_whole():
    shown = shown_cells({"a": [5, 9, 20], "b": [0, 4, 10], "c": [7, 7, 12]}, [True] * 3, BELOW)
    assert all(all(row) for row in shown.values())


def test_one_newcomer_takes_the_earlier_day_and_a_second_cell_with_it():
    shown = shown_cells({"a": [8, 9], "b": [10, 15], "c": [10, 14]}, [True] * 2, BELOW)
    assert shown == {"a": (False, True), "b": (False, True), "c": (True, True)}
