"""Import of grids, buildings, estates, roads, venues, hosts, divisions and organisations from a file.

A map layer with any fault is turned away whole: half a grid map is worse than none. A list of hosts is a roster of
sorts: its faulty rows are left out and reported, the others are imported.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from gis.errors import DeniedError, Fault, InputError
from gis.model.access import Action
from gis.model.layers import LayerKind
from gis.services.access import require
from gis.services.layer_checks import check_layer
from gis.services.layer_plan import LayerPlan, label_of, plan_layer, source_of
from gis.services.layer_refs import Known
from gis.services.layer_report import (
    Findings,
    LayerCheck,
    LayerImportReport,
    LayerImportRequest,
    LayerState,
    PreviewShape,
    items_shown,
)
from gis.services.layer_resolve import resolve
from gis.services.layer_save import save_layer
from gis.spatial.crs import DeclaredCrs, contradiction, parse_crs
from gis.spatial.geometry_faults import PlaceRules, place
from gis.store.formats.files import sha256_of
from gis.store.formats.layer_columns import LAYERS, Need
from gis.store.formats.layer_drafts import draft_layer, level_of_code, pad_division_code
from gis.store.formats.layer_faults import write_layer_faults
from gis.store.formats.layers import read_layer
from gis.store.formats.tables import plain_text
from gis.store.writers.imports import NewBatch

if TYPE_CHECKING:
    from gis.model.access import Actor
    from gis.model.layers import Draft
    from gis.store.database import Store
    from gis.store.formats.layers import RawLayer
    from gis.store.reader import Reader

SAMPLE_POINTS = 200  # of a file's coordinates, to compare two coordinate systems on


@dataclass(frozen=True, slots=True)
class _ReadLayer:
    """A file read and typed, before the database is asked."""

    raw: RawLayer
    declared: DeclaredCrs | None
    drafts: tuple[Draft, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Examined:
    """A file compared with the database."""

    report: LayerImportReport
    plan: LayerPlan
    known: Known


def dry_run_layers(actor: Actor, store: Store, request: LayerImportRequest) -> LayerImportReport:
    """Read a file and say what it would change, with every fault and check; nothing is saved.

    Raises
    ------
    InputError
        The file cannot be read as a layer of this kind at all, or its coordinate system is not as declared.
    """
    require_street(actor)
    layer = _read(request)
    with store.reading(actor.scope) as reader:
        report = _examine(layer, reader).report
    _write_faults(layer, request, report)
    return report


def apply_layers(actor: Actor, store: Store, request: LayerImportRequest) -> LayerImportReport:
    """Import a file in one transaction; a refused file changes nothing and its report says why.

    Raises
    ------
    InputError
        The file cannot be read as a layer of this kind at all, or its coordinate system is not as declared.
    """
    require_street(actor)
    layer = _read(request)
    with store.reading(actor.scope) as reader:
        first = _examine(layer, reader).report
    _write_faults(layer, request, first)
    if first.is_refused:
        return first
    with store.writing(actor, Action.IMPORT_DATA) as writer:
        found = _examine(layer, writer)
        if found.report.is_refused:
            return found.report
        ids = save_layer(writer, request.kind, found.plan, found.known)
        counts = {"new": found.report.new, "changed": found.report.changed, "missing": found.report.missing}
        crs = layer.declared.name if layer.declared else ""
        batch = NewBatch(
            file_name=request.path.name,
            sha256=sha256_of(request.path),
            kind=request.kind.value,
            crs=crs,
            counts=counts | {"rows": found.report.rows, "faults": len(found.report.faults)},
            faults=found.report.faults,
        )
        batch_id = writer.add_batch(batch)
        writer.remember_keys(batch_id, source_of(request.kind), request.kind.value, ids)
        writer.say(f"导入{request.kind.label}", batch=batch_id, **counts)  # a file may be named after a person
    return replace(found.report, applied=True)


def _write_faults(layer: _ReadLayer, request: LayerImportRequest, report: LayerImportReport) -> None:
    if request.faults_to is not None:
        write_layer_faults(layer.raw, request.path, request.faults_to, report.faults)


def require_street(actor: Actor) -> None:
    """Let pass who may import for the whole street.

    Raises
    ------
    DeniedError
        The role may not import, or only the rosters of one village.
    """
    require(actor, Action.IMPORT_DATA)
    if not actor.scope.whole_street:
        msg = "图层由街道统一导入：本账号只能导入本村（社区）的花名册"
        raise DeniedError(msg)


def _read(request: LayerImportRequest) -> _ReadLayer:
    raw = read_layer(request.path, request.kind, request.layer, request.limit_mb)
    spec = LAYERS[request.kind]
    has_places = raw.has_places or bool(raw.unreadable.any())
    if spec.needs_place is Need.ALWAYS and not has_places and not raw.is_map and not raw.faults:
        msg = f"{raw.file} 没有位置：{request.kind.label}表需要 经度、纬度 两列，或 WKT 列"
        raise InputError(msg)
    declared = parse_crs(request.crs) if request.crs.strip() or has_places else None
    if declared is not None:
        _check_own_crs(raw, declared)
    is_required = spec.needs_place is Need.ALWAYS or (spec.needs_place is Need.ON_MAPS and raw.is_map)
    rules = PlaceRules(spec.shapes, is_required, spec.has_unique_places, _groups(raw))
    placed = place(raw.geometry, raw.unreadable, raw.rows, declared or parse_crs("EPSG:4490"), rules)
    if placed.all_outside:
        msg = f"{raw.file}：{placed.all_outside}"
        raise InputError(msg)
    drafted = draft_layer(raw, placed.geometry, declared.name if declared else "")
    told = {fault.row for fault in raw.faults}
    field = "几何" if raw.is_map else "位置"
    faults = [
        Fault(message, raw.file, raw.sheet, raw.rows[at], field)
        for at, message in placed.faults
        if raw.rows[at] not in told
    ]
    return _ReadLayer(raw, declared, drafted.drafts, (*raw.faults, *faults, *drafted.faults))


def _check_own_crs(raw: RawLayer, declared: DeclaredCrs) -> None:
    sample = shapely.get_coordinates(raw.geometry[:SAMPLE_POINTS])[:SAMPLE_POINTS]
    problem = contradiction(raw.own_crs, declared, sample)
    if problem:
        msg = f"{raw.file}：{problem}"
        raise InputError(msg)


def _groups(raw: RawLayer) -> list[str] | None:
    """Keep a street apart from the one village it may consist of: they share an outline and that is no fault."""
    if raw.kind is not LayerKind.DIVISIONS:
        return None
    return [level_of_code(pad_division_code(plain_text(code))).value for code in raw.values("code")]


def _examine(layer: _ReadLayer, reader: Reader) -> _Examined:
    raw, known = layer.raw, Known(reader)
    found = Findings(raw, raw.file, list(layer.faults))
    items = resolve(raw.kind, layer.drafts, known, found)
    plan = plan_layer(raw.kind, layer.drafts, items, known, found)
    bad = {fault.row for fault in found.faults}
    plan = LayerPlan(tuple(entry for entry in plan.planned if entry.draft.row not in bad), plan.missing)
    faults = tuple(sorted(found.faults, key=lambda fault: (fault.row or 0, fault.field)))
    is_list_of_hosts = raw.kind is LayerKind.HOSTS and not raw.is_map
    refusal = "" if not faults or (is_list_of_hosts and plan.planned) else _refusal(raw, faults)
    report = LayerImportReport(
        file=raw.file,
        kind=raw.kind,
        rows=len(raw.rows),
        new=plan.count(LayerState.NEW),
        changed=plan.count(LayerState.CHANGED),
        same=plan.count(LayerState.SAME),
        missing=len(plan.missing),
        faults=faults,
        checks=(*_column_checks(raw), *found.checks, *check_layer(raw.kind, plan, known), *_missing_check(plan)),
        preview=tuple(
            PreviewShape(entry.draft.row, label_of(entry.item), entry.state, entry.item.shape)
            for entry in plan.planned
            if getattr(entry.item, "shape", None)
        ),
        refusal=refusal,
    )
    return _Examined(report, plan, known)


def _refusal(raw: RawLayer, faults: tuple[Fault, ...]) -> str:
    return f"{raw.file} 有 {len(faults)} 处问题，整个文件没有导入，数据库没有变化：请改正后重新导入"


def _column_checks(raw: RawLayer) -> list[LayerCheck]:
    checks = []
    if raw.ignored:
        checks.append(LayerCheck("ignored_columns", f"未使用的列：{'、'.join(raw.ignored)}", None, raw.ignored))
    if raw.dropped:
        checks.append(LayerCheck("dropped_columns", f"个人信息列不导入：{'、'.join(raw.dropped)}", None, raw.dropped))
    return checks


def _missing_check(plan: LayerPlan) -> list[LayerCheck]:
    if not plan.missing:
        return []
    text = f"{len(plan.missing)} 条以前导入过、这次文件里没有的记录，保留不删"
    return [LayerCheck("missing_rows", text, None, items_shown(plan.missing))]
