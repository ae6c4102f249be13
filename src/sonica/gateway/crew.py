"""Threads that do a bounded amount of work: what does not fit is refused at once, not kept waiting."""

import asyncio
import contextvars
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sonica.gateway.problems import Problem
from sonica.platform.telemetry import Metrics

Result = TypeVar("Result")

WEIGHT = 0.1
"""Of the newest task in the mean of how long they take."""
LONGEST_WAIT_S = 30


def _known_as(name: str) -> None:
    """Has the system know this thread, and those that the engine starts in it, by a name: for `top -H`."""
    with suppress(OSError):  # a system that has no such file
        Path(f"/proc/self/task/{threading.get_native_id()}/comm").write_text(name, encoding="utf-8")


class Crew:
    """`workers` threads, and room for `room` tasks, those at work included."""

    def __init__(self, name: str, workers: int, room: int, metrics: Metrics) -> None:
        self._name, self._workers, self._room = name, workers, room
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(workers, f"sonica-{name}", initializer=_known_as, initargs=(name,))
        self._lock = threading.Lock()
        self._inside = 0
        self._mean_s = 0.05
        metrics.queue.labels(name).set_function(lambda: self._inside)

    @property
    def is_busy(self) -> bool:
        """Whether half of the threads are at work, or more: what may be cheaper should be."""
        return 2 * self._inside >= self._workers

    async def do(self, work: Callable[[], Result]) -> Result:
        """The result of `work`, done by one of the threads. Raises Problem (503) where there is no room."""
        return await asyncio.wrap_future(self.begin(work))

    def begin(self, work: Callable[[], Result]) -> Future[Result]:
        """The same, not waited for: whoever begins it may cancel it until a thread takes it."""
        with self._lock:
            if self._inside >= self._room:
                self._metrics.refused.labels(self._name).inc()
                wait = math.ceil(self._mean_s * self._inside / self._workers)
                raise Problem(
                    503,
                    "busy",
                    "More is asked than can be answered just now.",
                    code="queue_full",
                    retry_after=max(1, min(LONGEST_WAIT_S, wait)),
                )
            self._inside += 1

        def timed() -> Result:
            begun = time.perf_counter()
            try:
                return work()
            finally:
                took = time.perf_counter() - begun
                with self._lock:
                    self._mean_s += WEIGHT * (took - self._mean_s)

        task = self._threads.submit(contextvars.copy_context().run, timed)  # logs keep the request's id
        task.add_done_callback(self._left)  # also where nobody waits for it any more
        return task

    def _left(self, _: object) -> None:
        with self._lock:
            self._inside -= 1

    def close(self) -> None:
        """Waits for what is at work; what waits is dropped."""
        self._threads.shutdown(cancel_futures=True)
