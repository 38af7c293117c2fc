"""Long work beside the page: a click or a lost connection does not end it, and the page can say how it goes."""

from __future__ import annotations

import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

ResultT = TypeVar("ResultT")
AT_ONCE = 2  # jobs at the same moment; others wait their turn
KEPT = 32  # jobs that can be found again, over all accounts
_pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="jiujin-job")
_kept: OrderedDict[tuple[str, str], Job[object]] = OrderedDict()
_lock = Lock()


@dataclass(slots=True)
class Progress:
    """What work says of itself while it runs (`said`), and whether somebody asked it to end with what it has."""

    said: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Job(Generic[ResultT]):
    """Work that was sent off; with `progress` it can be asked to end."""

    future: Future[ResultT]
    started: float
    expected_s: float
    progress: Progress | None = field(default=None, compare=False)

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


def send(work: Callable[[], ResultT], *, expected_s: float, progress: Progress | None = None) -> Job[ResultT]:
    """Send work off; `expected_s` is for the progress shown."""
    return Job(_pool.submit(work), time.monotonic(), expected_s, progress)


def keep(owner: str, key: str, job: Job[object]) -> None:
    """Let whoever sent it find the job again after the tab has been lost; the oldest of the process give way."""
    with _lock:
        _kept[owner, key] = job
        _kept.move_to_end((owner, key))
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def kept(owner: str, key: str) -> Job[object] | None:
    """Return the last job that this account sent under this name, until it is let go."""
    with _lock:
        return _kept.get((owner, key))


def let_go(owner: str, key: str) -> None:
    """Forget a job whose result is saved or not wanted."""
    with _lock:
        _kept.pop((owner, key), None)
