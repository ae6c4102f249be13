"""One connection to an engine: questions go out together, and each waits for its own answer."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from sonica.gateway.engines.meters import AskMeters
from sonica.gateway.engines.wire import (
    BATCH_BYTES,
    MOST_ASKS,
    Ask,
    Asks,
    Decoder,
    Drops,
    Going,
    Hello,
    Message,
    Mode,
    Ping,
    Pong,
    Told,
    Tolds,
    Welcome,
    WireError,
    encode,
)

LINGER_S = 0.002
"""Seconds for which a question waits for others to go with, where the engine is at work anyway."""
PING_S = 1.0
SILENT_S = 10.0
"""Seconds without a word after which an engine is taken for lost."""


class LostError(Exception):
    """The connection has ended before the answer: ask elsewhere."""


class Line(asyncio.Protocol):
    """The connection. `on_change` is called when it can be asked, and when it no longer can."""

    def __init__(self, hello: Hello, meters: AskMeters, on_change: Callable[[], None]) -> None:
        self._hello, self._meters, self._on_change = hello, meters, on_change
        self._decoder, self._loop = Decoder(Welcome), asyncio.get_running_loop()
        self._asked: dict[int, asyncio.Future[Told]] = {}
        self._number = 0
        self._waiting, self._bytes = dict[int, Ask](), 0
        self._drops = list[int]()
        self._sending: asyncio.Handle | None = None
        self._heard_at = time.monotonic()
        self.is_open = False
        """Whether it can be asked."""
        self.has_been_open = False
        self.threads = 1
        self.pong: Pong | None = None
        self.why = ""
        """Why it has ended, where that is known."""
        self.lost: asyncio.Future[None] = self._loop.create_future()

    @property
    def outstanding(self) -> int:
        """Questions that are not answered."""
        return len(self._asked)

    # --- the connection -----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Says who this is."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport
        self._send(self._hello)

    def connection_lost(self, error: Exception | None) -> None:
        """All who wait must ask elsewhere."""
        if error and not self.why:
            self.why = str(error)
        self._shut()
        for answered in self._asked.values():
            if not answered.done():
                answered.set_exception(LostError())
        self._asked.clear()
        if self._sending:
            self._sending.cancel()
        self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Takes what the engine says."""
        self._heard_at = time.monotonic()
        try:
            for message in self._decoder.feed(data):
                self._take(message)
        except WireError as error:
            self.abort(str(error))

    def _take(self, message: Message) -> None:
        if isinstance(message, Tolds):
            for told in message.tolds:
                answered = self._asked.pop(told.number, None)
                if answered and not answered.done():  # else nobody waits any more
                    answered.set_result(told)
            self._leave_if_done()
        elif isinstance(message, Pong):
            self.pong = message
        elif isinstance(message, Welcome):
            self.threads, self.is_open = max(1, message.threads), True
            self.has_been_open = True
            self._on_change()
        elif isinstance(message, Going):
            self._shut()
            self._leave_if_done()

    def _shut(self) -> None:
        if self.is_open:
            self.is_open = False
            self._on_change()

    def _leave_if_done(self) -> None:
        if not self.is_open and self._decoder.has_met and not self._asked:
            self._transport.close()

    async def keep(self) -> None:
        """Until it has ended; sees to it that it does where the engine is silent."""
        try:
            while not self.lost.done():
                self._send(Ping())
                await asyncio.wait([self.lost], timeout=PING_S)
                if time.monotonic() - self._heard_at > SILENT_S:
                    self.abort("It was silent.")
        finally:
            self.abort("")

    def abort(self, why: str) -> None:
        """Ends it at once."""
        self.why = self.why or why
        self._transport.abort()

    # --- questions ----------------------------------------------------------------------------------

    async def ask(self, fingerprint: bytes, mode: Mode, patience_s: float, request_id: bytes) -> Told:
        """What the engine says. Raises LostError. Who gives up has the engine drop the question."""
        self._number = number = (self._number + 1) % 2**32
        answered: asyncio.Future[Told] = self._loop.create_future()
        self._asked[number] = answered
        self._waiting[number] = Ask(number, mode, int(1000 * patience_s), request_id, fingerprint)
        self._bytes += len(fingerprint)
        is_alone = len(self._asked) == 1
        if len(self._waiting) >= MOST_ASKS or self._bytes >= BATCH_BYTES:
            self._flush()
        elif self._sending is None:
            later = self._loop.call_soon if is_alone else _later(self._loop)
            self._sending = later(self._flush)
        try:
            return await answered
        finally:
            if self._asked.pop(number, None):
                self._give_up(number)

    def _give_up(self, number: int) -> None:
        if ask := self._waiting.pop(number, None):
            self._bytes -= len(ask.fingerprint)
        else:
            self._drops.append(number)
            if self._sending is None:
                self._sending = self._loop.call_soon(self._flush)
        self._leave_if_done()

    def _flush(self) -> None:
        if self._sending:
            self._sending.cancel()
            self._sending = None
        asks, self._waiting, self._bytes = tuple(self._waiting.values()), {}, 0
        drops, self._drops = tuple(self._drops), []
        if drops:
            self._send(Drops(drops))
        if asks:
            self._meters.batch.observe(len(asks))
            self._send(Asks(asks))

    def _send(self, message: Message) -> None:
        with contextlib.suppress(RuntimeError):
            if not self._transport.is_closing():
                self._transport.write(encode(message))


def _later(loop: asyncio.AbstractEventLoop) -> Callable[[Callable[[], None]], asyncio.Handle]:
    return lambda work: loop.call_later(LINGER_S, work)
