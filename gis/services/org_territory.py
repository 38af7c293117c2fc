"""The ground of an organisation as shapes: its divisions and its 片区, or those of the nearest above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.errors import NotFoundError
from gis.model.access import Action
from gis.model.enums import OrgStatus
from gis.services.access import require
from gis.services.layer_refs import shapes_of
from gis.services.org_checks import above, parents_of
from gis.spatial.crs import metric_epsg_of, to_display, to_metric
from gis.spatial.display import merged
from gis.store.stamping import BODIES, PEOPLE, TERRITORY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.model.access import Actor
    from gis.model.bodies import Area
    from gis.model.ids import BuildingId, GridId, OrgId
    from gis.model.organisation import PartyOrg
    from gis.model.territory import Building
    from gis.store.database import Store
    from gis.store.reader import Reader

AROUND_M, BACK_M = 30.0, 18.0  # buildings of one estate grow together, the outline stays near their walls


@dataclass(frozen=True, slots=True)
class GroundPart:
    """One part of the ground; `shape` is well-known binary in EPSG:4490. `is_area` tells a 片区 from the outline."""

    name: str
    shape: bytes
    is_area: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of an organisation; `whose` names the organisation above whose ground it shares, "" for its own."""

    org_id: OrgId
    org: str
    whose: str
    parts: tuple[GroundPart, ...]


def ground_version(actor: Actor, store: Store) -> int:
    """Return a number that grows with everything that a ground is made of."""
    require(actor, Action.VIEW_ORGS)
    return store.data_version(TERRITORY, PEOPLE, BODIES)


def ground_of(actor: Actor, store: Store, org_id: OrgId) -> Ground:
    """Return the ground of an organisation: no persons, hence the same for everybody; raises NotFoundError."""
    require(actor, Action.VIEW_ORGS)
    with store.reading(actor.scope) as reader:
        orgs = {org.id: org for org in reader.orgs()}
        if org_id not in orgs:
            msg = "该组织已不存在，请刷新后重试"
            raise NotFoundError(msg)
        chain = [orgs[one] for one in above(org_id, parents_of(tuple(orgs.values())))]
        areas = reader.areas()
        owners = {area.org_id for area in areas}
        holder = next((org for org in chain if org.division_codes), None)
        divider = next((org for org in chain if org.id in owners), None)
        outline = _outline(reader, holder.division_codes) if holder else []
        mine = [area for area in areas if divider is not None and area.org_id == divider.id]
        parts = [*outline, *_area_parts(mine, reader.buildings())]
    own = {org.id for org in (holder, divider) if org is not None}
    whose = "" if not own or org_id in own else (holder or divider or chain[0]).name
    return Ground(org_id, orgs[org_id].name, whose, tuple(parts))


def org_of_grid(actor: Actor, store: Store, grid_id: GridId) -> OrgId | None:
    """Return the organisation that answers for a grid, of the scope if any covers it."""
    require(actor, Action.VIEW_ORGS)
    with store.reading(actor.scope) as reader:
        code = next((grid.community_code for grid in reader.grids() if grid.id == grid_id), "")
        orgs = reader.orgs()
        mine = responsible(orgs, code, [org for org in orgs if org.id in reader.org_ids_in_scope])
        found = mine or responsible(orgs, code)
    return found.id if found else None


def responsible(orgs: Sequence[PartyOrg], code: str, among: Sequence[PartyOrg] | None = None) -> PartyOrg | None:
    """Return the lowest organisation that covers a division alone on its level; None where nobody covers it.

    The branches of one community all cover it: then the committee above them answers for it. `among` narrows whom to
    choose from.
    """
    parents = parents_of(orgs)
    levels: dict[int, list[PartyOrg]] = {}
    for org in among if among is not None else orgs:
        if code in org.division_codes and org.status is not OrgStatus.ABOLISHED:
            levels.setdefault(len(above(org.id, parents)), []).append(org)
    alone = [found[0] for _, found in sorted(levels.items(), reverse=True) if len(found) == 1]
    several = [min(found, key=lambda org: (org.code, org.id or 0)) for _, found in sorted(levels.items())]
    return next(iter(alone or several), None)


def _outline(reader: Reader, codes: Sequence[str]) -> list[GroundPart]:
    divisions = {division.code: division for division in reader.divisions() if division.code in codes}
    missing = [code for code in codes if code not in divisions or divisions[code].shape is None]
    grids = [grid for grid in reader.grids() if grid.community_code in missing]
    drawn = merged([grid.shape for grid in grids], [grid.community_code for grid in grids])
    found = []
    for code in codes:
        division = divisions.get(code)
        shape = division.shape if division and division.shape is not None else drawn.get(code)
        if shape is not None:
            found.append(GroundPart(division.name if division else code, shape, is_area=False))
    return found


def _area_parts(areas: Sequence[Area], buildings: Sequence[Building]) -> list[GroundPart]:
    by_id: dict[BuildingId | None, Building] = {building.id: building for building in buildings}
    found = []
    for area in areas:
        shape = area.shape or _around([by_id[one] for one in area.building_ids if one in by_id])
        if shape is not None:
            found.append(GroundPart(area.name, shape, is_area=True))
    return found


def _around(buildings: Sequence[Building]) -> bytes | None:
    """Draw a line around buildings: what stands close together becomes one patch."""
    shapes = shapes_of(buildings)
    shapes = shapes[~shapely.is_missing(shapes)]
    if not len(shapes):
        return None
    epsg = metric_epsg_of(shapes)
    patch = shapely.union_all(shapely.buffer(to_metric(shapes, epsg), AROUND_M, quad_segs=2))
    patch = shapely.simplify(shapely.buffer(patch, -BACK_M, quad_segs=2), 1.0)
    drawn = to_display(np.array([patch], dtype=object), epsg)[0]
    return bytes(shapely.to_wkb(drawn))
