"""Kinds of file that can be imported from the screen, and how each is run through its service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.layers import LayerKind
from gis.services.import_layers import apply_layers, dry_run_layers
from gis.services.import_osm import OsmImportRequest, apply_osm, dry_run_osm
from gis.services.import_roster import RosterRequest, apply_roster, dry_run_roster
from gis.services.layer_report import LayerImportRequest

if TYPE_CHECKING:
    from pathlib import Path

    from gis.errors import Fault
    from gis.model.access import Actor
    from gis.model.imports import Decision
    from gis.services.import_osm import OsmImportReport
    from gis.services.import_roster import MergeCase, RosterReport
    from gis.services.layer_report import LayerImportReport
    from gis.store.database import Store

ROSTER, OSM = "roster", "osm"
#: Kinds offered to whoever manages the whole street, in the order in which an office would import them
LAYER_KINDS = {kind.value: kind for kind in LayerKind}
KINDS: dict[str, str] = {
    ROSTER: "党员花名册",
    **{code: kind.label for code, kind in LAYER_KINDS.items()},
    OSM: "开放街图（OSM）",
}
FILE_TYPES: dict[str, list[str]] = {ROSTER: ["xlsx", "xls", "csv"], OSM: ["osm", "pbf", "xml"]}
LAYER_TYPES = ["geojson", "json", "gpkg", "zip", "csv", "xlsx", "xls"]
#: Coordinate systems offered; any other EPSG code can be typed
CRS = {
    "": "请选择（向数据提供单位问清）",
    "EPSG:4490": "国家2000 经纬度（EPSG:4490）",
    "EPSG:4326": "WGS84 经纬度（EPSG:4326）",
    "EPSG:4549": "国家2000 三度带 120°（EPSG:4549）",
    "gcj02": "高德、腾讯坐标（GCJ-02）",
    "bd09": "百度坐标（BD-09）",
    "other": "其他 EPSG 编号…",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says."""

    kind: str
    path: Path
    crs: str = ""
    part: str = ""
    bbox: str = ""
    decisions: tuple[Decision, ...] = ()

    @property
    def faults_path(self) -> Path:
        """Where the marked copy of the file goes."""
        return self.path.with_name(f"问题-{self.path.stem}.xlsx")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What any import gives, as the screen shows it."""

    asked: Asked
    counts: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]
    checks: tuple[str, ...]
    merges: tuple[MergeCase, ...] = ()
    preview: tuple[bytes, ...] = ()
    refusal: str = ""
    left_out: int = 0  # rows that are not imported while the others are
    is_applied: bool = False

    @property
    def is_people(self) -> bool:
        """Whether the file lists members."""
        return self.asked.kind == ROSTER


def run_import(actor: Actor, store: Store, asked: Asked, *, is_applied: bool) -> Outcome:
    """Run a dry run, or the import itself."""
    if asked.kind == ROSTER:
        request = RosterRequest(asked.path, asked.part, asked.faults_path, decisions=asked.decisions)
        return _roster(asked, (apply_roster if is_applied else dry_run_roster)(actor, store, request))
    if asked.kind == OSM:
        extract = OsmImportRequest(asked.path, asked.bbox)
        return _osm(asked, (apply_osm if is_applied else dry_run_osm)(actor, store, extract))
    layer = LayerImportRequest(asked.path, LAYER_KINDS[asked.kind], asked.crs, asked.part, faults_to=asked.faults_path)
    return _layer(asked, (apply_layers if is_applied else dry_run_layers)(actor, store, layer))


def _roster(asked: Asked, report: RosterReport) -> Outcome:
    located = report.located
    placed = (
        f"住址定位：到楼栋 {located.exact} 名，到小区 {located.estate} 名，"
        f"待定位 {located.queue} 名，辖区外 {located.outside} 名"
    )
    return Outcome(
        asked=asked,
        counts=_counts(report.rows, report.new, report.changed, report.unchanged, report.missing),
        faults=report.faults,
        checks=(*report.notes, placed),
        merges=report.merges,
        preview=report.preview,
        left_out=max(0, report.rows - report.new - report.changed - report.unchanged),
        is_applied=report.applied,
    )


def _layer(asked: Asked, report: LayerImportReport) -> Outcome:
    return Outcome(
        asked=asked,
        counts=_counts(report.rows, report.new, report.changed, report.same, report.missing),
        faults=report.faults,
        checks=tuple(_said(check.message, check.items) for check in report.checks),
        preview=tuple(one.shape for one in report.preview),
        refusal=report.refusal,
        is_applied=report.applied,
    )


def _osm(asked: Asked, report: OsmImportReport) -> Outcome:
    counts = (
        ("楼栋", str(report.buildings)),
        ("步行道路", f"{report.walk_km:g} 千米"),
        ("最大连通部分", f"{report.largest_component_share:.1%}"),
        ("小区", str(report.estates)),
        ("候选场所", str(report.candidate_venues)),
        ("新增", str(report.new)),
        ("变化", str(report.changed)),
        ("缺少", str(report.missing)),
    )
    checks = tuple(_said(check.message, check.items) for check in report.checks)
    preview = tuple(one.shape for one in report.preview)
    return Outcome(asked, counts, report.faults, checks, preview=preview, is_applied=report.applied)


def _counts(rows: int, new: int, changed: int, same: int, missing: int) -> tuple[tuple[str, str], ...]:
    named = {"读到": rows, "新增": new, "变化": changed, "未变": same, "缺少": missing}
    return tuple((label, str(number)) for label, number in named.items())


def _said(message: str, items: tuple[str, ...]) -> str:
    return f"{message}：{'、'.join(items)}" if items else message
