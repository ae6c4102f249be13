"""The bytes of a file that somebody names, which may be anything."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sonica.audio.errors import AudioError
from sonica.audio.limits import LIMITS, Limits

Source = str | os.PathLike[str] | BinaryIO
"""A path, or an open binary file that can seek."""


@contextmanager
def open_file(source: Source, limits: Limits = LIMITS) -> Iterator[BinaryIO]:
    """The bytes of `source` from the first on, neither none nor too many. Raises AudioError."""
    with _binary(source) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size == 0:
            raise AudioError("empty", "The file is empty.")
        if size > limits.bytes:
            raise AudioError(
                "too_large",
                f"The file has {size / 1e6:,.0f} MB, more than the {limits.bytes / 1e6:,.0f} allowed.",
            )
        yield file


@contextmanager
def _binary(source: Source) -> Iterator[BinaryIO]:
    if not isinstance(source, str | os.PathLike):
        yield source
        return
    try:
        file = _open_regular(source)
    except FileNotFoundError:
        raise AudioError("not_found", "There is no such file.") from None
    except PermissionError as error:
        raise AudioError("unreadable", "The file may not be read.", "Check its permissions.") from error
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ELOOP:
            raise AudioError(
                "not_found", "The link leads round in a circle.", "Name the file itself."
            ) from None
        reason = getattr(error, "strerror", None) or str(error)
        raise AudioError("unreadable", f"The file could not be opened ({reason}).") from error
    with file:
        yield file


def _open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Opens a file, and neither a folder, a pipe nor a device.

    Asked before, since opening a pipe that nobody writes to would wait for ever and opening a device
    may do something; and once more afterwards, for it may have become another meanwhile.
    """
    _only_regular(Path(path).stat())
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    file = os.fdopen(descriptor, "rb")
    try:
        _only_regular(os.fstat(descriptor))
    except AudioError:
        file.close()
        raise
    return file


def _only_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise AudioError("not_a_file", "This is a folder or a device, not a file.")
