"""Run one command as a process of its own: seconds, processor seconds and peak memory of it and its children."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
_EVERY_S = 0.1
_PROC = Path("/proc")


@dataclass(frozen=True)
class Limits:
    """When a process is stopped from outside."""

    seconds: float
    memory_mb: float


@dataclass(frozen=True)
class Measured:
    """How a process ended. `why` is empty when it ended well."""

    why: str
    wall_s: float
    cpu_s: float
    peak_mb: float
    output: str


class _Watch(Thread):
    """Add up the resident memory of a process and all below it, and stop them at a limit."""

    def __init__(self, pid: int, limits: Limits) -> None:
        super().__init__(daemon=True)
        self.pid, self.limits, self.done = pid, limits, Event()
        self.peak_mb, self.why = 0.0, ""

    def run(self) -> None:
        """Look ten times a second."""
        until = monotonic() + self.limits.seconds
        while not self.done.wait(_EVERY_S):
            self.peak_mb = max(self.peak_mb, sum(resident_mb(pid) for pid in family(self.pid)))
            if self.peak_mb > self.limits.memory_mb:
                self.why = f"stopped at {self.limits.memory_mb / 1024:.2g} GB"
            elif monotonic() > until:
                self.why = f"stopped after {self.limits.seconds:g} s"
            if self.why:
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                return


def run(command: Sequence[str | Path], limits: Limits) -> Measured:
    """Run a command from the project's root and wait for it."""
    start = monotonic()
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(  # noqa: S603  # the runner's own words
        [str(word) for word in command],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    watch = _Watch(process.pid, limits)
    watch.start()
    output = ""
    if process.stdout:
        with process.stdout:
            output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    watch.done.set()
    watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    why = watch.why or (f"failed: {_last(output)}" if process.returncode else "")
    # the system's own peak counts pages of the runner, which a child has until it begins: only for what ends at once
    peak = watch.peak_mb or used.ru_maxrss / 1024
    return Measured(why, monotonic() - start, used.ru_utime + used.ru_stime, peak, output)


def _last(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:120] if lines else "no message"


def family(pid: int) -> list[int]:
    """List a process and all its descendants; only itself where the system does not tell."""
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        with suppress(OSError):
            for task in (_PROC / str(one) / "task").iterdir():
                todo += map(int, (task / "children").read_text().split())
    return found


def resident_mb(pid: int) -> float:
    """Read the resident memory of a process; 0 when it is gone or the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return 0.0
