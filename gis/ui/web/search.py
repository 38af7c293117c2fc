"""The map's search by address: posted, so that a name stands in no address, no history and no log; never stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

from gis.errors import BusyError, DeniedError
from gis.services.accounts import actor_of
from gis.services.map_search import LONGEST, search_map
from gis.ui import office
from gis.ui.web.asking import body_of
from gis.ui.web.sign_in import is_own_origin

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from gis.services.map_search import Hit

ADDRESS = "/gis/search"
MAX_BODY = 1024


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route(ADDRESS, serve_hits, methods=["POST"])]


async def serve_hits(request: Request) -> Response:
    """Answer what the letters typed so far may mean to whoever is signed in."""
    if not is_own_origin(request):
        return _answer({"error": "请求来源不明，请从一张图查找"}, 403)
    text = await _text(request)
    if text is None:
        return _answer({"error": f"请输入不超过 {LONGEST} 个字"}, 400)
    try:
        found = await run_in_threadpool(search_map, actor_of(request.state.account), office.store(), text)
    except DeniedError as error:
        return _answer({"error": str(error)}, 403)
    except BusyError as error:
        return _answer({"error": str(error)}, 503)
    return _answer({"hits": [_document(hit) for hit in found]})


async def _text(request: Request) -> str | None:
    """Return what was typed; None where the body is too long or something else."""
    body = await body_of(request, MAX_BODY)
    if body is None:
        return None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    text = document.get("q") if isinstance(document, dict) else None
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    return "".join(letter for letter in text if letter.isprintable() or letter.isspace())


def _document(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind.value,
        "label": hit.kind.label,
        "id": hit.id,
        "name": hit.name,
        "detail": hit.detail,
        "box": [round(side, 6) for side in hit.box] if hit.box else None,
        "card": {"kind": hit.card[0], "id": hit.card[1]} if hit.card else None,
    }


def _answer(document: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(document, status_code=status, headers={"Cache-Control": "no-store"})
