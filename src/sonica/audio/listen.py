"""One door for all who want to know a file: its fingerprint, its length and its tags."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sonica import _engine
from sonica.audio.decode import out_of_memory, stream_of
from sonica.audio.errors import AudioError, AudioErrorCode
from sonica.audio.limits import LIMITS, Limits
from sonica.audio.tags import Tags, opened_with_tags

Path = str | os.PathLike[str]


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


def listen(
    path: Path,
    limits: Limits = LIMITS,
    *,
    first: float | None = None,
    with_cover: bool = False,
    on_block: Callable[[], None] = lambda: None,
) -> Heard:
    """Decodes and fingerprints the file at `path`, or its `first` seconds, and reads its tags.

    In flat memory however long it is, and the file is opened once. `on_block` is called after every
    second of sound or so. Raises AudioError.
    """
    begun = time.perf_counter()
    engine, count = 0.0, 0
    try:
        with opened_with_tags(path, limits, with_cover=with_cover) as (container, tags):
            stream = stream_of(container, limits, first=first)
            fingerprinter = _engine.Fingerprinter(stream.rate)
            for block in stream.blocks:
                count += len(block)
                pushing = time.perf_counter()
                fingerprinter.push(block)
                engine += time.perf_counter() - pushing
                on_block()
            pushing = time.perf_counter()
            fingerprint = fingerprinter.finish()
            engine += time.perf_counter() - pushing
    except _engine.EngineError as error:
        # The limits may be wider than what the engine takes.
        code: AudioErrorCode = "rate" if error.code == "rate" else "too_long"
        raise AudioError(code, f"The engine cannot hear this sound ({error.message}).") from error
    except MemoryError as error:
        raise out_of_memory() from error
    decoding = time.perf_counter() - begun - engine
    return Heard(fingerprint, count / stream.rate, tags, decoding, engine)
