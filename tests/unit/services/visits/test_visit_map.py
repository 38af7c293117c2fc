"""Facts about the picture of a round: nothing typed becomes markup, every pin can be read, and it fits a phone."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest

from gis.services.visits.map import PHONE_BYTES, draw_map, team_map
from gis.services.visits.map_marks import said_numbers
from gis.services.visits.paths import team_ways
from gis.spatial.picture import overlaps
from tests.fixtures.visit_sheets import chessboard, door, doors, lonlat, person, team_of

SVG = "{http://www.w3.org/2000/svg}"


def read(svg):
    return ET.fromstring(svg)  # noqa: S314  # our own drawing


def pins(svg):
    """Boxes and texts of the pins: the last group of rectangles, and the group of texts behind it."""
    groups = read(svg).findall(f"{SVG}g")
    at = max(k for k, group in enumerate(groups) if group.find(f"{SVG}rect") is not None)
    boxes = []
    for rect in groups[at].findall(f"{SVG}rect"):
        x, y, width, height = (float(rect.get(name) or 0) for name in ("x", "y", "width", "height"))
        boxes.append((x, y, x + width, y + height))
    return boxes, [text.text for text in groups[at + 1].findall(f"{SVG}text")]


@pytest.mark.parametrize("max_bytes", [None, PHONE_BYTES])
def test_names_that_look_like_markup_are_only_text(max_bytes):
    evil = "<script>alert(1)</script>&\"'苑"
    team = team_of((replace(door(1, lonlat(250, 250), (person(1, evil),)), estate=evil),))
    svg = draw_map(chessboard(evil, evil), team, max_bytes=max_bytes)
    assert "<script" not in svg
    assert evil in [text.text for text in read(svg).iter(f"{SVG}text")]
    assert {node.tag.removeprefix(SVG) for node in read(svg).iter()} <= {
        "svg", "g", "path", "rect", "circle", "use", "text",
    }  # fmt: skip


def test_stops_in_one_house_share_a_pin_and_no_pin_covers_another():
    stops = tuple(door(k + 1, lonlat(250 if k < 3 else 250 + 4 * k, 250), (person(k, "禾"),)) for k in range(9))
    boxes, labels = pins(draw_map(chessboard(), team_of(stops)))
    assert labels == ["1–3", "4", "5", "6", "7", "8", "9"]
    assert not any(overlaps(one, other) for one, other in combinations(boxes, 2))


@pytest.mark.parametrize("count", [1, 8, 16, 40])
def test_it_fits_the_phone_with_every_stop_on_it(count):
    team = doors(count)
    svg = draw_map(chessboard(), team, max_bytes=PHONE_BYTES)
    assert len(svg.encode()) <= PHONE_BYTES
    shown = [int(number) for label in pins(svg)[1] for number in numbers(label)]
    assert sorted(shown) == list(range(1, count + 1))


def numbers(label):
    for part in label.split("、"):
        first, _, last = part.partition("–")
        yield from range(int(first), int(last or first) + 1)


def test_the_sources_of_the_roads_are_named_and_that_it_is_no_public_map():
    svg = draw_map(chessboard(source="© OpenStreetMap contributors, ODbL 1.0 (openstreetmap.org)"), doors(3))
    assert "内部工作用图，不得公开 · © OpenStreetMap contributors<" in svg


def test_without_any_place_there_is_no_picture(sqlite_store):
    from gis.model.access import operator  # noqa: PLC0415  # beside the store

    assert team_map(operator(), sqlite_store, team_of((door(1, None, (person(1, "禾"),)),))) == ""


def test_the_walk_runs_along_the_streets_and_back_to_the_start():
    team = doors(4)
    ways = team_ways(chessboard(), team)
    assert [way.to_position for way in ways] == [1, 2, None, 3, 4, None]
    assert not any(way.is_estimated for way in ways)
    for way in ways[1:2]:
        assert way.xy[0].tolist() == pytest.approx(way.xy[-1].tolist())  # two doors of one house
    for one, other in pairwise(ways[:3]):
        assert one.xy[-1].tolist() == pytest.approx(other.xy[0].tolist())


def test_off_the_streets_the_way_is_dashed_and_the_foot_says_so():
    far = door(2, lonlat(4000, 4000), (person(2, "禾"),))
    svg = draw_map(chessboard(), team_of((door(1, lonlat(250, 250), (person(1, "禾"),)), far)))
    assert "stroke-dasharray" in svg
    assert "虚线：直线估算" in svg


@pytest.mark.parametrize(
    ("given", "said"), [([1], "1"), ([2, 1], "1、2"), ([3, 4, 5], "3–5"), ([9, 3, 4, 5, 7], "3–5、7、9")]
)
def test_numbers_in_a_row_are_said_as_a_range(given, said):
    assert said_numbers(given) == said


def test_coordinates_are_written_short():
    assert not re.search(r"\d\.\d{3,}", draw_map(chessboard(), doors(8)))
