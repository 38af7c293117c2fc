"""What happens once, when the server starts."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import anyio
from streamlit.runtime.pages_manager import PagesManager

from gis.services.accounts import sign_in
from gis.ui.web.app import lifespan, parts

if TYPE_CHECKING:
    import pytest

    from gis.store.database import Store


async def _lifespan() -> None:
    async with lifespan(None):
        pass


def start_and_stop() -> None:
    """Run the lifespan in a thread of its own: the browser tests leave an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(anyio.run, _lifespan).result()


def test_an_empty_database_gets_an_administrator_whose_password_is_printed_once(
    installed: Store, capsys: pytest.CaptureFixture[str]
):
    start_and_stop()
    found = re.search(r"登录名 (\S+)，初始口令 (\w+)", capsys.readouterr().out)
    assert found is not None
    assert sign_in(installed, found[1], found[2])
    start_and_stop()
    assert "口令" not in capsys.readouterr().out


def test_no_page_runs_without_the_entry():
    parts()
    assert PagesManager.uses_pages_directory is False
