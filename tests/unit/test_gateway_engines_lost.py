"""Engines that are none, are lost or go, and those who ask and are no service."""

import asyncio
import struct
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import CommandLine
from tests.hubs import PATIENCE_S, answering, asking, run, searching, until, value

from sonica import _engine
from sonica.audio import listen
from sonica.gateway.engines.address import Address, address_of, bound, let_in
from sonica.gateway.engines.hub import TRIES
from sonica.gateway.engines.line import Line
from sonica.gateway.engines.meters import AskMeters
from sonica.gateway.engines.seat import Searcher
from sonica.gateway.engines.wire import (
    Ask,
    Asks,
    Going,
    Hello,
    Mode,
    Told,
    Tolds,
    Welcome,
    encode,
)
from sonica.gateway.errors import ServeError
from sonica.gateway.problems import Problem
from sonica.platform.settings import SettingsError
from sonica.platform.telemetry import Metrics


@pytest.fixture(scope="module")
def fingerprint(music: Path) -> bytes:
    """Of ten seconds of song 2."""
    return _engine.read_fingerprint(listen(music / "2.flac").fingerprint).excerpt(12.0, 10.0)


@pytest.fixture
def searcher(stocked: CommandLine) -> Iterator[Searcher]:
    """An engine of the songs of `music`, with one thread."""
    yield from searching(stocked.home)


@asynccontextmanager
async def speaking(path: Path, *said: bytes) -> AsyncIterator[list[bytes]]:
    """Something else at an address: says each piece to who connects once it has heard more, and hangs up.

    Gives what each connection heard.
    """
    heard = list[bytes]()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here = len(heard)
        heard.append(b"")
        for piece in said:
            writer.write(piece)
            heard[here] += await reader.read(1 << 16)
        writer.close()

    server = await asyncio.start_unix_server(speak, path)
    try:
        yield heard
    finally:
        server.close()


WELCOMED = encode(Welcome(1))
STRANGE = [
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    struct.pack(">IB", 2**32 - 1, 1),
    WELCOMED[:12] + b"\x63" + WELCOMED[13:],
    WELCOMED + struct.pack(">IB", 2**31, 6),
    WELCOMED + WELCOMED,
    b"",
]


@pytest.mark.parametrize("said", STRANGE, ids=range(len(STRANGE)))
def test_what_is_no_engine_is_not_asked(
    said: bytes, searcher: Searcher, tmp_path: Path, fingerprint: bytes
) -> None:
    async def work() -> None:
        async with (
            speaking(tmp_path / "x", said) as heard,
            answering(searcher, tmp_path / "a") as address,
            asking(f"unix:{tmp_path / 'x'}", address) as hub,
        ):
            await until(lambda: len(heard) >= 2)  # it is tried again
            answers = [await hub.ask(fingerprint, Mode.THOROUGH) for _ in range(10)]
            assert {answer.status for answer in answers} == {"match"}

    run(work)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(said=st.binary(max_size=300))
def test_garbage_after_a_welcome_ends_the_line_alone(said: bytes) -> None:
    async def work() -> None:
        ours, theirs = [], Line(Hello(0.9, 0.5), _meters(), lambda: ours.append(1))
        transport = _Transport()
        theirs.connection_made(transport)
        theirs.data_received(WELCOMED)
        assert ours == [1]
        asked = asyncio.create_task(theirs.ask(b"x", Mode.THOROUGH, 1.0, b""))
        await asyncio.sleep(0)
        theirs.data_received(said)
        if transport.is_closed:
            theirs.connection_lost(None)
            assert not theirs.is_open
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        assert theirs.outstanding == 0

    asyncio.run(work())


def _meters() -> AskMeters:
    return AskMeters(Metrics().registry)


class _Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None: ...

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    abort = close


def test_a_question_that_kills_does_not_kill_all(tmp_path: Path) -> None:
    """It is asked of TRIES engines, and then of no more."""

    async def work() -> None:
        metrics = Metrics()
        async with (
            speaking(tmp_path / "x", WELCOMED, b"") as heard,
            asking(f"unix:{tmp_path / 'x'}", metrics=metrics) as hub,
        ):
            with pytest.raises(Problem) as told:
                await hub.ask(b"no fingerprint", Mode.THOROUGH)
            assert (told.value.status, told.value.code, told.value.retry_after) == (503, "no_engine", 2)
            assert sum(b"no fingerprint" in one for one in heard) == TRIES
            assert value(metrics, "sonica_engine_retries_total") == TRIES - 1

    run(work)


