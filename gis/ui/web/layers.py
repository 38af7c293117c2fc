"""Layers of the map by address: versioned, behind the gate, narrowed by the scope of whoever asks.

`/gis/layers/<name>?v=<version>&s=<scope>`: version and scope in the address only steer the browser's cache; what is
served depends on the signed-in account and the data now.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gis.errors import DeniedError
from gis.model.access import Action, Actor, Role, operator, scope_for
from gis.services import map_layers as services
from gis.services.access import require, scope_digest
from gis.services.accounts import SYSTEM, actor_of
from gis.services.wall_counts import wall_now
from gis.ui import drafts, encoding, office, packing
from gis.ui.map.base import base_script
from gis.ui.web import assets
from gis.ui.web.asking import actor_asking
from gis.ui.web.bodies import Body

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from gis.services.map_layers import MapVersion
    from gis.store.database import Store

PREFIX = "/gis/layers"
KEPT = 48  # encoded layers in memory: five of the territory and one set for each scope in use
FOR_A_YEAR = assets.FOR_A_YEAR
SCRIPT, JSON, PACKED = "text/javascript", "application/json", "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Layer:
    """How a layer is made; a personal one is never stored by the browser."""

    make: Callable[[Actor, Store], dict[str, Any]]
    is_personal: bool = False
    is_territory: bool = True
    is_packed: bool = False


LAYERS: dict[str, Layer] = {
    "grids": Layer(lambda actor, store: encoding.grids(*services.grids_on_map(actor, store))),
    "buildings": Layer(
        lambda actor, store: encoding.buildings(services.buildings_on_map(actor, store)), is_packed=True
    ),
    "estates": Layer(lambda actor, store: encoding.estates(services.estates_on_map(actor, store))),
    "roads": Layer(lambda actor, store: encoding.roads(services.roads_on_map(actor, store)), is_packed=True),
    "places": Layer(lambda actor, store: encoding.places(services.places_on_map(actor, store)), is_territory=False),
    "people": Layer(
        lambda actor, store: encoding.people(services.people_on_map(actor, store)),
        is_personal=True,
        is_territory=False,
        is_packed=True,
    ),
}


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route(f"{PREFIX}/base.js", serve_base, methods=["GET"]),
        Route(f"{PREFIX}/{{name}}", serve_layer, methods=["GET"]),
        Route(f"{drafts.PREFIX}/{{key}}", serve_draft, methods=["GET"]),
    ]


def addresses(actor: Actor, version: MapVersion) -> dict[str, str]:
    """Return where the browser gets each layer that this actor may see."""
    scope = scope_digest(actor)
    return {
        name: f"{PREFIX}/{name}?v={_number(layer, version)}&s={scope}"
        for name, layer in LAYERS.items()
        if not layer.is_personal or actor.scope.sees_people
    }


def base_address(version: MapVersion) -> str:
    """Return where the browser gets the script of the base map."""
    return f"{PREFIX}/base.js?v={version.territory}.{assets.digest()}"


def serve_base(request: Request) -> Response:
    """Serve the script of the base map."""
    actor = actor_of(request.state.account)
    try:
        version = services.map_version(actor, office.store())
    except DeniedError as error:
        return PlainTextResponse(str(error), status_code=403, headers={"Cache-Control": "no-store"})
    is_lasting = request.query_params.get("v") == f"{version.territory}.{assets.digest()}"
    caching = FOR_A_YEAR if is_lasting else "no-store"
    return _base(office.store(), version.territory, _Unkeyed(actor)).answer(request, SCRIPT, caching)


@lru_cache(maxsize=4)
def _base(store: Store, version: int, unkeyed: _Unkeyed) -> Body:  # noqa: ARG001  # parts of the key
    return Body.of(base_script(unkeyed.actor, store).encode())


def _number(layer: Layer, version: MapVersion) -> int:
    return version.territory if layer.is_territory else version.everything


def serve_layer(request: Request) -> Response:
    """Serve a layer to whoever is signed in; 403 where the role may not see it."""
    layer = LAYERS.get(request.path_params["name"])
    if layer is None:
        return PlainTextResponse("没有这个图层", status_code=404)
    actor = actor_asking(request)
    try:
        version = _number(layer, services.map_version(actor, office.store()))
        body = _encoded(office.store(), request.path_params["name"], actor, version)
    except DeniedError as error:
        return PlainTextResponse(str(error), status_code=403, headers={"Cache-Control": "no-store"})
    # Where hosts live is not left behind in a browser's store
    is_lasting = layer.is_territory and request.query_params.get("v") == str(version)
    return body.answer(request, PACKED if layer.is_packed else JSON, FOR_A_YEAR if is_lasting else "no-store")


def serve_draft(request: Request) -> Response:
    """Serve what a page has put aside for the map of the account that asks, for its rights and the data of now."""
    body = drafts.get(actor_of(request.state.account), office.store(), request.path_params["key"])
    if body is None:
        return PlainTextResponse("已过期，请重新操作", status_code=404)
    return Response(body, media_type=JSON, headers={"Cache-Control": "no-store"})


def _encoded(store: Store, name: str, actor: Actor, version: int) -> Body:
    # Asked here too, since the answer may be in memory already
    require(actor, Action.VIEW_MAP)
    if LAYERS[name].is_personal:
        require(actor, Action.VIEW_MEMBERS)
    # Territory is the same for everybody on the map; the rest is kept by role and scope
    key = (
        "" if LAYERS[name].is_territory and (actor.scope.whole_street or actor.scope.org_roots) else scope_digest(actor)
    )
    return _kept(store, name, key, version, _Unkeyed(actor))


class _Unkeyed:
    """An argument that takes no part in the key of the cache."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unkeyed)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=KEPT)
def _kept(store: Store, name: str, key: str, version: int, unkeyed: _Unkeyed) -> Body:  # noqa: ARG001  # parts of the key
    layer = LAYERS[name]
    document = layer.make(unkeyed.actor, store)
    return Body.of(packing.pack(document) if layer.is_packed else encoding.as_json(document))


def warm() -> None:
    """Build before the first visitor asks: the territory, and people and places as the whole street sees them."""
    version = services.map_version(SYSTEM, office.store())
    for name, layer in LAYERS.items():
        _encoded(office.store(), name, SYSTEM if layer.is_territory else operator(), _number(layer, version))
    _base(office.store(), version.territory, _Unkeyed(SYSTEM))
    for role in (Role.STREET_CLERK, Role.VIEWER_BIG_SCREEN):  # the wall measures walking distances the first time
        wall_now(Actor("system", role, scope_for(role, frozenset())), office.store())
