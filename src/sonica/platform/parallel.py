"""Work on many things at once, with the results in the order of the things."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 4
"""Items a worker that may be begun before the first is collected; bounds the memory."""


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int | None = None,
    abandon: Callable[[], None] = lambda: None,
) -> Iterator[Result]:
    """`work(item)` for each item, on `workers` threads (one a core), in the order of `items`.

    Threads are enough: decoder and engine let go of the interpreter while they work. When the
    caller stops early or the work fails, what has not begun is dropped, `abandon` is called, which may
    make what has begun end at once, and that is waited for.
    """
    count = workers or len(os.sched_getaffinity(0))
    executor = ThreadPoolExecutor(count, thread_name_prefix="sonica")
    running: deque[Future[Result]] = deque()
    is_done = False
    try:
        for item in items:
            running.append(executor.submit(work, item))
            if len(running) >= AHEAD * count:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
        is_done = True
    finally:
        executor.shutdown(wait=is_done, cancel_futures=True)
        if not is_done:
            abandon()
            executor.shutdown()
