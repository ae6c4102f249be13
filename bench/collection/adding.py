"""How fast files are added, against what decoding and fingerprinting alone would take on the same cores."""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.progress import Progress
from sonica import _engine
from sonica.audio import Listen, Sandbox, open_stream
from sonica.audio.compose import compose_song
from sonica.catalogue import Catalogue, find_files
from sonica.platform.parallel import in_order

SONG_S = 240
"""Seconds of a file: as long as songs are, so that starting is as small a part as it would be."""
SEEDS = 100
"""Kept for each file's songs: more than it needs."""
RUNS = 3
"""Of each, in turn, of which the fastest counts: whatever disturbs a run makes it slower."""


def composed_files(folder: Path, count: int, progress: Progress) -> list[Path]:
    """MP3 files of composed songs one after the other, 128 kbit/s, no two alike."""
    folder.mkdir(parents=True)
    files = [folder / f"{number:03d}.mp3" for number in range(count)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), mp_context=spawn) as pool:
        made = pool.map(_compose, files, range(0, count * SEEDS, SEEDS), repeat(SONG_S))
        for done, _ in enumerate(made, 1):
            progress("compose files", done, count)
    return files


def _compose(path: Path, seed: int, seconds: int) -> None:
    parts: list[NDArray[np.float32]] = []
    rate = 44_100
    while sum(map(len, parts)) < seconds * rate:
        song = compose_song(seed + len(parts))
        parts.append(song.samples)
        rate = song.rate
    _write_mp3(path, np.concatenate(parts)[: seconds * rate], rate)


def rates(files: Sequence[Path], scratch: Path) -> dict[str, float]:
    """Seconds of music a second: `decoder`, `fingerprint`, `add`; and the `ratio` of that to its bound."""
    first = _decoded(files[0])
    sounds = [first, *(_decoded(path) for path in files[1:8])]
    music = sum(len(samples) / rate for samples, rate in map(_decoded, files))
    some = sum(len(samples) / rate for samples, rate in sounds)
    taken: dict[str, float] = {}

    def timed(name: str, seconds: float, work: Callable[[], object]) -> None:
        begun = time.perf_counter()
        work()
        taken[name] = max(taken.get(name, 0.0), seconds / (time.perf_counter() - begun))

    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), mp_context=spawn) as pool:
        list(pool.map(_drain, files))  # until they have started, and the files are in memory
        for _ in range(RUNS):
            timed("decoder", music, lambda: list(pool.map(_drain, files)))
    with Sandbox() as sandbox:
        list(in_order(sandbox.listen, files))  # until they have started, too
        add = partial(_add, files, sandbox.listen)
        for run in range(RUNS):
            timed("fingerprint", some, lambda: list(in_order(lambda s: _engine.fingerprint(*s), sounds)))
            timed("add", music, partial(add, scratch / f"home-{run}", dedupe=True))
            timed("add_no_dedupe", music, partial(add, scratch / f"plain-{run}", dedupe=False))
    bound = 1 / (1 / taken["decoder"] + 1 / taken["fingerprint"])
    return {**taken, "ratio": taken["add"] / bound, "music_s": music}


def _add(files: Sequence[Path], listen: Listen, home: Path, *, dedupe: bool) -> None:
    outcomes = list(Catalogue(home, listen=listen).add(find_files(files), dedupe=dedupe))
    failed = [outcome for outcome in outcomes if outcome.status != "added"]
    if failed:
        raise RuntimeError(f"not added: {failed[0]}")


def _drain(path: Path) -> int:
    """Decodes all of a file, and keeps nothing."""
    with open_stream(path) as stream:
        return sum(len(block) for block in stream.blocks)


def _decoded(path: Path) -> tuple[NDArray[np.float32], int]:
    with open_stream(path) as stream:
        return np.concatenate(list(stream.blocks)), stream.rate


def _write_mp3(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libmp3lame", rate=rate, options={"b": "128k"})
        stream.layout = "mono"
        size = 1152 * 64
        for at in range(0, len(samples), size):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + size], "fltp", "mono")
            frame.sample_rate = rate
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
