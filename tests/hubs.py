"""Both ends of the way to an engine, in one event loop, over real sockets."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from sonica.gateway.engines.hub import Hub
from sonica.gateway.engines.seat import Searcher
from sonica.platform.telemetry import Metrics
from sonica.recognition import Thresholds

PATIENCE_S = 60.0


def searching(home: Path) -> Iterator[Searcher]:
    """An engine of the songs there, with one thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.sched_getaffinity", lambda _: {0})
        searcher = Searcher(home, Metrics())
    yield searcher
    searcher.crew.close()


@asynccontextmanager
async def answering(searcher: Searcher, path: Path) -> AsyncIterator[str]:
    """Its address, while it answers."""
    server = await asyncio.get_running_loop().create_unix_server(searcher.seat, str(path))
    try:
        yield f"unix:{path}"
    finally:
        server.close()
        searcher.end()
        os.unlink(path)  # noqa: PTH108  at once, in a loop


@asynccontextmanager
async def asking(*addresses: str, room: int = 64, metrics: Metrics | None = None) -> AsyncIterator[Hub]:
    """A service's end, connected to all."""
    hub = Hub(addresses, Thresholds(), room, metrics or Metrics())
    hub.start()
    try:
        yield hub
    finally:
        await hub.close()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110  a figure, which tells nobody that it changed
            await asyncio.sleep(0.005)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(PATIENCE_S):
            await work()

    asyncio.run(bounded())


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


@contextmanager
def held_up(searcher: Searcher) -> Iterator[None]:
    """Its only thread is busy meanwhile."""
    go_on = threading.Event()
    held = asyncio.ensure_future(searcher.crew.do(partial(go_on.wait, PATIENCE_S)))
    try:
        yield
        assert not held.done()
    finally:
        go_on.set()
