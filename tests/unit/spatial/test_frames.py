"""A frame's contract reports every fault at once."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest
from shapely import Point, Polygon

from gis.errors import InputError
from gis.spatial.frames import Frame, check_frame

MEMBERS = Frame("返迁过渡期党员", columns=("branch_id", "mobility"), geometry="Point")


def frame(points: list[Any], index: list[int], crs: str = "EPSG:4549", **columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=points, index=index, crs=crs)


def test_a_frame_that_keeps_its_contract_comes_back_unchanged():
    members = frame([Point(0, 0), Point(1, 1)], [1, 2], branch_id=[1, 1], mobility=["free", "free"])
    assert check_frame(members, MEMBERS) is members


def test_all_faults_are_named_together():
    members = frame([Point(0, 0), None, Polygon([(0, 0), (1, 0), (1, 1)])], [1, 1, 2], "EPSG:4490", branch_id=[1, 1, 1])
    with pytest.raises(InputError) as caught:
        check_frame(members, MEMBERS)
    message = str(caught.value)
    assert message.startswith("返迁过渡期党员：缺列 mobility；编号重复 1 处；几何为空 1 处")
    assert "Polygon" in message
    assert "坐标系" in message
