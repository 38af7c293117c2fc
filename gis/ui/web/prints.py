"""Prints of the map: the browser says what it looks at, the server draws it again with the rights of the account."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gis.errors import BusyError, GisError, InputError
from gis.services.accounts import actor_of
from gis.services.map_print.scene import MapFilter
from gis.services.map_print.sheet import MapPrint, SheetSize, print_map
from gis.ui import office
from gis.ui.web.asking import body_of
from gis.ui.web.sign_in import is_own_origin
from gis.ui.web.visit_posts import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from gis.model.access import Actor
    from gis.services.notices import NoticeFile

ADDRESS = "/gis/print/map"
MAX_BODY = 128 * 1024
MOST_AT_ONCE, PATIENCE_S = 2, 20.0
LARGEST_ID = 2**31 - 1
FARTHEST = 360.0  # degrees; no number at all is not in between
_UNREADABLE = "送来的内容不完整，请刷新地图后再试"
_SIZES = {size.value: size for size in SheetSize}
_room = threading.BoundedSemaphore(MOST_AT_ONCE)


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route(ADDRESS, print_view, methods=["POST"])]


async def print_view(request: Request) -> Response:
    """Answer with the PDF of the view, or say why there is none."""
    if not is_own_origin(request):
        return _fault("请求来源不明，请从地图页面打印", 403)
    body = await body_of(request, MAX_BODY)
    if body is None:
        return _fault("一次送来的内容太多，请刷新地图后再试", 413)
    try:
        made = await run_in_threadpool(_print, actor_of(request.state.account), body)
    except GisError as error:
        return _fault(str(error), status_of(error))
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name, safe='')}"}
    return Response(made.content, media_type=made.mime, headers={**named, "Cache-Control": "no-store"})


def _print(actor: Actor, body: bytes) -> NoticeFile:
    wanted, options = read_print(body), office.options()
    with _in_turn():
        return print_map(actor, office.store(), wanted, review_no=options.map_review_no, font_dir=options.font_dir)


@contextmanager
def _in_turn() -> Iterator[None]:
    """Draw few sheets at once: one of a large street takes seconds of a core."""
    if not _room.acquire(timeout=PATIENCE_S):
        msg = "正在打印的人较多，请过一会儿再试"
        raise BusyError(msg)
    try:
        yield
    finally:
        _room.release()


def _fault(message: str, status: int) -> Response:
    return JSONResponse({"error": message}, status_code=status, headers={"Cache-Control": "no-store"})


def read_print(body: bytes) -> MapPrint:
    """Read what is to be printed.

    Raises
    ------
    InputError
        It is not what the map sends.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError(_UNREADABLE) from error
    if not isinstance(said, dict):
        raise InputError(_UNREADABLE)
    size = _SIZES.get(_text(said.get("size", "a4")))
    box = said.get("box")
    if size is None or not isinstance(box, list) or len(box) != 4 or not all(_is_number(one) for one in box):  # noqa: PLR2004  # four sides
        raise InputError(_UNREADABLE)
    group = said.get("group")
    return MapPrint(
        box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
        title=_text(said.get("title", "")),
        size=size,
        is_upright=_flag(said, "upright"),
        is_outside=_flag(said, "outside"),
        hidden=frozenset(_texts(said.get("hidden", []))),
        chosen=_filter(said.get("filter") or {}),
        group_id=None if group is None else _id(group),
    )


def _filter(said: object) -> MapFilter:
    if not isinstance(said, dict):
        raise InputError(_UNREADABLE)
    return MapFilter(
        state=_text(said.get("state", "transition")),
        branches=frozenset(_id(one) for one in _list(said.get("branches", []))),
        grids=frozenset(_id(one) for one in _list(said.get("grids", []))),
        bands=frozenset(_texts(said.get("bands", []))),
    )


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(_UNREADABLE)
    return value


def _texts(value: object) -> list[str]:
    return [_text(one) for one in _list(value)]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InputError(_UNREADABLE)
    return value


def _id(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_ID:
        raise InputError(_UNREADABLE)
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -FARTHEST <= value <= FARTHEST


def _flag(said: dict[str, Any], name: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise InputError(_UNREADABLE)
    return value
