"""The menu: drop-down headings on a desk, with the keyboard too; the same headings over the list of a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.steps import MAP, PAGES, open_as
from tests.browser.test_words import all_chinese

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.fixtures.browser import AppServer, OpenPage

pytestmark = pytest.mark.browser


def heading(page: Page, name: str) -> Locator:
    return page.locator("[data-testid=stTopNavSection]", has_text=name)


def test_a_screen_is_reached_by_the_keyboard_and_its_heading_is_marked(browser_page: Page, app_server: AppServer):
    page = browser_page
    open_as(page, app_server, "zuzhi", "/map")
    page.wait_for_selector(MAP)
    expect(page.locator("[data-testid=stTopNavSection][data-jj-here]")).to_have_count(0)
    heading(page, "编组").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(heading(page, "编组")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="编组方案")).to_be_focused()
    all_chinese(page, app_server)
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans")
    expect(page.locator("[data-testid=stTopNavSection][data-jj-here]")).to_have_text("编组")


def test_headings_without_room_share_one_in_chinese(browser_page: Page, app_server: AppServer):
    page = browser_page
    open_as(page, app_server, "zuzhi", "/account")
    menu = page.locator("[data-testid=stTopNav]")
    who = page.locator(".jj-who").bounding_box()
    room = menu.bounding_box()
    assert who is not None
    assert room is not None
    assert room["x"] + room["width"] <= who["x"], "the menu ends before the name of who is signed in"
    menu.evaluate("part => { part.style.maxWidth = '14rem'; }")
    heading(page, "更多").click()
    expect(page.get_by_role("menuitem", name="编组条件")).to_be_visible()
    all_chinese(page, app_server)


def test_on_a_phone_the_list_of_screens_stands_under_headings(open_page: OpenPage, app_server: AppServer):
    page = open_page(width=390, height=844)
    open_as(page, app_server, "zuzhi", "/account")
    page.get_by_role("button", name="展开菜单").click()
    menu = page.locator("[data-testid=stSidebarNav]")
    expect(menu.get_by_text("编组", exact=True)).to_be_visible()
    expect(menu.get_by_role("link", name="编组条件")).to_be_visible()
    all_chinese(page, app_server)
    menu.get_by_role("link", name="编组条件").click()
    page.wait_for_selector(PAGES["/conditions"])
