"""Look at every screen: pictures at five sizes for the guide, and what a careful reader would find fault with.

`python -m tests.browser.look` makes the made-up street of `make demo` in a folder of its own, opens every screen of
every role at every size, prints what `look.js` finds (exit 1 where it finds anything) and with `--out` writes the
pictures and their list; `make pictures` does all of it into docs/guide/screens.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.ui.map.themes.menu import THEMES
from gis.ui.navigation import SCREENS
from tests.browser.screens import USERS, Sight, accounts_of, display_token, enter, go, settle, sights
from tests.fixtures.browser import CHROMIUM_ARGS, AppServer, Outside, db_url_in, new_profile, start_app
from tests.fixtures.components import need
from tests.fixtures.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from playwright.sync_api import Browser, BrowserContext, Page

SIZES = ((1366, 768), (1920, 1080), (3840, 1080), (3840, 2160), (390, 844))
FAULTS = (Path(__file__).parent / "look.js").read_text(encoding="utf-8")
#: What may stand in Latin letters: formats, coordinate systems, units, keys of a keyboard, sources that ask to be named
KNOWN = (
    r"CGCS ?2000|EPSG:?\d*|GCJ-?02|BD-?09|WGS ?84|OpenStreetMap|contributors|OSM|PBF|GeoPackage|GPKG|GeoJSON|JSON|"
    r"PDF|Excel|Word|DOCX|XLSX|XLS|CSV|ICS|ZIP|XML|SVG|PNG|UTF-?8|Enter|Ctrl|Esc|SX\d[\d-]*|https?://[\w.:/-]+|"
    r"\d+(\.\d+)? ?(MB|KB)|[\w-]+(\.[\w-]+)*\.(com|cn|org)\b"
)
MOST_BYTES, MOST_BYTES_LARGE = 90_000, 120_000
QUALITIES = (60, 40, 22, 12, 6, 2)
SEED, MEMBERS = 7, 1366
CHARTS_MS = 1500  # charts grow into the picture
ABOUT = """人和组织全属虚构，地图为 © OpenStreetMap contributors。每页五种大小：办公电脑 1366×768、1920×1080，
大屏 3840×1080、3840×2160，手机 390×844。`make pictures` 重新生成，同时检查文字有没有重叠、截断、看不清或者英文。"""
TITLES = {
    "login": "登录",
    "map-card": "一张图：网格卡片",
    "card": "一张联系卡",
    "plan": "一个编组方案",
    "visit-round": "一批走访",
    "visit-phone": "走访单，手机页",
    "visit-my": "我的走访，手机页",
    "visit-desk-find": "录入走访单：找单",
    "visit-desk": "录入一张走访单",
    "display": "大屏，用大屏令牌打开",
}


def faults(page: Page, names: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return what is wrong with the page in sight; `names` are words of the data that are in Latin letters."""
    known = "|".join([*(re.escape(name) for name in names), KNOWN])
    found: list[dict[str, Any]] = page.evaluate(FAULTS, known)
    return found


def made_street(home: Path) -> dict[str, str]:
    """Build what `make demo` shows: the made-up street with its visits, groups in force; returns the accounts."""
    from typer.testing import CliRunner  # noqa: PLC0415  # slow to import

    from gis.cli.main import app  # noqa: PLC0415  # as above
    from gis.model.access import operator  # noqa: PLC0415  # as above
    from gis.services.accounts import SYSTEM, create_demo_accounts  # noqa: PLC0415  # as above
    from gis.services.sample.street import SampleRequest, sample_street  # noqa: PLC0415  # as above
    from gis.services.sample.visits import sample_visits  # noqa: PLC0415  # as above

    with closing(open_store(db_url_in(home))) as store:
        sample_street(operator(), store, SampleRequest(SEED, MEMBERS, None))
        accounts = create_demo_accounts(SYSTEM, store)
        sample_visits(operator(), store, SEED)
    run = CliRunner().invoke(app, ["plan", "groups", "--street", "--adopt", "--db", db_url_in(home)])
    assert run.exit_code == 0, run.output
    return {account.username: account.password for account in accounts}


