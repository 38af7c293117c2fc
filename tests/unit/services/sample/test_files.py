"""The files of the made-up street: the same bytes, all the dirt, and a truth that fits the cells."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gis.services.sample._books import Page, write_xls, write_xlsx
from gis.services.sample._clerk import check_digit
from gis.services.sample._files import write_files
from gis.services.sample._world import make_world
from gis.services.sample.dirt import DirtKind, FaultKind
from gis.store.formats.tables import Sheet, plain_text, read_sheets

MEMBERS = 600
SEED = 23


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("roster")
    write_files(make_world(SEED, MEMBERS), path)
    return path


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[tuple[str, str], Sheet]:
    files = [path for path in folder.iterdir() if path.suffix in (".xlsx", ".xls", ".csv")]
    return {(path.name, sheet.name): sheet for path in files for sheet in read_sheets(path)}


def test_the_same_seed_writes_the_same_bytes(folder: Path, tmp_path: Path):
    names = write_files(make_world(SEED, MEMBERS), tmp_path)
    assert sorted(names) == sorted(path.name for path in folder.iterdir())
    assert [name for name in names if (folder / name).read_bytes() != (tmp_path / name).read_bytes()] == []


def test_every_kind_of_dirt_and_fault_occurs(truth: dict[str, Any]):
    of_rows = {kind for row in truth["rows"] for kind in row["dirt"]}
    of_files = {kind for kinds in truth["files"].values() for kind in kinds}
    assert {kind.value for kind in DirtKind} - of_rows - of_files == set()
    assert {fault["kind"] for fault in truth["faults"]} == {kind.value for kind in FaultKind}


def test_everybody_stands_in_one_roster_and_those_in_transition_in_the_ledger(truth: dict[str, Any]):
    ok = [row for row in truth["rows"] if row["expected"] == "ok"]
    ledger = [row["member_key"] for row in ok if "摸排" in row["file"]]
    rosters = [row["member_key"] for row in ok if "摸排" not in row["file"]]
    assert len(rosters) == len(set(rosters)) == MEMBERS
    assert len(ledger) == len(set(ledger)) == round(MEMBERS * 110 / 1366)
    assert set(ledger) <= set(rosters)


def test_the_truth_points_at_the_right_rows(truth: dict[str, Any], tables: dict[tuple[str, str], Sheet]):
    hidden = set()
    for row in truth["rows"]:
        sheet = tables[row["file"], row["sheet"]]
        cells = ["".join(plain_text(cell).split()) for cell in sheet.rows[row["row"] - 1]]
        fault = next((f["kind"] for f in truth["faults"] if _place(f) == _place(row)), "")
        assert (row["name"] in cells) == (fault != "name_missing"), row
        if row["row"] - 1 in sheet.hidden_rows:
            hidden.add(_place(row))
    assert hidden == {_place(fault) for fault in truth["faults"] if fault["kind"] == "row_hidden"}


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["file"], row["sheet"], row["row"]


def test_each_fault_names_a_column_of_its_file(truth: dict[str, Any], tables: dict[tuple[str, str], Sheet]):
    for fault in truth["faults"]:
        headers = {
            plain_text(cell)
            for row in tables[fault["file"], fault["sheet"]].rows[:6]
            for cell in row
            if cell is not None
        }
        assert fault["field"] in headers or fault["kind"] == "row_hidden"


def test_no_cell_holds_a_valid_id_number(tables: dict[tuple[str, str], Sheet]):
    texts = [plain_text(cell) for sheet in tables.values() for row in sheet.rows for cell in row]
    texts += [str(int(cell)) for s in tables.values() for row in s.rows for cell in row if isinstance(cell, float)]
    numbers = [text for text in texts if re.fullmatch(r"\d{17}[\dXx]", text)]
    assert len(numbers) > MEMBERS / 2
    assert [text for text in numbers if check_digit(text[:17]) == text[17].upper()] == []


def test_csv_is_gbk_and_the_layers_say_their_system(folder: Path):
    for name in ("阵地.csv", "麦芒社区党员花名册.csv"):
        raw = (folder / name).read_bytes()
        assert raw.decode("gbk")
        with pytest.raises(UnicodeDecodeError):
            raw.decode("utf-8")
    assert '"urn:ogc:def:crs:EPSG::4490"' in (folder / "楼栋.geojson").read_text(encoding="utf-8")


@pytest.mark.parametrize(("write", "suffix"), [(write_xlsx, ".xlsx"), (write_xls, ".xls")])
def test_a_workbook_keeps_merges_hidden_rows_and_hidden_sheets(tmp_path: Path, write: Any, suffix: str):
    page = Page("名册", [["标题", None], ["姓名", "电话"], ["禾一", None]], [(0, 0, 0, 1)], {2}, width=2)
    path = tmp_path / f"a{suffix}"
    write(path, [page, Page("旧", [["x"]], is_hidden=True)])
    shown, old = read_sheets(path)
    assert [(m.top, m.left, m.bottom, m.right) for m in shown.merges] == [(0, 0, 0, 1)]
    assert (shown.hidden_rows, shown.is_hidden, old.is_hidden) == (frozenset({2}), False, True)
