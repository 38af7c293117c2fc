"""Basemaps by address: the list for whoever is signed in, and the tiles of local files; both behind the gate."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gis.errors import ConfigError, DeniedError, NotFoundError
from gis.services import basemaps as services
from gis.services.accounts import actor_of
from gis.ui import office

if TYPE_CHECKING:
    from starlette.requests import Request

    from gis.model.basemaps import Basemap

LIST = "/gis/basemaps"
TILES = "/gis/tiles"
FOR_A_YEAR = "private, max-age=31536000, immutable"
DIGITS = 8  # of the number of a column or row


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route(LIST, serve_list, methods=["GET"]),
        Route(f"{TILES}/{{name}}/{{z}}/{{x}}/{{y}}", serve_tile, methods=["GET"]),
    ]


def address() -> str | None:
    """Return where the browser gets the list; None where the installation has no basemap."""
    declared = services.declared(office.options())
    return f"{LIST}?v={_digest(declared)}" if declared else None


def serve_list(request: Request) -> Response:
    """Serve the basemaps that this account's pages may offer; never stored, since it may hold the key."""
    options = office.options()
    try:
        found = services.basemaps_for(actor_of(request.state.account), options)
    except DeniedError as error:
        return _refusal(str(error), 403)
    body = json.dumps([_document(one) for one in found], ensure_ascii=False, separators=(",", ":"))
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def serve_tile(request: Request) -> Response:
    """Serve a tile of a local file: 204 where the file has none, 404 outside the range of tiles."""
    at = _place(request)
    if at is None:
        return _refusal("没有这张瓦片", 404)
    name = request.path_params["name"]
    options = office.options()
    try:
        found = services.tile(actor_of(request.state.account), options, name, at)
    except DeniedError as error:
        return _refusal(str(error), 403)
    except NotFoundError as error:
        return _refusal(str(error), 404)
    except ConfigError as error:
        return _refusal(str(error), 503)
    is_lasting = request.query_params.get("v") in {
        one.file.stamp for one in services.declared(options) if one.name == name and one.file
    }
    headers = {"Cache-Control": FOR_A_YEAR if is_lasting else "no-store"}
    return Response(status_code=204, headers=headers) if found is None else Response(found[0], 200, headers, found[1])


def _place(request: Request) -> tuple[int, int, int] | None:
    texts = [request.path_params[part] for part in "zxy"]
    if not all(text.isascii() and text.isdecimal() and len(text) <= DIGITS for text in texts):
        return None
    zoom, column, row = (int(text) for text in texts)
    return (zoom, column, row) if services.is_tile(zoom, column, row) else None


def _document(basemap: Basemap) -> dict[str, Any]:
    """Return what the map's script reads."""
    options = office.options()
    file = basemap.file
    here = (f"{TILES}/{basemap.name}/{{z}}/{{x}}/{{y}}?v={file.stamp}",) if file else ()
    return {
        "name": basemap.name,
        "title": basemap.title,
        "urls": list(here or services.addresses(basemap, options)),
        "subdomains": basemap.subdomains,
        "zooms": list(basemap.zooms),
        "box": list(file.box) if file and file.box and not basemap.is_shifted else None,
        "shifted": basemap.is_shifted,
        "outside": basemap.is_outside,
        "rights": services.rights(basemap, options),
    }


def _digest(declared: tuple[Basemap, ...]) -> str:
    return hashlib.sha256(repr(declared).encode()).hexdigest()[:12]


def _refusal(text: str, status: int) -> Response:
    return PlainTextResponse(text, status_code=status, headers={"Cache-Control": "no-store"})
