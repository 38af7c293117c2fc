"""An OpenStreetMap extract from file to database, and again."""

from __future__ import annotations

import json
from pathlib import Path

import shapely
from typer.testing import CliRunner

from gis.cli.import_cmd import import_app
from gis.model.access import operator
from gis.model.enums import VenueKind
from gis.services.import_osm import OsmImportRequest, apply_osm
from gis.store.database import Store
from gis.store.formats.osm import ATTRIBUTION
from tests.unit.store.formats.test_osm import extract

CLERK = operator()


def test_an_extract_is_imported_once_and_names_its_source(store: Store, tmp_path: Path):
    request = OsmImportRequest(extract(tmp_path / "a.osm"))
    first, again = apply_osm(CLERK, store, request), apply_osm(CLERK, store, request)
    assert (first.buildings, first.estates, first.candidate_venues, first.new) == (1, 1, 1, 4)
    assert (again.new, again.changed, again.missing) == (0, 0, 0)
    with store.reading(CLERK.scope) as reader:
        (building,), (road,), (venue,) = reader.buildings(), reader.roads(), reader.venues()
        assert reader.attributions() == (ATTRIBUTION,)
    assert (building.estate, building.building_no, building.floors) == ("青禾苑", "3号楼", 6)
    assert (road.name, road.is_walkable, road.source_id) == ("青禾路", True, "way/12")
    assert (venue.name, venue.kind) == ("青禾社区居委会", VenueKind.CANDIDATE)
    assert building.shape is not None
    assert shapely.from_wkb(building.shape).geom_type == "Polygon"


def test_what_a_later_extract_lacks_is_reported_and_kept(sqlite_store: Store, tmp_path: Path):
    path = extract(tmp_path / "a.osm")
    apply_osm(CLERK, sqlite_store, OsmImportRequest(path))
    path.write_text(path.read_text("utf-8").replace('k="building"', 'k="was:building"'), "utf-8")
    report = apply_osm(CLERK, sqlite_store, OsmImportRequest(path))
    assert (report.buildings, report.missing) == (0, 1)
    with sqlite_store.reading(CLERK.scope) as reader:
        assert len(reader.buildings()) == 1


def test_the_command_gives_the_documented_json(sqlite_url: str, tmp_path: Path):
    path = extract(tmp_path / "a.osm")
    found = CliRunner().invoke(import_app, ["osm", str(path), "--json", "--db", sqlite_url])
    document = json.loads(found.stdout)
    assert found.exit_code == 0
    assert {key: document[key] for key in ("buildings", "largest_component_share", "estates", "faults", "applied")} == {
        "buildings": 1, "largest_component_share": 1.0, "estates": 1, "faults": [], "applied": False,
    }  # fmt: skip
    refused = CliRunner().invoke(import_app, ["osm", str(path), "--bbox", "2,48,3,49", "--json", "--db", sqlite_url])
    assert (refused.exit_code, "范围" in json.loads(refused.stdout)["error"]) == (1, True)
