"""Long work beside the page: a click or a lost connection does not end it, and the page can say how it goes."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

ResultT = TypeVar("ResultT")
AT_ONCE = 2  # jobs at the same moment; others wait their turn
_pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="jiujin-job")


@dataclass(frozen=True, slots=True)
class Job(Generic[ResultT]):
    """Work that was sent off."""

    future: Future[ResultT]
    started: float
    expected_s: float

    @property
    def elapsed_s(self) -> float:
        """Seconds since it was sent."""
        return time.monotonic() - self.started

    def is_done(self, wait_s: float = 0.0) -> bool:
        """Whether it has ended, waiting a moment for it."""
        try:
            self.future.exception(timeout=wait_s)
        except NotYetError:
            return False
        return True

    def result(self) -> ResultT:
        """Return what it gave, or raise what it raised."""
        return self.future.result()


def send(work: Callable[[], ResultT], *, expected_s: float) -> Job[ResultT]:
    """Send work off; `expected_s` is for the progress shown."""
    return Job(_pool.submit(work), time.monotonic(), expected_s)
