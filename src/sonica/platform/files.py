"""Files that are either wholly there or not at all, whatever happens while they are written."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TEMPORARY_PREFIX = ".writing-"


def shown_path(path: str | os.PathLike[str]) -> str:
    """A path as valid Unicode; bytes of a name that are no UTF-8 are written out in hexadecimal."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def end_of_name(name: str, characters: int) -> str:
    """The end of a name, which says the format: at most so many characters, and 200 bytes of the 255 that a
    file may have.
    """
    end = name[-characters:]
    while len(os.fsencode(end)) > 200:
        end = end[1:]
    return end


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a power cut, as fsync does for the bytes of a file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, which takes its place when the block ends without an error.

    The temporary name has the same suffix. The bytes are synced before the rename and the folder
    after it: a crash at any point leaves the old file or the new one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}{path.suffix}")
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_atomically(path: Path, data: bytes) -> None:
    """Writes `data` as the whole of `path`, or leaves what was there."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Waits for, and holds, a lock that at most one process (and thread) has at a time.

    The kernel lets go of it when the process dies, so a crash leaves no stale lock behind.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def lock_if_free(path: Path) -> Iterator[bool]:
    """The same lock, but without waiting: whether it is held now, and not by another."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        except BlockingIOError:
            is_ours = False
        yield is_ours
    finally:
        os.close(descriptor)


def write_new(files: Mapping[Path, bytes]) -> None:
    """Writes many files that nobody reads yet, and syncs them and their folders. Raises OSError."""
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    for folder in {path.parent for path in files}:
        sync_folder(folder)
