"""Many small things put together pixel by pixel look as the canvas draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gis.ui.web.assets import FOLDER, leaflet_folder

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCRIPTS = ("codec", "index", "marks", "canvas", "raster", "bulk")
#: The same symbols and lines on two canvases: few at a time by the canvas, all at once by raster.js
PICTURES = """ratio => {
    const J = window.Jiujin, wide = 700, high = 600; /* three bands */
    let seed = 7;
    const chance = () => (seed = seed * 16807 % 2147483647) / 2147483647;
    const symbols = [], lines = [];
    const whats = ['grouped', 'ungrouped', 'mixed', 'other'];
    for (let k = 0; k < 3500; k++) {
        const shape = k % 50 ? 'home' : 'group', what = whats[k % 4];
        const o = { shape, radius: shape === 'home' ? 4 : 8, what, count: 1, isRough: k % 7 === 0 };
        symbols.push({ o, x: chance() * wide, y: chance() * high });
    }
    for (let k = 0; k < 3500; k++) {
        const x = chance() * 760 - 30, y = chance() * 660 - 30, turn = chance() * 7, far = chance() * 25;
        lines.push(x, y, x + far * Math.cos(turn), y + far * Math.sin(turn));
    }
    const view = { scale: 1, dx: 0, dy: 0, bounds: { min: { x: 0, y: 0 }, max: { x: wide, y: high } } };
    const look = { color: '#35618f', weight: 1.3, opacity: 0.7 };
    const sheet = () => {
        const canvas = document.createElement('canvas');
        canvas.width = wide * ratio;
        canvas.height = high * ratio;
        const ctx = canvas.getContext('2d', { willReadFrequently: true });
        ctx.scale(ratio, ratio);
        return ctx;
    };
    const pixels = ctx => ctx.getImageData(0, 0, wide * ratio, high * ratio).data;
    const compare = (one, other) => {
        const a = pixels(one), b = pixels(other);
        let off = 0, inked = 0, sum = 0;
        for (let k = 0; k < a.length; k += 4) {
            if (!a[k + 3] && !b[k + 3]) { continue; }
            inked += 1;
            sum += b[k + 3] - a[k + 3];
            for (let c = 0; c < 3; c++) {
                if (Math.abs(a[k + c] * a[k + 3] - b[k + c] * b[k + 3]) > 48 * 255) { off += 1; break; }
            }
        }
        return { inked, off, bias: sum / inked };
    };
    const stamps = new J.Stamps(), one = sheet(), many = sheet(), stroked = sheet(), raster = sheet();
    for (let k = 0; k < symbols.length; k += 500) { J.paintSymbols(one, view, symbols.slice(k, k + 500), stamps); }
    J.paintSymbols(many, view, symbols, stamps);
    const draw = (ctx, at) => J.paintSegments(ctx, view, { a: { look, at } });
    for (let k = 0; k < lines.length; k += 4) { draw(stroked, lines.slice(k, k + 4)); }
    draw(raster, lines);
    return { symbols: compare(one, many), lines: compare(stroked, raster) };
}"""


@pytest.fixture(scope="module")
def scripts(browser: Any) -> Any:
    page: Page = browser.new_page()
    page.add_script_tag(path=leaflet_folder() / "leaflet.js")
    for name in SCRIPTS:
        page.add_script_tag(path=FOLDER / "map" / f"{name}.js")
    yield page
    page.close()


@pytest.mark.parametrize("ratio", [1, 2])
def test_many_look_as_few_do(scripts: Page, ratio: int):
    seen = scripts.evaluate(PICTURES, ratio)
    assert seen["symbols"]["inked"] > 20_000
    assert seen["symbols"]["off"] == 0
    assert seen["lines"]["inked"] > 20_000
    assert seen["lines"]["off"] < seen["lines"]["inked"] * 0.03  # crossings, which the canvas makes darker
    assert abs(seen["lines"]["bias"]) < 4
