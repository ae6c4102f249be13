"""A service that is asked for long while something happens every minute: what is lost, wrong, or grows?"""

import asyncio
import json
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.accuracy.progress import Progress
from bench.load.clients import Ask, Closed, Open, Told, load
from bench.load.faults import IN_TURN, Fault
from bench.load.scenarios import Bench, Scenario, asks_of
from bench.load.setup import Service
from bench.load.usage import memory
from sonica.catalogue import Catalogue
from sonica.platform.database import Database
from sonica.platform.postgres import Postgres

CONNECTIONS = 8
SAMPLE_S = 1.0
"""Seconds between two looks at the memory."""
GROWTH, SLACK = 1.25, 64e6
"""By how much, and by how many bytes, the last third may hold more than the first."""
REFUSED, CRASHED = {503}, 422
"""What may be answered while a part is away; and of a file that a decoder had that was killed."""
MOST_SHOWN = 20
SETTLE_S = 60.0
"""Seconds in which all must be well again after the last fault."""


@dataclass
class Soak:
    """What came of it."""

    told: Told = field(default_factory=Told)
    memory: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def soak(bench: Bench, *, minutes: float, every_s: float, rate: float, progress: Progress) -> dict[str, Any]:
    """Figures, what was lost, and whether it `passed`."""
    service, home, faults = bench.service, bench.home, bench.faults
    asks = [*asks_of(Scenario.MIX, bench.queries), *asks_of(Scenario.UPLOADS, bench.queries)]
    quiet = asyncio.run(load(service.address, lambda: Closed(asks, CONNECTIONS, 5.0), CONNECTIONS))
    one = Soak()
    asyncio.run(_asked(one, bench, asks, seconds=60 * minutes, every_s=every_s, rate=rate, progress=progress))
    is_well = asyncio.run(_well(service, asks))
    lost = asyncio.run(_lost(home, one.told.ids))
    titles = {song.song.title for song in Catalogue(home).songs()}
    findings = [found.message for found in Catalogue(home).verify() if found.kind == "error"]
    third = max(1, len(one.memory) // 3)
    first, last = statistics.median(one.memory[:third]), statistics.median(one.memory[-third:])
    count = Counter(said.partition(",")[0] for said in one.faults)
    unlike = one.told.statuses.keys() - {0, 200, CRASHED, *REFUSED}
    crashed, unanswered = (one.told.statuses.get(status, 0) for status in (CRASHED, 0))
    checks = {
        "nothing acknowledged was lost": not lost and faults.names <= titles,
        "no answer was wrong": one.told.wrong == 0 and quiet.wrong == 0,
        "what was refused was told so": not unlike and crashed <= CONNECTIONS * count[Fault.KILL_DECODER],
        "only a killed process left somebody without an answer": unanswered
        <= CONNECTIONS * count[Fault.KILL_WORKER],
        "memory is flat": last < first * GROWTH + SLACK,
        "all is well again": is_well,
        "the catalogue is whole": not findings,
    }
    return {
        "minutes": minutes,
        "asked": sum(one.told.statuses.values()),
        "statuses": {str(status): count for status, count in sorted(one.told.statuses.items())},
        "last_bad": one.told.last.decode(errors="replace")[-300:],
        "p50_ms": round(one.told.percentile(0.5), 1),
        "p99_ms": round(one.told.percentile(0.99), 1),
        "acknowledged": len(one.told.ids),
        "lost": len(lost),
        "wrong": one.told.wrong,
        "mistakes": [*quiet.mistakes, *one.told.mistakes][:MOST_SHOWN],
        "faults": one.faults,
        "memory_mb": [round(first / 1e6, 1), round(last / 1e6, 1)],
        "mended": _logged(bench.log, "packs mended"),
        "findings": findings,
        "checks": checks,
        "passed": all(checks.values()),
    }


async def _asked(
    one: Soak,
    bench: Bench,
    asks: list[Ask],
    *,
    seconds: float,
    every_s: float,
    rate: float,
    progress: Progress,
) -> None:
    """Asks at a fixed rate, with a fault in turn every so often, each in a thread while all goes on."""
    asking = asyncio.create_task(
        load(bench.service.address, lambda: Open(asks, rate, seconds), CONNECTIONS, one.told)
    )
    begun, number = time.monotonic(), 0
    while not asking.done():
        await asyncio.sleep(SAMPLE_S)
        past = time.monotonic() - begun
        one.memory.append(memory(bench.service.pids()))
        progress("soak, seconds", int(min(past, seconds)), int(seconds))
        if past > every_s * (number + 0.5) and past < seconds:
            fault: Fault = IN_TURN[number % len(IN_TURN)]
            number += 1
            one.faults.append(f"{fault.value}, at {time.strftime('%X')}")
            await asyncio.to_thread(bench.faults.cause, fault, bench.service)
    await asking


async def _well(service: Service, asks: list[Ask]) -> bool:
    """Whether all is answered again, before long."""
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        told = await load(service.address, lambda: Closed(asks, 2, 1.0), 2)
        if not told.failed and told.took_ms:
            return True
        await asyncio.sleep(1.0)
    return False


async def _lost(home: Path, ids: list[str]) -> set[str]:
    """Recognitions that were acknowledged and are not kept."""

    async def work(connection: AsyncConnection) -> list[Any]:
        return list(await connection.scalars(text("SELECT id::text FROM recognitions")))

    with Postgres(home) as postgres:
        database = Database(postgres.url)
        try:
            return set(ids) - set(await database.run(work))
        finally:
            await database.close()


def _logged(log: Path, event: str) -> int:
    lines = log.read_text(encoding="utf-8").splitlines()
    return sum(json.loads(line).get("event") == event for line in lines if line.startswith("{"))
