"""A whole folder as an office hands it in: in the right order, every planted fault reported, no other row."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.cli.main import app
from gis.model.access import operator
from gis.services.import_folder import FolderReport, FolderRequest, apply_folder, dry_run_folder
from gis.services.sample.street import SampleRequest, sample_street
from gis.store.database import Store
from gis.store.schema import BuildingRow, EstateRow, MemberRow, OrgRow, ResidenceRow
from tests.fixtures.rosters import branch_row, ledger_row, write_branch_roster, write_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLERK = operator()
SEED, MEMBERS = 20260501, 300
ORGS = "组织名称,组织类别,上级组织\n东风村党总支,党总支,\n东风村第一党支部,党支部,东风村党总支\n"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a made-up street that nobody tuned to."""
    folder = tmp_path_factory.mktemp("office")
    with closing(Store.open("sqlite://")) as store:
        sample_street(CLERK, store, SampleRequest(SEED, MEMBERS, folder))
    return folder


@pytest.fixture(scope="module")
def imported(office: Path) -> Iterator[tuple[Store, FolderReport]]:
    with closing(Store.open("sqlite://")) as store:
        yield store, apply_folder(CLERK, store, FolderRequest(office))


@pytest.fixture(scope="module")
def truth(office: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((office / "truth.json").read_text(encoding="utf-8"))
    return found


def test_every_file_is_read_in_order_and_truth_is_not(imported: tuple[Store, FolderReport]):
    kinds = [outcome.kind for outcome in imported[1].files]
    assert list(dict.fromkeys(kinds)) == [
        *("divisions", "orgs", "estates", "grids", "buildings", "roads", "venues", "roster", "hosts", None),
    ]
    assert [outcome.file for outcome in imported[1].files if outcome.kind is None] == ["truth.json"]
    assert imported[1].is_complete


def test_every_planted_fault_is_reported_with_its_row_and_no_other_row_is(
    imported: tuple[Store, FolderReport], truth: dict[str, Any]
):
    planted = {(f["file"], f["sheet"], f["row"]) for f in truth["faults"]}
    told = {(o.file, fault.sheet, fault.row) for o in imported[1].files for fault in o.faults}
    assert told == planted
    assert not [case for outcome in imported[1].files for case in outcome.merges]


def test_every_other_row_is_a_member(imported: tuple[Store, FolderReport], truth: dict[str, Any]):
    wanted = {row["member_key"] for row in truth["rows"] if row["expected"] == "ok"}
    with imported[0].reading(CLERK.scope) as reader:
        assert len(reader.members()) == len(wanted) == MEMBERS


def test_nobody_is_put_into_a_wrong_building(imported: tuple[Store, FolderReport], truth: dict[str, Any]):
    expected: dict[str, dict[str, Any]] = {}
    for row in truth["rows"]:
        if row["expected"] == "ok":
            expected[row["member_key"]] = row  # the ledger comes last and knows best
    homes: Counter[tuple[Any, ...]] = Counter()
    for row in expected.values():
        home = row["building"] or {"estate": "", "building_no": ""}
        homes[row["name"], row["branch"], home["estate"], home["building_no"]] += 1
    query = (
        select(MemberRow.name, OrgRow.name, EstateRow.name, BuildingRow.building_no)
        .join(OrgRow, OrgRow.id == MemberRow.branch_id)
        .join(ResidenceRow, ResidenceRow.member_id == MemberRow.id)
        .join(BuildingRow, BuildingRow.id == ResidenceRow.building_id)
        .join(EstateRow, EstateRow.id == BuildingRow.estate_id)
        .where(ResidenceRow.valid_to.is_(None))
    )
    with Session(imported[0].engine) as session:
        found: Counter[tuple[Any, ...]] = Counter(tuple(row) for row in session.execute(query))
    assert found - homes == Counter()
    to_find = sum(1 for row in expected.values() if row["expected_location"] == "exact")
    assert found.total() >= 0.95 * to_find


def test_the_folder_again_changes_nothing(imported: tuple[Store, FolderReport], office: Path):
    again = apply_folder(CLERK, imported[0], FolderRequest(office))
    assert sum(o.new + o.changed + o.missing for o in again.files) == 0
    assert again.located == imported[1].located


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "党组织.csv").write_text(ORGS, encoding="utf-8")
    (folder / "小区.csv").write_text("小区名称\n紫云苑\n", encoding="utf-8")
    (folder / "楼栋.csv").write_text("小区,幢号,单元数,经度,纬度\n紫云苑,3,4,120.03,31.8\n", encoding="utf-8")
    write_branch_roster(folder / "花名册.xlsx", [branch_row(), branch_row(姓名="禾二", 出生年月="约1970")])
    write_ledger(folder / "台账.xlsx", [ledger_row(幢="3")])
    return folder


