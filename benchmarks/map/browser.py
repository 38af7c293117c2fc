"""A real Chromium on the map's page and on the same page without the map: milliseconds, bytes and memory."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

    from benchmarks.map.server import Server

WIDTH, HEIGHT = 1920, 1080
PAGE_MS = 120_000
QUIET_MS = 350  # nothing more comes after so long
ARGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip
ADDRESS = "/map?state=%E5%85%A8%E9%83%A8%E5%85%9A%E5%91%98"  # all members, so that all of them are drawn
STATES = ("已编组", "未编组", "全部党员", "过渡期")
MAP, BAR = ".jj-street[data-drawn]", '.st-key-jj-bar [data-testid="stCaptionContainer"]'
_SCRIPT = Path(__file__).with_name("page.js")


@dataclass
class Draws:
    """Milliseconds from the start of the navigation until the frame was painted."""

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)


@dataclass
class Reruns:
    """What one rerun took and brought."""

    ms: list[float] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)


def executable() -> str | None:
    """Return where the system's Chromium is."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the browser, headless."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # a development dependency

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGS))
        yield browser
        browser.close()


def profile(browser: Browser, server: Server, token: str) -> BrowserContext:
    """Open a new profile that is signed in."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN")
    context.set_default_timeout(PAGE_MS)
    context.add_cookies([{"name": "gis_sid", "value": token, "url": server.url}])
    context.add_init_script(path=_SCRIPT)
    return context


def draw(page: Page, server: Server, *, with_map: bool) -> float:
    """Open the page and return when it was painted, milliseconds after the start of the navigation."""
    page.goto(f"{server.url}{ADDRESS}", wait_until="commit")
    page.wait_for_selector(MAP if with_map else BAR)
    name = "mapPainted" if with_map else "barPainted"
    page.wait_for_function(f"() => window.jiujinBench.{name}")
    settle(page)
    return float(page.evaluate("name => window.jiujinBench[name]", name))


def settle(page: Page) -> None:
    """Wait until neither a message nor a frame of the map has come for a while."""
    page.wait_for_function(f"() => performance.now() - window.jiujinBench.last > {QUIET_MS}")


class Traffic:
    """Counts the bytes of one page, websocket and everything else, as they arrive."""

    def __init__(self, session: CDPSession) -> None:
        self.total = 0
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", self._frame)
        session.on("Network.webSocketFrameSent", self._frame)
        session.on("Network.loadingFinished", self._answer)

    def _frame(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        size = len(frame["payloadData"])
        self.total += size if frame["opcode"] == 1 else size * 3 // 4  # binary comes as base64

    def _answer(self, event: dict[str, Any]) -> None:
        self.total += int(event["encodedDataLength"])

    def since(self, before: int) -> int:
        """Return what has come since."""
        return self.total - before


def rerun(page: Page, traffic: Traffic, words: str) -> tuple[float, int]:
    """Press one of the filter's buttons; return the milliseconds until everything was painted, and the bytes."""
    before = traffic.total
    page.locator(".st-key-jj-bar").get_by_text(words, exact=True).click()
    page.wait_for_function("() => window.jiujinBench.message > window.jiujinBench.press")
    settle(page)
    return float(page.evaluate("() => window.jiujinBench.painted - window.jiujinBench.press")), traffic.since(before)


def click_building(page: Page, lon: float, lat: float) -> float:
    """Click on a building and return the milliseconds until its card was painted."""
    spot = page.evaluate(
        """([lon, lat]) => {
            const map = window.Jiujin.latest;
            map.setView([lat, lon], 18, {animate: false});
            const box = map.getContainer().getBoundingClientRect(), p = map.latLngToContainerPoint([lat, lon]);
            return {x: box.left + p.x, y: box.top + p.y};
        }""",
        [lon, lat],
    )
    page.mouse.move(spot["x"] - 3, spot["y"])
    page.wait_for_timeout(QUIET_MS)
    page.evaluate("() => { window.jiujinBench.card = window.jiujinBench.cardPainted = 0; }")
    page.mouse.click(spot["x"], spot["y"])
    page.wait_for_function("() => window.jiujinBench.cardPainted > window.jiujinBench.press")
    taken = float(page.evaluate("() => window.jiujinBench.cardPainted - window.jiujinBench.press"))
    settle(page)
    page.get_by_role("button", name="关闭").click()
    page.wait_for_selector(".jj-card", state="hidden")
    settle(page)
    return taken


def drag(page: Page) -> list[float]:
    """Drag the whole street about and return the milliseconds between frames."""
    page.evaluate("() => { const map = window.Jiujin.latest; map.fitBounds(map.jiujinBox, {animate: false}); }")
    page.wait_for_timeout(QUIET_MS)
    x, y = WIDTH / 2, HEIGHT / 2 + 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => window.jiujinBench.startFrames()")
    for step in range(50):
        page.mouse.move(x + 240 * (step % 10) / 10, y - 4 * step)
    page.mouse.up()
    page.wait_for_timeout(QUIET_MS)
    found: list[float] = page.evaluate("() => window.jiujinBench.stopFrames()")
    return found


def heap_mb(session: CDPSession) -> float:
    """Return the memory that scripts hold after a collection."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 2**20


def middle(values: list[float]) -> float:
    """Return the median to a tenth."""
    return round(median(values), 1) if values else 0.0
