"""The screens in a real browser that cannot leave the machine; `outside` fails a test that tried to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gis.model.access import operator
from gis.spatial.display import centres
from gis.store.database import Store
from tests.browser.steps import CARD, MAP, PAGES, click_at, inked, open_as, scrolls_sideways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, WebSocket

    from gis.model.territory import Building
    from tests.fixtures.browser import AppServer, OpenPage

pytestmark = pytest.mark.browser
ADMIN_PAGES = {"/users"}
MAX_RERUN_BYTES = 40_000


@pytest.fixture
def street(app_server: AppServer) -> Iterator[Store]:
    """Give the data that the app shows."""
    store = Store.open(app_server.db_url)
    yield store
    store.close()


def plain_building(store: Store) -> tuple[Building, float, float]:
    """Return a building without host or venue, and a point in it."""
    with store.reading(operator().scope) as reader:
        buildings = reader.buildings()
        taken = {host.building_id for host in reader.hosts()} | {venue.building_id for venue in reader.venues()}
    points = centres([building.shape for building in buildings])
    for building, (lon, lat) in zip(buildings, points, strict=True):
        if building.id not in taken and building.estate:
            return building, float(lon), float(lat)
    raise AssertionError


@pytest.mark.parametrize("address", list(PAGES))
def test_a_cold_link_lands_on_the_sign_in_and_then_on_its_page(browser_page: Page, app_server: AppServer, address: str):
    user = "admin" if address in ADMIN_PAGES else "zuzhi"
    browser_page.goto(app_server.url + address)
    assert browser_page.url.startswith(f"{app_server.url}/login")
    open_as(browser_page, app_server, user, address)
    assert browser_page.url.partition("?")[0] == app_server.url + address


def test_the_map_is_drawn(open_page: OpenPage, app_server: AppServer):
    page = open_page(width=1920, height=1080)
    open_as(page, app_server, "zuzhi", "/map")
    assert page.get_attribute(MAP, "data-drawn") == "buildings estates grids people places roads"
    page.wait_for_function("document.querySelectorAll('.leaflet-tile-loaded').length > 0")
    assert inked(page, ".leaflet-tile-pane canvas") > 10_000
    assert inked(page, ".leaflet-jj-marks-pane canvas") > 100
    box = page.locator(".jj-stage").bounding_box()
    assert box is not None
    assert box["width"] * box["height"] >= 0.7 * 1920 * 1080
    assert box["y"] + box["height"] <= 1080


def test_a_click_on_a_building_opens_its_card(browser_page: Page, app_server: AppServer, street: Store):
    building, lon, lat = plain_building(street)
    open_as(browser_page, app_server, "zuzhi", "/map")
    click_at(browser_page, lon, lat)
    expect(browser_page.locator(CARD)).to_have_text(building.label)
    assert f"card=building-{building.id}" in browser_page.url
    browser_page.reload()
    expect(browser_page.locator(CARD)).to_have_text(building.label)
    browser_page.get_by_role("button", name="关闭").click()
    expect(browser_page.locator(".jj-card")).to_be_hidden()


def test_a_filter_changes_the_picture_and_sends_no_geometry(browser_page: Page, app_server: AppServer):
    received: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: received.append(len(payload)))

    browser_page.on("websocket", listen)
    open_as(browser_page, app_server, "zuzhi", "/map")
    before = browser_page.get_attribute(MAP, "data-marks")
    received.clear()
    browser_page.get_by_text("全部党员", exact=True).click()
    expect(browser_page.locator(MAP)).not_to_have_attribute("data-marks", str(before))
    assert 0 < sum(received) < MAX_RERUN_BYTES
    assert "state=" in browser_page.url


def test_the_leader_sees_no_member_on_the_map(browser_page: Page, app_server: AppServer):
    open_as(browser_page, app_server, "lingdao", "/map")
    assert browser_page.get_attribute(MAP, "data-drawn") == "buildings estates grids places roads"
    assert "党员住处" not in browser_page.locator(".jj-legend").inner_text()


def test_groups_are_proposed_adopted_and_seen_on_the_map(browser_page: Page, app_server: AppServer, street: Store):
    open_as(browser_page, app_server, "zuzhi", "/groups")
    browser_page.get_by_role("button", name="测算", exact=True).click()
    expect(browser_page.get_by_role("heading", name="测算方案")).to_be_visible()
    browser_page.wait_for_selector(".jj-street[data-draft]")
    browser_page.get_by_role("button", name="采用…", exact=True).click()
    expect(browser_page.get_by_text("采用后立即生效")).to_be_visible()
    browser_page.get_by_role("button", name="确定采用", exact=True).click()
    expect(browser_page.get_by_text("已采用")).to_be_visible()
    with street.reading(operator().scope) as reader:
        groups = reader.groups_in_force()
    assert groups
    browser_page.get_by_role("link", name="一张图").click()
    browser_page.wait_for_selector(MAP)
    expect(browser_page.locator(".jj-legend")).to_contain_text("小组活动地点与组员")


@pytest.mark.parametrize("address", [address for address in PAGES if address not in ADMIN_PAGES])
def test_a_phone_never_scrolls_sideways(open_page: OpenPage, app_server: AppServer, address: str):
    page = open_page(width=390, height=844)
    open_as(page, app_server, "zuzhi", address)
    assert not scrolls_sideways(page)


def test_on_a_phone_the_card_is_below_the_map(open_page: OpenPage, app_server: AppServer, street: Store):
    building, _, _ = plain_building(street)
    page = open_page(width=390, height=844)
    open_as(page, app_server, "zuzhi", f"/map?card=building-{building.id}")
    expect(page.locator(CARD)).to_be_visible()
    stage, card = page.locator(".jj-stage").bounding_box(), page.locator(".jj-card").bounding_box()
    assert stage is not None
    assert card is not None
    assert card["y"] >= stage["y"] + stage["height"]


def test_signing_out_ends_it(browser_page: Page, app_server: AppServer):
    open_as(browser_page, app_server, "zuzhi", "/account")
    browser_page.get_by_role("link", name="退出").click()
    expect(browser_page.get_by_text("已退出登录")).to_be_visible()
    assert browser_page.request.get(f"{app_server.url}/gis/layers/people").status == 401
