"""What the map will ask for is named in the answer to its page: the browser fetches it while Streamlit still loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders

from gis.errors import DeniedError
from gis.services import map_layers as services
from gis.services.accounts import actor_of
from gis.ui import office
from gis.ui.web import assets, layers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from gis.model.accounts import Account

PAGES = frozenset({"/map"})


class Early:
    """Adds the header `Link` to the map's page; stands behind the gate, which knows whose page it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the header."""
        account = scope.get("state", {}).get("account")
        if scope["type"] != "http" or scope["path"] not in PAGES or scope["method"] != "GET" or account is None:
            await self.app(scope, receive, send)
            return
        link = await run_in_threadpool(link_for, account)

        async def send_with_link(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200 and link:  # noqa: PLR2004  # OK
                MutableHeaders(scope=message)["Link"] = link
            await send(message)

        await self.app(scope, receive, send_with_link)


def link_for(account: Account) -> str:
    """Return the header for this account's map; empty where the role has none."""
    actor = actor_of(account)
    try:
        version = services.map_version(actor, office.store())
    except DeniedError:
        return ""
    scripts = (*assets.map_scripts(), layers.base_address(version))
    found = [f"<{url}>; rel=preload; as=script" for url in scripts]
    found.append(f"<{assets.map_host()}>; rel=modulepreload")
    found += [f"<{url}>; rel=preload; as=style" for url in assets.map_styles()]
    found += [f"<{url}>; rel=preload; as=fetch; crossorigin" for url in layers.addresses(actor, version).values()]
    return ", ".join(found)
