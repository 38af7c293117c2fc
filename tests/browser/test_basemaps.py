"""Basemaps in the browser: shifted as in Python, drawn where they belong, never in the way of our own layers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from gis.spatial.gcj import wgs84_to_gcj02
from gis.spatial.tile_math import TILE_PIXELS, pixel_m, shifted_pixel, world_pixel
from gis.ui.web.assets import FOLDER, leaflet_folder
from tests.browser.steps import MAP, inked, open_as
from tests.fixtures.tiles import png

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.fixtures.browser import AppServer

pytestmark = pytest.mark.browser

EMPTY = "http://127.0.0.1:9/"
CHOICE = ".jj-basemap-choice"
NOTE = ".jj-basemap-note"
KNOWN = 119.97, 31.77
WHITE = (255, 255, 255)


@pytest.fixture
def scripted(browser_page: Page) -> Page:
    """Give an empty page with Leaflet and the script of the shift; its tiles are made up by the test."""
    browser_page.route(f"{EMPTY}**", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    browser_page.goto(EMPTY)
    for path in (leaflet_folder() / "leaflet.js", FOLDER / "map/codec.js", FOLDER / "map/gcj.js"):
        browser_page.add_script_tag(path=path)
    return browser_page


def test_a_hundred_places_shift_as_in_python_and_come_back(scripted: Page):
    chance = np.random.default_rng(6)
    places = np.column_stack([chance.uniform(75, 134, 100), chance.uniform(18, 53, 100)])
    places = np.vstack([places, [[KNOWN[0], KNOWN[1]], [-0.1, 51.5], [139.7, 35.7]]])
    there, back = scripted.evaluate(
        """places => { const J = window.Jiujin, there = places.map(p => J.toGcj(p[0], p[1]));
            return [there, there.map(p => J.fromGcj(p[0], p[1]))]; }""",
        places.tolist(),
    )
    assert np.abs(np.array(there) - wgs84_to_gcj02(places)).max() < 1e-9
    assert np.abs(np.array(back) - places).max() * 111_320 < 0.1


@pytest.mark.parametrize("zoom", range(12, 21))
def test_every_place_of_a_tile_is_drawn_within_two_metres(scripted: Page, zoom: int):
    chance = np.random.default_rng(zoom)
    for lon, lat in ((KNOWN), *zip(chance.uniform(75, 134, 4), chance.uniform(18, 53, 4), strict=True)):
        column, row = (int(part) // TILE_PIXELS for part in world_pixel(lon, lat, zoom))
        cells = scripted.evaluate("at => window.Jiujin.gcjCells(at)", {"x": column, "y": row, "z": zoom})
        assert sum(cell[2] ** 2 for cell in cells) == TILE_PIXELS**2
        for left, top, side, x, y, wide, high in (cells[k] for k in chance.integers(0, len(cells), 8)):
            for across, down in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5)):
                wanted = column * TILE_PIXELS + left + across * side, row * TILE_PIXELS + top + down * side
                true = shifted_pixel(*_place(*wanted, zoom), zoom)
                apart = math.hypot(x + across * wide - true[0], y + down * high - true[1])
                assert apart * pixel_m(lat, zoom) < 2.0


def _place(x: float, y: float, zoom: int) -> tuple[float, float]:
    scale = TILE_PIXELS * (1 << zoom)
    return x / scale * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / scale))))


@pytest.mark.parametrize("zoom", [14, 16, 18])
def test_a_mark_in_a_shifted_tile_is_drawn_where_the_place_is(scripted: Page, zoom: int):
    x, y = shifted_pixel(*KNOWN, zoom)
    marked = int(x) // TILE_PIXELS, int(y) // TILE_PIXELS
    spot = min(max(int(x) % TILE_PIXELS, 2), 253), min(max(int(y) % TILE_PIXELS, 2), 253)
    assert (int(x) % TILE_PIXELS, int(y) % TILE_PIXELS) == spot, "choose a place that is not at the edge of a tile"

    def serve(route: Route) -> None:
        column, row = (int(part) for part in route.request.url.rsplit("/", 2)[1:])
        body = png(WHITE, mark=spot if (column, row) == marked else None)
        route.fulfill(body=body, content_type="image/png")

    scripted.route(f"{EMPTY}tiles/**", serve)
    east, south = world_pixel(*KNOWN, zoom)
    wanted = {"x": int(east) // TILE_PIXELS, "y": int(south) // TILE_PIXELS, "z": zoom}
    drawn: list[float] = scripted.evaluate(
        """([url, at]) => new Promise((resolve, reject) => {
            const layer = new window.Jiujin.GcjLayer([url], {});
            layer.createTile(at, (error, tile) => {
                if (error) { reject(error); return; }
                const data = tile.getContext('2d').getImageData(0, 0, 256, 256).data;
                let sum = 0, x = 0, y = 0;
                for (let k = 0; k < data.length; k += 4) {
                    const dark = data[k + 3] ? 255 - data[k] : 0, n = k / 4;
                    sum += dark; x += dark * (n % 256 + 0.5); y += dark * (Math.floor(n / 256) + 0.5);
                }
                resolve([x / sum, y / sum, sum]);
            });
        })""",
        [f"{EMPTY}tiles/{{z}}/{{x}}/{{y}}", wanted],
    )
    true = east % TILE_PIXELS - (x % 1) + 0.5, south % TILE_PIXELS - (y % 1) + 0.5  # the middle of the marked pixel
    assert drawn[2] == pytest.approx(25 * 255, rel=0.05)
    assert math.hypot(drawn[0] - true[0], drawn[1] - true[1]) * pixel_m(KNOWN[1], zoom) < 2.0


def test_a_local_basemap_is_drawn_remembered_and_left_again(browser_page: Page, app_server: AppServer):
    """`outside` insists at the end that nothing was asked from elsewhere."""
    open_as(browser_page, app_server, "zuzhi", "/map")
    choice = browser_page.locator(CHOICE)
    assert choice.locator("option").all_inner_texts() == ["不用底图", "本地测试底图", "偏移测试底图", "不应答的底图"]
    _choose(browser_page, "local")
    assert browser_page.locator(".leaflet-jj-basemap-pane img.leaflet-tile-loaded").count() > 0
    expect(browser_page.locator(".jj-foot")).to_contain_text("底图：测绘院")
    expect(browser_page.locator(NOTE)).to_be_hidden()
    browser_page.reload()
    browser_page.wait_for_selector(f"{MAP}[data-basemap=local][data-basemap-tiles]")
    _choose(browser_page, "shifted")
    assert inked(browser_page, ".leaflet-jj-basemap-pane canvas.leaflet-tile-loaded") > 0
    choice.select_option("")
    expect(browser_page.locator(".leaflet-jj-basemap-pane .leaflet-tile")).to_have_count(0)
    expect(browser_page.locator(".jj-foot")).not_to_contain_text("底图：")


def test_a_basemap_that_does_not_answer_leaves_our_layers_and_a_note(browser_page: Page, app_server: AppServer):
    open_as(browser_page, app_server, "zuzhi", "/map")
    browser_page.locator(CHOICE).select_option("away")
    expect(browser_page.locator(NOTE)).to_have_text("底图取不到，只显示本街道图层")
    expect(browser_page.locator(".jj-foot")).to_contain_text("底图：不应答的底图 · 内部工作用图")
    assert inked(browser_page, ".leaflet-tile-pane canvas") > 0
    browser_page.locator(CHOICE).select_option("")
    expect(browser_page.locator(NOTE)).to_be_hidden()


def _choose(page: Page, name: str) -> None:
    page.evaluate("document.querySelector('.jj-street').removeAttribute('data-basemap-tiles')")
    page.locator(CHOICE).select_option(name)
    page.wait_for_selector(f"{MAP}[data-basemap={name}][data-basemap-tiles]")
    tiles: Any = page.locator(MAP).get_attribute("data-basemap-tiles")
    assert int(tiles) > 0
