"""What every integration test is given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(compiled_once: None) -> None:
    """Compile each statement once, however many databases there are."""


@pytest.fixture(scope="session", autouse=True)
def _commands_once() -> Iterator[None]:
    """Read the signatures of our two hundred commands once, not at every command that a test runs."""
    from typer import testing  # noqa: PLC0415  # only where commands are tested
    from typer.main import get_command  # noqa: PLC0415  # as above

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testing, "_get_command", cache(get_command))  # typer has no public way
        yield
