"""The address of a screen on the wall, and its figures as a document; the wall itself is the page `pages/wall.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gis.errors import DeniedError
from gis.services.accounts import actor_of
from gis.services.displays import actor_of_display, board_now
from gis.services.kpi_document import kpi_document
from gis.ui import office
from gis.ui.navigation import SCREENS
from gis.ui.web.gate import DISPLAY, FIGURES, WALL

if TYPE_CHECKING:
    from starlette.requests import Request

    from gis.model.access import Actor

NO_STORE = {"Cache-Control": "no-store"}


def routes() -> list[Route]:
    """Return the routes of this module; nothing below `/display` is Streamlit's."""
    return [
        Route(DISPLAY, go_to_wall, methods=["GET"]),
        Route(FIGURES, serve_kpis, methods=["GET"]),
        Route(f"{DISPLAY}/{{rest:path}}", _nothing),
    ]


def go_to_wall(_request: Request) -> Response:
    """Go on to the wall; a token in the address never gets here, the gate has taken it."""
    return RedirectResponse(WALL, status_code=303, headers=NO_STORE)


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
    closed = {"screen": None, "link": None}
    document["kpis"] = [row if row["screen"] in open_to else {**row, **closed} for row in rows]
    return document


def _actor(request: Request) -> Actor:
    """Return who looks: a screen with a token goes before an account, so that it never shows more than counts."""
    display = getattr(request.state, "display", None)
    return actor_of(request.state.account) if display is None else actor_of_display(display)


def _nothing(_request: Request) -> Response:
    return PlainTextResponse("没有这个地址", status_code=404, headers=NO_STORE)