class Looker:
    """Opens the screens one after the other, and keeps what it finds."""

    def __init__(self, server: AppServer, out: Path | None) -> None:
        self.server = server
        self.out = out
        self.tokens = {USERS[role]: token for role, token in accounts_of(server).items()}
        with closing(open_store(server.db_url)) as store:
            self.sights = sights(store)
            self.wall = display_token(store)
        self.found: list[str] = []
        self.outside = Outside()

    def look(self, browser: Browser, sizes: Sequence[tuple[int, int]], only: str) -> None:
        """Look at all screens, each at these sizes."""
        for user in dict.fromkeys(sight.user for sight in self.sights):
            context = new_profile(browser, *sizes[0])
            page = context.new_page()
            self.outside.watch(page)
            self._enter(context, page, user)
            for sight in self.sights:
                if sight.user == user and re.search(only, sight.name):
                    self._one(page, sight, sizes if sight.is_picture else sizes[:1])
            context.close()

    def _enter(self, context: BrowserContext, page: Page, user: str | None) -> None:
        if user == "token":
            page.goto(f"{self.server.url}/display?token={self.wall}")
        elif user is not None:
            enter(context, self.server, self.tokens[user])

    def _one(self, page: Page, sight: Sight, sizes: Sequence[tuple[int, int]]) -> None:
        """Look at one screen at one size after the other, as a window that is drawn larger; a map follows it."""
        page.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
        self._open(page, sight, f"{sight.name} {sizes[0][0]}×{sizes[0][1]}")
        for width, height in sizes:
            where = f"{sight.name} {width}×{height}"
            if (width, height) != sizes[0]:
                page.set_viewport_size({"width": width, "height": height})
                self._open(page, sight, where)
            self._judge(page, where)
            if self.out is not None and sight.is_picture:
                keep(page.screenshot(), picture_in(self.out, sight, (width, height)))

    def _open(self, page: Page, sight: Sight, where: str) -> None:
        """Open the screen where it is not in sight already, and let it come to rest."""
        try:
            if page.url == self.server.url + sight.address:
                settle(page)
            else:
                go(page, self.server, sight.address)
        except AssertionError as error:
            self._say(f"{where}  unfinished  {error}")
        if "/wall" in page.url:
            page.wait_for_timeout(CHARTS_MS)

    def _judge(self, page: Page, where: str) -> None:
        for fault in faults(page, self.tokens):
            told = f"  {fault['detail']}" if fault["detail"] else ""
            self._say(f"{where}  {fault['kind']}  “{fault['text']}”{told}  at {fault['selector']}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            self._say(f"{where}  sideways  the page is wider than the window")

    def _say(self, text: str) -> None:
        self.found.append(text)
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def keep(png: bytes, path: Path) -> None:
    """Write a picture as WebP, as good as its size allows."""
    from PIL import Image  # noqa: PLC0415  # only here

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    is_large = picture.width * picture.height > 1920 * 1080 * 2
    most = MOST_BYTES_LARGE if is_large else MOST_BYTES
    for quality in QUALITIES[1 if is_large else 0 :]:
        body = io.BytesIO()
        picture.save(body, "WEBP", quality=quality, method=2)
        if body.tell() <= most:
            break
    path.write_bytes(body.getvalue())


def main(words: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, help="folder for the pictures")
    asked.add_argument("--only", default="", help="only screens whose name matches")
    asked.add_argument("--size", action="append", help="only this size, as 1920x1080; may be repeated")
    asked.add_argument("--home", type=Path, help="keep the made-up street here, and use it again")
    args = asked.parse_args(words)
    sizes = [size for size in SIZES if not args.size or f"{size[0]}x{size[1]}" in args.size]
    with tempfile.TemporaryDirectory() as folder:
        home = args.home or Path(folder)
        return _look(home, args.out, sizes, args.only)


def _look(home: Path, out: Path | None, sizes: Sequence[tuple[int, int]], only: str) -> int:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # slow to import

    home.mkdir(parents=True, exist_ok=True)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    with start_app(home, accounts_in(home)) as server, sync_playwright() as playwright:
        looker = Looker(server, out)
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=list(CHROMIUM_ARGS))
        looker.look(browser, sizes, only)
        browser.close()
    kinds = Counter(line.split("  ")[1] for line in looker.found)
    sys.stdout.write(f"{dict(kinds) or 'nothing'} found; outside: {looker.outside}\n")
    if out is not None and not only:
        write_list(out, looker.sights)
    return 1 if looker.found or looker.outside != Outside() else 0


def accounts_in(home: Path) -> dict[str, str]:
    """Return the accounts of a street that was made before, or make one."""
    kept = home / "accounts.txt"
    if not kept.exists():
        accounts = made_street(home)
        kept.write_text("\n".join(f"{name} {password}" for name, password in accounts.items()), encoding="utf-8")
    return dict(line.split(" ", 1) for line in kept.read_text(encoding="utf-8").splitlines())


def write_list(out: Path, found: Sequence[Sight]) -> None:
    """Write the page of the guide that shows the pictures."""
    lines = ["# 各页面的样子", "", ABOUT]
    for sight in found:
        there = [size for size in SIZES if picture_in(out, sight, size).exists()]
        if sight.is_picture and there:
            first = SIZES[1] if SIZES[1] in there else there[0]
            lines += ["", f"## {title(sight)}", "", f"![{title(sight)}]({picture_in(out, sight, first).name})", ""]
            lines.append(" · ".join(f"[{w}×{h}]({picture_in(out, sight, (w, h)).name})" for w, h in there))
    (out / "index.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def picture_in(out: Path, sight: Sight, size: tuple[int, int]) -> Path:
    """Return where the picture of a screen at a size stands."""
    return out / f"{sight.name}-{size[0]}x{size[1]}.webp"


def title(sight: Sight) -> str:
    """Name a screen and who looks at it."""
    role = next((role.label for role, user in USERS.items() if user == sight.user), "")
    page = next((one.title for one in SCREENS if sight.address.partition("?")[0] == f"/{one.address}"), "")
    named = TITLES.get(sight.name) or next(
        (f"{page}：{one.label}" for one in THEMES if sight.name == f"map-{one.code}"), page
    )
    return f"{named}（{role}）" if role else named


if __name__ == "__main__":
    sys.exit(main())
