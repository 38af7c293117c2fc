"""The browser's side of packed layers: what comes out is what went in; the index finds what a look at all would."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from gis.spatial.display import rings
from gis.ui.encoding import WORLD, packed_paths, world
from gis.ui.packing import Column, pack
from gis.ui.web.assets import FOLDER

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCRIPTS = ("codec", "index")
#: `at` holds points in world coordinates; the index is asked and, beside it, every path is looked at
LOOK = """([packed, at, boxes]) => {
    const bytes = Uint8Array.from(atob(packed), letter => letter.charCodeAt(0)), J = window.Jiujin;
    const raw = J.unpack(bytes.buffer), paths = J.paths(raw.path);
    const plain = (x, y) => {
        const odd = {};
        for (let k = 0; k < paths.many; k++) {
            for (let i = paths.start[k], j = paths.start[k + 1] - 1; i < paths.start[k + 1]; j = i++) {
                const yi = paths.y[i], yj = paths.y[j], xi = paths.x[i], xj = paths.x[j];
                const isCrossed = (yi > y) !== (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi;
                if (isCrossed) { odd[paths.owner[k]] = !odd[paths.owner[k]]; }
            }
        }
        return Math.max(-1, ...Object.keys(odd).filter(owner => odd[owner]).map(Number));
    };
    const index = new J.Buckets(paths.box, paths.many), ids = [...Array(paths.many).keys()];
    const inside = ([west, north, east, south]) => {
        const found = [];
        index.within(west, north, east, south, k => found.push(k));
        return found.sort((a, b) => a - b).join();
    };
    const touching = ([west, north, east, south]) => ids.filter(k => {
        const [left, top, right, bottom] = paths.box.slice(4 * k, 4 * k + 4);
        return left <= east && right >= west && top <= south && bottom >= north;
    }).join();
    return {
        columns: [Array.from(raw.steps), Array.from(raw.small)],
        x: Array.from(paths.x), y: Array.from(paths.y), owner: Array.from(paths.owner), start: Array.from(paths.start),
        owners: at.map(([x, y]) => J.ownerAt(paths, x, y)), plain: at.map(([x, y]) => plain(x, y)),
        firsts: boxes.map(box => { let many = 0; index.within(...box, () => ++many > 0); return many; }),
        inside: boxes.map(inside), touching: boxes.map(touching),
    };
}"""


@pytest.fixture(scope="module")
def seen(browser: Any) -> dict[str, Any]:
    """Give what the scripts make of 400 overlapping shapes, some with holes, and where random points and boxes lie."""
    chance = np.random.default_rng(7)
    middles = np.column_stack([chance.uniform(119.9, 120.0, 400), chance.uniform(31.7, 31.8, 400)])
    shapes: list[Any] = [shapely.Point(at).buffer(chance.uniform(1e-4, 4e-3), quad_segs=3) for at in middles]
    shapes[::5] = [shape.difference(shape.centroid.buffer(5e-5, quad_segs=2)) for shape in shapes[::5]]
    found = rings([shapely.to_wkb(shape) for shape in shapes])
    document = {"path": packed_paths(found), "steps": Column([5, -7, 70_000], is_steps=True), "small": Column([1, 2])}
    at = world(np.column_stack([chance.uniform(119.89, 120.01, 300), chance.uniform(31.69, 31.81, 300)])) / WORLD
    corners = np.sort(at.reshape(-1, 2, 2), axis=1).reshape(-1, 4)
    page: Page = browser.new_page()
    for name in SCRIPTS:
        page.add_script_tag(path=FOLDER / "map" / f"{name}.js")
    packed = base64.b64encode(pack(document)).decode()
    told: dict[str, Any] = page.evaluate(LOOK, [packed, at.tolist(), corners.tolist()])
    page.close()
    return {**told, "given": world(found.points), "owners_given": found.owner, "sizes": found.size}


def test_paths_and_columns_arrive_as_they_were_sent(seen: dict[str, Any]):
    assert seen["columns"] == [[5, -7, 70_000], [1, 2]]
    assert (seen["given"] == np.array([seen["x"], seen["y"]]).T * WORLD).all()
    assert seen["owner"] == seen["owners_given"].tolist()
    assert np.diff(seen["start"]).tolist() == seen["sizes"].tolist()


def test_the_index_finds_what_a_look_at_every_shape_finds(seen: dict[str, Any]):
    assert seen["owners"] == seen["plain"]
    assert len({owner for owner in seen["owners"] if owner >= 0}) > 50


def test_the_index_lists_what_touches_a_rectangle(seen: dict[str, Any]):
    assert seen["inside"] == seen["touching"]


def test_it_stops_at_the_first_where_that_is_enough(seen: dict[str, Any]):
    assert seen["firsts"] == [min(1, len(one)) for one in seen["touching"]]
