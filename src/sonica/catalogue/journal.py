"""`feed.log`: one line of JSON for each change of the catalogue, in the order of the database, for readers.

Line n is change n of the database, which writes nothing else; what the file lacks is appended by the next
writer. Whoever reads needs no database, and reads only what was appended since.

    {"version":2,"pack":"000001.pack",...,"crc":"1f2e3d4c"}

`crc` is the CRC-32 (hexadecimal) of the line up to and without `,"crc"`. A crash while the last
line is written leaves it cut off or garbled: readers pass over it and the next writer cuts it
away. A bad line anywhere else is damage, and said so.
"""

import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from sonica.catalogue.errors import REFEED, CatalogueError
from sonica.catalogue.schemas import Commit
from sonica.platform.files import sync_folder

Kind = TypeVar("Kind", bound=Commit)

_CRC = b',"crc":"'


class Journal(NamedTuple):
    """What a journal says: commits, and the length in bytes of all its lines up to the last of them."""

    commits: list[Commit]
    length: int


class Lines(NamedTuple):
    """The same, before anybody looked into them: each a JSON object, whole and without its `crc`."""

    bodies: list[bytes]
    length: int


def read_journal(path: Path, since: int = 0) -> Journal:
    """The commits behind the first `since` bytes, which are whole lines; none where there is no journal.

    Raises CatalogueError.
    """
    lines = read_lines(path, since)
    return Journal([parsed(Commit, body, path) for body in lines.bodies], lines.length)


def read_lines(path: Path, since: int = 0) -> Lines:
    """What `read_journal` makes its commits of. Raises CatalogueError."""
    try:
        with path.open("rb") as file:
            file.seek(since)
            data = file.read()
    except FileNotFoundError:
        return Lines([], 0)
    except OSError as error:
        raise CatalogueError(
            "not_readable", f"{path} could not be read ({error.strerror}).", "Check who may read it."
        ) from error
    bodies: list[bytes] = []
    length = 0
    for line in _lines(data):
        body = _body(line)
        if body is None:
            if length + len(line) < len(data):
                place = f"The line at byte {since + length:,} of {path}"
                raise CatalogueError("damaged", f"{place} is damaged.", REFEED)
            break  # the last line: torn by a crash, as if it had never been written
        bodies.append(body)
        length += len(line)
    return Lines(bodies, since + length)


def parsed(kind: type[Kind], body: bytes, path: Path) -> Kind:
    """A line of `path` as a commit, or as less of it. Raises CatalogueError (`newer`)."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:  # whole, but not as this version writes it
        raise CatalogueError(
            "newer",
            f"{path} was written by another version of Sonica.",
            "Update Sonica, or choose another SONICA_HOME.",
        ) from error


def append_commits(path: Path, commits: Iterable[Commit], length: int) -> int:
    """Writes more commits after the first `length` bytes; returns the new length. Hold the lock.

    When this returns they are on the disk; when it raises OSError the journal is as before.
    """
    is_new = not path.exists()
    lines = b"".join(map(encode, commits))
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        file.truncate(length)
        file.seek(length)
        rest = memoryview(lines)
        try:
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(length)
            raise
    if is_new:
        sync_folder(path.parent)
    return length + len(lines)


def encode(commit: Commit) -> bytes:
    """The line of a commit."""
    told = body(commit)[:-1]
    return told + _CRC + f"{zlib.crc32(told):08x}".encode() + b'"}\n'


def body(commit: Commit) -> bytes:
    """A commit as a JSON object. What is as it would be anyway is left out."""
    told = commit.model_dump_json(exclude_defaults=True).encode()[1:-1]
    return b'{"version":%d%s%s}' % (commit.version, b"," if told else b"", told)


def _lines(data: bytes) -> Iterator[bytes]:
    begin = 0
    while begin < len(data):
        end = data.find(b"\n", begin) + 1 or len(data)
        yield data[begin:end]
        begin = end


def _body(line: bytes) -> bytes | None:
    """The object without its `crc`; None where the line is not as it was written."""
    told, mark, rest = line.rpartition(_CRC)
    is_whole = mark and rest == f"{zlib.crc32(told):08x}".encode() + b'"}\n'
    return told + b"}" if is_whole else None
