from __future__ import annotations

import numpy as np
import shapely

from gis.model.ids import BuildingId
from gis.model.territory import Building
from gis.ui import encoding


def test_coordinates_are_differences_of_whole_micro_degrees():
    assert encoding.deltas(np.array([[120.0, 31.0], [120.000001, 30.999999]])) == [120_000_000, 31_000_000, 1, -1]


def test_no_points_are_no_numbers():
    assert encoding.deltas(np.empty((0, 2))) == []


def test_a_building_is_a_ring_or_a_point():
    square = shapely.to_wkb(shapely.box(0, 0, 0.00001, 0.00001))
    point = shapely.to_wkb(shapely.Point(1, 2))
    found = encoding.buildings(
        [Building(BuildingId(7), "甲苑", "1幢", square), Building(BuildingId(8), "甲苑", "2幢", point)]
    )
    assert found["id"].values.tolist() == [7, 8]
    assert found["estate"]["word"] == ["甲苑"]
    assert found["spots"]["i"].values.tolist() == [1]
    assert found["path"]["i"].values.tolist() == [0]
    assert found["path"]["n"].values.tolist() == [4]


def test_web_mercator_puts_the_middle_of_the_world_in_the_middle():
    half = encoding.WORLD // 2
    assert encoding.world(np.array([[0.0, 0.0], [-180.0, 0.0]])).tolist() == [[half, half], [0, half]]


def test_text_is_data_in_the_document():
    name = '</script>"${x}`'
    assert encoding.as_json({"name": name}) == b'{"name":"</script>\\"${x}`"}'
