"""One of several processes that answer at one port, started as `python -m sonica.gateway.process DESCRIPTOR`.

It ends, once it has answered what it has begun, when told to (SIGTERM), and when whoever started it has no
more to ask or has died: then the other end of its connection is closed.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sonica.gateway.access import Access
from sonica.gateway.operations import metrics_of
from sonica.gateway.parts import GatewayLimits, Parts
from sonica.gateway.server import Server, SharedListener
from sonica.gateway.talk import Talk
from sonica.gateway.together import ORDER, READY, TELL
from sonica.platform.cache import Caching
from sonica.platform.connections import to_answer
from sonica.platform.database import Database
from sonica.platform.jobs import Jobs
from sonica.platform.options import Options
from sonica.platform.shared import shared_database
from sonica.platform.telemetry import configure_logs
from sonica.recognition import Thresholds
from sonica.work.adding import Places


class Order(BaseModel):
    """What a process is to do: answer at the `listener` (a descriptor), as one of `share`."""

    url: str
    listener: int
    share: int
    thresholds: Thresholds
    limits: GatewayLimits
    web: Path | None
    engines: tuple[str, ...]
    log_level: int


def main() -> None:
    """Answers until it is told to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us decides
    asyncio.run(_run(socket.socket(fileno=int(sys.argv[1]))))


async def _run(connection: socket.socket) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    talk, served = await Talk.on(connection), list[Parts]()

    async def answer(what: str, _: list[Any]) -> str:
        if what != TELL:
            raise ValueError(what)
        return (await metrics_of(served[0])).decode()

    listening = asyncio.create_task(talk.listen(answer))
    stopping = asyncio.create_task(told.wait())
    try:
        order = Order.model_validate_json(await talk.ask(ORDER))
        configure_logs(level=order.log_level)
        async with _parts(order, talk) as parts:
            served.append(parts)
            readying = partial(asyncio.ensure_future, talk.ask(READY, os.getpid()))
            server = Server(parts, SharedListener(fileno=order.listener), readying)
            serving = asyncio.create_task(server.answer())
            await asyncio.wait([listening, stopping, serving], return_when=asyncio.FIRST_COMPLETED)
            server.end()
            await serving
    except ConnectionError:  # whoever started us is no more
        return
    finally:
        listening.cancel()
        stopping.cancel()
        await asyncio.gather(listening, stopping, return_exceptions=True)
        talk.close()


@asynccontextmanager
async def _parts(order: Order, talk: Talk) -> AsyncIterator[Parts]:
    share, options = order.share, Options()
    most = to_answer(share)
    database = Database(order.url, smallest=most.kept, largest=most.database)
    shared_database(options.home).largest = most.shared
    try:
        async with Jobs(order.url, largest=most.jobs) as jobs:
            yield Parts.make(
                options.home,
                order.thresholds,
                database,
                jobs,
                places=Places(options.folders, options.prefixes),
                limits=order.limits.shared(share),
                access=Access.of(options),
                caching=Caching.of(options),
                web=order.web,
                engines=order.engines,
                share=share,
                others=talk,
            )
    finally:
        await database.close()


if __name__ == "__main__":
    main()
