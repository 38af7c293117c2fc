"""Import of an OpenStreetMap extract: buildings, the walking network, named estates, candidate venues."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.model.access import Action
from gis.model.enums import VenueKind
from gis.model.layers import Draft, LayerKind
from gis.model.territory import Building, Estate, Road, Venue
from gis.services.import_layers import require_street
from gis.services.layer_plan import label_of, merge
from gis.services.layer_refs import Known, plain_name, shapes_of
from gis.services.layer_report import LayerCheck, LayerState, Planned, PreviewShape, check_document, items_shown
from gis.services.layer_save import put_buildings_in_grids, save_touched
from gis.spatial.crs import metric_epsg_of, to_metric
from gis.spatial.network import build_network
from gis.store.formats.files import MAX_IMPORT_MB, sha256_of
from gis.store.formats.osm import ATTRIBUTION, OsmArea, parse_bbox, read_osm
from gis.store.writers.imports import NewBatch

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from pathlib import Path

    from gis.errors import Fault
    from gis.model.access import Actor
    from gis.model.ids import EstateId
    from gis.store.database import Store
    from gis.store.formats.osm import Box, OsmThing
    from gis.store.reader import Reader
    from gis.store.writer import Writer

SOURCE = "osm"
SOURCE_CRS = "EPSG:4326"
_BUILDING_NUMBER = re.compile(r"[A-Za-z甲乙丙丁]?\d{1,4}[A-Za-z]?\s*(?:号楼|幢|栋|座|楼|#)$")
_EVERY_COLUMN = frozenset({"kind", "status", "level", "is_walkable"})


@dataclass(frozen=True, slots=True)
class OsmImportRequest:
    """An extract and, optionally, the part of it to take: `bbox` is `W,S,E,N` in degrees."""

    path: Path
    bbox: str = ""
    limit_mb: float = MAX_IMPORT_MB


@dataclass(frozen=True, slots=True)
class OsmImportReport:
    """What an extract holds and what was or would be done with it."""

    file: str
    box: Box
    buildings: int
    walk_km: float
    largest_component_share: float
    estates: int
    candidate_venues: int
    new: int
    changed: int
    missing: int
    applied: bool = False
    faults: tuple[Fault, ...] = ()
    checks: tuple[LayerCheck, ...] = ()
    preview: tuple[PreviewShape, ...] = field(default=(), repr=False)

    def document(self) -> dict[str, object]:
        """Return the report as it stands in JSON (docs/guide/import.md)."""
        return {
            "file": self.file,
            "bbox": list(self.box),
            "buildings": self.buildings,
            "walk_km": self.walk_km,
            "largest_component_share": self.largest_component_share,
            "estates": self.estates,
            "candidate_venues": self.candidate_venues,
            "new": self.new,
            "changed": self.changed,
            "missing": self.missing,
            "applied": self.applied,
            "attribution": ATTRIBUTION,
            "faults": [{"sheet": f.sheet, "row": f.row, "field": f.field, "message": f.message} for f in self.faults],
            "checks": [check_document(check) for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class _Plan:
    estates: tuple[Planned, ...]
    buildings: tuple[Planned, ...]
    roads: tuple[Planned, ...]
    venues: tuple[Planned, ...]
    missing: tuple[str, ...]

    @property
    def everything(self) -> tuple[Planned, ...]:
        return (*self.estates, *self.buildings, *self.roads, *self.venues)


def dry_run_osm(actor: Actor, store: Store, request: OsmImportRequest) -> OsmImportReport:
    """Read an extract and say what it holds and would change; nothing is saved.

    Raises
    ------
    InputError
        The file is no usable extract, or nothing of it lies in the box.
    """
    require_street(actor)
    area = _read(request)
    with store.reading(actor.scope) as reader:
        return _report(request, area, _plan(area, reader))


def apply_osm(actor: Actor, store: Store, request: OsmImportRequest) -> OsmImportReport:
    """Import an extract in one transaction; importing it again changes nothing.

    Raises
    ------
    InputError
        The file is no usable extract, or nothing of it lies in the box.
    """
    require_street(actor)
    area = _read(request)
    with store.writing(actor, Action.IMPORT_DATA) as writer:
        plan = _plan(area, writer)
        report = _report(request, area, plan)
        batch = NewBatch(
            file_name=request.path.name,
            sha256=sha256_of(request.path),
            kind=SOURCE,
            crs=SOURCE_CRS,
            counts={"new": report.new, "changed": report.changed, "missing": report.missing},
            attribution=ATTRIBUTION,
        )
        batch_id = writer.add_batch(batch)
        for kind, ids in _save(writer, plan).items():
            writer.remember_keys(batch_id, SOURCE, kind.value, ids)
        put_buildings_in_grids(writer)
        writer.say("导入开放街图", batch=batch_id, new=report.new, changed=report.changed)
    return replace(report, applied=True)


def _read(request: OsmImportRequest) -> OsmArea:
    return read_osm(request.path, parse_bbox(request.bbox) if request.bbox.strip() else None, request.limit_mb)


def _plan(area: OsmArea, reader: Reader) -> _Plan:
    known = Known(reader)
    estates = _matched(_estates(area, known), known.estates, lambda item: plain_name(item.name))
    buildings = _matched(_buildings(area, known, estates), known.buildings, lambda item: item.source_id)
    roads = _matched([_road(walk) for walk in area.walks], reader.roads(), lambda item: item.source_id)
    venues = _matched(_venues(area), reader.venues(), lambda item: (plain_name(item.name), item.kind))
    seen = {road.item.id for road in roads}, {building.item.id for building in buildings}
    missing = [
        *_missing(LayerKind.ROADS, reader.roads(), seen[0], area, reader),
        *_missing(LayerKind.BUILDINGS, known.buildings, seen[1], area, reader),
    ]
    return _Plan(estates, buildings, roads, venues, tuple(missing))


def _matched(items: Sequence[Any], existing: Sequence[Any], key: Callable[[Any], Hashable]) -> tuple[Planned, ...]:
    index = {key(old): old for old in reversed(existing)}
    planned = []
    for item in items:
        old = index.get(key(item))
        merged = item if old is None else merge(old, item, _EVERY_COLUMN)
        state = LayerState.NEW if old is None else LayerState.SAME if merged == old else LayerState.CHANGED
        planned.append(Planned(Draft(0, item), merged, state))
    return tuple(planned)


def _missing(kind: LayerKind, existing: Sequence[Any], matched: set[Any], area: OsmArea, reader: Reader) -> list[str]:
    """List what earlier extracts delivered inside this box and this one does not hold."""
    delivered = reader.import_keys(SOURCE, kind.value)
    gone = [old for old in existing if old.id in delivered and old.id not in matched]
    inside = shapely.covers(shapely.box(*area.box), shapely.point_on_surface(shapes_of(gone)))
    return [label_of(old) for old, hit in zip(gone, inside.tolist(), strict=True) if hit]


def _estates(area: OsmArea, known: Known) -> list[Estate]:
    """Join the parts of an estate that was drawn in several pieces under one name."""
    parts: dict[str, list[OsmThing]] = {}
    for thing in area.estates:
        parts.setdefault(plain_name(thing.name), []).append(thing)
    shapes = [shapely.union_all([thing.shape for thing in things]) for things in parts.values()]
    items = [
        Estate(None, things[0].name, (), "", _wkb(shape)) for things, shape in zip(parts.values(), shapes, strict=True)
    ]
    codes = known.community_of(shapes_of(items))
    return [replace(item, division_code=code) for item, code in zip(items, codes, strict=True)]


def _buildings(area: OsmArea, known: Known, estates: Sequence[Planned]) -> list[Building]:
    """Put each building into the estate whose outline holds it, whether known before or new in this extract."""
    outlined = [entry.item for entry in estates] + [e for e in known.estates if e.shape is not None]
    shapes = shapes_of(outlined)
    tree = shapely.STRtree(shapes)
    items = []
    for thing in area.buildings:
        holding = tree.query(thing.shape.representative_point(), predicate="intersects").tolist()
        estate = outlined[min(holding)] if holding else None
        items.append(
            Building(
                id=None,
                estate=estate.name if estate else "",
                building_no=_number_of(thing) if estate else thing.name or thing.number,
                shape=_wkb(thing.shape),
                estate_id=estate.id if estate else None,
                address=thing.address,
                floors=thing.levels,
                source_id=thing.osm_id,
                source_crs=SOURCE_CRS,
            )
        )
    return items


def _number_of(thing: OsmThing) -> str:
    """Return the number inside an estate: of the name (荷清苑3号楼), else the house number, else the whole name."""
    found = _BUILDING_NUMBER.search(thing.name)
    return found.group() if found else thing.number or thing.name


def _road(thing: OsmThing) -> Road:
    return Road(None, thing.name, thing.kind, _wkb(thing.shape), is_walkable=True, source_id=thing.osm_id)


def _venues(area: OsmArea) -> list[Venue]:
    """Take each name once: a centre drawn as a point and as an outline is one centre."""
    items: dict[str, Venue] = {}
    for thing in area.venues:
        venue = Venue(None, thing.name, VenueKind.CANDIDATE, 0, _wkb(thing.shape))
        items.setdefault(plain_name(thing.name), venue)
    return list(items.values())


def _wkb(shape: shapely.Geometry) -> bytes:
    return bytes(shapely.to_wkb(shapely.force_2d(shape)))


def _report(request: OsmImportRequest, area: OsmArea, plan: _Plan) -> OsmImportReport:
    walks = np.empty(len(area.walks), dtype=object)
    walks[:] = [thing.shape for thing in area.walks]
    network = build_network(to_metric(walks, metric_epsg_of(walks)), node_crossings=False)
    whole = float(network.edge_m.sum())
    share = float(network.component_m.max()) / whole if whole else 0.0
    checks = [LayerCheck("osm_left_out", note) for note in area.notes]
    if plan.missing:
        text = f"{len(plan.missing)} 个以前导入过、这次文件里没有的对象，保留不删"
        checks.append(LayerCheck("missing_rows", text, None, items_shown(plan.missing)))
    return OsmImportReport(
        file=request.path.name,
        box=area.box,
        buildings=len(area.buildings),
        walk_km=round(whole / 1000, 2),
        largest_component_share=round(share, 4),
        estates=len(plan.estates),
        candidate_venues=len(plan.venues),
        new=sum(1 for entry in plan.everything if entry.state is LayerState.NEW),
        changed=sum(1 for entry in plan.everything if entry.state is LayerState.CHANGED),
        missing=len(plan.missing),
        checks=tuple(checks),
        preview=tuple(
            PreviewShape(0, label_of(entry.item), entry.state, entry.item.shape) for entry in plan.everything
        ),
    )


def _save(writer: Writer, plan: _Plan) -> dict[LayerKind, list[int]]:
    estates = save_touched(plan.estates, writer.save_estates)
    names = {entry.item.name: number for entry, number in zip(plan.estates, estates, strict=True)}
    buildings = [_in_estate(entry, names) for entry in plan.buildings]
    return {
        LayerKind.ESTATES: estates,
        LayerKind.BUILDINGS: save_touched(buildings, writer.save_buildings),
        LayerKind.ROADS: save_touched(plan.roads, writer.save_roads),
        LayerKind.VENUES: save_touched(plan.venues, writer.save_venues),
    }


def _in_estate(entry: Planned, names: dict[str, int]) -> Planned:
    """Give a building the id of an estate that was saved a moment ago."""
    building = entry.item
    if building.estate_id is not None or building.estate not in names:
        return entry
    number: EstateId | Any = names[building.estate]
    return replace(entry, item=replace(building, estate_id=number))
