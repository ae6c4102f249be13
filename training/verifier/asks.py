"""What was asked and which songs came up: the data that everything here works on.

An *ask* is a query put to the engine, plain or with its own song and relatives masked. Its *hits* are the
songs that the verifier saw, with their features, the likeliest first. Masked asks are the strangers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Kin(Protocol):
    """Who is related to whom."""

    def of(self, song: str) -> frozenset[str]:
        """The relatives of a song."""
        ...


@dataclass(frozen=True)
class Asks:
    """Asks, one row each, and all their hits, one row each, in the order of the asks.

    `song_of`: the song that the query was cut from, and `hit_song`: the one that came up, both as places in
    `songs`. `features`: shape (hits, features), in the order of `names`. `ask_of`: the ask of each hit.
    """

    songs: Sequence[str]
    names: Sequence[str]
    song_of: Ints
    masked: Flags
    degradation: Sequence[str]
    length_s: Floats
    ask_of: Ints
    hit_song: Ints
    features: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.song_of)

    @cached_property
    def right(self) -> Flags:
        """Of each hit: whether it is the song that was asked for."""
        return np.asarray(~self.masked[self.ask_of] & (self.hit_song == self.song_of[self.ask_of]))

    @cached_property
    def rank(self) -> Ints:
        """Of each hit: its place among those of its ask, 0 for the likeliest."""
        starts = np.searchsorted(self.ask_of, np.arange(len(self)))
        return np.asarray(np.arange(self.ask_of.size) - starts[self.ask_of])

    def columns(self) -> Mapping[str, Floats]:
        """Feature -> its values, one a hit."""
        return columns(self.names, self.features)

    def of_songs(self, chosen: Flags) -> "Asks":
        """Only the asks of these songs (a flag for each of `songs`)."""
        kept = chosen[self.song_of]
        return self._only(kept, kept[self.ask_of])

    def without_relatives(self, kin: Kin) -> "Asks":
        """Hits that are related to the song asked for are neither right nor wrong: they are left out."""
        number = {song: i for i, song in enumerate(self.songs)}
        related = np.zeros((len(self.songs), len(self.songs)), bool)
        for i, song in enumerate(self.songs):
            related[i, [number[other] for other in kin.of(song) if other in number]] = True
        return self._only(np.ones(len(self), bool), ~related[self.song_of[self.ask_of], self.hit_song])

    def _only(self, asks: Flags, hits: Flags) -> "Asks":
        new = np.cumsum(asks) - 1
        return Asks(
            self.songs,
            self.names,
            self.song_of[asks],
            self.masked[asks],
            [d for d, kept in zip(self.degradation, asks, strict=True) if kept],
            self.length_s[asks],
            new[self.ask_of[hits]],
            self.hit_song[hits],
            self.features[hits],
        )


def columns(names: Sequence[str], features: NDArray[np.float32]) -> Mapping[str, Floats]:
    """Name -> its column, from features of shape (n, names)."""
    return {name: features[:, i].astype(np.float64) for i, name in enumerate(names)}
