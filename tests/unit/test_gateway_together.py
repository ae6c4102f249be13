"""What processes at one port share: questions and answers between them, quotas, and metrics as one."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from sonica.cli.serve import MOST
from sonica.gateway.bodies import UPLOAD, BodyLimits
from sonica.gateway.limiter import LocalLimiter, Quota
from sonica.gateway.parts import GatewayLimits
from sonica.gateway.talk import Talk
from sonica.gateway.together import TAKE, Desk, SharedLimiter, joined
from sonica.platform.connections import to_answer
from sonica.platform.database import LARGEST
from sonica.platform.telemetry import Metrics

QUOTA = Quota("anonymous", 3, 60)


def between(
    work: Callable[[Talk, Talk], Awaitable[None]], answer: Callable[[str, list[Any]], Awaitable[object]]
) -> None:
    """`work` with both ends of a connection, the second of which answers so."""

    async def run() -> None:
        here, there = [await Talk.on(end) for end in socket.socketpair()]
        listening = [asyncio.create_task(end.listen(answer)) for end in (here, there)]
        await work(here, there)
        here.close()
        there.close()
        await asyncio.gather(*listening)

    asyncio.run(run())


async def slow_echo(what: str, values: list[Any]) -> object:
    if what == "bug":
        raise LookupError
    await asyncio.sleep(values[0])
    return [what, *values]


def test_both_ends_ask_and_answers_find_their_questions() -> None:
    async def work(here: Talk, there: Talk) -> None:
        asked = [end.ask(f"{n}", 0.01 * (5 - n), "é\n") for n in range(5) for end in (here, there)]
        said = await asyncio.gather(*asked)
        assert said == [[f"{n}", 0.01 * (5 - n), "é\n"] for n in range(5) for _ in range(2)]

    between(work, slow_echo)


def test_nobody_waits_for_an_answer_that_cannot_come() -> None:
    async def work(here: Talk, there: Talk) -> None:
        with pytest.raises(ConnectionError):
            await here.ask("bug")
        assert await here.ask("next", 0) == ["next", 0]
        waiting = asyncio.create_task(here.ask("late", 60))
        await asyncio.sleep(0)
        there.close()
        with pytest.raises(ConnectionError):
            await waiting
        with pytest.raises(ConnectionError):
            await here.ask("after the end", 0)

    between(work, slow_echo)


def test_one_that_is_hushed_still_answers() -> None:
    async def work(here: Talk, there: Talk) -> None:
        asked = asyncio.create_task(there.ask("before", 0.05))
        await asyncio.sleep(0.01)
        there.hush()
        assert await asked == ["before", 0.05]

    between(work, slow_echo)


def test_one_that_is_hushed_while_it_answers_says_nothing() -> None:
    async def run() -> None:
        here, there = [await Talk.on(end) for end in socket.socketpair()]

        async def hush(what: str, _: list[Any]) -> object:
            there.hush()
            return what

        listening = [asyncio.create_task(end.listen(hush)) for end in (here, there)]
        with pytest.raises(ConnectionError):
            await here.ask("too late")
        with pytest.raises(ConnectionError):
            await there.ask("of nobody")
        here.close()
        there.close()
        await asyncio.gather(*listening)

    with capture_logs() as said:
        asyncio.run(run())
    assert not said


def test_one_that_dies_while_it_speaks_has_ended() -> None:
    async def run() -> None:
        here, there = socket.socketpair()
        talk = await Talk.on(here)
        there.sendall(b'[1, "first"]\n[2, "seco')
        there.close()
        await talk.listen(note)
        await asyncio.sleep(0)
        talk.close()

    async def note(what: str, _: list[Any]) -> object:
        heard.append(what)
        return None

    heard = list[str]()
    asyncio.run(run())
    assert heard == ["first"]


def test_a_quota_holds_over_all_processes() -> None:
    desk = Desk(LocalLimiter(QUOTA))

    async def work(here: Talk, there: Talk) -> None:
        limiters = [SharedLimiter(QUOTA, end) for end in (here, there)]
        taken = [await limiters[n % 2].take("1.2.3.4") for n in range(5)]
        assert [one.is_allowed for one in taken] == [True, True, True, False, False]
        assert [one.remaining for one in taken] == [2, 1, 0, 0, 0]
        looks = [await limiters[n % 2].take("5.6.7.8", "a listening of mine") for n in range(4)]
        assert [one.remaining for one in looks] == [2, 2, 2, 2]
        there.close()
        await asyncio.sleep(0.05)
        assert (await limiters[0].take("1.2.3.4")).is_allowed

    between(work, desk.answer)


def test_without_a_quota_there_is_nothing_to_take() -> None:
    with pytest.raises(ValueError, match=TAKE):
        asyncio.run(Desk(None).answer(TAKE, ["1.2.3.4", None]))


def test_metrics_of_several_are_those_of_one_service() -> None:
    told = {}
    for number in range(2):
        metrics = Metrics()
        metrics.requests.labels("GET", "/healthz", 200).inc(number + 1)
        metrics.recognition_latency.labels("audio").observe(0.2)
        from prometheus_client import generate_latest

        told[str(number)] = generate_latest(metrics.registry).decode()
    text = joined(told).decode()
    assert text.count("# TYPE sonica_http_requests_total counter") == 1
    for number in range(2):
        labels = f'method="GET",process="{number}",route="/healthz",status="200"'
        assert f"sonica_http_requests_total{{{labels}}} {number + 1}.0" in text
    names = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    alone = {sample.name for f in text_string_to_metric_families(told["0"]) for sample in f.samples}
    assert names == alone


def test_limits_are_shared_out() -> None:
    whole = GatewayLimits(room=64, requests=512)
    part = whole.shared(3)
    assert (part.room, part.requests) == (22, 171)
    assert part.body.audio_bytes == whole.body.audio_bytes


@pytest.mark.parametrize("share", range(1, MOST + 1))
def test_connections_to_the_database_are_shared_out(share: int) -> None:
    part = to_answer(share)
    assert share * sum(part) <= LARGEST
    assert min(part) >= 1
    assert 1 <= part.kept < part.database


def test_any_of_many_processes_holds_the_largest_body_that_it_takes() -> None:
    whole = BodyLimits(all_bytes=1 << 30)
    assert whole.shared(1) == whole
    assert whole.shared(2).all_bytes == whole.all_bytes // 2
    upload = UPLOAD.audio_bytes + UPLOAD.form_bytes
    assert whole.shared(100).all_bytes >= upload + whole.audio_bytes + whole.form_bytes
    little = BodyLimits(all_bytes=1 << 20)
    assert little.shared(100) == little  # who wants less than that is asked for no more
