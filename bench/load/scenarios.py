"""What is asked, and how: nominal songs, a mix, uploads; as fast as it goes, and at a fixed rate."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.load.clients import Ask, Closed, Open, Plan, Told, load, request
from bench.load.faults import Fault, Faults
from bench.load.setup import Queries, Service
from bench.load.uploads import FORMATS
from bench.load.usage import Usage, memory, usage

FINGERPRINT = "application/vnd.sonica.fingerprint"
PATH = "/v1/recognize"
OPEN_SHARE = 0.7
"""Of the rate at which all was answered as fast as it went: that of the run at a fixed rate."""
AFTER = 1 / 3
"""Of a run: how much of it is over when something happens."""
MIX = {"known": 6, "warped": 1, "unknown": 3}
"""Of ten requests."""


class Scenario(StrEnum):
    """What is asked."""

    HEALTHZ = "healthz"
    NOMINAL = "nominal"
    MIX = "mix"
    UNKNOWN = "unknown"
    UPLOADS = "uploads"


SHAPES = {
    Scenario.HEALTHZ: "GET /healthz: what the framework alone does",
    Scenario.NOMINAL: "fingerprints of songs that are known, at their own speed",
    Scenario.MIX: "fingerprints, of ten 6 of known songs, 1 of a song played faster, 3 of unknown songs",
    Scenario.UNKNOWN: "fingerprints of songs that are not known",
    Scenario.UPLOADS: "clips of known songs as Opus, MP3 and M4A",
}


def asks_of(scenario: Scenario, queries: Queries) -> list[Ask]:
    """The requests of a scenario, in their order."""
    known = [_of(one, number) for number, one in enumerate(queries.known, 1)]
    warped = [_of(one, number) for number, one in enumerate(queries.warped, 1)]
    unknown = [_of(one, 0) for one in queries.unknown]
    if scenario is Scenario.HEALTHZ:
        return [Ask(request("GET", "/healthz"))]
    if scenario is Scenario.NOMINAL:
        return known
    if scenario is Scenario.UNKNOWN:
        return unknown
    if scenario is Scenario.UPLOADS:
        return [
            Ask(request("POST", PATH, clip, FORMATS[name].media_type), number)
            for number in range(1, len(queries.clips["opus"]) + 1)
            for name in FORMATS
            for clip in [queries.clips[name][number - 1]]
        ]
    mixed = []
    for number in range(max(len(known), 10)):
        for kind, count in MIX.items():
            which = {"known": known, "warped": warped, "unknown": unknown}[kind]
            mixed += [which[(number * count + one) % len(which)] for one in range(count)]
    return mixed


def _of(fingerprint: bytes, song: int) -> Ask:
    return Ask(request("POST", PATH, fingerprint, FINGERPRINT), song)


@dataclass(frozen=True)
class Shape:
    """How it is asked. `rate`: requests a second; 0 for as fast as they are answered."""

    connections: int
    seconds: float
    rate: float = 0.0

    def plan(self, asks: Sequence[Ask]) -> Plan:
        """Which begins now."""
        if self.rate:
            return Open(asks, self.rate, self.seconds)
        return Closed(asks, self.connections, self.seconds)


@dataclass(frozen=True)
class Run:
    """What came of one run, what it took of the machine, and the bytes that the service held at its end."""

    told: Told
    used: Usage
    memory: int

    def cpu_ms(self, part: str) -> float:
        """Milliseconds of processor of a part (a field of Usage) for each good answer."""
        return 1000 * float(getattr(self.used, part)) / max(1, len(self.told.took_ms))


@dataclass(frozen=True)
class Bench:
    """A service that runs, its data folder and log, what it is asked, and what may happen to it."""

    service: Service
    home: Path
    log: Path
    queries: Queries
    faults: Faults


async def run(bench: Bench, asks: Sequence[Ask], shape: Shape, fault: Fault = Fault.NONE) -> Run:
    """One run, in which something may happen."""
    service, home = bench.service, bench.home
    before = usage(service.pids(), service.decoders(), home)
    happening = asyncio.create_task(_happen(bench, fault, shape.seconds))
    told = await load(service.address, lambda: shape.plan(asks), shape.connections)
    await happening
    used = usage(service.pids(), service.decoders(), home).since(before)
    told.cpu_s = used.service + used.engine
    return Run(told, used, memory(service.pids()))


async def _happen(bench: Bench, fault: Fault, seconds: float) -> None:
    await asyncio.sleep(AFTER * seconds)
    await asyncio.to_thread(bench.faults.cause, fault, bench.service)


def figures(runs: Sequence[Run]) -> dict[str, float]:
    """Medians over runs; failed and wrong answers of all of them."""
    return {
        "rate": statistics.median(one.told.rate for one in runs),
        "p50_ms": statistics.median(one.told.percentile(0.5) for one in runs),
        "p99_ms": statistics.median(one.told.percentile(0.99) for one in runs),
        "failed": float(sum(one.told.failed for one in runs)),
        "wrong": float(sum(one.told.wrong for one in runs)),
        **{f"{part}_cpu_ms": statistics.median(one.cpu_ms(part) for one in runs) for part in Usage._fields},
        "memory_mb": statistics.median(one.memory for one in runs) / 1e6,
    }
