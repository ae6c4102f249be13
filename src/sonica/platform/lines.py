"""Files that grow by whole lines, also when the process that writes them is killed in the midst of one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sonica.platform.errors import SonicaError

TAIL = 1 << 16
"""Bytes at the end of a file in which the last lines are looked for."""


class LinesError(SonicaError):
    """Codes: `log_unusable`, `log_other`."""


class LineFile:
    """Lines at the end of a file, each synced before `append` returns; several programs may write to it.

    `begin`: how the file begins; `header`: that this is its first line, written where the file is empty. A
    half line that a crash left is taken away, but of a file that begins otherwise nothing is touched. Raises
    LinesError, here and in the methods.
    """

    def __init__(self, path: Path, begin: str, *, header: bool = False) -> None:
        self._path = path
        self._begin = f"{begin}\n".encode() if header else begin.encode()
        with self._opened() as file:
            if header and file.read(1) == b"":
                self._write(file, begin)

    def append(self, line: str) -> None:
        """Writes a line, which has no end of line in it."""
        with self._opened() as file:
            self._write(file, line)

    def ends_with(self, text: str) -> bool:
        """Whether the text is in one of the last lines."""
        with self._opened() as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            return text.encode() in file.read()

    def _write(self, file: BinaryIO, line: str) -> None:
        file.seek(0, os.SEEK_END)
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """The file, at its beginning; it ends with a whole line, and nobody else writes to it meanwhile."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            with os.fdopen(descriptor, "r+b") as file:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                begin = file.read(len(self._begin))
                if not self._begin.startswith(begin):
                    said = f"{self._path} holds something else than this log."
                    raise LinesError("log_other", said, "Name another file, or move that one away.")
                _mend(file)
                file.seek(0)
                yield file
        except OSError as error:
            said = f"{self._path} could not be written ({error.strerror})."
            hint = "Check that the folder is there, that you may write to it, and that the disk is not full."
            raise LinesError("log_unusable", said, hint) from error


def _mend(file: BinaryIO) -> None:
    """Takes away what follows the last end of a line."""
    end = size = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - TAIL)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if end < size:
        file.truncate(end)
