"""Themes on reach in the browser: walking areas are drawn, a gap chosen in the list opens its card on the map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.steps import CARD, inked, open_as

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer

pytestmark = pytest.mark.browser
ZOOM = "() => document.querySelector('.jj-street').jiujinStreet.then(street => street.map.getZoom())"


def test_areas_follow_a_click_and_a_gap_opens_its_card(browser_page: Page, app_server: AppServer):
    page = browser_page
    open_as(page, app_server, "zuzhi", f"/map?theme={quote('步行范围')}")
    page.wait_for_selector(".jj-street[data-theme=reach]")
    expect(page.locator(".jj-legend")).to_contain_text("15 分钟（810 米）")
    before = inked(page, ".leaflet-jj-edges-pane canvas")
    assert before > 0
    page.locator("[data-testid=stSelectbox]").nth(1).click()
    page.get_by_role("option").nth(1).click()
    expect(page.locator(".jj-legend")).to_contain_text("从这里走")
    expect(page.get_by_text("直线距离圈")).to_be_visible()

    page.goto(f"{app_server.url}/map?theme={quote('覆盖与空白点')}")
    page.wait_for_selector(".jj-street[data-theme=coverage]")
    expect(page.locator(".jj-legend")).to_contain_text("走得到的范围内没有地点")
    zoom = page.evaluate(ZOOM)
    page.get_by_role("button", name=re.compile("^空白点")).click()
    expect(page.locator(CARD)).to_contain_text("走不到地点")
    page.locator(".jj-card .jj-link").first.click()
    expect(page.locator(".jj-card")).to_contain_text("怎么办")
    expect(page.locator(".jj-card")).to_contain_text("最近的地点")
    page.wait_for_function(f"async () => await ({ZOOM})() > {zoom}")
