"""A service with composed songs, and what it is asked."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.progress import Progress
from bench.service.uploads import FORMATS, encode
from sonica import _engine
from sonica.audio.compose import Song, compose_song
from sonica.audio.degrade import add_noise, excerpt
from sonica.catalogue import About
from sonica.catalogue.ingest import Found, Prepared
from sonica.catalogue.remake import merge
from sonica.catalogue.store import Store
from sonica.platform.parallel import in_order
from sonica.platform.shared import close_shared

CLIP_S, SNR_DB = 10.0, 10.0
"""Of a query: seconds, and noise under it in decibels."""
CLIPS = 10
"""Songs of which there are clips to upload."""


@dataclass(frozen=True)
class Queries:
    """Fingerprints of excerpts of songs in the catalogue, and of others; `clips` of the former, by format."""

    known: Sequence[bytes]
    unknown: Sequence[bytes]
    clips: Mapping[str, Sequence[bytes]]


@dataclass(frozen=True)
class Service:
    """A service that runs: host and port, and its process."""

    address: tuple[str, int]
    pid: int

    def cpu_s(self) -> float:
        """Seconds of processor that its processes have taken so far, but for database and decoders."""
        return sum(map(_cpu_s, self.pids()))

    def pids(self) -> list[int]:
        """Of its process, and of those that answer for it."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/children")
        children = [int(pid) for task in tasks for pid in task.read_text(encoding="utf-8").split()]
        return [self.pid, *filter(_answers, children)]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answers(pid: int) -> bool:
    return b"sonica.gateway.process" in Path(f"/proc/{pid}/cmdline").read_bytes()


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder through which the user that the database runs as may pass."""
    folder = Path(tempfile.mkdtemp(prefix="sonica-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def catalogue(home: Path, songs: int, unknown: int, progress: Progress) -> Queries:
    """Makes a data folder with so many songs. A query of each, and of so many others; clips of the first."""
    items, known, others = [], [], []
    clips: dict[str, list[bytes]] = {name: [] for name in FORMATS}
    for number, song in enumerate(in_order(compose_song, range(songs + unknown))):
        clip = _clip(song, number)
        query = _engine.fingerprint(clip, song.rate)
        if number < songs:
            known.append(query)
            for name in FORMATS if number < CLIPS else ():
                clips[name].append(encode(clip, song.rate, name))
            found = Found(Path(f"/music/{number:06d}.wav"))
            print_ = _engine.fingerprint(song.samples, song.rate)
            seconds = len(song.samples) / song.rate
            items.append(Prepared(found, f"{number:032x}", About(title=f"Song {number}"), print_, seconds))
        else:
            others.append(query)
        progress("compose songs", number + 1, songs + unknown)
    store = Store(home)
    store.change(lambda change: [change.take(item) for item in items])
    merge(store)
    close_shared()  # before the folder goes
    return Queries(known, others, clips)


def _clip(song: Song, number: int) -> NDArray[np.float32]:
    begin = max(0.0, len(song.samples) / song.rate - CLIP_S) * (number % 7) / 7
    clip = excerpt(song.samples, song.rate, begin, CLIP_S)
    return add_noise(clip, SNR_DB, seed=number)


@contextmanager
def serving(home: Path, log: Path, workers: int = 1, *, memory: str = "off") -> Iterator[Service]:
    """`sonica serve` for the data folder, by so many processes, which remember no answers but in `memory`."""
    sonica = Path(sys.executable).with_name("sonica")
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [str(sonica), "serve", "--port", "0", "--workers", str(workers)],
            env={
                **os.environ,
                "SONICA_HOME": str(home),
                "SONICA_RATE_LIMIT": "off",
                "SONICA_CACHE_MEMORY": memory,
            },
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout  # noqa: S101
        line = process.stdout.readline()
        if not line.startswith("Open "):
            raise SystemExit(f"The service did not start: {log.read_text()[-2000:]}")
        address = urlparse(line.removeprefix("Open ").strip())
        yield Service((str(address.hostname), int(address.port or 0)), process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def statuses(log: Path) -> dict[str, int]:
    """How many answers of which kind the service logged."""
    counts: dict[str, int] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        result = json.loads(line).get("result", "") if line.startswith("{") else ""
        if result:
            counts[result] = counts.get(result, 0) + 1
    return counts
