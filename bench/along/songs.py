"""Songs, what becomes of them on their way, and guesses that are as wrong as a hit's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.degrade import MARGIN, Scene, codec, degraded
from bench.accuracy.degrade.noise import NoiseBank
from bench.accuracy.degrade.room import simulated_rooms
from bench.accuracy.sound import RATE, Samples, read_samples, resampled
from bench.accuracy.sources import Sources, Split, choose
from bench.accuracy.truth import Relatives
from sonica import _engine
from sonica.audio.compose import compose_song

FOUND = Path(__file__).parents[1] / "related-found.csv"
"""Relatives that the data folder does not list."""
COPIES = ("clean", "mp3", "quiet", "bass12", "compressor", "small-speaker", "snr10", "snr5", "snr0", "phone")
"""What becomes of a copy: as in `bench.accuracy.degrade`, and `mp3`, of 64 kbit/s."""


@dataclass(frozen=True)
class Song:
    """A song at RATE and its fingerprint; `relatives` share something with it."""

    name: str
    samples: NDArray[np.float32] = field(repr=False)
    print_: bytes = field(repr=False)
    relatives: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Material:
    """What is compared, and the noises and rooms that copies are heard through."""

    songs: Sequence[Song]
    scene: Scene


def real(folder: Path, split: Split, count: int) -> Material:
    """`count` songs of a data folder, and the split's noises and rooms. Raises BadTableError."""
    related = folder / "related.csv"
    relatives = Relatives.read(*(path for path in (related, FOUND) if path.exists()))
    sources = Sources(folder / "catalogue", noise=folder / "noise", rooms=folder / "rooms")
    chosen = choose(sources, split, 1 if split is Split.REPORT else 2, count)
    songs = [_song(p.stem, read_samples(p), relatives.of(p.stem)) for p in chosen.songs]
    return Material(songs, chosen.scene())


def composed(count: int) -> Material:
    """`count` composed songs, none of which shares anything with another."""
    songs = (compose_song(seed) for seed in range(9_000, 9_000 + count))
    made = [
        _song(f"{seed}", resampled(song.samples.astype(np.float64), song.rate, RATE))
        for seed, song in enumerate(songs)
    ]
    return Material(made, Scene(NoiseBank([], ("pink", "babble"), 1), simulated_rooms(1)))


def _song(name: str, samples: Samples, relatives: frozenset[str] = frozenset()) -> Song:
    return Song(name, samples.astype(np.float32), heard(samples), relatives)


def heard(samples: NDArray[np.float64]) -> bytes:
    """The fingerprint of sound at RATE."""
    return _engine.fingerprint(samples.astype(np.float32), RATE)


def copy_of(song: Song, how: str, scene: Scene) -> bytes:
    """The fingerprint of a copy of all of it, as long as it is."""
    rng = np.random.default_rng([*song.name.encode(), *how.encode()])
    sound = song.samples.astype(np.float64)
    if how == "mp3":
        return heard(codec.through(sound, codec.MP3, 64_000))
    longer = np.pad(sound, (0, round(sound.size * (MARGIN - 1)) + 1))
    sound, _ = degraded(longer, sound.size / RATE, how, scene, rng)
    return heard(sound)
