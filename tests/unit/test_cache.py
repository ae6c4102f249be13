"""The caches: what is made once, how much is kept, and what happens when the shared one is not there."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from tests.shelves import OPENED, PATIENT_S, Shelf, far, open_shelf, run, until

from sonica.platform.cache import Cache, Kind
from sonica.platform.far import Far
from sonica.platform.near import Near
from sonica.platform.telemetry import Metrics

MANY = 50
NEVER = "never kept"
TEXT: Kind[str] = Kind(
    "text", lambda text: None if text == NEVER else text.encode(), lambda raw: raw.decode("ascii")
)


@pytest.fixture(scope="module")
def running() -> Iterator[Shelf]:
    with open_shelf() as shelf:
        yield shelf


@pytest.fixture
def shelf(running: Shelf) -> Shelf:
    running.empty()
    return running


class Maker:
    """Makes a text from a key, and counts how often."""

    def __init__(self, text: str = "made") -> None:
        self.text, self.count = text, 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> str:
        self.count += 1
        await self.may_end.wait()
        return self.text


def cache(far: Far | None = None, near: int = 1 << 20) -> Cache:
    return Cache(Near(near), far, Metrics(), wait_s=PATIENT_S)


def told(one: Cache, **labels: str) -> float:
    """How often something came of what was asked."""
    return float(one._metrics.cache.labels(*labels.values())._value.get())


# --- made once --------------------------------------------------------------------------------------


def test_many_at_once_make_it_once() -> None:
    async def work() -> None:
        one, make = cache(), Maker()
        make.may_end.clear()
        asking = [asyncio.create_task(one.get_or_make(TEXT, "a", make)) for _ in range(MANY)]
        await until(lambda: make.count == 1)
        await asyncio.sleep(0.01)
        make.may_end.set()
        assert await asyncio.gather(*asking) == ["made"] * MANY
        assert await one.get_or_make(TEXT, "a", make) == "made"
        assert make.count == 1
        assert told(one, name="text", level="memory", result="joined") == MANY - 1
        assert told(one, name="text", level="memory", result="hit") == 1

    run(work)


def test_what_must_not_be_kept_is_shared_by_those_who_wait_and_not_kept(shelf: Shelf) -> None:
    async def work() -> None:
        one, make = cache(far(shelf)), Maker(NEVER)
        make.may_end.clear()
        asking = [asyncio.create_task(one.get_or_make(TEXT, "a", make)) for _ in range(MANY)]
        await until(lambda: make.count == 1)
        make.may_end.set()
        assert await asyncio.gather(*asking) == [NEVER] * MANY
        assert await one.get_or_make(TEXT, "a", make) == NEVER
        assert make.count == 2
        await until(lambda: not shelf.all())  # nor is there a claim any more
        assert one.near.bytes == 0

    run(work)


def test_a_failure_is_told_to_all_and_not_kept(shelf: Shelf) -> None:
    async def work() -> None:
        one = cache(far(shelf))

        async def fail() -> str:
            await asyncio.sleep(0.02)
            raise LookupError("no such song")

        asking = [one.get_or_make(TEXT, "a", fail) for _ in range(MANY)]
        said = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(each) for each in said] == [LookupError] * MANY
        assert await one.get_or_make(TEXT, "a", Maker()) == "made"

    run(work)


def test_where_its_maker_is_cancelled_another_begins_anew(shelf: Shelf) -> None:
    """With a `make` of its own: the body of a request is gone with the request."""

    async def work() -> None:
        one, first, second = cache(far(shelf)), Maker("of the first"), Maker("of the second")
        first.may_end.clear()
        begun = asyncio.create_task(one.get_or_make(TEXT, "a", first))
        await until(lambda: first.count == 1)
        others = [asyncio.create_task(one.get_or_make(TEXT, "a", second)) for _ in range(MANY)]
        await asyncio.sleep(0.01)
        others.pop().cancel()  # one who only waits takes nobody with it
        begun.cancel()
        assert await asyncio.gather(*others) == ["of the second"] * (MANY - 1)
        assert (begun.cancelled() or begun.cancelling(), second.count) == (True, 1)

    run(work)


# --- shared -----------------------------------------------------------------------------------------


def test_what_one_has_made_another_finds(shelf: Shelf) -> None:
    async def work() -> None:
        one, other, make = cache(far(shelf)), cache(far(shelf)), Maker()
        await one.get_or_make(TEXT, "a", make)
        await until(lambda: "sonica:a" in shelf.all())
        assert await other.get_or_make(TEXT, "a", make) == "made"
        assert make.count == 1
        assert told(other, name="text", level="shared", result="hit") == 1
        ttl = int(shelf.ask("TTL", "sonica:a")[1:])
        assert 3500 < ttl <= 3600
        shelf.empty()
        assert await other.get_or_make(TEXT, "a", make) == "made"  # from its own memory
        assert await cache(far(shelf)).get_or_make(TEXT, "a", make) == "made"
        assert make.count == 2

    run(work)


PROGRAM = """
import asyncio, sys
from sonica.platform.cache import Cache, Kind
from sonica.platform.far import Far
from sonica.platform.near import Near
from sonica.platform.telemetry import Metrics

