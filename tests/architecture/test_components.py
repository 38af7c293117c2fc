"""What is missing on a machine is said, and in CI it is never passed over."""

from __future__ import annotations

import pytest

from tests.fixtures import components
from tests.fixtures.components import Component, need


@pytest.fixture(autouse=True)
def _nothing_is_installed(monkeypatch: pytest.MonkeyPatch):
    missing = {
        "browser": Component(lambda: None, "install it"),
        "extract": Component(lambda: None, "fetch it", must_be_in_ci=False),
    }
    monkeypatch.setattr(components, "COMPONENTS", missing)
    monkeypatch.setattr(components, "MISSING", set())


def test_at_a_desk_a_missing_component_skips_and_is_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="browser is missing: install it"):
        need("browser")
    assert sorted(components.MISSING) == ["browser"]


def test_in_ci_a_missing_component_fails(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="browser is missing"):
        need("browser")


def test_what_cannot_be_installed_skips_in_ci_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.skip.Exception):
        need("extract")
