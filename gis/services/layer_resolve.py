"""Drafts of a layer completed from the database: each name becomes an id, each fault names its row and column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.errors import Fault
from gis.model.enums import Precision
from gis.model.layers import LayerKind
from gis.model.territory import Building, Estate, Grid, HostHousehold, Venue
from gis.services.layer_refs import plain_name, shapes_of
from gis.services.layer_report import LayerCheck, items_shown
from gis.spatial.crs import metric_epsg_of, to_metric
from gis.spatial.grids import NOT_IN_GRID, grid_of_points, representative_points
from gis.spatial.points import point_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.model.layers import Draft
    from gis.model.organisation import PartyOrg
    from gis.services.layer_refs import Known
    from gis.services.layer_report import Findings
    from gis.spatial.crs import Geometries

HOST_SEATS = 15  # a host household serves at most 15 members (domain.md 4): more is a warning, not a fault


def resolve(kind: LayerKind, drafts: Sequence[Draft], known: Known, found: Findings) -> list[Any]:
    """Return the item of each draft with its references filled in; what fails is added to `found`."""
    return _RESOLVERS[kind](drafts, known, found)


def _blame(found: Findings, draft: Draft, name: str, message: str) -> None:
    found.faults.append(Fault(message, found.file, found.raw.sheet, draft.row, found.label(name)))


def _as_they_are(drafts: Sequence[Draft], _known: Known, _found: Findings) -> list[Any]:
    return [draft.item for draft in drafts]


def _orgs(drafts: Sequence[Draft], known: Known, found: Findings) -> list[PartyOrg]:
    """Look up what each organisation covers; parents may stand in the same file, so they are only checked here."""
    here = {plain_name(name) for draft in drafts for name in (_org(draft).name, _org(draft).code) if name}
    parents = {plain_name(_org(draft).name): plain_name(draft.refs["parent"]) for draft in drafts}
    items = []
    for draft in drafts:
        parent = plain_name(draft.refs["parent"])
        if parent and parent not in here and parent not in known.org_ids:
            _blame(found, draft, "parent", f"找不到上级组织“{draft.refs['parent']}”：请先导入它，或在本表中补上")
        if _is_own_ancestor(plain_name(_org(draft).name), parents):
            _blame(found, draft, "parent", "上级组织绕回了自己：请改正上下级关系")
        codes = []
        for name in filter(None, draft.refs["divisions"].split("、")):
            code = known.division_code(name)
            if code:
                codes.append(code)
            else:
                _blame(found, draft, "divisions", f"区划里没有“{name}”：请先导入区划，或填写 12 位区划代码")
        items.append(
            replace(_org(draft), division_codes=tuple(sorted(set(codes))), parent_id=known.org_ids.get(parent))
        )
    return items


def _org(draft: Draft) -> PartyOrg:
    return draft.item  # type: ignore[return-value]  # drafts of this kind hold organisations


def _is_own_ancestor(name: str, parents: dict[str, str]) -> bool:
    seen = {name}
    above = parents.get(name, "")
    while above and above not in seen:
        seen.add(above)
        above = parents.get(above, "")
    return above == name


def _grids(drafts: Sequence[Draft], known: Known, found: Findings) -> list[Grid]:
    drafts = [_with_known_outline(draft, known, found) for draft in drafts]
    shapes = shapes_of(draft.item for draft in drafts)
    has_shapes = any(shape is not None for shape in shapes)
    areas = (
        np.nan_to_num(shapely.area(to_metric(shapes, metric_epsg_of(shapes)))) if has_shapes else np.zeros(len(shapes))
    )
    codes = {division.code for division in known.divisions}
    items = []
    for draft, area in zip(drafts, areas.tolist(), strict=True):
        grid, named = draft.item, draft.refs["community"]
        if not isinstance(grid, Grid):
            continue
        prefix = grid.community_code
        community = known.division_code(named) if named else prefix
        if not community:
            _blame(found, draft, "community", f"区划里没有“{named}”：请先导入区划，或填写 12 位区划代码")
        elif prefix and community != prefix:
            _blame(found, draft, "grid_code", f"前 12 位是 {prefix}，与所属社区“{named}”的代码 {community} 不一致")
        elif prefix and codes and prefix not in codes:
            _blame(found, draft, "grid_code", f"前 12 位 {prefix} 不是任何社区的代码：请核对编号，或先导入区划")
        items.append(replace(grid, community_code=community or prefix, area_m2=round(area or 0.0, 1)))
    return items


def _with_known_outline(draft: Draft, known: Known, found: Findings) -> Draft:
    """Give a grid of a list without outlines the outline that is known; a grid that nobody has drawn is a fault."""
    grid = draft.item
    if not isinstance(grid, Grid) or grid.shape is not None or not grid.grid_code or found.raw.is_map:
        return draft
    old = next((other for other in known.grids if other.grid_code == grid.grid_code), None)
    if old is None:
        _blame(found, draft, "grid_code", "还没有这个网格的范围：请先导入网格图层，再导入网格表")
        return draft
    return replace(draft, item=replace(grid, shape=old.shape))


def _estates(drafts: Sequence[Draft], known: Known, found: Findings) -> list[Estate]:
    by_place = known.community_of(shapes_of(draft.item for draft in drafts))
    items = []
    for draft, placed in zip(drafts, by_place, strict=True):
        named = draft.refs["community"]
        code = known.division_code(named) if named else placed
        if named and not code:
            _blame(found, draft, "community", f"区划里没有“{named}”：请先导入区划，或填写 12 位区划代码")
        if isinstance(draft.item, Estate):
            items.append(replace(draft.item, division_code=code))
    return items


def _buildings(drafts: Sequence[Draft], known: Known, found: Findings) -> list[Building]:
    shapes = shapes_of(draft.item for draft in drafts)
    around = known.estate_holding(shapes)
    grids = _grids_of_buildings(drafts, shapes, known, found)
    items, unknown = [], set()
    for position, draft in enumerate(drafts):
        building = draft.item
        if not isinstance(building, Building):
            continue
        estate = _estate_of(draft, building, around[position], known, found)
        if building.estate and estate is None:
            unknown.add(building.estate)
        if estate is not None:
            building = replace(building, estate=estate.name, estate_id=estate.id)
        items.append(replace(building, grid_id=grids[position]))
    if unknown:
        names = sorted(unknown)
        text = f"{len(names)} 个小区尚未建档，将随楼栋一并新增"
        found.checks.append(LayerCheck("new_estates", text, None, items_shown(names)))
    return items


def _estate_of(draft: Draft, building: Building, around: Estate | None, known: Known, found: Findings) -> Estate | None:
    """Find the estate by name; among several of one name the one whose outline holds the building."""
    if not building.estate:
        return around
    named = known.estates_called(building.estate)
    if len(named) > 1 and around in named:
        return around
    if len(named) > 1:
        _blame(found, draft, "estate", f"有 {len(named)} 个小区叫“{building.estate}”，无法确定是哪一个")
    return named[0] if named else None


def _grids_of_buildings(drafts: Sequence[Draft], shapes: Geometries, known: Known, found: Findings) -> list[Any]:
    """Find the base grid under each building; a name in the file that says otherwise is a check."""
    by_name = {plain_name(name): grid for grid in known.grids for name in (grid.name, grid.grid_code)}
    bases = known.base_grids
    places = grid_of_points(representative_points(shapes), shapes_of(bases)) if bases else None
    ids, contrary = [], []
    for position, draft in enumerate(drafts):
        at = int(places.grid[position]) if places is not None else NOT_IN_GRID
        under = bases[at] if at != NOT_IN_GRID else None
        named = by_name.get(plain_name(draft.refs["grid"])) if draft.refs["grid"] else None
        if named is not None and under is not None and named in bases and named != under:
            contrary.append(f"第 {draft.row} 行 {draft.refs['grid']}，实际在{under.name}")
        chosen = under or named
        ids.append(chosen.id if chosen else None)
    if contrary:
        text = f"{len(contrary)} 幢楼填写的网格与位置不符，按位置归入网格"
        found.checks.append(LayerCheck("grid_contradicts_place", text, None, items_shown(contrary)))
    return ids


def _venues(drafts: Sequence[Draft], known: Known, found: Findings) -> list[Venue]:
    grounds = known.building_holding(shapes_of(draft.item for draft in drafts))
    items = []
    for draft, ground in zip(drafts, grounds, strict=True):
        venue, refs = draft.item, draft.refs
        if not isinstance(venue, Venue):
            continue
        org = known.org_ids.get(plain_name(refs["org"])) if refs["org"] else None
        if refs["org"] and org is None:
            _blame(found, draft, "org", f"找不到党组织“{refs['org']}”：请先导入党组织，或改正名称")
        building = known.building_called(refs["estate"], refs["building_no"]) or ground
        if building is None and venue.shape is None:
            building = _building_at(refs["address"], known)
        shape = venue.shape or point_of(building.shape if building else None)
        if shape is None:
            place = "小区+幢号" if refs["estate"] else "地址" if refs["address"] else "经度"
            _blame(found, draft, "address", f"没有位置：按{place}找不到，请填写经度、纬度，或填写已有楼栋的小区和幢号")
        items.append(replace(venue, org_id=org, building_id=building.id if building else None, shape=shape))
    return items


def _building_at(address: str, known: Known) -> Building | None:
    spot = known.gazetteer.locate(address) if address else None
    if spot is None or spot.precision is not Precision.BUILDING:
        return None
    return next((building for building in known.buildings if building.id == spot.building_id), None)


def _hosts(drafts: Sequence[Draft], known: Known, found: Findings) -> list[HostHousehold]:
    grounds = known.building_holding(shapes_of(draft.item for draft in drafts))
    items, lost, crowded = [], [], []
    for draft, ground in zip(drafts, grounds, strict=True):
        host = draft.item
        if not isinstance(host, HostHousehold):
            continue
        branch = known.branch_called(draft.refs["branch"])
        if draft.refs["branch"] and branch is None:
            _blame(found, draft, "branch", f"找不到党支部“{draft.refs['branch']}”：请先导入党组织，或改正名称")
        building = ground or (_building_at(host.address, known) if host.shape is None else None)
        shape = host.shape or point_of(building.shape if building else None)
        if shape is None and host.address:
            lost.append(f"第 {draft.row} 行")
        if host.capacity > HOST_SEATS:
            crowded.append(f"第 {draft.row} 行 {host.capacity} 人")
        items.append(
            replace(
                host,
                branch_id=branch or host.branch_id,
                member_id=known.member_ids.get((branch, plain_name(host.name))) if branch else None,
                building_id=building.id if building else None,
                shape=shape,
            )
        )
    _warn(found, "host_not_located", "户中心户的地址没有对应到楼栋，导入后不参与编组，请补正地址或坐标", lost)
    _warn(found, "host_over_capacity", f"户中心户可容纳人数超过 {HOST_SEATS} 人，请核对", crowded)
    return items


def _warn(found: Findings, code: str, text: str, items: list[str]) -> None:
    if items:
        found.checks.append(LayerCheck(code, f"{len(items)} {text}", None, items_shown(items)))


_RESOLVERS: dict[LayerKind, Callable[[Sequence[Draft], Known, Findings], list[Any]]] = {
    LayerKind.DIVISIONS: _as_they_are,
    LayerKind.ORGS: _orgs,
    LayerKind.GRIDS: _grids,
    LayerKind.ESTATES: _estates,
    LayerKind.BUILDINGS: _buildings,
    LayerKind.ROADS: _as_they_are,
    LayerKind.VENUES: _venues,
    LayerKind.HOSTS: _hosts,
}
