"""The slider over the years: it moves in the browser, and nothing of the page runs for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.browser.steps import open_as

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer, OpenPage

pytestmark = pytest.mark.browser


def on_day(page: Page) -> str:
    return page.get_attribute(".jj-street", "data-day") or ""


def test_the_slider_moves_the_day_without_a_run_of_the_page(app_server: AppServer, open_page: OpenPage):
    page = open_page(width=390, height=844)
    open_as(page, app_server, "zuzhi", f"/map?theme={quote('历年变化')}")
    page.wait_for_selector(".jj-street[data-theme=years] .jj-years-when:has-text('今天')")
    box = page.locator(".jj-years-row button").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.evaluate("window.kept = document.querySelector('.jj-street').jiujinHost.data")
    days = []
    for _ in range(3):
        page.get_by_role("button", name="前一个时点").click()
        days.append(on_day(page))
    assert days == sorted(days, reverse=True)
    assert len(set(days)) == 3
    assert "年底" in page.inner_text(".jj-years-when")
    assert "此前没有记录" in page.inner_text(".jj-years-note")
    page.locator(".jj-years input").fill("0")
    assert page.locator(".jj-years input").get_attribute("aria-valuetext") == page.inner_text(".jj-years-when")
    assert page.get_by_role("button", name="前一个时点").is_disabled()
    page.get_by_role("button", name="播放").click()
    page.wait_for_selector(f".jj-street:not([data-day='{on_day(page)}'])")
    page.get_by_role("button", name="暂停").click()
    assert not sent
    assert page.evaluate("window.kept === document.querySelector('.jj-street').jiujinHost.data")
