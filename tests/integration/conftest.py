"""What every integration test is given."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(compiled_once: None) -> None:
    """Compile each statement once, however many databases there are."""
