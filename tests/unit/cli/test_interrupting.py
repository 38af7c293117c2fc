"""Ctrl-C while planning: the first takes the best so far, the second leaves, and afterwards it is as before."""

from __future__ import annotations

import signal

import pytest

from gis.cli.interrupting import EnoughOnInterrupt
from gis.model.plan import PlanProgress

PROGRESS = PlanProgress(1.0, 0, 0, 100, 90, 0.1)


def test_the_first_interrupt_is_enough_and_the_second_leaves(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with EnoughOnInterrupt(lambda _: True) as told:
        assert told.watch(PROGRESS)
        signal.raise_signal(signal.SIGINT)
        assert not told.watch(PROGRESS)
        assert "再按一次 Ctrl-C" in capsys.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_who_watches_may_stop_it_as_well() -> None:
    with EnoughOnInterrupt(lambda progress: progress.gap > 1.0) as told:
        assert not told.watch(PROGRESS)
