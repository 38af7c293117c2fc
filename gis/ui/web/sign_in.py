"""Sign-in, sign-out and change of password: plain pages made on the server, without any script."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gis.errors import BusyError, GisError, SignInError
from gis.services import accounts
from gis.ui import drafts, office
from gis.ui.web.assets import FOLDER
from gis.ui.web.gate import COOKIE, PASSWORD, SIGN_IN, SIGN_OUT, safe_next

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_FORM = 16 * 1024
_templates = Environment(loader=FileSystemLoader(FOLDER / "pages"), autoescape=True)


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route(SIGN_IN, show_sign_in, methods=["GET"]),
        Route(SIGN_IN, sign_in, methods=["POST"]),
        Route(SIGN_OUT, sign_out, methods=["GET", "POST"]),
        Route(PASSWORD, show_password, methods=["GET"]),
        Route(PASSWORD, change_password, methods=["POST"]),
    ]


def show_sign_in(request: Request) -> Response:
    """Show the sign-in form."""
    wanted = safe_next(request.query_params.get("next", "/"))
    notice = {"out": "已退出登录", "changed": "口令已修改，请用新口令登录"}.get(
        request.query_params.get("said", ""), ""
    )
    return _page("login.html", next=wanted, notice=notice)


async def sign_in(request: Request) -> Response:
    """Check name and password; on success set the cookie and go where the user wanted to go."""
    form = await _form(request)
    if form is None:
        return _page("login.html", status=403, error="请求来源不明，请从本页重新登录", next="/")
    wanted, username = safe_next(form.get("next", "/")), form.get("username", "")
    try:
        token = await run_in_threadpool(
            accounts.sign_in, office.store(), username, form.get("password", ""), address=_address(request)
        )
    except SignInError as error:
        return _page("login.html", status=401, error=str(error), next=wanted, username=username)
    except BusyError as error:
        return _page("login.html", status=503, error=str(error), next=wanted, username=username)
    answer = RedirectResponse(wanted, status_code=303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def sign_out(request: Request) -> Response:
    """End the session; a link on another site cannot do that to somebody."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return RedirectResponse("/", status_code=303)
    try:
        accounts.sign_out(accounts.actor_of(request.state.account), office.store(), request.cookies.get(COOKIE, ""))
    except BusyError as error:
        return PlainTextResponse(f"{error}。您仍在登录状态，请稍后再退出", status_code=503)
    drafts.forget(request.state.account.username)
    answer = RedirectResponse(f"{SIGN_IN}?said=out", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def show_password(request: Request) -> Response:
    """Show the form for a new password."""
    return _page("password.html", account=request.state.account)


async def change_password(request: Request) -> Response:
    """Change one's own password; all sessions end, so the next page is the sign-in."""
    account, form = request.state.account, await _form(request)
    if form is None:
        return _page("password.html", status=403, account=account, error="请求来源不明，请从本页重新提交")
    old, new, again = (form.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return _page("password.html", status=400, account=account, error="两次填写的新口令不一致")
    try:
        await run_in_threadpool(accounts.change_password, accounts.actor_of(account), office.store(), old, new)
    except GisError as error:
        return _page("password.html", status=400, account=account, error=str(error))
    answer = RedirectResponse(f"{SIGN_IN}?said=changed", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _page(template: str, *, status: int = 200, **values: object) -> Response:
    html = _templates.get_template(template).render(values)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})


async def _form(request: Request) -> dict[str, str] | None:
    """Return the fields of a form that was sent from this very site, else None."""
    length = request.headers.get("content-length", "")
    if not is_own_origin(request) or not length.isdecimal() or int(length) > MAX_FORM:
        return None
    async with request.form(max_files=0, max_fields=8) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def is_own_origin(request: Request) -> bool:
    """Whether a post comes from a page of this site; a post that does not say is refused."""
    said = request.headers.get("origin") or request.headers.get("referer") or ""
    try:
        return bool(said) and urlsplit(said).netloc == request.headers.get("host")
    except ValueError:  # such as http://[
        return False


def _address(request: Request) -> str:
    return request.client.host[:64] if request.client else ""
