"""The wall in a real browser, on a screen with a token: sizes, drill-down, refresh in place, and its end.

Also what a holder of the token can do with the websocket by hand.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import text
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from gis.model.access import Action, operator
from gis.services.accounts import SYSTEM
from gis.services.displays import add_display, revoke_display
from gis.store.database import Store
from gis.ui.navigation import SCREENS
from tests.browser import hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.fixtures.browser import AppServer, OpenPage

pytestmark = pytest.mark.browser
ENDED = "这块大屏已停用或到期，请联系系统管理员"
DRAWN = '.jjw-map[data-drawn="buildings grids roads"]'
REFRESH = "01:01"  # minutes and seconds: a little more than gis.ui.wall.screen.REFRESH_S
LEAST_SHARE = 0.45
SHARE = """() => {
    const area = part => { const box = part.getBoundingClientRect(); return box.width * box.height; };
    return area(document.querySelector('.jjw-map')) / area(document.querySelector('.st-key-jj_wall'));
}"""
#: Boxes of what is in sight that lie over each other or leave the stage
CLASHES = """() => {
    const box = part => part.getBoundingClientRect(), out = [];
    const stage = box(document.querySelector('.st-key-jj_wall'));
    const all = document.querySelectorAll('.jjw-head, .jjw-card, .jjw-map, .jjw-foot, [class*="st-key-jj_wall_"]');
    const parts = [...all].filter(part => !/jj_wall_(stage|chart)/.test(part.className))
        .filter(part => getComputedStyle(part).visibility === 'visible');
    const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    parts.forEach((part, k) => {
        const a = box(part);
        const isIn = a.left > stage.left - 1 && a.right < stage.right + 1 && a.top > stage.top - 1;
        if (!isIn || a.bottom > stage.bottom + 1) { out.push(part.className + ' leaves the stage'); }
        parts.slice(k + 1).filter(other => overlap(a, box(other)))
            .forEach(other => out.push(part.className + ' over ' + other.className));
    });
    return out;
}"""
#: Short texts that do not fit their box
SHORT = ".jjw-card h2, .jjw-card-of, .jjw-card-short, .jjw-title, .jjw-street, .jjw-note, .jjw-panel-head h2"
CUT = """selector => [...document.querySelectorAll(selector)]
    .filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.textContent)"""

LOW = CUT.replace("Width", "Height")


@pytest.fixture
def street(app_server: AppServer) -> Iterator[Store]:
    with closing(Store.open(app_server.db_url)) as store:
        yield store


@pytest.fixture
def display(street: Store) -> Iterator[tuple[int, str]]:
    """Let a screen in; give its number and its token."""
    made, token = add_display(SYSTEM, street, "一楼大厅", 90)
    yield made.id, token
    revoke_display(SYSTEM, street, made.id)


def names_of_persons(store: Store) -> set[str]:
    """Return all names of members and householders; shorter ones than three letters stand in other words too.

    Hostile names, which other tests give to places as well, tell nobody.
    """
    with store.reading(operator().scope) as reader:
        found = {member.name for member in reader.members()} | {host.name for host in reader.hosts()}
    return {name for name in found if len(name) > 2 and name not in hostile.MEMBERS}


def hang_up(page: Page, server: AppServer, token: str) -> None:
    page.clock.install()
    page.goto(f"{server.url}/display?token={token}")
    page.wait_for_selector(DRAWN)
    assert page.url == f"{server.url}/wall"


def test_a_screen_on_the_wall(open_page: OpenPage, app_server: AppServer, street: Store, display: tuple[int, str]):
    page = open_page(width=1920, height=1080)
    received: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(_as_text(frame))))
    hang_up(page, app_server, display[1])
    expect(page.locator(".jjw-card")).not_to_have_count(0)
    for size, shape in (((1366, 768), "plain"), ((3840, 1080), "wide"), ((1920, 1080), "plain")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        expect(page.locator(f"html[data-jj-wall={shape}]")).to_have_count(1)
        assert page.evaluate(SHARE) >= LEAST_SHARE, size
        page.wait_for_function(f"() => !({CLASHES})().length")  # pages of panels fade into each other
        assert page.evaluate(CUT, SHORT) == [], size
        assert page.evaluate(LOW, ".jjw-terms") == [], size
    _goes_down_and_up(page)
    _refreshes_in_place(page, street)
    _turns(page)
    assert sum(map(len, received)) > 10_000
    said = page.content() + "".join(received)
    assert not [name for name in names_of_persons(street) if name in said]


def _as_text(frame: str | bytes) -> str:
    return frame if isinstance(frame, str) else frame.decode("utf-8", errors="replace")


def _goes_down_and_up(page: Page) -> None:
    steps = page.locator(".jjw-path > :not(i)")
    page.locator(".jjw-map[data-level=street] .jjw-name:not(.jjw-tight)").first.click()
    expect(page.locator(".jjw-map[data-level=community]")).to_be_visible()
    expect(steps).to_have_count(2)
    page.locator(".jjw-name:not(.jjw-tight)").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".jjw-map[data-level=grid]")).to_be_visible()
    expect(steps).to_have_count(3)
    page.locator(".jjw-path button").nth(1).click()
    expect(steps).to_have_count(2)
    page.locator(".jjw-name").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator(".jjw-map[data-level=street]")).to_be_visible()


def _refreshes_in_place(page: Page, street: Store) -> None:
    """See a figure change in the element that is there already; charts and map are not made again."""
    page.evaluate(
        """() => {
            const one = name => document.querySelector(name);
            window.kept = [one('.jjw-card'), one('.jjw-map'), one('.st-key-jj_wall_chart_modes svg')];
        }"""
    )
    before = page.locator("[data-key=registered] .jjw-card-number").inner_text()
    for change, least, is_as_before in (("left_on = '2026-01-01'", 4, False), ("left_on = NULL", 3, True)):
        with street.writing(SYSTEM, Action.CHANGE_SETTINGS) as writer:
            writer.session.execute(text(f"UPDATE member SET {change} WHERE id <= 40"))
            writer.save_setting("suppress_below", least, None)  # a change that is told
        page.clock.fast_forward(REFRESH)
        shown = expect(page.locator("[data-key=registered] .jjw-card-number"))
        (shown.to_have_text if is_as_before else shown.not_to_have_text)(before)
    assert page.evaluate("() => window.kept.every(part => part && part.isConnected)")


def _turns(page: Page) -> None:
    """See the rotation rest while somebody touches the screen, and go on a minute later."""
    first = page.locator("html").get_attribute("data-jj-turn")
    page.mouse.move(900, 500)
    page.clock.fast_forward("00:30")
    expect(page.locator(".jjw-turning")).to_have_text("轮播：暂停")
    expect(page.locator("html")).to_have_attribute("data-jj-turn", first or "")
    page.clock.fast_forward("00:35")
    expect(page.locator("html")).not_to_have_attribute("data-jj-turn", first or "")


def test_a_revoked_screen_says_so_and_shows_nothing(
    open_page: OpenPage, app_server: AppServer, street: Store, display: tuple[int, str]
):
    page = open_page(width=1920, height=1080)
    hang_up(page, app_server, display[1])
    address = f"{app_server.url}/gis/layers/grids"
    assert page.request.get(address).status == 200
    revoke_display(SYSTEM, street, display[0])
    assert page.request.get(address).status == 401
    page.clock.fast_forward(REFRESH)
    expect(page.get_by_text(ENDED)).to_be_visible()
    for gone in (".jjw-card", ".jjw-map", "svg text"):
        expect(page.locator(gone)).to_have_count(0)
    page.reload()
    expect(page.get_by_text(ENDED)).to_be_visible()


def test_by_hand_the_websocket_of_a_token_runs_the_wall_alone(
    app_server: AppServer, street: Store, display: tuple[int, str]
):
    """Ask for other pages by name and hash with made-up widgets, then for the wall after the token has ended."""
    names = names_of_persons(street)
    address = app_server.url.replace("http", "ws") + "/_stcore/stream"
    headers = {"Cookie": f"gis_display={display[1]}"}
    with connect(address, additional_headers=headers, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]  # plain text is what the protocol is
        for screen in SCREENS:
            message = BackMsg()
            message.rerun_script.page_name = screen.address
            message.rerun_script.page_script_hash = calc_hash(screen.address)
            message.rerun_script.query_string = "member=1&card=building-1"
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.trigger_value = "$$ID-0-new_account", True
            said = _run(socket, message)
            assert "jiujin_map" not in said
            assert "账号管理" not in said
            assert not [name for name in names if name in said], screen.address
        revoke_display(SYSTEM, street, display[0])
        message = BackMsg()
        message.rerun_script.page_name = "wall"
        said = _run(socket, message)
        assert "jiujin_wall" not in said
        assert ENDED in said or "请重新登录" in said
    with pytest.raises(InvalidStatus), connect(address, additional_headers=headers, subprotocols=["streamlit"]):  # type: ignore[list-item]  # as above
        pass


def _run(socket: Any, message: BackMsg) -> str:
    """Send a message and return all that came until the script had finished."""
    socket.send(message.SerializeToString())
    said = []
    while True:
        answer = ForwardMsg()
        raw = socket.recv(timeout=60)
        answer.ParseFromString(raw)
        said.append(raw.decode("utf-8", errors="replace"))
        is_end = answer.WhichOneof("type") == "script_finished"
        if is_end and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return re.sub(r"\s+", " ", "".join(said))
