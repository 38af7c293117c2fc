"""The gate: every request and every websocket needs a signed-in browser, but for the sign-in and the health check.

Streamlit serves media, uploads and components under addresses of its own; nothing but the gate protects those
(docs/decisions/005).
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from gis.errors import SignInError
from gis.services.accounts import account_for_token
from gis.services.displays import display_for_token
from gis.ui import office

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from gis.model.accounts import Account, DisplayToken

COOKIE = "gis_sid"
SIGN_IN = "/login"
SIGN_OUT = "/logout"
PASSWORD = "/password"  # noqa: S105  # an address
#: A screen on the wall: its token is taken once from the address and then stands in a cookie
DISPLAY, DISPLAY_COOKIE, WALL = "/display", "gis_display", "/wall"
FIGURES = f"{DISPLAY}/kpis.json"
DISPLAY_PATHS = frozenset({DISPLAY, FIGURES})
DISPLAY_ENDED = "这块大屏已停用或到期，请联系系统管理员"
STREAM = "/_stcore/stream"
#: What the page of the wall needs beside itself: Streamlit's own files and the ground of its map. Hosts are homes of
#: persons, so that places are not among them; nor is anything that takes a file or hands one out.
WALL_PATHS = frozenset(
    {
        WALL,
        "/favicon.png",
        "/_stcore/host-config",
        *(f"/gis/layers/{name}" for name in ("grids", "buildings", "estates", "roads")),
    }
)
WALL_FOLDERS = ("/static/", "/gis/assets/")
OPEN = frozenset({SIGN_IN, "/_stcore/health"})
UNTIL_CHANGED = frozenset({PASSWORD, SIGN_OUT})
NOT_SIGNED_IN_CODE = 4401  # closing a websocket before it is accepted answers 403; the code is for the log


class Gate:
    """Lets signed-in browsers pass and puts their account into `scope["state"]`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the app's place, or let the request through."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in OPEN:
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        offered = connection.query_params.get("token", "") if scope["path"] == DISPLAY and _is_reading(scope) else ""
        if offered:
            display = await run_in_threadpool(_display, offered)
            await _take_token(display, offered, connection)(scope, receive, send)
            return
        if await _let_in(scope, connection):
            await self.app(scope, receive, send)
            return
        await _turn_away(scope["state"].get("account"), scope, receive, send)


async def _let_in(scope: Scope, connection: HTTPConnection) -> bool:
    """Put who asks into the state of the request, and say whether that opens what is asked for.

    The figures of a screen with a token are asked for by nobody, and never with the rights of whoever signed in at it.
    """
    state = scope.setdefault("state", {})
    display = None
    if is_for_displays(scope):
        display = await run_in_threadpool(_display, connection.cookies.get(DISPLAY_COOKIE, ""))
    if display is not None and scope["path"] in DISPLAY_PATHS:
        state["display"] = display
        return True
    # a refresh that nobody asked for does not keep a session awake
    is_touch = scope["path"] != FIGURES
    account = await run_in_threadpool(_account, connection.cookies.get(COOKIE, ""), is_touch=is_touch)
    if account is not None:
        state["account"] = account
        return not account.must_change or scope["path"] in UNTIL_CHANGED
    if display is not None:
        state["display"] = display
    return display is not None


def is_for_displays(scope: Scope) -> bool:
    """Whether a screen on the wall may have this: it reads a few addresses, and holds one connection."""
    path = scope["path"]
    if scope["type"] == "websocket":
        return bool(path == STREAM)
    is_listed = path in DISPLAY_PATHS | WALL_PATHS or (path.startswith(WALL_FOLDERS) and ".." not in path)
    return _is_reading(scope) and is_listed


def _is_reading(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD")


def _account(token: str, *, is_touch: bool) -> Account | None:
    try:
        return account_for_token(office.store(), token, settings=office.options(), is_touch=is_touch)
    except SignInError:
        return None


def _display(token: str) -> DisplayToken | None:
    try:
        return display_for_token(office.store(), token) if token else None
    except SignInError:
        return None


def _take_token(display: DisplayToken | None, token: str, connection: HTTPConnection) -> Response:
    """Put a token into the cookie, and take it out of the address, where others could read it."""
    if display is None:
        answer = _refusal("大屏令牌无效、已到期或已停用，请联系系统管理员", 401)
    else:
        answer = RedirectResponse(WALL, status_code=303)
        answer.set_cookie(
            DISPLAY_COOKIE,
            token,
            expires=display.expires_at.replace(tzinfo=UTC),
            path="/",
            secure=connection.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _turn_away(account: Account | None, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": NOT_SIGNED_IN_CODE})
        return
    answer: Response
    if account is not None:
        answer = RedirectResponse(PASSWORD, status_code=303) if _is_page(scope) else _refusal("请先修改初始口令", 403)
    elif scope["path"] in (DISPLAY, WALL) and DISPLAY_COOKIE in HTTPConnection(scope).cookies:
        answer = _refusal(DISPLAY_ENDED, 401)  # no form for passwords on a wall
    elif _is_page(scope):
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = safe_next(scope["path"] + (f"?{query}" if query else ""))
        answer = RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", status_code=303)
    else:
        answer = _refusal("请先登录", 401)
    answer.headers["Cache-Control"] = "no-store"
    await answer(scope, receive, send)


def _refusal(text: str, status: int) -> Response:
    return PlainTextResponse(text, status_code=status)


def _is_page(scope: Scope) -> bool:
    """Whether a person asked for a page, and not a script for data."""
    accepts = HTTPConnection(scope).headers.get("accept", "")
    return scope["method"] in ("GET", "HEAD") and "text/html" in accepts


def safe_next(address: str) -> str:
    """Return where to go after the sign-in: a path on this site, else the start page."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as //[
        return "/"
    is_plain = address.isprintable() and "\\" not in address and not parts.scheme and not parts.netloc
    is_path = address.startswith("/") and not address.startswith("//")
    return address if is_plain and is_path and parts.path not in (SIGN_IN, SIGN_OUT, PASSWORD) else "/"
