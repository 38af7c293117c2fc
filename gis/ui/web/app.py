"""The parts of the ASGI app around Streamlit: routes, gate, headers and what happens once at the start."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import streamlit.emojis  # noqa: F401  # Streamlit reads this long list when the first page names its icon
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from gis.services import map_search
from gis.services.accounts import ADMIN_NAME, SYSTEM, ensure_administrator
from gis.ui import office, session
from gis.ui.data import uploads
from gis.ui.map import panel
from gis.ui.navigation import first_screen
from gis.ui.web import assets, basemaps, display, layers, prints, search, sign_in, visit_posts, visits
from gis.ui.web.early import Early
from gis.ui.web.gate import Gate
from gis.ui.web.headers import Headers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response


def parts() -> dict[str, Any]:
    """Return the arguments for `st.App`."""
    # Without this line the first visitor after a start who opens /x runs pages/x.py without the entry script
    PagesManager.uses_pages_directory = False
    return {
        "routes": [
            Route("/", start),
            *sign_in.routes(),
            *assets.routes(),
            *layers.routes(),
            *basemaps.routes(),
            *visit_posts.routes(),
            *visits.routes(),
            *display.routes(),
            *search.routes(),
            *prints.routes(),
        ],
        "middleware": [Middleware(Headers), Middleware(Gate), Middleware(Early)],
        "lifespan": lifespan,
        "on_script_error": session.report_bug,
    }


def start(request: Request) -> Response:
    """Send a signed-in user to the first screen of the role."""
    return RedirectResponse(f"/{first_screen(request.state.account.role).address}", status_code=303)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Open the store, create the administrator of an empty database, build the layers that everybody asks for."""
    password = await run_in_threadpool(ensure_administrator, office.store())
    if password is not None:
        sys.stdout.write(
            f"\n首次启动：已建立系统管理员。登录名 {ADMIN_NAME}，初始口令 {password}"
            "（只显示这一次，首次登录须修改）\n\n"
        )
        sys.stdout.flush()
    basemaps.address()  # a list that cannot be read is said at the start
    uploads.clear()
    await run_in_threadpool(layers.warm)
    await run_in_threadpool(panel.warm)
    await run_in_threadpool(map_search.warm, SYSTEM, office.store())
    yield
    office.store().close()
