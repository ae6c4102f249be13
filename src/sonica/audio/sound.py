"""What is handed about of a sound. Light: who only passes it on loads no decoder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sonica.audio.limits import LIMITS, Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Path = str | os.PathLike[str]


@dataclass(frozen=True)
class Audio:
    """A whole clip. `samples`: float32 in [-1, 1], shape (n,), n > 0, all finite; `rate` in Hz."""

    samples: NDArray[np.float32]
    rate: int

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


@dataclass(frozen=True)
class Stream:
    """A clip as it is being decoded: `rate` in Hz, and `blocks` of mono float32, each shape (n,).

    `seconds`: how long the file says that it is, if it does; it may be wrong.
    """

    rate: int
    blocks: Iterator[NDArray[np.float32]]
    seconds: float | None = None


@dataclass(frozen=True)
class Cover:
    """An image that came with a file: its bytes as they are, and their MIME type."""

    data: bytes
    mime: str


@dataclass(frozen=True)
class Tags:
    """Title, artist and so on; empty, 0 or None where the file does not say.

    `language`: a tag of BCP 47, `hi` or `bho`; `isrc`: twelve characters. Several artists or genres
    are one text, each once and in the order of the file: `Kalpana, Pawan Singh`.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    language: str = ""
    genre: str = ""
    year: int = 0
    isrc: str = ""
    cover: Cover | None = None


@dataclass(frozen=True)
class Heard:
    """What is known of a file once it was heard. `fingerprint`: the engine's, of `duration_s` of sound."""

    fingerprint: bytes
    duration_s: float
    tags: Tags
    decoding_s: float = 0.0
    fingerprinting_s: float = 0.0
    """Wall time that each took."""


class Listen(Protocol):
    """`listen`, here or in a process of its own (`Sandbox.listen`)."""

    def __call__(
        self,
        path: Path,
        limits: Limits = LIMITS,
        *,
        first: float | None = None,
        with_cover: bool = False,
    ) -> Heard:
        """What is in the file at `path`, or in its `first` seconds. Raises AudioError."""
