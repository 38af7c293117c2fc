"""Headers on every answer: nothing from elsewhere but pictures of declared basemaps, personal files never stored."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from starlette.datastructures import MutableHeaders

from gis.services import basemaps
from gis.ui import office

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA = "/media/"  # downloads made by pages


class Headers:
    """Adds the content security policy and its companions."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _add(headers: MutableHeaders, path: str) -> None:
    headers["Content-Security-Policy"] = policy(basemaps.hosts(office.options()))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "SAMEORIGIN"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
    if path.startswith(MEDIA):
        headers["Cache-Control"] = "no-store"


@cache
def policy(tile_hosts: tuple[str, ...] = ()) -> str:
    """Return the content security policy; scripts come from this server only, none stands in a page.

    `tile_hosts` are the servers of declared basemaps: pictures may come from there, and nothing else.
    """
    rules = {
        "default-src": "'self'",
        # blob: Streamlit loads the scripts of components that way
        "script-src": f"'self' blob: 'wasm-unsafe-eval' {_inline_script_of_streamlit()}".strip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": " ".join(("'self' data: blob:", *tile_hosts)),
        "font-src": "'self' data:",
        "connect-src": "'self' blob: data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _inline_script_of_streamlit() -> str:
    """Return the hashes of the scripts that stand in Streamlit's own index page (one line that sets a flag)."""
    page = (Path(streamlit.__file__).parent / "static/index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
