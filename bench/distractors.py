"""Songs that nobody sang: constellations of real ones in pieces, to make a catalogue as large as wanted.

A distractor is made of pieces of several songs, each transposed, its tempo changed a little, its peaks
moved in time and some left out, so that no piece is there twice and yet each is as music is: what one key of
the index holds, and how often the wrong song gets votes, depend on that. Music is in tune: its notes, and so
its keys, lie close together at some frequencies. Pieces are transposed by whole semitones, therefore, and
what changes their tempo leaves their pitch; else a query would meet less than half as many wrong postings
as among songs (`python -m bench.scale distractors`). Sonica knows a song that was transposed, so none may be
made of the songs that are asked for, known or not.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sonica import _engine

PIECE_S = (5.0, 10.0)
"""Seconds of a piece, at least and at most."""
SPEED = 0.03
"""By how much a piece is faster or slower, at most; its pitch stays."""
SEMITONES = 6
"""By how much it is transposed, up or down, at most: more would leave the band."""
DROPPED = 0.05
"""Share of its peaks that are left out."""
AGAIN = 10
"""How often one is made anew until its pieces fit together, at most."""
STEP_S, OCTAVE, BASE_HZ = 0.004, 144, 58.59375
"""A fingerprint's step of time, its steps of frequency in an octave, and the frequency of step 0. Peaks
are moved by up to one step of time."""
LOWEST_HZ, HIGHEST_HZ = 62.5, 3_590.0
"""Where peaks may be."""


class Distractors:
    """Makes them of the fingerprints of songs: the same ones of the same songs and the same number."""

    def __init__(self, prints: Sequence[bytes], *, seed: int = 0) -> None:
        self._songs = [_Song(_engine.read_fingerprint(print_)) for print_ in prints]
        self._songs = [song for song in self._songs if song.duration_s > PIECE_S[1] * (1 + SPEED)]
        if not self._songs:
            raise ValueError(f"none of the songs is longer than {PIECE_S[1] * (1 + SPEED):.1f} s")
        self._seed = seed

    def make(self, number: int, seconds: float) -> bytes:
        """The fingerprint of distractor `number`, `seconds` long.

        Where two dense pieces meet there may, seldom, be more peaks together than a fingerprint holds; such a
        one is made anew. Raises EngineError where that does not help.
        """
        attempt = 0
        while True:
            again = [attempt] if attempt else []
            try:
                return self._make(np.random.default_rng((self._seed, number, *again)), seconds)
            except _engine.EngineError as error:
                if error.code != "format" or attempt == AGAIN:
                    raise
            attempt += 1

    def _make(self, rng: np.random.Generator, seconds: float) -> bytes:
        times: list[NDArray[np.float64]] = []
        pitches: list[NDArray[np.float64]] = []
        ranks: list[NDArray[np.uint8]] = []
        at = 0.0
        while at < seconds:
            song = self._songs[rng.integers(len(self._songs))]
            length = min(rng.uniform(*PIECE_S), seconds - at)
            time, hz, rank = song.piece(length, rng)
            times.append(at + time)
            pitches.append(hz)
            ranks.append(rank)
            at += length
        return _engine.write_fingerprint(
            np.round(np.concatenate(times) / STEP_S).astype(np.uint32),
            np.round(OCTAVE * np.log2(np.concatenate(pitches) / BASE_HZ)).astype(np.uint16),
            np.concatenate(ranks),
            round(seconds / STEP_S),
        )


class _Song:
    def __init__(self, info: _engine.FingerprintInfo) -> None:
        self.duration_s = float(info.duration_s)
        self._time = info.time_s.astype(np.float64)
        self._hz = info.frequency_hz.astype(np.float64)
        self._rank = info.rank

    def piece(
        self, seconds: float, rng: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:
        """Times from the piece's beginning, frequencies and ranks of the peaks of some part of the song."""
        speed = 1 + rng.uniform(-SPEED, SPEED)
        start = rng.uniform(0, self.duration_s - seconds * speed)
        first, end = np.searchsorted(self._time, (start, start + seconds * speed))
        count = int(end - first)
        time = (self._time[first:end] - start) / speed + rng.uniform(-STEP_S, STEP_S, count)
        hz = self._hz[first:end] * 2.0 ** (rng.integers(-SEMITONES, SEMITONES + 1) / 12)
        kept = (rng.random(count) >= DROPPED) & (hz >= LOWEST_HZ) & (hz < HIGHEST_HZ)
        return np.clip(time[kept], 0, seconds), hz[kept], self._rank[first:end][kept]
