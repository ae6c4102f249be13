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
from bench.distractors import Distractors
from bench.load.uploads import FORMATS, encode
from bench.load.usage import children, command
from sonica import _engine
from sonica.audio.compose import Song, compose_song
from sonica.audio.degrade import add_noise, excerpt, play_faster
from sonica.catalogue import About
from sonica.catalogue.ingest import Found, Prepared
from sonica.catalogue.remake import merge
from sonica.catalogue.store import Store
from sonica.platform.parallel import in_order
from sonica.platform.shared import close_shared

MADE_S = 60.0
"""Seconds of a distractor."""
CLIP_S, SNR_DB = 10.0, 10.0
"""Of a query: seconds, and noise under it in decibels."""
FASTER = 1.08
"""By how much a warped query is faster, and higher."""
TOGETHER = 1_000
"""Distractors that are put in at a time."""
CLIPS = 10
"""Songs of which there are clips to upload."""


@dataclass(frozen=True)
class Queries:
    """Fingerprints of excerpts of songs in the catalogue, of the same played FASTER, and of other songs.

    The first is of song 1, and so on; `clips`: of the first songs, by format.
    """

    known: Sequence[bytes]
    warped: Sequence[bytes]
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

    def decoders(self) -> list[int]:
        """Processes that decode for these."""
        below = [child for pid in self.pids() for child in children(pid)]
        return [pid for pid in below if "sonica.audio.worker" in command(pid)]

    def pids(self) -> list[int]:
        """Of its process, and of those that answer for it."""
        return [self.pid, *self.answering()]

    def answering(self) -> list[int]:
        """Processes that answer for it, where there are several."""
        return [pid for pid in children(self.pid) if "sonica.gateway.process" in command(pid)]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder through which the user that the database runs as may pass."""
    folder = Path(tempfile.mkdtemp(prefix="sonica-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def catalogue(home: Path, songs: int, unknown: int, progress: Progress, distractors: int = 0) -> Queries:
    """Makes a data folder with so many songs. Queries of each, and of so many others; clips of the first.

    `distractors`: as many more, made of pieces of the others, which nothing is asked of.
    """
    items: list[Prepared] = []
    known, warped, others, pieces = [], [], [], []
    clips: dict[str, list[bytes]] = {name: [] for name in FORMATS}
    for number, song in enumerate(in_order(compose_song, range(songs + unknown))):
        clip = _clip(song, number)
        query = _engine.fingerprint(clip, song.rate)
        if number < songs:
            known.append(query)
            warped.append(_engine.fingerprint(_clip(song, number, FASTER), song.rate))
            for name in FORMATS if number < CLIPS else ():
                clips[name].append(encode(clip, song.rate, name))
            found = Found(Path(f"/music/{number:06d}.wav"))
            print_ = _engine.fingerprint(song.samples, song.rate)
            seconds = len(song.samples) / song.rate
            items.append(
                Prepared(found, f"{number:032x}", About(title=f"Song {number + 1}"), print_, seconds)
            )
        else:
            others.append(query)
            if distractors:
                pieces.append(_engine.fingerprint(song.samples, song.rate))
        progress("compose songs", number + 1, songs + unknown)
    store = Store(home)
    store.change(lambda change: [change.take(item) for item in items])
    _add_distractors(store, pieces, distractors, progress)
    merge(store)
    close_shared()  # before the folder goes
    return Queries(known, warped, others, clips)


def _add_distractors(store: Store, pieces: Sequence[bytes], count: int, progress: Progress) -> None:
    made = Distractors(pieces) if count else None
    for start in range(0, count, TOGETHER):
        some = [
            Prepared(
                Found(Path(f"/made/{number:07d}.wav")),
                f"{number + 2**64:032x}",
                About(title=f"Made {number}"),
                made.make(number, MADE_S) if made else b"",
                MADE_S,
            )
            for number in range(start, min(count, start + TOGETHER))
        ]
        store.change(lambda change, some=some: [change.take(item) for item in some])  # type: ignore[misc]
        progress("make distractors", start + len(some), count)


def _clip(song: Song, number: int, speed: float = 1.0) -> NDArray[np.float32]:
    begin = max(0.0, len(song.samples) / song.rate - CLIP_S * speed) * (number % 7) / 7
    clip = excerpt(song.samples, song.rate, begin, CLIP_S * speed)
    clip = play_faster(clip, speed) if speed != 1.0 else clip
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
