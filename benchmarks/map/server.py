"""The product's server as an office runs it, and beside it the same pages with the map left out."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

from benchmarks.map.world import PASSWORD, USER
from benchmarks.measure import ROOT, resident_mb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPMessage
    from pathlib import Path
    from typing import IO

START_S = 600.0
COOKIE = "gis_sid"
#: The product's own entry; on a run of a page, whatever shows a map shows nothing
_WITHOUT_MAP = '''"""The product's pages without their map: what they cost by themselves."""
import streamlit as st

if __name__ == "__main__":
    from gis.ui.map import host

    host.show_map = lambda *_given, **_more: None
    import gis.ui.map.panel

    gis.ui.map.panel.show_map = host.show_map
    from gis.ui.navigation import run

    run()
else:
    from gis.ui.web.app import parts

    app = st.App(__file__, **parts())
'''


class ServerError(RuntimeError):
    """The server did not start; the message ends with what it said."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    pid: int
    started_s: float

    @property
    def resident_mb(self) -> float:
        """Memory now."""
        return resident_mb(self.pid)


@contextmanager
def running(db_url: str, home: Path, *, with_map: bool = True) -> Iterator[Server]:
    """Run the product on a database until the block ends."""
    home.mkdir(parents=True, exist_ok=True)
    folder = ROOT if with_map else _folder_without_map(home)
    env = {**os.environ, "JIUJIN_DATABASE_URL": db_url, "JIUJIN_HOME": str(home), "PYTHONPATH": str(ROOT)}
    port = _free_port()
    options = (f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true")
    command = (sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options)
    log = home / "server.log"
    began = monotonic()
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and words
            command, cwd=folder, env=env, stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, log)
            yield Server(url, process.pid, monotonic() - began)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _folder_without_map(home: Path) -> Path:
    """Return a folder that looks like the project's, with an entry of our own."""
    folder = home / "without_map"
    folder.mkdir(exist_ok=True)
    for name in ("pages", ".streamlit"):
        link = folder / name
        if not link.exists():
            link.symlink_to(ROOT / name)
    (folder / "streamlit_app.py").write_text(_WITHOUT_MAP, encoding="utf-8")
    return folder


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = monotonic() + START_S
    while monotonic() < until:
        try:
            with urlopen(f"{url}/_stcore/health", timeout=5) as answer:  # noqa: S310  # loopback, our own
                if answer.status == 200:  # noqa: PLR2004  # OK
                    return
        except (URLError, OSError):
            pass  # not listening yet
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    raise ServerError(log.read_text(encoding="utf-8", errors="replace")[-2000:])


class _Stay(HTTPRedirectHandler):
    """Keeps the answer that sets the cookie."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Follow nothing."""
        del req, fp, code, msg, headers, newurl
        return None


def sign_in(server: Server) -> str:
    """Sign in by the form and return the token of the cookie."""
    body = urlencode({"username": USER, "password": PASSWORD, "next": "/map"}).encode()
    asked = Request(f"{server.url}/login", body, {"Origin": server.url})  # noqa: S310  # loopback, our own
    try:
        build_opener(_Stay).open(asked)
    except HTTPError as answer:
        for name, _, rest in (word.partition("=") for word in answer.headers.get_all("Set-Cookie") or ()):
            if name == COOKIE:
                return rest.partition(";")[0]
    msg = "the sign-in set no cookie"
    raise ServerError(msg)
