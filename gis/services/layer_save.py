"""Saves a planned layer inside one transaction, in the order that references need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gis.model.enums import OrgStatus
from gis.model.layers import LayerKind
from gis.model.territory import Estate
from gis.services.layer_plan import keys_of, merge
from gis.services.layer_refs import Known, estate_key, plain_name, shapes_of
from gis.services.layer_report import LayerState
from gis.spatial.grids import NOT_IN_GRID, grid_of_points, representative_points

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gis.model.ids import EstateId, OrgId
    from gis.services.layer_plan import LayerPlan
    from gis.services.layer_report import Planned
    from gis.store.writer import Writer


def save_layer(writer: Writer, kind: LayerKind, plan: LayerPlan, known: Known) -> tuple[int, ...]:
    """Save new and changed rows; return the ids of all rows of the file, unchanged ones too."""
    ids = _SAVERS[kind](writer, plan.planned, known)
    if kind is LayerKind.GRIDS:
        put_buildings_in_grids(writer)
    return tuple(ids)


def _plainly(save: Callable[[Writer], Callable[[Sequence[Any]], Sequence[int]]]) -> Callable[..., list[int]]:
    def run(writer: Writer, planned: Sequence[Planned], _known: Known) -> list[int]:
        return save_touched(planned, save(writer))

    return run


def save_touched(planned: Sequence[Planned], save: Callable[[Sequence[Any]], Sequence[int]]) -> list[int]:
    """Save the rows that are new or changed; return the ids of all, in their order."""
    touched = [entry.item for entry in planned if entry.state is not LayerState.SAME]
    saved = iter(save(touched))
    return [entry.item.id if entry.state is LayerState.SAME else next(saved) for entry in planned]


def _save_orgs(writer: Writer, planned: Sequence[Planned], known: Known) -> list[int]:
    """Save parents before children; the file has been checked for circles."""
    ids: dict[str, OrgId] = dict(known.org_ids)
    waiting = list(planned)
    own = {plain_name(entry.item.name) for entry in planned} | {plain_name(entry.item.code) for entry in planned}
    done: set[str] = set()
    by_row: dict[int, OrgId] = {}
    while waiting:
        ready = [e for e in waiting if _parent(e) not in own or _parent(e) in done or not _parent(e)]
        for entry in ready:
            item = replace(entry.item, parent_id=ids.get(_parent(entry), entry.item.parent_id))
            by_row[entry.draft.row] = item.id if entry.state is LayerState.SAME else writer.save_orgs([item])[0]
            for name in filter(None, (plain_name(item.name), plain_name(item.code))):
                if item.status is not OrgStatus.ABOLISHED:  # its name leads to who continues it
                    ids[name] = by_row[entry.draft.row]
                done.add(name)
        waiting = [entry for entry in waiting if entry not in ready]
    _save_bases(writer, planned, by_row)
    return [int(by_row[entry.draft.row]) for entry in planned]


def _parent(entry: Planned) -> str:
    return plain_name(entry.draft.refs["parent"])


def _save_bases(writer: Writer, planned: Sequence[Planned], ids: dict[int, OrgId]) -> None:
    """Save the home venues that came with the organisations' own rows."""
    before = {key: venue for venue in writer.venues() for key in keys_of(LayerKind.VENUES, venue)}
    for entry in planned:
        if entry.draft.base is not None:
            venue = replace(entry.draft.base, org_id=ids[entry.draft.row])
            old = before.get(keys_of(LayerKind.VENUES, venue)[0])
            columns = frozenset({"capacity"} if venue.capacity else ())
            writer.save_venues([merge(old, venue, columns) if old else venue])


def _save_buildings(writer: Writer, planned: Sequence[Planned], known: Known) -> list[int]:
    """Save buildings, after the estates that are named here for the first time."""
    fresh = [entry for entry in planned if entry.item.estate and entry.item.estate_id is None]
    estates: dict[str, EstateId] = {}
    for entry, code in zip(fresh, known.community_of(shapes_of(entry.item for entry in fresh)), strict=True):
        key = estate_key(entry.item.estate)
        if key not in estates:
            estates[key] = writer.save_estates([Estate(None, entry.item.estate, (), code)])[0]
    complete = [
        replace(entry, item=replace(entry.item, estate_id=estates[estate_key(entry.item.estate)]))
        if entry.item.estate and entry.item.estate_id is None
        else entry
        for entry in planned
    ]
    return save_touched(complete, writer.save_buildings)


def put_buildings_in_grids(writer: Writer) -> None:
    """Give every building the grid it is in now that the grids have changed."""
    known = Known(writer)
    bases = known.base_grids
    if not bases or not known.buildings:
        return
    points = representative_points(shapes_of(known.buildings))
    found = grid_of_points(points, shapes_of(bases)).grid.tolist()
    moved = [
        replace(building, grid_id=bases[at].id)
        for building, at in zip(known.buildings, found, strict=True)
        if at != NOT_IN_GRID and bases[at].id != building.grid_id
    ]
    writer.save_buildings(moved)


_SAVERS: dict[LayerKind, Callable[..., list[int]]] = {
    LayerKind.DIVISIONS: _plainly(lambda writer: writer.save_divisions),
    LayerKind.ORGS: _save_orgs,
    LayerKind.GRIDS: _plainly(lambda writer: writer.save_grids),
    LayerKind.ESTATES: _plainly(lambda writer: writer.save_estates),
    LayerKind.BUILDINGS: _save_buildings,
    LayerKind.ROADS: _plainly(lambda writer: writer.save_roads),
    LayerKind.VENUES: _plainly(lambda writer: writer.save_venues),
    LayerKind.HOSTS: _plainly(lambda writer: writer.save_hosts),
}
