"""What every test is given; the fixtures themselves are in tests/fixtures, one module for each kind of thing."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.fixtures.components import COMPONENTS, MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

# In the order of their own imports
pytest_plugins = ["tests.fixtures.postgres", "tests.fixtures.stores", "tests.fixtures.browser"]

# No deadline: cores are shared. In CI the same examples every time, so that a failure is about the change.
settings.register_profile("local", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI", "").lower() == "true" else "local")

_connect = socket.socket.connect


def _connect_on_this_machine(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        msg = f"a test tried to reach {address[0]}: the product runs without internet"
        raise AssertionError(msg)
    _connect(self, address)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Nothing in the test process may leave the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _connect_on_this_machine)
        yield


@pytest.fixture(autouse=True)
def _settings_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a developer's own settings out of the tests."""
    for name in [name for name in os.environ if name.startswith("JIUJIN_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Put back the main module, which a page run by Streamlit replaces: new processes would start as that page."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep all that drives a browser in one process where the tests run in several: there is one app to a process.

    Marks of groups do not do: pytest 9.2 keeps the ids of tests where xdist 3.8 does not write its suffix any more.
    """
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # noqa: PLC0415  # there only where tests run in several processes, and without types

    class OneBrowser(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
        def _split_scope(self, nodeid: str) -> str:
            return "browser" if nodeid.startswith("tests/browser/") else nodeid

    return OneBrowser(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was missing here to the process that reports, where the tests run in several."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["missing"] = sorted(MISSING)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what was missing in one of several processes."""
    MISSING.update(getattr(node, "workeroutput", {}).get("missing", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not be proved on this machine."""
    if MISSING:
        terminalreporter.section("NOT PROVED HERE", sep="!", red=True, bold=True)
        for name in sorted(MISSING):
            terminalreporter.line(f"{name} is missing: {COMPONENTS[name].remedy}")
