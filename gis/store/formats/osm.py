"""OpenStreetMap extracts (XML or PBF): buildings, walkable ways, named estates and places that may serve as venues.

OSM has no building numbers of Chinese estates to speak of and levels on few buildings (design.md): what is there is
taken, what is not stays unknown. The data is ODbL: the attribution is stored with the batch and shown on the map.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import shapely

from gis.errors import InputError
from gis.spatial.crs import CHINA_LAT, CHINA_LON
from gis.store.formats.files import KIND_LABELS, MAX_IMPORT_MB, FileKind, check_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0 (openstreetmap.org/copyright)"
MAX_LEVELS = 200

#: Roads along which nobody may walk unless the map says so. `platform` is where one waits, not where one walks.
_NO_FOOT = {"motorway", "motorway_link", "trunk", "trunk_link"}
_NOT_ROADS = {
    "platform",
    "construction",
    "proposed",
    "abandoned",
    "razed",
    "raceway",
    "bus_guideway",
    "busway",
    "escape",
    "rest_area",
    "services",
    "elevator",
    "corridor",
    "bus_stop",
    "no",
    "via_ferrata",
    "emergency_bay",
    "traffic_island",
}
_YES = {"yes", "designated", "permissive", "destination", "customers"}
_CLOSED = {"no", "private", "use_sidepath"}
_NOT_BUILDINGS = {"no", "construction", "demolished", "ruins", "proposed"}
_ESTATE_PLACES = {"neighbourhood", "quarter"}
_VENUE_AMENITIES = {"community_centre", "social_facility", "townhall", "library", "social_centre"}
_VENUE_OFFICES = {"government", "political_party"}
_VENUE_NAMES = re.compile(r"居委会|居民委员会|村委会|社区服务|社区中心|党群|党员|活动中心|活动室|文化站|文化中心")
_NAMES = ("name:zh", "name:zh-Hans", "name")
_LEVELS = re.compile(r"^\d{1,3}(?:\.0)?$")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class OsmThing:
    """One object: `osm_id` like `way/123`, the tags of interest and a geometry in longitude, latitude."""

    osm_id: str
    name: str
    kind: str
    shape: Any
    number: str = ""
    address: str = ""
    levels: int | None = None


@dataclass(frozen=True, slots=True)
class OsmArea:
    """What an extract holds inside `box` (west, south, east, north); `notes` say what was left out and why."""

    box: Box
    buildings: tuple[OsmThing, ...]
    walks: tuple[OsmThing, ...]
    estates: tuple[OsmThing, ...]
    venues: tuple[OsmThing, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    buildings: list[OsmThing] = field(default_factory=list)
    walks: list[OsmThing] = field(default_factory=list)
    estates: list[OsmThing] = field(default_factory=list)
    venues: list[OsmThing] = field(default_factory=list)
    broken: int = 0


def parse_bbox(text: str) -> Box:
    """Read `W,S,E,N` in degrees; raises InputError when it is no box in China."""
    parts = [part.strip() for part in text.replace("，", ",").split(",")]
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError as error:
        msg = f"范围“{text}”无法识别：请按 西,南,东,北 填四个经纬度，例如 116.30,39.99,116.33,40.01"
        raise InputError(msg) from error
    inside = CHINA_LON[0] <= west < east <= CHINA_LON[1] and CHINA_LAT[0] <= south < north <= CHINA_LAT[1]
    if not inside:
        msg = f"范围“{text}”不可用：应为中国范围内的 西,南,东,北，且西小于东、南小于北"
        raise InputError(msg)
    return west, south, east, north


def read_osm(path: Path, box: Box | None = None, limit_mb: float = MAX_IMPORT_MB) -> OsmArea:
    """Read an extract inside `box`, by default inside the bounds that the file's header states.

    Lines are cut at the box; a building counts, whole, when its representative point lies inside,
    an estate when any of it does.

    Raises
    ------
    InputError
        The file is missing, too large, damaged or no OSM file, or holds nothing inside the box.
    """
    kind = check_file(path, limit_mb)
    if kind not in (FileKind.OSM_XML, FileKind.OSM_PBF):
        msg = f"{path.name} 是 {KIND_LABELS[kind]}，不是 OSM 文件：请提供 .osm 或 .osm.pbf"
        raise InputError(msg)
    try:
        stated = _stated_box(path)
        found = _collect(path)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        msg = f"{path.name} 无法作为 OSM 文件读完，可能已损坏或没有下载完整：请重新下载"
        raise InputError(msg) from error
    wanted = box or stated or _extent(found)
    if wanted is None:
        msg = f"{path.name} 里没有楼栋和道路：请检查下载的范围"
        raise InputError(msg)
    return _inside(path, found, wanted)


def _stated_box(path: Path) -> Box | None:
    reader = osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING)
    try:
        box = reader.header().box()
    finally:
        reader.close()
    if not box.valid():
        return None
    return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat


def _collect(path: Path) -> _Found:
    found = _Found()
    wkb = osmium.geom.WKBFactory()
    tags = osmium.filter.KeyFilter("building", "highway", "landuse", "place", "amenity", "office", "name")
    for thing in osmium.FileProcessor(str(path)).with_areas(tags).with_filter(tags):
        if isinstance(thing, osmium.osm.Area):
            _take_area(thing, found, wkb)
        elif isinstance(thing, osmium.osm.Way):
            _take_way(thing, found, wkb)
        elif isinstance(thing, osmium.osm.Node) and _is_venue(thing.tags):
            point = shapely.Point(thing.location.lon, thing.location.lat)
            found.venues.append(_thing(f"node/{thing.id}", thing.tags, _venue_kind(thing.tags), point))
    return found


def _take_area(area: Any, found: _Found, wkb: Any) -> None:
    tags = area.tags
    is_building = tags.get("building", "no") not in _NOT_BUILDINGS
    is_estate = _is_estate(tags)
    is_venue = _is_venue(tags)
    if not (is_building or is_estate or is_venue):
        return
    shape = _shape(wkb.create_multipolygon, area)
    if shape is None:
        found.broken += 1
        return
    plain = shape.geoms[0] if len(shape.geoms) == 1 else shape
    osm_id = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
    if is_building:
        found.buildings.append(_thing(osm_id, tags, tags.get("building"), plain))
    if is_estate:
        found.estates.append(_thing(osm_id, tags, tags.get("landuse") or tags.get("place"), plain))
    if is_venue:
        found.venues.append(_thing(osm_id, tags, _venue_kind(tags), plain.representative_point()))


def _take_way(way: Any, found: _Found, wkb: Any) -> None:
    if not is_walkable(way.tags):
        return
    line = _shape(wkb.create_linestring, way)
    if line is None:
        found.broken += 1
        return
    found.walks.append(_thing(f"way/{way.id}", way.tags, way.tags.get("highway"), line))


def _shape(create: Callable[[Any], Any], thing: Any) -> Any:
    """Make a geometry, or None where nodes are missing at the edge of an extract or rings do not close."""
    try:
        shape = shapely.from_wkb(bytes.fromhex(create(thing)))
    except (RuntimeError, osmium.InvalidLocationError):
        return None
    return None if shape.is_empty or not shape.is_valid else shape


def is_walkable(tags: Any) -> bool:
    """Say whether a person may walk along a way, by its OSM tags (wiki: Key:highway, Key:foot, Key:access)."""
    highway, foot, access = tags.get("highway"), tags.get("foot"), tags.get("access")
    if not highway or highway in _NOT_ROADS or tags.get("area") == "yes":
        return False
    if foot in _CLOSED:
        return False
    if foot in _YES:
        return True
    return highway not in _NO_FOOT and access not in _CLOSED


def _is_estate(tags: Any) -> bool:
    return bool(_name(tags)) and (tags.get("landuse") == "residential" or tags.get("place") in _ESTATE_PLACES)


def _is_venue(tags: Any) -> bool:
    name = _name(tags)
    listed = tags.get("amenity") in _VENUE_AMENITIES or tags.get("office") in _VENUE_OFFICES
    return bool(name) and not tags.get("highway") and (listed or bool(_VENUE_NAMES.search(name)))


def _venue_kind(tags: Any) -> str:
    return str(tags.get("amenity") or tags.get("office") or "")


def _name(tags: Any) -> str:
    return next((str(tags.get(key)) for key in _NAMES if tags.get(key)), "")


def _thing(osm_id: str, tags: Any, kind: Any, shape: Any) -> OsmThing:
    levels = tags.get("building:levels") or ""
    count = int(float(levels)) if _LEVELS.match(levels) else 0
    street, number = tags.get("addr:street") or "", tags.get("addr:housenumber") or ""
    return OsmThing(
        osm_id=osm_id,
        name=_name(tags),
        kind=str(kind or ""),
        shape=shape,
        number=number,
        address=f"{street}{number}" if street and number else "",
        levels=count if 0 < count <= MAX_LEVELS else None,
    )


def _extent(found: _Found) -> Box | None:
    shapes = [thing.shape for thing in (*found.buildings, *found.walks)]
    if not shapes:
        return None
    west, south, east, north = (float(value) for value in shapely.total_bounds(np.array(shapes, dtype=object)))
    return west, south, east, north


def _inside(path: Path, found: _Found, box: Box) -> OsmArea:
    west, south, east, north = box
    if not (CHINA_LON[0] <= west <= east <= CHINA_LON[1] and CHINA_LAT[0] <= south <= north <= CHINA_LAT[1]):
        msg = f"{path.name} 的范围（{west:.4f}, {south:.4f}, {east:.4f}, {north:.4f}）不在中国范围内：请检查下载的区域"
        raise InputError(msg)
    frame = shapely.box(*box)
    area = OsmArea(
        box=box,
        buildings=_standing_in(found.buildings, frame),
        walks=_cut(found.walks, frame),
        estates=_reaching(found.estates, frame),
        venues=_standing_in(found.venues, frame),
        notes=(f"{found.broken} 个对象在文件边缘缺点或边界不闭合，未导入",) if found.broken else (),
    )
    if not area.buildings and not area.walks:
        msg = f"{path.name} 在所给范围内没有楼栋和道路：请核对 --bbox（西,南,东,北）"
        raise InputError(msg)
    return area


def _standing_in(things: Sequence[OsmThing], frame: Any) -> tuple[OsmThing, ...]:
    hits = shapely.covers(frame, shapely.point_on_surface(_shapes(things)))
    return tuple(thing for thing, hit in zip(things, hits, strict=True) if hit)


def _reaching(things: Sequence[OsmThing], frame: Any) -> tuple[OsmThing, ...]:
    hits = shapely.intersects(frame, _shapes(things))
    return tuple(thing for thing, hit in zip(things, hits, strict=True) if hit)


def _cut(things: Sequence[OsmThing], frame: Any) -> tuple[OsmThing, ...]:
    """Cut lines at the frame; lines wholly inside keep their very vertices, on which the network is joined."""
    shapes = _shapes(things)
    whole = shapely.covers(frame, shapes)
    kept = []
    for thing, shape, is_whole in zip(things, shapes, whole, strict=True):
        part = shape if is_whole else shapely.intersection(shape, frame)
        if shapely.length(part) > 0:
            kept.append(thing if is_whole else _with_shape(thing, part))
    return tuple(kept)


def _with_shape(thing: OsmThing, shape: Any) -> OsmThing:
    return OsmThing(thing.osm_id, thing.name, thing.kind, shape, thing.number, thing.address, thing.levels)


def _shapes(things: Sequence[OsmThing]) -> NDArray[np.object_]:
    shapes = np.empty(len(things), dtype=object)
    shapes[:] = [thing.shape for thing in things]
    return shapes
