"""The made-up street in a database, and its files through the importer into another one."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely
import typer
from typer.testing import CliRunner

from gis.cli.sample_cmd import register
from gis.errors import DeniedError, InputError
from gis.model.access import Action, Actor, Role, operator, scope_for
from gis.model.enums import OrgKind, Precision
from gis.model.layers import LayerKind
from gis.model.organisation import PartyOrg
from gis.model.territory import Building, Road
from gis.services.import_folder import FolderRequest, apply_folder
from gis.services.sample.area import sample_on_area
from gis.services.sample.street import SampleRequest, sample_street
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.model.people import Member
    from gis.store.database import Store

MEMBERS, MOVING = 160, 13


def members_of(store: Store) -> tuple[Member, ...]:
    with store.reading(operator().scope) as reader:
        return reader.members()


def test_a_street_is_ready_to_use(store: Store):
    result = sample_street(operator(), store, SampleRequest(seed=5, members=MEMBERS))
    with store.reading(operator().scope) as reader:
        members, hosts, venues = reader.members(), reader.hosts(), reader.venues()
        buildings = {building.id: building for building in reader.buildings()}
        branches = {org.id for org in reader.orgs() if org.is_branch}
    assert (result.members, result.transition, result.orgs) == (MEMBERS, MOVING, 13)
    assert (len(members), sum(m.is_in_transition for m in members)) == (MEMBERS, MOVING)
    assert {member.branch_id for member in members} == branches
    assert len(hosts) == result.hosts
    assert all(host.member_id and host.building_id and host.shape for host in hosts)
    assert all(venue.building_id and venue.org_id for venue in venues)
    for member in members:
        home = member.residence
        assert home is not None
        if home.precision is Precision.BUILDING:
            building = buildings[home.building_id]
            assert (home.estate_id, home.grid_id) == (building.estate_id, building.grid_id)
            assert shapely.covers(shapely.from_wkb(building.shape), shapely.from_wkb(home.shape))


def test_the_same_seed_fills_the_same_database(sqlite_store: Store, tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'other.db'}")) as other:
        for store in (sqlite_store, other):
            sample_street(operator(), store, SampleRequest(seed=5, members=60))
        assert members_of(sqlite_store) == members_of(other)


def test_a_database_in_use_is_refused_and_stays(sqlite_store: Store):
    sample_street(operator(), sqlite_store, SampleRequest(seed=5, members=60))
    before = sqlite_store.data_version()
    for make in (sample_street, sample_on_area):
        with pytest.raises(InputError, match="已有"):
            make(operator(), sqlite_store, SampleRequest(seed=6, members=60))
    assert sqlite_store.data_version() == before


@pytest.mark.parametrize("members", [-1, 0, 49, 20_001])
def test_an_impossible_number_is_refused(sqlite_store: Store, members: int):
    with pytest.raises(InputError, match="请填 50 到 20000"):
        sample_street(operator(), sqlite_store, SampleRequest(seed=5, members=members))


def test_who_may_not_import_may_not_sample(sqlite_store: Store):
    viewer = Actor("大屏", Role.VIEWER_BIG_SCREEN, scope_for(Role.VIEWER_BIG_SCREEN, frozenset()))
    for make in (sample_street, sample_on_area):
        with pytest.raises(DeniedError):
            make(viewer, sqlite_store, SampleRequest())


def test_a_folder_that_cannot_be_written_leaves_the_database_empty(sqlite_store: Store, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="写不进"):
        sample_street(operator(), sqlite_store, SampleRequest(5, 60, tmp_path / "file" / "out"))
    assert members_of(sqlite_store) == ()


def bare_area(store: Store) -> None:
    """Two streets and thirty buildings that say nothing about themselves."""
    corner = (116.31, 39.99)
    boxes = [
        shapely.box(
            corner[0] + 0.0006 * i,
            corner[1] + 0.0006 * j,
            corner[0] + 0.0006 * i + 0.0003,
            corner[1] + 0.0006 * j + 0.0002,
        )
        for i in range(6)
        for j in range(5)
    ]
    lines = [
        shapely.LineString(
            [(corner[0], corner[1] + 0.0006 * j - 0.0001), (corner[0] + 0.004, corner[1] + 0.0006 * j - 0.0001)]
        )
        for j in range(5)
    ]
    lines.append(
        shapely.LineString([(corner[0] + 0.0005, corner[1] - 0.0003), (corner[0] + 0.0005, corner[1] + 0.003)])
    )
    with store.writing(operator(), Action.IMPORT_DATA) as writer:
        writer.save_buildings([Building(None, "", "", shapely.to_wkb(box)) for box in boxes])
        writer.save_roads([Road(None, "", "residential", shapely.to_wkb(line)) for line in lines])


def test_members_on_a_bare_area_live_in_its_buildings(store: Store):
    bare_area(store)
    result = sample_on_area(operator(), store, SampleRequest(seed=2, members=120))
    with store.reading(operator().scope) as reader:
        members, hosts, venues = reader.members(), reader.hosts(), reader.venues()
        buildings = {building.id for building in reader.buildings()}
    assert (result.members, len(members), result.orgs) == (120, 120, 3)
    assert result.transition == sum(member.is_in_transition for member in members) == 10
    located = [m.residence for m in members if m.residence and m.residence.precision is Precision.BUILDING]
    assert len(located) >= 0.85 * 120
    assert {home.building_id for home in located} <= buildings
    assert len(hosts) == result.hosts > 0
    assert venues


def test_branches_that_are_there_are_used(sqlite_store: Store):
    bare_area(sqlite_store)
    with sqlite_store.writing(operator(), Action.IMPORT_DATA) as writer:
        (parent,) = writer.save_orgs([PartyOrg(None, "桑枝街道党工委", OrgKind.WORKING_COMMITTEE)])
        branches = writer.save_orgs([PartyOrg(None, f"桑枝{n}支部", OrgKind.BRANCH, parent) for n in "一二"])
    result = sample_on_area(operator(), sqlite_store, SampleRequest(seed=2, members=60))
    assert result.branches == 2
    assert {member.branch_id for member in members_of(sqlite_store)} == set(branches)


def test_an_area_without_buildings_is_refused(sqlite_store: Store):
    with pytest.raises(InputError, match="没有在用的楼栋"):
        sample_on_area(operator(), sqlite_store, SampleRequest())


@pytest.fixture(scope="module", params=[11, 12])
def imported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Any, Any]]:
    """Give a database that knows the files alone, what the import said, and the truth."""
    folder = tmp_path_factory.mktemp("handed_in")
    with closing(open_store("sqlite://")) as source:
        sample_street(operator(), source, SampleRequest(request.param, MEMBERS, folder / "out"))
    with closing(open_store(f"sqlite:///{folder / 'b.db'}")) as target:
        report = apply_folder(operator(), target, FolderRequest(folder / "out"))
        yield target, report, json.loads((folder / "out" / "truth.json").read_text(encoding="utf-8"))


def test_every_planted_fault_is_reported_and_no_other_row(imported: tuple[Store, Any, Any]):
    _, report, truth = imported
    said = {(fault.file, fault.sheet, fault.row, fault.field) for file in report.files for fault in file.faults}
    planted = {(fault["file"], fault["sheet"], fault["row"], fault["field"]) for fault in truth["faults"]}
    assert said == planted
    assert report.is_complete
    assert [file.merges for file in report.files if file.merges] == []


def test_nobody_is_in_a_wrong_building_and_nearly_all_are_located(imported: tuple[Store, Any, Any]):
    store, _, truth = imported
    members = members_of(store)
    with store.reading(operator().scope) as reader:
        buildings = {b.id: {"estate": b.estate, "building_no": b.building_no} for b in reader.buildings()}
        branches = {org.id: org.name for org in reader.orgs()}
    lived = {
        (row["name"], row["branch"], json.dumps(row["building"])) for row in truth["rows"] if row["expected"] == "ok"
    }
    assert len(members) == MEMBERS
    assert sum(member.is_in_transition for member in members) == MOVING
    for member in members:
        home = member.residence
        assert home is not None
        building = buildings[home.building_id] if home.building_id else None
        assert (member.name, branches[member.branch_id], json.dumps(building)) in lived
    exact = sum(member.residence is not None and member.residence.building_id is not None for member in members)
    assert exact >= 0.95 * MEMBERS


def test_the_command_prints_what_it_made(sqlite_url: str, tmp_path: Path):
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    runner = CliRunner()
    out = tmp_path / "out"
    done = runner.invoke(app, ["sample", "--db", sqlite_url, "--members", "60", "--roster-dir", str(out), "--json"])
    document = json.loads(done.stdout)
    assert done.exit_code == 0
    assert list(document) == ["seed", "members", "transition", "orgs", "branches", "hosts", "files"]
    assert (document["seed"], document["members"]) == (7, 60)
    assert sorted(document["files"]) == sorted(path.name for path in out.iterdir())
    again = runner.invoke(app, ["sample", "--db", sqlite_url, "--json"])
    assert (again.exit_code, "已有" in json.loads(again.stdout)["error"]) == (1, True)


def test_the_templates_import_as_they_are(sqlite_store: Store):
    templates = Path(__file__).resolve().parents[2] / "data" / "templates"
    report = apply_folder(operator(), sqlite_store, FolderRequest(templates, crs="EPSG:4490"))
    assert [(file.file, file.error, file.faults) for file in report.files if file.error or file.faults] == []
    assert {file.kind for file in report.files} == {kind.value for kind in LayerKind}
