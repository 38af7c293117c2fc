"""What people do in the browser, as steps for tests; every step waits for a condition, none for time."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from gis.services.accounts import sign_in
from tests.browser.screens import enter
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer

#: Address → what shows that the page is there
PAGES = {
    "/map": ".jj-street[data-drawn]",
    "/wall": ".jjw-map[data-drawn]",
    "/cards": "h1:has-text('联系卡')",
    "/groups": "h1:has-text('临时党小组')",
    "/plans": "h1",
    "/conditions": "h1:has-text('编组条件')",
    "/modes": "h1:has-text('学习方式')",
    "/visits": "h1:has-text('上门送学')",
    "/settings": "h1:has-text('设置')",
    "/data": "h1:has-text('数据导入')",
    "/locate": "h1:has-text('定位')",
    "/users": "h1:has-text('账号管理')",
    "/account": "h1:has-text('我的账号')",
}
MAP = ".jj-street[data-drawn]"
DRAFT = ".jj-street[data-draft]"
CARD = ".jj-card h3"


def open_as(page: Page, server: AppServer, user: str, address: str) -> None:
    """Open an address as somebody who is signed in."""
    with closing(open_store(server.db_url)) as store:
        token = sign_in(store, user, server.accounts[user])
    enter(page.context, server, token)
    page.goto(server.url + address)
    page.wait_for_selector(PAGES[address.partition("?")[0]])


def sign_in_on_the_way(page: Page, server: AppServer, user: str, address: str) -> None:
    """Open an address in a fresh browser: sign in by the form and arrive there."""
    page.goto(server.url + address)
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.fill("#username", user)
    page.fill("#password", server.accounts[user])
    page.click("button[type=submit]")
    page.wait_for_selector(PAGES[address.partition("?")[0]])


def inked(page: Page, selector: str) -> int:
    """Count the pixels that something was drawn on, over all canvases of a selector."""
    count: int = page.evaluate(
        """selector => [...document.querySelectorAll(selector)].reduce((sum, canvas) => {
            const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            let inked = 0;
            for (let k = 3; k < data.length; k += 4) { inked += data[k] > 0 ? 1 : 0; }
            return sum + inked;
        }, 0)""",
        selector,
    )
    return count


def click_at(page: Page, lon: float, lat: float, *, zoom: int = 18) -> None:
    """Bring a place to the middle of the map and click on it."""
    spot: dict[str, Any] = page.evaluate(
        """([lon, lat, zoom]) => {
            const map = window.Jiujin.latest;
            map.setView([lat, lon], zoom, {animate: false});
            const box = map.getContainer().getBoundingClientRect(), p = map.latLngToContainerPoint([lat, lon]);
            return {x: box.left + p.x, y: box.top + p.y};
        }""",
        [lon, lat, zoom],
    )
    page.mouse.click(spot["x"], spot["y"])


def scrolls_sideways(page: Page) -> bool:
    """Whether any part of the page is wider than the screen."""
    wide: bool = page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
            .some(part => part.scrollWidth > part.clientWidth + 1)"""
    )
    return wide


def choose(page: Page, label: str, words: str) -> None:
    """Choose the first option that begins so, with the keyboard: an open list moves about while the page settles."""
    box, option = page.get_by_role("combobox", name=label), page.get_by_role("option").first
    for _ in range(3):  # the page that runs again shuts the list
        box.focus()
        box.fill(words)
        try:
            expect(option).to_contain_text(words, timeout=5000)
            break
        except AssertionError:
            page.keyboard.press("Escape")
    expect(option).to_contain_text(words)
    page.keyboard.press("Enter")
    expect(box).to_have_value(re.compile(f"^{re.escape(words)}"))


def publish(page: Page) -> None:
    """Publish the draft that is open; without the dates of a decision it asks for a reason."""
    page.get_by_role("button", name="发布…").click()
    expect(page.get_by_text("发布后立即生效")).to_be_visible()
    page.get_by_label("理由").fill("支委会已决定，日期随后补登")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="确定发布").click()
    expect(page.get_by_text("已发布：建立")).to_be_visible()
