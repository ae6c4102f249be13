"""The keys of a song and the probes of a query in NumPy, by the rules of the pack's format and the engine.

Songs: docs/formats/pack.md, "A landmark is a pair of peaks". Queries: `engine/core/src/landmarks.rs`, whose
constants are here, too. Tests hold both against the engine.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.distractors import BASE_HZ, OCTAVE, STEP_S
from sonica import _engine

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

GAPS, INTERVALS, FREQUENCIES = 33, 111, 429
"""Cells of a key: time between the peaks, interval, frequency of the first."""
KEYS = GAPS * INTERVALS * FREQUENCIES
GAP, INTERVAL, FREQUENCY = 8, 2, 2
"""Size of each cell, in a fingerprint's steps."""


@dataclass(frozen=True)
class Pairing:
    """Which peaks are paired: ranks below `ranks`, each with the next `fan` that come so many steps later."""

    ranks: int
    fan: int
    shortest: int
    longest: int
    widest: int


SONG = Pairing(ranks=9, fan=4, shortest=8, longest=256, widest=108)
QUERY = Pairing(ranks=12, fan=8, shortest=4, longest=367, widest=110)
BORDERS = {"gap": 0.3, "interval": 0.3, "frequency": 0.9}
"""A query's pair is looked for in a neighbouring cell, too, where it lies so near to the middle of both."""


def peaks_of(fingerprint: bytes) -> tuple[I64, I64, I64]:
    """Times and frequencies in a fingerprint's own steps, and ranks; ascending."""
    info = _engine.read_fingerprint(fingerprint)
    time = np.rint(info.time_s.astype(np.float64) / STEP_S).astype(np.int64)
    pitch = np.rint(OCTAVE * np.log2(info.frequency_hz.astype(np.float64) / BASE_HZ)).astype(np.int64)
    return time, pitch, info.rank.astype(np.int64)


def pairs_of(fingerprint: bytes, pairing: Pairing) -> tuple[I64, I64, I64]:
    """Of each pair the time between, the interval, and the frequency of the first peak; all in steps."""
    time, pitch, rank = peaks_of(fingerprint)
    strong = rank < pairing.ranks
    time, pitch = time[strong], pitch[strong]
    taken = np.zeros(time.size, np.int64)
    found: list[tuple[I64, I64, I64]] = []
    # The k-th peak behind each, k by k: the order in which a peak meets its partners.
    for behind in range(1, time.size):
        gap, interval = time[behind:] - time[:-behind], pitch[behind:] - pitch[:-behind]
        if gap.min() > pairing.longest:
            break
        fits = (gap >= pairing.shortest) & (gap <= pairing.longest) & (np.abs(interval) <= pairing.widest)
        fits &= taken[:-behind] < pairing.fan
        taken[:-behind] += fits
        found.append((gap[fits], interval[fits], pitch[:-behind][fits]))
    if not found:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    gaps, intervals, firsts = (np.concatenate(part) for part in zip(*found, strict=True))
    return gaps, intervals, firsts


def keys_of(fingerprint: bytes) -> I64:
    """The key of each landmark of a song, in no order that means anything."""
    gap, interval, first = pairs_of(fingerprint, SONG)
    # Nearest cell, halves up.
    cells = (
        (gap + GAP // 2) // GAP,
        (interval + INTERVAL // 2) // INTERVAL,
        (first + FREQUENCY // 2) // FREQUENCY,
    )
    return (cells[0] * INTERVALS + cells[1] + INTERVALS // 2) * FREQUENCIES + cells[2]


def probes_of(fingerprint: bytes, *, speed: float = 1.0, shift: float = 0.0) -> tuple[I64, I64]:
    """First keys and ends of the runs that a query reads, under a hypothesis of speed and pitch (steps)."""
    gap, interval, first = pairs_of(fingerprint, QUERY)
    gaps = _cells(gap * speed / GAP, BORDERS["gap"])
    intervals = _cells(interval / INTERVAL, BORDERS["interval"])
    low, high = _cells((first + shift) / FREQUENCY, BORDERS["frequency"])
    low, high = np.maximum(low, 0), np.minimum(high, FREQUENCIES - 1)
    begins: list[I64] = []
    ends: list[I64] = []
    for gap_cell, is_gap in ((gaps[0], True), (gaps[1], gaps[1] > gaps[0])):
        for cell, is_interval in ((intervals[0], True), (intervals[1], intervals[1] > intervals[0])):
            place = cell + INTERVALS // 2
            fits = (gap_cell >= 0) & (gap_cell < GAPS) & (place >= 0) & (place < INTERVALS) & (low <= high)
            fits &= is_gap & np.asarray(is_interval)
            start = (gap_cell * INTERVALS + place) * FREQUENCIES
            begins.append((start + low)[fits])
            ends.append((start + high + 1)[fits])
    return np.concatenate(begins), np.concatenate(ends)


def _cells(place: F64, border: float) -> tuple[I64, I64]:
    """The nearest cell, and the next one where it is near enough; the same twice where it is not."""
    low, high = np.floor(place + 0.5 - border), np.floor(place + 0.5 + border)
    return low.astype(np.int64), high.astype(np.int64)
