"""The measurements: what is timed, what is not, and whether the answers were right.

Throughput is the fastest of several runs, since everything that disturbs a run makes it slower. Queries are
timed one by one, after one that is not timed; percentiles are of wall time, and beside them stands the mean
of processor time, which others on the machine disturb less. Reading and decoding of files, and making
queries, are not timed. The baseline is a magnitude spectrogram (1024-point Hann window, hop 128,
single precision, SciPy's FFT) at the engine's rate, from 44.1 kHz after SciPy's polyphase resampler: what a
short program in NumPy would do before it has found one peak.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.signal import resample_poly

from bench.accuracy.sound import RATE, read_clip
from sonica import _engine
from sonica.audio.compose import compose_song

Samples = NDArray[np.float32]
QUERY_S = 10
FRAMES_AT_ONCE = 512
FINGERPRINT_S = 600
"""At most so many seconds of music are fingerprinted for the throughput, an equal share of each song."""


def composed_songs(count: int) -> list[tuple[Samples, int]]:
    """Songs that need no files: (mono samples, rate)."""
    songs = (compose_song(seed) for seed in range(count))
    return [(song.samples.astype(np.float32), song.rate) for song in songs]


def recorded_songs(files: Sequence[Path]) -> list[tuple[Samples, int]]:
    """The same from files. Raises BadTableError."""
    return [read_clip(path) for path in files]


def measure(music: Sequence[tuple[Samples, int]], *, queries: int, seconds: float) -> dict[str, Any]:
    """All figures: `throughput` (seconds of music a second, ratio to the baseline), `queries`, `bytes`."""
    prints = [_engine.fingerprint(samples, rate) for samples, rate in music]
    duration = sum(samples.size / rate for samples, rate in music)
    builder = _engine.PackBuilder()
    for number, print_ in enumerate(prints, 1):
        builder.add(number, number, print_, title=f"song {number}")
    pack = _engine.Pack.from_bytes(builder.build())
    return {
        "throughput": throughput(music, prints, duration),
        "queries": ask_all(pack, music, queries, seconds),
        "bytes": sizes(pack, prints, duration),
        "songs": len(music),
        "music_s": duration,
    }


def throughput(
    music: Sequence[tuple[Samples, int]], prints: Sequence[bytes], duration: float
) -> dict[str, dict[str, float]]:
    """Seconds of music that one core handles in a second, over all songs up to ten minutes."""
    songs = [_at(song, RATE) for song in bounded(music, FINGERPRINT_S)]
    low = [_engine.resample(samples, RATE) for samples in songs]
    length = sum(samples.size for samples in songs) / RATE

    def add_all() -> None:
        builder = _engine.PackBuilder()
        for number, print_ in enumerate(prints, 1):
            builder.add(number, number, print_)
        builder.build()

    found: dict[str, dict[str, float]] = {}
    for name, rate, sounds in (("44.1 kHz", RATE, songs), ("the engine's rate", _engine.ENGINE_RATE, low)):
        ours = length / fastest(partial(_each, _engine.fingerprint, sounds, rate))
        plain = length / fastest(partial(_each, spectrogram, sounds, rate))
        found[f"fingerprint from {name}"] = {
            "times_real_time": ours,
            "baseline": plain,
            "ratio": ours / plain,
        }
    packing = duration / fastest(add_all, least_runs=3)
    first = found["fingerprint from 44.1 kHz"]
    whole = 1 / (1 / first["times_real_time"] + 1 / packing)
    found["add (fingerprint and pack)"] = {
        "times_real_time": whole,
        "baseline": first["baseline"],
        "ratio": whole / first["baseline"],
    }
    return found


def bounded(music: Sequence[tuple[Samples, int]], seconds: float) -> list[tuple[Samples, int]]:
    """So many seconds of these songs at most, an equal share of each; a short one is whole."""
    kept: list[tuple[Samples, int]] = []
    left = seconds
    by_length = sorted(music, key=lambda song: song[0].size / song[1])
    for place, (samples, rate) in enumerate(by_length):
        part = samples[: int(left / (len(by_length) - place) * rate)]
        kept.append((part, rate))
        left -= part.size / rate
    return kept


def _each(work: Callable[[Samples, int], object], sounds: Sequence[Samples], rate: int) -> None:
    for sound in sounds:
        work(sound, rate)


def spectrogram(samples: Samples, rate: int) -> float:
    """The baseline; the sum of all magnitudes keeps it honest."""
    if rate != _engine.ENGINE_RATE:
        part = gcd(rate, _engine.ENGINE_RATE)
        samples = resample_poly(samples, _engine.ENGINE_RATE // part, rate // part).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::128]
    window = np.hanning(1024).astype(np.float32)
    total = 0.0
    for start in range(0, len(frames), FRAMES_AT_ONCE):
        total += float(np.abs(fft.rfft(frames[start : start + FRAMES_AT_ONCE] * window)).sum())
    return total


def ask_all(
    pack: _engine.Pack, music: Sequence[tuple[Samples, int]], count: int, seconds: float
) -> dict[str, dict[str, float]]:
    """Three kinds of ten-second queries: ms from a fingerprint to the answer, and how many were right.

    Known songs as they are; the same trying every hypothesis; and known songs that are masked, as an unknown
    song is: the answer should be nobody.
    """
    rng = np.random.default_rng(1)
    clips = []
    for number in range(count):
        samples, rate = music[number % len(music)]
        start = int(rng.integers(0, max(1, samples.size - QUERY_S * rate)))
        clip = samples[start : start + QUERY_S * rate]
        clips.append((number % len(music) + 1, _engine.fingerprint(clip, rate)))
    kinds = {
        "known": lambda song, f: (_engine.recognize([pack], f), song),
        "known, every hypothesis": lambda song, f: (_engine.recognize([pack], f, exhaustive=True), song),
        "unknown": lambda song, f: (_engine.recognize([pack], f, exclude=[song]), None),
    }
    return {kind: _timed(ask, clips, seconds) for kind, ask in kinds.items()}


def _timed(
    ask: Callable[[int, bytes], tuple[_engine.Answer, int | None]],
    clips: Sequence[tuple[int, bytes]],
    seconds: float,
) -> dict[str, float]:
    ask(*clips[0])
    times: list[float] = []
    right = 0
    cpu = 0.0
    for song, print_ in clips:
        start, cpu_start = time.perf_counter(), time.process_time()
        answer, wanted = ask(song, print_)
        times.append(1000 * (time.perf_counter() - start))
        cpu += 1000 * (time.process_time() - cpu_start)
        named = answer.hits[0].recording_id if answer.status == "match" else None
        right += named == wanted
        if sum(times) > 1000 * seconds:
            break
    return {
        "n": len(times),
        "p50_ms": float(np.percentile(times, 50)),
        "p99_ms": float(np.percentile(times, 99)),
        "max_ms": max(times),
        "cpu_ms": cpu / len(times),
        "right": right,
    }


def sizes(pack: _engine.Pack, prints: Sequence[bytes], duration: float) -> dict[str, float]:
    """Bytes a second of music: each section of the pack, all of them, and the fingerprints as archived."""
    sections = {name: size / duration for name, size in pack.section_bytes().items()}
    return {**sections, "pack": sum(sections.values()), "archive": sum(map(len, prints)) / duration}


def fastest(
    work: Callable[[], object], least_runs: int = 5, least_s: float = 0.5, most_s: float = 5
) -> float:
    """Seconds that the fastest of several runs took, after one that does not count."""
    work()
    times: list[float] = []
    while (len(times) < least_runs or sum(times) < least_s) and sum(times) < most_s:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _at(song: tuple[Samples, int], rate: int) -> Samples:
    samples, own = song
    if own == rate:
        return samples
    part = gcd(own, rate)
    return np.asarray(resample_poly(samples, rate // part, own // part), np.float32)
