"""Results of visits as they are posted: each tap at once, and the same words under the same key as often as needed."""

from __future__ import annotations

import json
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

from gis.errors import BusyError, DeniedError, GisError, InputError, NotFoundError
from gis.model.ids import TargetId
from gis.model.visits import LONGEST_VISIT_NOTE, ResultSource, SaidResult, VisitResult
from gis.services.accounts import actor_of
from gis.services.visits.results import record_results
from gis.ui import office
from gis.ui.web.asking import body_of
from gis.ui.web.sign_in import is_own_origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from gis.services.visits.results import ResultOutcome

ADDRESS = "/visits/results"
MAX_BODY = 64 * 1024
MAX_RESULTS = 200
LONGEST_NAME = 100
LARGEST_ID = 2**31 - 1
_KEY = re.compile(r"[0-9A-Za-z_-]{8,64}")
_RESULTS = {one.value: one for one in VisitResult}
_SOURCES = {"phone": ResultSource.PHONE, "desk": ResultSource.DESK}
log = logging.getLogger("jiujin")


@dataclass(frozen=True, slots=True)
class Posted:
    """What one post says."""

    sheet: str
    source: ResultSource
    said: tuple[SaidResult, ...]


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route(ADDRESS, take_results, methods=["POST"])]


async def take_results(request: Request) -> Response:
    """Keep what was tapped; the answer says for each key what became of it."""
    if not is_own_origin(request):
        return _fault("请求来源不明，请从走访页面登记", 403)
    body = await body_of(request, MAX_BODY)
    if body is None:
        return _fault("一次送来的内容太多，请刷新页面再试", 413)
    try:
        posted = read_post(body)
        outcomes = await run_in_threadpool(
            record_results,
            actor_of(request.state.account),
            office.store(),
            posted.said,
            posted.source,
            posted.sheet,
        )
    except GisError as error:
        return _fault(str(error), status_of(error))
    return _answer({"results": [outcome_as_json(one) for one in outcomes]})


def status_of(error: GisError) -> int:
    """Return the HTTP status of an error; only 503 is worth another try with the same words."""
    statuses = {DeniedError: 403, NotFoundError: 404, InputError: 400, BusyError: 503}
    return next((status for kind, status in statuses.items() if isinstance(error, kind)), 409)


def outcome_as_json(outcome: ResultOutcome) -> dict[str, Any]:
    """Return what the sender is told of one result."""
    state = None if outcome.state is None else outcome.state.value
    return {"key": outcome.key, "state": state, "result_id": outcome.result_id, "message": outcome.message}


def _answer(document: Mapping[str, object], status: int = 200) -> Response:
    return JSONResponse(document, status_code=status, headers={"Cache-Control": "no-store"})


def _fault(message: str, status: int) -> Response:
    return _answer({"error": message}, status)


def read_post(body: bytes) -> Posted:
    """Read a post.

    Raises
    ------
    InputError
        It is not what the pages send; nothing of it is kept.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError(_UNREADABLE) from error
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, list) or not 0 < len(results) <= MAX_RESULTS:
        raise InputError(_UNREADABLE)
    source = _SOURCES.get(_text(document, "source") or "phone")
    if source is None:
        raise InputError(_UNREADABLE)
    return Posted(_text(document, "sheet", 32), source, tuple(read_said(one) for one in results))


_UNREADABLE = "送来的内容不完整，请刷新页面后重新登记"


def read_said(values: object) -> SaidResult:
    """Read one result from plain values, as JSON or a form has them; raises InputError."""
    if not isinstance(values, dict):
        raise InputError(_UNREADABLE)
    key, result = _text(values, "key", 64), _text(values, "result")
    if not _KEY.fullmatch(key):
        raise InputError(_UNREADABLE)
    if result not in _RESULTS:
        msg = "没有选择走访结果"
        raise InputError(msg)
    note = " ".join(_text(values, "note", 4 * LONGEST_VISIT_NOTE).split())
    if len(note) > LONGEST_VISIT_NOTE:
        msg = f"备注最多 {LONGEST_VISIT_NOTE} 字，现在 {len(note)} 字"
        raise InputError(msg)
    on_day, next_on = _day(values, "on", "走访日期"), _day(values, "next_on", "下次日期")
    if on_day is None:
        msg = "没有填写走访日期"
        raise InputError(msg)
    return SaidResult(
        key=key,
        target_id=TargetId(_number(values, "target") or 0),
        result=_RESULTS[result],
        on_day=on_day,
        by_name=" ".join(_text(values, "by", LONGEST_NAME).split()),
        note=note,
        next_on=next_on,
        based_on=_number(values, "based_on"),
    )


def _text(values: Mapping[str, object], name: str, longest: int = 64) -> str:
    value = values.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise InputError(_UNREADABLE)
    return "".join(letter for letter in value if letter.isprintable() or letter.isspace())


def _number(values: Mapping[str, object], name: str) -> int | None:
    value = values.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < len(str(LARGEST_ID)) + 1:
        value = int(value)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_ID:
        raise InputError(_UNREADABLE)
    return value


def _day(values: Mapping[str, object], name: str, label: str) -> date | None:
    text = _text(values, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"{label}“{text}”不是一个日期，请按 年-月-日 填写"
        raise InputError(msg) from error


def new_key() -> str:
    """Return a key for a form of a page without script; made with the page, so that a second press is the same."""
    return secrets.token_hex(16)
