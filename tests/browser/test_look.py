"""The key screens as a careful reader sees them (`python -m tests.browser.look` looks at all, at five sizes)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gis.model.access import Role
from tests.browser.look import faults
from tests.browser.screens import accounts_of, enter, go

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer, OpenPage

pytestmark = pytest.mark.browser
DESK = ("map", "cards", "groups", "visits", "boards", "orgs", "data", "settings")
PHONE = ("map", "visits", "cards")

#: A page on which each fault is made once, so that it is known that the script finds it
BAD = """
<main style="background:#fff;color:#222;font:16px sans-serif">
  <p style="position:absolute;top:10px;left:10px;margin:0">第一行文字压着</p>
  <p style="position:absolute;top:14px;left:30px;margin:0">第二行文字</p>
  <p style="position:absolute;top:60px;left:10px;width:60px;overflow:hidden;white-space:nowrap">写不下的一长串文字</p>
  <p style="position:absolute;top:120px;left:10px;color:#bbb">太淡的文字</p>
  <p style="position:absolute;top:180px;left:10px">Browse files</p>
  <p style="position:absolute;top:240px;left:10px">好的一行，PDF</p>
  <p title="全文" style="position:absolute;top:300px;left:10px;width:60px;overflow:hidden;white-space:nowrap">
    写不下但有全文的一行</p>
</main>
"""


def test_the_script_finds_what_is_wrong_and_nothing_else(browser_page: Page):
    browser_page.set_content(BAD)
    found = [(one["kind"], one["text"]) for one in faults(browser_page)]
    assert sorted(found) == [
        ("clipped", "写不下的一长串文字"),
        ("contrast", "太淡的文字"),
        ("english", "Browse files"),
        ("overlap", "第一行文字压着"),
    ]


@pytest.mark.parametrize(("size", "screens"), [((1366, 768), DESK), ((390, 844), PHONE)], ids=["desk", "phone"])
def test_nothing_overlaps_is_cut_off_faint_or_english(
    open_page: OpenPage, app_server: AppServer, size: tuple[int, int], screens: tuple[str, ...]
):
    page = open_page(width=size[0], height=size[1])
    enter(page.context, app_server, accounts_of(app_server)[Role.STREET_CLERK])
    for screen in screens:
        go(page, app_server, f"/{screen}")
        # other tests leave made-up names that try to break out of the page
        assert [one for one in faults(page, app_server.accounts) if "window.ran" not in one["text"]] == [], screen
