"""Engine processes, as a process that answers sees them: the one with least to do is asked.

A search changes nothing, so that a question whose engine is lost is asked of another at once.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from sonica.gateway.engines.address import Address
from sonica.gateway.engines.line import Line, LostError
from sonica.gateway.engines.meters import AskMeters
from sonica.gateway.engines.said import read_told, too_slow
from sonica.gateway.engines.wire import MOST_FINGERPRINT, MOST_ID, Hello, Mode, Pong, WireError
from sonica.gateway.problems import Problem
from sonica.platform.telemetry import Metrics
from sonica.recognition import Answer, Thresholds

PATIENCE_S = 2.0
"""Seconds for which a question waits for an engine, where there is none."""
ASK_S = 30.0
"""Seconds in which an engine answers."""
TRIES = 3
"""Engines that a question may lose: one that kills whoever looks at it must not kill them all."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0
"""Before it is tried again to connect; each next pause is twice as long."""

CONNECT_S = 5.0

log = structlog.get_logger("sonica.gateway")


class Hub:
    """All engines that are named. Used in one event loop. `room`: questions not answered yet, at most."""

    def __init__(self, addresses: Sequence[str], thresholds: Thresholds, room: int, metrics: Metrics) -> None:
        self._hello = Hello(thresholds.match_at, thresholds.unsure_at)
        self._room, self._inside, self._turn = room, 0, 0
        self._metrics, self._meters = metrics, AskMeters(metrics.registry)
        self._links = [
            _Link(Address.of(said), self._hello, self._meters, self._change)
            for said in dict.fromkeys(addresses)
        ]
        self._keeping = list[asyncio.Task[None]]()
        self._has_any = asyncio.Event()
        metrics.queue.labels("engine").set_function(lambda: self._inside)
        metrics.warm.set_function(lambda: float(self.connected > 0))  # they let nobody in before
        metrics.packs.set_function(lambda: max((pong.packs for pong in self._pongs()), default=0))
        metrics.recordings.set_function(lambda: max((pong.recordings for pong in self._pongs()), default=0))
        self._meters.connected.set_function(lambda: self.connected)

    @property
    def connected(self) -> int:
        """How many can be asked."""
        return len(self._open())

    @property
    def is_well(self) -> bool:
        """Whether one can that can read its songs."""
        return any(line.pong is None or line.pong.is_well for line in self._open())

    def start(self) -> None:
        """Begins to connect."""
        self._keeping = [asyncio.create_task(link.keep()) for link in self._links]

    async def close(self) -> None:
        """Ends all connections."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)

    async def ask(self, fingerprint: bytes, mode: Mode) -> Answer:
        """What an engine answers. Raises Problem."""
        if len(fingerprint) > MOST_FINGERPRINT:
            said = f"At most {MOST_FINGERPRINT:,} bytes are taken of a fingerprint."
            raise Problem(413, "body-too-large", said)
        if self._inside >= self._room:
            self._metrics.refused.labels("engine").inc()
            said = "More is asked than can be answered just now."
            raise Problem(503, "busy", said, code="queue_full", retry_after=1)
        self._inside += 1
        try:
            async with asyncio.timeout(ASK_S):
                return await self._ask(fingerprint, mode)
        except TimeoutError:
            raise too_slow() from None
        finally:
            self._inside -= 1

    async def _ask(self, fingerprint: bytes, mode: Mode) -> Answer:
        said = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        request_id = said.encode("ascii", "replace")[:MOST_ID]
        until = asyncio.get_running_loop().time() + ASK_S
        for number in range(TRIES):
            line = await self._free()
            if number:
                self._meters.retries.inc()
            begun, patience_s = time.perf_counter(), until - asyncio.get_running_loop().time()
            try:
                told = await line.ask(fingerprint, mode, max(0.0, patience_s), request_id)
                self._meters.hop.observe(max(0.0, time.perf_counter() - begun - told.spent_us / 1e6))
                return read_told(told)
            except WireError as error:
                line.abort(str(error))
            except LostError:
                pass
        raise _nobody()

    async def _free(self) -> Line:
        """The one with the least to do for each of its threads, in turn where several are."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    if lines := self._open():
                        self._turn += 1
                        first = self._turn % len(lines)
                        return min(lines[first:] + lines[:first], key=_load)
                    await self._has_any.wait()
        raise _nobody()

    def _change(self) -> None:
        """One can be asked that could not, or the other way round."""
        if self._open():
            self._has_any.set()
        else:
            self._has_any.clear()

    def _open(self) -> list[Line]:
        return [link.line for link in self._links if link.line and link.line.is_open]

    def _pongs(self) -> list[Pong]:
        return [line.pong for line in self._open() if line.pong]


def _load(line: Line) -> float:
    return line.outstanding / line.threads


def _nobody() -> Problem:
    return Problem(503, "busy", "No engine answers just now.", code="no_engine", retry_after=2)


class _Link:
    """An engine that is named, whether it is there or not: connected to again for ever."""

    def __init__(
        self, address: Address, hello: Hello, meters: AskMeters, on_change: Callable[[], None]
    ) -> None:
        self._address, self._hello, self._meters, self._on_change = address, hello, meters, on_change
        self.line: Line | None = None
        self._is_known_away = False
        meters.outstanding.labels(str(address)).set_function(
            lambda: self.line.outstanding if self.line else 0
        )

    async def keep(self) -> None:
        """Until it is cancelled."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                self.line = await self._connected()
                await self.line.keep()
            except OSError as error:
                self._say_away(error.strerror or str(error))
            else:
                if self.line.has_been_open:
                    pause = FIRST_PAUSE_S
                self._say_away(self.line.why or "it ended")
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  not at the same time as others
            pause = min(LONGEST_PAUSE_S, 2 * pause)

    async def _connected(self) -> Line:
        def line() -> Line:
            return Line(self._hello, self._meters, self._changed)

        loop, address = asyncio.get_running_loop(), self._address
        async with asyncio.timeout(CONNECT_S):  # its TimeoutError is an OSError
            if address.path:
                return (await loop.create_unix_connection(line, address.path))[1]
            return (await loop.create_connection(line, address.host, address.port))[1]

    def _changed(self) -> None:
        line = self.line
        if line and line.is_open:
            self._is_known_away = False
            log.info("engine answers", engine=str(self._address), threads=line.threads)
        else:
            self._meters.lost.labels(str(self._address)).inc()
        self._on_change()

    def _say_away(self, why: str) -> None:
        """Once, however often it is tried."""
        if not self._is_known_away:
            self._is_known_away = True
            log.warning("engine away", engine=str(self._address), reason=why)
