"""An environment for each peer: some of them cannot live in one process with others, or with the product."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import ROOT, Limits, run

ENVIRONMENTS = ROOT / "var/bench/envs"
_INSTALL = Limits(seconds=900, memory_mb=4096)


@dataclass(frozen=True)
class Peer:
    """A solver to compare with.

    `packages` go into `environment`; without one it runs beside the product. `module` is what solves, with `words`
    before the other arguments. `is_exact`: takes the full model and proves.
    """

    name: str
    label: str
    environment: str
    packages: tuple[str, ...]
    module: str
    words: tuple[str, ...] = ()
    is_exact: bool = False


PEERS = (
    Peer("greedy", "greedy nearest host + repair", "", (), "benchmarks.peers.greedy"),
    Peer("highs", "HiGHS, full model", "highs", ("highspy", "scipy"), "benchmarks.peers.highs", is_exact=True),
    Peer("scip", "SCIP, full model", "scip", ("pyscipopt", "scipy"), "benchmarks.peers.scip", is_exact=True),
    Peer("cbc", "CBC, full model", "cbc", ("pulp", "scipy"), "benchmarks.peers.cbc", is_exact=True),
    Peer("spopt-median", "spopt PMedian + CBC + repair", "spopt", ("spopt",), "benchmarks.peers.locate", ("median",)),
    Peer("spopt-cover", "spopt LSCP + CBC + repair", "spopt", ("spopt",), "benchmarks.peers.locate", ("cover",)),
    Peer("kmeans", "k-means-constrained + repair", "kmeans", ("k-means-constrained",), "benchmarks.peers.clusters"),
)


def python_of(peer: Peer) -> Path:
    """Return the interpreter that a peer runs in."""
    if not peer.environment:
        return Path(sys.executable)
    folder = "Scripts" if platform.system() == "Windows" else "bin"
    return ENVIRONMENTS / peer.environment / folder / "python"


def is_ready(peer: Peer) -> bool:
    """Tell whether a peer can run."""
    return not peer.environment or (ENVIRONMENTS / peer.environment / "ready").exists()


def prepare(peer: Peer) -> str:
    """Make a peer's environment unless it stands; return why that cannot be, or nothing."""
    home, python = ENVIRONMENTS / peer.environment, python_of(peer)
    if is_ready(peer):
        return ""
    home.parent.mkdir(parents=True, exist_ok=True)
    made = run([sys.executable, "-m", "venv", "--clear", home], _INSTALL)
    if not made.why:
        made = run(
            [python, "-m", "pip", "install", "--quiet", "--no-input", "--retries", "2", *peer.packages], _INSTALL
        )
    if made.why:
        return f"not installed ({made.why})"
    (home / "ready").write_text(" ".join(peer.packages), encoding="utf-8")
    return ""


def versions(peer: Peer) -> str:
    """Name the packages of a peer with their versions."""
    if not peer.environment:
        return f"numpy {version('numpy')}"
    seen = subprocess.run(  # noqa: S603  # the runner's own words
        [python_of(peer), "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        capture_output=True,
        check=False,
        text=True,
    )
    found = {row["name"].lower(): row["version"] for row in json.loads(seen.stdout or "[]")}
    wanted = [*peer.packages, *(("pulp",) if peer.environment == "spopt" else ())]
    return ", ".join(f"{name} {found.get(name, '?')}" for name in wanted)
