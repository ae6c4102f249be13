"""Questions and answers, both ways, between `sonica serve` and its processes: JSON, one object a line."""

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Self

import structlog

log = structlog.get_logger("sonica.gateway")

LONGEST = 16 << 20
"""Bytes of a line: the metrics of a process are some ten thousand."""

Answer = Callable[[str, list[Any]], Awaitable[object]]
"""What to say to a question: its name, and what comes with it."""


class Talk:
    """One end of a connection, in one event loop. Both ends are ours, and trust each other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._count = 0
        self._answering: set[asyncio.Task[None]] = set()
        self._is_over = self._is_hushed = False

    @classmethod
    async def on(cls, connection: socket.socket) -> Self:
        """The end that a socket is."""
        return cls(*await asyncio.open_connection(sock=connection, limit=LONGEST))

    async def ask(self, question: str, *values: object) -> Any:
        """What the other end says to it. Raises ConnectionError where that has ended, or cannot say."""
        if self._is_over or self._is_hushed:
            raise ConnectionResetError
        self._count += 1
        said = self._asked[self._count] = asyncio.get_running_loop().create_future()
        self._send([self._count, question, *values])
        return await said

    async def listen(self, answer: Answer) -> None:
        """Answers what is asked, until the other end has ended, or wants no more."""
        try:
            with contextlib.suppress(ConnectionError):
                # One that dies while it speaks leaves a part of a line.
                while (line := await self._reader.readline()).endswith(b"\n"):
                    number, what, *values = json.loads(line)
                    if what is None:
                        self._heard(number, *values[:1], is_bug=not values)
                    else:
                        task = asyncio.create_task(self._answer(answer, number, what, values))
                        self._answering.add(task)
                        task.add_done_callback(self._answering.discard)
        finally:
            self._is_over = True
            for said in self._asked.values():
                if not said.done():
                    said.set_exception(ConnectionResetError())
            self._asked.clear()

    def _heard(self, number: int, value: object = None, *, is_bug: bool = False) -> None:
        said = self._asked.pop(number)
        if said.done():  # nobody waits any more
            return
        if is_bug:
            said.set_exception(ConnectionAbortedError())
        else:
            said.set_result(value)

    async def _answer(self, answer: Answer, number: int, what: str, values: list[Any]) -> None:
        try:
            self._send([number, None, await answer(what, values)])
        except Exception as error:  # who asked must not wait for ever
            log.exception("a bug", error_type=type(error).__name__)
            self._send([number, None])

    def _send(self, message: list[object]) -> None:
        if not self._is_hushed and not self._writer.is_closing():
            self._writer.write(json.dumps(message).encode() + b"\n")

    def hush(self) -> None:
        """Lets the other end know that this one asks no more, nor answers."""
        self._is_hushed = True
        with contextlib.suppress(OSError, RuntimeError):
            self._writer.write_eof()

    def close(self) -> None:
        """Ends the connection."""
        self._writer.close()
