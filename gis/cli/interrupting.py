"""Ctrl-C while planning: once means "enough, take the best so far", twice means "leave it"."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Self

from gis.cli.common import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from gis.model.plan import PlanProgress

    Watch = Callable[[PlanProgress], bool]


class EnoughOnInterrupt:
    """While it is open the first Ctrl-C makes `watch` say stop; the second is an interrupt as usual."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._is_enough = False

    def __enter__(self) -> Self:
        """Take Ctrl-C over, where there is one: signals reach the main thread alone."""
        self._is_ours = threading.current_thread() is threading.main_thread()
        if self._is_ours:
            self._before = signal.signal(signal.SIGINT, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        """Give Ctrl-C back."""
        if self._is_ours:
            signal.signal(signal.SIGINT, self._before)

    def watch(self, progress: PlanProgress) -> bool:
        """Tell the progress on; whether to go on."""
        return self._watch(progress) and not self._is_enough

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if self._is_enough:
            signal.default_int_handler(number, frame)
        self._is_enough = True
        say("停止计算，取目前最好的方案；再按一次 Ctrl-C 放弃")
