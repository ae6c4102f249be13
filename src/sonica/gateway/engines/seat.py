"""The end of an engine: it takes questions from who is connected, and answers each when it is found."""

import asyncio
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog

from sonica.catalogue import CatalogueError
from sonica.gateway.crew import Crew
from sonica.gateway.engines.meters import SearchMeters
from sonica.gateway.engines.said import too_slow, write_answer, write_problem
from sonica.gateway.engines.wire import (
    BATCH_BYTES,
    MOST_ANSWER,
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
from sonica.gateway.problems import Problem, of_catalogue
from sonica.gateway.search import of_fingerprint
from sonica.library import Recognizer
from sonica.platform.errors import SonicaError
from sonica.platform.telemetry import Metrics
from sonica.recognition import Answer, Thresholds
from sonica.recognition import Recognizer as Core

HELLO_S = 5.0
"""Seconds in which whoever connects says who they are."""
ROOM = 256
"""Questions that wait or are searched for, of all who ask; each of those bounds its own, too."""
LONGEST_S = 60.0
"""Seconds of patience at most, whoever asks."""
LOOK_S = 1.0
"""Seconds between two looks at what the catalogue holds, for those who watch."""

log = structlog.get_logger("sonica.engine")


class Searcher:
    """What all connections share: packs, threads, figures; and those who are connected. In one event loop."""

    def __init__(self, home: Path, metrics: Metrics, room: int = ROOM) -> None:
        self.recognizer = Recognizer(home)
        self.threads = len(os.sched_getaffinity(0))
        self.metrics, self.meters = metrics, SearchMeters(metrics.registry)
        self.crew = Crew("engine", self.threads, room, metrics)
        self.seats = set[Seat]()
        self.meters.callers.set_function(lambda: len(self.seats))
        self.pong = Pong(is_well=True, packs=0, recordings=0)
        self.has_seen_out = asyncio.Event()
        self.has_seen_out.set()

    def seat(self) -> "Seat":
        """For who connects now."""
        return Seat(self)

    async def keep_looking(self) -> None:
        """Looks what the catalogue holds, again and again."""
        while True:
            self.pong = await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_S)

    def look(self) -> Pong:
        """What it holds now."""
        try:
            packs, _ = self.recognizer.open_packs()
            count = len(self.recognizer)
        except (SonicaError, OSError):
            return Pong(is_well=False, packs=0, recordings=0)
        self.metrics.packs.set(len(packs))
        self.metrics.recordings.set(count)
        return Pong(is_well=True, packs=len(packs), recordings=count)

    async def see_out(self, patience_s: float) -> None:
        """Has all who are connected ask no more, answers what they have asked, and lets them go."""
        for seat in list(self.seats):
            seat.see_out()
        try:
            async with asyncio.timeout(patience_s):
                await self.has_seen_out.wait()
        except TimeoutError:
            log.warning("some did not go", callers=len(self.seats))

    def end(self) -> None:
        """Ends all connections at once."""
        for seat in list(self.seats):
            seat.abort()

    def has_come(self, seat: "Seat") -> None:
        """One more."""
        self.seats.add(seat)
        self.has_seen_out.clear()

    def has_gone(self, seat: "Seat") -> None:
        """One fewer."""
        self.seats.discard(seat)
        if not self.seats:
            self.has_seen_out.set()


