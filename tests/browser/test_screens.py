"""The screens in a real browser that cannot leave the machine; `outside` fails a test that tried to."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote_plus, urlsplit

import pytest
from playwright.sync_api import TimeoutError, expect  # noqa: A004  # its name there

from gis.model.access import operator
from gis.model.enums import PositionSource, Precision
from gis.spatial.display import centres
from gis.store.database import Store
from tests.browser.screens import settle
from tests.browser.steps import (
    CARD,
    MAP,
    PAGES,
    click_at,
    inked,
    open_as,
    publish,
    scrolls_sideways,
    sign_in_on_the_way,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, WebSocket

    from gis.model.territory import Building
    from tests.fixtures.browser import AppServer, OpenPage, Outside

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


FILTERED = f"/map?age={quote_plus('80 岁以上')}&state={quote_plus('未编组')}&card="


def test_a_cold_link_lands_on_the_sign_in_and_then_on_its_page(
    browser_page: Page, app_server: AppServer, street: Store
):
    with street.reading(operator().scope) as reader:
        grid = reader.grids()[0]
    for address in (*PAGES, f"{FILTERED}grid-{grid.id}"):
        browser_page.context.clear_cookies()
        browser_page.goto(app_server.url + address)
        assert browser_page.url.startswith(f"{app_server.url}/login")
        sign_in_on_the_way(browser_page, app_server, "admin" if address in ADMIN_PAGES else "zuzhi", address)
        assert browser_page.url.partition("?")[0] == app_server.url + address.partition("?")[0]
    assert sorted(parse_qsl(urlsplit(browser_page.url).query)) == sorted(parse_qsl(urlsplit(address).query))
    expect(browser_page.locator(CARD)).to_have_text(grid.name)
    expect(browser_page.get_by_role("radio", name="未编组")).to_be_checked()
    browser_page.get_by_role("button", name="筛选").click()
    expect(browser_page.get_by_text("80 岁以上", exact=True).first).to_be_visible()


def test_the_wheel_never_loses_the_street(browser_page: Page, app_server: AppServer):
    open_as(browser_page, app_server, "zuzhi", "/map")
    share = browser_page.evaluate(
        """() => {
            const map = window.Jiujin.latest, share = () => {
                const box = map.jiujinBox, size = map.getSize();
                const low = map.latLngToContainerPoint(box.getSouthWest());
                const high = map.latLngToContainerPoint(box.getNorthEast());
                return Math.max((high.x - low.x) / size.x, (low.y - high.y) / size.y);
            };
            map.setZoom(1, {animate: false});
            map.panBy([5000, 5000], {animate: false});
            const inSight = map.getBounds().intersects(map.jiujinBox);
            return inSight ? share() : 0;
        }"""
    )
    assert 0.38 <= share <= 0.6


def test_the_map_is_drawn(open_page: OpenPage, app_server: AppServer):
    page = open_page(width=1920, height=1080)
    open_as(page, app_server, "zuzhi", "/map")
    assert page.get_attribute(MAP, "data-drawn") == "buildings estates grids people places roads"
    page.wait_for_function("() => document.querySelectorAll('.leaflet-tile-loaded').length > 0")
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


def test_groups_are_proposed_saved_published_and_seen_on_the_map(
    browser_page: Page, app_server: AppServer, street: Store
):
    open_as(browser_page, app_server, "zuzhi", "/groups")
    browser_page.get_by_role("button", name="测算", exact=True).click()
    browser_page.wait_for_selector(".jj-street[data-draft]")
    expect(browser_page.get_by_role("heading", name="测算方案")).to_be_visible()
    browser_page.get_by_role("button", name="保存为方案").click()
    browser_page.wait_for_url("**/plans?plan=*")
    publish(browser_page)
    with street.reading(operator().scope) as reader:
        groups = reader.groups_in_force()
    assert groups
    browser_page.get_by_role("link", name="一张图").click()
    browser_page.wait_for_selector(MAP)
    expect(browser_page.locator(".jj-legend")).to_contain_text("临时党小组活动地点")
    group = groups[0]
    browser_page.goto(f"{app_server.url}/map?card=group-{group.id}")
    expect(browser_page.locator(CARD)).to_have_text(group.name)
    browser_page.get_by_role("button", name="打印").click()
    browser_page.get_by_role("radio", name="对外使用").check()
    browser_page.get_by_role("button", name="生成 PDF").click()
    expect(browser_page.locator(".jj-print-fault")).to_contain_text("JIUJIN_MAP_REVIEW_NO")
    browser_page.get_by_role("radio", name="内部使用").check()
    browser_page.get_by_label("标题").fill("走访用图")
    with browser_page.expect_download() as download:
        browser_page.get_by_role("button", name="生成 PDF").click()
    assert download.value.suggested_filename.startswith("走访用图-内部使用-")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    expect(browser_page.locator(".jj-print")).to_have_count(0)


SMALL = """() => [...document.querySelectorAll(
        'button, a[href], [role=radiogroup] label, .jj-legend-row, [data-testid=stTextInputRootElement]')]
    .map(part => [part, part.getBoundingClientRect()])
    .filter(([part, box]) => box.width > 1 && box.height > 1 && box.height < 39)
    .filter(([part]) => getComputedStyle(part).visibility !== 'hidden')
    .map(([part]) => part.innerText || part.getAttribute('aria-label') || part.outerHTML.slice(0, 90))"""


def test_a_phone_never_scrolls_sideways_and_every_button_is_big_enough(open_page: OpenPage, app_server: AppServer):
    page = open_page(width=390, height=844)
    open_as(page, app_server, "zuzhi", "/map")
    for address in (one for one in PAGES if one != "/wall"):  # a wall is scaled as a whole, and no page for a hand
        page.goto(app_server.url + address)
        page.wait_for_selector("[role=alert]" if address in ADMIN_PAGES else PAGES[address])
        assert not scrolls_sideways(page), address
        with suppress(TimeoutError):  # the menu of a desk is folded away a moment later
            page.wait_for_function(f"() => !({SMALL})().length", timeout=5000)
        assert page.evaluate(SMALL) == [], address
    page.get_by_role("button", name="展开菜单").click()
    page.locator("[data-testid=stSidebarNavLink]", has_text="临时党小组").click()
    page.wait_for_selector(PAGES["/groups"])
    expect(page.locator("[data-testid=stSidebar][data-collapsed=false]")).to_have_count(0)


def test_two_fingers_zoom_and_one_drags_the_map(browser: Browser, outside: Outside, app_server: AppServer):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    page = context.new_page()
    outside.watch(page)
    open_as(page, app_server, "zuzhi", "/map")
    settle(page)  # a page that is still being put together lets go of the finger
    box = page.locator(".jj-stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    where = "() => { const m = window.Jiujin.latest, c = m.getCenter(); return [m.getZoom(), c.lng, c.lat]; }"
    session = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        spots = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    zoom, lon, _ = page.evaluate(where)
    touch("touchStart", (x, y))
    for step in (20, 40, 60):
        touch("touchMove", (x + step, y))
    touch("touchEnd")
    page.wait_for_function(f"() => window.Jiujin.latest.getCenter().lng < {lon}")
    touch("touchStart", (x - 20, y), (x + 20, y))
    for step in (30, 60, 90):
        touch("touchMove", (x - step, y), (x + step, y))
    touch("touchEnd")
    page.wait_for_function(f"() => window.Jiujin.latest.getZoom() > {zoom}")
    context.close()


def test_a_home_without_a_building_is_pinned_on_the_map_of_its_estate(
    browser_page: Page, app_server: AppServer, street: Store
):
    with street.reading(operator().scope) as reader:
        estate = {one.id: one for one in reader.estates()}
        lost = next(
            one
            for one in reader.members()
            if one.residence and one.residence.precision is Precision.ESTATE and one.residence.estate_id in estate
        )
    assert lost.residence is not None
    ((lon, lat),) = centres([estate[lost.residence.estate_id].shape])
    open_as(browser_page, app_server, "zuzhi", "/locate")
    browser_page.wait_for_selector(MAP)
    browser_page.get_by_role("combobox", name="党员").click()
    browser_page.get_by_role("option", name=f"{lost.name}　{lost.residence.address}").first.click()
    expect(browser_page.locator(".jj-facts")).to_contain_text(lost.name)
    looks = """([lon, lat]) => {
        const map = window.Jiujin.latest;
        return map.getBounds().contains([lat, lon]) && map.getZoom() > 15;
    }"""
    browser_page.wait_for_function(looks, arg=[float(lon), float(lat)])
    browser_page.get_by_text("在图上标点", exact=True).click()
    browser_page.wait_for_selector(".jj-pinning")
    click_at(browser_page, float(lon), float(lat))
    browser_page.get_by_role("button", name="保存标点").click()
    expect(browser_page.get_by_text("已核定：")).to_be_visible()
    with street.reading(operator().scope) as reader:
        home = next(one.residence for one in reader.members() if one.id == lost.id)
    assert home is not None
    assert home.source is PositionSource.PIN
    ((x, y),) = centres([home.shape])
    assert (x, y) == pytest.approx((lon, lat), abs=2e-5)


def test_signing_out_ends_it(browser_page: Page, app_server: AppServer):
    open_as(browser_page, app_server, "zuzhi", "/account")
    browser_page.get_by_role("link", name="退出").click()
    expect(browser_page.get_by_text("已退出登录")).to_be_visible()
    assert browser_page.request.get(f"{app_server.url}/gis/layers/people").status == 401
