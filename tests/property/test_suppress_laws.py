"""Laws of small counts: what is shown never tells what is hidden."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from gis.model.dual import LIVES_HERE, Cell
from gis.services.dual_sides import LINES, ROWS
from gis.services.suppress import hidden_cells, is_sum_safe

BELOW = 3
SHOWN: tuple[tuple[Cell, ...], ...] = (*ROWS, LIVES_HERE)  # whose sums stand beside the table
counts = st.fixed_dictionaries({cell: st.integers(0, 9) for cell in Cell})


@given(counts)
def test_small_counts_are_hidden_and_nothing_is_hidden_without_one(unseen: dict[Cell, int]):
    hidden = hidden_cells(unseen, LINES, BELOW)
    small = {cell for cell, count in unseen.items() if 0 < count < BELOW}
    assert small <= hidden
    assert hidden == frozenset() if not small else hidden


@given(counts)
def test_a_hidden_cell_never_follows_from_the_sum_of_its_line(unseen: dict[Cell, int]):
    """Another table has the same shown cells and shown sums, and another value in the hidden cell."""
    hidden = hidden_cells(unseen, LINES, BELOW)
    sums = {line: sum(unseen[cell] for cell in line) for line in SHOWN if is_sum_safe(line, hidden, unseen, BELOW)}
    for cell in hidden:
        others = (dict(zip(hidden, values, strict=True)) for values in _near(unseen, hidden))
        assert any(_fits({**unseen, **other}, sums) for other in others if other[cell] != unseen[cell])


@given(counts)
def test_a_line_with_hidden_cells_holds_more_than_small_ones(unseen: dict[Cell, int]):
    """From a sum of 2 in two hidden cells would follow that each is 1."""
    hidden = hidden_cells(unseen, LINES, BELOW)
    for line in LINES:
        in_line = [unseen[cell] for cell in line if cell in hidden]
        if in_line and is_sum_safe(line, hidden, unseen, BELOW):
            assert sum(in_line) > 2 * (BELOW - 1)


def _near(unseen: dict[Cell, int], hidden: frozenset[Cell]):
    return product(*(range(max(1, unseen[cell] - 1), unseen[cell] + 2) for cell in hidden))


def _fits(table: dict[Cell, int], sums: dict[tuple[Cell, ...], int]) -> bool:
    return all(sum(table[cell] for cell in line) == total for line, total in sums.items())


@given(counts, st.sampled_from(list(Cell)))
def test_whom_the_viewer_knows_by_name_is_not_hidden(unseen: dict[Cell, int], known: Cell):
    assert known not in hidden_cells({**unseen, known: 0}, LINES, BELOW)
