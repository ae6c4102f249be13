"""Several processes that answer at one port: started, replaced where one ends, and ended together.

Each takes connections from the same socket, which stays open here: no process takes those with it that wait.
"""

import asyncio
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from sonica.gateway.errors import ServeError
from sonica.gateway.process import Order
from sonica.gateway.talk import Talk
from sonica.gateway.together import ORDER, READY, Desk
from sonica.gateway.unsignalled import DRAIN_S
from sonica.platform import programs

PROGRAM = programs.module("sonica.gateway.process")
SHORT_S = 10.0
"""Seconds: a process that ends sooner is replaced after PAUSE_S, for the next may fare no better."""
PAUSE_S = 1.0
GRACE_S = 10.0
"""Seconds after DRAIN_S in which a process must have ended by itself."""

log = structlog.get_logger("sonica.gateway")


class Workers:
    """As many processes as the order has shares, in one event loop."""

    def __init__(
        self, order: Order, listener: socket.socket, desk: Desk, on_ready: Callable[[], None]
    ) -> None:
        self._order, self._listener, self._desk, self._on_ready = order, listener, desk, on_ready
        self._running: dict[int, tuple[programs.Program, Talk]] = {}
        self._never_ready = set(range(order.share))
        self._ending = asyncio.Event()

    async def answer(self) -> None:
        """Has them answer until `end`. Raises ServeError where one cannot be started."""
        keeping = [asyncio.create_task(self._keep(number)) for number in range(self._order.share)]
        try:
            await asyncio.gather(*keeping)
        finally:
            self._kill()
            for task in keeping:
                task.cancel()
            await asyncio.gather(*keeping, return_exceptions=True)

    def end(self) -> None:
        """Has each end once it has answered all; said again, at once."""
        if self._ending.is_set():
            self._kill()
            return
        self._ending.set()
        self._listener.close()  # who comes now is told so, and does not wait
        for _, talk in self._running.values():
            talk.hush()
        asyncio.get_running_loop().call_later(DRAIN_S + GRACE_S, self._kill)

    def _kill(self) -> None:
        for program, _ in self._running.values():
            program.process.kill()

    async def _keep(self, number: int) -> None:
        """Has one process of this number run, whatever becomes of those before."""
        while not self._ending.is_set():
            begun = time.monotonic()
            how: dict[str, object]
            try:
                how = {"exit_status": await self._run(number)}
            except (OSError, RuntimeError) as error:  # no memory, descriptor, process or thread is left
                how = {"reason": str(error)}
            if self._ending.is_set():
                return
            if number in self._never_ready:
                told = " ".join(map(str, how.values()))
                said = f"A process of the service ended before it answered ({told})."
                raise ServeError("not_started", said, "What it said stands above.")
            log.warning("process ended", number=number, **how)
            if time.monotonic() - begun < SHORT_S:
                await asyncio.sleep(PAUSE_S)

    async def _run(self, number: int) -> int:
        """One process, from beginning to end; its exit status."""
        program = await asyncio.to_thread(
            programs.start, PROGRAM, keep=(self._listener.fileno(),), is_heard=True
        )
        talk = await Talk.on(program.connection)
        self._running[number] = program, talk
        try:
            if self._ending.is_set():
                talk.hush()
            await talk.listen(partial(self._answer, number, talk))  # until the process has ended
            return await asyncio.to_thread(program.process.wait)
        finally:
            self._desk.talks.pop(number, None)
            del self._running[number]
            talk.close()

    async def _answer(self, number: int, talk: Talk, what: str, values: list[Any]) -> object:
        if what == ORDER:
            return self._order.model_dump_json()
        if what == READY:
            self._desk.talks[number] = talk
            log.info("process answers", number=number, pid=values[0])
            if self._never_ready:
                self._never_ready.discard(number)
                if not self._never_ready:
                    self._on_ready()
            return None
        return await self._desk.answer(what, values)
