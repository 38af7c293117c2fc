"""What the map's page asks of the services at every click, read once and kept until the data change.

The gate is asked before anything kept is handed out: nobody gets what was read for somebody who may see more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gis.model.access import Action
from gis.services import map_layers as services
from gis.services.access import require
from gis.services.kept_answers import KeptAnswers
from gis.services.map_overview import overview

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis.model.access import Actor
    from gis.services.map_layers import MapVersion
    from gis.services.map_overview import Overview
    from gis.store.database import Store

_kept = KeptAnswers(32)  # roles and scopes in use


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures, sources and the names to choose from, by id as text; branches are those of the scope."""

    version: MapVersion
    overview: Overview
    grids: Mapping[str, str]
    branches: Mapping[str, str]
    orgs: Mapping[str, str]
    attributions: tuple[str, ...]
    has_ground: bool


def facts_for(actor: Actor, store: Store) -> Facts:
    """Return what this actor's map needs now."""
    require(actor, Action.VIEW_MAP)
    return _kept.answer(actor, store, "facts", lambda: _read(actor, store))


def _read(actor: Actor, store: Store) -> Facts:
    grids, _ = services.grids_on_map(actor, store)
    branches = services.branches_on_map(actor, store) if actor.scope.sees_people else ()
    orgs = services.orgs_on_map(actor, store) if actor.may(Action.VIEW_ORGS) else ()
    return Facts(
        version=services.map_version(actor, store),
        overview=overview(actor, store),
        grids={str(grid.id): grid.name or grid.grid_code for grid in grids},
        branches={str(org.id): org.name for org in branches},
        orgs={str(org.id): org.name for org in orgs},
        attributions=services.attributions(actor, store),
        has_ground=bool(grids) or bool(services.buildings_on_map(actor, store)),
    )
