"""The bench of the service, on as little as shows that it measures what it says."""

import asyncio
from pathlib import Path

import pytest
from bench.accuracy.progress import silent
from bench.load.__main__ import _figures, _upload
from bench.load.clients import Told, load, request
from bench.load.setup import catalogue, serving, statuses
from bench.load.uploads import FORMATS, stages_of, upload
from tests.service.client import FINGERPRINT
from tests.service.conftest import seed

from sonica.platform.postgres.place import Place


def test_it_counts_what_is_answered(reachable: Path, cluster: Place) -> None:
    home, log = reachable / "home", reachable / "log"
    seed(cluster, home)
    queries = catalogue(home, 2, 1, silent)
    known = [request("POST", "/v1/recognize", one, FINGERPRINT) for one in queries.known]
    wrong = request("POST", "/v1/recognize", b"nonsense", FINGERPRINT)
    with serving(home, log) as service:
        before = service.cpu_s()
        good = asyncio.run(load(service.address, known, 3, 0.5))
        good.cpu_s = service.cpu_s() - before
        bad = asyncio.run(load(service.address, [wrong], 1, 0.1))
        health = asyncio.run(load(service.address, [request("GET", "/healthz")], 2, 0.2))
        sent = statuses(log)
        took = {name: asyncio.run(_upload(service, queries.clips[name], name, 2)) for name in FORMATS}
        lost = asyncio.run(upload(service.address, [b"nonsense"], "audio/ogg", 3))
    assert (good.failed, health.failed) == (0, 0)
    assert sent == {"match": len(good.took_ms)}
    assert bad.failed > 0
    assert not bad.took_ms
    assert b"bad-fingerprint" in bad.last
    figures = _figures([good], [health])
    assert figures["rate"] == good.rate > 0
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert figures["cpu_ms"] > 0
    assert figures["share"] == good.rate / health.rate
    assert statuses(log) == {"match": len(good.took_ms) + 3 * 2 * 3}
    assert (lost.failed, lost.total) == (3, [])
    for one in took.values():
        assert (len(one.total), one.failed) == (4, 0)
        stages = {name: each["mean_ms"] for name, each in stages_of(one).items()}
        told = [
            stages[name] for name in ("receive", "wait", "decode", "fingerprint", "search", "store", "rest")
        ]
        assert min(stages["decode"], stages["fingerprint"], stages["search"], stages["store"]) > 0
        assert stages["total"] == pytest.approx(sum(told))


def test_percentiles() -> None:
    told = Told(seconds=2.0, took_ms=[float(number) for number in range(100, 0, -1)], cpu_s=1.0)
    assert (told.rate, told.cpu_ms) == (50, 10)
    assert (told.percentile(0.5), told.percentile(0.99), told.percentile(1.0)) == (51, 100, 100)
