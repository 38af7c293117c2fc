"""OpenStreetMap extracts: a hand-made square that a reader can check, and the reference areas where present."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gis.errors import InputError
from gis.spatial.crs import metric_epsg_of, to_metric
from gis.spatial.network import build_network
from gis.store.formats.osm import OsmArea, is_walkable, parse_bbox, read_osm

AREAS = Path(__file__).parents[5] / "shared" / "data" / "areas"
NODES = {
    1: (119.950, 31.800), 2: (119.951, 31.800), 3: (119.951, 31.801), 4: (119.950, 31.801),
    5: (119.948, 31.7995), 6: (119.956, 31.7995), 7: (119.960, 31.7995), 8: (119.970, 31.7995),
}  # fmt: skip
WAYS = (
    ("11", (1, 2, 3, 4, 1), {"building": "apartments", "name": "3号楼", "building:levels": "6", "addr:street": "青禾路",
                             "addr:housenumber": "8号"}),
    ("12", (5, 6, 7), {"highway": "residential", "name": "青禾路"}),
    ("13", (7, 8), {"highway": "motorway"}),
    ("14", (6, 3), {"highway": "service", "access": "private"}),
    ("15", (1, 2, 3, 4, 1), {"landuse": "residential", "name": "青禾苑"}),
    ("16", (1, 99), {"highway": "footway"}),
)  # fmt: skip


def extract(
    path: Path, bounds: str = '<bounds minlat="31.79" minlon="119.94" maxlat="31.81" maxlon="119.958"/>'
) -> Path:
    nodes = "".join(f'<node id="{i}" lon="{lon}" lat="{lat}" version="1"/>' for i, (lon, lat) in NODES.items())
    nodes += '<node id="9" lon="119.9505" lat="31.8005" version="1"><tag k="name" v="青禾社区居委会"/></node>'
    ways = "".join(
        f'<way id="{i}" version="1">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        + "</way>"
        for i, refs, tags in WAYS
    )
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{bounds}{nodes}{ways}</osm>', "utf-8")
    return path


def test_an_extract_holds_buildings_walks_estates_and_candidate_venues(tmp_path: Path):
    area = read_osm(extract(tmp_path / "a.osm"))
    (building,) = area.buildings
    assert (building.osm_id, building.name, building.levels, building.address) == ("way/11", "3号楼", 6, "青禾路8号")
    assert [(walk.osm_id, walk.kind) for walk in area.walks] == [("way/12", "residential")]
    assert area.walks[0].shape.bounds[2] == pytest.approx(119.958), "cut at the stated bounds"
    assert [estate.name for estate in area.estates] == ["青禾苑"]
    assert [venue.name for venue in area.venues] == ["青禾社区居委会"]
    assert len(area.notes) == 1, "the footway with a missing node is told"


def test_a_box_of_ones_own_goes_before_the_stated_one(tmp_path: Path):
    path = extract(tmp_path / "a.osm")
    assert read_osm(path, parse_bbox("119.94,31.79,119.97,31.81")).walks[0].shape.bounds[2] == pytest.approx(119.96)
    with pytest.raises(InputError, match="没有楼栋和道路"):
        read_osm(path, parse_bbox("118,30,118.1,30.1"))


def test_without_stated_bounds_everything_is_taken(tmp_path: Path):
    assert read_osm(extract(tmp_path / "a.osm", "")).walks[0].shape.bounds[2] == pytest.approx(119.96)


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "119.97,31.79,119.94,31.81", "2.3,48.8,2.4,48.9"])
def test_a_box_that_is_none_is_refused(text: str):
    with pytest.raises(InputError, match="范围"):
        parse_bbox(text)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "primary"}, True),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk", "foot": "yes"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "permissive"}, True),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "platform"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "pedestrian", "area": "yes"}, False),
        ({"railway": "rail"}, False),
    ],
)
def test_where_a_person_may_walk(tags: dict[str, str], *, expected: bool):
    assert is_walkable(tags) is expected


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.osm", b'<?xml version="1.0"?><osm version="0.6"><node id="1"', "可能已损坏"),
        ("a.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>', "没有楼栋和道路"),
        ("a.osm", b"hello", "内容却是"),
        ("a.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + b"\x00" * 50, "可能已损坏"),
    ],
)
def test_broken_extracts_are_refused_with_a_sentence(tmp_path: Path, name: str, content: bytes, words: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_osm(tmp_path / name)


def reference(name: str) -> tuple[OsmArea, dict[str, float]]:
    folder = AREAS / name
    if not (folder / "map.osm").is_file():
        pytest.skip(f"the reference area {name} is not beside the repository")
    return read_osm(folder / "map.osm"), json.loads((folder / "stats.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["osm_beijing_qinghuayuan", "osm_nantong"])
def test_the_reference_areas_agree_with_their_published_figures(name: str):
    area, stats = reference(name)
    shapes = np.empty(len(area.walks), dtype=object)
    shapes[:] = [walk.shape for walk in area.walks]
    network = build_network(to_metric(shapes, metric_epsg_of(shapes)), node_crossings=False)
    assert len(area.buildings) == stats["buildings"]
    assert network.length_km == pytest.approx(stats["walk_km"], rel=0.005)
    share = network.component_m.max() / network.component_m.sum()
    assert share == pytest.approx(stats["largest_comp_share"], abs=0.001)
