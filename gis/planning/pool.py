"""Independent tasks on the processors of this machine; a process that dies costs only what it was at."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_DEATHS = 3  # so many processes may die over one task before it is done here
_READY = 1  # tasks made ahead, so that no process waits for the next one


class Pool(Generic[Task, Answer]):
    """Does tasks with one function in `workers` processes, or with none of its own when that is 1.

    Tasks are taken one by one, so that each can be measured by the time that is left when its turn comes. The function
    and its tasks must be importable by name; a task may be done twice.
    """

    def __init__(self, function: Callable[[Task], Answer], workers: int) -> None:
        self._function, self._workers = function, workers
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool[Task, Answer]:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._end()

    def _end(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _submit(self, task: Task) -> Future[Answer]:
        if self._executor is None:
            context = multiprocessing.get_context("spawn")  # a fork would copy the locks of other threads
            self._executor = ProcessPoolExecutor(self._workers, mp_context=context)
        try:
            return self._executor.submit(self._function, task)
        except BrokenProcessPool:  # it died since; what it was at comes back as broken
            self._end()
            return self._submit(task)

    def run(self, tasks: Iterator[tuple[int, Task]]) -> Iterator[tuple[int, Answer]]:
        """Yield the number of each task with its answer, as they come."""
        if self._workers <= 1:
            yield from ((number, self._function(task)) for number, task in tasks)
            return
        queue = _Queue(tasks)
        under_way: dict[Future[Answer], tuple[int, Task]] = {}
        while True:
            while len(under_way) < self._workers + _READY and (taken := queue.take()) is not None:
                if queue.deaths(taken[0]) >= _DEATHS:
                    yield taken[0], self._function(taken[1])
                else:
                    under_way[self._submit(taken[1])] = taken
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                taken = under_way.pop(future)
                try:
                    yield taken[0], future.result()
                except BrokenProcessPool:
                    queue.put_back(taken)
                    self._end()


class _Queue(Generic[Task]):
    """What is still to do: first what has to be done again."""

    def __init__(self, tasks: Iterator[tuple[int, Task]]) -> None:
        self._tasks, self._again = tasks, list[tuple[int, Task]]()
        self._deaths = Counter[int]()

    def take(self) -> tuple[int, Task] | None:
        return self._again.pop() if self._again else next(self._tasks, None)

    def put_back(self, taken: tuple[int, Task]) -> None:
        self._deaths[taken[0]] += 1
        self._again.append(taken)

    def deaths(self, number: int) -> int:
        return self._deaths[number]
