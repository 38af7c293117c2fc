"""Whatever the street: from the figures of one screen that who sees counts only is shown, nobody is worked out."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.model.dual import LIVES_HERE, RELATION_HERE, Cell, Matrix
from gis.model.ids import OrgId
from gis.services.board_counts import WHOLE, Lists
from gis.services.board_suppress import shown_figures
from gis.services.dual_suppress import figures_of, only
from gis.services.tree_suppress import Beside, Level, Tree, shown_beside, shown_counts
from tests.fixtures.attack import assert_safe, told

BELOW = 3
#: Of each person: branch, counts in the whole, in three lists, which part
listed = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([True, True, False]), *[st.booleans()] * 3, st.integers(0, 3)),
    max_size=40,
)
#: Of each person: community, grid in it, building in that, grouped, served, organisation
living = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), st.booleans(), st.booleans(), st.integers(0, 2)),
    max_size=60,
)


@given(listed, st.integers(2, 3))
def test_lists_by_branch_tell_nothing_small(people, below):
    lists, figures = lists_of(people)
    shown = lists.shown(below)
    counts = {name: shown.counts[name] for name in figures}
    assert_safe(figures, counts, below)


@given(listed)
def test_who_sees_persons_gets_every_count(people):
    lists, figures = lists_of(people)
    shown = lists.shown(1)
    assert {name: shown.counts[name] for name in figures} == {name: mask.sum() for name, mask in figures.items()}


def lists_of(people):
    branch, whole, one, two, three, part = (np.array([row[k] for row in people], dtype=int) for k in range(6))
    whole = whole == 1
    columns = {"one": whole & (one == 1), "two": whole & (two == 1)}
    parts = {"one": {f"{k}": whole & (part == k) for k in range(4)}, "two": {"in": columns["two"] & (three == 1)}}
    everybody = np.ones(len(people), dtype=bool)
    beside = {"everybody": (everybody, None), "all/one": (one == 1, "everybody")}
    figures = {WHOLE: whole, **columns, **{name: mask for name, (mask, _) in beside.items()}}
    figures |= {f"{key}/part/{label}": mask for key, found in parts.items() for label, mask in found.items()}
    for key, mask in {WHOLE: whole, **columns}.items():
        figures |= {f"{key}/branch/{k}": mask & (branch == k) for k in sorted(set(branch[whole].tolist()))}
    return Lists(branch.tolist(), whole, columns, parts, frozenset({"one"}), beside), figures


@given(living)
def test_the_tree_of_places_beside_a_board_tells_nothing_small(people):
    tree, board = tree_of(people)
    beside = {f"board/{k}": mask for k, mask in enumerate([*tree.measures, *board])}
    chosen = sorted(shown_figures(beside, [], BELOW))
    top = np.array([[f"board/{k}" in chosen for k in range(3)]])
    shown = shown_counts(
        tree, [top], np.array([beside[name] for name in chosen]).reshape(len(chosen), len(people)), BELOW
    )
    figures, counts = tree_figures(tree, shown)
    assert_safe(figures | beside, counts | {name: int(beside[name].sum()) for name in chosen})


@given(living, st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=2), max_size=6))
def test_figures_of_another_screen_tell_nothing_small_beside_the_tree(people, asked):
    """A screen that asks for sets which cut across the places, one or two of them at once."""
    tree, board = tree_of(people)
    top, none = np.array([[tree.measures[k].sum() >= BELOW for k in range(3)]]), board[:0]
    known = {f"board/{k}": tree.measures[k] for k in range(3) if top[0, k]}
    if len(shown_figures(known, [], BELOW)) < len(known):
        return  # what is known already tells
    beside = np.array(list(known.values()), dtype=bool).reshape(len(known), len(people))
    shown = shown_counts(tree, [top], beside, BELOW)
    numbers = np.arange(len(people))
    more = [np.array([(numbers * 5 + one) % 8 <= one for one in some]).reshape(len(some), -1) for some in asked]
    kept = shown_beside(tree, shown, Beside(beside, none), more, BELOW)
    assert kept == tuple(sorted(kept))
    figures, counts = tree_figures(tree, shown)
    added = {f"more/{one}/{k}": mask for one in kept for k, mask in enumerate(more[one])}
    every = figures | known | added
    assert_safe(every, counts | {name: int(mask.sum()) for name, mask in (known | added).items()})
    assert shown_beside(tree, shown, Beside(beside, none), more, 1) == tuple(range(len(more)))
    first = [mask for name, mask in (figures | known).items() if name in known or counts[name] is not None]
    for one in set(range(len(more))).difference(kept):  # nothing is held back without need
        before = [mask for other in kept if other < one for mask in more[other]]
        assert told([*first, *before, *more[one]]) != []


@given(living, st.lists(st.lists(st.integers(0, 3), min_size=60, max_size=60), min_size=1, max_size=6))
def test_figures_that_count_some_more_than_once_tell_nothing_small(people, asked):
    """As seats and findings do: who sits twice, or breaks three rules."""
    tree, _ = tree_of(people)
    nothing = [np.zeros((len(level.inside), 3), dtype=bool) for level in tree.levels]
    none = np.zeros((0, len(people)), dtype=bool)
    more = [np.array([often[: len(people)]], dtype=np.uint8) for often in asked]
    kept = shown_beside(tree, nothing, Beside(none, none), more, BELOW)
    assert told([more[one][0] for one in kept]) == []
    for one in set(range(len(more))).difference(kept):
        assert told([more[other][0] for other in (*(k for k in kept if k < one), one)]) != []


def tree_figures(tree, shown):
    figures, counts = {}, {}
    for number, level in enumerate(tree.levels):
        for place in range(len(level.inside)):
            for measure, mask in enumerate(tree.measures):
                name = f"{number}/{place}/{measure}"
                figures[name] = mask & (level.at == place)
                counts[name] = int(figures[name].sum()) if shown[number][place, measure] else None
                if number and counts[name] is not None:
                    assert shown[number - 1][level.inside[place], measure]  # nothing in a place that is not shown
    return figures, counts


def tree_of(people):
    community, grid, building, grouped, served, org = (
        np.array([row[k] for row in people], dtype=np.int64) for k in range(6)
    )
    everybody = np.ones(len(people), dtype=bool)
    grids = 3 * community + grid
    levels = (
        Level(np.zeros(len(people), dtype=np.int64), np.zeros(1, dtype=np.int64)),
        Level(community, np.zeros(4, dtype=np.int64)),
        Level(grids, np.arange(12) // 3),
        Level(3 * grids + building, np.arange(36) // 3, is_listed=False),
    )
    measures = np.array([everybody, grouped == 1, served == 1])
    board = np.array([everybody & (org == k) for k in range(3)] + [(org == k) & (grouped == 1) for k in range(3)])
    return Tree(levels, measures), board


def test_a_large_tree_is_shown_whole():
    people = [(k % 2, 0, k % 3, bool(k // 6 % 2), bool(k // 12 % 2), 0) for k in range(240)]
    tree, board = tree_of(people)
    shown = shown_counts(tree, [np.ones((1, 3), dtype=bool)], board, BELOW)
    assert all((one | (tree.counts(level) == 0)).all() for level, one in enumerate(shown))


@given(st.lists(st.tuples(*[st.sampled_from(list(Cell))] * 4), max_size=30))
def test_matrices_of_several_organisations_tell_nothing_small(people):
    cells = [[row[k] for row in people] for k in range(4)]
    figures: dict[str, Any] = {}
    whole = []
    for k, stands in enumerate(cells):
        masks: dict[Any, Any] = {cell: np.array([at is cell for at in stands], dtype=bool) for cell in Cell}
        masks |= {"registered": sum_of(masks, RELATION_HERE), "resident": sum_of(masks, LIVES_HERE)}
        figures |= {f"{k}/{name}": mask for name, mask in masks.items()}
        counts = {name: int(mask.sum()) for name, mask in masks.items()}
        whole.append(
            Matrix(
                org_id=OrgId(k),
                org="",
                kind="",
                place="",
                as_of=date(2026, 11, 22),
                cells={cell: counts[cell] for cell in Cell},
                registered=counts["registered"],
                resident=counts["resident"],
                street=len(people),
            )
        )
    shown: dict[str, int | None] = {}
    sets = {str(name): (name, masks[0]) for name, masks in figures_of(whole, cells).items()}
    kept = shown_figures({key: mask for key, (_, mask) in sets.items()}, [], BELOW)
    for k, one in enumerate(only(whole, [sets[key][0] for key in kept])):
        shown |= {f"{k}/{cell}": one.cells[cell] for cell in Cell}
        shown |= {f"{k}/registered": one.registered, f"{k}/resident": one.resident, f"{k}/street": one.street}
        figures[f"{k}/street"] = np.ones(len(people), dtype=bool)
    assert_safe(figures, shown)


def sum_of(masks, cells):
    return np.any([masks[cell] for cell in cells], axis=0)
