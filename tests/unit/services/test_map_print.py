"""The drawing of a printed map: the same steps, homes and hulls as on the screen."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely

from gis.model.ids import GridId, OrgId
from gis.model.territory import Building
from gis.services.map_layers import AgeBand, GroupPlace, Mark
from gis.services.map_print import ground, marks
from gis.services.map_print.legend import grid_rows
from gis.spatial.mercator import window_showing, world
from gis.spatial.tile_math import world_pixel

WINDOW = window_showing((120.0, 31.0, 120.01, 31.01), 800, 600, 19)
BRANCH = OrgId(1)


def mark(lon: float, lat: float, at: str = "building", group: int | None = 7) -> Mark:
    return Mark(lon, lat, at, BRANCH, GridId(1), None, AgeBand.FROM_60, is_in_transition=True, group_id=group)


@pytest.mark.parametrize(("width", "height"), [(800, 600), (300, 900)])
def test_a_window_shows_all_of_the_rectangle(width: int, height: int):
    corners = np.array([[120.0, 31.0], [120.02, 31.005]])
    window = window_showing((120.0, 31.0, 120.02, 31.005), width, height, 19)
    assert window.is_inside(window.to_px(corners), 1e-6).all()
    assert world(corners[:1]) * 256 * 2**17 == pytest.approx(np.array([world_pixel(120.0, 31.0, 17)]))
    metres = (
        np.hypot(*np.diff(window.to_px(np.array([[120.0, 31.0025], [120.01, 31.0025]])), axis=0)[0]) / window.px_per_m
    )
    assert metres == pytest.approx(954.3, rel=0.005)  # a hundredth of a degree at 31 degrees north


def test_steps_are_those_of_the_screen():
    assert ground.steps_of([None, 0, 1, 2, 2, 3, 5, 8, 13, 21]) == (1, 2, 3, 8, 13)
    assert ground.steps_of([4, 4, None]) == (4,)
    assert ground.steps_of([None, 0]) == ()
    assert [ground.step_colour((4,), count) for count in (None, 0, 4)] == [ground.BLANK, ground.NONE, ground.STEPS[1]]


def test_grey_grids_are_explained_even_where_no_count_is_told():
    counts = {GridId(1): None, GridId(2): 0}
    assert [row.text for row in grid_rows(counts, said="网格")] == ["网格", "从略"]
    assert grid_rows({GridId(1): 0}, said="网格") == []


def test_buildings_too_small_for_ink_and_far_away_are_left_out():
    def square(lon: float, side: float) -> Building:
        return Building(None, "", "", shapely.to_wkb(shapely.box(lon, 31.005, lon + side, 31.005 + side)))

    drawn = ground.draw_buildings(WINDOW, [square(120.005, 0.001), square(120.006, 1e-6), square(121.0, 0.001)])
    assert drawn.count("M") == 1


def test_members_at_one_point_are_one_home():
    here = [mark(120.005, 31.005), mark(120.005, 31.005, group=None), mark(120.005, 31.005, at="estate")]
    assert [(home.count, home.what, home.is_rough) for home in marks.gather(here)] == [
        (2, "mixed", False),
        (1, "grouped", True),
    ]


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_a_hull_holds_the_members_drawn_at_home_and_no_others(n: int):
    homes = [(120.004 + 0.0004 * k, 31.005 + 0.0002 * (k % 2)) for k in range(n)]
    members = [*(mark(*at) for at in homes), mark(120.009, 31.009, at="grid")]
    group = GroupPlace(7, BRANCH, 120.005, 31.005, None, None, n + 1, leader_at=homes[0])
    canvas = marks.Canvas(WINDOW)
    below, seen = marks.draw_groups(canvas, members, [group], 7, is_all=True)
    drawn = re.search(r'd="M([\d.-]+) ([\d.-]+)l([^"]+)z"', below)
    assert drawn is not None
    first, steps = drawn.group(1, 2), re.findall(r"-?[\d.]+", drawn.group(3))
    ring = np.cumsum(np.vstack([np.array(first, float), np.array(steps, float).reshape(-1, 2)]), axis=0)
    hull = shapely.Polygon(ring)
    assert shapely.contains_xy(hull, WINDOW.to_px(np.array(homes))).all()
    assert not shapely.contains_xy(hull, WINDOW.to_px(np.array([[120.009, 31.009]]))).any()
    assert seen == {"group", "hull", "leader"}
    assert len(canvas.room) == 2


def test_a_leader_who_is_not_drawn_at_home_is_not_marked():
    group = GroupPlace(7, BRANCH, 120.005, 31.005, None, None, 1, leader_at=None)
    canvas = marks.Canvas(WINDOW)
    below, seen = marks.draw_groups(canvas, [mark(120.009, 31.009, at="grid")], [group], 7, is_all=False)
    assert (below, seen) == ("", {"group"})
