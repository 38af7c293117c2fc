"""Layers in compact form. In JSON coordinates are whole micro-degrees (0.1 m), each the difference from the one before.

The long layers are packed (`packing`): their paths are in web Mercator already, in units of 2^-29 of the world (7 cm).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from gis.model.enums import HostStatus, VenueKind
from gis.spatial.display import Paths, centres, lines, merged, rings
from gis.ui.packing import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis.model.territory import Building, Division, Estate, Grid, Road
    from gis.services.map_layers import PeopleOnMap, Places

SCALE = 1e6
WORLD = 2**29
NOT_IN_USE = {HostStatus.PROPOSED: "proposed", HostStatus.SUSPENDED: "suspended"}


def as_json(document: dict[str, Any]) -> bytes:
    """Return the document as UTF-8 without spaces."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def paths(found: Paths) -> dict[str, list[int]]:
    """Return `n` points of each path, `i` its owner's index, `d` alternating differences of x and y."""
    return {"i": found.owner.tolist(), "n": found.size.tolist(), "d": deltas(found.points)}


def deltas(points: NDArray[np.float64]) -> list[int]:
    """Return x and y in turn, the first as it is, then differences; shape (n, 2) becomes 2 n numbers."""
    if not len(points):
        return []
    whole = np.round(points * SCALE).astype(np.int64)
    whole[1:] -= whole[:-1].copy()
    flat: list[int] = whole.reshape(-1).tolist()
    return flat


