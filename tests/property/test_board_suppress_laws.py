"""Laws of a whole board: from what is shown together no small figure follows, in whatever way it is added up."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.services.board_suppress import Table, shown_figures
from tests.fixtures.attack import told

BELOW = 3
#: Of each person: age group, in a group, organisation
people = st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 2)), max_size=25)


def board(persons: list[tuple[int, bool, int]]) -> tuple[dict[str, np.ndarray], list[Table]]:
    ages, grouped, orgs = (np.array([one[k] for one in persons], dtype=int) for k in range(3))
    figures = {"all": np.ones(len(persons), dtype=bool), "grouped": grouped == 1}
    figures |= {f"age/{k}": ages == k for k in range(3)}
    figures |= {f"org/{k}": orgs == k for k in range(3)}
    figures |= {f"org/{k}/in": (orgs == k) & (grouped == 1) for k in range(3)}
    figures |= {f"org/{k}/out": (orgs == k) & (grouped == 0) for k in range(3)}
    figures["not"] = grouped == 0
    rows = [(f"org/{k}/in", f"org/{k}/out") for k in range(3)]
    tables = [
        Table(((*(f"age/{k}" for k in range(3)),),)),
        Table(((*(f"org/{k}" for k in range(3)),),)),
        Table((("grouped", "not"),)),
        Table((*rows, *zip(*rows, strict=True))),
    ]
    return figures, tables


@given(people)
def test_nobody_is_worked_out_from_what_is_shown(persons: list[tuple[int, bool, int]]):
    figures, tables = board(persons)
    shown = shown_figures(figures, tables, BELOW, never=["not"])
    assert told([figures[name] for name in shown], BELOW) == []


def test_three_figures_together_do_not_tell_what_no_two_of_them_do():
    """Of 12 four are in a, four in b, and three of the others in c: the one left is 12 - 4 - 4 - 3."""
    order = np.arange(12)
    figures = {"all": order >= 0, "a": order < 4, "b": (order >= 4) & (order < 8), "c": (order >= 8) & (order < 11)}
    assert shown_figures(figures, [], BELOW) == {"all", "a", "b"}


@given(people)
def test_no_small_set_lies_in_the_span_of_what_is_shown(persons: list[tuple[int, bool, int]]):
    """By rank, over all small figures and all small differences of two figures, shown or not."""
    figures, tables = board(persons)
    shown = shown_figures(figures, tables, BELOW, never=["not"])
    masks = {name: mask.astype(float) for name, mask in figures.items()}
    span = np.array([masks[name] for name in shown]).reshape(len(shown), len(persons))
    rank = np.linalg.matrix_rank(span) if span.size else 0
    small = [mask for mask in masks.values() if 0 < mask.sum() < BELOW]
    for one, other in combinations(masks.values(), 2):
        both = (one - other, other - one)
        small += [left for left in both if left.min(initial=0) >= 0 and 0 < left.sum() < BELOW]
    for mask in small:
        assert np.linalg.matrix_rank(np.vstack([span, mask])) > rank


@given(people)
def test_two_shown_figures_never_tell_a_small_group_by_subtraction(persons: list[tuple[int, bool, int]]):
    figures, tables = board(persons)
    shown = shown_figures(figures, tables, BELOW, never=["not"])
    for outer, inner in product(shown, shown):
        if not (figures[inner] & ~figures[outer]).any():
            assert not 0 < (figures[outer] & ~figures[inner]).sum() < BELOW, (outer, inner)


@given(people)
def test_the_parts_of_a_whole_that_are_hidden_do_not_tell_each_other(persons: list[tuple[int, bool, int]]):
    figures, tables = board(persons)
    shown = shown_figures(figures, tables, BELOW, never=["not"])
    for table in tables[:2]:
        left = [int(figures[name].sum()) for name in table.lines[0] if name not in shown]
        if 0 < sum(left) < 2 * BELOW - 1 and "all" in shown:
            assert len(left) == len(table.lines[0])  # nothing of the line is shown: nobody knows which are empty


@given(people)
def test_who_may_see_all_sees_all(persons: list[tuple[int, bool, int]]):
    figures, tables = board(persons)
    assert shown_figures(figures, tables, 1) == frozenset(figures)
    assert shown_figures(figures, tables, 1, never=["not"]) == frozenset(figures) - {"not"}


def test_a_board_of_large_figures_is_shown_whole():
    persons = [(k % 3, bool(k % 2), k % 3) for k in range(60)]
    figures, tables = board(persons)
    assert shown_figures(figures, tables, BELOW) == frozenset(figures)