def test_coordinates_without_a_system_are_refused_and_the_rest_is_imported(sqlite_store: Store, small: Path):
    report = apply_folder(CLERK, sqlite_store, FolderRequest(small))
    errors = {outcome.file: outcome.error for outcome in report.files if outcome.error}
    assert set(errors) == {"楼栋.csv"}
    assert "坐标系" in errors["楼栋.csv"]
    assert [o.new for o in report.files if o.kind == "roster"] == [1, 0]


def test_a_dry_run_of_a_first_folder_is_what_applying_it_would_do(sqlite_store: Store, small: Path):
    asked = FolderRequest(small, "EPSG:4490")
    dry = dry_run_folder(CLERK, sqlite_store, asked)
    with sqlite_store.reading(CLERK.scope) as reader:
        assert (reader.orgs(), reader.members()) == ((), ())
    real = apply_folder(CLERK, sqlite_store, asked)
    assert [(o.file, o.rows, o.new, o.faults) for o in dry.files] == [
        (o.file, o.rows, o.new, o.faults) for o in real.files
    ]
    assert not any(outcome.applied for outcome in dry.files)
    assert dry.located == real.located


def test_the_command_line_says_it_in_json(tmp_path: Path, small: Path):
    url = f"sqlite:///{tmp_path / 'jiujin.db'}"
    run = CliRunner().invoke
    asked = ["import", "folder", str(small), "--crs", "EPSG:4490", "--db", url, "--json", "--apply"]
    result = run(app, asked)
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert [(f["file"], f["new"], f["applied"]) for f in document["files"]] == [
        ("党组织.csv", 2, True),
        ("小区.csv", 1, True),
        ("楼栋.csv", 1, True),
        ("花名册.xlsx", 1, True),
        ("台账.xlsx", 0, True),
    ]
    (fault,) = (fault for f in document["files"] for fault in f["faults"])
    assert (fault["sheet"], fault["row"], fault["field"]) == ("花名册", 5, "出生年月")
    assert document["located"] == {"exact": 1, "estate": 0, "queue": 0, "outside": 0}
    marked = tmp_path / "marked.xlsx"
    asked = ["import", "roster", str(small / "花名册.xlsx"), "--db", url, "--json", "--faults", str(marked)]
    document = json.loads(run(app, asked).stdout)
    assert (document["new"], document["changed"], document["applied"], marked.exists()) == (0, 0, False, True)
    text = run(app, asked[:-3]).stdout
    assert "第 5 行 出生年月" in text


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("a.csv", b"PK\x03\x04zip"), ("a.xlsx", b"no workbook"), ("a.csv", "序号,性别,手机\n".encode())],
)
def test_bad_files_end_in_a_sentence_and_exit_1(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    url = f"sqlite:///{tmp_path / 'jiujin.db'}"
    result = CliRunner().invoke(app, ["import", "roster", str(tmp_path / name), "--db", url, "--json", "--apply"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]
    with closing(Store.open(url)) as store:
        report = dry_run_folder(CLERK, store, FolderRequest(tmp_path))
    assert asdict(report.located) == {"exact": 0, "estate": 0, "queue": 0, "outside": 0}


def test_a_file_that_cannot_be_read_is_refused_by_name_and_the_others_go_on(store: Store, tmp_path: Path):
    (tmp_path / "空.csv").write_bytes(b"")
    (tmp_path / "花名册.csv").write_text("序号,性别,出生年月,联系电话\n1,男,1956.03,10012345678\n", "utf-8")
    report = apply_folder(operator(), store, FolderRequest(tmp_path))
    assert not report.is_complete
    errors = {outcome.file: (outcome.kind, outcome.error) for outcome in report.files}
    assert errors["空.csv"][0] is None
    assert "空文件" in errors["空.csv"][1]
    assert errors["花名册.csv"][0] == "roster"
    assert "姓名" in errors["花名册.csv"][1]
