"""The bench of load, on as little as shows that it measures what it says; and the service in a soak."""

import asyncio
import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bench.accuracy.progress import silent
from bench.load.__main__ import _upload
from bench.load.clients import Ask, Closed, Open, Told, load, request
from bench.load.faults import Fault, Faults
from bench.load.scenarios import Bench, Scenario, Shape, asks_of, figures, run
from bench.load.setup import catalogue, serving, statuses
from bench.load.uploads import FORMATS, stages_of, upload
from tests.service.client import FINGERPRINT
from tests.service.conftest import seed

from sonica.platform.postgres.place import Place
from sonica.platform.shared import close_shared

ROOT = Path(__file__).parents[2]


def test_it_counts_what_is_answered(reachable: Path, cluster: Place) -> None:
    home, log = reachable / "home", reachable / "log"
    seed(cluster, home)
    queries = catalogue(home, 2, 1, silent, distractors=3)
    wrong = Ask(request("POST", "/v1/recognize", b"nonsense", FINGERPRINT))
    with serving(home, log) as service:
        bench = Bench(service, home, log, queries, Faults(home, reachable))
        nominal = asks_of(Scenario.NOMINAL, queries)
        good = asyncio.run(run(bench, nominal, Shape(3, 0.5)))
        added = asyncio.run(run(bench, nominal, Shape(3, 1.0, 20.0), Fault.MERGE))
        close_shared()
        bad = asyncio.run(load(service.address, partial(Closed, [wrong], 1, 0.1), 1))
        mistaken = [ask._replace(song=9) for ask in nominal]
        other = asyncio.run(load(service.address, partial(Closed, mistaken, 1, 0.2), 1))
        took = {name: asyncio.run(_upload(service, queries.clips[name], name, 2)) for name in FORMATS}
        lost = asyncio.run(upload(service.address, [b"nonsense"], "audio/ogg", 3))
    assert (good.told.failed, good.told.wrong, added.told.failed) == (0, 0, 0)
    assert len(added.told.took_ms) == 20
    assert len(set(good.told.ids)) == len(good.told.took_ms)
    assert bad.statuses.keys() == {422}
    assert not bad.took_ms
    assert b"bad-fingerprint" in bad.last
    assert other.wrong == len(other.took_ms) > 0
    told = figures([good, good])
    assert told["rate"] == good.told.rate > 0
    assert 0 < told["p50_ms"] <= told["p99_ms"]
    assert told["service_cpu_ms"] + told["engine_cpu_ms"] > 0
    assert told["memory_mb"] > 10
    sent = statuses(log)
    assert sent == {"match": sum(len(one.took_ms) for one in (good.told, added.told, other)) + 3 * 2 * 3}
    assert (lost.failed, lost.total) == (3, [])
    for one in took.values():
        assert (len(one.total), one.failed) == (4, 0)
        stages = {name: each["mean_ms"] for name, each in stages_of(one).items()}
        parts = ("receive", "wait", "decode", "fingerprint", "search", "store", "rest")
        assert min(stages["decode"], stages["fingerprint"], stages["search"], stages["store"]) > 0
        assert stages["total"] == pytest.approx(sum(stages[part] for part in parts))


def test_at_a_fixed_rate_it_counts_what_waited() -> None:
    """A server that stops for a while has kept all waiting that were due meanwhile, not one."""
    stopped_s, rate = 0.5, 100.0

    async def go() -> Told:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            count = 0
            try:
                while await reader.readuntil(b"\r\n\r\n"):
                    count += 1
                    await asyncio.sleep(stopped_s if count == 3 else 0)
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            except asyncio.IncompleteReadError:
                writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            address = server.sockets[0].getsockname()
            return await load(address, partial(Open, [Ask(request("GET", "/"))], rate, 1.0), 1)

    told = asyncio.run(go())
    assert len(told.took_ms) == rate
    waited = [took for took in told.took_ms if took > 1000 * stopped_s / 2]
    assert len(waited) >= rate * stopped_s / 2 - 2


def test_who_is_not_answered_is_counted_and_asks_again() -> None:
    async def go() -> Told:
        async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(drop, "127.0.0.1", 0) as server:
            address = server.sockets[0].getsockname()
            return await load(address, partial(Closed, [Ask(request("GET", "/"))], 2, 0.2), 2)

    told = asyncio.run(go())
    assert told.statuses.keys() == {0}
    assert told.failed == told.statuses[0] > 2


def test_percentiles() -> None:
    told = Told(seconds=2.0, took_ms=[float(number) for number in range(100, 0, -1)], cpu_s=1.0)
    assert (told.rate, told.cpu_ms) == (50, 10)
    assert (told.percentile(0.5), told.percentile(0.99), told.percentile(1.0)) == (51, 100, 100)


def test_wrong_words() -> None:
    for words, told in ((("nonsense",), "is none of"), (("soak", "mix"), "goes alone")):
        ran = bench_load(*words)
        assert ran.returncode == 2
        assert told in ran.stderr


def bench_load(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.load", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def soaked(*words: str) -> dict[str, Any]:
    ran = bench_load("soak", "--songs", "6", "--unknown", "2", *words)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


@pytest.mark.heavy
def test_a_soak() -> None:
    """Half an hour, with a fault a minute: each kind of them three times or four."""
    told = soaked("--minutes", "30", "--every", "60")
    assert all(told["checks"].values())
    assert len(told["faults"]) >= 28
    assert told["mended"] >= 1
