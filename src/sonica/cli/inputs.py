"""What commands read beside audio files: standard input, fingerprints, and packs."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sonica import _engine
from sonica.audio import AudioError, Limits
from sonica.platform.errors import SonicaError

MAGIC = b"SNF"
"""How a fingerprint begins."""
MOST_BYTES = 64 << 20
"""A fingerprint of a few hours is a few megabytes."""


@contextmanager
def on_disk(stream: BinaryIO) -> Iterator[Path]:
    """All of a stream as a file, which is gone afterwards. Raises AudioError."""
    with tempfile.NamedTemporaryFile(prefix="sonica-") as file:
        try:
            while piece := stream.read(1 << 20):
                file.write(piece)
                if file.tell() > Limits().bytes:
                    raise AudioError("too_large", f"More than {Limits().bytes >> 20:,} MB came in.")
            file.flush()
        except OSError as error:
            raise AudioError("unreadable", f"What came in could not be kept ({error.strerror}).") from error
        yield Path(file.name)


def read_if_fingerprint(path: Path) -> bytes | None:
    """The bytes of a fingerprint; None for any other file, and for one that cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        with path.open("rb") as file:
            begin = file.read(len(MAGIC))
            return begin + file.read() if begin == MAGIC else None
    except OSError:
        return None


def open_pack(file: Path) -> _engine.Pack:
    """A pack that somebody names. Raises SonicaError."""
    try:
        return _engine.Pack.open(file)
    except _engine.EngineError as error:
        raise SonicaError(error.code, f"{file}: {error.message}.", "Fetch or make the pack again.") from error
    except OSError as error:
        message = f"{file} could not be read ({error.strerror})."
        raise SonicaError("unreadable", message, "Check the spelling of the path.") from error
