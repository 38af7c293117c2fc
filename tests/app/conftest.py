"""The tiny street as the installation of this test, and pages run as one of its roles."""

from __future__ import annotations

import shutil
import warnings
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.fixtures.components import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient
    from streamlit.testing.v1 import AppTest

    from gis.model.access import Role
    from gis.store.database import Store
    from tests.app.tiny import Tiny


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(compiled_once: None) -> None:
    """Compile each statement once, however many databases there are."""


@pytest.fixture(scope="session")
def tiny_built(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tiny]:
    """Build the tiny street once (hashing ten passwords takes its time); copy the file, never write to it."""
    from gis.store.database import Store  # noqa: PLC0415  # the app is slow to import, and only these tests need it
    from tests.app.tiny import build  # noqa: PLC0415  # as above

    path = tmp_path_factory.mktemp("tiny") / "jiujin.db"
    shutil.copyfile(migrated_sqlite, path)
    with closing(Store.open(f"sqlite:///{path}")) as store:
        return path, build(store)


@pytest.fixture
def installed(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """Make a fresh database the installation that the app serves; with the tiny street where a test asks for it."""
    from gis.ui import office  # noqa: PLC0415  # as above

    if "tiny" in request.fixturenames:
        shutil.copyfile(request.getfixturevalue("tiny_built")[0], sqlite_url.removeprefix("sqlite:///"))
    monkeypatch.setenv("JIUJIN_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("JIUJIN_HOME", str(tmp_path))
    yield office.store()
    office.store().close()


@pytest.fixture
def tiny(tiny_built: tuple[Path, Tiny], installed: Store) -> Tiny:
    """Give the tiny street."""
    return tiny_built[1]


class RunPage(Protocol):
    """Runs a page, or the entry, as a role."""

    def __call__(self, file: str, role: Role | None) -> AppTest:
        """Return the page after its first run."""


@pytest.fixture
def run_page(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> RunPage:
    """Give the function that runs a page."""
    from streamlit.runtime.context import ContextProxy  # noqa: PLC0415  # as above
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415  # as above

    def run(file: str, role: Role | None) -> AppTest:
        cookies = {"gis_sid": tiny.tokens[role]} if role else {}
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _self: cookies))
        monkeypatch.chdir(ROOT)
        return AppTest.from_file(str(ROOT / file), default_timeout=30).run()

    return run


@pytest.fixture
def client(installed: Store) -> Iterator[TestClient]:
    """Give a browser without cookies in front of gate and routes; Streamlit's own answers are played by one route."""
    from starlette.applications import Starlette  # noqa: PLC0415  # as above
    from starlette.responses import PlainTextResponse  # noqa: PLC0415
    from starlette.routing import Route, WebSocketRoute  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it would rather have another HTTP client; ours does
        from starlette.testclient import TestClient  # noqa: PLC0415
    from gis.ui.web.app import parts  # noqa: PLC0415

    async def stream(websocket):
        await websocket.accept()
        await websocket.close()

    def streamlit(_request):
        return PlainTextResponse("streamlit")

    made = parts()
    rest = [WebSocketRoute("/_stcore/stream", stream), Route("/{path:path}", streamlit, methods=["GET", "POST", "PUT"])]
    app = Starlette(routes=[*made["routes"], *rest], middleware=made["middleware"])
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as opened:
        yield opened
