"""The columns of layers: synonyms, cut names, what is dropped, and that the guide names each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.model.layers import LayerKind
from gis.store.formats.layer_columns import LAYERS, PLACE, match_header

GUIDE = Path(__file__).parents[4] / "docs" / "guide" / "import.md"


def test_headers_are_known_by_their_other_names():
    match = match_header(
        ["小 区：", "楼栋号", "层数（层）", "楼栋长", "LNG", "Lat", "序号", "备注"], LAYERS[LayerKind.BUILDINGS]
    )
    assert match.where == {"estate": 0, "building_no": 1, "floors": 2, "lon": 4, "lat": 5}
    assert (match.dropped, match.ignored, match.missing) == (("楼栋长",), ("备注",), ())


def test_missing_columns_are_called_by_their_proper_header():
    assert match_header(["名称"], LAYERS[LayerKind.GRIDS]).missing == ("网格编号",)


def test_a_name_cut_at_ten_bytes_is_known_in_a_shapefile_only():
    assert match_header(["网格编"], LAYERS[LayerKind.GRIDS], is_dbf=True).where == {"grid_code": 0}
    assert match_header(["网格编"], LAYERS[LayerKind.GRIDS]).where == {}


@pytest.mark.parametrize("kind", LayerKind)
def test_no_two_columns_of_a_kind_share_a_name(kind: LayerKind):
    names = [name for column in LAYERS[kind].columns for name in {column.label, *column.names.split("|")}]
    assert sorted(name for name in names if name and names.count(name) > 1) == []


@pytest.mark.parametrize("kind", LayerKind)
def test_the_guide_names_every_column(kind: LayerKind):
    text = GUIDE.read_text("utf-8")
    section = text.split(f"### {kind.value} ")[1].split("\n#")[0]
    assert [c.label for c in LAYERS[kind].columns if c.label not in section and c not in PLACE] == []
