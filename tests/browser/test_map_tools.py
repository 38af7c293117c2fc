"""Searching, measuring and the sheet of a phone on the map, in a real browser."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pyproj import Geod

from gis.model.access import operator
from gis.model.enums import Precision
from gis.spatial.display import centres
from gis.store.database import Store
from tests.browser.screens import settle
from tests.browser.steps import CARD, MAP, open_as, scrolls_sideways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from gis.model.territory import Building
    from tests.fixtures.browser import AppServer, OpenPage

pytestmark = pytest.mark.browser
FIELD, HITS = ".jj-search-field", ".jj-search-list [role=option]"
PHONE = {"width": 390, "height": 844}
#: Whether a place lies in the part of the map that no card covers
IN_SIGHT = """([lon, lat, zoom]) => {
    const map = window.Jiujin.latest, p = map.latLngToContainerPoint([lat, lon]);
    const stage = map.getContainer().getBoundingClientRect();
    const box = document.querySelector('.jj-card').getBoundingClientRect();
    const x = stage.left + p.x, y = stage.top + p.y;
    const isUnder = x > box.left && x < box.right && y > box.top && y < box.bottom;
    return map.getZoom() >= zoom && p.x > 0 && p.y > 0 && x < stage.right && y < stage.bottom && !isUnder;
}"""
#: Pairs of texts on the map that touch
TOUCHING = """() => document.querySelector('.jj-street').jiujinStreet.then(street => {
    const drawn = street.labels.drawn, out = [];
    drawn.forEach((a, i) => drawn.slice(i + 1).forEach(b => {
        const [p, q] = [a.box, b.box];
        if (p[0] < q[2] && p[2] > q[0] && p[1] < q[3] && p[3] > q[1]) { out.push([a.text, b.text]); }
    }));
    return {many: drawn.length, touching: out};
})"""


@pytest.fixture
def street(app_server: AppServer) -> Iterator[Store]:
    """Give the data that the app shows."""
    with closing(Store.open(app_server.db_url)) as store:
        yield store


def numbered(store: Store) -> tuple[Building, list[float]]:
    """Return a building of an estate, and a point in it."""
    with store.reading(operator().scope) as reader:
        building = next(one for one in reader.buildings() if one.estate and one.building_no[-1:].isdecimal())
    ((lon, lat),) = centres([building.shape])
    return building, [float(lon), float(lat)]


def look_for(page: Page, text: str) -> None:
    page.fill(FIELD, text)
    expect(page.locator(HITS).first).to_be_visible()


def test_what_is_typed_is_found_by_keyboard_and_flown_to(browser_page: Page, app_server: AppServer, street: Store):
    building, at = numbered(street)
    asked: list[str] = []
    browser_page.on("request", lambda one: asked.append(one.url) if "/gis/search" in one.url else None)
    open_as(browser_page, app_server, "zuzhi", "/map")
    look_for(browser_page, building.label)
    field = browser_page.get_by_role("combobox", name="在图上查找")
    expect(field).to_have_attribute("aria-expanded", "true")
    browser_page.keyboard.press("Escape")
    expect(browser_page.locator(HITS).first).to_be_hidden()
    browser_page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "jj-hit-0")
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator(CARD)).to_have_text(building.label)
    browser_page.wait_for_function(IN_SIGHT, arg=[*at, 17])
    assert f"card=building-{building.id}" in browser_page.url
    assert all(url.endswith("/gis/search") for url in asked)  # nothing of it in an address
    look_for(browser_page, building.estate)  # the estate, with its name over it
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator(".jj-card")).to_be_hidden()
    with street.reading(operator().scope) as reader:
        org = next(one for one in reader.orgs() if one.division_codes)
    look_for(browser_page, org.name)
    browser_page.locator(HITS).filter(has_text="组织").first.click()
    browser_page.wait_for_selector(".jj-street[data-draft]")  # its ground
    browser_page.wait_for_url("**org=*")


def test_who_has_no_place_on_the_map_is_found_without_one(browser_page: Page, app_server: AppServer, street: Store):
    with street.reading(operator().scope) as reader:
        member = next(one for one in reader.members() if one.residence and one.residence.precision is Precision.QUEUE)
    open_as(browser_page, app_server, "zuzhi", "/map")
    look_for(browser_page, member.name)
    hit = browser_page.locator(HITS).filter(has_text="位置待核定")
    expect(hit.first).to_have_attribute("aria-disabled", "true")
    before = browser_page.evaluate("window.Jiujin.latest.getCenter().toString()")
    hit.first.click(force=True)
    expect(browser_page.locator(".jj-card")).to_be_hidden()
    assert browser_page.evaluate("window.Jiujin.latest.getCenter().toString()") == before


def test_lengths_and_areas_are_those_of_the_ellipsoid(browser_page: Page, app_server: AppServer):
    open_as(browser_page, app_server, "lingdao", "/map")
    geod, dice = Geod(ellps="GRS80"), random.Random(6)  # noqa: S311  # not a secret
    for size in (0.0005, 0.01, 0.2):
        for lat in (18.3, 31.8, 47.2):
            corners = ((0, 0), (1, 0), (1, 1), (0, 1))
            ring = [
                (120 + size * (x + 0.3 * dice.random()), lat + size * (y + 0.3 * dice.random())) for x, y in corners
            ]
            said: Any = browser_page.evaluate("ring => [Jiujin.metres(ring[0], ring[1]), Jiujin.areaOf(ring)]", ring)
            _, _, metres = geod.inv(*ring[0], *ring[1])
            area, _ = geod.polygon_area_perimeter([p[0] for p in ring], [p[1] for p in ring])
            assert said[0] == pytest.approx(metres, rel=1e-4)
            assert said[1] == pytest.approx(abs(area), rel=1e-3)
    said = browser_page.evaluate("[12.4, 999.6, 1234, 123456].map(Jiujin.sayMetres)")
    assert said == ["12 米", "1.00 公里", "1.23 公里", "123.5 公里"]


def test_a_route_is_measured_taken_back_and_closed(browser_page: Page, app_server: AppServer):
    open_as(browser_page, app_server, "lingdao", "/map")
    browser_page.get_by_role("button", name="量距").click()
    words, box = browser_page.locator(".jj-reading-words"), browser_page.locator(".jj-stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((0, 0), (160, 0), (160, 120), (0, 120)):
        browser_page.mouse.click(x + dx, y + dy)
    expect(words).to_contain_text("合计")
    expect(browser_page.locator(".jj-card")).to_be_hidden()  # a click measures, and opens nothing
    browser_page.get_by_role("button", name="撤回一点").click()
    browser_page.mouse.click(x, y)  # the first point again
    expect(words).to_contain_text("面积")
    expect(words).to_contain_text("公顷")
    browser_page.get_by_role("button", name="量距").click()  # anew
    expect(words).to_contain_text("在地图上点出")
    zoom = browser_page.evaluate("window.Jiujin.latest.getZoom()")
    browser_page.mouse.click(x, y)
    browser_page.mouse.dblclick(x + 90, y + 60)
    expect(words).to_contain_text("末段")
    expect(browser_page.get_by_role("button", name="结束")).to_be_hidden()
    assert browser_page.evaluate("window.Jiujin.latest.getZoom()") == zoom
    browser_page.keyboard.press("Escape")
    expect(words).to_be_hidden()


def test_the_street_fills_a_window_drawn_larger_or_smaller(browser_page: Page, app_server: AppServer):
    share = """() => {
        const map = window.Jiujin.latest, box = map.jiujinBox, size = map.getSize();
        const a = map.latLngToContainerPoint(box.getNorthWest()), b = map.latLngToContainerPoint(box.getSouthEast());
        return Math.max((b.x - a.x) / size.x, (b.y - a.y) / size.y);
    }"""
    open_as(browser_page, app_server, "zuzhi", "/map")
    for width, height in ((1366, 768), (1920, 1080), (1100, 700)):
        browser_page.set_viewport_size({"width": width, "height": height})
        browser_page.wait_for_function(f"() => {{ const k = ({share})(); return k > 0.75 && k <= 1; }}")
    box = browser_page.locator(".jj-stage").bounding_box()
    assert box is not None
    browser_page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    browser_page.mouse.wheel(0, -300)
    browser_page.wait_for_function(f"() => ({share})() > 1.2 && !window.Jiujin.latest._animatingZoom")
    settle(browser_page)  # a view of one's own stays
    chosen = browser_page.evaluate("window.Jiujin.latest.getZoom()")
    browser_page.set_viewport_size({"width": 1500, "height": 900})
    browser_page.wait_for_function("() => window.Jiujin.latest.getSize().x > 1300")
    settle(browser_page)
    assert browser_page.evaluate("window.Jiujin.latest.getZoom()") == chosen


def test_names_never_touch_one_another(browser_page: Page, app_server: AppServer, street: Store):
    _, (lon, lat) = numbered(street)
    open_as(browser_page, app_server, "zuzhi", "/map")
    for zoom in (13, 15, 16, 17.5, 18.5):
        script = f"window.Jiujin.latest.setView([{lat}, {lon}], {zoom}, {{animate: false}})"
        browser_page.evaluate(f"() => {{ {script}; }}")
        found = browser_page.evaluate(TOUCHING)
        assert found["many"] > 0
        assert found["touching"] == [], zoom


def test_on_a_phone_the_card_is_a_sheet_over_the_map(open_page: OpenPage, app_server: AppServer, street: Store):
    building, at = numbered(street)
    page = open_page(**PHONE)
    open_as(page, app_server, "zuzhi", "/map")
    fills = """([width, height]) => {
        const box = document.querySelector('.jj-stage').getBoundingClientRect();
        return box.width === width && Math.abs(box.bottom - height) < 2 && box.top < 70;
    }"""
    page.wait_for_function(fills, arg=[PHONE["width"], PHONE["height"]])  # the map is the page
    look_for(page, building.label)
    page.locator(HITS).first.click()
    expect(page.locator(CARD)).to_have_text(building.label)
    page.wait_for_function(IN_SIGHT, arg=[*at, 17])
    card = page.locator(".jj-card")
    high = """share => {
        const all = document.querySelector('.jj-stage').offsetHeight;
        return Math.abs(document.querySelector('.jj-card').offsetHeight / all - share) < 0.02;
    }"""
    page.wait_for_function(high, arg=0.46)
    head = card.locator(".jj-card-kind").bounding_box()
    assert head is not None
    page.mouse.move(head["x"] + 60, head["y"] + 8)
    page.mouse.down()
    page.mouse.move(head["x"] + 60, 200, steps=4)
    page.mouse.up()
    page.wait_for_function(high, arg=0.99)
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="关闭").click()
    expect(card).to_be_hidden()


def test_on_a_phone_the_filters_are_behind_one_button(open_page: OpenPage, app_server: AppServer):
    page = open_page(**PHONE)
    open_as(page, app_server, "zuzhi", "/map")
    chosen = page.get_by_role("radio", name="未编组")
    expect(chosen).to_be_hidden()
    page.locator(".jj-filters-button").click()
    chosen.click()
    page.get_by_role("button", name="完成").click()
    expect(chosen).to_be_hidden()
    page.wait_for_url("**state=*")
    page.wait_for_selector(MAP)
    small = """() => [...document.querySelectorAll('.jj-street *')]
        .filter(one => one.children.length === 0 && one.innerText && one.getClientRects().length)
        .filter(one => parseFloat(getComputedStyle(one).fontSize) < 12).map(one => one.className)"""
    page.locator(".jj-legend > button").click()
    assert page.evaluate(small) == []
