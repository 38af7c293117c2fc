"""What a printed map may show: read once, with the rights of whoever prints, or with nobody's for use outside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.model.enums import DivisionLevel, HostStatus, VenueKind
from gis.services import map_layers as layers
from gis.services.access import require
from gis.services.map_overview import overview

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gis.model.access import Actor
    from gis.model.ids import GridId
    from gis.model.territory import Building, Division, Estate, Grid, Road
    from gis.services.map_layers import GroupPlace, Mark
    from gis.store.database import Store

STATES = ("transition", "grouped", "ungrouped", "all")
LAYERS = frozenset({"grids", "buildings", "roads", "labels", "hosts", "venues", "people", "groups"})
#: What an outsider may find on a public map: a rented or other place may be somebody's home
PUBLIC_VENUES = frozenset({VenueKind.SERVICE_CENTER, VenueKind.ACTIVITY_ROOM, VenueKind.HOME_BRANCH_BASE})
FREE, FULL, PROPOSED, SUSPENDED = "free", "full", "proposed", "suspended"
_HOST_STATES = {HostStatus.PROPOSED: PROPOSED, HostStatus.SUSPENDED: SUSPENDED}


@dataclass(frozen=True, slots=True)
class MapFilter:
    """Which members are drawn; empty means all. `state` is one of `STATES`, `bands` are codes of age bands."""

    state: str = "transition"
    branches: frozenset[int] = frozenset()
    grids: frozenset[int] = frozenset()
    bands: frozenset[str] = frozenset()

    @property
    def is_narrow(self) -> bool:
        """Whether more than the state is asked for."""
        return bool(self.branches or self.grids or self.bands)

    def passes(self, mark: Mark) -> bool:
        """Whether a member is drawn, as on the screen (street.js)."""
        is_grouped = bool(mark.group_id)
        in_state = {
            "all": True,
            "transition": mark.is_in_transition,
            "grouped": is_grouped,
            "ungrouped": mark.is_in_transition and not is_grouped,
        }[self.state]
        return (
            in_state
            and (not self.branches or mark.branch_id in self.branches)
            and (not self.grids or mark.grid_id in self.grids)
            and (not self.bands or mark.band.value in self.bands)
        )


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A host or a venue; a host has no name here."""

    kind: str
    name: str
    lon: float
    lat: float
    state: str
    is_step_free: bool


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that is drawn, in degrees; `marks` and `groups` are None where nobody may be seen."""

    street: str
    as_of: date
    sources: tuple[str, ...]
    grids: tuple[Grid, ...]
    divisions: tuple[Division, ...]
    estates: tuple[Estate, ...]
    counts: Mapping[GridId, int | None]
    buildings: tuple[Building, ...] = ()
    roads: tuple[Road, ...] = ()
    places: tuple[DrawnPlace, ...] = ()
    marks: tuple[Mark, ...] | None = None
    groups: tuple[GroupPlace, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def read_scene(
    actor: Actor, store: Store, shown: frozenset[str], chosen: MapFilter, *, is_outside: bool = False
) -> Scene:
    """Read the layers in `shown`.

    For use outside it is read as by somebody of the same scope who sees counts only: no member, no host, small counts
    blank, public venues only.
    """
    require(actor, Action.VIEW_MAP)
    reading = replace(actor, scope=replace(actor.scope, sees_people=False)) if is_outside else actor
    found = overview(reading, store)
    grids, divisions = layers.grids_on_map(reading, store)
    scene = Scene(
        street=next((one.name for one in divisions if one.level is DivisionLevel.STREET), ""),
        as_of=found.as_of,
        sources=layers.attributions(reading, store),
        grids=grids,
        divisions=divisions,
        estates=layers.estates_on_map(reading, store),
        counts=found.by_grid,
        buildings=layers.buildings_on_map(reading, store) if "buildings" in shown else (),
        roads=layers.roads_on_map(reading, store) if "roads" in shown else (),
        places=_places(reading, store, shown, is_outside=is_outside),
    )
    if is_outside or not actor.scope.sees_people:
        return scene
    return _with_people(actor, store, scene, chosen)


def _with_people(actor: Actor, store: Store, scene: Scene, chosen: MapFilter) -> Scene:
    people = layers.people_on_map(actor, store)
    marks = tuple(mark for mark in people.marks if chosen.passes(mark))
    return replace(
        scene,
        marks=marks,
        groups=people.groups,
        counts=Counter(mark.grid_id for mark in marks if mark.grid_id),
        left_out=Counter(mark.at for mark in people.left_out if chosen.passes(mark)),
    )


def _places(actor: Actor, store: Store, shown: frozenset[str], *, is_outside: bool) -> tuple[DrawnPlace, ...]:
    places = layers.places_on_map(actor, store)
    found = []
    for host, x, y in places.hosts if "hosts" in shown and not is_outside else ():
        state = _HOST_STATES.get(host.status) or _room(host.capacity, places.taken.get(("host", host.id or 0), 0))
        found.append(DrawnPlace("host", "", x, y, state, bool(host.is_step_free)))
    for venue, x, y in places.venues if "venues" in shown else ():
        if is_outside and venue.kind not in PUBLIC_VENUES:
            continue
        is_candidate = venue.kind is VenueKind.CANDIDATE
        state = PROPOSED if is_candidate else _room(venue.capacity, places.taken.get(("venue", venue.id or 0), 0))
        # How many of a place's seats are taken is nobody's business outside
        found.append(DrawnPlace("venue", venue.name, x, y, FREE if is_outside else state, bool(venue.is_step_free)))
    return tuple(found)


def _room(capacity: int, taken: int | None) -> str:
    return FULL if taken is not None and taken >= capacity else FREE
