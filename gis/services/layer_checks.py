"""What a person should look at before applying a layer: grids against each other, their community, the buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gis.model.enums import BuildingStatus, GridKind
from gis.model.layers import LayerKind
from gis.services.layer_plan import label_of
from gis.services.layer_refs import shapes_of
from gis.services.layer_report import LayerCheck, items_shown
from gis.spatial.crs import metric_epsg_of, to_metric
from gis.spatial.grids import grid_of_points, misfits, overlaps, representative_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.territory import Building, Grid
    from gis.services.layer_plan import LayerPlan
    from gis.services.layer_refs import Known
    from gis.spatial.crs import Geometries


def check_layer(kind: LayerKind, plan: LayerPlan, known: Known) -> tuple[LayerCheck, ...]:
    """Return the checks of grids and of buildings as they would stand after applying; none for other kinds."""
    items = [entry.item for entry in plan.planned]
    if kind is LayerKind.GRIDS:
        grids = _after(known.grids, items)
        return (*grid_checks(grids, known), *building_checks(known.buildings, grids))
    if kind is LayerKind.BUILDINGS:
        return building_checks(items, known.grids)
    return ()


def _after(before: Sequence[Any], items: Sequence[Any]) -> list[Any]:
    replaced = {item.id for item in items}
    return [old for old in before if old.id not in replaced] + list(items)


def grid_checks(grids: Sequence[Grid], known: Known) -> tuple[LayerCheck, ...]:
    """Compare grids with each other (kind by kind) and base grids with their community's outline."""
    drawn = [grid for grid in grids if grid.shape is not None]
    if not drawn:
        return ()
    shapes = shapes_of(drawn)
    epsg = metric_epsg_of(shapes)
    metric = to_metric(shapes, epsg)
    checks = []
    for kind in GridKind:
        mine = [position for position, grid in enumerate(drawn) if grid.kind is kind]
        for pair in overlaps([drawn[position].grid_code for position in mine], metric[mine]):
            text = f"网格 {pair.first} 与 {pair.second} 重叠 {pair.area_m2:.1f} 平方米"
            checks.append(LayerCheck("grid_overlap", text, pair.area_m2, (pair.first, pair.second)))
    bases = [position for position, grid in enumerate(drawn) if grid.kind is GridKind.BASE]
    return (*checks, *_misfit_checks([drawn[position] for position in bases], metric[bases], epsg, known))


def _misfit_checks(bases: Sequence[Grid], metric: Geometries, epsg: int, known: Known) -> list[LayerCheck]:
    codes = [grid.community_code for grid in bases]
    outlined = [d for d in known.divisions if d.shape is not None and d.code in set(codes)]
    names = {division.code: division.name for division in known.divisions}
    outlines = dict(zip([d.code for d in outlined], to_metric(shapes_of(outlined), epsg), strict=True))
    checks = []
    for misfit in misfits(codes, metric, outlines):
        name = names.get(misfit.community_code, misfit.community_code)
        if misfit.gap_m2:
            text = f"{name} 有 {misfit.gap_parts} 处共 {misfit.gap_m2:.1f} 平方米不在任何基础网格内"
            checks.append(LayerCheck("grid_gap", text, misfit.gap_m2, (misfit.community_code,)))
        if misfit.outside_m2:
            text = f"{name} 的网格有 {misfit.outside_m2:.1f} 平方米伸出社区范围"
            checks.append(LayerCheck("grid_outside", text, misfit.outside_m2, (misfit.community_code,)))
    blank = sorted(set(codes) - outlines.keys())
    if blank:
        shown = items_shown([names.get(code, code) for code in blank])
        checks.append(LayerCheck("no_community_outline", f"{len(blank)} 个社区没有范围，未检查网格缝隙", None, shown))
    return checks


def building_checks(buildings: Sequence[Building], grids: Sequence[Grid]) -> tuple[LayerCheck, ...]:
    """List buildings that are not in exactly one base grid; none are listed while there are no base grids."""
    bases = [grid for grid in grids if grid.kind is GridKind.BASE and grid.shape is not None]
    standing = [b for b in buildings if b.shape is not None and b.status is not BuildingStatus.DEMOLISHED]
    if not bases or not standing:
        return ()
    points = representative_points(shapes_of(standing))
    outlines = shapes_of(bases)
    epsg = metric_epsg_of(outlines)
    hits = grid_of_points(to_metric(points, epsg), to_metric(outlines, epsg)).hits
    checks = []
    for code, chosen, text in (
        ("building_without_grid", hits == 0, "不在任何基础网格内"),
        ("building_in_several_grids", hits > 1, "同时在几个基础网格内"),
    ):
        names = [label_of(standing[position]) for position in np.flatnonzero(chosen).tolist()]
        if names:
            checks.append(LayerCheck(code, f"{len(names)} 幢楼{text}", None, items_shown(names)))
    return tuple(checks)