class Seat(asyncio.Protocol):
    """One who asks."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher, self._decoder = searcher, Decoder(Hello)
        self._recognizer: Core = searcher.recognizer
        self._asked: dict[int, asyncio.Task[None]] = {}
        self._tolds, self._bytes, self._is_sending = list[Told](), 0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Says who this is."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport, self._loop = transport, asyncio.get_running_loop()
        self._searcher.has_come(self)
        self._send(Welcome(self._searcher.threads))
        self._impatience = self._loop.call_later(HELLO_S, self._refuse, "It did not say who it is.")

    def connection_lost(self, _: Exception | None) -> None:
        """Nobody waits for the answers any more."""
        self._impatience.cancel()
        for task in self._asked.values():
            task.cancel()
        self._searcher.has_gone(self)

    def pause_writing(self) -> None:
        """Who does not read is not read from."""
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Takes what is asked."""
        try:
            for message in self._decoder.feed(data):
                self._take(message)
        except WireError as error:
            self._refuse(str(error))

    def see_out(self) -> None:
        """Has it ask no more; it goes once it has all its answers. Who has not said who they are goes now."""
        if self._decoder.has_met:
            self._send(Going())
        else:
            self.abort()

    def abort(self) -> None:
        """Ends the connection at once."""
        self._transport.abort()

    def _refuse(self, why: str) -> None:
        log.warning("a connection is ended", reason=why)
        self._searcher.meters.refused.inc()
        self._transport.close()  # what stands before it, the version, may still be read

    def _take(self, message: Message) -> None:
        if isinstance(message, Asks):
            for ask in message.asks:
                if ask.number in self._asked:
                    raise WireError("Two questions have the same number.")
                task = self._asked[ask.number] = self._loop.create_task(self._answer(ask))
                task.add_done_callback(partial(self._end, ask.number))
        elif isinstance(message, Drops):
            for number in message.numbers:
                if number in self._asked:
                    self._asked[number].cancel()
        elif isinstance(message, Ping):
            self._send(self._searcher.pong)
        elif isinstance(message, Hello):
            self._impatience.cancel()
            known = self._searcher.recognizer
            judged = Thresholds(match_at=message.match_at, unsure_at=message.unsure_at)
            self._recognizer = Core(known.open_packs, known.describe, judged)

    def _end(self, number: int, task: asyncio.Task[None]) -> None:
        del self._asked[number]
        if task.cancelled():
            self._searcher.meters.dropped.inc()

    async def _answer(self, ask: Ask) -> None:
        begun, meters = time.perf_counter(), self._searcher.meters
        said, is_answer, result = b"", False, "dropped"
        structlog.contextvars.bind_contextvars(request_id=ask.request_id.decode())  # this task's alone
        try:
            async with asyncio.timeout(min(LONGEST_S, ask.patience_ms / 1000)):
                answer = await self._searched(ask)
            said, is_answer, result = write_answer(answer), True, answer.status
            if len(said) > MOST_ANSWER:
                raise ValueError(f"an answer of {len(said):,} bytes")  # noqa: TRY301  told as any other bug
        except TimeoutError:
            said, result = write_problem(too_slow()), "too-slow"
        except Problem as problem:
            said, result = write_problem(problem), problem.type
        except CatalogueError as error:
            log.warning("the catalogue cannot be read", code=error.code, error=error.message)
            said, result = write_problem(of_catalogue(error)), "catalogue"
        except Exception as error:
            log.exception("a bug", error_type=type(error).__name__)
            bug = Problem(500, "internal", "This is a bug; the log says more.")
            said, is_answer, result = write_problem(bug), False, "internal"
        finally:
            spent = time.perf_counter() - begun
            log.info("search", result=result, duration_ms=round(1000 * spent, 1))
        meters.searches.labels(result).inc()
        meters.seconds.observe(spent)
        self._tell(Told(ask.number, is_answer, int(1e6 * spent), said))

    async def _searched(self, ask: Ask) -> Answer:
        crew = self._searcher.crew
        nominal = ask.mode == Mode.NOMINAL or (ask.mode == Mode.NOMINAL_IF_BUSY and crew.is_busy)
        search: Callable[[], Answer] = partial(
            of_fingerprint, self._recognizer, ask.fingerprint, nominal=nominal
        )
        return await crew.do(search)

    def _tell(self, told: Told) -> None:
        """With all that is found in this moment."""
        self._tolds.append(told)
        self._bytes += len(told.said)
        if len(self._tolds) >= MOST_ASKS or self._bytes >= BATCH_BYTES:
            self._flush()
        elif not self._is_sending:
            self._is_sending = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._is_sending = False
        tolds, self._tolds, self._bytes = self._tolds, [], 0
        if tolds:
            self._send(Tolds(tuple(tolds)))

    def _send(self, message: Message) -> None:
        if not self._transport.is_closing():
            self._transport.write(encode(message))
