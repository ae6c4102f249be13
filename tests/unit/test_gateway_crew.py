"""Bounded work: what fits is done, what does not is refused at once."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from sonica.gateway.crew import LONGEST_WAIT_S, Crew
from sonica.gateway.problems import Problem
from sonica.platform.telemetry import Metrics


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def crew(metrics: Metrics) -> Iterator[Crew]:
    crew = Crew("test", workers=1, room=2, metrics=metrics)
    yield crew
    crew.close()


def size(metrics: Metrics) -> float | None:
    return metrics.registry.get_sample_value("sonica_queue_size", {"queue": "test"})


def test_what_does_not_fit_is_refused(crew: Crew, metrics: Metrics) -> None:
    go_on = threading.Event()

    async def run() -> None:
        at_work = [asyncio.create_task(crew.do(go_on.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        assert size(metrics) == 2
        with pytest.raises(Problem) as told:
            await crew.do(lambda: None)
        assert (told.value.status, told.value.code) == (503, "queue_full")
        assert told.value.retry_after
        assert 1 <= told.value.retry_after <= LONGEST_WAIT_S
        go_on.set()
        assert await asyncio.gather(*at_work) == [True, True]
        assert await crew.do(lambda: 7) == 7
        assert size(metrics) == 0

    asyncio.run(run())
    refused = metrics.registry.get_sample_value("sonica_queue_refused_total", {"queue": "test"})
    assert refused == 1


def test_work_that_fails_or_is_given_up_makes_room(crew: Crew, metrics: Metrics) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait()

    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            await crew.do(lambda: 1 // 0)
        given_up = asyncio.create_task(crew.do(work))
        await asyncio.to_thread(begun.wait)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        assert size(metrics) == 1  # the thread is still at it
        go_on.set()
        assert await crew.do(lambda: 7) == 7
        assert size(metrics) == 0

    asyncio.run(run())


def test_it_is_busy_where_half_of_the_threads_are(metrics: Metrics) -> None:
    crew, go_on = Crew("half", workers=3, room=8, metrics=metrics), threading.Event()

    async def run() -> list[bool]:
        told, at_work = [crew.is_busy], []
        for _ in range(3):
            at_work.append(asyncio.create_task(crew.do(go_on.wait)))
            await asyncio.sleep(0)
            told.append(crew.is_busy)
        go_on.set()
        await asyncio.gather(*at_work)
        return [*told, crew.is_busy]

    assert asyncio.run(run()) == [False, False, True, True, False]
    crew.close()