def world(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return longitude, latitude as web Mercator from the upper left corner of the world, in units of 1 / WORLD."""
    sine = np.sin(np.radians(points[:, 1]))
    down = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    whole: NDArray[np.int64] = np.round(np.column_stack([(points[:, 0] + 180) / 360, down]) * WORLD).astype(np.int64)
    return whole


def packed_paths(found: Paths) -> dict[str, Column]:
    """Return `i` and `n` as `paths` does; `x`, `y` of each path's first point; `dx`, `dy` the steps along the paths."""
    at = world(found.points)
    starts = np.cumsum(found.size) - found.size
    starts = starts[found.size > 0]
    steps = np.diff(at, axis=0, prepend=0)
    steps[starts] = 0
    first = at[starts]
    return {
        "i": Column(found.owner, is_steps=True),
        "n": Column(found.size),
        "x": Column(first[:, 0], is_steps=True),
        "y": Column(first[:, 1], is_steps=True),
        "dx": Column(steps[:, 0]),
        "dy": Column(steps[:, 1]),
    }


def words(items: Sequence[str]) -> dict[str, Any]:
    """Return texts that repeat: each `word` once, and which one stands where."""
    known = list(dict.fromkeys(items))
    number = {word: index for index, word in enumerate(known)}
    return {"word": known, "at": Column([number[item] for item in items])}


def grids(items: Sequence[Grid], divisions: Sequence[Division]) -> dict[str, Any]:
    """Encode grids with the point of their label, and the communities that they make up."""
    shapes = [grid.shape for grid in items]
    names = {division.code: division.name for division in divisions}
    communities = merged(shapes, [grid.community_code for grid in items])
    outlines = list(communities.values())
    return {
        "id": [grid.id for grid in items],
        "code": [grid.grid_code for grid in items],
        "name": [grid.name for grid in items],
        "in": [names.get(grid.community_code, "") for grid in items],
        "at": _points(centres(shapes)),
        "path": paths(rings(shapes)),
        "communities": {
            "name": [names.get(code, "") for code in communities],
            "at": _points(centres(outlines)),
            "path": paths(rings(outlines)),
        },
    }


def buildings(items: Sequence[Building]) -> dict[str, Any]:
    """Encode buildings for `pack`: footprints as rings, the others as points; estates' names once."""
    shapes = [building.shape for building in items]
    found = rings(shapes)
    is_point = np.ones(len(items), dtype=bool)
    is_point[found.owner] = False
    spots = np.flatnonzero(is_point)
    points = centres([shapes[index] for index in spots])
    is_known = ~np.isnan(points[:, 0])
    spots, at = spots[is_known], world(points[is_known])
    return {
        "id": Column([building.id or 0 for building in items], is_steps=True),
        "no": words([building.building_no for building in items]),
        "estate": words([building.estate for building in items]),
        "spots": {"i": Column(spots, is_steps=True), "x": Column(at[:, 0]), "y": Column(at[:, 1])},
        "path": packed_paths(found),
    }


def estates(items: Sequence[Estate]) -> dict[str, Any]:
    """Encode estates by name and label point."""
    return {
        "id": [estate.id for estate in items],
        "name": [estate.name for estate in items],
        "at": _points(centres([estate.shape for estate in items])),
    }


def roads(items: Sequence[Road]) -> dict[str, Any]:
    """Encode roads for `pack`: `c` is 0 for a main road, 1 for a street, 2 for a path."""
    found = lines([road.shape for road in items])
    ranks, names = [road.rank for road in items], [road.name for road in items]
    return {"c": Column(ranks), "name": words(names), "path": packed_paths(found)}


def places(found: Places) -> dict[str, Any]:
    """Encode hosts (no names) and venues: `n` seats, `t` taken (None: too few to be told), `u` why not in use."""
    hosts = [
        {
            "id": host.id,
            "x": round(x, 6),
            "y": round(y, 6),
            "n": host.capacity,
            "t": found.taken.get(("host", host.id or 0), 0),
            "u": NOT_IN_USE.get(host.status, ""),
            # Where the name is not for the actor, the floor would lead to the flat
            "fl": host.floor if host.name else None,
            "sf": _flag(host.is_step_free),
            "eq": list(host.equipment),
            "b": host.branch_id,
        }
        for host, x, y in found.hosts
    ]
    venues = [
        {
            "id": venue.id,
            "x": round(x, 6),
            "y": round(y, 6),
            "n": venue.capacity,
            "t": found.taken.get(("venue", venue.id or 0), 0),
            "u": "proposed" if venue.kind is VenueKind.CANDIDATE else "",
            "fl": venue.floor,
            "sf": _flag(venue.is_step_free),
            "eq": list(venue.equipment),
            "name": venue.name,
        }
        for venue, x, y in found.venues
    ]
    return {"hosts": hosts, "venues": venues}


def _flag(value: bool | None) -> int | None:  # noqa: FBT001  # a fact of a place
    return None if value is None else int(value)


def people(found: PeopleOnMap) -> dict[str, Any]:
    """Encode marks for `pack` by columns: branch, grid, building, band, `t` in transition, group, `p` how exact."""
    marks = found.marks
    points = np.array([(mark.lon, mark.lat) for mark in marks], dtype=float).reshape(-1, 2)
    kinds = ("building", "estate", "grid")
    whole = np.round(points * SCALE).astype(np.int64)
    return {
        "x": Column(whole[:, 0], is_steps=True),
        "y": Column(whole[:, 1], is_steps=True),
        "b": Column([mark.branch_id for mark in marks]),
        "g": Column([mark.grid_id or 0 for mark in marks]),
        "h": Column([mark.building_id or 0 for mark in marks]),
        "a": words([mark.band.value for mark in marks]),
        "t": Column([int(mark.is_in_transition) for mark in marks]),
        "s": Column([mark.group_id or 0 for mark in marks]),
        "p": Column([kinds.index(mark.at) for mark in marks]),
        "groups": [
            {
                "id": place.group_id,
                "x": round(place.lon, 6),
                "y": round(place.lat, 6),
                "b": place.branch_id,
                "host": place.host_id or 0,
                "venue": place.venue_id or 0,
                "n": place.size,
                "l": [round(part, 6) for part in place.leader_at] if place.leader_at else None,
            }
            for place in found.groups
        ],
        "out": [
            {
                "b": one.branch_id,
                "g": one.grid_id or 0,
                "a": one.band.value,
                "t": int(one.is_in_transition),
                "s": one.group_id or 0,
                "why": one.at,
            }
            for one in found.left_out
        ],
    }


def _points(points: NDArray[np.float64]) -> list[list[float] | None]:
    return [None if np.isnan(x) else [round(float(x), 6), round(float(y), 6)] for x, y in points]
