"""Environments of peers: made once, and a peer that cannot be installed is said so instead of failing the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import environments
from benchmarks.environments import PEERS, Peer, prepare
from benchmarks.measure import ROOT, Measured

if TYPE_CHECKING:
    from pathlib import Path

PEER = Peer("oracle", "an oracle", "oracle", ("oracle",), "benchmarks.peers.oracle")


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path)


def test_a_peer_that_cannot_be_installed_is_said_so(monkeypatch: pytest.MonkeyPatch):
    def run(command: Any, _: Any) -> Measured:
        return Measured("failed: no such package" if "pip" in command else "", 1.0, 1.0, 1.0, "")

    monkeypatch.setattr(environments, "run", run)
    assert prepare(PEER) == "not installed (failed: no such package)"


def test_an_environment_is_made_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    asked = []

    def run(command: Any, _: Any) -> Measured:
        asked.append(command[2])
        (tmp_path / "oracle").mkdir(exist_ok=True)
        return Measured("", 1.0, 1.0, 1.0, "")

    monkeypatch.setattr(environments, "run", run)
    assert (prepare(PEER), prepare(PEER)) == ("", "")
    assert asked == ["venv", "pip"]


def test_every_peer_is_a_script_of_its_own():
    folder = ROOT / "benchmarks/peers"
    assert all((folder / f"{peer.module.rpartition('.')[2]}.py").exists() for peer in PEERS)
    assert len({peer.name for peer in PEERS}) == len(PEERS)
