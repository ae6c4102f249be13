"""A service's end and an engine's: questions and their answers, over real sockets in one event loop."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import CommandLine
from tests.hubs import answering, asking, held_up, run, searching, until, value

from sonica import _engine
from sonica.audio import listen
from sonica.audio.compose import compose_song
from sonica.audio.degrade import excerpt
from sonica.gateway.engines.hub import Hub
from sonica.gateway.engines.seat import Searcher
from sonica.gateway.engines.wire import (
    MOST_FINGERPRINT,
    Ask,
    Asks,
    Decoder,
    Hello,
    Mode,
    Tolds,
    Welcome,
    encode,
)
from sonica.gateway.problems import Problem
from sonica.library import Recognizer
from sonica.platform.telemetry import Metrics
from sonica.recognition import Thresholds


@pytest.fixture(scope="module")
def fingerprint(music: Path) -> bytes:
    """Of ten seconds of song 2."""
    return _engine.read_fingerprint(listen(music / "2.flac").fingerprint).excerpt(12.0, 10.0)


@pytest.fixture
def searcher(stocked: CommandLine) -> Iterator[Searcher]:
    """An engine of the songs of `music`, with one thread."""
    yield from searching(stocked.home)


def test_the_answer_is_that_of_the_library(
    searcher: Searcher, stocked: CommandLine, tmp_path: Path, fingerprint: bytes
) -> None:
    expected = Recognizer(stocked.home).fingerprint(fingerprint)
    assert expected.song
    assert expected.song.duration_s

    async def work() -> None:
        metrics = Metrics()
        async with answering(searcher, tmp_path / "a") as address, asking(address, metrics=metrics) as hub:
            answers = await asyncio.gather(*(hub.ask(fingerprint, Mode.THOROUGH) for _ in range(40)))
            for answer in answers:
                assert answer.model_copy(update={"timings_ms": expected.timings_ms}) == expected
            batches = value(metrics, "sonica_engine_batch_size_count")
            assert value(metrics, "sonica_engine_batch_size_sum") == 40
            assert batches < 10  # they travel together
            assert value(metrics, "sonica_engines_connected") == 1
            assert value(metrics, "sonica_engine_outstanding", engine=address) == 0
            assert value(metrics, "sonica_engine_hop_seconds_count") == 40
            assert value(searcher.metrics, "sonica_engine_searches_total", result="match") == 40

    run(work)


def test_each_judges_by_its_own_thresholds(searcher: Searcher, tmp_path: Path, fingerprint: bytes) -> None:
    async def work() -> None:
        async with answering(searcher, tmp_path / "a") as address:
            for thresholds, status in ((Thresholds(), "match"), (Thresholds(1.0, 1.0), "none")):
                hub = Hub([address], thresholds, 64, Metrics())
                hub.start()
                assert (await hub.ask(fingerprint, Mode.THOROUGH)).status == status
                await hub.close()

    run(work)


def test_problems_come_as_they_are(searcher: Searcher, tmp_path: Path) -> None:
    async def work() -> None:
        async with answering(searcher, tmp_path / "a") as address, asking(address) as hub:
            with pytest.raises(Problem) as told:
                await hub.ask(b"no fingerprint", Mode.THOROUGH)
            assert (told.value.status, told.value.type, told.value.code) == (422, "bad-fingerprint", "format")
            with pytest.raises(Problem) as told:
                await hub.ask(bytes(MOST_FINGERPRINT + 1), Mode.THOROUGH)
            assert told.value.status == 413

    run(work)


def test_what_nobody_waits_for_is_not_searched(
    searcher: Searcher, tmp_path: Path, fingerprint: bytes
) -> None:
    async def work() -> None:
        async with answering(searcher, tmp_path / "a") as address, asking(address) as hub:
            with held_up(searcher):
                tasks = [asyncio.create_task(hub.ask(fingerprint, Mode.THOROUGH)) for _ in range(5)]
                await until(lambda: value(searcher.metrics, "sonica_queue_size", queue="engine") == 6)
                for task in tasks[1:]:
                    task.cancel()
                await until(lambda: value(searcher.metrics, "sonica_engine_dropped_total") == 4)
                await until(lambda: value(searcher.metrics, "sonica_queue_size", queue="engine") == 2)
            assert (await tasks[0]).status == "match"
        await until(lambda: not searcher.seats)
        assert value(searcher.metrics, "sonica_engine_searches_total", result="match") == 1

    run(work)


def test_who_is_gone_is_not_searched_for(searcher: Searcher, tmp_path: Path, fingerprint: bytes) -> None:
    async def work() -> None:
        async with answering(searcher, tmp_path / "a") as address:
            with held_up(searcher):
                async with asking(address) as hub:
                    asked = asyncio.create_task(hub.ask(fingerprint, Mode.THOROUGH))
                    await until(lambda: value(searcher.metrics, "sonica_queue_size", queue="engine") == 2)
                await until(lambda: value(searcher.metrics, "sonica_queue_size", queue="engine") == 1)
                with pytest.raises(Problem) as told:
                    await asked
                assert told.value.code == "no_engine"

    run(work)


def test_what_comes_too_late_is_told_so(searcher: Searcher, tmp_path: Path, fingerprint: bytes) -> None:
    async def work() -> None:
        async with answering(searcher, tmp_path / "a") as address:
            with held_up(searcher):
                reader, writer = await asyncio.open_unix_connection(address.removeprefix("unix:"))
                writer.write(encode(Hello(0.9, 0.5)))
                writer.write(encode(Asks((Ask(7, Mode.THOROUGH, 1, b"an-id", fingerprint),))))
                decoder, messages = Decoder(Welcome), list[object]()
                while not any(isinstance(one, Tolds) for one in messages):
                    messages += decoder.feed(await reader.read(1 << 16))
                told = next(one for one in messages if isinstance(one, Tolds)).tolds[0]
                assert (told.number, told.is_answer) == (7, False)
                assert b"too_slow" in told.said
                await until(lambda: value(searcher.metrics, "sonica_queue_size", queue="engine") == 1)
                writer.close()

    run(work)


def test_what_does_not_fit_is_refused_at_once(searcher: Searcher, tmp_path: Path, fingerprint: bytes) -> None:
    async def work() -> None:
        metrics = Metrics()
        async with (
            answering(searcher, tmp_path / "a") as address,
            asking(address, room=2, metrics=metrics) as hub,
        ):
            with held_up(searcher):
                inside = [asyncio.create_task(hub.ask(fingerprint, Mode.THOROUGH)) for _ in range(2)]
                await until(lambda: value(metrics, "sonica_queue_size", queue="engine") == 2)
                with pytest.raises(Problem) as told:
                    await hub.ask(fingerprint, Mode.THOROUGH)
                assert (told.value.status, told.value.code, told.value.retry_after) == (503, "queue_full", 1)
                assert value(metrics, "sonica_queue_refused_total", queue="engine") == 1
            assert {(await one).status for one in inside} == {"match"}
            assert (await hub.ask(fingerprint, Mode.THOROUGH)).status == "match"

    run(work)


def test_a_look_that_need_not_be_thorough_is_quick_where_others_wait(
    searcher: Searcher, tmp_path: Path
) -> None:
    """Quick: fewer hypotheses are tried, which only the answer to a song at another speed tells."""
    song = compose_song(2)
    fast = excerpt(song.samples, song.rate, 12.0, 15.0)
    changed = _engine.fingerprint(fast, int(song.rate * 1.12))  # the same samples, played faster

    async def work() -> None:
        async with answering(searcher, tmp_path / "a") as address, asking(address) as hub:
            assert (await hub.ask(changed, Mode.NOMINAL_IF_BUSY)).status == "match"
            assert (await hub.ask(changed, Mode.NOMINAL)).status == "none"
            with held_up(searcher):
                waiting = [asyncio.create_task(hub.ask(changed, mode)) for mode in Mode]
                await until(lambda: value(searcher.metrics, "sonica_queue_size", queue="engine") == 4)
            assert [(await one).status for one in waiting] == ["match", "none", "none"]

    run(work)


def test_the_one_with_less_to_do_is_asked(stocked: CommandLine, tmp_path: Path, fingerprint: bytes) -> None:
    async def work() -> None:
        busy, free = (Searcher(stocked.home, Metrics()) for _ in range(2))
        async with (
            answering(busy, tmp_path / "a") as first,
            answering(free, tmp_path / "b") as second,
            asking(first, second) as hub,
        ):
            await until(lambda: hub.connected == 2)
            go_on = threading.Event()
            blocked = [asyncio.ensure_future(busy.crew.do(go_on.wait)) for _ in range(busy.threads)]
            asked = [asyncio.create_task(hub.ask(fingerprint, Mode.THOROUGH)) for _ in range(8)]
            await until(lambda: sum(one.done() for one in asked) == 4)  # the other half waits
            more = [await hub.ask(fingerprint, Mode.THOROUGH) for _ in range(20)]
            assert {answer.status for answer in more} == {"match"}
            assert value(free.metrics, "sonica_engine_searches_total", result="match") == 24
            go_on.set()
            await asyncio.gather(*blocked, *asked)
            assert value(busy.metrics, "sonica_engine_searches_total", result="match") == 4
        for searcher in (busy, free):
            searcher.crew.close()

    run(work)
