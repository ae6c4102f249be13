"""An engine process, from its start to its end: warm before it answers, and gone once it has answered."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from sonica.gateway.engines.address import WAITING, Address, address_of, bound, let_in
from sonica.gateway.engines.health import Health, told_at
from sonica.gateway.engines.seat import Searcher
from sonica.gateway.unsignalled import DRAIN_S
from sonica.gateway.warm import Warming
from sonica.platform.telemetry import Metrics

log = structlog.get_logger("sonica.engine")


def run_engine(
    home: Path, listen: Address, told: Address | None, on_ready: Callable[[Address], object]
) -> None:
    """Searches the songs in `home` for who asks at `listen`, until SIGINT or SIGTERM.

    What has been asked is answered first; said twice, nothing is waited for. `told`: where it tells how it is
    doing. `on_ready` is told the address once all packs are read. Raises ServeError, and CatalogueError where
    the songs cannot be read.
    """
    asyncio.run(_run(home, listen, told, on_ready))


async def _run(
    home: Path, listen: Address, told: Address | None, on_ready: Callable[[Address], object]
) -> None:
    loop, stop = asyncio.get_running_loop(), _Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.ask)
    searcher = Searcher(home, Metrics())
    searcher.recognizer.open_packs()  # where they cannot be read, it is told at once
    health = Health(searcher)
    with bound(listen) as listener:
        async with told_at(told, health), _looking(searcher):
            if not await _warmed(searcher, stop):
                return
            let_in(listener, listen)
            make = loop.create_unix_server if listen.path else loop.create_server
            server = await make(searcher.seat, sock=listener, backlog=WAITING)
            health.state = "ready"
            on_ready(address_of(listener, listen))
            await stop.asked.wait()
            health.state = "ending"
            begun = time.perf_counter()
            server.close()
            leaving = asyncio.create_task(searcher.see_out(DRAIN_S))
            hurrying = asyncio.create_task(stop.asked_twice.wait())
            await asyncio.wait([leaving, hurrying], return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
            hurrying.cancel()
            searcher.end()
            await asyncio.to_thread(searcher.crew.close)
            log.info("engine ended", seconds=round(time.perf_counter() - begun, 2))


class _Stop:
    """Whether to end, and whether to hurry."""

    def __init__(self) -> None:
        self.asked, self.asked_twice = asyncio.Event(), asyncio.Event()

    def ask(self) -> None:
        (self.asked_twice if self.asked.is_set() else self.asked).set()


@asynccontextmanager
async def _looking(searcher: Searcher) -> AsyncIterator[None]:
    looking = asyncio.create_task(searcher.keep_looking())
    try:
        yield
    finally:
        looking.cancel()


async def _warmed(searcher: Searcher, stop: _Stop) -> bool:
    """Whether all packs are read; not, where it is to end before."""
    loop, warm = asyncio.get_running_loop(), asyncio.Event()

    def on_end() -> None:
        with suppress(RuntimeError):  # all has ended meanwhile
            loop.call_soon_threadsafe(warm.set)

    warming = Warming(searcher.recognizer, searcher.metrics, on_end=on_end)
    warming.start()
    waiting = [asyncio.create_task(event.wait()) for event in (warm, stop.asked)]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    warming.close()
    return not stop.asked.is_set()
