"""The map's element comes, goes and comes back while scripts and frames are still on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gis.ui.web.assets import FOLDER
from tests.browser.steps import MAP, open_as

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer

pytestmark = pytest.mark.browser

#: Runs the body with `host`, the module; `add()`, which makes an element as the component does; `show(parent)`
STAGE = """async (source) => {
    const old = document.querySelector('.jj-street'), room = old.parentElement, html = old.outerHTML;
    const data = old.jiujinHost.data;
    await old.jiujinStreet;
    const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    const host = (await import(url)).default;
    const add = () => {
        const parent = document.createElement('div');
        parent.innerHTML = html;
        const box = Object.assign(document.createElement('div'), {className: 'jj-base'});
        parent.querySelector('.jj-base').replaceWith(box);
        room.appendChild(parent);
        return parent;
    };
    const show = parent => host({data, parentElement: parent, setTriggerValue() {}});
    const street = parent => parent.querySelector('.jj-street').jiujinStreet;
    const live = parent => parent.querySelectorAll('.leaflet-control-zoom').length;
    const frames = async () => {
        for (let k = 0; k < 3; k++) { await new Promise(done => requestAnimationFrame(done)); }
    };
    BODY
}"""


def staged(page: Page, body: str) -> Any:
    source = (FOLDER / "map_host.js").read_text(encoding="utf-8")
    return page.evaluate(STAGE.replace("BODY", body), source)


@pytest.fixture
def on_map(browser_page: Page, app_server: AppServer) -> Page:
    """Give a page that shows the map."""
    open_as(browser_page, app_server, "zuzhi", "/map")
    browser_page.wait_for_selector(MAP)
    return browser_page


def test_an_element_that_has_left_takes_no_map_from_the_one_that_stays(on_map: Page):
    found = staged(
        on_map,
        """const gone = add(), stays = add();
        gone.remove();
        show(stays);
        show(gone);
        return [!!(await street(stays)), await street(gone), live(stays)];""",
    )
    assert found == [True, None, 1]


def test_an_element_that_leaves_while_its_map_is_made_takes_it_along(on_map: Page):
    found = staged(
        on_map,
        """const leaves = add(), stays = add();
        const end = show(leaves);
        show(stays);
        leaves.remove();
        end();
        return [await street(leaves), !!(await street(stays)), live(stays)];""",
    )
    assert found == [None, True, 1]


def test_an_element_that_comes_back_gets_one_map_and_shows_it(on_map: Page):
    found = staged(
        on_map,
        """const part = add(), end = show(part), first = await street(part);
        part.remove();
        end();
        await new Promise(done => setTimeout(done, 0));
        const without = await street(part);
        room.appendChild(part);
        show(part); show(part);
        const again = await street(part);
        await frames();
        return [!!first, without, !!again && again !== first, live(part), first.isGone];""",
    )
    assert found == [True, None, True, 1, True]


def test_a_frame_asked_for_before_the_map_went_finds_nothing_to_do(on_map: Page):
    """Leaflet forgets a frame at the end of a move; `outside` fails this test when that frame finds no canvas."""
    staged(
        on_map,
        """const made = await street(room);
        made.draw();
        made.remove();
        await frames();""",
    )
