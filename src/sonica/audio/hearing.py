"""One door for all who want to know a file: its fingerprint, its length and its tags."""

import time
from collections.abc import Callable

from sonica import _engine
from sonica.audio.errors import AudioError, AudioErrorCode
from sonica.audio.limits import LIMITS, Limits
from sonica.audio.sound import Heard, Path


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
    # Whoever names this as the way to listen may never use it.
    from sonica.audio.decoder import out_of_memory, stream_of  # noqa: PLC0415
    from sonica.audio.tags import opened_with_tags  # noqa: PLC0415

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
