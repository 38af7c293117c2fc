"""The desk of an editor: what the map and the lists say about the choice, put together."""

from __future__ import annotations

import pytest

from gis.ui.choices import Picked
from gis.ui.map.host import Pick
from gis.ui.plans.desk import Desk, choose_in_list, choose_on_map


def test_the_map_says_everybody_who_is_chosen():
    desk = choose_on_map(Desk(chosen=frozenset({1, 2})), Pick("members", ids=(2, 3), stamp=4))
    assert desk.chosen == {2, 3}
    assert desk.map_stamp == 4


@pytest.mark.parametrize(
    ("ticked", "left"),
    [((2, 3), {1, 2, 3}), ((), {1}), ((2, 9), {1, 2})],
    ids=["more", "none of those shown", "one that is not shown"],
)
def test_a_list_speaks_only_of_those_it_shows(ticked: tuple[int, ...], left: set[int]):
    desk = choose_in_list(Desk(chosen=frozenset({1, 2})), Picked(ticked, 7, (2, 3)))
    assert desk.chosen == left
    assert desk.list_stamp == 7


def test_a_tick_in_a_list_that_the_page_has_left_is_kept():
    desk = choose_in_list(Desk(chosen=frozenset({1}), group="3 H7"), Picked((4,), 2, (4, 5)))
    assert desk.chosen == {1, 4}
    assert desk.group == "3 H7"
