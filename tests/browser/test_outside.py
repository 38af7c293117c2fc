"""Every page of every role's menu in one browser: nothing is asked from elsewhere, refused, blocked or
broken, and nothing is left in English.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gis.model.access import Role
from tests.browser.screens import accounts_of, display_token, enter, go, menu, settle
from tests.browser.test_words import all_chinese
from tests.fixtures.browser import new_profile
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Response

    from tests.fixtures.browser import AppServer, Outside

pytestmark = pytest.mark.browser
REFUSED = 400
#: What the plain pages of visits are opened with, beside the menu
PLAIN = {
    Role.LIAISON: ("/visits/my",),
    Role.STREET_CLERK: ("/visits/my", "/visits/desk"),
}


def watch(page: Page, outside: Outside) -> None:
    """Record, beside what leaves the machine, every request that fails or is refused."""
    outside.watch(page)

    def failed(request: Request) -> None:
        # a page that is left drops what it was still fetching
        if "ERR_ABORTED" not in (request.failure or ""):
            outside.errors.append(f"{request.failure} {request.url}")

    def answered(response: Response) -> None:
        # Streamlit looks for its own addresses below the page's before it looks at the top
        if response.status >= REFUSED and "/_stcore/" not in response.url:
            outside.errors.append(f"{response.status} {response.url}")

    page.on("requestfailed", failed)
    page.on("response", answered)


def test_no_page_of_any_role_asks_for_anything_elsewhere(browser: Browser, app_server: AppServer, outside: Outside):
    tokens = accounts_of(app_server)
    context = new_profile(browser, 1280, 900)
    page = context.new_page()
    watch(page, outside)
    seen = []
    for role, token in tokens.items():
        enter(context, app_server, token)
        page.goto("about:blank")
        for address in (*(f"/{one}" for one in menu(role)), *PLAIN.get(role, ())):
            go(page, app_server, address)
            assert page.locator(".jj-trouble:visible, [data-testid=stException]").count() == 0, (role, address)
            all_chinese(page, app_server)
            seen.append((role, address))
    context.clear_cookies()
    for address in ("/login", "/"):
        page.goto(app_server.url + address)
    context.close()
    assert len(seen) > len(Role) * 3


def test_a_screen_on_the_wall_asks_for_nothing_elsewhere(browser: Browser, app_server: AppServer, outside: Outside):
    with closing(open_store(app_server.db_url)) as store:
        token = display_token(store)
    context = new_profile(browser, 1920, 1080)
    page = context.new_page()
    watch(page, outside)
    page.goto(f"{app_server.url}/display?token={token}")
    settle(page)
    context.close()
