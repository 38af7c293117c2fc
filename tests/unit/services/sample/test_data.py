"""What lies in data/ is what the program means."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from gis.model import enums
from gis.model.layers import LayerKind
from gis.store.formats.layer_columns import LAYERS, match_header

DATA = Path(__file__).resolve().parents[4] / "data"


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_code_lists_are_those_of_the_model():
    header, *rows = read(DATA / "code_lists.csv")
    assert header == ["代码表", "代码", "含义"]
    for name in dict.fromkeys(row[0] for row in rows):
        kind = getattr(enums, name)
        assert [tuple(row[1:]) for row in rows if row[0] == name] == [(item.value, item.label) for item in kind]


@pytest.mark.parametrize("kind", list(LayerKind))
def test_each_layer_has_a_template_whose_columns_are_known(kind: LayerKind):
    header, *rows = read(DATA / "templates" / f"{kind.label}.csv")
    match = match_header(header, LAYERS[kind])
    assert (match.missing, match.ignored) == ((), ())
    assert rows
    assert {len(row) for row in rows} == {len(header)}
