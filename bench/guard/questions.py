"""The guard's songs and queries: composed, degraded without other programs, the same each time.

The degradations are hard enough that a good part of the queries fails: where all succeed, a loss shows late.
Samples are rounded to 16 bits, so that another processor's last bits make no other query.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.degrade import MARGIN, Scene, degraded, device, noise, room
from bench.accuracy.sound import RATE, Samples, resampled
from sonica.audio.compose import compose_song

SONGS = 50
PHONE = "phone-like"
"""A room, noise at 0 dB, and a telephone's band; no codec, since these differ between versions."""
KNOWN = (
    *(("snr-9", 5), ("snr-11", 10), ("snr-5", 3), ("snr0", 2), ("speed+20_snr0", 3)),
    *(("speed-30_snr-3", 5), (PHONE, 3)),
)
"""Degradation and length (s): each song is asked once in each."""
MASKED = (("clean", 5), ("snr0", 2))
"""The same for unknown queries, whose own song is absent."""
EDGE_S = 4
"""Neither the first nor the last seconds of a song are asked for."""


@dataclass(frozen=True)
class Question:
    """One clip: float32 mono at RATE, and the number of the song that it is of."""

    song: int
    what: str
    samples: NDArray[np.float32]
    masked: bool

    @property
    def name(self) -> str:
        """Unique, and readable where it is printed."""
        return f"song {self.song}, {self.what}{', masked' if self.masked else ''}"


def songs(count: int = SONGS) -> Iterator[Samples]:
    """The songs, at RATE, one after the other: all at once they take a gigabyte."""
    for seed in range(count):
        song = compose_song(seed)
        yield _rounded(resampled(song.samples.astype(np.float64), song.rate, RATE))


def questions(number: int, song: Samples) -> list[Question]:
    """All queries of one song."""
    return [
        Question(number, f"{name}, {seconds} s", _clip(song, number, name, seconds, _scene()), masked)
        for masked, wanted in ((False, KNOWN), (True, MASKED))
        for name, seconds in wanted
    ]


@functools.cache
def _scene() -> Scene:
    bank = noise.NoiseBank([], ("pink", "hum", "clatter", "murmur"), seed=1)
    return Scene(bank, [("room", room.simulated_room(np.random.default_rng(1), 0.4))])


def _clip(song: Samples, number: int, name: str, seconds: int, scene: Scene) -> NDArray[np.float32]:
    rng = np.random.default_rng([number, seconds, *name.encode()])
    need = round(seconds * MARGIN * RATE)
    start = int(rng.integers(EDGE_S * RATE, song.size - need - EDGE_S * RATE))
    part = song[start : start + need]
    if name == PHONE:
        _, response = scene.rooms[0]
        sound, _ = scene.noises.segment(rng, seconds * RATE)
        wet = room.in_room(part[: seconds * RATE], response)
        clip = device.band(noise.mixed(wet, sound, 0), 300, 3400)
        clip *= 0.1 / np.max(np.abs(clip))
    else:
        clip, _ = degraded(part, seconds, name, scene, rng)
    return _rounded(clip).astype(np.float32)


def _rounded(samples: Samples) -> Samples:
    return np.round(np.clip(samples, -1, 1) * 32767) / 32767
