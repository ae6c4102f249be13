"""Which state of the catalogue this is: told without a database, the same to all who see the same songs."""

import hashlib
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sonica.catalogue.errors import CatalogueError

PIECE = 1 << 20


class _Mark(NamedTuple):
    """Of the feed: which file it is, its bytes, when it was changed."""

    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "_Mark":
        return cls(status.st_ino, status.st_size, status.st_mtime_ns)


class Edition:
    """A digest of the feed, which is another one after each change. Safe to use from several threads.

    `logs`: where the feed may be. Only what was appended since is read.
    """

    def __init__(self, logs: Sequence[Path]) -> None:
        self._logs = logs
        self._lock = threading.Lock()
        self._hash = hashlib.sha256()
        self._told = _Mark(0, 0, 0), self._hash.hexdigest()

    def glance(self) -> str | None:
        """It, where the feed has not changed since it was read; that costs microseconds."""
        mark, digest = self._told
        return digest if self._find()[1] == mark else None

    def read(self) -> str:
        """It. Raises CatalogueError."""
        with self._lock:
            log, mark = self._find()
            if mark != self._told[0]:
                try:
                    self._told = self._read(log)
                except OSError as error:
                    self._hash, self._told = hashlib.sha256(), (_Mark(-1, -1, -1), "")
                    said = f"{log} could not be read ({error.strerror})."
                    raise CatalogueError("not_readable", said, "Check who may read it.") from error
            return self._told[1]

    def _find(self) -> tuple[Path, _Mark]:
        for log in self._logs:
            with suppress(OSError):
                return log, _Mark.of(log.stat())
        return self._logs[0], _Mark(0, 0, 0)

    def _read(self, log: Path) -> tuple[_Mark, str]:
        before = self._told[0]
        try:
            file = log.open("rb")
        except FileNotFoundError:
            self._hash = hashlib.sha256()
            return _Mark(0, 0, 0), self._hash.hexdigest()
        with file:
            mark = _Mark.of(os.fstat(file.fileno()))
            place = before.size if mark.inode == before.inode and mark.size > before.size else 0
            if place == 0:
                self._hash = hashlib.sha256()
            file.seek(place)
            while place < mark.size and (piece := file.read(min(PIECE, mark.size - place))):
                self._hash.update(piece)
                place += len(piece)
        return mark, self._hash.hexdigest()
