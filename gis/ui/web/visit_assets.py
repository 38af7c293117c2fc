"""Scripts and styles of the pages for visitors: two bundles under addresses that change with their content."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gis.services.visits.listing import list_script, list_style
from gis.ui.web.assets import FOLDER, PREFIX

if TYPE_CHECKING:
    from starlette.requests import Request

FOR_A_YEAR = "private, max-age=31536000, immutable"
#: Of each bundle our own files in loading order; the phone's begin with what the offline file draws with too
PARTS: dict[str, tuple[str, ...]] = {
    "phone.js": ("queue.js", "phone.js"),
    "phone.css": ("phone.css",),
    "desk.js": ("queue.js", "desk.js"),
    "desk.css": ("phone.css", "desk.css"),
}
_TYPES = {"js": "text/javascript", "css": "text/css"}
_COMMENT = re.compile(r"^\s*/\*.*?\*/\s*\n", re.DOTALL | re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route(f"{PREFIX}/{{digest}}/visits/{{name}}", serve, methods=["GET"])]


def address(name: str) -> str:
    """Return where the browser gets a bundle."""
    return f"{PREFIX}/{_digest(name)}/visits/{name}"


def serve(request: Request) -> Response:
    """Serve a bundle under the address of its content; an address of another version has nothing."""
    name = request.path_params["name"]
    if name not in PARTS or request.path_params["digest"] != _digest(name):
        return PlainTextResponse("没有这个文件", status_code=404)
    kind = _TYPES[name.rpartition(".")[2]]
    return Response(bundle(name), media_type=kind, headers={"Cache-Control": FOR_A_YEAR})


@cache
def bundle(name: str) -> bytes:
    """Return a bundle without comments and indents (our scripts have no text over several lines)."""
    texts = [(FOLDER / "visits" / part).read_text(encoding="utf-8") for part in PARTS[name]]
    if name.startswith("phone."):
        texts.insert(0, list_script() if name.endswith(".js") else list_style())
    return _INDENT.sub("", _COMMENT.sub("", "\n".join(texts))).encode()


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(bundle(name)).hexdigest()[:12]
