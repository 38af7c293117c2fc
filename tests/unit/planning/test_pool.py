"""Tasks on processes of this machine."""

from __future__ import annotations

import os
from multiprocessing import parent_process
from pathlib import Path
from signal import SIGKILL

from gis.planning.pool import Pool


def square(number: int) -> int:
    return number * number


def die_once(task: tuple[int, str]) -> int:
    """Kill the process that does number 3, the first time; never the one that runs the tests."""
    number, marker = task
    if number == 3 and parent_process() is not None and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), SIGKILL)
    return number * number


def test_every_task_is_answered_under_its_number():
    with Pool(square, 2) as pool:
        assert dict(pool.run(iter(enumerate(range(5))))) == {k: k * k for k in range(5)}


def test_one_worker_needs_no_process():
    with Pool(square, 1) as pool:
        assert list(pool.run(iter(enumerate(range(3))))) == [(0, 0), (1, 1), (2, 4)]


def test_a_killed_process_costs_only_what_it_was_at(tmp_path):
    tasks = [(number, (number, str(tmp_path / "died"))) for number in range(6)]
    with Pool(die_once, 2) as pool:
        assert dict(pool.run(iter(tasks))) == {k: k * k for k in range(6)}
    assert (tmp_path / "died").exists()
