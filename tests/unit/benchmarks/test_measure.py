"""A solver in a process of its own: what it used, and how it is stopped."""

from __future__ import annotations

import sys

from benchmarks.measure import Limits, run

FREE = Limits(seconds=60, memory_mb=4096)


def test_a_process_that_ends_well_has_no_why_and_its_memory_is_seen():
    done = run([sys.executable, "-c", "x = bytearray(60_000_000); print(sum(range(30_000_000)))"], FREE)
    assert (done.why, done.output.strip()) == ("", "449999985000000")
    assert 60 < done.peak_mb < 300
    assert 0 < done.cpu_s < 60


def test_memory_of_children_counts():
    inner = "x = bytearray(150_000_000); print(sum(range(20_000_000)))"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}], check=True)"
    assert run([sys.executable, "-c", outer], FREE).peak_mb > 150


def test_a_process_that_fails_says_why():
    assert run([sys.executable, "-c", "raise SystemExit('no such file')"], FREE).why == "failed: no such file"


def test_a_process_that_takes_too_long_is_stopped():
    done = run([sys.executable, "-c", "while True: pass"], Limits(seconds=0.3, memory_mb=4096))
    assert done.why == "stopped after 0.3 s"


def test_a_process_that_takes_too_much_memory_is_stopped():
    grow = "x = []\nwhile True: x.append(bytearray(1_000_000))"
    done = run([sys.executable, "-c", grow], Limits(seconds=60, memory_mb=200))
    assert done.why == "stopped at 0.2 GB"
