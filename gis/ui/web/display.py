"""The big screen: a plain page of figures that refreshes itself, for a screen with a token or whoever is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gis.errors import DeniedError
from gis.services.accounts import actor_of
from gis.services.displays import actor_of_display, board_now
from gis.services.kpi_document import kpi_document
from gis.ui import office
from gis.ui.navigation import SCREENS
from gis.ui.web.assets import FOLDER
from gis.ui.web.gate import DISPLAY

if TYPE_CHECKING:
    from starlette.requests import Request

    from gis.model.access import Actor

NO_STORE = {"Cache-Control": "no-store"}
_FILES = {"display.js": "text/javascript", "display.css": "text/css"}
_pages = Environment(loader=FileSystemLoader(FOLDER / "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_pages.filters["figure"] = lambda value: f"{value:,.1f}".removesuffix(".0")


def routes() -> list[Route]:
    """Return the routes of this module; nothing below `/display` is Streamlit's."""
    return [
        Route(DISPLAY, show_display, methods=["GET"]),
        Route(f"{DISPLAY}/kpis.json", serve_kpis, methods=["GET"]),
        *(Route(f"{DISPLAY}/{name}", _serve_file, methods=["GET"]) for name in _FILES),
        Route(f"{DISPLAY}/{{rest:path}}", _nothing),
    ]


def show_display(request: Request) -> Response:
    """Show the figures as they are now; the page's script keeps them so."""
    try:
        document = _document(request)
    except DeniedError as error:
        return PlainTextResponse(str(error), status_code=403, headers=NO_STORE)
    html = _pages.get_template("display.html").render(board=document)
    return HTMLResponse(html, headers=NO_STORE)


def serve_kpis(request: Request) -> Response:
    """Serve the figures."""
    try:
        return JSONResponse(_document(request), headers=NO_STORE)
    except DeniedError as error:
        return JSONResponse({"error": str(error)}, status_code=403, headers=NO_STORE)


def _document(request: Request) -> dict[str, object]:
    actor = _actor(request)
    document = kpi_document(board_now(actor, office.store()))
    open_to = {screen.address for screen in SCREENS if actor.may(screen.action)}
    rows = [row for row in document["kpis"] if isinstance(row, dict)] if isinstance(document["kpis"], list) else []
    document["kpis"] = [{**row, "screen": row["screen"] if row["screen"] in open_to else None} for row in rows]
    return document


def _actor(request: Request) -> Actor:
    """Return who looks: a screen with a token goes before an account, so that it never shows more than counts."""
    display = getattr(request.state, "display", None)
    return actor_of(request.state.account) if display is None else actor_of_display(display)


def _serve_file(request: Request) -> Response:
    name = request.url.path.rpartition("/")[2]
    return Response((FOLDER / "display" / name).read_bytes(), media_type=_FILES[name], headers=NO_STORE)


def _nothing(_request: Request) -> Response:
    return PlainTextResponse("没有这个地址", status_code=404, headers=NO_STORE)