def test_an_answer_that_is_none_is_asked_for_elsewhere(
    searcher: Searcher, tmp_path: Path, fingerprint: bytes
) -> None:
    """As is one to which nobody listened, and that of an engine that goes."""
    bad = encode(Tolds((Told(99, True, 0, b"{}"), Told(1, True, 0, b"{}"))))

    async def work() -> None:
        metrics = Metrics()
        async with (
            speaking(tmp_path / "x", WELCOMED, b"", bad, b"") as heard,
            asking(f"unix:{tmp_path / 'x'}", f"unix:{tmp_path / 'a'}", metrics=metrics) as hub,
        ):
            await until(lambda: hub.connected == 1)
            asked = asyncio.create_task(hub.ask(fingerprint, Mode.THOROUGH))
            await until(lambda: fingerprint in b"".join(heard))
            async with answering(searcher, tmp_path / "a"):
                assert (await asked).status == "match"
            assert value(metrics, "sonica_engine_retries_total") >= 1

    run(work)


def test_one_that_goes_is_asked_no_more_and_answers_what_it_has(
    stocked: CommandLine, tmp_path: Path, fingerprint: bytes
) -> None:
    async def work() -> None:
        going, staying = (Searcher(stocked.home, Metrics()) for _ in range(2))
        async with answering(going, tmp_path / "a") as first, asking(first, f"unix:{tmp_path / 'b'}") as hub:
            await until(lambda: hub.connected == 1)
            go_on = threading.Event()
            blocked = [asyncio.ensure_future(going.crew.do(go_on.wait)) for _ in range(going.threads)]
            asked = [asyncio.create_task(hub.ask(fingerprint, Mode.THOROUGH)) for _ in range(4)]
            await until(
                lambda: value(going.metrics, "sonica_queue_size", queue="engine") == 4 + going.threads
            )
            leaving = asyncio.create_task(going.see_out(PATIENCE_S))
            await until(lambda: hub.connected == 0)
            async with answering(staying, tmp_path / "b"):
                assert (await hub.ask(fingerprint, Mode.THOROUGH)).status == "match"
                assert not leaving.done()
                go_on.set()
                assert {(await one).status for one in asked} == {"match"}
                await leaving  # the service has hung up by itself
                await asyncio.gather(*blocked)
            assert value(staying.metrics, "sonica_engine_searches_total", result="match") == 1
            assert value(going.metrics, "sonica_engine_searches_total", result="match") == 4
        for searcher in (going, staying):
            searcher.crew.close()

    run(work)


@pytest.mark.parametrize(
    "said",
    [
        b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
        struct.pack(">IB", 2**32 - 1, 0),
        encode(Hello(0.9, 0.5)) + struct.pack(">IB", 2**32 - 1, 2),
        encode(Hello(0.9, 0.5)) + encode(Asks((Ask(1, Mode.NOMINAL, 9000, b"", b"a"),) * 2)),
        encode(Hello(0.9, 0.5)) + encode(Going()),
        encode(Hello(0.9, 0.5)) * 2,
    ],
)
def test_an_engine_ends_the_connection_of_who_speaks_otherwise_and_no_other(
    said: bytes, searcher: Searcher, tmp_path: Path, fingerprint: bytes
) -> None:
    async def work() -> None:
        async with answering(searcher, tmp_path / "a") as address, asking(address) as hub:
            await until(lambda: hub.connected)
            reader, writer = await asyncio.open_unix_connection(str(tmp_path / "a"))
            writer.write(said)
            everything = await reader.read()  # to the end
            assert everything.startswith(WELCOMED[:13])
            writer.close()
            assert value(searcher.metrics, "sonica_engine_bad_connections_total") == 1
            assert (await hub.ask(fingerprint, Mode.THOROUGH)).status == "match"
            await until(lambda: value(searcher.metrics, "sonica_engine_callers") == 1)

    run(work)


# --- addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["127.0.0.1:7000", "[::1]:7000", "engines.internal:65535", "unix:/run/a.sock"]
)
def test_an_address_is_written_as_it_was_said(said: str) -> None:
    assert str(Address.of(said)) == said


@pytest.mark.parametrize(
    "said", ["", "7000", ":7000", "a:b", "a:65536", "http://a:1", "unix:", "::1:7000", "a b:1"]
)
def test_what_is_no_address_is_told_so(said: str) -> None:
    with pytest.raises(SettingsError, match="is no address of an engine"):
        Address.of(said)


def test_a_socket_of_one_that_was_killed_is_taken_over_and_that_of_one_that_listens_is_not(
    tmp_path: Path,
) -> None:
    address = Address.of(f"unix:{tmp_path / 'a'}")
    with bound(address) as first:
        let_in(first, address)
        with pytest.raises(ServeError, match="cannot listen"), bound(address):
            pass
        first.close()
        with bound(address) as second:
            let_in(second, address)
    assert not Path(address.path).exists()


def test_a_port_that_is_taken_is_told_so() -> None:
    with bound(Address.of("127.0.0.1:0")) as first:
        at = address_of(first, Address.of("127.0.0.1:0"))
        assert at.port
        let_in(first, at)
        with pytest.raises(ServeError, match="cannot listen"), bound(at):
            pass
