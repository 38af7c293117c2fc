from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.spatial.display import Paths, rings
from gis.ui.encoding import packed_paths, world
from gis.ui.packing import Column, pack, unpack

NUMBERS = st.lists(st.integers(-(2**30), 2**30 - 1), max_size=12)


@given(NUMBERS, NUMBERS, st.text(max_size=20))
def test_what_is_packed_comes_out_again(first: list[int], second: list[int], text: str):
    found = unpack(pack({"a": Column(first, is_steps=True), "name": text, "in": {"b": Column(second)}}))
    assert found["a"].tolist() == first
    assert found["in"]["b"].tolist() == second
    assert found["name"] == text


def test_a_column_takes_the_smallest_type_that_holds_it():
    assert [Column(values).encoded()[0] for values in ([0, 255], [-1, 255], [-1, 40_000])] == ["u1", "i2", "i4"]


def test_a_number_that_fits_no_column_is_refused():
    with pytest.raises(OverflowError, match="4294967296"):
        Column([2**32]).encoded()


def test_every_column_begins_where_the_browser_can_read_it():
    """A typed array must begin at a multiple of its width."""
    raw = pack({"a": Column([1]), "b": Column([70_000]), "名": "字"})
    size = int.from_bytes(raw[:4], "little")
    assert (4 + size) % 8 == 0
    assert len(raw) % 8 == 0
    assert json.loads(raw[4 : 4 + size]) == {"a": {"$": ["u1", 1, 0]}, "b": {"$": ["i4", 1, 0]}, "名": "字"}


def drawn(raw: dict[str, np.ndarray]) -> list[list[list[int]]]:
    """Go along packed paths as the browser's script does."""
    out, at, first = [], 0, 0
    for size in raw["n"]:
        steps = np.column_stack([raw["dx"][at : at + size], raw["dy"][at : at + size]])
        if size:
            steps[0] = raw["x"][first], raw["y"][first]
            first += 1
        out.append(np.cumsum(steps, axis=0).tolist())
        at += size
    return out


def test_paths_come_out_where_they_were():
    shapes = [
        shapely.to_wkb(shapely.box(119.9, 31.7, 120.1, 31.9)),
        None,
        shapely.to_wkb(shapely.box(-70, -33, -69, -32)),
    ]
    found = rings(shapes)
    raw = unpack(pack({"path": packed_paths(found)}))["path"]
    assert raw["i"].tolist() == [0, 2]
    expected = np.split(world(found.points), np.cumsum(found.size)[:-1])
    assert drawn(raw) == [part.tolist() for part in expected]


def test_a_path_without_points_moves_no_other():
    points = np.array([[0.0, 0.0], [1.0, 1.0], [5.0, 5.0]])
    raw = unpack(pack(packed_paths(Paths(np.array([0, 1, 2]), np.array([2, 0, 1]), points))))
    assert drawn(raw) == [world(points[:2]).tolist(), [], world(points[2:]).tolist()]