async def main(url, count):
    metrics = Metrics()
    far = Far(url, metrics.cache_shared, patience_s=20.0)
    cache, made = Cache(Near(1 << 20), far, metrics, wait_s=20.0), 0

    async def make():
        nonlocal made
        made += 1
        await asyncio.sleep(0.5)
        return b"made"

    kind = Kind("bytes", lambda value: value, lambda raw: raw)
    print("ready", flush=True)
    sys.stdin.readline()
    said = await asyncio.gather(*(cache.get_or_make(kind, "a", make) for _ in range(count)))
    assert said == [b"made"] * count
    await asyncio.sleep(0.2)  # what is on its way arrives
    print(made, flush=True)
    await cache.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def test_processes_make_it_once_together(shelf: Shelf) -> None:
    command = [sys.executable, "-c", PROGRAM, shelf.url, str(MANY)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    try:
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        said = []
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        for process in processes:
            said.append(process.communicate(timeout=60)[0].strip())
            assert process.returncode == 0
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert sorted(said) == ["0", "1"]


def test_one_that_dies_while_it_makes_keeps_nobody_for_ever(shelf: Shelf) -> None:
    async def work() -> None:
        assert await far(shelf).ask("a") == (None, False)  # claims it, and is never heard of again
        assert await far(shelf).ask("a") == (None, True)
        one, make = Cache(Near(0), far(shelf), Metrics(), wait_s=0.05), Maker()
        assert await one.get_or_make(TEXT, "a", make) == "made"
        assert make.count == 1
        claim = int(shelf.ask("PTTL", "sonica:claim:a")[1:])
        assert 0 < claim <= 5000

    run(work)


def test_its_own_claim_is_no_others(shelf: Shelf) -> None:
    async def work() -> None:
        mine = far(shelf)
        assert await mine.ask("a") == (None, False)
        assert await mine.ask("a") == (None, False)
        assert await far(shelf).ask("a") == (None, True)
        mine.keep("a", None)
        await until(lambda: not shelf.all())

    run(work)


def test_what_somebody_else_put_there_is_not_believed(shelf: Shelf) -> None:
    async def work() -> None:
        one, make = cache(far(shelf)), Maker()
        await one.get_or_make(TEXT, "a", make)
        await until(lambda: "sonica:a" in shelf.all())
        whole = shelf.all()["sonica:a"]
        for said in (b"", b"x", b"made", whole[:-1], whole + b"!", bytes(32), b"\xff" * 40):
            for key in ("b", "c"):
                shelf.ask("SET", f"sonica:{key}", said)
                assert await cache(far(shelf)).get_or_make(TEXT, key, make) == "made"
        shelf.ask("SET", "sonica:b", whole)  # the value of another key
        before = make.count
        reader = cache(far(shelf))
        assert await reader.get_or_make(TEXT, "b", make) == "made"
        assert make.count == before + 1
        assert told(reader, name="text", level="shared", result="error") == 1
        shelf.ask("DEL", "sonica:b")
        shelf.ask("LPUSH", "sonica:b", "a list")
        assert await reader.get_or_make(TEXT, "other", make) == "made"
        assert await cache(far(shelf)).get_or_make(TEXT, "b", make) == "made"
        strange = Maker("é")  # which this kind cannot read back
        await one.get_or_make(TEXT, "d", strange)
        await until(lambda: "sonica:d" in shelf.all())
        assert await cache(far(shelf)).get_or_make(TEXT, "d", make) == "made"
        assert await one.get_or_make(TEXT, "d", make) == "made"

    run(work)


def test_one_that_is_full_is_read_all_the_same() -> None:
    async def work(shelf: Shelf) -> None:
        one, make = cache(far(shelf)), Maker()
        await one.get_or_make(TEXT, "a", make)
        await until(lambda: "sonica:a" in shelf.all())
        shelf.ask("CONFIG", "SET", "maxmemory", "1")
        other = cache(far(shelf))
        assert await other.get_or_make(TEXT, "a", make) == "made"
        assert make.count == 1
        assert await other.get_or_make(TEXT, "b", make) == "made"
        assert other.far
        assert other.far.is_up

    with open_shelf() as shelf:
        run(lambda: work(shelf))


@pytest.mark.parametrize("how", ["killed", "paused"])
def test_one_that_is_gone_costs_no_answer_and_is_found_again(how: str) -> None:
    async def work(shelf: Shelf) -> None:
        one, make = cache(far(shelf, 0.05), near=0), Maker()
        assert one.far
        assert await one.get_or_make(TEXT, "before", make) == "made"

        async def ask_all(round_: int) -> None:
            asking = [one.get_or_make(TEXT, f"{round_}/{number}", make) for number in range(MANY)]
            assert await asyncio.gather(*asking) == ["made"] * MANY

        asking = asyncio.create_task(ask_all(0))
        await asyncio.sleep(0)
        (shelf.kill if how == "killed" else shelf.pause)()
        await asking
        await ask_all(1)
        assert not one.far.is_up
        errors = told(one, name="text", level="shared", result="error")
        await ask_all(2)  # it is not even asked
        assert told(one, name="text", level="shared", result="error") == errors
        (shelf.start if how == "killed" else shelf.go_on)()
        await until(lambda: one.far is not None and one.far.is_up)
        for number in range(MANY):  # every answer is that of its own question
            text = Maker(f"text {number}")
            assert await one.get_or_make(TEXT, f"after/{number}", text) == text.text
        await until(
            lambda: one.far is not None and one.far.is_up and f"sonica:after/{MANY - 1}" in shelf.all()
        )
        other = cache(far(shelf), near=0)
        for number in range(MANY):
            said = await other.get_or_make(TEXT, f"after/{number}", Maker(f"text {number}"))
            assert said == f"text {number}"

    with open_shelf() as shelf:
        run(lambda: work(shelf))


def test_an_address_where_something_else_listens(running: Shelf) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def work() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        wrong = Far(f"redis://127.0.0.1:{port}", Gauge("up", "", registry=CollectorRegistry()))
        OPENED.append(wrong)
        one, make = cache(wrong), Maker()
        assert await one.get_or_make(TEXT, "a", make) == "made"
        assert not wrong.is_up
        server.close()

    run(work)


def test_what_metrics_tell() -> None:
    async def work() -> None:
        one = cache()
        await one.get_or_make(TEXT, "a", Maker())
        await one.get_or_make(TEXT, "a", Maker())
        said = generate_latest(one._metrics.registry).decode()
        assert 'sonica_cache_requests_total{level="memory",name="text",result="miss"} 1.0' in said
        assert 'sonica_cache_requests_total{level="memory",name="text",result="hit"} 1.0' in said

    run(work)
